// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Buffers an image stream and replays its windows, fold by fold.
//
// The image of Height x Width pixels, PixelBeats = Groups * InnerFolds beats each, lies in stream
// order in one circular memory, copied UnrollKh * UnrollKw times for that many reads a cycle.
// For each output pixel (row-major), each group, each repeat, each fold of (kh, kw, inner), one
// window fold leaves a cycle; Passes repeats make a result. Elements outside the image read as
// zero, or as the most negative value when PadLowest is set.
//
// A pixel starts when the stream prefix up to its window's last element is stored and releases
// what no later window needs when it ends. Latency 3 from that beat to the first fold in
// `window_data_o`. Nothing stops a result once it has begun: the first of its folds (`begin_o`)
// waits for `may_begin_i`, a register of the result FIFO. `in_ready_o` depends on registers only.
// The depth (xplat_pkg::window_depth) lets samples follow each other without a bubble.
//
// `fold_en_o` / `fold_addr_o` number the folds of a pixel (the read port of a weight memory whose
// data is then aligned with `window_data_o`).

`include "xplat_assert.svh"

module xplat_window_buffer #(
  parameter int unsigned Lanes = 4,
  parameter int unsigned ElemWidth = 8,
  parameter int unsigned Height = 8,
  parameter int unsigned Width = 8,
  parameter int unsigned OutHeight = 8,
  parameter int unsigned OutWidth = 8,
  parameter int unsigned KernelH = 3,
  parameter int unsigned KernelW = 3,
  parameter int unsigned StrideH = 1,
  parameter int unsigned StrideW = 1,
  parameter int unsigned PadH = 1,
  parameter int unsigned PadW = 1,
  parameter int unsigned UnrollKh = 1,
  parameter int unsigned UnrollKw = 1,
  parameter int unsigned Groups = 1,
  parameter int unsigned Repeats = 1,
  parameter int unsigned Passes = 1,
  parameter int unsigned InnerFolds = 1,
  parameter bit PadLowest = 1'b0,
  localparam int unsigned DataWidth = Lanes * ElemWidth,
  localparam int unsigned Copies = UnrollKh * UnrollKw,
  localparam int unsigned KhFolds = KernelH / UnrollKh,
  localparam int unsigned KwFolds = KernelW / UnrollKw,
  localparam int unsigned PixelFolds = Groups * Repeats * KhFolds * KwFolds * InnerFolds,
  localparam int unsigned FoldAddrWidth = xplat_pkg::addr_width(PixelFolds)
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,

  input  logic                        may_begin_i,
  output logic                        begin_o,

  input  logic                        in_valid_i,
  output logic                        in_ready_o,
  input  logic [DataWidth-1:0]        in_data_i,

  output logic                        fold_en_o,
  output logic [FoldAddrWidth-1:0]    fold_addr_o,

  output logic                        window_valid_o,
  output logic                        window_last_o,
  output logic [Copies*DataWidth-1:0] window_data_o
);

  // ---------------------------------------------------------------------------------------------
  // Constants, in beats unless named otherwise
  // ---------------------------------------------------------------------------------------------

  localparam int unsigned PixelBeats = Groups * InnerFolds;
  localparam int unsigned RowBeats = Width * PixelBeats;
  localparam int unsigned SampleBeats = Height * RowBeats;
  localparam int unsigned Depth = xplat_pkg::window_depth(
      Height, Width, OutHeight, OutWidth, KernelH, KernelW, StrideH, StrideW, PadH, PadW,
      PixelBeats);
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Depth);
  // Beat counts are compared by the sign of their difference, so they may wrap around.
  localparam int unsigned CountWidth = $clog2(SampleBeats + Depth + 1) + 2;
  // Unclamped window positions.
  localparam int unsigned EdgeWidth =
      $clog2((OutHeight * StrideH + OutWidth * StrideW + KernelH + KernelW) * RowBeats + 1) + 2;
  localparam int unsigned PosWidth =
      $clog2(Height + Width + OutHeight * StrideH + OutWidth * StrideW + KernelH + KernelW) + 2;

  // Address steps and the window origin of the first pixel, modulo the depth.
  localparam int unsigned StepInner = 1 % Depth;
  localparam int unsigned StepKw = (UnrollKw * PixelBeats) % Depth;
  localparam int unsigned StepKh = (UnrollKh * RowBeats) % Depth;
  localparam int unsigned StepGroup = InnerFolds % Depth;
  localparam int unsigned StepPixel = (StrideW * PixelBeats) % Depth;
  localparam int unsigned StepRow = (StrideH * RowBeats) % Depth;
  localparam int unsigned StepSample = SampleBeats % Depth;
  localparam int unsigned Origin = (Depth - (PadH * RowBeats + PadW * PixelBeats) % Depth) % Depth;

  // Needed prefix: last window row (in whole rows before it) and last window column.
  localparam int unsigned NeedRowFirst = (KernelH - 1 - PadH) * RowBeats;
  localparam int unsigned NeedRowStep = StrideH * RowBeats;
  localparam int unsigned NeedRowMax = (Height - 1) * RowBeats;
  localparam int unsigned NeedColFirst = (KernelW - PadW) * PixelBeats;
  localparam int unsigned NeedColStep = StrideW * PixelBeats;
  localparam int unsigned NeedColMax = RowBeats;

  function automatic logic [AddrWidth-1:0] add_mod(logic [AddrWidth-1:0] addr,
                                                   logic [AddrWidth-1:0] step);
    logic [AddrWidth:0] sum;
    sum = {1'b0, addr} + {1'b0, step};
    if (sum >= (AddrWidth + 1)'(Depth)) sum = sum - (AddrWidth + 1)'(Depth);
    return sum[AddrWidth-1:0];
  endfunction

  function automatic logic [CountWidth-1:0] clamp_row(logic [EdgeWidth-1:0] value);
    return CountWidth'(value > EdgeWidth'(NeedRowMax) ? EdgeWidth'(NeedRowMax) : value);
  endfunction

  function automatic logic [CountWidth-1:0] clamp_col(logic [EdgeWidth-1:0] value);
    return CountWidth'(value > EdgeWidth'(NeedColMax) ? EdgeWidth'(NeedColMax) : value);
  endfunction

  function automatic logic [CountWidth-1:0] floor_zero(logic signed [EdgeWidth-1:0] value);
    return value < 0 ? '0 : CountWidth'(unsigned'(value));
  endfunction

  // ---------------------------------------------------------------------------------------------
  // Write side
  // ---------------------------------------------------------------------------------------------

  logic [CountWidth-1:0] received_q, limit_q, room;
  logic [AddrWidth-1:0] write_addr_q;
  logic write;

  assign room = received_q - limit_q;
  assign in_ready_o = room[CountWidth-1];
  assign write = in_valid_i & in_ready_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      received_q <= '0;
      write_addr_q <= '0;
    end else if (write) begin
      received_q <= received_q + CountWidth'(1);
      write_addr_q <= add_mod(write_addr_q, AddrWidth'(StepInner));
    end
  end

  // ---------------------------------------------------------------------------------------------
  // Loop nest, outermost first: row, pixel, group, repeat, kh, kw, inner
  // ---------------------------------------------------------------------------------------------

  localparam int unsigned RowCntWidth = xplat_pkg::addr_width(OutHeight);
  localparam int unsigned PixelCntWidth = xplat_pkg::addr_width(OutWidth);
  localparam int unsigned GroupCntWidth = xplat_pkg::addr_width(Groups);
  localparam int unsigned RepeatCntWidth = xplat_pkg::addr_width(Repeats);
  localparam int unsigned KhCntWidth = xplat_pkg::addr_width(KhFolds);
  localparam int unsigned KwCntWidth = xplat_pkg::addr_width(KwFolds);
  localparam int unsigned InnerCntWidth = xplat_pkg::addr_width(InnerFolds);

  logic [RowCntWidth-1:0] row_cnt_q;
  logic [PixelCntWidth-1:0] pixel_cnt_q;
  logic [GroupCntWidth-1:0] group_cnt_q;
  logic [RepeatCntWidth-1:0] repeat_cnt_q;
  logic [KhCntWidth-1:0] kh_cnt_q;
  logic [KwCntWidth-1:0] kw_cnt_q;
  logic [InnerCntWidth-1:0] inner_cnt_q;
  logic [FoldAddrWidth-1:0] fold_cnt_q;

  logic end_inner, end_kw, end_kh, end_repeat, end_group, end_pixel, end_row;
  logic end_result, begins_q, ready_to_go, step;

  assign end_inner = inner_cnt_q == InnerCntWidth'(InnerFolds - 1);
  assign end_kw = end_inner & (kw_cnt_q == KwCntWidth'(KwFolds - 1));
  assign end_kh = end_kw & (kh_cnt_q == KhCntWidth'(KhFolds - 1));
  assign end_repeat = end_kh & (repeat_cnt_q == RepeatCntWidth'(Repeats - 1));
  assign end_group = end_repeat & (group_cnt_q == GroupCntWidth'(Groups - 1));
  assign end_pixel = end_group & (pixel_cnt_q == PixelCntWidth'(OutWidth - 1));
  assign end_row = end_pixel & (row_cnt_q == RowCntWidth'(OutHeight - 1));

  assign step = ready_to_go & (may_begin_i | ~begins_q);
  assign begin_o = step & begins_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      row_cnt_q <= '0;
      pixel_cnt_q <= '0;
      group_cnt_q <= '0;
      repeat_cnt_q <= '0;
      kh_cnt_q <= '0;
      kw_cnt_q <= '0;
      inner_cnt_q <= '0;
      fold_cnt_q <= '0;
      begins_q <= 1'b1;
    end else if (step) begin
      begins_q <= end_result;
      inner_cnt_q <= end_inner ? '0 : inner_cnt_q + InnerCntWidth'(1);
      if (end_inner) kw_cnt_q <= end_kw ? '0 : kw_cnt_q + KwCntWidth'(1);
      if (end_kw) kh_cnt_q <= end_kh ? '0 : kh_cnt_q + KhCntWidth'(1);
      if (end_kh) repeat_cnt_q <= end_repeat ? '0 : repeat_cnt_q + RepeatCntWidth'(1);
      if (end_repeat) group_cnt_q <= end_group ? '0 : group_cnt_q + GroupCntWidth'(1);
      if (end_group) pixel_cnt_q <= end_pixel ? '0 : pixel_cnt_q + PixelCntWidth'(1);
      if (end_pixel) row_cnt_q <= end_row ? '0 : row_cnt_q + RowCntWidth'(1);
      fold_cnt_q <= end_group ? '0 : fold_cnt_q + FoldAddrWidth'(1);
    end
  end

  // A result ends with the last of its passes over the window.
  if (Passes > 1) begin : gen_passes
    localparam int unsigned PassCntWidth = xplat_pkg::addr_width(Passes);
    logic [PassCntWidth-1:0] pass_cnt_q;
    logic end_pass;

    assign end_pass = pass_cnt_q == PassCntWidth'(Passes - 1);
    assign end_result = end_kh & end_pass;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) pass_cnt_q <= '0;
      else if (step & end_kh) pass_cnt_q <= end_pass ? '0 : pass_cnt_q + PassCntWidth'(1);
    end
  end else begin : gen_one_pass
    assign end_result = end_kh;
  end

  // ---------------------------------------------------------------------------------------------
  // Read address of the window fold: where each loop level starts, plus one step
  // ---------------------------------------------------------------------------------------------

  logic [AddrWidth-1:0] inner_addr_q, kw_addr_q, kh_addr_q, group_addr_q;
  logic [AddrWidth-1:0] pixel_addr_q, row_addr_q, sample_addr_q;
  logic [AddrWidth-1:0] level_addr, level_step, next_addr;

  always_comb begin
    level_addr = inner_addr_q;
    level_step = AddrWidth'(StepInner);
    if (end_row) begin
      level_addr = sample_addr_q;
      level_step = AddrWidth'(StepSample);
    end else if (end_pixel) begin
      level_addr = row_addr_q;
      level_step = AddrWidth'(StepRow);
    end else if (end_group) begin
      level_addr = pixel_addr_q;
      level_step = AddrWidth'(StepPixel);
    end else if (end_repeat) begin
      level_addr = group_addr_q;
      level_step = AddrWidth'(StepGroup);
    end else if (end_kh) begin
      level_addr = group_addr_q;
      level_step = '0;
    end else if (end_kw) begin
      level_addr = kh_addr_q;
      level_step = AddrWidth'(StepKh);
    end else if (end_inner) begin
      level_addr = kw_addr_q;
      level_step = AddrWidth'(StepKw);
    end
  end

  assign next_addr = add_mod(level_addr, level_step);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      inner_addr_q <= AddrWidth'(Origin);
      kw_addr_q <= AddrWidth'(Origin);
      kh_addr_q <= AddrWidth'(Origin);
      group_addr_q <= AddrWidth'(Origin);
      pixel_addr_q <= AddrWidth'(Origin);
      row_addr_q <= AddrWidth'(Origin);
      sample_addr_q <= AddrWidth'(Origin);
    end else if (step) begin
      inner_addr_q <= next_addr;
      if (end_inner) kw_addr_q <= next_addr;
      if (end_kw) kh_addr_q <= next_addr;
      if (end_repeat) group_addr_q <= next_addr;
      if (end_group) pixel_addr_q <= next_addr;
      if (end_pixel) row_addr_q <= next_addr;
      if (end_row) sample_addr_q <= next_addr;
    end
  end

  // ---------------------------------------------------------------------------------------------
  // Needed prefix and release of the pixel, in beats since reset
  // ---------------------------------------------------------------------------------------------

  // `need` and `free` are row part (absolute) plus column part; the *_next registers hold the
  // unclamped value of the following row or column, relative to the sample.
  logic [CountWidth-1:0] sample_base_q, sample_base_d;
  logic [CountWidth-1:0] need_row_q, free_row_q, need, free, need_gap;
  logic [CountWidth-1:0] need_col_q, free_col_q;
  logic [EdgeWidth-1:0] need_row_next_q, need_col_next_q;
  logic signed [EdgeWidth-1:0] free_row_next_q, free_col_next_q;
  logic above_q;

  localparam logic signed [EdgeWidth-1:0] FreeRowFirst = -EdgeWidth'(PadH * RowBeats);
  localparam logic signed [EdgeWidth-1:0] FreeColFirst = -EdgeWidth'(PadW * PixelBeats);

  assign sample_base_d = end_row ? sample_base_q + CountWidth'(SampleBeats) : sample_base_q;
  assign need = need_row_q + need_col_q;
  assign free = above_q ? free_row_q : free_row_q + free_col_q;
  assign need_gap = received_q - need;
  assign ready_to_go = ~need_gap[CountWidth-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sample_base_q <= '0;
      need_row_q <= clamp_row(EdgeWidth'(NeedRowFirst));
      need_row_next_q <= EdgeWidth'(NeedRowFirst + NeedRowStep);
      free_row_q <= '0;
      free_row_next_q <= FreeRowFirst + EdgeWidth'(NeedRowStep);
      above_q <= PadH > 0;
      need_col_q <= clamp_col(EdgeWidth'(NeedColFirst));
      need_col_next_q <= EdgeWidth'(NeedColFirst + NeedColStep);
      free_col_q <= '0;
      free_col_next_q <= FreeColFirst + EdgeWidth'(NeedColStep);
    end else if (step) begin
      if (end_row) begin
        sample_base_q <= sample_base_d;
        need_row_q <= sample_base_d + clamp_row(EdgeWidth'(NeedRowFirst));
        need_row_next_q <= EdgeWidth'(NeedRowFirst + NeedRowStep);
        free_row_q <= sample_base_d;
        free_row_next_q <= FreeRowFirst + EdgeWidth'(NeedRowStep);
        above_q <= PadH > 0;
      end else if (end_pixel) begin
        need_row_q <= sample_base_q + clamp_row(need_row_next_q);
        need_row_next_q <= need_row_next_q + EdgeWidth'(NeedRowStep);
        free_row_q <= sample_base_q + floor_zero(free_row_next_q);
        free_row_next_q <= free_row_next_q + EdgeWidth'(NeedRowStep);
        above_q <= free_row_next_q < 0;
      end
      if (end_pixel) begin
        need_col_q <= clamp_col(EdgeWidth'(NeedColFirst));
        need_col_next_q <= EdgeWidth'(NeedColFirst + NeedColStep);
        free_col_q <= '0;
        free_col_next_q <= FreeColFirst + EdgeWidth'(NeedColStep);
      end else if (end_group) begin
        need_col_q <= clamp_col(need_col_next_q);
        need_col_next_q <= need_col_next_q + EdgeWidth'(NeedColStep);
        free_col_q <= floor_zero(free_col_next_q);
        free_col_next_q <= free_col_next_q + EdgeWidth'(NeedColStep);
      end
    end
  end

  // The limit follows the pixel whose reads have reached the memory, so no pending read is lost.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) limit_q <= CountWidth'(Depth);
    else limit_q <= free + CountWidth'(Depth);
  end

  // ---------------------------------------------------------------------------------------------
  // Image position of the window fold, for padding
  // ---------------------------------------------------------------------------------------------

  localparam bit MaskRows =
      PadH > 0 || (OutHeight - 1) * StrideH + KernelH > Height + PadH;
  localparam bit MaskCols =
      PadW > 0 || (OutWidth - 1) * StrideW + KernelW > Width + PadW;

  logic [UnrollKh-1:0] row_inside;
  logic [UnrollKw-1:0] col_inside;

  if (MaskRows) begin : gen_row_position
    localparam logic signed [PosWidth-1:0] First = -PosWidth'(PadH);
    logic signed [PosWidth-1:0] pixel_row_d, pixel_row_q, kh_row_q;
    assign pixel_row_d =
        end_row ? First : (end_pixel ? pixel_row_q + PosWidth'(StrideH) : pixel_row_q);
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        pixel_row_q <= First;
        kh_row_q <= First;
      end else if (step) begin
        pixel_row_q <= pixel_row_d;
        if (end_kh) kh_row_q <= pixel_row_d;
        else if (end_kw) kh_row_q <= kh_row_q + PosWidth'(UnrollKh);
      end
    end
    for (genvar i = 0; i < UnrollKh; i++) begin : gen_inside
      logic signed [PosWidth-1:0] row;
      assign row = kh_row_q + PosWidth'(i);
      assign row_inside[i] = ~row[PosWidth-1] & (row < PosWidth'(Height));
    end
  end else begin : gen_no_row_position
    assign row_inside = '1;
  end

  if (MaskCols) begin : gen_col_position
    localparam logic signed [PosWidth-1:0] First = -PosWidth'(PadW);
    logic signed [PosWidth-1:0] pixel_col_d, pixel_col_q, kw_col_q;
    assign pixel_col_d =
        end_pixel ? First : (end_group ? pixel_col_q + PosWidth'(StrideW) : pixel_col_q);
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        pixel_col_q <= First;
        kw_col_q <= First;
      end else if (step) begin
        pixel_col_q <= pixel_col_d;
        if (end_kw) kw_col_q <= pixel_col_d;
        else if (end_inner) kw_col_q <= kw_col_q + PosWidth'(UnrollKw);
      end
    end
    for (genvar j = 0; j < UnrollKw; j++) begin : gen_inside
      logic signed [PosWidth-1:0] col;
      assign col = kw_col_q + PosWidth'(j);
      assign col_inside[j] = ~col[PosWidth-1] & (col < PosWidth'(Width));
    end
  end else begin : gen_no_col_position
    assign col_inside = '1;
  end

  // ---------------------------------------------------------------------------------------------
  // Stage 1: addresses; stage 2: memory data
  // ---------------------------------------------------------------------------------------------

  logic valid1_q, valid2_q, last1_q, last2_q;
  logic [FoldAddrWidth-1:0] fold_addr_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid1_q <= 1'b0;
      valid2_q <= 1'b0;
    end else begin
      valid1_q <= step;
      valid2_q <= valid1_q;
    end
  end

  always_ff @(posedge clk_i) begin
    fold_addr_q <= fold_cnt_q;
    last1_q <= end_result;
    last2_q <= last1_q;
  end

  for (genvar i = 0; i < UnrollKh; i++) begin : gen_kh
    for (genvar j = 0; j < UnrollKw; j++) begin : gen_kw
      localparam int unsigned Offset = (i * RowBeats + j * PixelBeats) % Depth;
      logic [DataWidth-1:0] mem [Depth];
      logic [DataWidth-1:0] read_q;
      logic [AddrWidth-1:0] read_addr_q;
      logic inside1_q, inside2_q;

      always_ff @(posedge clk_i) begin
        if (write) mem[write_addr_q] <= in_data_i;
        read_q <= mem[read_addr_q];
      end

      always_ff @(posedge clk_i) begin
        read_addr_q <= add_mod(inner_addr_q, AddrWidth'(Offset));
        inside1_q <= row_inside[i] & col_inside[j];
        inside2_q <= inside1_q;
      end

      assign window_data_o[(i * UnrollKw + j) * DataWidth +: DataWidth] =
          inside2_q ? read_q : {Lanes{PadLowest, {(ElemWidth - 1) {1'b0}}}};
    end
  end

  assign fold_en_o = valid1_q;
  assign fold_addr_o = fold_addr_q;
  assign window_valid_o = valid2_q;
  assign window_last_o = last2_q;

  `XPLAT_CHECK_PARAM(Extents, Height >= 1 && Width >= 1 && OutHeight >= 1 && OutWidth >= 1)
  `XPLAT_CHECK_PARAM(Strides, StrideH >= 1 && StrideW >= 1)
  `XPLAT_CHECK_PARAM(PadH, PadH < KernelH)
  `XPLAT_CHECK_PARAM(PadW, PadW < KernelW)
  `XPLAT_CHECK_PARAM(LastRow, (OutHeight - 1) * StrideH < Height + PadH)
  `XPLAT_CHECK_PARAM(LastCol, (OutWidth - 1) * StrideW < Width + PadW)
  `XPLAT_CHECK_PARAM(Passes, Passes >= 1 && (Repeats / Passes) * Passes == Repeats)
  `XPLAT_CHECK_PARAM(UnrollKh, KhFolds * UnrollKh == KernelH)
  `XPLAT_CHECK_PARAM(UnrollKw, KwFolds * UnrollKw == KernelW)
  `XPLAT_CHECK_PARAM(ElemWidth, ElemWidth >= 2)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

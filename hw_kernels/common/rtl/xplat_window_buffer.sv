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
// what no later window needs when it ends. Latency 5 from that beat to the first fold in
// `window_data_o`. Nothing stops a result once it has begun: the first of its folds (`begin_o`)
// waits for `may_begin_i`, a register of the result FIFO. `in_ready_o` is a register, and so is
// what lets a pixel start: both look one beat ahead. The depth (xplat_pkg::window_depth) lets samples follow each other without a bubble.
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
  // Of differences between beat counts.
  localparam int unsigned CountWidth = $clog2(SampleBeats + Depth + 1) + 2;
  // Unclamped window positions.
  localparam int unsigned PosWidth =
      $clog2(Height + Width + OutHeight * StrideH + OutWidth * StrideW + KernelH + KernelW) + 2;

  typedef logic signed [CountWidth-1:0] count_t;
  typedef logic [AddrWidth-1:0] addr_t;
  typedef logic signed [PosWidth-1:0] pos_t;

  // Needed prefix of the first pixel.
  localparam int unsigned NeedRowFirst =
      xplat_pkg::umin((KernelH - 1 - PadH) * RowBeats, (Height - 1) * RowBeats);
  localparam int unsigned NeedColFirst =
      xplat_pkg::umin((KernelW - PadW) * PixelBeats, RowBeats);

  // From one fold to the next, the address and the position in the image move by a constant that
  // only the outermost loop level that ends tells.
  localparam int RowStep = int'(StrideH * RowBeats);
  localparam int ColStep = int'(StrideW * PixelBeats);
  localparam int KhStep = int'(UnrollKh * RowBeats);
  localparam int KwStep = int'(UnrollKw * PixelBeats);
  localparam int JumpKw = KwStep - int'(InnerFolds - 1);
  localparam int JumpKh = KhStep - int'(KwFolds - 1) * KwStep - int'(InnerFolds - 1);
  localparam int JumpRepeat = JumpKh - int'(KhFolds) * KhStep;
  localparam int JumpGroup = JumpRepeat + int'(InnerFolds);
  localparam int JumpPixel = JumpRepeat - int'((Groups - 1) * InnerFolds) + ColStep;
  localparam int JumpRow = JumpPixel - int'(OutWidth) * ColStep + RowStep;
  localparam int JumpSample = JumpRow - int'(OutHeight) * RowStep + int'(SampleBeats);

  function automatic addr_t wrap(int distance);
    int rest = distance % int'(Depth);
    return addr_t'(rest < 0 ? rest + int'(Depth) : rest);
  endfunction

  // The sum modulo the depth: both candidates at once, one of them by a sign.
  function automatic addr_t add_mod(addr_t addr, addr_t step, logic [AddrWidth:0] step_less);
    logic [AddrWidth:0] less;
    less = {1'b0, addr} + step_less;
    return less[AddrWidth] ? addr + step : less[AddrWidth-1:0];
  endfunction

  function automatic logic [AddrWidth:0] less_depth(addr_t step);
    return {1'b0, step} - (AddrWidth + 1)'(Depth);
  endfunction

  // `a + b` or, with `one`, one more, in one carry chain.
  function automatic count_t add_carry(count_t a, count_t b, logic one);
    return count_t'(({a, 1'b1} + {b, one}) >> 1);
  endfunction

  // ---------------------------------------------------------------------------------------------
  // Room, and whether the current pixel has arrived: differences, looked at one beat ahead
  // ---------------------------------------------------------------------------------------------

  logic write, step, move, begins_q;
  count_t room_q, room_d, gap_q, gap_d, gap_stay, gap_move, need, released, released_q;
  logic in_ready_q, arrived_q;

  assign in_ready_o = in_ready_q;
  assign write = in_valid_i & in_ready_q;

  // Beats beyond the room, negative while there is room. What a pixel releases is seen two cycles
  // after its last step, so no read of it is pending any more.
  assign room_d = add_carry(room_q, released_q, write);

  // Beats received beyond those that the current pixel needs.
  assign gap_stay = add_carry(gap_q, '0, write);
  assign gap_move = add_carry(gap_q, need, write);
  assign gap_d = move ? gap_move : gap_stay;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      room_q <= -count_t'(Depth);
      in_ready_q <= 1'b1;
      released_q <= '0;
      gap_q <= -count_t'(NeedRowFirst + NeedColFirst);
      arrived_q <= 1'b0;
    end else begin
      room_q <= room_d;
      in_ready_q <= room_d[CountWidth-1];
      released_q <= move ? released : '0;
      gap_q <= gap_d;
      arrived_q <= move ? ~gap_move[CountWidth-1] : ~gap_stay[CountWidth-1];
    end
  end

  // ---------------------------------------------------------------------------------------------
  // Loop nest, outermost first: row, pixel, group, repeat, kh, kw, inner
  // ---------------------------------------------------------------------------------------------

  logic last_inner, last_kw, last_kh, last_repeat, last_group, last_pixel, last_row;
  logic end_kw, end_kh, end_repeat, end_group, end_pixel, end_row, end_result;

  assign end_kw = last_inner & last_kw;
  assign end_kh = end_kw & last_kh;
  assign end_repeat = end_kh & last_repeat;
  assign end_group = end_repeat & last_group;
  assign end_pixel = end_group & last_pixel;
  assign end_row = end_pixel & last_row;

  assign step = arrived_q & (may_begin_i | ~begins_q);
  assign begin_o = step & begins_q;
  assign move = step & end_group;

  xplat_loop #(.Count(InnerFolds)) u_inner (.clk_i, .rst_ni, .step_i(step), .last_o(last_inner));
  xplat_loop #(.Count(KwFolds)) u_kw (
    .clk_i, .rst_ni, .step_i(step & last_inner), .last_o(last_kw)
  );
  xplat_loop #(.Count(KhFolds)) u_kh (
    .clk_i, .rst_ni, .step_i(step & end_kw), .last_o(last_kh)
  );
  xplat_loop #(.Count(Repeats)) u_repeat (
    .clk_i, .rst_ni, .step_i(step & end_kh), .last_o(last_repeat)
  );
  xplat_loop #(.Count(Groups)) u_group (
    .clk_i, .rst_ni, .step_i(step & end_repeat), .last_o(last_group)
  );

  xplat_pixel_walk #(
    .OutHeight(OutHeight),
    .OutWidth(OutWidth),
    .NeedRowFirst((KernelH - 1 - PadH) * RowBeats),
    .NeedRowMax((Height - 1) * RowBeats),
    .NeedColFirst((KernelW - PadW) * PixelBeats),
    .NeedColMax(RowBeats),
    .RowStep(StrideH * RowBeats),
    .ColStep(StrideW * PixelBeats),
    .PadRow(PadH * RowBeats),
    .PadCol(PadW * PixelBeats),
    .SampleBeats(SampleBeats),
    .CountWidth(CountWidth)
  ) u_walk (
    .clk_i,
    .rst_ni,
    .move_i(move),
    .last_col_o(last_pixel),
    .last_row_o(last_row),
    .need_o(need),
    .release_o(released)
  );

  // A result ends with the last of its passes over the window.
  if (Passes > 1) begin : gen_passes
    logic last_pass;
    xplat_loop #(.Count(Passes)) u_pass (
      .clk_i, .rst_ni, .step_i(step & end_kh), .last_o(last_pass)
    );
    assign end_result = end_kh & last_pass;
  end else begin : gen_one_pass
    assign end_result = end_kh;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begins_q <= 1'b1;
    else if (step) begins_q <= end_result;
  end

  // ---------------------------------------------------------------------------------------------
  // Stage 1: how far to the next fold; address and position of this one
  // ---------------------------------------------------------------------------------------------

  logic [4:1] valid_q, last_q;
  logic [3:1] end_group_q;
  addr_t addr_q, jump_d, jump_q;
  logic [AddrWidth:0] jump_less_q;

  always_comb begin
    jump_d = wrap(1);
    if (end_row) jump_d = wrap(JumpSample);
    else if (end_pixel) jump_d = wrap(JumpRow);
    else if (end_group) jump_d = wrap(JumpPixel);
    else if (end_repeat) jump_d = wrap(JumpGroup);
    else if (end_kh) jump_d = wrap(JumpRepeat);
    else if (end_kw) jump_d = wrap(JumpKh);
    else if (last_inner) jump_d = wrap(JumpKw);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      addr_q <= wrap(-int'(PadH * RowBeats + PadW * PixelBeats));
    end else begin
      valid_q <= {valid_q[3:1], step};
      if (valid_q[1]) addr_q <= add_mod(addr_q, jump_q, jump_less_q);
    end
  end

  always_ff @(posedge clk_i) begin
    last_q <= {last_q[3:1], end_result};
    end_group_q <= {end_group_q[2:1], end_group};
    jump_q <= jump_d;
    jump_less_q <= less_depth(jump_d);
  end

  // ---------------------------------------------------------------------------------------------
  // Stage 2: rows and columns inside the image, for padding
  // ---------------------------------------------------------------------------------------------

  localparam bit MaskRows =
      PadH > 0 || (OutHeight - 1) * StrideH + KernelH > Height + PadH;
  localparam bit MaskCols =
      PadW > 0 || (OutWidth - 1) * StrideW + KernelW > Width + PadW;

  logic [UnrollKh-1:0] row_inside_q;
  logic [UnrollKw-1:0] col_inside_q;

  if (MaskRows) begin : gen_row_position
    localparam int TurnKh = -int'((KhFolds - 1) * UnrollKh);
    localparam int TurnRow = TurnKh - int'((OutHeight - 1) * StrideH);
    pos_t row_q, row_jump_q;
    always_ff @(posedge clk_i) begin
      if (end_row) row_jump_q <= pos_t'(TurnRow);
      else if (end_pixel) row_jump_q <= pos_t'(TurnKh + int'(StrideH));
      else if (end_kh) row_jump_q <= pos_t'(TurnKh);
      else row_jump_q <= end_kw ? pos_t'(UnrollKh) : '0;
      if (!rst_ni) row_q <= -pos_t'(PadH);
      else if (valid_q[1]) row_q <= row_q + row_jump_q;
      for (int i = 0; i < int'(UnrollKh); i++) begin
        row_inside_q[i] <= row_q >= pos_t'(-i) && row_q < pos_t'(int'(Height) - i);
      end
    end
  end else begin : gen_no_row_position
    assign row_inside_q = '1;
  end

  if (MaskCols) begin : gen_col_position
    localparam int TurnKw = -int'((KwFolds - 1) * UnrollKw);
    localparam int TurnCol = TurnKw - int'((OutWidth - 1) * StrideW);
    pos_t col_q, col_jump_q;
    always_ff @(posedge clk_i) begin
      if (end_pixel) col_jump_q <= pos_t'(TurnCol);
      else if (end_group) col_jump_q <= pos_t'(TurnKw + int'(StrideW));
      else if (end_kw) col_jump_q <= pos_t'(TurnKw);
      else col_jump_q <= last_inner ? pos_t'(UnrollKw) : '0;
      if (!rst_ni) col_q <= -pos_t'(PadW);
      else if (valid_q[1]) col_q <= col_q + col_jump_q;
      for (int j = 0; j < int'(UnrollKw); j++) begin
        col_inside_q[j] <= col_q >= pos_t'(-j) && col_q < pos_t'(int'(Width) - j);
      end
    end
  end else begin : gen_no_col_position
    assign col_inside_q = '1;
  end

  // ---------------------------------------------------------------------------------------------
  // Memory: written a cycle after the beat was taken; address, read and output registers
  // ---------------------------------------------------------------------------------------------

  logic write_q;
  addr_t write_addr_q;
  logic [DataWidth-1:0] write_data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= 1'b0;
      write_addr_q <= '0;
    end else begin
      write_q <= write;
      if (write_q) write_addr_q <= add_mod(write_addr_q, wrap(1), less_depth(wrap(1)));
    end
  end

  always_ff @(posedge clk_i) begin
    write_data_q <= in_data_i;
  end

  for (genvar i = 0; i < UnrollKh; i++) begin : gen_kh
    for (genvar j = 0; j < UnrollKw; j++) begin : gen_kw
      localparam addr_t Offset = wrap(int'(i * RowBeats + j * PixelBeats));
      // No word is read in the cycle that writes it, other than into folds that are no fold or
      // outside the image: the memory needs no path around it.
      (* no_rw_check *) logic [DataWidth-1:0] mem [Depth];
      logic [DataWidth-1:0] read_q, out_q;
      addr_t read_addr_q;
      logic inside3_q, inside4_q;

      always_ff @(posedge clk_i) begin
        if (write_q) mem[write_addr_q] <= write_data_q;
        read_q <= mem[read_addr_q];
      end

      always_ff @(posedge clk_i) begin
        read_addr_q <= add_mod(addr_q, Offset, less_depth(Offset));
        inside3_q <= row_inside_q[i] & col_inside_q[j];
        inside4_q <= inside3_q;
        out_q <= read_q;
      end

      `XPLAT_ASSERT(Collision, !(write_q && valid_q[2] && row_inside_q[i] && col_inside_q[j] &&
                                 write_addr_q == read_addr_q))

      assign window_data_o[(i * UnrollKw + j) * DataWidth +: DataWidth] =
          inside4_q ? out_q : {Lanes{PadLowest, {(ElemWidth - 1) {1'b0}}}};
    end
  end

  // The fold number is there a cycle before the window, as long as the weight memory takes.
  logic [FoldAddrWidth-1:0] fold_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) fold_q <= '0;
    else if (valid_q[3]) fold_q <= end_group_q[3] ? '0 : fold_q + FoldAddrWidth'(1);
  end

  assign fold_en_o = valid_q[3];
  assign fold_addr_o = fold_q;
  assign window_valid_o = valid_q[4];
  assign window_last_o = last_q[4];

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

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Buffers an image stream and replays its windows, fold by fold.
//
// The image of Height x Width pixels, PixelBeats = Groups * InnerFolds beats each, lies in banks
// (xplat_window_store), so that UnrollKh * UnrollKw beats are read in a cycle and each is stored once.
// For each output pixel (row-major), each group, each repeat, each fold of (kh, kw, inner), one
// window fold leaves a cycle; Passes repeats make a result. The positions of a window are DilationH
// rows and DilationW columns apart. Elements outside the image read as zero, or as the most negative
// value when PadLowest is set. With AnyOrder, the beats of a fold may leave in any order.
//
// A pixel starts when the stream prefix up to its window's last element is stored and releases
// what no later window needs when it ends. Latency 6 from that beat to the first fold in
// `window_data_o`, a register. Nothing stops a result once it has begun: the first of its folds (`begin_o`)
// waits for `may_begin_i`, a register of the result FIFO. `in_ready_o` is a register, and so is
// what lets a pixel start: both look one beat ahead. The depth (xplat_pkg::window_depth) lets samples
// follow each other without a bubble.
//
// Every fold (`fold_o` when it begins) waits for `may_fold_i`, a register too: what it takes beside the
// window, such as a word of weights, has to be there with the window. `fold_en_o` comes FoldAhead cycles before it.

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
  parameter int unsigned DilationH = 1,
  parameter int unsigned DilationW = 1,
  parameter int unsigned PadH = 1,
  parameter int unsigned PadW = 1,
  parameter int unsigned UnrollKh = 1,
  parameter int unsigned UnrollKw = 1,
  parameter int unsigned Groups = 1,
  parameter int unsigned Repeats = 1,
  parameter int unsigned Passes = 1,
  parameter int unsigned InnerFolds = 1,
  parameter bit PadLowest = 1'b0,
  parameter bit AnyOrder = 1'b0,
  parameter int unsigned FoldAhead = 1,
  parameter RamStyle = "auto",
  localparam int unsigned DataWidth = Lanes * ElemWidth,
  localparam int unsigned Positions = UnrollKh * UnrollKw,
  localparam int unsigned KhFolds = KernelH / UnrollKh,
  localparam int unsigned KwFolds = KernelW / UnrollKw,
  localparam int unsigned PassFolds = KhFolds * KwFolds * InnerFolds,
  localparam int unsigned PixelFolds = Groups * Repeats * PassFolds
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,

  input  logic                        may_begin_i,
  output logic                        begin_o,
  input  logic                        may_fold_i,
  output logic                        fold_o,

  input  logic                        in_valid_i,
  output logic                        in_ready_o,
  input  logic [DataWidth-1:0]        in_data_i,

  output logic                        fold_en_o,
  output logic                        window_valid_o,
  output logic                        window_last_o,
  output logic [Positions*DataWidth-1:0] window_data_o
);

  // ---------------------------------------------------------------------------------------------
  // Constants, in beats unless named otherwise
  // ---------------------------------------------------------------------------------------------

  localparam int unsigned PixelBeats = Groups * InnerFolds;
  localparam int unsigned RowBeats = Width * PixelBeats;
  localparam int unsigned SampleBeats = Height * RowBeats;
  // Rows and columns from the first to the last of a window.
  localparam int unsigned ExtentH = (KernelH - 1) * DilationH + 1;
  localparam int unsigned ExtentW = (KernelW - 1) * DilationW + 1;
  localparam int unsigned Depth = xplat_pkg::window_depth(
      Height, Width, OutHeight, OutWidth, ExtentH, ExtentW, StrideH, StrideW, PadH, PadW,
      PixelBeats);
  // Of differences between beat counts.
  localparam int unsigned CountWidth = $clog2(SampleBeats + Depth + 1) + 2;
  // Unclamped window positions.
  localparam int unsigned PosWidth =
      $clog2(Height + Width + OutHeight * StrideH + OutWidth * StrideW + ExtentH + ExtentW) + 2;

  typedef logic signed [CountWidth-1:0] count_t;
  typedef logic signed [PosWidth-1:0] pos_t;

  // Needed prefix of the first pixel.
  localparam int unsigned NeedRowFirst =
      xplat_pkg::umin((ExtentH - 1 - PadH) * RowBeats, (Height - 1) * RowBeats);
  localparam int unsigned NeedColFirst =
      xplat_pkg::umin((ExtentW - PadW) * PixelBeats, RowBeats);

  // From one fold to the next the window moves by rows, columns and beats that only the outermost
  // loop level that ends tells: none, kw, kh, repeat, group, pixel, row, the sample.
  localparam int RowFold = int'(UnrollKh * DilationH);
  localparam int ColFold = int'(UnrollKw * DilationW);
  localparam int TurnKh = -int'(KhFolds - 1) * RowFold;
  localparam int TurnKw = -int'(KwFolds - 1) * ColFold;
  localparam int TurnRow = TurnKw - int'((OutWidth - 1) * StrideW);
  localparam int TurnSample = TurnKh - int'((OutHeight - 1) * StrideH);
  localparam int TurnInner = 1 - int'(InnerFolds);
  localparam int TurnGroup = 1 - int'(PixelBeats);
  localparam int unsigned Levels = 8;
  localparam bit [Levels-1:0][31:0] Rows = {
      TurnSample + int'(Height), TurnKh + int'(StrideH), TurnKh, TurnKh, TurnKh, RowFold, 32'd0,
      32'd0};
  localparam bit [Levels-1:0][31:0] Cols = {
      TurnRow, TurnRow, TurnKw + int'(StrideW), TurnKw, TurnKw, TurnKw, ColFold, 32'd0};
  localparam bit [Levels-1:0][31:0] Beats = {
      TurnGroup, TurnGroup, TurnGroup, 32'd1, TurnInner, TurnInner, TurnInner, 32'd1};

  // Whether a loop with these iterations is the innermost one that has several; the iterations of
  // those inside it are `inner`. Its second iteration is that of the second fold.
  function automatic int unsigned second(int unsigned inner, int unsigned count);
    return inner == 1 && count > 1 ? 1 : 0;
  endfunction

  // `a + b + 1` in one carry chain.
  function automatic count_t add_one_more(count_t a, count_t b);
    return count_t'(({a, 1'b1} + {b, 1'b1}) >> 1);
  endfunction

  // ---------------------------------------------------------------------------------------------
  // Room, and whether the current pixel has arrived: differences, looked at one beat ahead
  // ---------------------------------------------------------------------------------------------

  logic write, step, move, begins_q;
  count_t room_q, room_d, gap_q, gap_d, need, released, released_q;
  logic in_ready_q, arrived_q;

  assign in_ready_o = in_ready_q;
  assign write = in_valid_i & in_ready_q;

  // All sums are formed at once, and `write` and `move` choose among them: so what these two depend
  // on has no carry chain behind it.

  // Beats beyond the room, negative while there is room. What a pixel releases is seen two cycles
  // after its last step, so no read of it is pending any more.
  assign room_d = write ? add_one_more(room_q, released_q) : room_q + released_q;

  // Beats received beyond those that the current pixel needs.
  always_comb begin
    unique case ({move, write})
      2'b00: gap_d = gap_q;
      2'b01: gap_d = gap_q + count_t'(1);
      2'b10: gap_d = gap_q + need;
      2'b11: gap_d = add_one_more(gap_q, need);
    endcase
  end

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
      arrived_q <= ~gap_d[CountWidth-1];
    end
  end

  // ---------------------------------------------------------------------------------------------
  // Loop nest, outermost first: row, pixel, group, repeat, kh, kw, inner
  // ---------------------------------------------------------------------------------------------

  // Loops inside a pixel are a fold ahead, so that the ends of the current fold are registers.
  logic ahead_inner, ahead_kw, ahead_kh, ahead_repeat, ahead_group;
  logic ahead_end_kw, ahead_end_kh, ahead_end_repeat, ahead_end_group, ahead_end_result;
  logic end_inner, end_kw, end_kh, end_repeat, end_group, end_pixel, end_row, end_result;
  logic last_pixel, last_row;

  assign ahead_end_kw = ahead_inner & ahead_kw;
  assign ahead_end_kh = ahead_end_kw & ahead_kh;
  assign ahead_end_repeat = ahead_end_kh & ahead_repeat;
  assign ahead_end_group = ahead_end_repeat & ahead_group;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      end_inner <= InnerFolds == 1;
      end_kw <= InnerFolds * KwFolds == 1;
      end_kh <= PassFolds == 1;
      end_repeat <= PassFolds * Repeats == 1;
      end_group <= PixelFolds == 1;
      end_result <= PassFolds * Passes == 1;
    end else if (step) begin
      end_inner <= ahead_inner;
      end_kw <= ahead_end_kw;
      end_kh <= ahead_end_kh;
      end_repeat <= ahead_end_repeat;
      end_group <= ahead_end_group;
      end_result <= ahead_end_result;
    end
  end

  assign end_pixel = end_group & last_pixel;
  assign end_row = end_pixel & last_row;

  assign step = arrived_q & (may_begin_i | ~begins_q) & may_fold_i;
  assign begin_o = step & begins_q;
  assign fold_o = step;
  assign move = step & end_group;

  xplat_loop #(.Count(InnerFolds), .First(second(1, InnerFolds))) u_inner (
    .clk_i, .rst_ni, .step_i(step), .last_o(ahead_inner)
  );
  xplat_loop #(.Count(KwFolds), .First(second(InnerFolds, KwFolds))) u_kw (
    .clk_i, .rst_ni, .step_i(step & ahead_inner), .last_o(ahead_kw)
  );
  xplat_loop #(.Count(KhFolds), .First(second(InnerFolds * KwFolds, KhFolds))) u_kh (
    .clk_i, .rst_ni, .step_i(step & ahead_end_kw), .last_o(ahead_kh)
  );
  xplat_loop #(.Count(Repeats), .First(second(PassFolds, Repeats))) u_repeat (
    .clk_i, .rst_ni, .step_i(step & ahead_end_kh), .last_o(ahead_repeat)
  );
  xplat_loop #(.Count(Groups), .First(second(PassFolds * Repeats, Groups))) u_group (
    .clk_i, .rst_ni, .step_i(step & ahead_end_repeat), .last_o(ahead_group)
  );

  xplat_pixel_walk #(
    .OutHeight(OutHeight),
    .OutWidth(OutWidth),
    .NeedRowFirst((ExtentH - 1 - PadH) * RowBeats),
    .NeedRowMax((Height - 1) * RowBeats),
    .NeedColFirst((ExtentW - PadW) * PixelBeats),
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
    logic ahead_pass;
    xplat_loop #(.Count(Passes), .First(second(PassFolds, Passes))) u_pass (
      .clk_i, .rst_ni, .step_i(step & ahead_end_kh), .last_o(ahead_pass)
    );
    assign ahead_end_result = ahead_end_kh & ahead_pass;
  end else begin : gen_one_pass
    assign ahead_end_result = ahead_end_kh;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begins_q <= 1'b1;
    else if (step) begins_q <= end_result;
  end

  // ---------------------------------------------------------------------------------------------
  // Stage 1: address and position of this fold
  // ---------------------------------------------------------------------------------------------

  logic [5:1] valid_q, last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[4:1], step};
  end

  always_ff @(posedge clk_i) begin
    last_q <= {last_q[4:1], end_result};
  end

  // ---------------------------------------------------------------------------------------------
  // Stage 2: rows and columns inside the image, for padding
  // ---------------------------------------------------------------------------------------------

  localparam bit MaskRows =
      PadH > 0 || (OutHeight - 1) * StrideH + ExtentH > Height + PadH;
  localparam bit MaskCols =
      PadW > 0 || (OutWidth - 1) * StrideW + ExtentW > Width + PadW;

  logic [UnrollKh-1:0] row_inside_q;
  logic [UnrollKw-1:0] col_inside_q;

  if (MaskRows) begin : gen_row_position
    pos_t row_q, row_jump_q;
    always_ff @(posedge clk_i) begin
      if (end_row) row_jump_q <= pos_t'(TurnSample);
      else if (end_pixel) row_jump_q <= pos_t'(TurnKh + int'(StrideH));
      else if (end_kh) row_jump_q <= pos_t'(TurnKh);
      else row_jump_q <= end_kw ? pos_t'(RowFold) : '0;
      if (!rst_ni) row_q <= -pos_t'(PadH);
      else if (valid_q[1]) row_q <= row_q + row_jump_q;
      for (int i = 0; i < int'(UnrollKh); i++) begin
        row_inside_q[i] <= row_q >= pos_t'(-i * int'(DilationH)) &&
            row_q < pos_t'(int'(Height) - i * int'(DilationH));
      end
    end
  end else begin : gen_no_row_position
    assign row_inside_q = '1;
  end

  if (MaskCols) begin : gen_col_position
    pos_t col_q, col_jump_q;
    always_ff @(posedge clk_i) begin
      if (end_pixel) col_jump_q <= pos_t'(TurnRow);
      else if (end_group) col_jump_q <= pos_t'(TurnKw + int'(StrideW));
      else if (end_kw) col_jump_q <= pos_t'(TurnKw);
      else col_jump_q <= end_inner ? pos_t'(ColFold) : '0;
      if (!rst_ni) col_q <= -pos_t'(PadW);
      else if (valid_q[1]) col_q <= col_q + col_jump_q;
      for (int j = 0; j < int'(UnrollKw); j++) begin
        col_inside_q[j] <= col_q >= pos_t'(-j * int'(DilationW)) &&
            col_q < pos_t'(int'(Width) - j * int'(DilationW));
      end
    end
  end else begin : gen_no_col_position
    assign col_inside_q = '1;
  end

  xplat_window_store #(
    .Lanes(Lanes),
    .ElemWidth(ElemWidth),
    .Width(Width),
    .PixelBeats(PixelBeats),
    .StreamDepth(Depth),
    .UnrollKh(UnrollKh),
    .UnrollKw(UnrollKw),
    .DilationH(DilationH),
    .DilationW(DilationW),
    .MaskRows(MaskRows),
    .MaskCols(MaskCols),
    .PadLowest(PadLowest),
    .AnyOrder(AnyOrder),
    .Levels(Levels),
    .Rows(Rows),
    .Cols(Cols),
    .Beats(Beats),
    .FirstRow(-int'(PadH)),
    .FirstCol(-int'(PadW)),
    .RamStyle(RamStyle)
  ) u_store (
    .clk_i,
    .rst_ni,
    .write_i(write),
    .data_i(in_data_i),
    .step_i(step),
    .level_i({end_row, end_pixel, end_group, end_repeat, end_kh, end_kw, end_inner, 1'b1}),
    .row_inside_i(row_inside_q),
    .col_inside_i(col_inside_q),
    .window_o(window_data_o)
  );

  assign fold_en_o = valid_q[5-FoldAhead];
  assign window_valid_o = valid_q[5];
  assign window_last_o = last_q[5];

  `XPLAT_CHECK_PARAM(Extents, Height >= 1 && Width >= 1 && OutHeight >= 1 && OutWidth >= 1)
  `XPLAT_CHECK_PARAM(FoldAhead, FoldAhead >= 1 && FoldAhead <= 4)
  `XPLAT_CHECK_PARAM(Strides, StrideH >= 1 && StrideW >= 1)
  `XPLAT_CHECK_PARAM(PadH, PadH < ExtentH)
  `XPLAT_CHECK_PARAM(PadW, PadW < ExtentW)
  `XPLAT_CHECK_PARAM(LastRow, (OutHeight - 1) * StrideH < Height + PadH)
  `XPLAT_CHECK_PARAM(LastCol, (OutWidth - 1) * StrideW < Width + PadW)
  `XPLAT_CHECK_PARAM(Passes, Passes >= 1 && (Repeats / Passes) * Passes == Repeats)
  `XPLAT_CHECK_PARAM(UnrollKh, KhFolds * UnrollKh == KernelH)
  `XPLAT_CHECK_PARAM(UnrollKw, KwFolds * UnrollKw == KernelW)
  `XPLAT_CHECK_PARAM(ElemWidth, ElemWidth >= 2)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

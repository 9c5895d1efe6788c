// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A window buffer (xplat_window_buffer) that gives the windows of Pixels neighbouring output pixels of
// a row at once.
//
// With several pixels, a beat of the image holds as many columns as the windows move by in a step,
// Pixels * StrideW. The buffer then walks beats as if each were a column: the windows of a step lie in
// a few neighbouring beats, which it reads at once, and which column of them an element of a window is
// does not change. So the window has to be unrolled along its columns, UnrollKw = KernelW. Windows
// leave as [pixel][row][column][lane], lane 0 of the first one in the low bits.

`include "xplat_assert.svh"

module xplat_pixel_window #(
  parameter int unsigned Pixels = 1,
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
  parameter int unsigned InnerFolds = 1,
  parameter bit PadLowest = 1'b0,
  parameter bit AnyOrder = 1'b0,
  parameter RamStyle = "auto",
  localparam int unsigned Columns = xplat_pkg::beat_columns(Pixels, StrideW),
  localparam int unsigned WindowWidth = UnrollKh * UnrollKw * Lanes * ElemWidth
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,

  input  logic                               may_begin_i,
  output logic                               begin_o,
  input  logic                               may_fold_i,
  output logic                               fold_o,

  input  logic                               in_valid_i,
  output logic                               in_ready_o,
  input  logic [Columns*Lanes*ElemWidth-1:0] in_data_i,

  output logic                               fold_en_o,
  output logic                               window_valid_o,
  output logic                               window_last_o,
  output logic [Pixels*WindowWidth-1:0]      window_data_o
);

  localparam bit Several = Pixels > 1;
  // From the first column of the windows of a step to the last one; then, of the beats that hold them,
  // how many lie before the image, and how many there are.
  localparam int unsigned Span = (KernelW - 1) * DilationW + 1 + (Pixels - 1) * StrideW;
  localparam int unsigned PadBeats = xplat_pkg::ceil_div(PadW, Columns);
  localparam int unsigned Beats = PadBeats + (Span - 1 - PadW) / Columns + 1;
  localparam int unsigned ReadColumns = Several ? Beats : UnrollKw;
  localparam int unsigned ElementWidth = Lanes * ElemWidth;

  logic [UnrollKh-1:0][ReadColumns*Columns-1:0][ElementWidth-1:0] read;
  logic [Pixels-1:0][UnrollKh-1:0][UnrollKw-1:0][ElementWidth-1:0] window;

  xplat_window_buffer #(
    .Lanes(Columns * Lanes),
    .ElemWidth(ElemWidth),
    .Height(Height),
    .Width(Width / Columns),
    .OutHeight(OutHeight),
    .OutWidth(OutWidth / Pixels),
    .KernelH(KernelH),
    .KernelW(Several ? Beats : KernelW),
    .StrideH(StrideH),
    .StrideW(Several ? 1 : StrideW),
    .DilationH(DilationH),
    .DilationW(Several ? 1 : DilationW),
    .PadH(PadH),
    .PadW(PadBeats),
    .UnrollKh(UnrollKh),
    .UnrollKw(ReadColumns),
    .Groups(Groups),
    .Repeats(Repeats),
    .InnerFolds(InnerFolds),
    .PadLowest(PadLowest),
    .AnyOrder(AnyOrder && !Several),
    .RamStyle(RamStyle)
  ) u_buffer (
    .clk_i,
    .rst_ni,
    .may_begin_i,
    .begin_o,
    .may_fold_i,
    .fold_o,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .fold_en_o,
    .window_valid_o,
    .window_last_o,
    .window_data_o(read)
  );

  for (genvar p = 0; p < Pixels; p++) begin : gen_pixel
    for (genvar i = 0; i < UnrollKh; i++) begin : gen_row
      for (genvar j = 0; j < UnrollKw; j++) begin : gen_column
        localparam int unsigned Column =
            Several ? PadBeats * Columns - PadW + p * StrideW + j * DilationW : j;
        assign window[p][i][j] = read[i][Column];
      end
    end
  end

  assign window_data_o = window;

  // Columns of the beats that no window of a step has.
  logic unused_ok;
  assign unused_ok = &{1'b0, read};

  `XPLAT_CHECK_PARAM(Width, (Width / Columns) * Columns == Width)
  `XPLAT_CHECK_PARAM(OutWidth, (OutWidth / Pixels) * Pixels == OutWidth)
  `XPLAT_CHECK_PARAM(UnrollKw, Pixels == 1 || UnrollKw == KernelW)

endmodule

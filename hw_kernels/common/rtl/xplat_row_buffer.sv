// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Buffers a stream of rows and replays each of them, fold by fold: a window buffer whose windows are
// the pixels of a 1 x Rows image.
//
// Each row comes in InFolds beats and leaves OutFolds times, one beat a cycle, Passes times for a
// result. Two rows are held. See xplat_window_buffer for what the ports say and when.

module xplat_row_buffer #(
  parameter int unsigned Rows = 1,
  parameter int unsigned Lanes = 4,
  parameter int unsigned ElemWidth = 8,
  parameter int unsigned InFolds = 1,
  parameter int unsigned OutFolds = 1,
  parameter int unsigned Passes = 1,
  parameter int unsigned FoldAhead = 1,
  parameter RamStyle = "auto",
  localparam int unsigned DataWidth = Lanes * ElemWidth
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,

  input  logic                     may_begin_i,
  output logic                     begin_o,
  input  logic                     may_fold_i,
  output logic                     fold_o,

  input  logic                     in_valid_i,
  output logic                     in_ready_o,
  input  logic [DataWidth-1:0]     in_data_i,

  output logic                     fold_en_o,
  output logic                     window_valid_o,
  output logic                     window_last_o,
  output logic [DataWidth-1:0]     window_data_o
);

  xplat_window_buffer #(
    .Lanes(Lanes),
    .ElemWidth(ElemWidth),
    .Height(1),
    .Width(Rows),
    .OutHeight(1),
    .OutWidth(Rows),
    .KernelH(1),
    .KernelW(1),
    .PadH(0),
    .PadW(0),
    .Repeats(OutFolds),
    .Passes(Passes),
    .InnerFolds(InFolds),
    .FoldAhead(FoldAhead),
    .RamStyle(RamStyle)
  ) u_window (.*);

endmodule

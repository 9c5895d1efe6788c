// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Holds the factors of products of two streams: the rows of the left one, fold by fold
// (xplat_row_buffer), and beside each fold the word of the right one (xplat_matrix_buffer).
//
// A result begins only while `may_begin_i` is high and the word that it needs has arrived.

module xplat_factors #(
  parameter int unsigned Batches = 1,
  parameter int unsigned Rows = 4,
  parameter int unsigned InFolds = 4,
  parameter int unsigned OutFolds = 4,
  parameter int unsigned LeftLanes = 1,
  parameter int unsigned LeftWidth = 8,
  parameter int unsigned RightLanes = 1,
  parameter int unsigned RightWidth = 8,
  parameter int unsigned OutLanes = 1,
  parameter bit Transposed = 1'b0,
  parameter int unsigned Matrices = 2,
  parameter RamStyle = "auto",
  parameter MatrixStyle = "auto",
  localparam int unsigned LeftBits = LeftLanes * LeftWidth,
  localparam int unsigned BeatBits = (Transposed ? RightLanes : OutLanes) * RightWidth
) (
  input  logic                                      clk_i,
  input  logic                                      rst_ni,

  input  logic                                      may_begin_i,
  output logic                                      begin_o,

  input  logic                                      left_valid_i,
  output logic                                      left_ready_o,
  input  logic [LeftBits-1:0]                       left_data_i,

  input  logic                                      right_valid_i,
  output logic                                      right_ready_o,
  input  logic [BeatBits-1:0]                       right_data_i,

  output logic                                      valid_o,
  output logic                                      last_o,
  output logic [LeftBits-1:0]                       left_o,
  output logic [OutLanes*RightLanes*RightWidth-1:0] right_o
);

  logic arrived, fold_en, unused_fold;

  xplat_row_buffer #(
    .Rows(Batches * Rows),
    .Lanes(LeftLanes),
    .ElemWidth(LeftWidth),
    .InFolds(InFolds),
    .OutFolds(OutFolds),
    .FoldAhead(2),
    .RamStyle(RamStyle)
  ) u_rows (
    .clk_i,
    .rst_ni,
    .may_begin_i(may_begin_i & arrived),
    .begin_o,
    .may_fold_i(1'b1),
    .fold_o(unused_fold),
    .in_valid_i(left_valid_i),
    .in_ready_o(left_ready_o),
    .in_data_i(left_data_i),
    .fold_en_o(fold_en),
    .window_valid_o(valid_o),
    .window_last_o(last_o),
    .window_data_o(left_o)
  );

  xplat_matrix_buffer #(
    .Rows(Rows),
    .InFolds(InFolds),
    .OutFolds(OutFolds),
    .SumLanes(RightLanes),
    .OutLanes(OutLanes),
    .ElemWidth(RightWidth),
    .Transposed(Transposed),
    .Matrices(Matrices),
    .RamStyle(MatrixStyle)
  ) u_matrix (
    .clk_i,
    .rst_ni,
    .in_valid_i(right_valid_i),
    .in_ready_o(right_ready_o),
    .in_data_i(right_data_i),
    .arrived_o(arrived),
    .begin_i(begin_o),
    .fold_en_i(fold_en),
    .word_o(right_o)
  );

endmodule

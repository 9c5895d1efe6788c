// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Product of two streams of matrices, rounded into the format of the result.
//
// For each of Batches pairs of matrices, each of Rows rows of the left one, each fold of OutLanes
// outputs, each fold of SumLanes terms: one cycle. Rows of the left operand pass through a window
// buffer as the pixels of a 1 x Rows image, which makes it a double buffer of two rows; the right
// operand is held in a buffer of Matrices matrices: two, or three where it arrives as fast as it is
// used.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   Batches * Rows * (Out / OutLanes) * (Sum / SumLanes), or the beats of an operand, if more.
// Latency from the last needed beat of either operand to the first output beat:
//   Sum / SumLanes + 13 + clog2(SumLanes).
// Back-pressure: a result begins only when the result FIFO will have room for it; each operand is
// accepted while its buffer has room.
//
// The right operand is [Sum, Out], or [Out, Sum] with Transposed.

`include "xplat_assert.svh"

module xplat_matmul #(
  parameter int unsigned Batches = 1,
  parameter int unsigned Rows = 4,
  parameter int unsigned Sum = 4,
  parameter int unsigned Out = 4,
  parameter int unsigned SumLanes = 1,
  parameter int unsigned OutLanes = 1,
  parameter bit Transposed = 1'b0,
  parameter int unsigned Matrices = 2,
  parameter int unsigned LeftWidth = 8,
  parameter int unsigned RightWidth = 8,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit LeftUnsigned = 1'b0,
  parameter bit RightUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0,
  parameter RamStyle = "auto",
  parameter MatrixStyle = "auto",
  localparam int unsigned InFolds = Sum / SumLanes,
  localparam int unsigned OutFolds = Out / OutLanes,
  localparam int unsigned LeftBits = SumLanes * LeftWidth,
  localparam int unsigned RightBits = (Transposed ? SumLanes : OutLanes) * RightWidth
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,

  input  logic                         left_valid_i,
  output logic                         left_ready_o,
  input  logic [LeftBits-1:0]          left_data_i,

  input  logic                         right_valid_i,
  output logic                         right_ready_o,
  input  logic [RightBits-1:0]         right_data_i,

  output logic                         out_valid_o,
  input  logic                         out_ready_i,
  output logic [OutLanes*OutWidth-1:0] out_data_o
);

  logic may_begin, begins, window_valid, window_last;
  logic [LeftBits-1:0] window_data;
  logic [OutLanes*SumLanes*RightWidth-1:0] word;
  logic unused_bias_ready, unused_shift_ready;

  xplat_factors #(
    .Batches(Batches),
    .Rows(Rows),
    .InFolds(InFolds),
    .OutFolds(OutFolds),
    .LeftLanes(SumLanes),
    .LeftWidth(LeftWidth),
    .RightLanes(SumLanes),
    .RightWidth(RightWidth),
    .OutLanes(OutLanes),
    .Transposed(Transposed),
    .Matrices(Matrices),
    .RamStyle(RamStyle),
    .MatrixStyle(MatrixStyle)
  ) u_factors (
    .clk_i,
    .rst_ni,
    .may_begin_i(may_begin),
    .begin_o(begins),
    .left_valid_i,
    .left_ready_o,
    .left_data_i,
    .right_valid_i,
    .right_ready_o,
    .right_data_i,
    .valid_o(window_valid),
    .last_o(window_last),
    .left_o(window_data),
    .right_o(word)
  );

  xplat_mac #(
    .OutLanes(OutLanes),
    .Terms(SumLanes),
    .TotalTerms(Sum),
    .InWidth(LeftWidth),
    .WeightWidth(RightWidth),
    .BiasWidth(2),
    .HasBias(1'b0),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .InUnsigned(LeftUnsigned),
    .WeightUnsigned(RightUnsigned),
    .OutUnsigned(OutUnsigned)
  ) u_mac (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(begins),
    .valid_i(window_valid),
    .last_i(window_last),
    .data_i(window_data),
    .weight_i(word),
    .bias_valid_i(1'b0),
    .bias_ready_o(unused_bias_ready),
    .bias_data_i('0),
    .shift_valid_i(1'b0),
    .shift_ready_o(unused_shift_ready),
    .shift_data_i('0),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(SumLanes, InFolds * SumLanes == Sum)
  `XPLAT_CHECK_PARAM(OutLanes, OutFolds * OutLanes == Out)
  `XPLAT_CHECK_PARAM(Batches, Batches >= 1)

endmodule

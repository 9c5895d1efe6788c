// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrix product of each row of the input with a weight matrix, plus bias and requantization.
//
// For each RowLanes rows, each fold of OutLanes outputs, each fold of InLanes inputs: one cycle. The
// rows pass through the window buffer as the pixels of a 1 x Rows image, which makes it a double
// buffer of two rows. With several row lanes, beats hold whole rows: InLanes = In, OutLanes = Out.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   (Rows / RowLanes) * (Out / OutLanes) * (In / InLanes).
// Latency from the last needed beat to the first output beat:
//   In / InLanes + 13 + clog2(InLanes).
// Back-pressure: a result begins only when the result FIFO will have room for it; input is accepted
// while the buffer has room.
//
// Weight word: OutLanes x InLanes, element 0 in the low bits, in the order (out fold, in fold).

`include "xplat_assert.svh"

module xplat_linear #(
  parameter int unsigned Rows = 1,
  parameter int unsigned In = 8,
  parameter int unsigned Out = 8,
  parameter int unsigned RowLanes = 1,
  parameter int unsigned InLanes = 1,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned WeightWidth = 8,
  parameter int unsigned BiasWidth = 32,
  parameter bit HasBias = 1'b1,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
  parameter int unsigned ShiftRange = 4,
  parameter bit InUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0,
  parameter bit Late = 1'b0,
  parameter RamStyle = "auto",
  localparam int unsigned InFolds = In / InLanes,
  localparam int unsigned OutFolds = Out / OutLanes
) (
  input  logic                                    clk_i,
  input  logic                                    rst_ni,

  input  logic                                    in_valid_i,
  output logic                                    in_ready_o,
  input  logic [RowLanes*InLanes*InWidth-1:0]     in_data_i,

  input  logic                                    weight_valid_i,
  output logic                                    weight_ready_o,
  input  logic [OutLanes*InLanes*WeightWidth-1:0] weight_data_i,

  input  logic                                    bias_valid_i,
  output logic                                    bias_ready_o,
  input  logic [OutLanes*BiasWidth-1:0]           bias_data_i,

  input  logic                                    shift_valid_i,
  output logic                                    shift_ready_o,
  input  logic [OutLanes*6-1:0]                   shift_data_i,

  output logic                                    out_valid_o,
  input  logic                                    out_ready_i,
  output logic [RowLanes*OutLanes*OutWidth-1:0]   out_data_o
);

  logic may_begin, begins, may_fold, folds, window_valid, window_last, unused_fold_en;
  logic [OutLanes*InLanes*WeightWidth-1:0] weight;
  logic [RowLanes*InLanes*InWidth-1:0] window_data;

  xplat_row_buffer #(
    .Rows(Rows / RowLanes),
    .Lanes(RowLanes * InLanes),
    .ElemWidth(InWidth),
    .InFolds(InFolds),
    .OutFolds(OutFolds),
    .RamStyle(RamStyle)
  ) u_window (
    .clk_i,
    .rst_ni,
    .may_begin_i(may_begin),
    .begin_o(begins),
    .may_fold_i(may_fold),
    .fold_o(folds),
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .fold_en_o(unused_fold_en),
    .window_valid_o(window_valid),
    .window_last_o(window_last),
    .window_data_o(window_data)
  );

  xplat_parameter_port #(
    .Width(OutLanes * InLanes * WeightWidth),
    .Late(Late)
  ) u_weight (
    .clk_i,
    .rst_ni,
    .in_valid_i(weight_valid_i),
    .in_ready_o(weight_ready_o),
    .in_data_i(weight_data_i),
    .may_begin_o(may_fold),
    .begin_i(folds),
    .take_i(window_valid),
    .data_o(weight)
  );

  xplat_mac #(
    .Pixels(RowLanes),
    .OutLanes(OutLanes),
    .Terms(InLanes),
    .TotalTerms(In),
    .InWidth(InWidth),
    .WeightWidth(WeightWidth),
    .BiasWidth(BiasWidth),
    .HasBias(HasBias),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .PerChannelShift(PerChannelShift),
    .ShiftRange(ShiftRange),
    .InUnsigned(InUnsigned),
    .OutUnsigned(OutUnsigned),
    .Late(Late)
  ) u_mac (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(begins),
    .valid_i(window_valid),
    .last_i(window_last),
    .data_i(window_data),
    .weight_i(weight),
    .bias_valid_i,
    .bias_ready_o,
    .bias_data_i,
    .shift_valid_i,
    .shift_ready_o,
    .shift_data_i,
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(RowLanes, RowLanes == 1 || (InLanes == In && OutLanes == Out))
  `XPLAT_CHECK_PARAM(Rows, (Rows / RowLanes) * RowLanes == Rows)
  `XPLAT_CHECK_PARAM(InLanes, InFolds * InLanes == In)
  `XPLAT_CHECK_PARAM(OutLanes, OutFolds * OutLanes == Out)

endmodule

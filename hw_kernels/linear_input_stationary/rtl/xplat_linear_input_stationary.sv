// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrix product of each row of the input with a weight matrix, plus bias and requantization, input by input.
//
// A beat of InLanes inputs is multiplied into the sums of all outputs in one cycle, and is not kept.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   In / InLanes for each row.
// Latency from the last beat of a row to its results:
//   11 + clog2(InLanes).
// Back-pressure: the last beat of a row is multiplied only when the result FIFO will have room for its result; two
// beats behind it are accepted.
//
// Weight word: Out x InLanes, element 0 in the low bits; a word for each fold of inputs.

`include "xplat_assert.svh"

module xplat_linear_input_stationary #(
  parameter int unsigned In = 8,
  parameter int unsigned Out = 8,
  parameter int unsigned InLanes = 1,
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
  localparam int unsigned InFolds = In / InLanes
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,

  input  logic                               in_valid_i,
  output logic                               in_ready_o,
  input  logic [InLanes*InWidth-1:0]         in_data_i,

  input  logic                               weight_valid_i,
  output logic                               weight_ready_o,
  input  logic [Out*InLanes*WeightWidth-1:0] weight_data_i,

  input  logic                               bias_valid_i,
  output logic                               bias_ready_o,
  input  logic [Out*BiasWidth-1:0]           bias_data_i,

  input  logic                               shift_valid_i,
  output logic                               shift_ready_o,
  input  logic [Out*6-1:0]                   shift_data_i,

  output logic                               out_valid_o,
  input  logic                               out_ready_i,
  output logic [Out*OutWidth-1:0]            out_data_o
);

  // A row's result is one cycle of work. The array takes it for InFolds cycles and would keep fewer places.
  localparam int unsigned Places = 11 + $clog2(InLanes);
  localparam int unsigned ArrayLatency = InFolds + 13 + $clog2(InLanes);

  logic skid_valid, skid_ready, may_begin, take, last;
  logic [InLanes*InWidth-1:0] skid_data;

  xplat_skid #(
    .DataWidth(InLanes * InWidth)
  ) u_skid (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(skid_valid),
    .out_ready_i(skid_ready),
    .out_data_o(skid_data)
  );

  // The beat that waits for its turn; with those of the slice three.
  logic wait_valid_q, valid_q, last_q;
  logic [InLanes*InWidth-1:0] wait_data_q, data_q;
  logic [Out*InLanes*WeightWidth-1:0] weight;
  logic may_fold;

  assign take = wait_valid_q & (may_begin | ~last) & may_fold;
  assign skid_ready = ~wait_valid_q | take;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wait_valid_q <= 1'b0;
      valid_q <= 1'b0;
    end else begin
      if (skid_ready) wait_valid_q <= skid_valid;
      valid_q <= take;
    end
  end

  always_ff @(posedge clk_i) begin
    if (skid_ready) wait_data_q <= skid_data;
    data_q <= wait_data_q;
    last_q <= last;
  end

  xplat_loop #(.Count(InFolds)) u_fold (.clk_i, .rst_ni, .step_i(take), .last_o(last));

  xplat_parameter_port #(
    .Width(Out * InLanes * WeightWidth),
    .Late(Late),
    .Places(3)
  ) u_weight (
    .clk_i,
    .rst_ni,
    .in_valid_i(weight_valid_i),
    .in_ready_o(weight_ready_o),
    .in_data_i(weight_data_i),
    .may_begin_o(may_fold),
    .begin_i(take),
    .take_i(valid_q),
    .data_o(weight)
  );

  xplat_mac #(
    .OutLanes(Out),
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
    .LeadCycles(InFolds * Places - ArrayLatency),
    .Late(Late)
  ) u_mac (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(take & last),
    .valid_i(valid_q),
    .last_i(last_q),
    .data_i(data_q),
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

  `XPLAT_CHECK_PARAM(InLanes, InFolds * InLanes == In && InFolds > 1)

endmodule

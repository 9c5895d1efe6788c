// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Quotient of two streams, rounded once into the output format.
//
// out = saturate(rne(a * 2^Shift / b)); Shift may be negative. A division by zero saturates by the sign of the
// dividend, and 0 / 0 is 0. Restoring division: one bit of the quotient's magnitude a stage. Numbers have a sign unless
// AUnsigned, BUnsigned and OutUnsigned say otherwise.
//
// Cycles per beat (initiation interval), exact when never starved and never blocked: 1.
// Latency from the last needed beat to its output beat: OutWidth + 6.
// Back-pressure: beats are taken when both operands have one and the result FIFO will have room for the result; the
// inputs go on accepting until three beats of each wait.

`include "xplat_assert.svh"

module xplat_div #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned AWidth = 8,
  parameter int unsigned BWidth = 8,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit AUnsigned = 1'b0,
  parameter bit BUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      a_valid_i,
  output logic                      a_ready_o,
  input  logic [Lanes*AWidth-1:0]   a_data_i,

  input  logic                      b_valid_i,
  output logic                      b_ready_o,
  input  logic [Lanes*BWidth-1:0]   b_data_i,

  output logic                      out_valid_o,
  input  logic                      out_ready_i,
  output logic [Lanes*OutWidth-1:0] out_data_o
);

  // Magnitudes; the first remainder; a bit of the quotient each; rounded; with its sign.
  localparam int unsigned Stages = OutWidth + 4;
  localparam int unsigned Latency = Stages + 2;

  logic may_begin, take, a_valid, b_valid;
  logic [Lanes*AWidth-1:0] a_data;
  logic [Lanes*BWidth-1:0] b_data;
  logic [Lanes*OutWidth-1:0] result;
  logic [Stages-1:0] valid_q;

  assign take = a_valid & b_valid & may_begin;

  xplat_wait #(
    .DataWidth(Lanes * AWidth)
  ) u_wait_a (
    .clk_i,
    .rst_ni,
    .in_valid_i(a_valid_i),
    .in_ready_o(a_ready_o),
    .in_data_i(a_data_i),
    .out_valid_o(a_valid),
    .out_ready_i(take),
    .out_data_o(a_data)
  );

  xplat_wait #(
    .DataWidth(Lanes * BWidth)
  ) u_wait_b (
    .clk_i,
    .rst_ni,
    .in_valid_i(b_valid_i),
    .in_ready_o(b_ready_o),
    .in_data_i(b_data_i),
    .out_valid_o(b_valid),
    .out_ready_i(take),
    .out_data_o(b_data)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[Stages-2:0], take};
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    xplat_div_lane #(
      .AWidth(AWidth),
      .BWidth(BWidth),
      .OutWidth(OutWidth),
      .Shift(Shift),
      .AUnsigned(AUnsigned),
      .BUnsigned(BUnsigned),
      .OutUnsigned(OutUnsigned)
    ) u_lane (
      .clk_i,
      .a_i(a_data[l*AWidth +: AWidth]),
      .b_i(b_data[l*BWidth +: BWidth]),
      .out_o(result[l*OutWidth +: OutWidth])
    );
  end

  xplat_result_fifo #(
    .DataWidth(Lanes * OutWidth),
    .Depth(xplat_pkg::result_depth(Latency, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(take),
    .valid_i(valid_q[Stages-1]),
    .data_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Lanes, Lanes >= 1)

endmodule

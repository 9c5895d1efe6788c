// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Square root of a stream, rounded once into the output format.
//
// out = saturate(rne(sqrt(in * 2^Shift))); of a negative number 0. One bit of the root a stage. Numbers have a sign
// unless InUnsigned and OutUnsigned say otherwise.
//
// Cycles per beat (initiation interval), exact when never starved and never blocked: 1.
// Latency from the last needed beat to its output beat: OutWidth + 4 + OutUnsigned.
// Back-pressure: a beat is taken only when the result FIFO will have room for its result; the input
// goes on accepting until three beats wait.

`include "xplat_assert.svh"

module xplat_sqrt #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 16,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit InUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      in_valid_i,
  output logic                      in_ready_o,
  input  logic [Lanes*InWidth-1:0]  in_data_i,

  output logic                      out_valid_o,
  input  logic                      out_ready_i,
  output logic [Lanes*OutWidth-1:0] out_data_o
);

  // The radicand; a bit of the root each; rounded; saturated.
  localparam int unsigned Stages = OutWidth + 2 + (OutUnsigned ? 1 : 0);

  logic [Lanes*InWidth-1:0] data;
  logic [Lanes*OutWidth-1:0] result;

  xplat_pipeline #(
    .InWidth(Lanes * InWidth),
    .OutWidth(Lanes * OutWidth),
    .Stages(Stages)
  ) u_pipeline (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .data_o(data),
    .result_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    xplat_sqrt_lane #(
      .InWidth(InWidth),
      .OutWidth(OutWidth),
      .Shift(Shift),
      .InUnsigned(InUnsigned),
      .OutUnsigned(OutUnsigned)
    ) u_lane (
      .clk_i,
      .in_i(data[l*InWidth +: InWidth]),
      .out_o(result[l*OutWidth +: OutWidth])
    );
  end

  `XPLAT_CHECK_PARAM(Lanes, Lanes >= 1)

endmodule

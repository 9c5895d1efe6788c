// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function of one element as polynomials: each lane has its own copies of the memories of coefficients and lengths.
//
// Cycles per beat (initiation interval), exact when never starved and never blocked: 1.
// Latency from the last needed beat to its output beat: 5 + 2 * Degree, with a memory of lengths 3 more.
// Back-pressure: a beat is taken only when the result FIFO will have room for its result; the places at the input go on
// accepting until they are full.
//
// Words: see xplat_polynomial_lane.

`include "xplat_assert.svh"

module xplat_polynomial #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 16,
  parameter int unsigned OutWidth = 16,
  parameter bit OutUnsigned = 1'b0,
  parameter int unsigned Degree = 2,
  parameter int unsigned GuardBits = 3,
  parameter int unsigned Segments = 64,
  parameter int unsigned Ranges = 0,
  parameter int unsigned Longest = 10,
  parameter int unsigned Shortest = 10,
  parameter int unsigned Bits0 = 20,
  parameter int unsigned Bits1 = 16,
  parameter int unsigned Bits2 = 12,
  // Without a memory of lengths its port has one copy.
  localparam int unsigned RangeCopies = Ranges > 1 ? Lanes : 1,
  localparam int unsigned IndexWidth = $clog2(Segments),
  localparam int unsigned RangeAddrWidth = xplat_pkg::addr_width(Ranges),
  localparam int unsigned RangeWidth = IndexWidth + $clog2(Longest - Shortest + 1),
  localparam int unsigned WordWidth = Bits0 + Bits1 + Bits2
) (
  input  logic                            clk_i,
  input  logic                            rst_ni,

  input  logic                            in_valid_i,
  output logic                            in_ready_o,
  input  logic [Lanes*InWidth-1:0]        in_data_i,

  output logic [RangeCopies-1:0]          range_en_o,
  output logic [RangeCopies*RangeAddrWidth-1:0] range_addr_o,
  input  logic [RangeCopies*RangeWidth-1:0] range_data_i,

  output logic [Lanes-1:0]                coefficient_en_o,
  output logic [Lanes*IndexWidth-1:0]     coefficient_addr_o,
  input  logic [Lanes*WordWidth-1:0]      coefficient_data_i,

  output logic                            out_valid_o,
  input  logic                            out_ready_i,
  output logic [Lanes*OutWidth-1:0]       out_data_o
);

  localparam int unsigned Stages = 3 + 2 * Degree + (Ranges > 1 ? 3 : 0);

  logic [Lanes*InWidth-1:0] data;
  logic [Lanes*OutWidth-1:0] result;
  logic [Lanes-1:0][RangeAddrWidth-1:0] range_addr;

  assign range_en_o = {RangeCopies{Ranges > 1}};
  assign range_addr_o = range_addr[RangeCopies-1:0];

  logic unused_ok;
  assign unused_ok = &{1'b0, range_addr};
  assign coefficient_en_o = '1;

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
    xplat_polynomial_lane #(
      .InWidth(InWidth),
      .OutWidth(OutWidth),
      .OutUnsigned(OutUnsigned),
      .Degree(Degree),
      .GuardBits(GuardBits),
      .Segments(Segments),
      .Ranges(Ranges),
      .Longest(Longest),
      .Shortest(Shortest),
      .Bits0(Bits0),
      .Bits1(Bits1),
      .Bits2(Bits2)
    ) u_lane (
      .clk_i,
      .in_i(data[l*InWidth +: InWidth]),
      .out_o(result[l*OutWidth +: OutWidth]),
      .range_addr_o(range_addr[l]),
      .range_data_i(range_data_i[(l % RangeCopies)*RangeWidth +: RangeWidth]),
      .coefficient_addr_o(coefficient_addr_o[l*IndexWidth +: IndexWidth]),
      .coefficient_data_i(coefficient_data_i[l*WordWidth +: WordWidth])
    );
  end

  `XPLAT_CHECK_PARAM(Lanes, Lanes >= 1)

endmodule

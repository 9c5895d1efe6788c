// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function of one element as a table: each lane reads its own copy of a memory at its element.
//
// Cycles per beat: 1. Latency: 1.
// Back-pressure: a beat is taken when no result waits or when the result leaves in the same cycle.
// A result is held by the memories' output registers.
//
// Word: the result for one element. Address: the element's bits as an unsigned number.

`include "xplat_assert.svh"

module xplat_table #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned OutWidth = 8
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      in_valid_i,
  output logic                      in_ready_o,
  input  logic [Lanes*InWidth-1:0]  in_data_i,

  output logic [Lanes-1:0]          table_en_o,
  output logic [Lanes*InWidth-1:0]  table_addr_o,
  input  logic [Lanes*OutWidth-1:0] table_data_i,

  output logic                      out_valid_o,
  input  logic                      out_ready_i,
  output logic [Lanes*OutWidth-1:0] out_data_o
);

  logic valid_q, step;

  assign step = ~valid_q | out_ready_i;
  assign in_ready_o = step;
  assign table_en_o = {Lanes{step}};
  assign table_addr_o = in_data_i;
  assign out_valid_o = valid_q;
  assign out_data_o = table_data_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (step) valid_q <= in_valid_i;
  end

  `XPLAT_CHECK_PARAM(Lanes, Lanes >= 1)
  `XPLAT_CHECK_PARAM(Widths, InWidth >= 1 && OutWidth >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

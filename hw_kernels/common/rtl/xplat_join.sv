// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two streams to one: a beat of `out` is a beat of `b` (high bits) beside a beat of `a` (low bits).
//
// Latency 1, one beat a cycle. Fires when both inputs are valid and the output register is free;
// each input's ready depends combinationally on the other's valid and on `out_ready_i`.

`include "xplat_assert.svh"

module xplat_join #(
  parameter int unsigned WidthA = 8,
  parameter int unsigned WidthB = 8
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,

  input  logic                     a_valid_i,
  output logic                     a_ready_o,
  input  logic [WidthA-1:0]        a_data_i,

  input  logic                     b_valid_i,
  output logic                     b_ready_o,
  input  logic [WidthB-1:0]        b_data_i,

  output logic                     out_valid_o,
  input  logic                     out_ready_i,
  output logic [WidthA+WidthB-1:0] out_data_o
);

  logic out_valid_q;
  logic [WidthA+WidthB-1:0] out_data_q;
  logic slot_free;

  assign slot_free = ~out_valid_q | out_ready_i;
  assign a_ready_o = slot_free & b_valid_i;
  assign b_ready_o = slot_free & a_valid_i;
  assign out_valid_o = out_valid_q;
  assign out_data_o = out_data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) out_valid_q <= 1'b0;
    else if (slot_free) out_valid_q <= a_valid_i & b_valid_i;
  end

  always_ff @(posedge clk_i) begin
    if (slot_free) out_data_q <= {b_data_i, a_data_i};
  end

  `XPLAT_CHECK_PARAM(Widths, WidthA >= 1 && WidthB >= 1)
  `XPLAT_ASSERT_STREAM(A, a_valid_i, a_ready_o, a_data_i)
  `XPLAT_ASSERT_STREAM(B, b_valid_i, b_ready_o, b_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

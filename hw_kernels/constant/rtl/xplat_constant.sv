// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constants as a stream: the words of a parameter memory, which come in order, again for every sample.
//
// Cycles per sample (initiation interval), exact when never blocked and the memory is never late: its words.
// The first beat is offered one cycle after reset.
// Back-pressure: a beat stays until it is taken; the memory holds it.
//
// Word: one beat, lane 0 in the low bits.

`include "xplat_assert.svh"

module xplat_constant #(
  parameter int unsigned DataWidth = 8,
  parameter bit Late = 1'b0
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 param_valid_i,
  output logic                 param_ready_o,
  input  logic [DataWidth-1:0] param_data_i,

  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [DataWidth-1:0] out_data_o
);

  // A memory may be as late as it likes: its words are the beats.
  assign out_valid_o = param_valid_i;
  assign param_ready_o = out_ready_i;
  assign out_data_o = param_data_i;

  logic unused_ok;
  assign unused_ok = &{1'b0, clk_i, rst_ni, Late};

  `XPLAT_CHECK_PARAM(DataWidth, DataWidth >= 1)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

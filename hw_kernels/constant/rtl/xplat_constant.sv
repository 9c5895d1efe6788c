// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constants as a stream: the words of a parameter memory one after another, again for every sample.
//
// Cycles per sample (initiation interval), exact when never blocked: Beats.
// The first beat is offered one cycle after reset.
// Back-pressure: a beat stays until it is taken; it is held by the memory's output register.
//
// Word: one beat, lane 0 in the low bits; address: the beat's number.

`include "xplat_assert.svh"

module xplat_constant #(
  parameter int unsigned Beats = 1,
  parameter int unsigned DataWidth = 8,
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Beats)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  output logic                 param_en_o,
  output logic [AddrWidth-1:0] param_addr_o,
  input  logic [DataWidth-1:0] param_data_i,

  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [DataWidth-1:0] out_data_o
);

  logic valid_q;
  logic [AddrWidth-1:0] addr_q;

  assign param_en_o = ~valid_q | out_ready_i;
  assign param_addr_o = addr_q;
  assign out_valid_o = valid_q;
  assign out_data_o = param_data_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      addr_q <= '0;
    end else if (param_en_o) begin
      valid_q <= 1'b1;
      addr_q <= (addr_q == AddrWidth'(Beats - 1)) ? '0 : addr_q + 1'b1;
    end
  end

  `XPLAT_CHECK_PARAM(Beats, Beats >= 1)
  `XPLAT_CHECK_PARAM(DataWidth, DataWidth >= 1)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

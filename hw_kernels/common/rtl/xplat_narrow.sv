// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One beat to `Ratio` beats of `DataWidth` bits, the low bits first.
//
// Latency 1, an output beat in every cycle. A beat is taken once all parts of the one before have
// been offered. `in_ready_o` and the outputs are registers.

`include "xplat_assert.svh"

module xplat_narrow #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Ratio = 2
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       in_valid_i,
  output logic                       in_ready_o,
  input  logic [Ratio*DataWidth-1:0] in_data_i,

  output logic                       out_valid_o,
  input  logic                       out_ready_i,
  output logic [DataWidth-1:0]       out_data_o
);

  localparam int unsigned IndexWidth = $clog2(Ratio);

  logic [Ratio-1:0][DataWidth-1:0] store_q;
  logic [DataWidth-1:0] out_data_q;
  // The part of the store that is offered next.
  logic [IndexWidth-1:0] next_q;
  logic empty_q, out_valid_q, slot_free;

  assign slot_free = ~out_valid_q | out_ready_i;
  assign in_ready_o = empty_q;
  assign out_valid_o = out_valid_q;
  assign out_data_o = out_data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      out_valid_q <= 1'b0;
      empty_q <= 1'b1;
    end else begin
      if (slot_free) out_valid_q <= ~empty_q | in_valid_i;
      if (empty_q) empty_q <= ~in_valid_i;
      else if (slot_free) empty_q <= next_q == IndexWidth'(Ratio - 1);
    end
  end

  // The first part goes past the store when it is offered at once.
  always_ff @(posedge clk_i) begin
    if (empty_q) begin
      store_q <= in_data_i;
      next_q <= IndexWidth'(slot_free);
    end else if (slot_free) begin
      next_q <= next_q + IndexWidth'(1);
    end
    if (slot_free) out_data_q <= empty_q ? in_data_i[DataWidth-1:0] : store_q[next_q];
  end

  `XPLAT_CHECK_PARAM(Ratio, Ratio >= 2)
  `XPLAT_CHECK_PARAM(DataWidth, DataWidth >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

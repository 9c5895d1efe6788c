// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `Ratio` beats of `DataWidth` bits to one beat, the first in the low bits.
//
// Latency 1 from the beat that completes an output beat; a beat is taken in every cycle. While an
// output beat waits, the first part of the next one is taken. Every part has one place that it is
// written to, so that no data passes a multiplexer. `in_ready_o` depends on registers alone.

`include "xplat_assert.svh"

module xplat_widen #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Ratio = 2
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       in_valid_i,
  output logic                       in_ready_o,
  input  logic [DataWidth-1:0]       in_data_i,

  output logic                       out_valid_o,
  input  logic                       out_ready_i,
  output logic [Ratio*DataWidth-1:0] out_data_o
);

  // The part that comes next, one bit for each.
  logic [Ratio-1:0] next_q;
  logic full_q, take;
  logic [DataWidth-1:0] first_q;
  logic [Ratio-1:0][DataWidth-1:0] store_q;

  assign in_ready_o = ~full_q | next_q[0];
  assign take = in_valid_i & in_ready_o;
  assign out_valid_o = full_q;
  assign out_data_o = store_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      next_q <= Ratio'(1);
      full_q <= 1'b0;
    end else begin
      if (take) next_q <= {next_q[Ratio-2:0], next_q[Ratio-1]};
      full_q <= full_q ? ~out_ready_i : take & next_q[Ratio-1];
    end
  end

  // The first part waits beside the others until their beat has left: it moves on while no beat is
  // complete, at the latest with the part that follows. What is written without a beat is written
  // again with it.
  always_ff @(posedge clk_i) begin
    if (next_q[0]) first_q <= in_data_i;
    if (!full_q) store_q[0] <= first_q;
    for (int unsigned i = 1; i < Ratio; i++) begin
      if (next_q[i] & ~full_q) store_q[i] <= in_data_i;
    end
  end

  `XPLAT_CHECK_PARAM(Ratio, Ratio >= 2)
  `XPLAT_CHECK_PARAM(DataWidth, DataWidth >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

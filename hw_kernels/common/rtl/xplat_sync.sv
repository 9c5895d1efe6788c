// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two-flop synchronizer: brings registers of another clock to this one.
//
// Latency 2, from the first edge of `clk_i` after `data_i` has changed. Of a word, only one bit may change
// at a time (a Gray code): then a word that is caught in the middle of a change is the old one or the new one.

`include "xplat_assert.svh"

module xplat_sync #(
  parameter int unsigned Width = 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);

  // Side by side, so that the first one has a whole cycle to settle.
  (* ASYNC_REG = "TRUE" *) logic [Width-1:0] caught_q, settled_q;

  assign data_o = settled_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      caught_q <= '0;
      settled_q <= '0;
    end else begin
      caught_q <= data_i;
      settled_q <= caught_q;
    end
  end

  `XPLAT_CHECK_PARAM(Width, Width >= 1)

endmodule

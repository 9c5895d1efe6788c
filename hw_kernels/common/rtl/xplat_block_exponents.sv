// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The read port of a memory of exponents beside one of weights in blocks: a word for the BlockBeats beats
// of a block (xplat_block_walk), of rows of Beats. It moves on behind the last beat of each block.

module xplat_block_exponents #(
  parameter int unsigned Beats = 4,
  parameter int unsigned BlockBeats = 2,
  parameter int unsigned Words = 4,
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Words)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 step_i,
  output logic                 en_o,
  output logic [AddrWidth-1:0] addr_o
);

  logic unused_first, block_last;
  logic [AddrWidth-1:0] addr_q;

  xplat_block_walk #(
    .Beats(Beats),
    .BlockBeats(BlockBeats)
  ) u_walk (
    .clk_i,
    .rst_ni,
    .step_i,
    .first_o(unused_first),
    .last_o(block_last)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) addr_q <= '0;
    else if (step_i & block_last) addr_q <= addr_q == AddrWidth'(Words - 1) ? '0 : addr_q + AddrWidth'(1);
  end

  assign en_o = step_i;
  assign addr_o = addr_q;

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writing side of a dual-clock FIFO, with its memory.
//
// Everything here belongs to the writing clock but for `read_data_o`, which the reading side reads from the
// memory at an address of its own. A word lies still from before `gray_o` shows it until `gray_i` has come back
// from the reading side. `in_ready_o` depends on registers alone.

`include "xplat_assert.svh"

module xplat_cdc_store #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Depth = 16,
  // What the memory is made of, for tools that know `ram_style`. Verilator does not read attributes.
  // verilator lint_off UNUSEDPARAM
  parameter RamStyle = "auto",
  // verilator lint_on UNUSEDPARAM
  localparam int unsigned AddrWidth = $clog2(Depth)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 in_valid_i,
  output logic                 in_ready_o,
  input  logic [DataWidth-1:0] in_data_i,

  // Words written and words read, in Gray code: the first for the reading side, the second from it.
  output logic [AddrWidth:0]   gray_o,
  input  logic [AddrWidth:0]   gray_i,

  input  logic [AddrWidth-1:0] read_addr_i,
  output logic [DataWidth-1:0] read_data_o
);

  (* ram_style = RamStyle *) logic [DataWidth-1:0] mem [Depth];
  logic [AddrWidth:0] written_q, written_d, gray_q, read_gray;
  logic push;

  xplat_sync #(
    .Width(AddrWidth + 1)
  ) u_sync (
    .clk_i,
    .rst_ni,
    .data_i(gray_i),
    .data_o(read_gray)
  );

  // Full: the counts differ by Depth, which flips the two upper bits of the code.
  assign in_ready_o = (gray_q ^ read_gray) != {2'b11, {(AddrWidth - 1) {1'b0}}};
  assign push = in_valid_i & in_ready_o;
  assign written_d = written_q + (AddrWidth + 1)'(push);
  assign gray_o = gray_q;
  assign read_data_o = mem[read_addr_i];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      written_q <= '0;
      gray_q <= '0;
    end else begin
      written_q <= written_d;
      gray_q <= written_d ^ (written_d >> 1);
    end
  end

  always_ff @(posedge clk_i) begin
    if (push) mem[written_q[AddrWidth-1:0]] <= in_data_i;
  end

`ifndef SYNTHESIS
  logic [AddrWidth:0] before_q;
  always_ff @(posedge clk_i) before_q <= rst_ni ? gray_q : '0;
`endif

  `XPLAT_CHECK_PARAM(Depth, Depth >= 4 && 2 ** AddrWidth == Depth)
  `XPLAT_ASSERT(OneBitChanges, $onehot0(gray_q ^ before_q))
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

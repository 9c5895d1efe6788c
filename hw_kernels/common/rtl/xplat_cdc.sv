// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clock-domain crossing: a FIFO whose operand comes with a clock and a reset of its own, in any ratio and phase
// to those of the result.
//
// The counts of words written and read cross as Gray codes through two-flop synchronizers. Latency 4, from the
// first edge of `clk_i` after the operand's: two flops, `out_valid_q`, and the cycle in which it is offered;
// one cycle more where the first flop catches a change late. One beat in each cycle of the slower clock.
// Back-pressure: accepts until `Depth` beats wait, and one more in the output register. `out_valid_o` and
// `out_data_o` are registers. The two resets may end in either order, once both were active together for four
// cycles of either clock.

`include "xplat_assert.svh"

module xplat_cdc #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Depth = 16,
  parameter RamStyle = "auto"
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 in_clk_i,
  input  logic                 in_rst_ni,

  input  logic                 in_valid_i,
  output logic                 in_ready_o,
  input  logic [DataWidth-1:0] in_data_i,

  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [DataWidth-1:0] out_data_o
);

  localparam int unsigned AddrWidth = $clog2(Depth);

  logic [AddrWidth:0] read_q, read_d, gray_q, written_gray, settled_gray;
  logic [DataWidth-1:0] word, out_data_q;
  logic out_valid_q, some, slot_free, pop;

  xplat_cdc_store #(
    .DataWidth(DataWidth),
    .Depth(Depth),
    .RamStyle(RamStyle)
  ) u_store (
    .clk_i(in_clk_i),
    .rst_ni(in_rst_ni),
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .gray_o(written_gray),
    .gray_i(gray_q),
    .read_addr_i(read_q[AddrWidth-1:0]),
    .read_data_o(word)
  );

  xplat_sync #(
    .Width(AddrWidth + 1)
  ) u_sync (
    .clk_i,
    .rst_ni,
    .data_i(written_gray),
    .data_o(settled_gray)
  );

  assign some = gray_q != settled_gray;
  assign slot_free = ~out_valid_q | out_ready_i;
  assign pop = slot_free & some;
  assign read_d = read_q + (AddrWidth + 1)'(pop);
  assign out_valid_o = out_valid_q;
  assign out_data_o = out_data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_q <= '0;
      gray_q <= '0;
      out_valid_q <= 1'b0;
    end else begin
      read_q <= read_d;
      gray_q <= read_d ^ (read_d >> 1);
      if (slot_free) out_valid_q <= some;
    end
  end

  always_ff @(posedge clk_i) begin
    if (slot_free) out_data_q <= word;
  end

`ifndef SYNTHESIS
  logic [AddrWidth:0] before_q;
  always_ff @(posedge clk_i) before_q <= rst_ni ? gray_q : '0;
`endif

  `XPLAT_CHECK_PARAM(DataWidth, DataWidth >= 1)
  `XPLAT_ASSERT(OneBitChanges, $onehot0(gray_q ^ before_q))
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

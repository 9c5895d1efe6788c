// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Memory of words that come in after reset, as a stream: these words in order, again and again.
//
// The first Depth words of `in` fill it; then `in_ready_o` stays low. Only then does it give words: the
// next one is in the memory's output register until it is taken, the one behind it is there in the cycle
// after. One counter is the address of both, so the memory has one port. `Style` says what it is made of,
// for tools that know `ram_style`: "ultra" for UltraRAM, which a bitstream cannot fill.

`include "xplat_assert.svh"

module xplat_ram_stream #(
  parameter int unsigned Width = 8,
  parameter int unsigned Depth = 2,
  // Of use to an attribute alone, which Verilator does not read.
  // verilator lint_off UNUSEDPARAM
  parameter Style = "auto"
  // verilator lint_on UNUSEDPARAM
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             in_valid_i,
  output logic             in_ready_o,
  input  logic [Width-1:0] in_data_i,

  output logic             out_valid_o,
  input  logic             out_ready_i,
  output logic [Width-1:0] out_data_o
);

  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Depth);

  (* ram_style = Style *) logic [Width-1:0] mem [Depth];
  logic [Width-1:0] data_q;
  logic [AddrWidth-1:0] addr_q;
  logic filled_q, valid_q, write, read, last;

  assign in_ready_o = ~filled_q;
  assign write = in_valid_i & in_ready_o;
  assign read = filled_q & (~valid_q | out_ready_i);
  assign last = addr_q == AddrWidth'(Depth - 1);
  assign out_valid_o = valid_q;
  assign out_data_o = data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      filled_q <= 1'b0;
      valid_q <= 1'b0;
      addr_q <= '0;
    end else begin
      if (write & last) filled_q <= 1'b1;
      if (read) valid_q <= 1'b1;
      if (write | read) addr_q <= last ? '0 : addr_q + AddrWidth'(1);
    end
  end

  always_ff @(posedge clk_i) begin
    if (write) mem[addr_q] <= in_data_i;
    else if (read) data_q <= mem[addr_q];
  end

  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)
  `XPLAT_CHECK_PARAM(Size, Width >= 1 && Depth >= 1)

endmodule

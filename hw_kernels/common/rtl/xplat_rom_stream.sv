// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Read-only memory as a stream: its words in order, again and again.
//
// The next word is in a register until it is taken; the one behind it is there in the cycle after. Of more
// than 64 words, which are mostly in a block RAM, that register is behind the one of the memory, and tools
// move it into the block RAM, whose words come late after the clock edge without it. `out_valid_o` is a
// register that is low in the first cycle after reset alone, or in the first two: no reader of a kernel's
// parameters can be there sooner. `MemFile` is read with $readmemh; an empty name leaves the contents
// undefined. `Style`: see xplat_rom.

`include "xplat_assert.svh"

module xplat_rom_stream #(
  parameter int unsigned Width = 8,
  parameter int unsigned Depth = 2,
  parameter MemFile = "",
  parameter Style = "auto"
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  output logic             out_valid_o,
  input  logic             out_ready_i,
  output logic [Width-1:0] out_data_o
);

  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Depth);

  logic valid_q, there, read;
  logic [AddrWidth-1:0] addr_q, next;
  logic [Width-1:0] word;

  // Of few words, which tools put into LUTs, without a carry chain: beside one, Yosys 0.70 takes three times as many
  // LUTs for the words on AMD's devices.
  if (AddrWidth <= 9) begin : gen_few
    for (genvar i = 0; i < AddrWidth; i++) begin : gen_next
      if (i == 0) assign next[i] = ~addr_q[i];
      else assign next[i] = addr_q[i] ^ (&addr_q[i-1:0]);
    end
  end else begin : gen_many
    assign next = addr_q + AddrWidth'(1);
  end

  assign read = ~valid_q | out_ready_i;
  assign out_valid_o = valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      addr_q <= '0;
    end else if (read) begin
      valid_q <= there;
      addr_q <= addr_q == AddrWidth'(Depth - 1) ? '0 : next;
    end
  end

  xplat_rom #(
    .Width(Width),
    .Depth(Depth),
    .MemFile(MemFile),
    .Style(Style)
  ) u_rom (
    .clk_i,
    .en_i(read),
    .addr_i(addr_q),
    .data_o(word)
  );

  if (Depth > 64) begin : gen_register
    logic there_q;
    logic [Width-1:0] word_q;

    assign there = there_q;
    assign out_data_o = word_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) there_q <= 1'b0;
      else if (read) there_q <= 1'b1;
    end

    always_ff @(posedge clk_i) begin
      if (read) word_q <= word;
    end
  end else begin : gen_no_register
    assign there = 1'b1;
    assign out_data_o = word;
  end

  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Read-only memory with a synchronous, enabled read.
//
// Data is valid one cycle after `en_i` and held while `en_i` is low. `MemFile` is read with
// $readmemh; an empty name leaves the contents undefined. `Style` says what the memory is made of, for tools
// that know `rom_style`: "block", "distributed", which is LUTs, or "auto".

`include "xplat_assert.svh"

module xplat_rom #(
  parameter int unsigned Width = 8,
  parameter int unsigned Depth = 2,
  parameter MemFile = "",
  parameter Style = "auto",
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Depth)
) (
  input  logic                 clk_i,

  input  logic                 en_i,
  input  logic [AddrWidth-1:0] addr_i,
  output logic [Width-1:0]     data_o
);

  // Yosys 0.70 knows RAMs alone as "distributed"; its name for a ROM of LUTs is "registers", and it reads `ram_style`
  // first. Of use to attributes alone, which Verilator does not read. Texts differ in length.
  // verilator lint_off UNUSEDPARAM
  // verilator lint_off WIDTH
  localparam RamStyle = Style == "distributed" ? "registers" : Style;
  // verilator lint_on WIDTH
  // verilator lint_on UNUSEDPARAM
  (* ram_style = RamStyle, rom_style = Style *) logic [Width-1:0] mem [Depth];
  logic [Width-1:0] data_q;

  initial begin
    if (MemFile != "") $readmemh(MemFile, mem);
  end

  always_ff @(posedge clk_i) begin
    if (en_i) data_q <= mem[addr_i];
  end

  assign data_o = data_q;

  `XPLAT_CHECK_PARAM(Size, Width >= 1 && Depth >= 1)

endmodule

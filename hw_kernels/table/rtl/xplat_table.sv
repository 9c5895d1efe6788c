// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A function of one element as a table: each lane reads its own copy of a memory at its element.
//
// Cycles per beat: 1. Latency: 1.
// Back-pressure: two results may wait, one in the memories' output registers and one in a register
// behind them, so `in_ready_o` is a register.
//
// Word: the result for one element. Address: the element's bits as an unsigned number.

`include "xplat_assert.svh"

module xplat_table #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned OutWidth = 8
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      in_valid_i,
  output logic                      in_ready_o,
  input  logic [Lanes*InWidth-1:0]  in_data_i,

  output logic [Lanes-1:0]          table_en_o,
  output logic [Lanes*InWidth-1:0]  table_addr_o,
  input  logic [Lanes*OutWidth-1:0] table_data_i,

  output logic                      out_valid_o,
  input  logic                      out_ready_i,
  output logic [Lanes*OutWidth-1:0] out_data_o
);

  // Of a result in the memories, and of an older one in `spare_q`.
  logic read_q, spare_valid_q, take, leave;
  logic [Lanes*OutWidth-1:0] spare_q;

  assign in_ready_o = ~spare_valid_q;
  assign take = in_valid_i & ~spare_valid_q;
  assign leave = out_valid_o & out_ready_i;
  assign table_en_o = {Lanes{take}};
  assign table_addr_o = in_data_i;
  assign out_valid_o = read_q | spare_valid_q;
  assign out_data_o = spare_valid_q ? spare_q : table_data_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_q <= 1'b0;
      spare_valid_q <= 1'b0;
    end else begin
      read_q <= take | (read_q & (spare_valid_q | ~leave));
      spare_valid_q <= spare_valid_q ? ~leave : take & read_q & ~leave;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!spare_valid_q) spare_q <= table_data_i;
  end

  `XPLAT_CHECK_PARAM(Lanes, Lanes >= 1)
  `XPLAT_CHECK_PARAM(Widths, InWidth >= 1 && OutWidth >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

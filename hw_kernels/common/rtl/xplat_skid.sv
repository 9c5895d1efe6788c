// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two-entry register slice: cuts every combinational path of a stream.
//
// Latency 1, one beat a cycle. `in_ready_o`, `out_valid_o` and `out_data_o` are registers.
// Back-pressure: one more beat is taken after the output has stopped.

`include "xplat_assert.svh"

module xplat_skid #(
  parameter int unsigned DataWidth = 8
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 in_valid_i,
  output logic                 in_ready_o,
  input  logic [DataWidth-1:0] in_data_i,

  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [DataWidth-1:0] out_data_o
);

  logic out_valid_q, spare_valid_q;
  logic [DataWidth-1:0] out_data_q, spare_data_q;
  logic slot_free;

  assign slot_free = ~out_valid_q | out_ready_i;
  assign in_ready_o = ~spare_valid_q;
  assign out_valid_o = out_valid_q;
  assign out_data_o = out_data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      out_valid_q <= 1'b0;
      spare_valid_q <= 1'b0;
    end else if (slot_free) begin
      out_valid_q <= spare_valid_q | in_valid_i;
      spare_valid_q <= 1'b0;
    end else if (in_valid_i) begin
      spare_valid_q <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (slot_free) out_data_q <= spare_valid_q ? spare_data_q : in_data_i;
    if (in_ready_o) spare_data_q <= in_data_i;
  end

  `XPLAT_CHECK_PARAM(DataWidth, DataWidth >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One stream to `NumOut` equal streams.
//
// Latency 1, one beat a cycle when every output takes one. Each output proceeds on its own within
// the beat; the next beat is offered once all have taken this one. Meanwhile one beat more is taken
// and waits: `in_ready_o` and the outputs are registers.

`include "xplat_assert.svh"

module xplat_fork #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned NumOut = 2
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,

  input  logic                             in_valid_i,
  output logic                             in_ready_o,
  input  logic [DataWidth-1:0]             in_data_i,

  output logic [NumOut-1:0]                out_valid_o,
  input  logic [NumOut-1:0]                out_ready_i,
  output logic [NumOut-1:0][DataWidth-1:0] out_data_o
);

  logic [NumOut-1:0] pending_q;
  logic [DataWidth-1:0] data_q, spare_data_q;
  logic spare_valid_q, slot_free;

  assign slot_free = ~|(pending_q & ~out_ready_i);
  assign in_ready_o = ~spare_valid_q;
  assign out_valid_o = pending_q;
  assign out_data_o = {NumOut{data_q}};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      pending_q <= '0;
      spare_valid_q <= 1'b0;
    end else begin
      if (slot_free) pending_q <= {NumOut{spare_valid_q | in_valid_i}};
      else pending_q <= pending_q & ~out_ready_i;
      spare_valid_q <= (spare_valid_q | in_valid_i) & ~slot_free;
    end
  end

  always_ff @(posedge clk_i) begin
    if (slot_free) data_q <= spare_valid_q ? spare_data_q : in_data_i;
    if (in_ready_o) spare_data_q <= in_data_i;
  end

  `XPLAT_CHECK_PARAM(NumOut, NumOut >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  for (genvar i = 0; i < NumOut; i++) begin : gen_check
    `XPLAT_ASSERT_STREAM(Out, out_valid_o[i], out_ready_i[i], out_data_o[i])
  end

endmodule

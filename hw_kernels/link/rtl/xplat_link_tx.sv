// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sending end of a link: a beat leaves as ceil(DataWidth / PhitWidth) phits, low bits first.
//
// Latency 1 to the first phit; phits of successive beats follow each other without a gap. A beat
// is accepted only with a credit in hand; `credit_i` returns one a cycle. Phit outputs are
// registers.

`include "xplat_assert.svh"

module xplat_link_tx #(
  parameter int unsigned DataWidth = 32,
  parameter int unsigned PhitWidth = 8,
  parameter int unsigned Credits = 4,
  // Of the FIFO at the receiving end.
  // verilator lint_off UNUSEDPARAM
  parameter bit OutputRegister = 1'b0,
  parameter RamStyle = "auto"
  // verilator lint_on UNUSEDPARAM
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 in_valid_i,
  output logic                 in_ready_o,
  input  logic [DataWidth-1:0] in_data_i,

  output logic                 phit_valid_o,
  output logic [PhitWidth-1:0] phit_data_o,
  input  logic                 credit_i
);

  localparam int unsigned Phits = xplat_pkg::ceil_div(DataWidth, PhitWidth);
  localparam int unsigned CountWidth = xplat_pkg::addr_width(Phits);
  localparam int unsigned CreditWidth = $clog2(Credits + 1);

  logic busy_q, last, take;
  logic [CountWidth-1:0] count_q;
  logic [CreditWidth-1:0] credits_q;
  logic [Phits*PhitWidth-1:0] data_q;
  logic [(Phits+1)*PhitWidth-1:0] padded;

  assign last = count_q == CountWidth'(Phits - 1);
  assign in_ready_o = (~busy_q | last) & (credits_q != '0);
  assign take = in_valid_i & in_ready_o;
  assign phit_valid_o = busy_q;
  assign padded = {PhitWidth'(0), data_q};
  assign phit_data_o = padded[PhitWidth-1:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      count_q <= '0;
      credits_q <= CreditWidth'(Credits);
    end else begin
      if (take) busy_q <= 1'b1;
      else if (last) busy_q <= 1'b0;
      if (busy_q) count_q <= last ? '0 : count_q + CountWidth'(1);
      credits_q <= credits_q + CreditWidth'(credit_i) - CreditWidth'(take);
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) data_q <= (Phits * PhitWidth)'(in_data_i);
    else data_q <= padded[(Phits+1)*PhitWidth-1:PhitWidth];
  end

  `XPLAT_CHECK_PARAM(Credits, Credits >= 1)
  `XPLAT_CHECK_PARAM(Widths, DataWidth >= 1 && PhitWidth >= 1)
  `XPLAT_ASSERT(CreditBound, !(credit_i && credits_q == CreditWidth'(Credits)))
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

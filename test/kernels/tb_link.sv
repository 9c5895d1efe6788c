// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Test bench: both ends of a link with a cable of `Cycles` cycles each way between them.

module tb_link #(
  parameter int unsigned DataWidth = 32,
  parameter int unsigned PhitWidth = 8,
  parameter int unsigned Credits = 4,
  parameter int unsigned Cycles = 3
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

  logic tx_valid, rx_valid, tx_credit, rx_credit;
  logic [PhitWidth-1:0] tx_data, rx_data;

  xplat_link_tx #(
    .DataWidth(DataWidth),
    .PhitWidth(PhitWidth),
    .Credits(Credits)
  ) u_tx (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .phit_valid_o(tx_valid),
    .phit_data_o(tx_data),
    .credit_i(tx_credit)
  );

  xplat_wire_delay #(
    .Width(PhitWidth + 1),
    .Cycles(Cycles)
  ) u_forth (
    .clk_i,
    .rst_ni,
    .data_i({tx_valid, tx_data}),
    .data_o({rx_valid, rx_data})
  );

  xplat_wire_delay #(
    .Width(1),
    .Cycles(Cycles)
  ) u_back (
    .clk_i,
    .rst_ni,
    .data_i(rx_credit),
    .data_o(tx_credit)
  );

  xplat_link_rx #(
    .DataWidth(DataWidth),
    .PhitWidth(PhitWidth),
    .Credits(Credits)
  ) u_rx (
    .clk_i,
    .rst_ni,
    .phit_valid_i(rx_valid),
    .phit_data_i(rx_data),
    .credit_o(rx_credit),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Test bench: a link between two clocks, as the lowering builds it. Both of its ends and the cable have the clock of
// the device that sends; a clock crossing follows.

module tb_link_clocks #(
  parameter int unsigned DataWidth = 32,
  parameter int unsigned PhitWidth = 8,
  parameter int unsigned Credits = 4,
  parameter int unsigned Cycles = 3
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

  logic valid, ready;
  logic [DataWidth-1:0] data;

  tb_link #(
    .DataWidth(DataWidth),
    .PhitWidth(PhitWidth),
    .Credits(Credits),
    .Cycles(Cycles)
  ) u_link (
    .clk_i(in_clk_i),
    .rst_ni(in_rst_ni),
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(valid),
    .out_ready_i(ready),
    .out_data_o(data)
  );

  xplat_cdc #(
    .DataWidth(DataWidth),
    .Depth(16)
  ) u_cdc (
    .clk_i,
    .rst_ni,
    .in_clk_i,
    .in_rst_ni,
    .in_valid_i(valid),
    .in_ready_o(ready),
    .in_data_i(data),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

endmodule

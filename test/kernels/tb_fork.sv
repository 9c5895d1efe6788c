// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Test bench: xplat_fork with its three outputs as streams of their own.

module tb_fork #(
  parameter int unsigned DataWidth = 8
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 in_valid_i,
  output logic                 in_ready_o,
  input  logic [DataWidth-1:0] in_data_i,
  output logic                 x_valid_o,
  input  logic                 x_ready_i,
  output logic [DataWidth-1:0] x_data_o,
  output logic                 y_valid_o,
  input  logic                 y_ready_i,
  output logic [DataWidth-1:0] y_data_o,
  output logic                 z_valid_o,
  input  logic                 z_ready_i,
  output logic [DataWidth-1:0] z_data_o
);

  xplat_fork #(
    .DataWidth(DataWidth),
    .NumOut(3)
  ) u_fork (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o({z_valid_o, y_valid_o, x_valid_o}),
    .out_ready_i({z_ready_i, y_ready_i, x_ready_i}),
    .out_data_o({z_data_o, y_data_o, x_data_o})
  );

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Test bench: products of blocks between two streams. A beat of the operand has, from its low bits on, the elements
// and the exponent of the left block, then those of the right one.

module tb_block_dot #(
  parameter int unsigned Terms = 16,
  parameter int unsigned LeftWidth = 4,
  parameter int unsigned RightWidth = 4,
  parameter bit TwosComplement = 1'b0,
  parameter int unsigned LeftExponent = 0,
  parameter int unsigned RightExponent = 0,
  parameter int unsigned AccWidth = 24,
  parameter int Shift = 0,
  localparam int unsigned DataWidth = Terms * (LeftWidth + RightWidth) + 16
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 in_valid_i,
  output logic                 in_ready_o,
  input  logic [DataWidth-1:0] in_data_i,
  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [AccWidth-1:0]  out_data_o
);

  localparam int unsigned Latency = 5 + $clog2(Terms);

  logic [Terms*LeftWidth-1:0] left;
  logic [Terms*RightWidth-1:0] right;
  logic [7:0] left_exponent, right_exponent;
  logic [AccWidth-1:0] result;
  logic [Latency-1:0] valid_q;

  assign {right_exponent, right, left_exponent, left} = in_data_i;

  xplat_block_dot #(
    .Terms(Terms),
    .LeftWidth(LeftWidth),
    .RightWidth(RightWidth),
    .TwosComplement(TwosComplement),
    .LeftExponent(LeftExponent),
    .RightExponent(RightExponent),
    .AccWidth(AccWidth),
    .Shift(Shift)
  ) u_dot (
    .clk_i,
    .valid_i(1'b1),
    .first_i(1'b1),
    .left_i(left),
    .left_exponent_i(left_exponent),
    .right_i(right),
    .right_exponent_i(right_exponent),
    .out_o(result)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[Latency-2:0], in_valid_i & in_ready_o};
  end

  xplat_result_fifo #(
    .DataWidth(AccWidth),
    .Depth(xplat_pkg::result_depth(Latency + 2, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(in_ready_o),
    .begin_i(in_valid_i & in_ready_o),
    .valid_i(valid_q[Latency-1]),
    .data_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

endmodule

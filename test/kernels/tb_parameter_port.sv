// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A pipeline that never stops and takes a word in each of its results, `Distance` cycles after work on it began: the
// words come out as they came in.

module tb_parameter_port #(
  parameter int unsigned Width = 8,
  parameter int unsigned Distance = 5
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             in_valid_i,
  output logic             in_ready_o,
  input  logic [Width-1:0] in_data_i,

  output logic             out_valid_o,
  input  logic             out_ready_i,
  output logic [Width-1:0] out_data_o
);

  logic word_there, place_free, begins;
  logic [Distance-1:0] begun_q;
  logic [Width-1:0] word;

  assign begins = word_there & place_free;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begun_q <= '0;
    else begun_q <= Distance'({begun_q, begins});
  end

  xplat_parameter_port #(
    .Width(Width),
    .Late(1'b1),
    .Places(Distance + 2)
  ) u_port (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .may_begin_o(word_there),
    .begin_i(begins),
    .take_i(begun_q[Distance-1]),
    .data_o(word)
  );

  xplat_result_fifo #(
    .DataWidth(Width),
    .Depth(xplat_pkg::result_depth(Distance + 2, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(place_free),
    .begin_i(begins),
    .valid_i(begun_q[Distance-1]),
    .data_i(word),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

endmodule

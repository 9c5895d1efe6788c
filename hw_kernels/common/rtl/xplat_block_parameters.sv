// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where weights in a block format come in: a stream of their elements, a word for each fold, and one of
// exponents, a word for the up to BlockBeats folds of a block, of rows of Beats folds (xplat_block_walk).
//
// As xplat_parameter_port: `begin_i` begins a fold, `take_i` takes the words of the oldest one. The first
// fold of a block begins with the word of exponents, the last one takes it.

module xplat_block_parameters #(
  parameter int unsigned ElementsWidth = 8,
  parameter int unsigned ExponentsWidth = 8,
  parameter int unsigned Beats = 4,
  parameter int unsigned BlockBeats = 2,
  parameter bit Late = 1'b0
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      weight_valid_i,
  output logic                      weight_ready_o,
  input  logic [ElementsWidth-1:0]  weight_data_i,

  input  logic                      exponent_valid_i,
  output logic                      exponent_ready_o,
  input  logic [ExponentsWidth-1:0] exponent_data_i,

  output logic                      may_begin_o,
  input  logic                      begin_i,

  input  logic                      take_i,
  output logic [ElementsWidth-1:0]  elements_o,
  output logic [ExponentsWidth-1:0] exponents_o
);

  logic weight_may, exponent_may, begins_block, ends_block, unused_last, unused_first;

  assign may_begin_o = weight_may & (exponent_may | ~begins_block);

  xplat_block_walk #(
    .Beats(Beats),
    .BlockBeats(BlockBeats)
  ) u_begin (
    .clk_i,
    .rst_ni,
    .step_i(begin_i),
    .first_o(begins_block),
    .last_o(unused_last)
  );

  xplat_block_walk #(
    .Beats(Beats),
    .BlockBeats(BlockBeats)
  ) u_end (
    .clk_i,
    .rst_ni,
    .step_i(take_i),
    .first_o(unused_first),
    .last_o(ends_block)
  );

  xplat_parameter_port #(
    .Width(ElementsWidth),
    .Late(Late)
  ) u_weight (
    .clk_i,
    .rst_ni,
    .in_valid_i(weight_valid_i),
    .in_ready_o(weight_ready_o),
    .in_data_i(weight_data_i),
    .may_begin_o(weight_may),
    .begin_i,
    .take_i,
    .data_o(elements_o)
  );

  xplat_parameter_port #(
    .Width(ExponentsWidth),
    .Late(Late)
  ) u_exponent (
    .clk_i,
    .rst_ni,
    .in_valid_i(exponent_valid_i),
    .in_ready_o(exponent_ready_o),
    .in_data_i(exponent_data_i),
    .may_begin_o(exponent_may),
    .begin_i(begin_i & begins_block),
    .take_i(take_i & ends_block),
    .data_o(exponents_o)
  );

endmodule

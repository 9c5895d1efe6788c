// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrix product of each row of the input with a weight matrix, both in a block format, plus bias and
// requantization.
//
// As xplat_linear: for each row, each fold of OutLanes outputs, each fold of InLanes inputs one cycle;
// two rows are buffered. A beat of the input has its elements and, above them, an exponent for each of
// the Groups blocks that it touches. InLanes divides Block, or is a multiple of it.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   Rows * (Out / OutLanes) * (In / InLanes).
// Latency from the last needed beat to the first output beat:
//   In / InLanes + 16 + clog2(InLanes / Groups) + clog2(Groups).
// Back-pressure: a result begins only when the result FIFO will have room for it; input is accepted
// while the buffer has room.
//
// Weight word: OutLanes x InLanes elements, element 0 in the low bits, in the order (out fold, in fold).
// Exponent word: OutLanes x Groups exponents, in the order (out fold, blocks of a beat or beats of a block).

`include "xplat_assert.svh"

module xplat_block_linear #(
  parameter int unsigned Rows = 1,
  parameter int unsigned In = 16,
  parameter int unsigned Out = 8,
  parameter int unsigned InLanes = 16,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned Block = 16,
  parameter int unsigned InWidth = 4,
  parameter int unsigned WeightWidth = 4,
  parameter bit TwosComplement = 1'b0,
  parameter int unsigned InExponent = 0,
  parameter int unsigned WeightExponent = 0,
  parameter int unsigned AccWidth = 24,
  parameter int AlignShift = 0,
  parameter int unsigned BiasWidth = 32,
  parameter bit HasBias = 1'b1,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit OutUnsigned = 1'b0,
  parameter bit Late = 1'b0,
  parameter RamStyle = "auto",
  localparam int unsigned Groups = xplat_pkg::umax(InLanes / Block, 1),
  localparam int unsigned BeatWidth = InLanes * InWidth + Groups * 8,
  localparam int unsigned InFolds = In / InLanes,
  localparam int unsigned BlockFolds = xplat_pkg::umax(xplat_pkg::umin(Block / InLanes, InFolds), 1),
  localparam int unsigned OutFolds = Out / OutLanes
) (
  input  logic                                    clk_i,
  input  logic                                    rst_ni,

  input  logic                                    in_valid_i,
  output logic                                    in_ready_o,
  input  logic [BeatWidth-1:0]                    in_data_i,

  input  logic                                    weight_valid_i,
  output logic                                    weight_ready_o,
  input  logic [OutLanes*InLanes*WeightWidth-1:0] weight_data_i,

  input  logic                                    exponent_valid_i,
  output logic                                    exponent_ready_o,
  input  logic [OutLanes*Groups*8-1:0]            exponent_data_i,

  input  logic                                    bias_valid_i,
  output logic                                    bias_ready_o,
  input  logic [OutLanes*BiasWidth-1:0]           bias_data_i,

  output logic                                    out_valid_o,
  input  logic                                    out_ready_i,
  output logic [OutLanes*OutWidth-1:0]            out_data_o
);

  logic may_begin, begins, may_fold, folds, window_valid, window_last, unused_fold_en;
  logic [OutLanes*InLanes*WeightWidth-1:0] weight;
  logic [OutLanes*Groups*8-1:0] exponent;
  logic [BeatWidth-1:0] window_data;

  xplat_row_buffer #(
    .Rows(Rows),
    .Lanes(1),
    .ElemWidth(BeatWidth),
    .InFolds(InFolds),
    .OutFolds(OutFolds),
    .RamStyle(RamStyle)
  ) u_window (
    .clk_i,
    .rst_ni,
    .may_begin_i(may_begin),
    .begin_o(begins),
    .may_fold_i(may_fold),
    .fold_o(folds),
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .fold_en_o(unused_fold_en),
    .window_valid_o(window_valid),
    .window_last_o(window_last),
    .window_data_o(window_data)
  );

  xplat_block_parameters #(
    .ElementsWidth(OutLanes * InLanes * WeightWidth),
    .ExponentsWidth(OutLanes * Groups * 8),
    .Beats(InFolds),
    .BlockBeats(BlockFolds),
    .Late(Late)
  ) u_parameters (
    .clk_i,
    .rst_ni,
    .weight_valid_i,
    .weight_ready_o,
    .weight_data_i,
    .exponent_valid_i,
    .exponent_ready_o,
    .exponent_data_i,
    .may_begin_o(may_fold),
    .begin_i(folds),
    .take_i(window_valid),
    .elements_o(weight),
    .exponents_o(exponent)
  );

  xplat_block_mac #(
    .OutLanes(OutLanes),
    .Terms(InLanes),
    .TotalTerms(In),
    .Block(Block),
    .LeftWidth(InWidth),
    .RightWidth(WeightWidth),
    .TwosComplement(TwosComplement),
    .LeftExponent(InExponent),
    .RightExponent(WeightExponent),
    .AccWidth(AccWidth),
    .AlignShift(AlignShift),
    .BiasWidth(BiasWidth),
    .HasBias(HasBias),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .OutUnsigned(OutUnsigned),
    .Late(Late)
  ) u_mac (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(begins),
    .valid_i(window_valid),
    .last_i(window_last),
    .left_i(window_data[InLanes*InWidth-1:0]),
    .left_exponent_i(window_data[BeatWidth-1:InLanes*InWidth]),
    .right_i(weight),
    .right_exponent_i(exponent),
    .bias_valid_i,
    .bias_ready_o,
    .bias_data_i,
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(InLanes, InFolds * InLanes == In)
  `XPLAT_CHECK_PARAM(OutLanes, OutFolds * OutLanes == Out)
  `XPLAT_CHECK_PARAM(Block, xplat_pkg::gcd(InLanes, Block) == xplat_pkg::umin(InLanes, Block))

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two-dimensional convolution whose image and weight are in a block format, with groups, zero padding,
// bias and requantization.
//
// As xplat_conv2d, one output pixel at a time: each fold of OutLanes output channels, each fold of
// (kh, kw, input channels of the group) is one cycle. Blocks run along the input channels of a position
// of the window. A beat of the image has its elements and, above them, an exponent for each of the blocks
// that it touches. InLanes divides Block, or is a multiple of it; with several groups no block reaches
// over two of them.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   max(OutHeight * OutWidth_px * (OutChannels / OutLanes) * Folds,
//       InHeight * InWidth_px * InChannels / InLanes)
// with Folds = (KernelH / UnrollKh) * (KernelW / UnrollKw) * (InChannels / Groups / InLanes).
// Latency from the last needed beat to the first output beat, with B blocks in a cycle:
//   Folds + 16 + clog2(UnrollKh * UnrollKw * InLanes / B) + clog2(B).
// Back-pressure: a result begins only when the result FIFO will have room for it; input is accepted
// while the window buffer has room.
//
// Weight word: OutLanes x UnrollKh x UnrollKw x InLanes elements, element 0 in the low bits, in the order
// (oc fold, kh fold, kw fold, ic fold). Exponent word: the same with blocks in place of elements.

`include "xplat_assert.svh"

module xplat_block_conv2d #(
  parameter int unsigned InChannels = 16,
  parameter int unsigned OutChannels = 4,
  parameter int unsigned Groups = 1,
  parameter int unsigned InHeight = 8,
  parameter int unsigned InWidth_px = 8,
  parameter int unsigned OutHeight = 8,
  parameter int unsigned OutWidth_px = 8,
  parameter int unsigned KernelH = 3,
  parameter int unsigned KernelW = 3,
  parameter int unsigned StrideH = 1,
  parameter int unsigned StrideW = 1,
  parameter int unsigned DilationH = 1,
  parameter int unsigned DilationW = 1,
  parameter int unsigned PadH = 1,
  parameter int unsigned PadW = 1,
  parameter int unsigned Pixels = 1,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned InLanes = 16,
  parameter int unsigned UnrollKh = 1,
  parameter int unsigned UnrollKw = 1,
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
  localparam int unsigned BeatBlocks = xplat_pkg::umax(InLanes / Block, 1),
  localparam int unsigned ElementsWidth = InLanes * InWidth,
  localparam int unsigned BeatWidth = ElementsWidth + BeatBlocks * 8,
  localparam int unsigned GroupChannels = InChannels / Groups,
  localparam int unsigned InFolds = GroupChannels / InLanes,
  localparam int unsigned BlockFolds = xplat_pkg::umax(xplat_pkg::umin(Block / InLanes, InFolds), 1),
  localparam int unsigned OutFolds = OutChannels / OutLanes,
  localparam int unsigned Repeats = OutFolds / Groups,
  localparam int unsigned Positions = UnrollKh * UnrollKw,
  localparam int unsigned Terms = Positions * InLanes
) (
  input  logic                                       clk_i,
  input  logic                                       rst_ni,

  input  logic                                       in_valid_i,
  output logic                                       in_ready_o,
  input  logic [BeatWidth-1:0]                       in_data_i,

  input  logic                                       weight_valid_i,
  output logic                                       weight_ready_o,
  input  logic [OutLanes*Terms*WeightWidth-1:0]      weight_data_i,

  input  logic                                       exponent_valid_i,
  output logic                                       exponent_ready_o,
  input  logic [OutLanes*Positions*BeatBlocks*8-1:0] exponent_data_i,

  input  logic                                       bias_valid_i,
  output logic                                       bias_ready_o,
  input  logic [OutLanes*BiasWidth-1:0]              bias_data_i,

  output logic                                       out_valid_o,
  input  logic                                       out_ready_i,
  output logic [OutLanes*OutWidth-1:0]               out_data_o
);

  logic may_begin, begins, may_fold, folds, window_valid, window_last, unused_fold_en;
  logic [OutLanes*Terms*WeightWidth-1:0] weight;
  logic [OutLanes*Positions*BeatBlocks*8-1:0] exponent;
  logic [Positions-1:0][BeatWidth-1:0] window;
  logic [Positions-1:0][ElementsWidth-1:0] elements;
  logic [Positions-1:0][BeatBlocks*8-1:0] exponents;

  // A position outside the image reads as zeros under an exponent of zero.
  xplat_pixel_window #(
    .Pixels(Pixels),
    .Lanes(1),
    .ElemWidth(BeatWidth),
    .Height(InHeight),
    .Width(InWidth_px),
    .OutHeight(OutHeight),
    .OutWidth(OutWidth_px),
    .KernelH(KernelH),
    .KernelW(KernelW),
    .StrideH(StrideH),
    .StrideW(StrideW),
    .DilationH(DilationH),
    .DilationW(DilationW),
    .PadH(PadH),
    .PadW(PadW),
    .UnrollKh(UnrollKh),
    .UnrollKw(UnrollKw),
    .Groups(Groups),
    .Repeats(Repeats),
    .InnerFolds(InFolds),
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
    .window_data_o(window)
  );

  always_comb begin
    for (int unsigned p = 0; p < Positions; p++) begin
      elements[p] = window[p][ElementsWidth-1:0];
      exponents[p] = window[p][BeatWidth-1:ElementsWidth];
    end
  end

  xplat_block_parameters #(
    .ElementsWidth(OutLanes * Terms * WeightWidth),
    .ExponentsWidth(OutLanes * Positions * BeatBlocks * 8),
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
    .Terms(Terms),
    .TotalTerms(KernelH * KernelW * GroupChannels),
    .Positions(Positions),
    .Row(GroupChannels),
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
    .left_i(elements),
    .left_exponent_i(exponents),
    .right_i(weight),
    .right_exponent_i(exponent),
    .bias_valid_i,
    .bias_ready_o,
    .bias_data_i,
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Pixels, Pixels == 1)
  `XPLAT_CHECK_PARAM(InLanes, InFolds * InLanes * Groups == InChannels)
  `XPLAT_CHECK_PARAM(OutLanes, Repeats * Groups * OutLanes == OutChannels)
  `XPLAT_CHECK_PARAM(Block, Groups == 1 || xplat_pkg::gcd(GroupChannels, Block) == Block)

endmodule

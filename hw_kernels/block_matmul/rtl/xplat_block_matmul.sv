// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Product of two streams of matrices in block formats, the right one transposed, rounded into the format
// of the result.
//
// As xplat_matmul with Transposed: for each of Batches pairs of matrices, each of Rows rows of the left
// one, each fold of OutLanes outputs, each fold of SumLanes terms one cycle. A beat of either operand
// has its elements and, above them, an exponent for each of the Groups blocks that it touches, and is
// held as it is. SumLanes divides Block, or is a multiple of it.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   Batches * Rows * (Out / OutLanes) * (Sum / SumLanes), or the beats of an operand, if more.
// Latency from the last needed beat of either operand to the first output beat:
//   Sum / SumLanes + 16 + clog2(SumLanes / Groups) + clog2(Groups).
// Back-pressure: a result begins only when the result FIFO will have room for it; each operand is
// accepted while its buffer has room.

`include "xplat_assert.svh"

module xplat_block_matmul #(
  parameter int unsigned Batches = 1,
  parameter int unsigned Rows = 4,
  parameter int unsigned Sum = 16,
  parameter int unsigned Out = 4,
  parameter int unsigned SumLanes = 16,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned Matrices = 2,
  parameter int unsigned Block = 16,
  parameter int unsigned LeftWidth = 4,
  parameter int unsigned RightWidth = 4,
  parameter bit TwosComplement = 1'b0,
  parameter int unsigned LeftExponent = 0,
  parameter int unsigned RightExponent = 0,
  parameter int unsigned AccWidth = 24,
  parameter int AlignShift = 0,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit OutUnsigned = 1'b0,
  parameter RamStyle = "auto",
  parameter MatrixStyle = "auto",
  localparam int unsigned Groups = xplat_pkg::umax(SumLanes / Block, 1),
  localparam int unsigned InFolds = Sum / SumLanes,
  localparam int unsigned OutFolds = Out / OutLanes,
  localparam int unsigned LeftBits = SumLanes * LeftWidth + Groups * 8,
  localparam int unsigned RightBits = SumLanes * RightWidth + Groups * 8
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,

  input  logic                         left_valid_i,
  output logic                         left_ready_o,
  input  logic [LeftBits-1:0]          left_data_i,

  input  logic                         right_valid_i,
  output logic                         right_ready_o,
  input  logic [RightBits-1:0]         right_data_i,

  output logic                         out_valid_o,
  input  logic                         out_ready_i,
  output logic [OutLanes*OutWidth-1:0] out_data_o
);

  logic may_begin, begins, window_valid, window_last;
  logic [LeftBits-1:0] window_data;
  logic [OutLanes-1:0][RightBits-1:0] word;
  logic [OutLanes-1:0][SumLanes*RightWidth-1:0] right;
  logic [OutLanes-1:0][Groups*8-1:0] right_exponent;
  logic unused_bias_ready;

  // A beat counts as one element.
  xplat_factors #(
    .Batches(Batches),
    .Rows(Rows),
    .InFolds(InFolds),
    .OutFolds(OutFolds),
    .LeftLanes(1),
    .LeftWidth(LeftBits),
    .RightLanes(1),
    .RightWidth(RightBits),
    .OutLanes(OutLanes),
    .Transposed(1'b1),
    .Matrices(Matrices),
    .RamStyle(RamStyle),
    .MatrixStyle(MatrixStyle)
  ) u_factors (
    .clk_i,
    .rst_ni,
    .may_begin_i(may_begin),
    .begin_o(begins),
    .left_valid_i,
    .left_ready_o,
    .left_data_i,
    .right_valid_i,
    .right_ready_o,
    .right_data_i,
    .valid_o(window_valid),
    .last_o(window_last),
    .left_o(window_data),
    .right_o(word)
  );

  for (genvar o = 0; o < OutLanes; o++) begin : gen_lane
    assign {right_exponent[o], right[o]} = word[o];
  end

  xplat_block_mac #(
    .OutLanes(OutLanes),
    .Terms(SumLanes),
    .TotalTerms(Sum),
    .Block(Block),
    .LeftWidth(LeftWidth),
    .RightWidth(RightWidth),
    .TwosComplement(TwosComplement),
    .LeftExponent(LeftExponent),
    .RightExponent(RightExponent),
    .AccWidth(AccWidth),
    .AlignShift(AlignShift),
    .BiasWidth(2),
    .HasBias(1'b0),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .OutUnsigned(OutUnsigned)
  ) u_mac (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(begins),
    .valid_i(window_valid),
    .last_i(window_last),
    .left_i(window_data[SumLanes*LeftWidth-1:0]),
    .left_exponent_i(window_data[LeftBits-1:SumLanes*LeftWidth]),
    .right_i(right),
    .right_exponent_i(right_exponent),
    .bias_valid_i(1'b0),
    .bias_ready_o(unused_bias_ready),
    .bias_data_i('0),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(SumLanes, InFolds * SumLanes == Sum)
  `XPLAT_CHECK_PARAM(OutLanes, OutFolds * OutLanes == Out)
  `XPLAT_CHECK_PARAM(Block, xplat_pkg::gcd(SumLanes, Block) == xplat_pkg::umin(SumLanes, Block))
  `XPLAT_CHECK_PARAM(Batches, Batches >= 1)

endmodule

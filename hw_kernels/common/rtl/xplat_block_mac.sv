// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Multiply-accumulate array for block formats: OutLanes dot products of Terms terms a cycle, each block
// brought onto the grid of a fixed-point accumulator, summed over blocks, plus bias, rounded into the
// output format.
//
// A fold has Terms elements, RowTerms of each of Positions rows. They are of RowTerms / Block blocks, or
// of one that comes in up to Block / RowTerms folds; a row of Row elements may end inside a block. Each of
// these groups has an exponent. Several rows follow each other in a result of TotalTerms elements.
// `valid_i` marks a fold and `last_i` the last fold of a result. Every output lane sees the same left
// elements. Each result takes a word of biases (xplat_sums).
//
// Latency 11 + clog2(Terms / Groups) + clog2(Groups) from the last fold to
// `out_valid_o`; one fold a cycle. The pipeline never stops: whatever feeds it begins a result
// (`begin_i`) only while `may_begin_o` is high, which keeps a place in the result FIFO for it.

`include "xplat_assert.svh"

module xplat_block_mac #(
  parameter int unsigned OutLanes = 1,
  parameter int unsigned Terms = 16,
  parameter int unsigned TotalTerms = 16,
  parameter int unsigned Positions = 1,
  parameter int unsigned Row = TotalTerms,
  parameter int unsigned Block = 16,
  parameter int unsigned LeftWidth = 4,
  parameter int unsigned RightWidth = 4,
  parameter bit TwosComplement = 1'b0,
  parameter int unsigned LeftExponent = 0,
  parameter int unsigned RightExponent = 0,
  parameter int unsigned AccWidth = 24,
  parameter int AlignShift = 0,
  parameter int unsigned BiasWidth = 32,
  parameter bit HasBias = 1'b1,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit OutUnsigned = 1'b0,
  parameter int unsigned LeadCycles = 0,
  parameter bit Late = 1'b0,
  localparam int unsigned RowTerms = Terms / Positions,
  localparam int unsigned Groups = Positions * xplat_pkg::umax(RowTerms / Block, 1)
) (
  input  logic                                     clk_i,
  input  logic                                     rst_ni,

  output logic                                     may_begin_o,
  input  logic                                     begin_i,

  input  logic                                     valid_i,
  input  logic                                     last_i,
  input  logic [Terms*LeftWidth-1:0]               left_i,
  input  logic [Groups*8-1:0]                      left_exponent_i,
  input  logic [OutLanes*Terms*RightWidth-1:0]     right_i,
  input  logic [OutLanes*Groups*8-1:0]             right_exponent_i,

  input  logic                                     bias_valid_i,
  output logic                                     bias_ready_o,
  input  logic [OutLanes*BiasWidth-1:0]            bias_data_i,

  output logic                                     out_valid_o,
  input  logic                                     out_ready_i,
  output logic [OutLanes*OutWidth-1:0]             out_data_o
);

  localparam int unsigned Folds = TotalTerms / Terms;
  localparam int unsigned GroupTerms = Terms / Groups;
  // Folds of a row and of a block, and blocks of a result.
  localparam int unsigned RowFolds = Row / RowTerms;
  localparam int unsigned BlockFolds = xplat_pkg::umax(xplat_pkg::umin(Block / RowTerms, RowFolds), 1);
  localparam int unsigned Blocks = Groups * (Folds / RowFolds) * xplat_pkg::ceil_div(RowFolds, BlockFolds);
  localparam int unsigned SumBlocksWidth = AccWidth + $clog2(Blocks);
  localparam int unsigned GroupsWidth = AccWidth + $clog2(Groups);
  localparam int unsigned DotStages = 5 + $clog2(GroupTerms) + $clog2(Groups);
  // The latency of the whole kernel, with LeadCycles in front of its window buffer.
  localparam int unsigned ResultDepth =
      xplat_pkg::result_depth(LeadCycles + Folds + 11 + DotStages, Folds);

  logic [DotStages-1:0] valid_q, last_q;
  logic first, ends;
  logic [OutLanes*Groups*AccWidth-1:0] terms;
  logic [OutLanes*GroupsWidth-1:0] dot;

  xplat_block_walk #(
    .Beats(RowFolds),
    .BlockBeats(BlockFolds)
  ) u_walk (
    .clk_i,
    .rst_ni,
    .step_i(valid_i),
    .first_o(first),
    .last_o(ends)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[DotStages-2:0], valid_i & ends};
  end

  always_ff @(posedge clk_i) begin
    last_q <= {last_q[DotStages-2:0], last_i};
  end

  for (genvar o = 0; o < OutLanes; o++) begin : gen_lane
    for (genvar g = 0; g < Groups; g++) begin : gen_group
      xplat_block_dot #(
        .Terms(GroupTerms),
        .Folds(BlockFolds),
        .LeftWidth(LeftWidth),
        .RightWidth(RightWidth),
        .TwosComplement(TwosComplement),
        .LeftExponent(LeftExponent),
        .RightExponent(RightExponent),
        .AccWidth(AccWidth),
        .Shift(AlignShift)
      ) u_dot (
        .clk_i,
        .valid_i,
        .first_i(first),
        .left_i(left_i[g*GroupTerms*LeftWidth +: GroupTerms*LeftWidth]),
        .left_exponent_i(left_exponent_i[g*8 +: 8]),
        .right_i(right_i[(o*Terms+g*GroupTerms)*RightWidth +: GroupTerms*RightWidth]),
        .right_exponent_i(right_exponent_i[(o*Groups+g)*8 +: 8]),
        .out_o(terms[(o*Groups+g)*AccWidth +: AccWidth])
      );
    end
  end

  xplat_tree #(
    .Lanes(OutLanes),
    .Terms(Groups),
    .InWidth(AccWidth)
  ) u_tree (
    .clk_i,
    .terms_i(terms),
    .result_o(dot)
  );

  logic unused_shift_ready;

  xplat_sums #(
    .OutLanes(OutLanes),
    .DotWidth(GroupsWidth),
    .AccWidth(SumBlocksWidth),
    .BiasWidth(BiasWidth),
    .HasBias(HasBias),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .OutUnsigned(OutUnsigned),
    .ResultDepth(ResultDepth),
    .Late(Late)
  ) u_sums (
    .clk_i,
    .rst_ni,
    .may_begin_o,
    .begin_i,
    .valid_i(valid_q[DotStages-1]),
    .last_i(last_q[DotStages-1]),
    .dot_i(dot),
    .bias_valid_i,
    .bias_ready_o,
    .bias_data_i,
    .shift_valid_i(1'b0),
    .shift_ready_o(unused_shift_ready),
    .shift_data_i('0),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Lanes, OutLanes >= 1 && Terms >= 1)
  `XPLAT_CHECK_PARAM(Folds, Folds * Terms == TotalTerms)
  `XPLAT_CHECK_PARAM(Row, RowTerms * Positions == Terms && RowFolds * RowTerms == Row && xplat_pkg::gcd(Folds, RowFolds) == RowFolds)
  `XPLAT_CHECK_PARAM(Block, xplat_pkg::gcd(RowTerms, Block) == xplat_pkg::umin(RowTerms, Block))
  `XPLAT_CHECK_PARAM(Widths, BiasWidth >= 2)

endmodule

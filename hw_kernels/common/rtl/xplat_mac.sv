// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Multiply-accumulate array: for each of Pixels inputs, OutLanes dot products of Terms terms a cycle,
// summed over folds, plus bias, rounded into the output format. All pixels share the weights.
//
// Input comes from xplat_window_buffer, beside it a word of weights; `valid_i` marks a fold and
// `last_i` the last fold of a result. Every output lane of a pixel sees the same Terms inputs when
// SharedInput is set, its own Terms inputs otherwise. Each result takes a word of biases and one of
// shifts (xplat_sums). Inputs, weights and results have a sign unless InUnsigned, WeightUnsigned and
// OutUnsigned say otherwise. A weight of one bit is a sign, 1 for -1.
//
// Latency 8 + clog2(Terms) from the last fold to `out_valid_o`; one fold a cycle. The
// pipeline never stops: whatever feeds it begins a result (`begin_i`) only while `may_begin_o` is
// high, which keeps a place in the result FIFO for it.

`include "xplat_assert.svh"

module xplat_mac #(
  parameter int unsigned Pixels = 1,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned Terms = 1,
  parameter int unsigned TotalTerms = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned WeightWidth = 8,
  parameter int unsigned BiasWidth = 32,
  parameter bit HasBias = 1'b1,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
  parameter int unsigned ShiftRange = 4,
  parameter bit SharedInput = 1'b1,
  parameter bit InUnsigned = 1'b0,
  parameter bit WeightUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0,
  parameter int unsigned LeadCycles = 0,
  parameter bit Late = 1'b0,
  localparam int unsigned Results = Pixels * OutLanes,
  localparam int unsigned InTerms = (SharedInput ? Pixels : Results) * Terms
) (
  input  logic                                  clk_i,
  input  logic                                  rst_ni,

  output logic                                  may_begin_o,
  input  logic                                  begin_i,

  input  logic                                  valid_i,
  input  logic                                  last_i,
  input  logic [InTerms*InWidth-1:0]            data_i,
  input  logic [OutLanes*Terms*WeightWidth-1:0] weight_i,

  input  logic                                  bias_valid_i,
  output logic                                  bias_ready_o,
  input  logic [OutLanes*BiasWidth-1:0]         bias_data_i,

  input  logic                                  shift_valid_i,
  output logic                                  shift_ready_o,
  input  logic [OutLanes*6-1:0]                 shift_data_i,

  output logic                                  out_valid_o,
  input  logic                                  out_ready_i,
  output logic [Results*OutWidth-1:0]           out_data_o
);

  // Two factors without a sign have a product without one, which needs a bit for it.
  localparam int unsigned ProdWidth = InWidth + WeightWidth + (InUnsigned && WeightUnsigned ? 1 : 0);
  localparam int unsigned TreeWidth = ProdWidth + $clog2(Terms);
  localparam int unsigned AccWidth = ProdWidth + $clog2(TotalTerms);
  // Operand and product registers, then the tree.
  localparam int unsigned DotStages = 2 + $clog2(Terms);
  // The latency of the whole kernel, with LeadCycles in front of its window buffer.
  localparam int unsigned Folds = TotalTerms / Terms;
  localparam int unsigned ResultDepth =
      xplat_pkg::result_depth(LeadCycles + Folds + 11 + DotStages, Folds);

  logic [DotStages-1:0] valid_q, last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[DotStages-2:0], valid_i};
  end

  always_ff @(posedge clk_i) begin
    last_q <= {last_q[DotStages-2:0], last_i};
  end

  typedef logic signed [ProdWidth-1:0] product_t;

  // A factor with a bit more, which is zero where it has no sign. With a weight of one bit or of two, -2 to 1, the
  // product is the value, or twice the value, or its negative: a complement and one, which is no work for a multiplier.
  function automatic product_t multiply(logic [InWidth-1:0] value, logic [WeightWidth-1:0] weight);
    product_t wide, part;
    logic negative;
    wide = product_t'($signed({value[InWidth-1] & ~InUnsigned, value}));
    if (WeightWidth > 2 || WeightUnsigned) begin
      return wide * product_t'($signed({weight[WeightWidth-1] & ~WeightUnsigned, weight}));
    end
    negative = weight[WeightWidth-1];
    part = WeightWidth == 1 || weight[0] ? wide : negative ? wide <<< 1 : '0;
    return (part ^ {ProdWidth{negative}}) + product_t'(negative);
  endfunction

  // All lanes stand in one loop, as in xplat_tree.
  logic [InTerms-1:0][InWidth-1:0] data_q;
  logic [OutLanes*Terms-1:0][WeightWidth-1:0] weight_q;
  product_t [Results*Terms-1:0] product_d, product_q;
  logic [Results*TreeWidth-1:0] dot;

  always_comb begin
    for (int unsigned o = 0; o < Results; o++) begin
      for (int unsigned t = 0; t < Terms; t++) begin
        product_d[o*Terms+t] = multiply(
            data_q[(SharedInput ? o / OutLanes : o)*Terms+t], weight_q[o%OutLanes*Terms+t]);
      end
    end
  end

  xplat_tree #(
    .Lanes(Results),
    .Terms(Terms),
    .InWidth(ProdWidth)
  ) u_tree (
    .clk_i,
    .terms_i(product_q),
    .result_o(dot)
  );

  always_ff @(posedge clk_i) begin
    data_q <= data_i;
    weight_q <= weight_i;
    product_q <= product_d;
  end

  xplat_sums #(
    .Pixels(Pixels),
    .OutLanes(OutLanes),
    .DotWidth(TreeWidth),
    .AccWidth(AccWidth),
    .BiasWidth(BiasWidth),
    .HasBias(HasBias),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .PerChannelShift(PerChannelShift),
    .ShiftRange(ShiftRange),
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
    .shift_valid_i,
    .shift_ready_o,
    .shift_data_i,
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Lanes, Pixels >= 1 && OutLanes >= 1 && Terms >= 1)
  `XPLAT_CHECK_PARAM(Folds, Folds * Terms == TotalTerms)
  `XPLAT_CHECK_PARAM(Widths, InWidth >= 2 && WeightWidth >= 1 && BiasWidth >= 2)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Linear layer without multipliers: weights are read bit by bit, and a bit adds its input or nothing.
//
// A weight is the sum of its bits times powers of two, where the highest bit, the sign, counts negative. So the sum of
// `x * weight` is a sum of shifted inputs for each bit, and the sign's is subtracted. All sums are exact: the result is
// that of multiplications in every bit.
//
// For each row, each fold of OutLanes outputs, each bit of the weight, each fold of InLanes inputs: one cycle.
// Cycles per sample: Rows * (Out / OutLanes) * WeightWidth * (In / InLanes).
// Latency from the last beat of a row to its first results: WeightWidth * (In / InLanes) + 13 + clog2(InLanes).
//
// The ports are those of every linear kernel, but for the weights: a word is read again for each of its bits, so they are
// a memory for look-ups. Biases and shifts come in order, as streams. xplat's cells do what has nothing to do with the
// arithmetic: xplat_row_buffer takes the rows and replays them, xplat_sums accumulates, adds the bias, rounds, and keeps
// results until they are taken.

`include "xplat_assert.svh"

module shift_add_linear #(
  parameter int unsigned Rows = 1,
  parameter int unsigned In = 8,
  parameter int unsigned Out = 8,
  parameter int unsigned InLanes = 1,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned WeightWidth = 8,
  parameter int unsigned BiasWidth = 32,
  parameter bit HasBias = 1'b1,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
  parameter bit InUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0,
  parameter bit Late = 1'b0,
  localparam int unsigned InFolds = In / InLanes,
  localparam int unsigned OutFolds = Out / OutLanes,
  localparam int unsigned Terms = OutLanes * InLanes,
  localparam int unsigned WeightAddrWidth = xplat_pkg::addr_width(OutFolds * InFolds)
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,

  input  logic                             in_valid_i,
  output logic                             in_ready_o,
  input  logic [InLanes*InWidth-1:0]       in_data_i,

  output logic                             weight_en_o,
  output logic [WeightAddrWidth-1:0]       weight_addr_o,
  input  logic [Terms-1:0][WeightWidth-1:0] weight_data_i,

  input  logic                             bias_valid_i,
  output logic                             bias_ready_o,
  input  logic [OutLanes*BiasWidth-1:0]    bias_data_i,

  input  logic                             shift_valid_i,
  output logic                             shift_ready_o,
  input  logic [OutLanes*6-1:0]            shift_data_i,

  output logic                             out_valid_o,
  input  logic                             out_ready_i,
  output logic [OutLanes*OutWidth-1:0]     out_data_o
);

  localparam int unsigned BitWidth = xplat_pkg::addr_width(WeightWidth);
  localparam int unsigned ValueWidth = InWidth + (InUnsigned ? 1 : 0);
  // The sum of InLanes values; shifted to the place of a bit of the weight, and perhaps negative; all of a result.
  localparam int unsigned TreeWidth = ValueWidth + $clog2(InLanes);
  localparam int unsigned DotWidth = TreeWidth + WeightWidth;
  localparam int unsigned AccWidth = ValueWidth + WeightWidth + $clog2(In);
  // Registers from the window to the accumulator: operands, the adder tree, the shifted sum.
  localparam int unsigned Stages = 2 + $clog2(InLanes);
  localparam int unsigned Work = InFolds * WeightWidth;

  // ---- rows: each passes once for every bit of the weights and every fold of outputs

  logic may_begin, begins, unused_fold, window_valid, window_last;
  logic [InLanes-1:0][InWidth-1:0] window;

  xplat_row_buffer #(
    .Rows(Rows),
    .Lanes(InLanes),
    .ElemWidth(InWidth),
    .InFolds(InFolds),
    .OutFolds(OutFolds * WeightWidth),
    .Passes(WeightWidth)
  ) u_rows (
    .clk_i,
    .rst_ni,
    .may_begin_i(may_begin),
    .begin_o(begins),
    .may_fold_i(1'b1),
    .fold_o(unused_fold),
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .fold_en_o(weight_en_o),
    .window_valid_o(window_valid),
    .window_last_o(window_last),
    .window_data_o(window)
  );

  // ---- weights: the words of a fold of outputs, again for every bit

  logic last_in, last_bit, last_out;
  logic [WeightAddrWidth-1:0] word_q;
  logic [BitWidth-1:0] bit_q;

  xplat_loop #(.Count(InFolds)) u_in (.clk_i, .rst_ni, .step_i(weight_en_o), .last_o(last_in));
  xplat_loop #(.Count(WeightWidth)) u_bit (
    .clk_i, .rst_ni, .step_i(weight_en_o & last_in), .last_o(last_bit)
  );
  xplat_loop #(.Count(OutFolds)) u_out (
    .clk_i, .rst_ni, .step_i(weight_en_o & last_in & last_bit), .last_o(last_out)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      word_q <= '0;
      bit_q <= '0;
    end else if (weight_en_o) begin
      if (!last_in) word_q <= word_q + WeightAddrWidth'(1);
      else if (!last_bit) word_q <= word_q - WeightAddrWidth'(InFolds - 1);
      else word_q <= last_out ? '0 : word_q + WeightAddrWidth'(1);
      if (last_in) bit_q <= last_bit ? '0 : bit_q + BitWidth'(1);
    end
  end

  assign weight_addr_o = word_q;

  // ---- arithmetic: what this kernel is about

  // The bit that each stage works on; stage 0 is that of the window.
  logic [Stages-1:0][BitWidth-1:0] bits_q;
  logic [Stages-1:0] valid_q, last_q;
  logic [InLanes-1:0][InWidth-1:0] values_q;
  logic [Terms-1:0] weights_q;
  logic [Terms-1:0][ValueWidth-1:0] terms;
  logic [OutLanes-1:0][TreeWidth-1:0] tree;
  logic [OutLanes-1:0][DotWidth-1:0] dot_d, dot_q;

  always_ff @(posedge clk_i) begin
    bits_q <= {bits_q[Stages-2:0], bit_q};
    last_q <= {last_q[Stages-2:0], window_last};
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[Stages-2:0], window_valid};
  end

  always_ff @(posedge clk_i) begin
    values_q <= window;
    for (int unsigned t = 0; t < Terms; t++) weights_q[t] <= weight_data_i[t][bits_q[0]];
    dot_q <= dot_d;
  end

  // A value, with a zero before it where it has no sign, or nothing.
  always_comb begin
    for (int unsigned t = 0; t < Terms; t++) begin
      terms[t] = weights_q[t] ? ValueWidth'({1'b0, values_q[t%InLanes]}) : '0;
    end
  end

  xplat_tree #(
    .Lanes(OutLanes),
    .Terms(InLanes),
    .InWidth(ValueWidth)
  ) u_tree (
    .clk_i,
    .terms_i(terms),
    .result_o(tree)
  );

  always_comb begin
    for (int unsigned o = 0; o < OutLanes; o++) begin
      dot_d[o] = DotWidth'($signed(tree[o]));
      if (bits_q[Stages-1] == BitWidth'(WeightWidth - 1)) dot_d[o] = -dot_d[o];
      dot_d[o] <<= bits_q[Stages-1];
    end
  end

  // ---- sums, bias, rounding, results that wait

  xplat_sums #(
    .OutLanes(OutLanes),
    .DotWidth(DotWidth),
    .AccWidth(AccWidth),
    .BiasWidth(BiasWidth),
    .HasBias(HasBias),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .PerChannelShift(PerChannelShift),
    .OutUnsigned(OutUnsigned),
    .ResultDepth(xplat_pkg::result_depth(Work + 13 + $clog2(InLanes), Work)),
    .Late(Late)
  ) u_sums (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(begins),
    .valid_i(valid_q[Stages-1]),
    .last_i(last_q[Stages-1]),
    .dot_i(dot_q),
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

  `XPLAT_CHECK_PARAM(InLanes, InFolds * InLanes == In)
  `XPLAT_CHECK_PARAM(OutLanes, OutFolds * OutLanes == Out)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two-dimensional maximum or average pooling with padding, rounded into the output format.
//
// Mode 0, maximum: padding is ignored; out = saturate(rne(max / 2^Shift)).
// Mode 1, average: padding counts as zeros, the divisor is always KernelH * KernelW;
//   out = saturate(rne(sum / (KernelH * KernelW * 2^Shift))), rounded once.
// Numbers have a sign unless InUnsigned and OutUnsigned say otherwise.
// For each Pixels output pixels (row-major), each fold of Lanes channels, each fold of (kh, kw): one
// cycle. With several pixels, beats hold whole ones: Lanes = Channels and UnrollKw = KernelW; a beat
// of the input has as many columns as the windows of these pixels move by (xplat_pixel_window).
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   max(OutHeight * (OutWidth_px / Pixels) * (Channels / Lanes) * Folds,
//       InHeight * (InWidth_px / Columns) * Channels / Lanes)
// with Folds = (KernelH / UnrollKh) * (KernelW / UnrollKw).
// Latency from the last needed beat to the first output beat:
//   Folds + 10 + clog2(UnrollKh * UnrollKw), for the average
//   Folds + 12 + clog2(UnrollKh * UnrollKw).
// Back-pressure: a result begins only when the result FIFO will have room for it; input is accepted
// while the window buffer has room.

`include "xplat_assert.svh"

module xplat_pool2d #(
  parameter int unsigned Channels = 4,
  parameter int unsigned InHeight = 8,
  parameter int unsigned InWidth_px = 8,
  parameter int unsigned OutHeight = 4,
  parameter int unsigned OutWidth_px = 4,
  parameter int unsigned KernelH = 2,
  parameter int unsigned KernelW = 2,
  parameter int unsigned StrideH = 2,
  parameter int unsigned StrideW = 2,
  parameter int unsigned DilationH = 1,
  parameter int unsigned DilationW = 1,
  parameter int unsigned PadH = 0,
  parameter int unsigned PadW = 0,
  parameter int unsigned Pixels = 1,
  parameter int unsigned Lanes = 1,
  parameter int unsigned UnrollKh = 1,
  parameter int unsigned UnrollKw = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter int unsigned Mode = 0,
  parameter bit InUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0,
  parameter RamStyle = "auto",
  localparam int unsigned Columns = xplat_pkg::beat_columns(Pixels, StrideW),
  localparam int unsigned Results = Pixels * Lanes
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,

  input  logic                             in_valid_i,
  output logic                             in_ready_o,
  input  logic [Columns*Lanes*InWidth-1:0] in_data_i,

  output logic                             out_valid_o,
  input  logic                             out_ready_i,
  output logic [Results*OutWidth-1:0]      out_data_o
);

  localparam bit Average = Mode == 1;
  localparam int unsigned ChannelFolds = Channels / Lanes;
  localparam int unsigned Terms = UnrollKh * UnrollKw;
  // With a zero before an element that has no sign.
  localparam int unsigned TermWidth = InWidth + (InUnsigned ? 1 : 0);
  localparam int unsigned TreeWidth = Average ? TermWidth + $clog2(Terms) : TermWidth;
  localparam int unsigned AccWidth = Average ? TermWidth + $clog2(KernelH * KernelW) : TermWidth;
  localparam int unsigned TreeStages = $clog2(Terms);
  localparam int unsigned RoundStages = Average ? 5 : 3;
  localparam int unsigned Folds = (KernelH / UnrollKh) * (KernelW / UnrollKw);
  localparam int unsigned ResultDepth =
      xplat_pkg::result_depth(Folds + 7 + TreeStages + RoundStages, Folds);

  logic may_begin, begins, window_valid, window_last, unused_fold, unused_fold_en;
  logic [Results*Terms*InWidth-1:0] window_data;

  xplat_pixel_window #(
    .Pixels(Pixels),
    .Lanes(Lanes),
    .ElemWidth(InWidth),
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
    .Groups(ChannelFolds),
    .PadLowest(!Average && !InUnsigned),
    .AnyOrder(1'b1),
    .RamStyle(RamStyle)
  ) u_window (
    .clk_i,
    .rst_ni,
    .may_begin_i(may_begin),
    .begin_o(begins),
    .may_fold_i(1'b1),
    .fold_o(unused_fold),
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .fold_en_o(unused_fold_en),
    .window_valid_o(window_valid),
    .window_last_o(window_last),
    .window_data_o(window_data)
  );

  logic [TreeStages:0] valid, last, valid_q, last_q;
  logic [RoundStages-1:0] round_valid_q;
  logic tree_valid, tree_last, first_q, acc_valid_q;
  logic [Results*OutWidth-1:0] result;

  // Of the window, then of each stage of the tree.
  assign valid = (TreeStages + 1)'({valid_q, window_valid});
  assign last = (TreeStages + 1)'({last_q, window_last});
  assign tree_valid = valid[TreeStages];
  assign tree_last = last[TreeStages];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      first_q <= 1'b1;
      acc_valid_q <= 1'b0;
      round_valid_q <= '0;
    end else begin
      valid_q <= valid;
      if (tree_valid) first_q <= tree_last;
      acc_valid_q <= tree_valid & tree_last;
      round_valid_q <= {round_valid_q[RoundStages-2:0], acc_valid_q};
    end
  end

  always_ff @(posedge clk_i) begin
    last_q <= last;
  end

  typedef logic signed [TermWidth-1:0] term_t;
  typedef logic signed [TreeWidth-1:0] value_t;
  typedef logic signed [AccWidth-1:0] acc_t;

  // All lanes stand in one loop, as in xplat_tree.
  term_t [Results*Terms-1:0] terms;
  value_t [Results-1:0] reduced;
  acc_t [Results-1:0] acc_d, acc_q;

  function automatic term_t term(logic [InWidth-1:0] value);
    return InUnsigned ? term_t'(value) : term_t'($signed(value));
  endfunction

  function automatic acc_t reduce(acc_t so_far, acc_t value);
    logic signed [AccWidth:0] difference;
    // Its sign, as in xplat_tree.
    difference = (AccWidth + 1)'(so_far) - (AccWidth + 1)'(value);
    if (Average) return so_far + value;
    return difference[AccWidth] ? value : so_far;
  endfunction

  always_comb begin
    for (int unsigned l = 0; l < Results; l++) begin
      for (int unsigned t = 0; t < Terms; t++) begin
        terms[l*Terms+t] =
            term(window_data[((l / Lanes * Terms + t) * Lanes + l % Lanes)*InWidth +: InWidth]);
      end
      acc_d[l] = acc_t'($signed(reduced[l]));
      if (!first_q) acc_d[l] = reduce(acc_q[l], acc_d[l]);
    end
  end

  always_ff @(posedge clk_i) begin
    if (tree_valid) acc_q <= acc_d;
  end

  xplat_tree #(
    .Lanes(Results),
    .Terms(Terms),
    .InWidth(TermWidth),
    .Maximum(!Average)
  ) u_tree (
    .clk_i,
    .terms_i(terms),
    .result_o(reduced)
  );

  if (Average) begin : gen_average
    for (genvar l = 0; l < Results; l++) begin : gen_lane
      xplat_round_div #(
        .InWidth(AccWidth),
        .Divisor(KernelH * KernelW),
        .OutWidth(OutWidth),
        .Shift(Shift),
        .OutUnsigned(OutUnsigned)
      ) u_round (
        .clk_i,
        .in_i(acc_q[l]),
        .out_o(result[l*OutWidth +: OutWidth])
      );
    end
  end else begin : gen_maximum
    xplat_requant #(
      .Lanes(Results),
      .InWidth(AccWidth),
      .OutWidth(OutWidth),
      .Shift(Shift),
      .OutUnsigned(OutUnsigned)
    ) u_round (
      .clk_i,
      .in_i(acc_q),
      .shift_i('0),
      .out_o(result)
    );
  end

  xplat_result_fifo #(
    .DataWidth(Results * OutWidth),
    .Depth(ResultDepth)
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(begins),
    .valid_i(round_valid_q[RoundStages-1]),
    .data_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Mode, Mode <= 1)
  `XPLAT_CHECK_PARAM(Pixels, Pixels == 1 || Lanes == Channels)
  `XPLAT_CHECK_PARAM(Lanes, ChannelFolds * Lanes == Channels)

endmodule

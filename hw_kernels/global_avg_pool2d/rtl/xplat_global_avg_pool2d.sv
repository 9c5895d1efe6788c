// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Average over all pixels of each channel, rounded once into the output format.
//
// out = saturate(rne(sum / (Height * Width * 2^Shift))). Sums accumulate while pixels stream
// through; the results leave during the last pixel's beats.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   Height * Width * Channels / Lanes.
// Latency from the last needed beat to its output beat: 9.
// Back-pressure: a beat of the last pixel is taken only when the result FIFO will have room for its
// result; the two-beat register slice at the input goes on accepting until it is full.

`include "xplat_assert.svh"

module xplat_global_avg_pool2d #(
  parameter int unsigned Channels = 4,
  parameter int unsigned Height = 4,
  parameter int unsigned Width = 4,
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      in_valid_i,
  output logic                      in_ready_o,
  input  logic [Lanes*InWidth-1:0]  in_data_i,

  output logic                      out_valid_o,
  input  logic                      out_ready_i,
  output logic [Lanes*OutWidth-1:0] out_data_o
);

  localparam int unsigned Pixels = Height * Width;
  localparam int unsigned ChannelFolds = Channels / Lanes;
  localparam int unsigned AccWidth = InWidth + $clog2(Pixels);
  localparam int unsigned FoldWidth = xplat_pkg::addr_width(ChannelFolds);
  localparam int unsigned PixelWidth = xplat_pkg::addr_width(Pixels);
  localparam int unsigned RoundStages = 5;
  localparam int unsigned Latency = 9;

  logic may_begin, take, valid, first, last, fold_end;
  logic [Lanes*InWidth-1:0] data;

  xplat_skid #(
    .DataWidth(Lanes * InWidth)
  ) u_skid (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(valid),
    .out_ready_i(take),
    .out_data_o(data)
  );

  logic [FoldWidth-1:0] fold_q, fold1_q;
  logic [PixelWidth-1:0] pixel_q;
  logic valid1_q, first1_q, last1_q, last2_q;
  logic [RoundStages-1:0] round_valid_q;
  logic [Lanes*InWidth-1:0] data_q;
  logic [Lanes*AccWidth-1:0] acc, sum_d, sum_q;
  logic [Lanes*OutWidth-1:0] result;

  // Only beats of the last pixel make a result.
  assign take = may_begin | ~last;
  assign fold_end = fold_q == FoldWidth'(ChannelFolds - 1);
  assign first = pixel_q == '0;
  assign last = pixel_q == PixelWidth'(Pixels - 1);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      fold_q <= '0;
      pixel_q <= '0;
      valid1_q <= 1'b0;
      last2_q <= 1'b0;
      round_valid_q <= '0;
    end else begin
      if (valid & take) begin
        fold_q <= fold_end ? '0 : fold_q + FoldWidth'(1);
        if (fold_end) pixel_q <= last ? '0 : pixel_q + PixelWidth'(1);
      end
      valid1_q <= valid & take;
      last2_q <= valid1_q & last1_q;
      round_valid_q <= {round_valid_q[RoundStages-2:0], last2_q};
    end
  end

  always_ff @(posedge clk_i) begin
    data_q <= data;
    fold1_q <= fold_q;
    first1_q <= first;
    last1_q <= last;
    sum_q <= sum_d;
  end

  // The fold after this one is read while this one's sum is written: they differ unless there is
  // one fold only, which lives in a register.
  if (ChannelFolds == 1) begin : gen_register
    logic [Lanes*AccWidth-1:0] acc_q;
    always_ff @(posedge clk_i) begin
      if (valid1_q) acc_q <= sum_d;
    end
    assign acc = acc_q;

    logic unused_ok;
    assign unused_ok = &{1'b0, fold1_q};
  end else begin : gen_memory
    logic [Lanes*AccWidth-1:0] mem [ChannelFolds];
    logic [Lanes*AccWidth-1:0] read_q;
    always_ff @(posedge clk_i) begin
      if (valid1_q) mem[fold1_q] <= sum_d;
      read_q <= mem[fold_q];
    end
    assign acc = read_q;
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic signed [AccWidth-1:0] term;
    assign term = AccWidth'($signed(data_q[l*InWidth +: InWidth]));
    assign sum_d[l*AccWidth +: AccWidth] =
        first1_q ? term : $signed(acc[l*AccWidth +: AccWidth]) + term;

    xplat_round_div #(
      .InWidth(AccWidth),
      .Divisor(Pixels),
      .OutWidth(OutWidth),
      .Shift(Shift)
    ) u_round (
      .clk_i,
      .in_i(sum_q[l*AccWidth +: AccWidth]),
      .out_o(result[l*OutWidth +: OutWidth])
    );
  end

  xplat_result_fifo #(
    .DataWidth(Lanes * OutWidth),
    .Depth(xplat_pkg::result_depth(Latency, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(valid & take & last),
    .valid_i(round_valid_q[RoundStages-1]),
    .data_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Lanes, ChannelFolds * Lanes == Channels)
  `XPLAT_CHECK_PARAM(Extents, Height >= 1 && Width >= 1)

endmodule

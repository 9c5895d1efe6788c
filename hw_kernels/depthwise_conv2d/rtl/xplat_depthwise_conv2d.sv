// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Depthwise two-dimensional convolution (one filter a channel), bias and requantization.
//
// For each Pixels output pixels (row-major), each fold of Lanes channels, each fold of (kh, kw): one
// cycle. With several pixels, beats hold whole ones: Lanes = Channels and UnrollKw = KernelW; a beat
// of the input has as many columns as the windows of these pixels move by (xplat_pixel_window).
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   max(OutHeight * (OutWidth_px / Pixels) * (Channels / Lanes) * Folds,
//       InHeight * (InWidth_px / Columns) * Channels / Lanes)
// with Folds = (KernelH / UnrollKh) * (KernelW / UnrollKw).
// Latency from the last needed beat to the first output beat:
//   Folds + 13 + clog2(UnrollKh * UnrollKw).
// Back-pressure: a result begins only when the result FIFO will have room for it; input is accepted
// while the window buffer has room.
//
// Weight word: Lanes x UnrollKh x UnrollKw, element 0 in the low bits, in the order (channel fold,
// kh fold, kw fold).

`include "xplat_assert.svh"

module xplat_depthwise_conv2d #(
  parameter int unsigned Channels = 4,
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
  parameter int unsigned Lanes = 1,
  parameter int unsigned UnrollKh = 1,
  parameter int unsigned UnrollKw = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned WeightWidth = 8,
  parameter int unsigned BiasWidth = 32,
  parameter bit HasBias = 1'b1,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
  parameter int unsigned ShiftRange = 4,
  parameter bit InUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0,
  parameter bit Late = 1'b0,
  parameter RamStyle = "auto",
  localparam int unsigned Columns = xplat_pkg::beat_columns(Pixels, StrideW),
  localparam int unsigned ChannelFolds = Channels / Lanes,
  localparam int unsigned Terms = UnrollKh * UnrollKw
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,

  input  logic                               in_valid_i,
  output logic                               in_ready_o,
  input  logic [Columns*Lanes*InWidth-1:0]   in_data_i,

  input  logic                               weight_valid_i,
  output logic                               weight_ready_o,
  input  logic [Lanes*Terms*WeightWidth-1:0] weight_data_i,

  input  logic                               bias_valid_i,
  output logic                               bias_ready_o,
  input  logic [Lanes*BiasWidth-1:0]         bias_data_i,

  input  logic                               shift_valid_i,
  output logic                               shift_ready_o,
  input  logic [Lanes*6-1:0]                 shift_data_i,

  output logic                               out_valid_o,
  input  logic                               out_ready_i,
  output logic [Pixels*Lanes*OutWidth-1:0]   out_data_o
);

  logic may_begin, begins, may_fold, folds, window_valid, window_last, unused_fold_en;
  logic [Lanes*Terms*WeightWidth-1:0] weight;
  logic [Pixels*Terms*Lanes*InWidth-1:0] window_data, lane_data;

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

  // From (pixel, kh, kw, lane) to (pixel, lane, kh, kw).
  for (genvar p = 0; p < Pixels; p++) begin : gen_pixel
    for (genvar l = 0; l < Lanes; l++) begin : gen_lane
      for (genvar t = 0; t < Terms; t++) begin : gen_term
        assign lane_data[((p * Lanes + l) * Terms + t) * InWidth +: InWidth] =
            window_data[((p * Terms + t) * Lanes + l) * InWidth +: InWidth];
      end
    end
  end

  xplat_parameter_port #(
    .Width(Lanes * Terms * WeightWidth),
    .Late(Late)
  ) u_weight (
    .clk_i,
    .rst_ni,
    .in_valid_i(weight_valid_i),
    .in_ready_o(weight_ready_o),
    .in_data_i(weight_data_i),
    .may_begin_o(may_fold),
    .begin_i(folds),
    .take_i(window_valid),
    .data_o(weight)
  );

  xplat_mac #(
    .Pixels(Pixels),
    .OutLanes(Lanes),
    .Terms(Terms),
    .TotalTerms(KernelH * KernelW),
    .InWidth(InWidth),
    .WeightWidth(WeightWidth),
    .BiasWidth(BiasWidth),
    .HasBias(HasBias),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .PerChannelShift(PerChannelShift),
    .ShiftRange(ShiftRange),
    .InUnsigned(InUnsigned),
    .OutUnsigned(OutUnsigned),
    .SharedInput(1'b0),
    .Late(Late)
  ) u_mac (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(begins),
    .valid_i(window_valid),
    .last_i(window_last),
    .data_i(lane_data),
    .weight_i(weight),
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

  `XPLAT_CHECK_PARAM(Pixels, Pixels == 1 || Lanes == Channels)
  `XPLAT_CHECK_PARAM(Lanes, ChannelFolds * Lanes == Channels)

endmodule

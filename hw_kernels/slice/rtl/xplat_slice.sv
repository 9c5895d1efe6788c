// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Some beats of a stream: takes every beat and passes on those at the positions of a walk.
//
// The stream falls into windows of `Window` beats; positions in it: see xplat_member.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked: beats of the
// operand. Latency from the last needed beat to its output beat: 2.
// Back-pressure: a beat that stays passes only when the result FIFO has a place for it, others are
// dropped at once; the input goes on accepting until three beats wait.

`include "xplat_assert.svh"

module xplat_slice #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Window = 4,
  parameter int unsigned Offset = 0,
  parameter int unsigned Count0 = 2,
  parameter int unsigned Count1 = 1,
  parameter int unsigned Count2 = 1,
  parameter int unsigned Count3 = 1,
  parameter int unsigned Count4 = 1,
  parameter int unsigned Count5 = 1,
  parameter int unsigned Stride0 = 1,
  parameter int unsigned Stride1 = 1,
  parameter int unsigned Stride2 = 1,
  parameter int unsigned Stride3 = 1,
  parameter int unsigned Stride4 = 1,
  parameter int unsigned Stride5 = 1
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 in_valid_i,
  output logic                 in_ready_o,
  input  logic [DataWidth-1:0] in_data_i,

  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [DataWidth-1:0] out_data_o
);

  logic valid, take, stays, may_begin;
  logic [DataWidth-1:0] data;

  xplat_wait #(
    .DataWidth(DataWidth)
  ) u_wait (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(valid),
    .out_ready_i(take),
    .out_data_o(data)
  );

  assign take = may_begin | ~stays;

  xplat_member #(
    .Window(Window),
    .Offset(Offset),
    .Digits(7),
    .Counts(xplat_pkg::digits(Count0, Count1, Count2, Count3, Count4, Count5, 1)),
    .Strides(xplat_pkg::digits(Stride0, Stride1, Stride2, Stride3, Stride4, Stride5, 1))
  ) u_member (
    .clk_i,
    .rst_ni,
    .step_i(valid & take),
    .member_o(stays)
  );

  xplat_result_fifo #(
    .DataWidth(DataWidth),
    .Depth(2)
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(valid & take & stays),
    .valid_i(valid & take & stays),
    .data_i(data),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(DataWidth, DataWidth >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

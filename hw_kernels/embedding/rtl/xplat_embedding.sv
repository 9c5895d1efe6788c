// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rows of a table: for each index of the operand, the Folds beats of its row.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked: indices * Folds.
// Latency from an index to the first beat of its row: 4.
// Back-pressure: a word is read only when the result FIFO will have room for it; the input goes on
// accepting until three indices wait.
//
// Word: one beat, lane 0 in the low bits; address: row * Folds + number of the beat in its row.

`include "xplat_assert.svh"

module xplat_embedding #(
  parameter int unsigned Rows = 2,
  parameter int unsigned Folds = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned DataWidth = 8,
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Rows * Folds)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 in_valid_i,
  output logic                 in_ready_o,
  input  logic [InWidth-1:0]   in_data_i,

  output logic                 table_en_o,
  output logic [AddrWidth-1:0] table_addr_o,
  input  logic [DataWidth-1:0] table_data_i,

  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [DataWidth-1:0] out_data_o
);

  localparam int unsigned Latency = 4;

  logic valid, step, last, may_begin, read_q, word_valid_q;
  logic [InWidth-1:0] index;
  logic [AddrWidth-1:0] fold_q, addr, addr_q;

  xplat_wait #(
    .DataWidth(InWidth)
  ) u_wait (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(valid),
    .out_ready_i(may_begin & last),
    .out_data_o(index)
  );

  assign step = valid & may_begin;

  xplat_loop #(.Count(Folds)) u_fold (.clk_i, .rst_ni, .step_i(step), .last_o(last));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      fold_q <= '0;
      read_q <= 1'b0;
      word_valid_q <= 1'b0;
    end else begin
      if (step) fold_q <= last ? '0 : fold_q + AddrWidth'(1);
      read_q <= step;
      word_valid_q <= read_q;
    end
  end

  // index * Folds + fold, by additions: a multiplier is not worth it.
  always_comb begin
    addr = fold_q;
    for (int i = 0; i < int'(AddrWidth); i++) begin
      if (Folds[i]) addr += AddrWidth'(index) << i;
    end
  end

  always_ff @(posedge clk_i) begin
    addr_q <= addr;
  end

  assign table_en_o = read_q;
  assign table_addr_o = addr_q;

  xplat_result_fifo #(
    .DataWidth(DataWidth),
    .Depth(xplat_pkg::result_depth(Latency, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(step),
    .valid_i(word_valid_q),
    .data_i(table_data_i),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  // The sign of an index is zero.
  logic unused_ok;
  assign unused_ok = &{1'b0, index};

  `XPLAT_CHECK_PARAM(Size, Rows >= 1 && Folds >= 1)
  `XPLAT_CHECK_PARAM(Widths, InWidth >= 1 && DataWidth >= 1)
  `XPLAT_ASSERT(Row, !step || 32'(index) < Rows)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

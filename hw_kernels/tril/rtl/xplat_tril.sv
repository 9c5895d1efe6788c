// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The lower triangle of matrices that come row by row; elements above the diagonal become a constant.
//
// Element (i, j) passes if j - i is at most Diagonal, which may be negative.
//
// Cycles per beat (initiation interval), exact when never starved and never blocked: 1.
// Latency from the last needed beat to its output beat: 2.
// Back-pressure: a beat passes only when the result FIFO has a place for it; the input goes on
// accepting until three beats wait.

`include "xplat_assert.svh"

module xplat_tril #(
  parameter int unsigned Rows = 4,
  parameter int unsigned Columns = 4,
  parameter int Diagonal = 0,
  parameter int unsigned ElemWidth = 8,
  parameter int unsigned Lanes = 1,
  parameter int Fill = 0
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       in_valid_i,
  output logic                       in_ready_o,
  input  logic [Lanes*ElemWidth-1:0] in_data_i,

  output logic                       out_valid_o,
  input  logic                       out_ready_i,
  output logic [Lanes*ElemWidth-1:0] out_data_o
);

  localparam int unsigned DataWidth = Lanes * ElemWidth;
  localparam int unsigned Folds = Columns / Lanes;
  // Numbers of columns, with a sign. A diagonal beyond the matrix is as good as one at its edge.
  localparam int Edge = int'(Rows + Columns);
  localparam int First = (Diagonal < -Edge ? -Edge : Diagonal > Edge ? Edge : Diagonal) + 1;
  localparam int unsigned CountWidth = $clog2(2 * Edge + 2) + 1;
  typedef logic signed [CountWidth-1:0] count_t;

  logic valid, step, may_begin, last_fold, last_row;
  logic [DataWidth-1:0] data, result;
  // Columns that pass: in the whole row, and from this beat on; both may be negative.
  count_t row_q, left_q, next_row;

  xplat_wait #(
    .DataWidth(DataWidth)
  ) u_wait (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(valid),
    .out_ready_i(may_begin),
    .out_data_o(data)
  );

  assign step = may_begin & valid;
  assign next_row = last_row ? count_t'(First) : row_q + count_t'(1);

  xplat_loop #(.Count(Folds)) u_fold (.clk_i, .rst_ni, .step_i(step), .last_o(last_fold));
  xplat_loop #(.Count(Rows)) u_row (
    .clk_i, .rst_ni, .step_i(step & last_fold), .last_o(last_row)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      row_q <= count_t'(First);
      left_q <= count_t'(First);
    end else if (step) begin
      if (last_fold) row_q <= next_row;
      left_q <= last_fold ? next_row : left_q - count_t'(Lanes);
    end
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    assign result[l*ElemWidth +: ElemWidth] =
        left_q > count_t'(l) ? data[l*ElemWidth +: ElemWidth] : ElemWidth'(Fill);
  end

  xplat_result_fifo #(
    .DataWidth(DataWidth),
    .Depth(2)
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(step),
    .valid_i(step),
    .data_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Size, Rows >= 1 && Folds >= 1 && Folds * Lanes == Columns)
  `XPLAT_CHECK_PARAM(Widths, ElemWidth >= 2 && Lanes >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The Kept largest or smallest elements of each row of Elements, the first one first; or their
// positions in the row, counted from 0. Of equal elements the one that came first is first.
//
// Elements come one a cycle. Kept cells hold the best so far in order, an insertion sorter: an element
// goes into the first cell that holds less, and what stood there and behind moves on by one cell.
// All cells compare at once, so that a row is in order as soon as its last element is in; a beat of
// the result is a whole row. Numbers have a sign unless InUnsigned says otherwise.
//
// Cycles per row (initiation interval), exact when never starved and never blocked: Elements.
// Latency from the last element of a row to its beat: 4.
// Back-pressure: the last element of a row is taken only when the result FIFO will have room for the
// row; the input goes on accepting until three elements wait.

`include "xplat_assert.svh"

module xplat_top_k #(
  parameter int unsigned Elements = 8,
  parameter int unsigned Kept = 1,
  parameter bit Smallest = 1'b0,
  parameter bit Positions = 1'b0,
  parameter int unsigned InWidth = 8,
  parameter int unsigned OutWidth = 8,
  parameter bit InUnsigned = 1'b0
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,

  input  logic                     in_valid_i,
  output logic                     in_ready_o,
  input  logic [InWidth-1:0]       in_data_i,

  output logic                     out_valid_o,
  input  logic                     out_ready_i,
  output logic [Kept*OutWidth-1:0] out_data_o
);

  localparam int unsigned Latency = 4;
  // With a zero before an element that has no sign, and its position below it.
  localparam int unsigned ElemWidth = InWidth + (InUnsigned ? 1 : 0);
  localparam int unsigned TagWidth = Positions ? xplat_pkg::addr_width(Elements) : 0;
  localparam int unsigned ItemWidth = ElemWidth + TagWidth;

  typedef logic signed [ElemWidth-1:0] elem_t;
  typedef logic [ItemWidth-1:0] item_t;

  logic may_begin, take, valid, step, last;
  logic first_q, step_q, in_first_q, last_q, done_q;
  logic [InWidth-1:0] data;
  elem_t element;
  item_t item_d, item_q;
  // What each cell holds, the first one lowest; cells behind the elements so far hold nothing.
  item_t [Kept-1:0] held_q;
  logic [Kept-1:0] occupied_q, goes_in_front;
  logic [Kept*OutWidth-1:0] result;

  xplat_wait #(
    .DataWidth(InWidth)
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

  assign take = may_begin | ~last;
  assign step = valid & take;

  xplat_loop #(.Count(Elements)) u_elements (.clk_i, .rst_ni, .step_i(step), .last_o(last));

  // The smallest is the complement of the largest of complements.
  assign element = InUnsigned ? elem_t'(data) : elem_t'($signed(data));

  if (Positions) begin : gen_tag
    logic [TagWidth-1:0] place_q;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) place_q <= '0;
      else if (step) place_q <= last ? '0 : place_q + TagWidth'(1);
    end
    assign item_d = {Smallest ? ~element : element, place_q};
  end else begin : gen_plain
    assign item_d = Smallest ? ~element : element;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q <= 1'b1;
      step_q <= 1'b0;
      done_q <= 1'b0;
    end else begin
      if (step) first_q <= last;
      step_q <= step;
      done_q <= step_q & last_q;
    end
  end

  always_ff @(posedge clk_i) begin
    item_q <= item_d;
    in_first_q <= first_q;
    last_q <= last;
  end

  always_comb begin
    for (int unsigned c = 0; c < Kept; c++) begin
      goes_in_front[c] = in_first_q | ~occupied_q[c]
          | ($signed(held_q[c][ItemWidth-1:TagWidth]) < $signed(item_q[ItemWidth-1:TagWidth]));
    end
  end

  // A row has no fewer elements than cells, so all of them are occupied in the end.
  always_ff @(posedge clk_i) begin
    for (int unsigned c = 0; c < Kept; c++) begin
      if (step_q & goes_in_front[c]) held_q[c] <= item_q;
      if (step_q) occupied_q[c] <= 1'b1;
      if (c > 0) begin
        if (step_q & goes_in_front[c] & goes_in_front[c-1]) held_q[c] <= held_q[c-1];
        if (step_q) occupied_q[c] <= occupied_q[c-1] & ~in_first_q;
      end
    end
  end

  for (genvar c = 0; c < Kept; c++) begin : gen_result
    if (Positions) begin : gen_position
      assign result[c*OutWidth +: OutWidth] = OutWidth'(held_q[c][TagWidth-1:0]);
    end else begin : gen_value
      assign result[c*OutWidth +: OutWidth] =
          OutWidth'(Smallest ? ~held_q[c][InWidth-1:0] : held_q[c][InWidth-1:0]);
    end
  end

  xplat_result_fifo #(
    .DataWidth(Kept * OutWidth),
    .Depth(xplat_pkg::result_depth(Latency, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(step & last),
    .valid_i(done_q),
    .data_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Kept, Kept >= 1 && Kept <= Elements)
  `XPLAT_CHECK_PARAM(OutWidth, OutWidth >= (Positions ? TagWidth : InWidth))

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Streams one after the other: `Run0` beats of the first, `Run1` of the second, …, and again.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked: beats of the
// result. Latency from the last needed beat to its output beat: 2.
// Back-pressure: a beat passes only when the result FIFO has a place for it; each input goes on
// accepting until three of its beats wait.

`include "xplat_assert.svh"

module xplat_concat #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Inputs = 2,
  parameter int unsigned Run0 = 1,
  parameter int unsigned Run1 = 1,
  parameter int unsigned Run2 = 1,
  parameter int unsigned Run3 = 1,
  parameter int unsigned Run4 = 1,
  parameter int unsigned Run5 = 1,
  parameter int unsigned Run6 = 1,
  parameter int unsigned Run7 = 1
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,

  input  logic [Inputs-1:0]                in_valid_i,
  output logic [Inputs-1:0]                in_ready_o,
  input  logic [Inputs-1:0][DataWidth-1:0] in_data_i,

  output logic                             out_valid_o,
  input  logic                             out_ready_i,
  output logic [DataWidth-1:0]             out_data_o
);

  function automatic bit [7:0][31:0] run_lengths();
    bit [7:0][31:0] all;
    all[0] = Run0;
    all[1] = Run1;
    all[2] = Run2;
    all[3] = Run3;
    all[4] = Run4;
    all[5] = Run5;
    all[6] = Run6;
    all[7] = Run7;
    return all;
  endfunction

  localparam bit [7:0][31:0] Runs = run_lengths();

  function automatic int unsigned longest();
    int unsigned most = 1;
    for (int unsigned i = 0; i < Inputs; i++) most = xplat_pkg::umax(most, Runs[i]);
    return most;
  endfunction

  // Beats of a run behind the present one.
  localparam int unsigned LeftWidth = xplat_pkg::addr_width(longest());

  logic [Inputs-1:0] valid, turn_q, turn_next;
  logic [Inputs-1:0][DataWidth-1:0] data;
  logic [DataWidth-1:0] chosen;
  logic [LeftWidth-1:0] left_q, left_next;
  logic may_begin, step, last_q, last_next;

  for (genvar i = 0; i < Inputs; i++) begin : gen_input
    xplat_wait #(
      .DataWidth(DataWidth)
    ) u_wait (
      .clk_i,
      .rst_ni,
      .in_valid_i(in_valid_i[i]),
      .in_ready_o(in_ready_o[i]),
      .in_data_i(in_data_i[i]),
      .out_valid_o(valid[i]),
      .out_ready_i(may_begin & turn_q[i]),
      .out_data_o(data[i])
    );
  end

  assign step = may_begin & |(valid & turn_q);
  assign turn_next = Inputs'({turn_q, turn_q} >> (Inputs - 1));

  always_comb begin
    chosen = '0;
    left_next = '0;
    last_next = 1'b0;
    for (int unsigned i = 0; i < Inputs; i++) begin
      if (turn_q[i]) chosen |= data[i];
      if (turn_next[i]) left_next |= LeftWidth'(Runs[i] - 1);
      if (turn_next[i]) last_next |= Runs[i] == 1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      turn_q <= Inputs'(1);
      left_q <= LeftWidth'(Run0 - 1);
      last_q <= Run0 == 1;
    end else if (step) begin
      if (last_q) turn_q <= turn_next;
      left_q <= last_q ? left_next : left_q - LeftWidth'(1);
      last_q <= last_q ? last_next : left_q == LeftWidth'(1);
    end
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
    .data_i(chosen),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Inputs, Inputs >= 2 && Inputs <= 8)
  for (genvar i = 0; i < Inputs; i++) begin : gen_check
    `XPLAT_CHECK_PARAM(Run, Runs[i] >= 1)
    `XPLAT_ASSERT_STREAM(In, in_valid_i[i], in_ready_o[i], in_data_i[i])
  end

endmodule

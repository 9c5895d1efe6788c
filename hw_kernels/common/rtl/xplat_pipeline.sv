// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is around a datapath of one stream that takes Stages cycles, one beat a cycle, and never stops:
// places for beats that wait, and for results.
//
// `data_o` is the beat that enters the datapath, `result_i` what it makes of it Stages cycles later.
// Latency Stages + 2. A beat enters only while its result has a place.

`include "xplat_assert.svh"

module xplat_pipeline #(
  parameter int unsigned InWidth = 8,
  parameter int unsigned OutWidth = 8,
  parameter int unsigned Stages = 2
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  input  logic                in_valid_i,
  output logic                in_ready_o,
  input  logic [InWidth-1:0]  in_data_i,

  output logic [InWidth-1:0]  data_o,
  input  logic [OutWidth-1:0] result_i,

  output logic                out_valid_o,
  input  logic                out_ready_i,
  output logic [OutWidth-1:0] out_data_o
);

  logic may_begin, take, valid;
  logic [Stages-1:0] valid_q;

  assign take = valid & may_begin;

  xplat_wait #(
    .DataWidth(InWidth)
  ) u_wait (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(valid),
    .out_ready_i(may_begin),
    .out_data_o(data_o)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[Stages-2:0], take};
  end

  xplat_result_fifo #(
    .DataWidth(OutWidth),
    .Depth(xplat_pkg::result_depth(Stages + 2, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(take),
    .valid_i(valid_q[Stages-1]),
    .data_i(result_i),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Stages, Stages >= 2)

endmodule

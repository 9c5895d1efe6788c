// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Places for three beats at the entrance of a kernel that takes one when its turn comes.
//
// Latency 1, one beat a cycle. `in_ready_o` and `out_valid_o` are registers; `out_data_o` is read
// from a memory whose address is one.
// Back-pressure: three beats wait while none is taken, as the dataflow model counts for `buffer (3)`.

module xplat_wait #(
  parameter int unsigned DataWidth = 8
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

  logic take;

  assign take = in_valid_i & in_ready_o;

  xplat_result_fifo #(
    .DataWidth(DataWidth),
    .Depth(3)
  ) u_places (
    .clk_i,
    .rst_ni,
    .may_begin_o(in_ready_o),
    .begin_i(take),
    .valid_i(take),
    .data_i(in_data_i),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

endmodule

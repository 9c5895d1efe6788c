// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where a kernel's parameter words come in: a stream in order, of which a pipeline that never stops
// takes a word when its turn comes.
//
// Nothing stops work that has begun, so work may begin only while its word is sure to be there
// (`may_begin_o`). `begin_i` begins work that takes a word later; `take_i` takes one, `data_o`, in the
// order in which work began.
//
// Without `Late` words are there from the second cycle after reset on, as those of a ROM are, and the
// port is wires. With it they may be late at any time: they wait in a FIFO of Places, and each is kept
// for the work that counts on it. One word a cycle if Places is two more than the cycles from `begin_i`
// to `take_i`; `in_ready_o` and `may_begin_o` are registers.

`include "xplat_assert.svh"

module xplat_parameter_port #(
  parameter int unsigned Width = 8,
  parameter bit Late = 1'b0,
  parameter int unsigned Places = 7
) (
  input  logic             clk_i,
  input  logic             rst_ni,

  input  logic             in_valid_i,
  output logic             in_ready_o,
  input  logic [Width-1:0] in_data_i,

  output logic             may_begin_o,
  input  logic             begin_i,

  input  logic             take_i,
  output logic [Width-1:0] data_o
);

  if (Late) begin : gen_late
    localparam int unsigned CountWidth = $clog2(Places + 1);
    typedef logic [CountWidth-1:0] count_t;

    logic push, there;
    // Words that no work counts on; whether there are any.
    count_t spare_q;
    logic spare_any_q;

    assign push = in_valid_i & in_ready_o;
    assign may_begin_o = spare_any_q;

    xplat_result_fifo #(
      .DataWidth(Width),
      .Depth(Places)
    ) u_words (
      .clk_i,
      .rst_ni,
      .may_begin_o(in_ready_o),
      .begin_i(push),
      .valid_i(push),
      .data_i(in_data_i),
      .out_valid_o(there),
      .out_ready_i(take_i),
      .out_data_o(data_o)
    );

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        spare_q <= '0;
        spare_any_q <= 1'b0;
      end else if (push != begin_i) begin
        spare_q <= push ? spare_q + count_t'(1) : spare_q - count_t'(1);
        spare_any_q <= push || spare_q != count_t'(1);
      end
    end

    `XPLAT_CHECK_PARAM(Places, Places >= 2)
    `XPLAT_ASSERT(Begin, !begin_i || spare_any_q)
    `XPLAT_ASSERT(Take, !take_i || there)

    logic unused_ok;
    assign unused_ok = &{1'b0, there};
  end else begin : gen_wires
    assign in_ready_o = take_i;
    assign data_o = in_data_i;
    assign may_begin_o = 1'b1;

    `XPLAT_ASSERT(Take, !take_i || in_valid_i)

    logic unused_ok;
    assign unused_ok = &{1'b0, clk_i, rst_ni, in_valid_i, begin_i};
  end

  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

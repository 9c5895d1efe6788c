// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One level of a loop nest: says whether the current of `Count` iterations is the last one.
//
// `last_o` is a register that looks one step ahead, so no comparison stands between the counter and
// whatever depends on its end. `step_i` ends an iteration. Reset goes to iteration `First`.

`include "xplat_assert.svh"

module xplat_loop #(
  parameter int unsigned Count = 2,
  parameter int unsigned First = 0
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic step_i,
  output logic last_o
);

  if (Count == 1) begin : gen_once
    assign last_o = 1'b1;

    logic unused_ok;
    assign unused_ok = &{1'b0, clk_i, rst_ni, step_i};
  end else begin : gen_count
    localparam int unsigned LeftWidth = xplat_pkg::addr_width(Count);
    logic [LeftWidth-1:0] left_q;
    logic last_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        left_q <= LeftWidth'(Count - 1 - First);
        last_q <= First == Count - 1;
      end else if (step_i) begin
        left_q <= last_q ? LeftWidth'(Count - 1) : left_q - LeftWidth'(1);
        last_q <= left_q == LeftWidth'(1);
      end
    end

    assign last_o = last_q;
  end

  `XPLAT_CHECK_PARAM(Count, Count >= 1)
  `XPLAT_CHECK_PARAM(First, First < Count)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walks positions that are mixed-radix numbers: how far it is from the current one to the next.
//
// Digit 0 is the innermost. Digit d takes `Counts[d]` values, `Strides[d]` positions apart. `move_o`
// is the distance to the next position; after the last one it is `Wrap`, and the walk begins again.
// Both are modulo 2^MoveWidth, so a distance may be negative. `ends_o[d]`: the digits up to d have
// their last values. `step_i` goes on to the next position. Whether a digit ends is a register.

`include "xplat_assert.svh"

module xplat_travel #(
  parameter int unsigned Digits = 2,
  parameter bit [Digits-1:0][31:0] Counts = {Digits{32'd2}},
  parameter bit [Digits-1:0][31:0] Strides = {Digits{32'd1}},
  parameter int Wrap = 0,
  parameter int unsigned MoveWidth = 8
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 step_i,
  output logic [MoveWidth-1:0] move_o,
  output logic [Digits-1:0]    ends_o
);

  // Digit `digit` goes on, and all inside it return to their first values.
  function automatic logic [MoveWidth-1:0] move_of(int unsigned digit);
    longint distance = longint'(Strides[digit]);
    for (int unsigned inner = 0; inner < digit; inner++) begin
      distance -= (longint'(Counts[inner]) - 1) * longint'(Strides[inner]);
    end
    return MoveWidth'(distance);
  endfunction

  logic [Digits-1:0] last, step;

  for (genvar d = 0; d < Digits; d++) begin : gen_digit
    if (d == 0) begin : gen_innermost
      assign step[d] = step_i;
    end else begin : gen_outer
      assign step[d] = step_i & (&last[d-1:0]);
    end
    assign ends_o[d] = &last[d:0];

    xplat_loop #(
      .Count(Counts[d])
    ) u_loop (
      .clk_i,
      .rst_ni,
      .step_i(step[d]),
      .last_o(last[d])
    );
  end

  always_comb begin
    move_o = MoveWidth'(Wrap);
    for (int unsigned d = Digits; d > 0; d--) begin
      if (!last[d-1]) move_o = move_of(d - 1);
    end
  end

  `XPLAT_CHECK_PARAM(Digits, Digits >= 1)

endmodule

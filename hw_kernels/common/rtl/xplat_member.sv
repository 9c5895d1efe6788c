// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which beats of a stream lie at given positions: those of a walk that only goes forwards.
//
// The stream falls into windows of `Window` beats. In each, the first position is `Offset`, and the
// others follow by the digits `Counts` and `Strides` of xplat_travel. `member_o` says whether the
// present beat is at one of the positions; `step_i` goes on to the next beat. `member_o` is a
// register.

`include "xplat_assert.svh"

module xplat_member #(
  parameter int unsigned Window = 8,
  parameter int unsigned Offset = 0,
  parameter int unsigned Digits = 2,
  parameter bit [Digits-1:0][31:0] Counts = {Digits{32'd2}},
  parameter bit [Digits-1:0][31:0] Strides = {Digits{32'd1}}
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic step_i,
  output logic member_o
);

  // Beats from the first position of a window to its last one.
  function automatic int unsigned span();
    int unsigned beats = 0;
    for (int unsigned d = 0; d < Digits; d++) beats += (Counts[d] - 1) * Strides[d];
    return beats;
  endfunction

  localparam int unsigned MoveWidth = $clog2(Window + 1);

  logic member_q;
  logic [MoveWidth-1:0] move, left_q;
  logic [Digits-1:0] ends;

  xplat_travel #(
    .Digits(Digits),
    .Counts(Counts),
    .Strides(Strides),
    .Wrap(int'(Window) - int'(span())),
    .MoveWidth(MoveWidth)
  ) u_travel (
    .clk_i,
    .rst_ni,
    .step_i(step_i & member_q),
    .move_o(move),
    .ends_o(ends)
  );

  // `left_q`: beats until the next position, while the present one is at none.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= MoveWidth'(Offset);
      member_q <= Offset == 0;
    end else if (step_i) begin
      left_q <= member_q ? move - MoveWidth'(1) : left_q - MoveWidth'(1);
      member_q <= member_q ? move == MoveWidth'(1) : left_q == MoveWidth'(1);
    end
  end

  assign member_o = member_q;

  logic unused_ok;
  assign unused_ok = &{1'b0, ends};

  `XPLAT_CHECK_PARAM(Window, Offset + span() < Window)

endmodule

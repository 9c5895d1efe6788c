// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One axis of a walk over an image that is dealt to banks: the bank of the current row or column.
//
// The phase is the position modulo Banks. A step moves it by `Moves[l]` of the highest level l with
// `level_i[l]`. `wraps_o[l]`: whether the phase would pass the last bank at level l, so that the
// quotient of position and Banks grows by one more than that of the move. Both are of this cycle.

`include "xplat_assert.svh"

module xplat_bank_phase #(
  parameter int unsigned Banks = 3,
  parameter int unsigned Levels = 1,
  parameter bit [Levels-1:0][31:0] Moves = {Levels{32'd1}},
  parameter int First = 0,
  localparam int unsigned PhaseWidth = xplat_pkg::addr_width(Banks)
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,

  input  logic                  step_i,
  input  logic [Levels-1:0]     level_i,
  output logic [Levels-1:0]     wraps_o,
  output logic [PhaseWidth-1:0] phase_o
);

  typedef logic [PhaseWidth-1:0] phase_t;

  phase_t phase_q, phase_d;
  phase_t [Levels-1:0] next;

  for (genvar l = 0; l < Levels; l++) begin : gen_level
    localparam int Move = xplat_pkg::modulo(int'(Moves[l]), int'(Banks));
    if (Move == 0) begin : gen_same
      assign wraps_o[l] = 1'b0;
      assign next[l] = phase_q;
    end else begin : gen_other
      localparam phase_t Turn = phase_t'(int'(Banks) - Move);
      assign wraps_o[l] = phase_q >= Turn;
      assign next[l] = wraps_o[l] ? phase_q - Turn : phase_q + phase_t'(Move);
    end
  end

  always_comb begin
    phase_d = next[0];
    for (int unsigned l = 1; l < Levels; l++) begin
      if (level_i[l]) phase_d = next[l];
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) phase_q <= phase_t'(xplat_pkg::modulo(First, int'(Banks)));
    else if (step_i) phase_q <= phase_d;
  end

  assign phase_o = phase_q;

  logic unused_ok;
  assign unused_ok = &{1'b0, level_i[0]};

  `XPLAT_CHECK_PARAM(Banks, Banks >= 1 && Levels >= 1)

endmodule

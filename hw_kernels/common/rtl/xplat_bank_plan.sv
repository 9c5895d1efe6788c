// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One axis of a window that is read from banks: what each bank reads, and where it goes.
//
// Taps positions of the window, Dilation apart, begin at `phase_i` (see xplat_bank_phase). Tap t lies
// in bank (phase + t * Dilation) mod Banks, and so many bank rows or columns ahead as the quotient
// says. Counted from the cycle of the step: `ahead_o` of each bank follows after one cycle;
// `inside_i`, which taps are inside the image, comes after two, and `reads_o` says then which banks
// have to read one of these; `inside_o` follows after three, by bank instead of by tap where
// ByBank is set; `bank_o`, the bank of each tap, after four. Unless Masked, all taps are inside.

`include "xplat_assert.svh"

module xplat_bank_plan #(
  parameter int unsigned Banks = 3,
  parameter int unsigned Taps = 3,
  parameter int unsigned Dilation = 1,
  parameter int unsigned AheadWidth = 1,
  parameter bit ByBank = 1'b0,
  parameter bit Masked = 1'b1,
  localparam int unsigned PhaseWidth = xplat_pkg::addr_width(Banks)
) (
  input  logic                              clk_i,

  input  logic [PhaseWidth-1:0]             phase_i,
  output logic [Banks-1:0][AheadWidth-1:0]  ahead_o,
  input  logic [Taps-1:0]                   inside_i,
  output logic [Banks-1:0]                  reads_o,
  output logic [Taps-1:0]                   inside_o,
  output logic [Taps-1:0][PhaseWidth-1:0]   bank_o
);

  // For every phase. Numbers of as many bits that are no phase have the entry of the last one: so no
  // index is out of range, and what is the same for all phases is a constant.
  typedef struct packed {
    bit [Banks-1:0][AheadWidth-1:0] ahead;
    bit [Banks-1:0][Taps-1:0] reads;
    bit [Taps-1:0][PhaseWidth-1:0] bank;
  } plan_t;

  function automatic plan_t [2**PhaseWidth-1:0] plans();
    plan_t [2**PhaseWidth-1:0] all = '0;
    for (int unsigned index = 0; index < 2 ** PhaseWidth; index++) begin
      for (int unsigned tap = 0; tap < Taps; tap++) begin
        int unsigned place, bank;
        place = xplat_pkg::umin(index, Banks - 1) + tap * Dilation;
        bank = place % Banks;
        all[index].ahead[bank] = AheadWidth'(place / Banks);
        all[index].reads[bank][tap] = 1'b1;
        all[index].bank[tap] = PhaseWidth'(bank);
      end
    end
    return all;
  endfunction

  localparam plan_t [2**PhaseWidth-1:0] Plans = plans();

  logic [3:1][PhaseWidth-1:0] phase_q;

  always_ff @(posedge clk_i) begin
    phase_q <= {phase_q[2:1], phase_i};
    ahead_o <= Plans[phase_i].ahead;
    bank_o <= Plans[phase_q[3]].bank;
  end

  for (genvar bank = 0; bank < Banks; bank++) begin : gen_bank
    assign reads_o[bank] = |(Plans[phase_q[2]].reads[bank] & inside_i);
  end

  if (Masked) begin : gen_mask
    for (genvar tap = 0; tap < Taps; tap++) begin : gen_tap
      always_ff @(posedge clk_i) inside_o[tap] <= ByBank ? reads_o[tap] : inside_i[tap];
    end
  end else begin : gen_no_mask
    assign inside_o = '1;
  end

  `XPLAT_CHECK_PARAM(Dilation, Dilation >= 1)
  `XPLAT_CHECK_PARAM(ByBank, !ByBank || Banks == Taps)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One quotient, rounded once half to even and saturated.
//
// out = saturate(rne(a * 2^Shift / b)); a / 0 saturates by the sign of a, and 0 / 0 is 0.
// Numbers have a sign unless AUnsigned, BUnsigned and OutUnsigned say otherwise.
// Latency OutWidth + 4, one quotient a cycle; never stops.

`include "xplat_assert.svh"

module xplat_div_lane #(
  parameter int unsigned AWidth = 8,
  parameter int unsigned BWidth = 8,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit AUnsigned = 1'b0,
  parameter bit BUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0
) (
  input  logic                clk_i,

  input  logic [AWidth-1:0]   a_i,
  input  logic [BWidth-1:0]   b_i,
  output logic [OutWidth-1:0] out_o
);

  localparam logic [OutWidth-1:0] OutMax = {OutUnsigned, {(OutWidth - 1) {1'b1}}};
  localparam logic [OutWidth-1:0] OutMin = {~OutUnsigned, {(OutWidth - 1) {1'b0}}};

  localparam int unsigned Left = Shift > 0 ? unsigned'(Shift) : 0;
  localparam int unsigned Right = Shift < 0 ? unsigned'(-Shift) : 0;
  localparam int unsigned DividendWidth = xplat_pkg::umax(AWidth + Left, OutWidth + 1);
  localparam int unsigned DivisorWidth = BWidth + Right;
  // The dividend without the bits that the steps shift in: compared with the divisor it tells whether the quotient
  // has more bits than the output.
  localparam int unsigned HighWidth = xplat_pkg::umax(DividendWidth - OutWidth, DivisorWidth);

  logic [AWidth-1:0] a_magnitude_q;
  logic [BWidth-1:0] b_magnitude_q;
  logic [DividendWidth-1:0] dividend;
  logic [DivisorWidth-1:0] divisor;
  logic [HighWidth-1:0] high;

  // Stage by stage: what is left of the dividend, its bits to come and those of the quotient.
  logic [OutWidth:0][DivisorWidth-1:0] remainder_q, divisor_q;
  logic [OutWidth:0][OutWidth-1:0] bits_q;
  // Whether the quotient has more bits; the sign; the dividend is zero.
  logic [OutWidth+1:0] over_q, negative_q, zero_q;
  logic negative1_q, zero1_q;

  assign dividend = DividendWidth'(a_magnitude_q) << Left;
  assign divisor = DivisorWidth'(b_magnitude_q) << Right;
  assign high = HighWidth'(dividend[DividendWidth-1:OutWidth]);

  logic a_negative, b_negative;
  assign a_negative = a_i[AWidth-1] & ~AUnsigned;
  assign b_negative = b_i[BWidth-1] & ~BUnsigned;

  always_ff @(posedge clk_i) begin
    a_magnitude_q <= a_negative ? -a_i : a_i;
    b_magnitude_q <= b_negative ? -b_i : b_i;
    negative1_q <= a_negative ^ b_negative;
    zero1_q <= a_i == '0;
    remainder_q[0] <= high[DivisorWidth-1:0];
    divisor_q[0] <= divisor;
    bits_q[0] <= dividend[OutWidth-1:0];
    over_q <= {over_q[OutWidth:0], high >= HighWidth'(divisor)};
    negative_q <= {negative_q[OutWidth:0], negative1_q};
    zero_q <= {zero_q[OutWidth:0], zero1_q};
  end

  for (genvar s = 0; s < OutWidth; s++) begin : gen_step
    logic [DivisorWidth:0] left;
    logic [DivisorWidth:0] less;
    assign left = {remainder_q[s], bits_q[s][OutWidth-1]};
    assign less = left - {1'b0, divisor_q[s]};
    // Both are below twice the divisor, so the difference is negative exactly if its highest bit is set.
    always_ff @(posedge clk_i) begin
      remainder_q[s+1] <= less[DivisorWidth] ? left[DivisorWidth-1:0] : less[DivisorWidth-1:0];
      divisor_q[s+1] <= divisor_q[s];
      bits_q[s+1] <= {bits_q[s][OutWidth-2:0], ~less[DivisorWidth]};
    end
  end

  logic [DivisorWidth:0] twice;
  logic up;
  logic [OutWidth:0] rounded_q;
  logic [OutWidth-1:0] out_d, out_q;

  assign twice = {remainder_q[OutWidth], 1'b0};
  assign up = twice > {1'b0, divisor_q[OutWidth]} ||
      (twice == {1'b0, divisor_q[OutWidth]} && bits_q[OutWidth][0]);

  always_comb begin
    if (zero_q[OutWidth+1]) out_d = '0;
    else if (over_q[OutWidth+1] || rounded_q[OutWidth] || (rounded_q[OutWidth-1] & ~OutUnsigned))
      out_d = negative_q[OutWidth+1] ? OutMin : OutMax;
    else if (negative_q[OutWidth+1]) out_d = OutUnsigned ? '0 : -rounded_q[OutWidth-1:0];
    else out_d = rounded_q[OutWidth-1:0];
  end

  always_ff @(posedge clk_i) begin
    rounded_q <= {1'b0, bits_q[OutWidth]} + (OutWidth + 1)'(up);
    out_q <= out_d;
  end

  assign out_o = out_q;

  `XPLAT_CHECK_PARAM(Widths, AWidth >= 2 && BWidth >= 2 && OutWidth >= 2)

endmodule

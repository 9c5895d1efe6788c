// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Divides by a constant, rounds once half to even and saturates: an exact average.
//
// out = saturate(rne(in / (Divisor * 2^Shift))); Shift may be negative. With OutUnsigned the result is
// 0 to 2^OutWidth - 1. The quotient is a multiply
// by a reciprocal that is exact for every input, corrected by the remainder.
// Latency 5, one value a cycle; never stops.

`include "xplat_assert.svh"

module xplat_round_div #(
  parameter int unsigned InWidth = 12,
  parameter int unsigned Divisor = 9,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit OutUnsigned = 1'b0
) (
  input  logic                       clk_i,

  input  logic signed [InWidth-1:0]  in_i,
  output logic [OutWidth-1:0]        out_o
);

  localparam logic [OutWidth-1:0] OutMax = {OutUnsigned, {(OutWidth - 1) {1'b1}}};
  localparam logic [OutWidth-1:0] OutMin = {~OutUnsigned, {(OutWidth - 1) {1'b0}}};
  // Of a value that fits, all bits from this one up are the sign.
  localparam int unsigned SignBit = OutUnsigned ? OutWidth : OutWidth - 1;

  localparam int unsigned Right = Shift > 0 ? unsigned'(Shift) : 0;
  localparam int unsigned Left = Shift < 0 ? unsigned'(-Shift) : 0;
  // The numerator, wide enough that dropping Right bits leaves its sign.
  localparam int unsigned NumWidth = xplat_pkg::umax(InWidth + Left, Right + 1);
  // Bits of floor(numerator / 2^Right), which is then divided by Divisor.
  localparam int unsigned WholeWidth = NumWidth - Right;
  // Divisor * 2^BiasLog2 makes the dividend non-negative.
  localparam int unsigned DivisorLog2 = $clog2(Divisor + 1) - 1;
  localparam int unsigned BiasLog2 = WholeWidth - 1 > DivisorLog2 ? WholeWidth - 1 - DivisorLog2 : 0;
  localparam longint unsigned Bias = longint'(Divisor) << BiasLog2;
  localparam int unsigned DividendWidth = $clog2(Bias + (longint'(1) << (WholeWidth - 1)));
  // floor(u / Divisor) = (u * Reciprocal) >> ReciprocalLog2 for every u of DividendWidth bits.
  localparam int unsigned ReciprocalLog2 = DividendWidth + $clog2(Divisor);
  localparam longint unsigned Reciprocal =
      ((longint'(1) << ReciprocalLog2) + longint'(Divisor) - 1) / longint'(Divisor);
  localparam int unsigned ReciprocalWidth = $clog2(Reciprocal + 1);
  localparam int unsigned ProdWidth = DividendWidth + ReciprocalWidth;
  localparam int unsigned QuotWidth = xplat_pkg::umax(DividendWidth, OutWidth) + 2;
  // The remainder is below Divisor * 2^Right; twice it needs one bit more.
  localparam longint unsigned FullDivisor = longint'(Divisor) << Right;
  localparam int unsigned RemWidth = $clog2(FullDivisor) + 1;
  localparam int unsigned ExtWidth =
      xplat_pkg::umax(xplat_pkg::umax(NumWidth, RemWidth), DividendWidth);

  // Stage 1: numerator and dividend.
  logic signed [ExtWidth-1:0] numerator, whole;
  logic [RemWidth-1:0] low1_q, low2_q, low3_q;
  logic [DividendWidth-1:0] dividend_q;

  assign numerator = ExtWidth'(in_i) <<< Left;
  assign whole = numerator >>> Right;

  // Stage 2: product with the reciprocal. Stage 3: quotient, and the remainder's low bits.
  logic [ProdWidth-1:0] product_q;
  logic signed [QuotWidth-1:0] quot_d, quot3_q, quot4_q;
  logic [RemWidth-1:0] rem;
  logic round_up;

  assign quot_d = signed'(QuotWidth'(product_q[ProdWidth-1:ReciprocalLog2])) - QuotWidth'(1 << BiasLog2);
  assign rem = low3_q;
  assign round_up = ({rem, 1'b0} > (RemWidth + 1)'(FullDivisor))
                  | (({rem, 1'b0} == (RemWidth + 1)'(FullDivisor)) & quot3_q[0]);

  // Stage 4: rounded quotient. Stage 5: saturation.
  logic [OutWidth-1:0] out_d, out_q;
  logic fits;

  assign fits = (~OutUnsigned & (&quot4_q[QuotWidth-1:SignBit])) | ~(|quot4_q[QuotWidth-1:SignBit]);
  assign out_d = fits ? quot4_q[OutWidth-1:0] : (quot4_q[QuotWidth-1] ? OutMin : OutMax);

  always_ff @(posedge clk_i) begin
    dividend_q <= whole[DividendWidth-1:0] + DividendWidth'(Bias);
    low1_q <= numerator[RemWidth-1:0];
    product_q <= ProdWidth'(dividend_q) * ProdWidth'(Reciprocal);
    low2_q <= low1_q;
    quot3_q <= quot_d;
    low3_q <= low2_q - RemWidth'(RemWidth'(quot_d) * RemWidth'(FullDivisor));
    quot4_q <= quot3_q + QuotWidth'({1'b0, round_up});
    out_q <= out_d;
  end

  assign out_o = out_q;

  logic unused_ok;
  assign unused_ok = &{1'b0, numerator, whole, product_q};

  `XPLAT_CHECK_PARAM(Widths, InWidth >= 2 && OutWidth >= 2 && Divisor >= 1)
  `XPLAT_CHECK_PARAM(Reciprocal, ReciprocalLog2 <= 62 && RemWidth <= 62)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One square root, rounded once half to even and saturated.
//
// out = saturate(rne(sqrt(in * 2^Shift))); of a negative number 0. Shift may be negative. Numbers have
// a sign unless InUnsigned and OutUnsigned say otherwise.
// Latency OutWidth + 2 + OutUnsigned, one root a cycle; never stops.

`include "xplat_assert.svh"

module xplat_sqrt_lane #(
  parameter int unsigned InWidth = 16,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit InUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0
) (
  input  logic                clk_i,

  input  logic [InWidth-1:0]  in_i,
  output logic [OutWidth-1:0] out_o
);

  localparam logic [OutWidth-1:0] OutMax = {OutUnsigned, {(OutWidth - 1) {1'b1}}};

  localparam int unsigned Left = Shift > 0 ? unsigned'(Shift) : 0;
  localparam int unsigned Right = Shift < 0 ? unsigned'(-Shift) : 0;
  // Bits of the root, and of the radicand's whole part that they come from.
  localparam int unsigned RootWidth = OutUnsigned ? OutWidth : OutWidth - 1;
  localparam int unsigned WholeWidth = xplat_pkg::umax(InWidth + Left, 2 * RootWidth + 1);
  // Bits of the radicand's fraction, at least two.
  localparam int unsigned FractionWidth = xplat_pkg::umax(Right, 2);
  localparam int unsigned WideWidth = WholeWidth + FractionWidth;

  logic [WideWidth-1:0] radicand;
  logic [WholeWidth-1:0] whole;
  logic [FractionWidth-1:0] fraction;

  // Stage by stage: the root so far, what is left of the radicand, and its bits to come.
  logic [RootWidth:0][RootWidth-1:0] root_q;
  logic [RootWidth:0][RootWidth:0] remainder_q;
  logic [RootWidth-1:0][2*RootWidth-1:0] bits_q;
  // Whether the root has more bits, is of a negative number; whether the fraction is above a quarter, or one.
  logic [RootWidth+1:0] over_q, negative_q;
  logic [RootWidth:0] above_q, quarter_q;

  // The number without its sign, where 2^0 is bit FractionWidth.
  assign radicand =
      WideWidth'({in_i[InWidth-1] & InUnsigned, in_i[InWidth-2:0]}) << (Left + FractionWidth) >> Right;
  assign {whole, fraction} = radicand;

  always_ff @(posedge clk_i) begin
    root_q[0] <= '0;
    remainder_q[0] <= '0;
    bits_q[0] <= whole[2*RootWidth-1:0];
    over_q <= {over_q[RootWidth:0], |whole[WholeWidth-1:2*RootWidth]};
    negative_q <= {negative_q[RootWidth:0], in_i[InWidth-1] & ~InUnsigned};
    above_q <= {above_q[RootWidth-1:0], fraction > FractionWidth'(1) << (FractionWidth - 2)};
    quarter_q <= {quarter_q[RootWidth-1:0], fraction == FractionWidth'(1) << (FractionWidth - 2)};
  end

  for (genvar s = 0; s < RootWidth; s++) begin : gen_step
    logic [RootWidth+3:0] left, less;
    assign left = {1'b0, remainder_q[s], bits_q[s][2*RootWidth-1 -: 2]};
    assign less = left - {2'b0, root_q[s], 2'b01};
    // The difference is negative exactly if its highest bit is set. What is left is at most twice the root.
    always_ff @(posedge clk_i) begin
      root_q[s+1] <= RootWidth'({root_q[s], ~less[RootWidth+3]});
      remainder_q[s+1] <= less[RootWidth+3] ? left[RootWidth:0] : less[RootWidth:0];
    end
    if (s < RootWidth - 1) begin : gen_bits
      always_ff @(posedge clk_i) begin
        bits_q[s+1] <= bits_q[s] << 2;
      end
    end
  end

  // Half a step above the root is its square and itself and a quarter.
  logic same, up;
  logic [RootWidth:0] rounded_q;
  logic [OutWidth-1:0] out_q;

  assign same = remainder_q[RootWidth] == {1'b0, root_q[RootWidth]};
  assign up = remainder_q[RootWidth] > {1'b0, root_q[RootWidth]} || (same && above_q[RootWidth]) ||
      (same && quarter_q[RootWidth] && root_q[RootWidth][0]);

  always_ff @(posedge clk_i) begin
    rounded_q <= {1'b0, root_q[RootWidth]} + (RootWidth + 1)'(up);
    if (negative_q[RootWidth+1]) out_q <= '0;
    else out_q <= over_q[RootWidth+1] | rounded_q[RootWidth] ? OutMax : rounded_q[OutWidth-1:0];
  end

  assign out_o = out_q;

  `XPLAT_CHECK_PARAM(Widths, InWidth >= 2 && OutWidth >= 3)

endmodule

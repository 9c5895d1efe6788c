// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rounds a fixed-point value half to even by `shift` bits and saturates it.
//
// out = saturate(rne(in / 2^shift)); a negative shift is an exact left shift. With OutUnsigned the
// result is 0 to 2^OutWidth - 1. The shift is the
// constant `Shift`, or `shift_i` (-32 to 31) when PerChannelShift is set.
// Latency 3, one value a cycle; never stops.

`include "xplat_assert.svh"

module xplat_requant #(
  parameter int unsigned InWidth = 32,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
  parameter bit OutUnsigned = 1'b0
) (
  input  logic                       clk_i,

  input  logic signed [InWidth-1:0]  in_i,
  input  logic signed [5:0]          shift_i,
  output logic [OutWidth-1:0]        out_o
);

  localparam logic [OutWidth-1:0] OutMax = {OutUnsigned, {(OutWidth - 1) {1'b1}}};
  localparam logic [OutWidth-1:0] OutMin = {~OutUnsigned, {(OutWidth - 1) {1'b0}}};
  // Of a value that fits, all bits from this one up are the sign.
  localparam int unsigned SignBit = OutUnsigned ? OutWidth : OutWidth - 1;

  localparam int unsigned RightConst = Shift > 0 ? unsigned'(Shift) : 0;
  localparam int unsigned LeftConst = Shift < 0 ? unsigned'(-Shift) : 0;
  // Bits of a constant shift's floor before rounding.
  localparam int unsigned FloorWidth =
      InWidth + LeftConst > RightConst ? InWidth + LeftConst - RightConst : 1;
  // Stage-two width: the rounded right shift and every left shift fit.
  localparam int unsigned WideWidth =
      PerChannelShift ? xplat_pkg::umax(InWidth + 1, OutWidth + 33)
                      : xplat_pkg::umax(FloorWidth, OutWidth) + 1;

  logic signed [WideWidth-1:0] rounded_d, rounded_q;
  logic [OutWidth-1:0] out_d, out_q;
  logic fits;

  if (PerChannelShift) begin : gen_variable
    localparam int unsigned ExtWidth =
        xplat_pkg::umax(xplat_pkg::umax(InWidth, 33), OutWidth + 1);
    logic signed [ExtWidth-1:0] ext, floor_d, floor_q;
    logic signed [SignBit:0] clamped_q;
    logic [30:0] below;
    logic left_q, round_d, round_q, in_fits;
    logic [5:0] left_by_q;
    logic [4:0] right_by;

    assign ext = ExtWidth'(in_i);
    assign floor_d = ext >>> right_by;
    assign right_by = shift_i[5] ? 5'd0 : shift_i[4:0];
    // The dropped bits, left-aligned to bit 30: guard bit on top, sticky bits below it.
    assign below = ext[30:0] << (5'd31 - right_by);
    assign in_fits = (~OutUnsigned & (&ext[ExtWidth-1:SignBit])) | ~(|ext[ExtWidth-1:SignBit]);
    assign round_d = below[30] & ((|below[29:0]) | floor_d[0]);

    always_ff @(posedge clk_i) begin
      floor_q <= floor_d;
      round_q <= round_d;
      left_q <= shift_i[5];
      left_by_q <= 6'd0 - shift_i;
      clamped_q <= in_fits ? ext[SignBit:0] : (ext[ExtWidth-1] ? (SignBit + 1)'(OutMin) : (SignBit + 1)'(OutMax));
    end

    always_comb begin
      if (left_q) rounded_d = WideWidth'(clamped_q) <<< left_by_q;
      else rounded_d = WideWidth'(floor_q) + WideWidth'({1'b0, round_q});
    end
  end else begin : gen_constant
    localparam int unsigned ExtWidth = WideWidth + RightConst;
    logic signed [ExtWidth-1:0] ext;
    logic signed [WideWidth-1:0] floor_d, floor_q;
    logic round_d, round_q;

    assign ext = ExtWidth'(in_i) <<< LeftConst;
    assign floor_d = ext[ExtWidth-1:RightConst];
    if (RightConst == 0) begin : gen_exact
      assign round_d = 1'b0;
    end else if (RightConst == 1) begin : gen_half
      assign round_d = ext[0] & floor_d[0];
    end else begin : gen_round
      assign round_d = ext[RightConst-1] & ((|ext[RightConst-2:0]) | floor_d[0]);
    end

    always_ff @(posedge clk_i) begin
      floor_q <= floor_d;
      round_q <= round_d;
    end

    assign rounded_d = floor_q + WideWidth'({1'b0, round_q});

    logic unused_ok;
    assign unused_ok = &{1'b0, shift_i};
  end

  assign fits = (~OutUnsigned & (&rounded_q[WideWidth-1:SignBit])) | ~(|rounded_q[WideWidth-1:SignBit]);
  assign out_d = fits ? rounded_q[OutWidth-1:0] : (rounded_q[WideWidth-1] ? OutMin : OutMax);

  always_ff @(posedge clk_i) begin
    rounded_q <= rounded_d;
    out_q <= out_d;
  end

  assign out_o = out_q;

  `XPLAT_CHECK_PARAM(Widths, InWidth >= 2 && OutWidth >= 2)

endmodule

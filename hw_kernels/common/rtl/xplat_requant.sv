// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rounds a fixed-point value half to even by `shift` bits and saturates it, in each of Lanes lanes.
//
// out = saturate(rne(in / 2^shift)); a negative shift is an exact left shift. With OutUnsigned the
// result is 0 to 2^OutWidth - 1. The shift is the constant `Shift`, or, with PerChannelShift, `shift_i`:
// at most `Shift`, and at least that less `ShiftRange`. Then the value is first shifted left by what its
// shift lacks to the largest one: a few multiplexers, for the shifts of a layer lie close together. The
// rest is the same for all. Latency 3, one value a cycle in each lane; never stops. All lanes stand in
// one loop, as in xplat_tree.

`include "xplat_assert.svh"

module xplat_requant #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 32,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
  parameter int unsigned ShiftRange = 4,
  parameter bit OutUnsigned = 1'b0
) (
  input  logic                      clk_i,

  input  logic [Lanes*InWidth-1:0]  in_i,
  input  logic [Lanes*6-1:0]        shift_i,
  output logic [Lanes*OutWidth-1:0] out_o
);

  localparam logic [OutWidth-1:0] OutMax = {OutUnsigned, {(OutWidth - 1) {1'b1}}};
  localparam logic [OutWidth-1:0] OutMin = {~OutUnsigned, {(OutWidth - 1) {1'b0}}};
  // Of a value that fits, all bits from this one up are the sign.
  localparam int unsigned SignBit = OutUnsigned ? OutWidth : OutWidth - 1;

  localparam int unsigned Range = PerChannelShift ? ShiftRange : 0;
  localparam int unsigned RightConst = Shift > 0 ? unsigned'(Shift) : 0;
  localparam int unsigned LeftConst = Shift < 0 ? unsigned'(-Shift) : 0;
  // Bits of the floor before rounding.
  localparam int unsigned FloorWidth =
      InWidth + Range + LeftConst > RightConst ? InWidth + Range + LeftConst - RightConst : 1;
  // A sign stands above every bit of the result.
  localparam int unsigned WideWidth = xplat_pkg::umax(FloorWidth, OutWidth) + 1;
  localparam int unsigned ExtWidth = WideWidth + RightConst;
  localparam int unsigned Dropped = xplat_pkg::umax(RightConst, 1);

  typedef logic signed [WideWidth-1:0] wide_t;

  // Whether a value fits, by its bits from there up.
  function automatic logic in_range(logic [WideWidth-1:SignBit] high);
    return (~OutUnsigned & (&high)) | ~(|high);
  endfunction

  // Half to even: up with the highest dropped bit, if one below it or the last that stays is set.
  function automatic logic rounds_up(logic [Dropped:0] bits);
    logic [Dropped+1:0] low;
    low = {bits, 1'b0};
    return RightConst > 0 && low[Dropped] && ((|low[Dropped-1:0]) || low[Dropped+1]);
  endfunction

  // Rounding needs the bits below the sign alone: whether the floor fits is found out beside it, and
  // the carry, in the sign's place, tells what becomes of it.
  typedef struct packed {
    logic negative;
    logic fits;
    logic [SignBit:0] low;
  } rounded_t;

  // Stage 2.
  function automatic rounded_t round(wide_t value, logic up);
    rounded_t rounded;
    rounded.negative = value[WideWidth-1];
    rounded.fits = in_range(value[WideWidth-1:SignBit]);
    rounded.low = {1'b0, value[SignBit-1:0]} + (SignBit + 1)'(up);
    return rounded;
  endfunction

  // Stage 3: saturation. A floor that fits and is not negative leaves the range by a carry; a
  // negative one becomes zero. A floor that is too small may get to OutMin, no further.
  function automatic logic [OutWidth-1:0] saturate(rounded_t value);
    logic carry;
    carry = value.low[SignBit];
    if (value.negative) return value.fits ? OutWidth'({~carry, value.low[SignBit-1:0]}) : OutMin;
    return value.fits & ~carry ? OutWidth'(value.low[SignBit-1:0]) : OutMax;
  endfunction

  logic [Lanes-1:0][OutWidth-1:0] out_d, out_q;
  wide_t [Lanes-1:0] floor;
  logic [Lanes-1:0] up;
  rounded_t [Lanes-1:0] rounded_d, rounded_q;

  // Stage 1.
  if (PerChannelShift) begin : gen_variable
    localparam int unsigned AmountWidth = xplat_pkg::addr_width(Range + 1);

    logic [Lanes-1:0][ExtWidth-1:0] ext_d, ext_q;
    logic [AmountWidth-1:0] amount;

    always_comb begin
      amount = '0;
      for (int unsigned l = 0; l < Lanes; l++) begin
        amount = AmountWidth'(Shift) - shift_i[l*6 +: AmountWidth];
        ext_d[l] = ExtWidth'($signed(in_i[l*InWidth +: InWidth])) <<< LeftConst <<< amount;
        floor[l] = ext_q[l][ExtWidth-1:RightConst];
        up[l] = rounds_up(ext_q[l][Dropped:0]);
      end
    end

    always_ff @(posedge clk_i) begin
      ext_q <= ext_d;
    end

    // A shift below the range would need its upper bits.
    logic unused_ok;
    assign unused_ok = &{1'b0, shift_i};
  end else begin : gen_constant
    wide_t [Lanes-1:0] floor_d, floor_q;
    logic [Lanes-1:0] up_d, up_q;
    logic signed [ExtWidth-1:0] ext;

    always_comb begin
      ext = '0;
      for (int unsigned l = 0; l < Lanes; l++) begin
        ext = ExtWidth'($signed(in_i[l*InWidth +: InWidth])) <<< LeftConst;
        floor_d[l] = ext[ExtWidth-1:RightConst];
        up_d[l] = rounds_up(ext[Dropped:0]);
      end
    end

    always_ff @(posedge clk_i) begin
      floor_q <= floor_d;
      up_q <= up_d;
    end

    assign floor = floor_q;
    assign up = up_q;

    logic unused_ok;
    assign unused_ok = &{1'b0, shift_i};
  end

  always_comb begin
    for (int unsigned l = 0; l < Lanes; l++) begin
      rounded_d[l] = round(floor[l], up[l]);
      out_d[l] = saturate(rounded_q[l]);
    end
  end

  always_ff @(posedge clk_i) begin
    rounded_q <= rounded_d;
    out_q <= out_d;
  end

  assign out_o = out_q;

  `XPLAT_CHECK_PARAM(Widths, InWidth >= 2 && OutWidth >= 2)
  `XPLAT_CHECK_PARAM(Range, ShiftRange <= 63)

endmodule

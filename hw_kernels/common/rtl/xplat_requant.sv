// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rounds a fixed-point value half to even by `shift` bits and saturates it, in each of Lanes lanes.
//
// out = saturate(rne(in / 2^shift)); a negative shift is an exact left shift. With OutUnsigned the
// result is 0 to 2^OutWidth - 1. The shift is the constant `Shift`, or `shift_i` (-32 to 31) when
// PerChannelShift is set. Latency 3, one value a cycle in each lane; never stops. All lanes stand in
// one loop, as in xplat_tree.

`include "xplat_assert.svh"

module xplat_requant #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 32,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
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

  localparam int unsigned RightConst = Shift > 0 ? unsigned'(Shift) : 0;
  localparam int unsigned LeftConst = Shift < 0 ? unsigned'(-Shift) : 0;
  // Bits of a constant shift's floor before rounding.
  localparam int unsigned FloorWidth =
      InWidth + LeftConst > RightConst ? InWidth + LeftConst - RightConst : 1;
  // The rounded right shift and every left shift by lane fit; a constant shift's floor does, with a
  // sign above every bit of the result.
  localparam int unsigned WideWidth =
      PerChannelShift ? xplat_pkg::umax(InWidth + 1, OutWidth + 33)
                      : xplat_pkg::umax(FloorWidth, OutWidth) + 1;

  typedef logic signed [WideWidth-1:0] wide_t;

  // Whether a value fits, by its bits from there up.
  function automatic logic in_range(logic [WideWidth-1:SignBit] high);
    return (~OutUnsigned & (&high)) | ~(|high);
  endfunction

  logic [Lanes-1:0][OutWidth-1:0] out_d, out_q;

  if (PerChannelShift) begin : gen_variable
    localparam int unsigned ExtWidth =
        xplat_pkg::umax(xplat_pkg::umax(InWidth, 33), OutWidth + 1);

    typedef struct packed {
      logic signed [ExtWidth-1:0] low;   // the floor of the right shift
      logic round;
      logic left;
      logic [5:0] left_by;
      logic signed [SignBit:0] clamped;  // for a left shift
    } parts_t;

    // Stage 1.
    function automatic parts_t split(logic signed [InWidth-1:0] value, logic signed [5:0] shift);
      parts_t parts;
      logic signed [ExtWidth-1:0] ext;
      logic [30:0] below;
      logic [4:0] right_by;
      logic fits;
      ext = ExtWidth'(value);
      right_by = shift[5] ? 5'd0 : shift[4:0];
      // The dropped bits, left-aligned to bit 30: guard bit on top, sticky bits below it.
      below = ext[30:0] << (5'd31 - right_by);
      fits = (~OutUnsigned & (&ext[ExtWidth-1:SignBit])) | ~(|ext[ExtWidth-1:SignBit]);
      parts.low = ext >>> right_by;
      parts.round = below[30] & ((|below[29:0]) | parts.low[0]);
      parts.left = shift[5];
      parts.left_by = 6'd0 - shift;
      if (fits) parts.clamped = ext[SignBit:0];
      else parts.clamped = ext[ExtWidth-1] ? (SignBit + 1)'(OutMin) : (SignBit + 1)'(OutMax);
      return parts;
    endfunction

    // Stage 2.
    function automatic wide_t shifted(parts_t parts);
      if (parts.left) return wide_t'($signed(parts.clamped)) <<< parts.left_by;
      return wide_t'($signed(parts.low)) + wide_t'({1'b0, parts.round});
    endfunction

    // Stage 3: saturation.
    function automatic logic [OutWidth-1:0] saturate(wide_t value);
      return in_range(value[WideWidth-1:SignBit]) ? value[OutWidth-1:0] : (value[WideWidth-1] ? OutMin : OutMax);
    endfunction

    parts_t [Lanes-1:0] parts_d, parts_q;
    wide_t [Lanes-1:0] rounded_d, rounded_q;

    always_comb begin
      for (int unsigned l = 0; l < Lanes; l++) begin
        parts_d[l] = split(in_i[l*InWidth +: InWidth], shift_i[l*6 +: 6]);
        rounded_d[l] = shifted(parts_q[l]);
        out_d[l] = saturate(rounded_q[l]);
      end
    end

    always_ff @(posedge clk_i) begin
      parts_q <= parts_d;
      rounded_q <= rounded_d;
    end
  end else begin : gen_constant
    localparam int unsigned ExtWidth = WideWidth + RightConst;
    localparam int unsigned Dropped = xplat_pkg::umax(RightConst, 1);

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

    wide_t [Lanes-1:0] floor_d, floor_q;
    logic [Lanes-1:0] round_d, round_q;
    rounded_t [Lanes-1:0] rounded_d, rounded_q;
    logic signed [ExtWidth-1:0] ext;

    always_comb begin
      ext = '0;
      for (int unsigned l = 0; l < Lanes; l++) begin
        ext = ExtWidth'($signed(in_i[l*InWidth +: InWidth])) <<< LeftConst;
        floor_d[l] = ext[ExtWidth-1:RightConst];
        round_d[l] = rounds_up(ext[Dropped:0]);
        rounded_d[l] = round(floor_q[l], round_q[l]);
        out_d[l] = saturate(rounded_q[l]);
      end
    end

    always_ff @(posedge clk_i) begin
      floor_q <= floor_d;
      round_q <= round_d;
      rounded_q <= rounded_d;
    end

    logic unused_ok;
    assign unused_ok = &{1'b0, shift_i};
  end

  always_ff @(posedge clk_i) begin
    out_q <= out_d;
  end

  assign out_o = out_q;

  `XPLAT_CHECK_PARAM(Widths, InWidth >= 2 && OutWidth >= 2)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One element of a function that is a polynomial in each segment of its operand: docs/Spec.md, #xplat.polynomials.
//
// The leading bits of the operand address a word that tells the length of its segment and where the coefficients of
// the segments around it begin; with segments of one length there is no such memory. The place in the segment, scaled
// to the longest one and counted from its middle, multiplies the coefficients, the highest first.
// Latency 3 + 2 * Degree, with a memory of lengths 3 more; one result a cycle; never stops. A multiplier has a register
// before and behind it, and so has each memory.

`include "xplat_assert.svh"

module xplat_polynomial_lane #(
  parameter int unsigned InWidth = 16,
  parameter int unsigned OutWidth = 16,
  parameter bit OutUnsigned = 1'b0,
  parameter int unsigned Degree = 2,
  parameter int unsigned GuardBits = 3,
  parameter int unsigned Segments = 64,
  // Words of the memory of lengths.
  parameter int unsigned Ranges = 0,
  // Binary logarithms of lengths of segments.
  parameter int unsigned Longest = 10,
  parameter int unsigned Shortest = 10,
  // Of a coefficient of each power.
  parameter int unsigned Bits0 = 20,
  parameter int unsigned Bits1 = 16,
  parameter int unsigned Bits2 = 12,
  localparam int unsigned IndexWidth = $clog2(Segments),
  localparam int unsigned ShiftWidth = $clog2(Longest - Shortest + 1),
  localparam int unsigned RangeAddrWidth = xplat_pkg::addr_width(Ranges),
  localparam int unsigned RangeWidth = IndexWidth + ShiftWidth,
  localparam int unsigned WordWidth = Bits0 + Bits1 + Bits2
) (
  input  logic                      clk_i,

  input  logic [InWidth-1:0]        in_i,
  output logic [OutWidth-1:0]       out_o,

  output logic [RangeAddrWidth-1:0] range_addr_o,
  input  logic [RangeWidth-1:0]     range_data_i,
  output logic [IndexWidth-1:0]     coefficient_addr_o,
  input  logic [WordWidth-1:0]      coefficient_data_i
);

  localparam logic [OutWidth-1:0] OutMax = {OutUnsigned, {(OutWidth - 1) {1'b1}}};
  localparam logic [OutWidth-1:0] OutMin = {~OutUnsigned, {(OutWidth - 1) {1'b0}}};

  // The factor of the last product, that product, the last sum, and the sum without its guard bits.
  localparam int unsigned FactorWidth = Degree == 2 ? xplat_pkg::umax(Bits1, Bits2) + 1 : Bits1;
  localparam int unsigned SumWidth = xplat_pkg::umax(Bits0, FactorWidth) + 1;
  localparam int unsigned WideWidth = xplat_pkg::umax(SumWidth, OutWidth) + 1;

  typedef logic signed [Longest-1:0] delta_t;

  // The segment, and the place in it counted from its middle.
  logic [IndexWidth-1:0] index;
  logic [Longest-1:0] place;

  if (Ranges > 1) begin : gen_ranges
    // Bits of the operand that are in a segment, or not in the address of a range.
    localparam int unsigned LowWidth = xplat_pkg::umax(Longest, InWidth - RangeAddrWidth);
    localparam int unsigned ShiftedWidth = LowWidth + Longest - Shortest;

    logic [1:0][LowWidth-1:0] low_q;
    logic [RangeWidth-1:0] range_q;
    logic [ShiftedWidth-1:0] shifted;
    logic [IndexWidth-1:0] index_q;
    logic [Longest-1:0] place_q;

    assign range_addr_o = in_i[InWidth-1 -: RangeAddrWidth];
    assign shifted = ShiftedWidth'(low_q[1]) << range_q[RangeWidth-1:IndexWidth];

    always_ff @(posedge clk_i) begin
      low_q <= {low_q[0], in_i[LowWidth-1:0]};
      range_q <= range_data_i;
      index_q <= range_q[IndexWidth-1:0] + IndexWidth'(shifted >> Longest);
      place_q <= shifted[Longest-1:0];
    end

    assign index = index_q;
    assign place = place_q;
  end else begin : gen_uniform
    logic unused_ok;
    assign unused_ok = &{1'b0, range_data_i};
    assign range_addr_o = '0;
    assign index = in_i[InWidth-1:Longest];
    assign place = in_i[Longest-1:0];
  end

  // Behind the memory: the coefficients, and the place as a number with a sign.
  delta_t read_q, delta_q;
  logic [WordWidth-1:0] word_q;

  assign coefficient_addr_o = index;

  always_ff @(posedge clk_i) begin
    read_q <= delta_t'({~place[Longest-1], place[Longest-2:0]});
    delta_q <= read_q;
    word_q <= coefficient_data_i;
  end

  logic signed [FactorWidth-1:0] factor;
  logic signed [Bits0-1:0] constant;
  delta_t last_delta;

  if (Degree == 2) begin : gen_quadratic
    logic signed [Bits2+Longest-1:0] square_q;
    logic signed [FactorWidth-1:0] factor_q;
    logic signed [Bits1-1:0] linear_q;
    logic [1:0][Bits0-1:0] constant_q;
    delta_t [1:0] later_q;

    always_ff @(posedge clk_i) begin
      square_q <= $signed(word_q[WordWidth-1 -: Bits2]) * delta_q;
      linear_q <= $signed(word_q[Bits0 +: Bits1]);
      factor_q <= FactorWidth'(linear_q) + FactorWidth'($signed(square_q[Bits2+Longest-1:Longest]));
      constant_q <= {constant_q[0], word_q[Bits0-1:0]};
      later_q <= {later_q[0], delta_q};
    end

    // A sum takes no more of a product than its floor.
    logic unused_ok;
    assign unused_ok = &{1'b0, square_q[Longest-1:0]};
    assign factor = factor_q;
    assign constant = $signed(constant_q[1]);
    assign last_delta = later_q[1];
  end else begin : gen_linear
    assign factor = $signed(word_q[Bits0 +: Bits1]);
    assign constant = $signed(word_q[Bits0-1:0]);
    assign last_delta = delta_q;
  end

  logic signed [FactorWidth+Longest-1:0] product_q;
  logic signed [Bits0-1:0] constant_q;
  logic signed [SumWidth-1:0] sum_q;
  logic signed [WideWidth-1:0] wide;
  logic fits;
  logic [OutWidth-1:0] out_q;

  assign wide = WideWidth'(sum_q) >>> GuardBits;
  // Above the highest bit of the result there are copies of its sign, or zeros.
  assign fits = OutUnsigned ? ~|wide[WideWidth-1:OutWidth]
                            : &wide[WideWidth-1:OutWidth-1] | ~|wide[WideWidth-1:OutWidth-1];

  always_ff @(posedge clk_i) begin
    product_q <= factor * last_delta;
    constant_q <= constant;
    sum_q <= SumWidth'(constant_q) + SumWidth'($signed(product_q[FactorWidth+Longest-1:Longest]));
    if (fits) out_q <= wide[OutWidth-1:0];
    else out_q <= wide[WideWidth-1] ? OutMin : OutMax;
  end

  logic unused_ok;
  assign unused_ok = &{1'b0, product_q[Longest-1:0]};
  assign out_o = out_q;

  `XPLAT_CHECK_PARAM(Degree, (Degree == 1 && Bits2 == 0) || (Degree == 2 && Bits2 > 0))
  `XPLAT_CHECK_PARAM(Lengths, Shortest <= Longest && Longest >= 2 && Longest < InWidth)

endmodule

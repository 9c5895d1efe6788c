// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Width converter for block formats: beats of `InLanes` elements to beats of `OutLanes`, each number of
// which divides `Block` or is a multiple of it.
//
// A beat has an exponent for each block that it touches, above its elements. Units of the common divisor
// of both numbers of lanes go through xplat_rewidth with the exponents that are theirs.

`include "xplat_assert.svh"

module xplat_block_rewidth #(
  parameter int unsigned ElemWidth = 4,
  parameter int unsigned InLanes = 4,
  parameter int unsigned OutLanes = 16,
  parameter int unsigned Block = 16,
  localparam int unsigned InGroups = xplat_pkg::umax(InLanes / Block, 1),
  localparam int unsigned OutGroups = xplat_pkg::umax(OutLanes / Block, 1),
  localparam int unsigned InBits = InLanes * ElemWidth + InGroups * 8,
  localparam int unsigned OutBits = OutLanes * ElemWidth + OutGroups * 8
) (
  input  logic               clk_i,
  input  logic               rst_ni,

  input  logic               in_valid_i,
  output logic               in_ready_o,
  input  logic [InBits-1:0]  in_data_i,

  output logic               out_valid_o,
  input  logic               out_ready_i,
  output logic [OutBits-1:0] out_data_o
);

  localparam int unsigned Unit = xplat_pkg::gcd(InLanes, OutLanes);
  localparam int unsigned Groups = xplat_pkg::umax(Unit / Block, 1);
  localparam int unsigned ElementBits = Unit * ElemWidth;
  localparam int unsigned UnitBits = ElementBits + Groups * 8;
  localparam int unsigned InUnits = InLanes / Unit;
  localparam int unsigned OutUnits = OutLanes / Unit;

  logic [InUnits*UnitBits-1:0] units;
  logic [OutUnits*UnitBits-1:0] regrouped;

  for (genvar u = 0; u < InUnits; u++) begin : gen_in
    localparam int unsigned First = u * Unit / Block;
    assign units[u*UnitBits +: ElementBits] = in_data_i[u*ElementBits +: ElementBits];
    assign units[u*UnitBits+ElementBits +: Groups*8] = in_data_i[InLanes*ElemWidth+First*8 +: Groups*8];
  end

  xplat_rewidth #(
    .ElemWidth(UnitBits),
    .InLanes(InUnits),
    .OutLanes(OutUnits)
  ) u_units (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i(units),
    .out_valid_o,
    .out_ready_i,
    .out_data_o(regrouped)
  );

  for (genvar u = 0; u < OutUnits; u++) begin : gen_out
    assign out_data_o[u*ElementBits +: ElementBits] = regrouped[u*UnitBits +: ElementBits];
  end

  for (genvar g = 0; g < OutGroups; g++) begin : gen_exponent
    localparam int unsigned From = g * Block / Unit;
    localparam int unsigned Place = (g * Block - From * Unit) / Block;
    assign out_data_o[OutLanes*ElemWidth+g*8 +: 8] = regrouped[From*UnitBits+ElementBits+Place*8 +: 8];
  end

  // Where a block has several units, all of them have its exponent, and one is enough.
  if (OutUnits > OutGroups) begin : gen_unused
    logic unused_ok;
    assign unused_ok = &{1'b0, regrouped};
  end

  `XPLAT_CHECK_PARAM(InLanes, xplat_pkg::gcd(InLanes, Block) == xplat_pkg::umin(InLanes, Block))
  `XPLAT_CHECK_PARAM(OutLanes, xplat_pkg::gcd(OutLanes, Block) == xplat_pkg::umin(OutLanes, Block))

endmodule

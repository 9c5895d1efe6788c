// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Beats of `InUnits` units to beats of `OutUnits` units, two numbers without a common divisor.
//
// Latency 1 from the beat that completes an output beat; full rate on the side with fewer units. A
// beat is taken while at most InUnits + OutUnits units are held: it goes into the store, of which
// the output is the beginning, or waits in a spare register until the store has OutUnits units at
// most. `in_ready_o` and the outputs are registers.

`include "xplat_assert.svh"

module xplat_gearbox #(
  parameter int unsigned UnitWidth = 8,
  parameter int unsigned InUnits = 2,
  parameter int unsigned OutUnits = 3
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          in_valid_i,
  output logic                          in_ready_o,
  input  logic [InUnits*UnitWidth-1:0]  in_data_i,

  output logic                          out_valid_o,
  input  logic                          out_ready_i,
  output logic [OutUnits*UnitWidth-1:0] out_data_o
);

  localparam int unsigned Units = OutUnits + InUnits;

  logic [Units-1:0][UnitWidth-1:0] store_d, store_q;
  logic [InUnits-1:0][UnitWidth-1:0] beat, spare_data_q;
  // How many units are in the store, one bit for each number: now, without those that leave, and
  // in the next cycle.
  logic [Units:0] units_q, left, units_d;
  logic valid_q, spare_valid_q, pop, room;

  assign in_ready_o = ~spare_valid_q;
  assign out_valid_o = valid_q;
  assign out_data_o = store_q[OutUnits-1:0];
  assign pop = valid_q & out_ready_i;
  assign left = pop ? units_q >> OutUnits : units_q;
  assign room = |left[OutUnits:0];
  assign beat = spare_valid_q ? spare_data_q : in_data_i;
  assign units_d = room & (spare_valid_q | in_valid_i) ? left << InUnits : left;

  // What is written at a free place without a beat is written again with it.
  always_comb begin
    store_d = pop ? {(OutUnits * UnitWidth)'(0), store_q[Units-1:OutUnits]} : store_q;
    for (int unsigned p = 0; p <= OutUnits; p++) begin
      if (left[p]) store_d[p +: InUnits] = beat;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      units_q <= (Units + 1)'(1);
      valid_q <= 1'b0;
      spare_valid_q <= 1'b0;
    end else begin
      units_q <= units_d;
      valid_q <= |units_d[Units:OutUnits];
      spare_valid_q <= (spare_valid_q | in_valid_i) & ~room;
    end
  end

  always_ff @(posedge clk_i) begin
    store_q <= store_d;
    if (in_ready_o) spare_data_q <= in_data_i;
  end

  `XPLAT_CHECK_PARAM(Units, InUnits >= 1 && OutUnits >= 1 && UnitWidth >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

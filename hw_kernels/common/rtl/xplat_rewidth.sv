// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gearbox: beats of `InLanes` elements to beats of `OutLanes` elements, any two numbers.
//
// Latency 1 from the beat that completes an output beat. Full rate on the side with fewer lanes:
// n elements take max(n / InLanes, n / OutLanes) cycles. `in_ready_o` depends combinationally on
// `out_ready_i`. The buffer holds InLanes + OutLanes - gcd elements and counts in units of the gcd.

`include "xplat_assert.svh"

module xplat_rewidth #(
  parameter int unsigned ElemWidth = 8,
  parameter int unsigned InLanes = 2,
  parameter int unsigned OutLanes = 3
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          in_valid_i,
  output logic                          in_ready_o,
  input  logic [InLanes*ElemWidth-1:0]  in_data_i,

  output logic                          out_valid_o,
  input  logic                          out_ready_i,
  output logic [OutLanes*ElemWidth-1:0] out_data_o
);

  function automatic int unsigned gcd(int unsigned a, int unsigned b);
    int unsigned x = a;
    int unsigned y = b;
    int unsigned t;
    while (y != 0) begin
      t = x % y;
      x = y;
      y = t;
    end
    return x;
  endfunction

  localparam int unsigned Unit = gcd(InLanes, OutLanes);
  localparam int unsigned UnitWidth = Unit * ElemWidth;
  localparam int unsigned InUnits = InLanes / Unit;
  localparam int unsigned OutUnits = OutLanes / Unit;
  localparam int unsigned Units = InUnits + OutUnits - 1;
  localparam int unsigned CountWidth = $clog2(Units + 1);

  logic [Units-1:0][UnitWidth-1:0] store_d, store_q;
  logic [Units+OutUnits-1:0][UnitWidth-1:0] padded;
  logic [CountWidth-1:0] count_d, count_q, left;
  logic valid_q, take;

  assign left = (valid_q & out_ready_i) ? count_q - CountWidth'(OutUnits) : count_q;
  assign in_ready_o = left < CountWidth'(OutUnits);
  assign take = in_valid_i & in_ready_o;
  assign count_d = take ? left + CountWidth'(InUnits) : left;
  assign out_valid_o = valid_q;
  assign padded = {(OutUnits * UnitWidth)'(0), store_q};
  assign out_data_o = padded[OutUnits-1:0];

  always_comb begin
    store_d = store_q;
    if (valid_q & out_ready_i) store_d = padded[Units+OutUnits-1:OutUnits];
    // The place of a new beat is one of the OutUnits positions that `in_ready_o` admits.
    for (int unsigned p = 0; p < OutUnits; p++) begin
      if (take && left == CountWidth'(p)) store_d[p +: InUnits] = in_data_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q <= '0;
      valid_q <= 1'b0;
    end else begin
      count_q <= count_d;
      valid_q <= count_d >= CountWidth'(OutUnits);
    end
  end

  always_ff @(posedge clk_i) begin
    store_q <= store_d;
  end

  `XPLAT_CHECK_PARAM(Lanes, InLanes >= 1 && OutLanes >= 1 && ElemWidth >= 1)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

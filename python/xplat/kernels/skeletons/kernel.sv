// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The @WORDS@ of each element, rounded half to even and saturated into the result's format.
//
// One beat a cycle, latency 1. `valid`, `ready` and `data` come out of registers: the beat that comes while the result
// waits goes to a spare register, so that `in_ready_o` does not depend on `out_ready_i`.

`include "xplat_assert.svh"

module @NAME@ #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      in_valid_i,
  output logic                      in_ready_o,
  input  logic [Lanes*InWidth-1:0]  in_data_i,

  output logic                      out_valid_o,
  input  logic                      out_ready_i,
  output logic [Lanes*OutWidth-1:0] out_data_o
);

  // Wide enough for every value, shifted left by 16 bits at most.
  localparam int unsigned Wide = 36;
  localparam int unsigned Left = Shift < 0 ? unsigned'(-Shift) : 0;
  localparam int unsigned Right = Shift > 0 ? unsigned'(Shift) : 0;
  typedef logic signed [Wide-1:0] wide_t;
  localparam wide_t Highest = (wide_t'(1) <<< (OutWidth - 1)) - 1;
  localparam wide_t Lowest = -(wide_t'(1) <<< (OutWidth - 1));

  // The exact result for one element. Here is the place for the arithmetic of the op.
  function automatic wide_t exact(input wide_t x);
    return @EXPRESSION@;
  endfunction

  // value / 2^Shift, rounded half to even, saturated.
  function automatic logic [OutWidth-1:0] rounded(input wide_t value);
    wide_t shifted, half, quotient;
    shifted = value <<< Left;
    half = (wide_t'(1) <<< Right) >> 1;
    quotient = (shifted + half) >>> Right;
    // A tie was rounded up; it goes to the even neighbour.
    if (Right != 0 && (quotient <<< Right) == shifted + half && quotient[0]) quotient = quotient - 1;
    if (quotient > Highest) return OutWidth'(Highest);
    if (quotient < Lowest) return OutWidth'(Lowest);
    return OutWidth'(quotient);
  endfunction

  logic valid_q, spare_valid_q, slot_free;
  logic [Lanes*OutWidth-1:0] data_q, spare_data_q, data_d;

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    assign data_d[i*OutWidth +: OutWidth] = rounded(exact(wide_t'(signed'(in_data_i[i*InWidth +: InWidth]))));
  end

  assign slot_free = ~valid_q | out_ready_i;
  assign in_ready_o = ~spare_valid_q;
  assign out_valid_o = valid_q;
  assign out_data_o = data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      spare_valid_q <= 1'b0;
    end else begin
      if (slot_free) valid_q <= spare_valid_q | in_valid_i;
      spare_valid_q <= (spare_valid_q | in_valid_i) & ~slot_free;
    end
  end

  always_ff @(posedge clk_i) begin
    if (slot_free) data_q <= spare_valid_q ? spare_data_q : data_d;
    if (in_ready_o) spare_data_q <= data_d;
  end

  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

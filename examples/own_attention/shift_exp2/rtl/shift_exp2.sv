// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 2^floor(x) · (1 + x - floor(x)) of each element, rounded half to even and saturated into the result's format.
//
// The fraction of x, with a one in front, is the mantissa of the result; the rest of x says by how much it is shifted.
// One beat a cycle, latency 1. `valid`, `ready` and `data` come out of registers: the beat that comes while the result
// waits goes to a spare register, so that `in_ready_o` does not depend on `out_ready_i`.

`include "xplat_assert.svh"

module shift_exp2 #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned InFraction = 4,
  parameter int unsigned OutWidth = 8,
  parameter int OutFraction = 4,
  parameter bit InUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0
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

  // Bits that rounding drops, and all bits of a mantissa that is shifted right by OutWidth + 1 at most.
  localparam int unsigned Dropped = InFraction + 2;
  localparam int unsigned Wide = Dropped + OutWidth;
  typedef logic [Wide-1:0] wide_t;
  typedef logic signed [31:0] place_t;
  typedef logic [OutWidth-1:0] result_t;
  localparam result_t Highest = {OutUnsigned, {(OutWidth - 1) {1'b1}}};

  function automatic result_t power(logic [InWidth-1:0] element);
    wide_t mantissa, shifted;
    place_t x, right;
    logic up;
    logic [OutWidth:0] rounded;
    x = place_t'($signed({element[InWidth-1] & ~InUnsigned, element}));
    mantissa = wide_t'({1'b1, {InFraction{1'b0}}}) | (wide_t'(x) & wide_t'((64'd1 << InFraction) - 64'd1));
    // With no shift the leading one is the highest bit of an unsigned result.
    right = place_t'(int'(OutWidth) - 1 - OutFraction) - (x >>> InFraction);
    if (right < 0) return Highest;
    if (right > place_t'(OutWidth + 1)) right = place_t'(OutWidth + 1);
    shifted = (mantissa << (OutWidth + 1)) >> right;
    up = shifted[Dropped-1] & ((|shifted[Dropped-2:0]) | shifted[Dropped]);
    rounded = {1'b0, shifted[Wide-1:Dropped]} + (OutWidth + 1)'(up);
    return rounded > {1'b0, Highest} ? Highest : rounded[OutWidth-1:0];
  endfunction

  logic valid_q, spare_valid_q, slot_free;
  logic [Lanes*OutWidth-1:0] data_q, spare_data_q, data_d;

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    assign data_d[i*OutWidth +: OutWidth] = power(in_data_i[i*InWidth +: InWidth]);
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

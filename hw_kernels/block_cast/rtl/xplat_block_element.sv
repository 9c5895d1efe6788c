// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An element of a block: its magnitude, `places_i` from the top, rounded half to even.
//
// With `places_i` the highest one of the block's largest magnitude is at the top: there an integer has
// its highest bit, and a float the leading one of its largest exponent. What rounds up beyond the
// largest code becomes that code. An integer has one zero; a float keeps the sign of what rounds to zero.
//
// Latency 3, of a float 4; one element a cycle; never stops.

`include "xplat_assert.svh"

module xplat_block_element #(
  parameter int unsigned InWidth = 12,
  parameter int unsigned ElemWidth = 4,
  parameter bit TwosComplement = 1'b0,
  parameter int unsigned Exponent = 0,
  localparam int unsigned PlaceWidth = $clog2(InWidth)
) (
  input  logic                  clk_i,

  input  logic                  negative_i,
  input  logic [InWidth-1:0]    magnitude_i,
  input  logic [PlaceWidth-1:0] places_i,
  output logic [ElemWidth-1:0]  element_o
);

  // Bits that rounding keeps: of a float its fraction and the one before it.
  localparam int unsigned Kept = ElemWidth - Exponent - (Exponent > 0 ? 0 : 1);
  // What is cut off, at least two bits.
  localparam int unsigned CutWidth = InWidth + 2;
  localparam logic [ElemWidth-2:0] MaxCode =
      (ElemWidth - 1)'(xplat_pkg::float_code(ElemWidth, Exponent));

  logic [InWidth-1:0] shifted_q, aligned;
  logic [ElemWidth-2:0] base;
  logic negative_q, aligned_negative;

  always_ff @(posedge clk_i) begin
    shifted_q <= magnitude_i << places_i;
    negative_q <= negative_i;
  end

  if (Exponent > 0) begin : gen_float
    localparam int unsigned Fields = xplat_pkg::float_field(ElemWidth, Exponent);
    logic [Exponent-1:0] zeros, field_q;
    logic [InWidth-1:0] aligned_q;
    logic aligned_negative_q;

    // Zeros above the leading one, as many as the exponent can express.
    always_comb begin
      zeros = Exponent'(Fields - 1);
      for (int unsigned z = Fields - 1; z > 0; z--) begin
        if (z <= InWidth && shifted_q[InWidth-z]) zeros = Exponent'(z - 1);
      end
    end
    always_ff @(posedge clk_i) begin
      field_q <= Exponent'(Fields - 1) - zeros;
      aligned_q <= shifted_q << zeros;
      aligned_negative_q <= negative_q;
    end
    // The leading one adds the last one to the exponent.
    assign base = (ElemWidth - 1)'(field_q) << (ElemWidth - 1 - Exponent);
    assign aligned = aligned_q;
    assign aligned_negative = aligned_negative_q;
  end else begin : gen_integer
    assign base = '0;
    assign aligned = shifted_q;
    assign aligned_negative = negative_q;
  end

  logic [Kept-1:0] kept;
  logic [CutWidth-1:0] cut;
  logic up, rounded_negative_q;
  logic [ElemWidth-1:0] rounded_q;
  logic [ElemWidth-2:0] code;
  logic [ElemWidth-1:0] element_q;

  assign {kept, cut} = {aligned, (Kept + 2)'(0)};
  assign up = cut[CutWidth-1] & (kept[0] | (|cut[CutWidth-2:0]));

  always_ff @(posedge clk_i) begin
    rounded_q <= ElemWidth'(base) + ElemWidth'(kept) + ElemWidth'(up);
    rounded_negative_q <= aligned_negative;
    if (TwosComplement) element_q <= rounded_negative_q ? -ElemWidth'(code) : ElemWidth'(code);
    else element_q <= {rounded_negative_q & (Exponent > 0 || code != '0), code};
  end

  assign code = rounded_q > ElemWidth'(MaxCode) ? MaxCode : rounded_q[ElemWidth-2:0];
  assign element_o = element_q;

  `XPLAT_CHECK_PARAM(Widths, InWidth >= 2 && ElemWidth >= Exponent + 2)

endmodule

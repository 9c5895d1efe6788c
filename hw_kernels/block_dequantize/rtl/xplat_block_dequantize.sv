// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A block format to fixed point, rounded once half to even and saturated.
//
// A beat of the operand has its elements and, above them, an exponent, biased by 127, for each of the
// Groups blocks that it touches. An element is its mantissa, an integer, times 2^(exponent - 127 -
// mantissa fraction); in steps of the result, of which Shift is the fraction less that of a mantissa,
// times 2^(exponent - 127 + Shift).
//
// Cycles per beat (initiation interval), exact when never starved and never blocked: 1.
// Latency from the last needed beat to its output beat: 6.
// Back-pressure: a beat is taken only when the result FIFO will have room for its result; three beats
// wait at the input.

`include "xplat_assert.svh"

module xplat_block_dequantize #(
  parameter int unsigned Lanes = 4,
  parameter int unsigned Block = 16,
  parameter int unsigned ElemWidth = 4,
  parameter bit TwosComplement = 1'b0,
  parameter int unsigned Exponent = 0,
  parameter int Shift = 0,
  parameter int unsigned OutWidth = 12,
  parameter bit OutUnsigned = 1'b0,
  localparam int unsigned Groups = xplat_pkg::umax(Lanes / Block, 1),
  localparam int unsigned InBits = Lanes * ElemWidth + Groups * 8
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,

  input  logic                      in_valid_i,
  output logic                      in_ready_o,
  input  logic [InBits-1:0]         in_data_i,

  output logic                      out_valid_o,
  input  logic                      out_ready_i,
  output logic [Lanes*OutWidth-1:0] out_data_o
);

  localparam int unsigned GroupLanes = Lanes / Groups;
  localparam int unsigned Stages = 4;
  localparam int unsigned MagWidth =
      TwosComplement ? ElemWidth : xplat_pkg::mantissa_bits(ElemWidth, Exponent);
  // Bits of a fraction, below which a mantissa is less than half a step.
  localparam int unsigned Guard = MagWidth + 1;
  localparam int unsigned WideWidth = MagWidth + OutWidth + Guard;
  localparam int unsigned PlaceWidth = $clog2(OutWidth + Guard + 1);

  logic [InBits-1:0] data;
  logic [Lanes*OutWidth-1:0] result;
  logic [Groups-1:0] beyond_q;
  logic [Groups-1:0][PlaceWidth-1:0] places_q;

  xplat_pipeline #(
    .InWidth(InBits),
    .OutWidth(Lanes * OutWidth),
    .Stages(Stages)
  ) u_pipeline (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .data_o(data),
    .result_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  for (genvar g = 0; g < Groups; g++) begin : gen_group
    // Places to the left of the fraction's last bit: as many as matter.
    logic signed [15:0] places;
    assign places =
        16'(int'(Guard) + Shift - 127) + $signed({8'd0, data[Lanes*ElemWidth+g*8 +: 8]});
    always_ff @(posedge clk_i) begin
      beyond_q[g] <= places > 16'(int'(OutWidth + Guard));
      places_q[g] <= places < 0 ? '0 : PlaceWidth'(unsigned'(places));
    end
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic [ElemWidth-1:0] element;
    logic [MagWidth-1:0] magnitude, magnitude_q;
    logic [2:0] negative_q;
    logic [WideWidth-1:0] wide_q;
    logic [WideWidth-Guard:0] rounded_q;
    logic up, far_q, far2_q;
    logic [OutWidth-1:0] out_q;

    assign element = data[l*ElemWidth +: ElemWidth];
    if (TwosComplement) begin : gen_complement
      assign magnitude = element[ElemWidth-1] ? -element : element;
    end else begin : gen_magnitude
      assign magnitude = MagWidth'(xplat_pkg::mantissa(16'(element[ElemWidth-2:0]), ElemWidth, Exponent));
    end
    assign up = wide_q[Guard-1] & (wide_q[Guard] | (|wide_q[Guard-2:0]));

    always_ff @(posedge clk_i) begin
      magnitude_q <= magnitude;
      negative_q <= {negative_q[1:0], element[ElemWidth-1]};
      wide_q <= WideWidth'(magnitude_q) << places_q[l/GroupLanes];
      far_q <= beyond_q[l/GroupLanes] & (magnitude_q != '0);
      rounded_q <= (WideWidth - Guard + 1)'(wide_q[WideWidth-1:Guard]) + (WideWidth - Guard + 1)'(up);
      far2_q <= far_q;
      if (OutUnsigned) begin
        if (negative_q[2]) out_q <= '0;
        else out_q <= far2_q | (|rounded_q[WideWidth-Guard:OutWidth]) ? '1 : rounded_q[OutWidth-1:0];
      end else if (far2_q | (|rounded_q[WideWidth-Guard:OutWidth-1])) begin
        out_q <= {negative_q[2], {(OutWidth - 1) {~negative_q[2]}}};
      end else begin
        out_q <= negative_q[2] ? -rounded_q[OutWidth-1:0] : rounded_q[OutWidth-1:0];
      end
    end
    assign result[l*OutWidth +: OutWidth] = out_q;
  end

  `XPLAT_CHECK_PARAM(Block, xplat_pkg::gcd(Lanes, Block) == xplat_pkg::umin(Lanes, Block))
  `XPLAT_CHECK_PARAM(Widths, ElemWidth >= 2 && OutWidth >= 2)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Fixed point to a block format: the exponent of a block is that of its largest magnitude.
//
// A beat of the result has its elements and, above them, an exponent, biased by 127, for each of the
// Groups blocks that it touches. Lanes divides Block, or is a multiple of it; the last block of a row of
// Row elements may be short. Elements are integers of a sign and a magnitude, or in two's complement
// with TwosComplement, or floats with Exponent bits of their own exponent.
//
// A beat waits until its block is complete: meanwhile the magnitudes of all elements are combined by
// OR, whose highest one is that of the largest. Then it is shifted so that this one comes to the top,
// and rounded at a fixed place.
//
// Cycles per beat (initiation interval), exact when never starved and never blocked: 1.
// Latency from the last beat of the block to the first output beat: 8, of floats 9.
// Back-pressure: takes beats while it has places, those of a block and four; results find a place in the
// result FIFO.

`include "xplat_assert.svh"

module xplat_block_cast #(
  parameter int unsigned Lanes = 4,
  parameter int unsigned Row = 16,
  parameter int unsigned Block = 16,
  parameter int unsigned InWidth = 12,
  parameter bit InUnsigned = 1'b0,
  parameter int Fraction = 0,
  parameter int unsigned ElemWidth = 4,
  parameter bit TwosComplement = 1'b0,
  parameter int unsigned Exponent = 0,
  localparam int unsigned Groups = xplat_pkg::umax(Lanes / Block, 1),
  localparam int unsigned OutBits = Lanes * ElemWidth + Groups * 8
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,

  input  logic                     in_valid_i,
  output logic                     in_ready_o,
  input  logic [Lanes*InWidth-1:0] in_data_i,

  output logic                     out_valid_o,
  input  logic                     out_ready_i,
  output logic [OutBits-1:0]       out_data_o
);

  localparam int unsigned GroupLanes = Lanes / Groups;
  localparam int unsigned Beats = Row / Lanes;
  localparam int unsigned BlockBeats = xplat_pkg::umax(xplat_pkg::umin(Block / Lanes, Beats), 1);
  localparam int unsigned Places = BlockBeats + 4;
  localparam int unsigned PlaceWidth = $clog2(InWidth);
  // Magnitude, shift, rounding, code; one more for the exponent of a float.
  localparam int unsigned Stages = Exponent > 0 ? 5 : 4;
  // The exponent of the largest magnitude that an element has beyond that of its block.
  localparam int Headroom = Exponent > 0 ?
      int'(xplat_pkg::float_field(ElemWidth, Exponent)) - (1 << (Exponent - 1)) + 1 : 0;
  localparam int Bias = 127 - Fraction - Headroom + int'(InWidth) - 1;

  function automatic logic [InWidth-1:0] magnitude(logic [InWidth-1:0] number);
    return number[InWidth-1] & ~InUnsigned ? -number : number;
  endfunction

  // ---------------------------------------------------------------------------------------------
  // Beats that wait, and how far the magnitudes of each block are from the top
  // ---------------------------------------------------------------------------------------------

  logic take, take_q, first, last, first_q, last_q, whole_valid_q;
  logic [Lanes*InWidth-1:0] data;
  logic [Groups-1:0][InWidth-1:0] bits_d, bits_q, part_q, whole_q;
  logic [Groups-1:0][PlaceWidth:0] places_d, places;
  logic data_valid, places_valid, may_begin, pop, pop_last, unused_first, unused_credit;

  assign take = in_valid_i & in_ready_o;

  xplat_block_walk #(
    .Beats(Beats),
    .BlockBeats(BlockBeats)
  ) u_write (
    .clk_i,
    .rst_ni,
    .step_i(take),
    .first_o(first),
    .last_o(last)
  );

  always_comb begin
    bits_d = '0;
    for (int unsigned l = 0; l < Lanes; l++) bits_d[l/GroupLanes] |= magnitude(in_data_i[l*InWidth +: InWidth]);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      take_q <= 1'b0;
      whole_valid_q <= 1'b0;
    end else begin
      take_q <= take;
      whole_valid_q <= take_q & last_q;
    end
  end

  always_ff @(posedge clk_i) begin
    bits_q <= bits_d;
    first_q <= first;
    last_q <= last;
    if (take_q) part_q <= first_q ? bits_q : part_q | bits_q;
    whole_q <= first_q ? bits_q : part_q | bits_q;
  end

  // Places from the highest one to the top; above them, whether there is none.
  always_comb begin
    for (int unsigned g = 0; g < Groups; g++) begin
      places_d[g] = {1'b1, PlaceWidth'(0)};
      for (int unsigned b = 0; b < InWidth; b++) begin
        if (whole_q[g][b]) places_d[g] = (PlaceWidth + 1)'(InWidth - 1 - b);
      end
    end
  end

  xplat_result_fifo #(
    .DataWidth(Lanes * InWidth),
    .Depth(Places)
  ) u_data (
    .clk_i,
    .rst_ni,
    .may_begin_o(in_ready_o),
    .begin_i(take),
    .valid_i(take),
    .data_i(in_data_i),
    .out_valid_o(data_valid),
    .out_ready_i(pop),
    .out_data_o(data)
  );

  xplat_result_fifo #(
    .DataWidth(Groups * (PlaceWidth + 1)),
    .Depth(Places / BlockBeats + 2)
  ) u_places (
    .clk_i,
    .rst_ni,
    .may_begin_o(unused_credit),
    .begin_i(whole_valid_q),
    .valid_i(whole_valid_q),
    .data_i(places_d),
    .out_valid_o(places_valid),
    .out_ready_i(pop & pop_last),
    .out_data_o(places)
  );

  xplat_block_walk #(
    .Beats(Beats),
    .BlockBeats(BlockBeats)
  ) u_read (
    .clk_i,
    .rst_ni,
    .step_i(pop),
    .first_o(unused_first),
    .last_o(pop_last)
  );

  assign pop = places_valid & data_valid & may_begin;

  // ---------------------------------------------------------------------------------------------
  // Elements
  // ---------------------------------------------------------------------------------------------

  logic [Stages-1:0] valid_q;
  logic [Groups-1:0][PlaceWidth:0] places_q;
  logic [Stages-1:0][Groups-1:0][7:0] exponent_q;
  logic [Lanes*ElemWidth-1:0] elements;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[Stages-2:0], pop};
  end

  always_ff @(posedge clk_i) begin
    places_q <= places;
    for (int unsigned g = 0; g < Groups; g++) begin
      exponent_q[0][g] <= places[g][PlaceWidth] ? '0 : 8'(Bias - int'(places[g][PlaceWidth-1:0]));
    end
    for (int unsigned s = 1; s < Stages; s++) exponent_q[s] <= exponent_q[s-1];
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic [InWidth-1:0] number, magnitude_q;
    logic negative_q;

    assign number = data[l*InWidth +: InWidth];
    always_ff @(posedge clk_i) begin
      magnitude_q <= magnitude(number);
      negative_q <= number[InWidth-1] & ~InUnsigned;
    end

    xplat_block_element #(
      .InWidth(InWidth),
      .ElemWidth(ElemWidth),
      .TwosComplement(TwosComplement),
      .Exponent(Exponent)
    ) u_element (
      .clk_i,
      .negative_i(negative_q),
      .magnitude_i(magnitude_q),
      .places_i(places_q[l/GroupLanes][PlaceWidth-1:0]),
      .element_o(elements[l*ElemWidth +: ElemWidth])
    );
  end

  // Places for all that the latency of the kernel holds, as the dataflow model counts.
  xplat_result_fifo #(
    .DataWidth(OutBits),
    .Depth(xplat_pkg::result_depth(Stages + 4, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(pop),
    .valid_i(valid_q[Stages-1]),
    .data_i({exponent_q[Stages-1], elements}),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Lanes, Beats * Lanes == Row)
  `XPLAT_CHECK_PARAM(Block, xplat_pkg::gcd(Lanes, Block) == xplat_pkg::umin(Lanes, Block))
  `XPLAT_CHECK_PARAM(Widths, InWidth >= 2 && ElemWidth >= 2)

endmodule

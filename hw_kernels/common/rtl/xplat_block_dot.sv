// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Product of two blocks of numbers under a shared exponent, on the grid of a fixed-point accumulator.
//
//   out = saturate(floor(sum of m_left[t] * m_right[t] over Terms * 2^(X_left + X_right + Shift)))
//
// The mantissas m are integers, so the sum of their products is exact. X are the exponents of the
// blocks, which come biased by 127. Shift is the fractional bits of the accumulator less those of both
// mantissas. Results of several blocks add up as integers. docs/Formats.md has the definition.
//
// A pair of blocks may come in up to Folds parts of Terms elements, one a cycle or with gaps: `valid_i`
// marks a part and `first_i` the first one of a block. What `out_o` has after the last part is the
// product of the whole blocks; the exponents are those that come with that part.
//
// An element is two's complement with TwosComplement (MXINT). Else it is a sign above a magnitude: an
// integer (MSFP), or with LeftExponent or RightExponent bits of it a float (MXFP), whose mantissa
// counts units of the smallest one.
//
// Latency 5 + clog2(Terms); a part every cycle; never stops.

`include "xplat_assert.svh"

module xplat_block_dot #(
  parameter int unsigned Terms = 16,
  parameter int unsigned Folds = 1,
  parameter int unsigned LeftWidth = 4,
  parameter int unsigned RightWidth = 4,
  parameter bit TwosComplement = 1'b0,
  parameter int unsigned LeftExponent = 0,
  parameter int unsigned RightExponent = 0,
  parameter int unsigned AccWidth = 24,
  parameter int Shift = 0
) (
  input  logic                        clk_i,

  input  logic                        valid_i,
  input  logic                        first_i,
  input  logic [Terms*LeftWidth-1:0]  left_i,
  input  logic [7:0]                  left_exponent_i,
  input  logic [Terms*RightWidth-1:0] right_i,
  input  logic [7:0]                  right_exponent_i,
  output logic signed [AccWidth-1:0]  out_o
);

  // The largest magnitude of a mantissa has so many bits.
  localparam int unsigned LeftBits = TwosComplement ? LeftWidth : xplat_pkg::mantissa_bits(LeftWidth, LeftExponent);
  localparam int unsigned RightBits = TwosComplement ? RightWidth : xplat_pkg::mantissa_bits(RightWidth, RightExponent);
  localparam int unsigned MagWidth = LeftBits + RightBits;
  localparam int unsigned ProdWidth = TwosComplement ? MagWidth : MagWidth + 1;
  localparam int unsigned TreeWidth = ProdWidth + $clog2(Terms);
  localparam int unsigned DotWidth = TreeWidth + $clog2(Folds);
  localparam int unsigned TreeStages = $clog2(Terms);
  localparam int unsigned CountWidth = $clog2(Terms + 1);
  // Shifts to the right from the largest place that the accumulator needs; the last leaves only sign.
  localparam int unsigned WideWidth = DotWidth + AccWidth;
  localparam int unsigned PlaceWidth = $clog2(WideWidth);
  localparam int unsigned SumWidth = 11;

  // Pairs of magnitudes, where a table has all products.
  localparam bit HasTable = !TwosComplement && LeftWidth + RightWidth <= 8;
  localparam int unsigned Pairs = HasTable ? 1 << (LeftWidth + RightWidth - 2) : 1;

  function automatic logic [Pairs*MagWidth-1:0] products_of_all();
    logic [Pairs*MagWidth-1:0] all = '0;
    for (int unsigned pair = 0; pair < Pairs; pair++) begin
      all[pair*MagWidth +: MagWidth] = MagWidth'(
          xplat_pkg::mantissa(16'(pair >> (RightWidth - 1)), LeftWidth, LeftExponent) *
          xplat_pkg::mantissa(16'(pair) & 16'((1 << (RightWidth - 1)) - 1), RightWidth, RightExponent));
    end
    return all;
  endfunction

  logic [Terms*LeftWidth-1:0] left_q;
  logic [Terms*RightWidth-1:0] right_q;
  // The sum of the exponents, beside operands, products and the tree.
  logic [TreeStages+1:0][SumWidth-1:0] exponent_q;

  always_ff @(posedge clk_i) begin
    left_q <= left_i;
    right_q <= right_i;
    exponent_q[0] <= SumWidth'(left_exponent_i) + SumWidth'(right_exponent_i);
  end

  for (genvar s = 0; s < TreeStages + 1; s++) begin : gen_exponent
    always_ff @(posedge clk_i) begin
      exponent_q[s+1] <= exponent_q[s];
    end
  end

  // A negative product goes into the tree as its complement, which is one too little: how many there
  // are is added to the sum.
  logic [Terms*ProdWidth-1:0] products;
  logic [Terms-1:0] negative_q;

  for (genvar t = 0; t < Terms; t++) begin : gen_term
    logic [LeftWidth-1:0] left;
    logic [RightWidth-1:0] right;
    assign left = left_q[t*LeftWidth +: LeftWidth];
    assign right = right_q[t*RightWidth +: RightWidth];

    if (TwosComplement) begin : gen_signed
      logic signed [ProdWidth-1:0] product_q;
      always_ff @(posedge clk_i) begin
        product_q <= ProdWidth'($signed(left)) * ProdWidth'($signed(right));
      end
      assign products[t*ProdWidth +: ProdWidth] = product_q;
      assign negative_q[t] = 1'b0;
    end else begin : gen_magnitude
      logic [MagWidth-1:0] magnitude_d, magnitude_q;
      if (HasTable) begin : gen_table
        // A LUT of six inputs for each bit.
        localparam logic [Pairs*MagWidth-1:0] Products = products_of_all();
        assign magnitude_d =
            Products[{left[LeftWidth-2:0], right[RightWidth-2:0]} * MagWidth +: MagWidth];
      end else begin : gen_product
        assign magnitude_d = MagWidth'(xplat_pkg::mantissa(16'(left[LeftWidth-2:0]), LeftWidth, LeftExponent))
            * MagWidth'(xplat_pkg::mantissa(16'(right[RightWidth-2:0]), RightWidth, RightExponent));
      end
      always_ff @(posedge clk_i) begin
        magnitude_q <= magnitude_d;
        negative_q[t] <= left[LeftWidth-1] ^ right[RightWidth-1];
      end
      assign products[t*ProdWidth +: ProdWidth] = {1'b0, magnitude_q} ^ {ProdWidth{negative_q[t]}};
    end
  end

  logic signed [TreeWidth-1:0] tree;
  logic signed [DotWidth-1:0] part, dot_q;
  logic [CountWidth-1:0] count_d;
  logic [TreeStages:0][CountWidth-1:0] count;

  xplat_tree #(
    .Terms(Terms),
    .InWidth(ProdWidth)
  ) u_tree (
    .clk_i,
    .terms_i(products),
    .result_o(tree)
  );

  always_comb begin
    count_d = '0;
    for (int unsigned t = 0; t < Terms; t++) count_d += CountWidth'(negative_q[t]);
  end
  assign count[0] = count_d;
  for (genvar s = 0; s < TreeStages; s++) begin : gen_count
    logic [CountWidth-1:0] count_q;
    always_ff @(posedge clk_i) begin
      count_q <= count[s];
    end
    assign count[s+1] = count_q;
  end

  assign part = DotWidth'(tree) + DotWidth'(count[TreeStages]);

  if (Folds > 1) begin : gen_folds
    logic [TreeStages+1:0] valid_q, first_q;
    always_ff @(posedge clk_i) begin
      valid_q <= {valid_q[TreeStages:0], valid_i};
      first_q <= {first_q[TreeStages:0], first_i};
      if (valid_q[TreeStages+1]) dot_q <= first_q[TreeStages+1] ? part : dot_q + part;
    end
  end else begin : gen_whole
    logic unused_ok;
    assign unused_ok = &{1'b0, valid_i, first_i};
    always_ff @(posedge clk_i) begin
      dot_q <= part;
    end
  end

  // Places to the right: none where the sum is beyond the accumulator unless it is zero.
  logic signed [SumWidth:0] places;
  logic [PlaceWidth-1:0] places_q;
  logic beyond_q;
  logic signed [WideWidth-1:0] wide_q;
  logic beyond2_q, fits;
  logic signed [AccWidth-1:0] out_q;

  assign places = (SumWidth + 1)'(int'(AccWidth) + 254 - Shift) - (SumWidth + 1)'(exponent_q[TreeStages+1]);

  always_ff @(posedge clk_i) begin
    beyond_q <= places < 0;
    places_q <= places < 0 ? '0 :
        places >= (SumWidth + 1)'(WideWidth) ? PlaceWidth'(WideWidth - 1) : PlaceWidth'(unsigned'(places));
    wide_q <= $signed({dot_q, AccWidth'(0)}) >>> places_q;
    beyond2_q <= beyond_q & (dot_q != '0);
    out_q <= fits ? wide_q[AccWidth-1:0] : {wide_q[WideWidth-1], {(AccWidth - 1) {~wide_q[WideWidth-1]}}};
  end

  assign fits = ~beyond2_q & ((&wide_q[WideWidth-1:AccWidth-1]) | ~(|wide_q[WideWidth-1:AccWidth-1]));
  assign out_o = out_q;

  `XPLAT_CHECK_PARAM(Widths, Terms >= 1 && Folds >= 1 && LeftWidth >= 2 && RightWidth >= 2 && AccWidth >= 2)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pipelined reduction of `Terms` signed terms to their sum (or their maximum), in each of Lanes
// lanes.
//
// Latency clog2(Terms): a register after every two terms, so one addition or one comparison a cycle;
// none for a single term. One reduction a cycle; never stops. The result is exact:
// OutWidth = InWidth + clog2(Terms) for sums, InWidth for maxima. Of equal terms the first is the
// maximum; the low TagWidth bits of a term, which tell it from others, have no part in that.
//
// All lanes stand in one loop over one vector: a simulator keeps such a loop, while an instance for
// each lane would be as much code as there are terms in all lanes.

module xplat_tree #(
  parameter int unsigned Lanes = 1,
  parameter int unsigned Terms = 8,
  parameter int unsigned InWidth = 16,
  parameter bit Maximum = 1'b0,
  parameter int unsigned TagWidth = 0,
  localparam int unsigned OutWidth = Maximum ? InWidth : InWidth + $clog2(Terms)
) (
  input  logic                           clk_i,

  input  logic [Lanes*Terms*InWidth-1:0] terms_i,
  output logic [Lanes*OutWidth-1:0]      result_o
);

  localparam int unsigned Stages = $clog2(Terms);

  typedef logic signed [OutWidth-1:0] value_t;

  // Values of a lane behind `stage` registers.
  function automatic int unsigned left(int unsigned stage);
    int unsigned n = Terms;
    for (int unsigned s = 0; s < stage; s++) n = xplat_pkg::ceil_div(n, 2);
    return n;
  endfunction

  function automatic value_t reduce(value_t a, value_t b);
    logic signed [OutWidth-TagWidth:0] difference;
    // Its sign, a sum bit, is there sooner than the carry out of a comparison.
    difference = (OutWidth - TagWidth + 1)'($signed(a[OutWidth-1:TagWidth]))
        - (OutWidth - TagWidth + 1)'($signed(b[OutWidth-1:TagWidth]));
    if (Maximum) return difference[OutWidth-TagWidth] ? b : a;
    return a + b;
  endfunction

  // The values behind each register, the terms themselves first.
  for (genvar s = 0; s <= Stages; s++) begin : gen_stage
    localparam int unsigned Left = left(s);
    value_t [Lanes*Left-1:0] values;

    if (s == 0) begin : gen_terms
      always_comb begin
        for (int unsigned i = 0; i < Lanes * Terms; i++) begin
          values[i] = value_t'($signed(terms_i[i*InWidth +: InWidth]));
        end
      end
    end else begin : gen_nodes
      localparam int unsigned Before = left(s - 1);
      value_t [Lanes*Before-1:0] operands;
      value_t [Lanes*Left-1:0] values_d, values_q;

      assign operands = gen_stage[s-1].values;

      always_comb begin
        for (int unsigned l = 0; l < Lanes; l++) begin
          for (int unsigned n = 0; n < Left; n++) begin
            values_d[l*Left+n] = operands[l*Before+2*n];
            if (2 * n + 1 < Before) begin
              values_d[l*Left+n] = reduce(values_d[l*Left+n], operands[l*Before+2*n+1]);
            end
          end
        end
      end

      always_ff @(posedge clk_i) begin
        values_q <= values_d;
      end

      assign values = values_q;
    end
  end

  assign result_o = gen_stage[Stages].values;

  if (Stages == 0) begin : gen_unused
    logic unused_ok;
    assign unused_ok = &{1'b0, clk_i};
  end

endmodule

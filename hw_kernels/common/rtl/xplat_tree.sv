// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pipelined reduction of `Terms` signed terms to their sum (or their maximum).
//
// Latency tree_stages(Terms, Maximum): a register after every tree_radix(Maximum) terms; none for a
// single term. One reduction a cycle; never stops. The result is exact:
// OutWidth = InWidth + clog2(Terms) for sums, InWidth for maxima.

module xplat_tree #(
  parameter int unsigned Terms = 8,
  parameter int unsigned InWidth = 16,
  parameter bit Maximum = 1'b0,
  localparam int unsigned Radix = xplat_pkg::tree_radix(Maximum),
  localparam int unsigned OutWidth = Maximum ? InWidth : InWidth + $clog2(Terms)
) (
  input  logic                       clk_i,

  input  logic [Terms*InWidth-1:0]   terms_i,
  output logic signed [OutWidth-1:0] result_o
);

  localparam int unsigned Stages = xplat_pkg::tree_stages(Terms, Maximum);

  // Values left after `stage` registers, and values in all stages before `stage`.
  function automatic int unsigned left(int unsigned stage);
    int unsigned n = Terms;
    for (int unsigned s = 0; s < stage; s++) n = xplat_pkg::ceil_div(n, Radix);
    return n;
  endfunction

  function automatic int unsigned offset(int unsigned stage);
    int unsigned n = 0;
    for (int unsigned s = 0; s < stage; s++) n += left(s);
    return n;
  endfunction

  // Stage after stage, the terms themselves first.
  logic [offset(Stages + 1)*OutWidth-1:0] values;

  for (genvar t = 0; t < Terms; t++) begin : gen_term
    assign values[t*OutWidth +: OutWidth] = OutWidth'($signed(terms_i[t*InWidth +: InWidth]));
  end

  for (genvar s = 1; s <= Stages; s++) begin : gen_stage
    for (genvar t = 0; t < left(s); t++) begin : gen_node
      localparam int unsigned First = t * Radix;
      localparam int unsigned Rest = left(s - 1) - First;
      localparam int unsigned Count = Rest < Radix ? Rest : Radix;
      logic [Count*OutWidth-1:0] operands;
      logic signed [OutWidth-1:0] node_d, node_q, operand;

      assign operands = values[(offset(s - 1) + First)*OutWidth +: Count*OutWidth];

      always_comb begin
        node_d = operands[OutWidth-1:0];
        operand = node_d;
        for (int unsigned i = 1; i < Count; i++) begin
          operand = operands[i*OutWidth +: OutWidth];
          if (Maximum) begin
            if (operand > node_d) node_d = operand;
          end else begin
            node_d = node_d + operand;
          end
        end
      end

      always_ff @(posedge clk_i) begin
        node_q <= node_d;
      end

      assign values[(offset(s) + t)*OutWidth +: OutWidth] = node_q;
    end
  end

  assign result_o = values[offset(Stages)*OutWidth +: OutWidth];

  if (Stages == 0) begin : gen_unused
    logic unused_ok;
    assign unused_ok = &{1'b0, clk_i};
  end

endmodule

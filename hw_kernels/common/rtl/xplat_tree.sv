// Pipelined reduction of `Terms` signed terms to their sum (or their maximum).
//
// Latency tree_stages(Terms) enabled cycles: a register after every TreeRadix terms; none for a
// single term. One reduction an enabled cycle; holds while `ce_i` is low. The result is exact:
// OutWidth = InWidth + clog2(Terms) for sums, InWidth for maxima.

module xplat_tree #(
  parameter int unsigned Terms = 8,
  parameter int unsigned InWidth = 16,
  parameter bit Maximum = 1'b0,
  localparam int unsigned OutWidth = Maximum ? InWidth : InWidth + $clog2(Terms)
) (
  input  logic                       clk_i,
  input  logic                       ce_i,

  input  logic [Terms*InWidth-1:0]   terms_i,
  output logic signed [OutWidth-1:0] result_o
);

  localparam int unsigned Stages = xplat_pkg::tree_stages(Terms);

  // Terms left after `stage` registers.
  function automatic int unsigned left(int unsigned stage);
    int unsigned n = Terms;
    for (int unsigned s = 0; s < stage; s++) n = xplat_pkg::ceil_div(n, xplat_pkg::TreeRadix);
    return n;
  endfunction

  for (genvar s = 0; s <= Stages; s++) begin : gen_stage
    logic signed [OutWidth-1:0] value [left(s)];
    if (s == 0) begin : gen_extend
      for (genvar t = 0; t < Terms; t++) begin : gen_term
        assign value[t] = OutWidth'($signed(terms_i[t*InWidth +: InWidth]));
      end
    end else begin : gen_reduce
      for (genvar t = 0; t < left(s); t++) begin : gen_node
        localparam int unsigned First = t * xplat_pkg::TreeRadix;
        localparam int unsigned Count =
            left(s - 1) - First < xplat_pkg::TreeRadix ? left(s - 1) - First : xplat_pkg::TreeRadix;
        logic signed [OutWidth-1:0] node_d, node_q;
        always_comb begin
          node_d = gen_stage[s-1].value[First];
          for (int unsigned i = 1; i < Count; i++) begin
            if (Maximum) begin
              if (gen_stage[s-1].value[First+i] > node_d) node_d = gen_stage[s-1].value[First+i];
            end else begin
              node_d = node_d + gen_stage[s-1].value[First+i];
            end
          end
        end
        always_ff @(posedge clk_i) begin
          if (ce_i) node_q <= node_d;
        end
        assign value[t] = node_q;
      end
    end
  end

  assign result_o = gen_stage[Stages].value[0];

  if (Stages == 0) begin : gen_unused
    logic unused_ok;
    assign unused_ok = &{1'b0, clk_i, ce_i};
  end

endmodule

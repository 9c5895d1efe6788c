// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The end of a multiply-accumulate array: sums over folds, plus bias, rounded into the output format,
// and the result FIFO.
//
// `dot_i` has a dot product for each of OutLanes lanes of each of Pixels pixels; `valid_i` marks a
// fold and `last_i` the last fold of a result. Word `o` of the bias and shift memories belongs to the
// o-th result modulo OutFolds; all pixels share it. Latency 6 from the last fold to `out_valid_o`.
// Nothing stops: whatever feeds the array begins a result (`begin_i`) only while `may_begin_o` is
// high, which keeps one of ResultDepth places for it. All lanes stand in one loop, as in xplat_tree.

`include "xplat_assert.svh"

module xplat_sums #(
  parameter int unsigned Pixels = 1,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned OutFolds = 1,
  parameter int unsigned DotWidth = 16,
  parameter int unsigned AccWidth = 20,
  parameter int unsigned BiasWidth = 32,
  parameter bit HasBias = 1'b1,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
  parameter bit OutUnsigned = 1'b0,
  parameter int unsigned ResultDepth = 2,
  localparam int unsigned Results = Pixels * OutLanes,
  localparam int unsigned OutAddrWidth = xplat_pkg::addr_width(OutFolds)
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  output logic                          may_begin_o,
  input  logic                          begin_i,

  input  logic                          valid_i,
  input  logic                          last_i,
  input  logic [Results*DotWidth-1:0]   dot_i,

  output logic                          bias_en_o,
  output logic [OutAddrWidth-1:0]       bias_addr_o,
  input  logic [OutLanes*BiasWidth-1:0] bias_data_i,

  output logic                          shift_en_o,
  output logic [OutAddrWidth-1:0]       shift_addr_o,
  input  logic [OutLanes*6-1:0]         shift_data_i,

  output logic                          out_valid_o,
  input  logic                          out_ready_i,
  output logic [Results*OutWidth-1:0]   out_data_o
);

  localparam int unsigned SumWidth = HasBias ? xplat_pkg::umax(AccWidth, BiasWidth) + 1 : AccWidth;

  typedef logic signed [AccWidth-1:0] acc_t;
  typedef logic signed [SumWidth-1:0] sum_t;

  logic first_q, acc_valid_q, sum_valid_q;
  logic [1:0] round_valid_q;
  logic result_valid_q;
  logic [Results*OutWidth-1:0] result;
  logic [OutAddrWidth-1:0] out_fold_q, shift_fold_q;
  acc_t [Results-1:0] acc_d, acc_q;
  sum_t [Results-1:0] sum_d, sum_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q <= 1'b1;
      acc_valid_q <= 1'b0;
      sum_valid_q <= 1'b0;
      round_valid_q <= '0;
      result_valid_q <= 1'b0;
      out_fold_q <= '0;
    end else begin
      if (valid_i) first_q <= last_i;
      acc_valid_q <= valid_i & last_i;
      sum_valid_q <= acc_valid_q;
      round_valid_q <= {round_valid_q[0], sum_valid_q};
      result_valid_q <= round_valid_q[1];
      if (valid_i & last_i) begin
        out_fold_q <=
            out_fold_q == OutAddrWidth'(OutFolds - 1) ? '0 : out_fold_q + OutAddrWidth'(1);
      end
    end
  end

  // The bias arrives with the finished accumulator, the shift one stage later.
  assign bias_en_o = HasBias & valid_i & last_i;
  assign bias_addr_o = out_fold_q;
  assign shift_en_o = PerChannelShift & acc_valid_q;
  assign shift_addr_o = shift_fold_q;

  always_comb begin
    for (int unsigned o = 0; o < Results; o++) begin
      acc_d[o] = acc_t'($signed(dot_i[o*DotWidth +: DotWidth]));
      if (!first_q) acc_d[o] += acc_q[o];
      sum_d[o] = sum_t'($signed(acc_q[o]));
      if (HasBias) sum_d[o] += sum_t'($signed(bias_data_i[o%OutLanes*BiasWidth +: BiasWidth]));
    end
  end

  always_ff @(posedge clk_i) begin
    shift_fold_q <= out_fold_q;
    if (valid_i) acc_q <= acc_d;
    sum_q <= sum_d;
  end

  xplat_requant #(
    .Lanes(Results),
    .InWidth(SumWidth),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .PerChannelShift(PerChannelShift),
    .OutUnsigned(OutUnsigned)
  ) u_requant (
    .clk_i,
    .in_i(sum_q),
    .shift_i({Pixels{shift_data_i}}),
    .out_o(result)
  );

  xplat_result_fifo #(
    .DataWidth(Results * OutWidth),
    .Depth(ResultDepth)
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o,
    .begin_i,
    .valid_i(result_valid_q),
    .data_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  if (!HasBias) begin : gen_unused_bias
    logic unused_ok;
    assign unused_ok = &{1'b0, bias_data_i};
  end

  `XPLAT_CHECK_PARAM(Lanes, Pixels >= 1 && OutLanes >= 1 && OutFolds >= 1)
  `XPLAT_CHECK_PARAM(Widths, DotWidth >= 2 && AccWidth >= DotWidth && BiasWidth >= 2)

endmodule

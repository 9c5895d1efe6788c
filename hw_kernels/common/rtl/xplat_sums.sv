// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The end of a multiply-accumulate array: sums over folds, plus bias, rounded into the output format,
// and the result FIFO.
//
// `dot_i` has a dot product for each of OutLanes lanes of each of Pixels pixels; `valid_i` marks a
// fold and `last_i` the last fold of a result. Each result takes a word of biases and one of shifts,
// which all pixels share. Latency 6 from the last fold to `out_valid_o`. Nothing stops: whatever feeds
// the array begins a result (`begin_i`) only while `may_begin_o` is high, which keeps one of ResultDepth
// places for it, and the words that it takes (xplat_parameter_port says what `Late` is). All lanes stand
// in one loop, as in xplat_tree.

`include "xplat_assert.svh"

module xplat_sums #(
  parameter int unsigned Pixels = 1,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned DotWidth = 16,
  parameter int unsigned AccWidth = 20,
  parameter int unsigned BiasWidth = 32,
  parameter bit HasBias = 1'b1,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
  parameter int unsigned ShiftRange = 4,
  parameter bit OutUnsigned = 1'b0,
  parameter int unsigned ResultDepth = 2,
  parameter bit Late = 1'b0,
  localparam int unsigned Results = Pixels * OutLanes
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  output logic                          may_begin_o,
  input  logic                          begin_i,

  input  logic                          valid_i,
  input  logic                          last_i,
  input  logic [Results*DotWidth-1:0]   dot_i,

  input  logic                          bias_valid_i,
  output logic                          bias_ready_o,
  input  logic [OutLanes*BiasWidth-1:0] bias_data_i,

  input  logic                          shift_valid_i,
  output logic                          shift_ready_o,
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
  logic results_may_begin, bias_may_begin, shift_may_begin;
  logic [OutLanes*BiasWidth-1:0] bias;
  logic [OutLanes*6-1:0] shift;
  acc_t [Results-1:0] acc_d, acc_q;
  sum_t [Results-1:0] sum_d, sum_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_q <= 1'b1;
      acc_valid_q <= 1'b0;
      sum_valid_q <= 1'b0;
      round_valid_q <= '0;
      result_valid_q <= 1'b0;
    end else begin
      if (valid_i) first_q <= last_i;
      acc_valid_q <= valid_i & last_i;
      sum_valid_q <= acc_valid_q;
      round_valid_q <= {round_valid_q[0], sum_valid_q};
      result_valid_q <= round_valid_q[1];
    end
  end

  // The bias is taken beside the finished accumulator, the shift one stage later. At most ResultDepth results
  // are under way; three words more cover the cycles until a place of the port is known to be free again.
  assign may_begin_o = results_may_begin & bias_may_begin & shift_may_begin;

  if (HasBias) begin : gen_bias
    xplat_parameter_port #(
      .Width(OutLanes * BiasWidth),
      .Late(Late),
      .Places(ResultDepth + 3)
    ) u_bias (
      .clk_i,
      .rst_ni,
      .in_valid_i(bias_valid_i),
      .in_ready_o(bias_ready_o),
      .in_data_i(bias_data_i),
      .may_begin_o(bias_may_begin),
      .begin_i(begin_i),
      .take_i(acc_valid_q),
      .data_o(bias)
    );
  end else begin : gen_no_bias
    assign bias_ready_o = 1'b0;
    assign bias_may_begin = 1'b1;
    assign bias = '0;

    logic unused_ok;
    assign unused_ok = &{1'b0, bias_valid_i, bias_data_i};
  end

  if (PerChannelShift) begin : gen_shift
    xplat_parameter_port #(
      .Width(OutLanes * 6),
      .Late(Late),
      .Places(ResultDepth + 3)
    ) u_shift (
      .clk_i,
      .rst_ni,
      .in_valid_i(shift_valid_i),
      .in_ready_o(shift_ready_o),
      .in_data_i(shift_data_i),
      .may_begin_o(shift_may_begin),
      .begin_i(begin_i),
      .take_i(sum_valid_q),
      .data_o(shift)
    );
  end else begin : gen_no_shift
    assign shift_ready_o = 1'b0;
    assign shift_may_begin = 1'b1;
    assign shift = '0;

    logic unused_ok;
    assign unused_ok = &{1'b0, shift_valid_i, shift_data_i};
  end

  always_comb begin
    for (int unsigned o = 0; o < Results; o++) begin
      acc_d[o] = acc_t'($signed(dot_i[o*DotWidth +: DotWidth]));
      if (!first_q) acc_d[o] += acc_q[o];
      sum_d[o] = sum_t'($signed(acc_q[o]));
      if (HasBias) sum_d[o] += sum_t'($signed(bias[o%OutLanes*BiasWidth +: BiasWidth]));
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) acc_q <= acc_d;
    sum_q <= sum_d;
  end

  xplat_requant #(
    .Lanes(Results),
    .InWidth(SumWidth),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .PerChannelShift(PerChannelShift),
    .ShiftRange(ShiftRange),
    .OutUnsigned(OutUnsigned)
  ) u_requant (
    .clk_i,
    .in_i(sum_q),
    .shift_i({Pixels{shift}}),
    .out_o(result)
  );

  xplat_result_fifo #(
    .DataWidth(Results * OutWidth),
    .Depth(ResultDepth)
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(results_may_begin),
    .begin_i,
    .valid_i(result_valid_q),
    .data_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Lanes, Pixels >= 1 && OutLanes >= 1)
  `XPLAT_CHECK_PARAM(Widths, DotWidth >= 2 && AccWidth >= DotWidth && BiasWidth >= 2)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sum, mean, maximum or minimum over dimensions, rounded once into the output format; or where an
// extreme is.
//
// Beats come as `Repeats` times `Kept` times `Tail` (innermost last), again and again. Over `Repeats`, over `Tail` and
// over the `Terms` neighbouring elements of each lane a result is one of these, by Kind:
//   0  sum,     out = saturate(rne(sum / 2^Shift))
//   1  mean,    out = saturate(rne(sum / (Repeats * Tail * Terms * 2^Shift)))
//   2  maximum, out = saturate(rne(maximum / 2^Shift))
//   3  minimum, the same
//   4  position of the maximum, of the first one where several are equal
//   5  position of the minimum, the same
// A position is counted from 0 over Repeats, or over Tail and Terms: the others are 1 then.
// Numbers have a sign unless InUnsigned and OutUnsigned say otherwise.
// Sums accumulate while beats stream through; the results leave during the last beats.
//
// Cycles per group of Repeats * Kept * Tail beats (initiation interval), exact when never starved and never blocked:
//   Repeats * Kept * Tail.
// Latency from the last needed beat to its output beat: 7, for a mean 9, for a position 4, and the
// registers of the tree over Terms.
// Back-pressure: a beat that completes a result is taken only when the result FIFO will have room for it; the
// input goes on accepting until three beats wait.

`include "xplat_assert.svh"

module xplat_reduce #(
  parameter int unsigned Kind = 0,
  parameter int unsigned Repeats = 1,
  parameter int unsigned Kept = 1,
  parameter int unsigned Tail = 1,
  parameter int unsigned Terms = 1,
  parameter int unsigned Lanes = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit InUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0,
  // What the memory is made of, for tools that know `ram_style`. Verilator does not read attributes.
  // verilator lint_off UNUSEDPARAM
  parameter RamStyle = "auto"
  // verilator lint_on UNUSEDPARAM
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,

  input  logic                           in_valid_i,
  output logic                           in_ready_o,
  input  logic [Lanes*Terms*InWidth-1:0] in_data_i,

  output logic                           out_valid_o,
  input  logic                           out_ready_i,
  output logic [Lanes*OutWidth-1:0]      out_data_o
);

  localparam bit Mean = Kind == 1;
  localparam bit Extreme = Kind >= 2;
  // The minimum is the complement of the maximum of complements.
  localparam bit Minimum = Kind == 3 || Kind == 5;
  localparam bit Position = Kind >= 4;
  localparam int unsigned Count = Repeats * Tail * Terms;
  // A position stands below its element: that in a beat, and that of the whole.
  localparam int unsigned TagWidth = Position ? $clog2(Terms) : 0;
  localparam int unsigned PositionWidth = Position ? xplat_pkg::addr_width(Count) : 0;
  // With a zero before an element that has no sign.
  localparam int unsigned ElemWidth = InWidth + (InUnsigned ? 1 : 0);
  localparam int unsigned AccWidth = ElemWidth + (Extreme ? PositionWidth : $clog2(Count));
  localparam int unsigned TermWidth = ElemWidth + (Extreme ? TagWidth : $clog2(Terms));
  localparam int unsigned DataWidth = Lanes * Terms * InWidth;
  localparam int unsigned FoldWidth = xplat_pkg::addr_width(Kept);
  localparam int unsigned TreeStages = $clog2(Terms);
  localparam int unsigned RoundStages = Mean ? 5 : Position ? 0 : 3;
  localparam int unsigned Latency = 4 + TreeStages + RoundStages;
  // Stage in which a beat is added: behind the register of its data and those of the tree.
  localparam int unsigned Add = TreeStages + 1;

  logic may_begin, take, valid, first, last;
  logic [DataWidth-1:0] data;
  logic [Lanes*Terms*ElemWidth-1:0] elements, data_q;

  for (genvar e = 0; e < Lanes * Terms; e++) begin : gen_element
    assign elements[e*ElemWidth +: ElemWidth] = InUnsigned ?
        ElemWidth'(data[e*InWidth +: InWidth]) : ElemWidth'($signed(data[e*InWidth +: InWidth]));
  end

  xplat_wait #(
    .DataWidth(DataWidth)
  ) u_wait (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(valid),
    .out_ready_i(take),
    .out_data_o(data)
  );

  // Where a beat stands.
  logic step, tail_step, kept_step, tail_last, kept_last, repeat_last;
  logic first_tail_q, first_repeat_q;
  logic [FoldWidth-1:0] fold_q;

  // Only beats of the last repetition make results.
  assign take = may_begin | ~last;
  assign step = valid & take;
  assign tail_step = step & tail_last;
  assign kept_step = tail_step & kept_last;
  assign first = first_repeat_q & first_tail_q;
  assign last = repeat_last & tail_last;

  xplat_loop #(.Count(Tail)) u_tail (.clk_i, .rst_ni, .step_i(step), .last_o(tail_last));
  xplat_loop #(.Count(Kept)) u_kept (.clk_i, .rst_ni, .step_i(tail_step), .last_o(kept_last));
  xplat_loop #(.Count(Repeats)) u_repeats (.clk_i, .rst_ni, .step_i(kept_step), .last_o(repeat_last));

  // With the data, stage by stage up to the sum.
  logic [Add:0] valid_s, first_s, first_tail_s;
  logic [Add+1:0] last_s;
  logic [Add:0][FoldWidth-1:0] fold_s;
  logic [Add:1] valid_q, first_q, tail_q;
  logic [Add+1:1] last_q;
  logic [Add:1][FoldWidth-1:0] folds_q;
  logic [Lanes*AccWidth-1:0] acc, sum_d, sum_q;
  logic [Lanes*OutWidth-1:0] result;
  logic result_valid;

  assign valid_s = {valid_q, step};
  assign first_s = {first_q, first};
  assign first_tail_s = {tail_q, first_tail_q};
  assign last_s = {last_q, step & last};
  assign fold_s = {folds_q, fold_q};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_tail_q <= 1'b1;
      first_repeat_q <= 1'b1;
      fold_q <= '0;
      valid_q <= '0;
      last_q <= '0;
    end else begin
      if (step) first_tail_q <= tail_last;
      if (kept_step) first_repeat_q <= repeat_last;
      if (tail_step) fold_q <= kept_last ? '0 : fold_q + FoldWidth'(1);
      valid_q <= valid_s[Add-1:0];
      last_q <= last_s[Add:0];
    end
  end

  if (Position) begin : gen_unrounded
    assign result_valid = last_s[Add+1];
  end else begin : gen_rounded
    logic [RoundStages-1:0] round_valid_q;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) round_valid_q <= '0;
      else round_valid_q <= {round_valid_q[RoundStages-2:0], last_s[Add+1]};
    end
    assign result_valid = round_valid_q[RoundStages-1];
  end

  // Position of the beat that is added, along the dimension.
  logic [xplat_pkg::addr_width(Count)-1:0] place;

  if (Position && Count > Terms) begin : gen_place
    typedef logic [PositionWidth-1:0] position_t;
    position_t place_q;
    position_t [Add-1:0] places_q;

    // What comes with the beats: the sequence that the tail is, or the repetitions.
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        place_q <= '0;
      end else if (Repeats > 1 ? kept_step : step) begin
        place_q <= (Repeats > 1 ? repeat_last : tail_last) ? '0 : place_q + position_t'(Terms);
      end
    end

    always_ff @(posedge clk_i) begin
      places_q[0] <= place_q;
      for (int unsigned s = 1; s < Add; s++) places_q[s] <= places_q[s-1];
    end

    assign place = places_q[Add-1];
  end else begin : gen_no_place
    assign place = '0;

    logic unused_ok;
    assign unused_ok = &{1'b0, place};
  end

  always_ff @(posedge clk_i) begin
    data_q <= Minimum ? ~elements : elements;
    first_q <= first_s[Add-1:0];
    tail_q <= first_tail_s[Add-1:0];
    folds_q <= fold_s[Add-1:0];
    sum_q <= sum_d;
  end

  // What was added so far: of the results that are kept, in a memory, from which a result's sum is read at the first
  // beat of the tail and to which it is written at every beat; within a tail, or of one result, in a register. A sum is
  // read again two cycles after it was written or later.
  if (Kept == 1) begin : gen_register
    logic [Lanes*AccWidth-1:0] acc_q;
    always_ff @(posedge clk_i) begin
      if (valid_s[Add]) acc_q <= sum_d;
    end
    assign acc = acc_q;

    logic unused_ok;
    assign unused_ok = &{1'b0, fold_s, first_tail_s};
  end else begin : gen_memory
    (* ram_style = RamStyle *) logic [Lanes*AccWidth-1:0] mem [Kept];
    logic [Lanes*AccWidth-1:0] read_q;
    always_ff @(posedge clk_i) begin
      if (valid_s[Add]) mem[fold_s[Add]] <= sum_d;
      read_q <= mem[fold_s[Add-1]];
    end
    if (Tail == 1) begin : gen_each
      assign acc = read_q;

      logic unused_ok;
      assign unused_ok = &{1'b0, first_tail_s};
    end else begin : gen_tail
      logic [Lanes*AccWidth-1:0] acc_q;
      always_ff @(posedge clk_i) begin
        if (valid_s[Add]) acc_q <= sum_d;
      end
      assign acc = first_tail_s[Add] ? read_q : acc_q;
    end
  end

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    logic [Terms*(ElemWidth+TagWidth)-1:0] terms;
    logic signed [TermWidth-1:0] term;
    logic signed [AccWidth-1:0] wide, so_far, both, whole;

    for (genvar t = 0; t < Terms; t++) begin : gen_term
      localparam int unsigned Tag = Position ? t : 0;
      assign terms[t*(ElemWidth+TagWidth) +: ElemWidth + TagWidth] =
          ((ElemWidth + TagWidth)'(data_q[(l*Terms+t)*ElemWidth +: ElemWidth]) << TagWidth)
          | (ElemWidth + TagWidth)'(Tag);
    end

    xplat_tree #(
      .Terms(Terms),
      .InWidth(ElemWidth + TagWidth),
      .Maximum(Extreme),
      .TagWidth(TagWidth)
    ) u_tree (
      .clk_i,
      .terms_i(terms),
      .result_o(term)
    );

    if (Position) begin : gen_tagged
      logic [PositionWidth-1:0] position;
      if (TagWidth > 0) begin : gen_in_beat
        assign position = place + PositionWidth'(term[TagWidth-1:0]);
      end else begin : gen_beat
        assign position = place;
      end
      assign wide = {term[TermWidth-1:TagWidth], position};
    end else begin : gen_plain
      assign wide = AccWidth'(term);
    end

    assign so_far = acc[l*AccWidth +: AccWidth];
    if (Extreme) begin : gen_extreme
      assign both = $signed(so_far[AccWidth-1:PositionWidth]) < $signed(wide[AccWidth-1:PositionWidth])
          ? wide : so_far;
    end else begin : gen_sum
      assign both = so_far + wide;
    end
    assign sum_d[l*AccWidth +: AccWidth] = first_s[Add] ? wide : both;
    assign whole = Minimum ? ~sum_q[l*AccWidth +: AccWidth] : sum_q[l*AccWidth +: AccWidth];

    if (Position) begin : gen_position
      assign result[l*OutWidth +: OutWidth] = OutWidth'(sum_q[l*AccWidth +: PositionWidth]);

      logic unused_ok;
      assign unused_ok = &{1'b0, whole};
    end else if (Mean) begin : gen_mean
      xplat_round_div #(
        .InWidth(AccWidth),
        .Divisor(Count),
        .OutWidth(OutWidth),
        .Shift(Shift),
        .OutUnsigned(OutUnsigned)
      ) u_round (
        .clk_i,
        .in_i(whole),
        .out_o(result[l*OutWidth +: OutWidth])
      );
    end else begin : gen_round
      xplat_requant #(
        .InWidth(AccWidth),
        .OutWidth(OutWidth),
        .Shift(Shift),
        .OutUnsigned(OutUnsigned)
      ) u_round (
        .clk_i,
        .in_i(whole),
        .shift_i(6'd0),
        .out_o(result[l*OutWidth +: OutWidth])
      );
    end
  end

  xplat_result_fifo #(
    .DataWidth(Lanes * OutWidth),
    .Depth(xplat_pkg::result_depth(Latency, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(step & last),
    .valid_i(result_valid),
    .data_i(result),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Kind, Kind <= 5)
  `XPLAT_CHECK_PARAM(Position, !Position || Repeats == 1 || Tail * Terms == 1)
  `XPLAT_CHECK_PARAM(PositionWidth, !Position || OutWidth >= PositionWidth)
  `XPLAT_CHECK_PARAM(Extents, Repeats >= 1 && Kept >= 1 && Tail >= 1 && Terms >= 1 && Lanes >= 1)

endmodule

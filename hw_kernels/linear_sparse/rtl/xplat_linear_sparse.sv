// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrix product with a weight matrix of which each row keeps at most Kept of every Group neighbours,
// plus bias and requantization. Weights that are not kept take neither memory nor cycles.
//
// The rows pass through the window buffer as the pixels of a 1 x Rows image, in beats of
// BeatLanes = max(InLanes, Group) elements, so that a beat holds whole groups; narrower input beats
// are joined in front of it. A beat's kept weights take SlotFolds cycles, Slots of each group at
// a time: all of them when an input beat holds a group, InLanes * Kept / Group of them (rounded up)
// when it is narrower. Each multiplier has a multiplexer that picks its element of the group.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked:
//   max(Rows * (Out / OutLanes) * (In / BeatLanes) * SlotFolds, Rows * (In / InLanes)).
// Latency from the last needed beat to the first output beat:
//   (In / BeatLanes) * SlotFolds + 13 + clog2(Slots * BeatLanes / Group),
// and one more when InLanes < Group.
// Back-pressure: a result begins only when the result FIFO will have room for it; input is accepted
// while the buffer has room.
//
// Words of weight and index: OutLanes x Slots x (BeatLanes / Group), element 0 in the low bits,
// in the order (out fold, slot fold, in fold). An index is the weight's place in its group.

`include "xplat_assert.svh"

module xplat_linear_sparse #(
  parameter int unsigned Rows = 1,
  parameter int unsigned In = 8,
  parameter int unsigned Out = 8,
  parameter int unsigned Group = 4,
  parameter int unsigned Kept = 2,
  parameter int unsigned InLanes = 1,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned InWidth = 8,
  parameter int unsigned WeightWidth = 8,
  parameter int unsigned BiasWidth = 32,
  parameter bit HasBias = 1'b1,
  parameter int unsigned OutWidth = 8,
  parameter int Shift = 0,
  parameter bit PerChannelShift = 1'b0,
  parameter int unsigned ShiftRange = 4,
  parameter bit InUnsigned = 1'b0,
  parameter bit OutUnsigned = 1'b0,
  parameter bit Late = 1'b0,
  parameter RamStyle = "auto",
  localparam int unsigned BeatLanes = xplat_pkg::umax(InLanes, Group),
  localparam int unsigned Groups = BeatLanes / Group,
  localparam int unsigned Slots =
      InLanes >= Group ? Kept : xplat_pkg::ceil_div(InLanes * Kept, Group),
  localparam int unsigned SlotFolds = xplat_pkg::ceil_div(Kept, Slots),
  localparam int unsigned Terms = Slots * Groups,
  localparam int unsigned IndexWidth = xplat_pkg::addr_width(Group),
  localparam int unsigned InFolds = In / BeatLanes,
  localparam int unsigned OutFolds = Out / OutLanes
) (
  input  logic                                  clk_i,
  input  logic                                  rst_ni,

  input  logic                                  in_valid_i,
  output logic                                  in_ready_o,
  input  logic [InLanes*InWidth-1:0]            in_data_i,

  input  logic                                  weight_valid_i,
  output logic                                  weight_ready_o,
  input  logic [OutLanes*Terms*WeightWidth-1:0] weight_data_i,

  input  logic                                  index_valid_i,
  output logic                                  index_ready_o,
  input  logic [OutLanes*Terms*IndexWidth-1:0]  index_data_i,

  input  logic                                  bias_valid_i,
  output logic                                  bias_ready_o,
  input  logic [OutLanes*BiasWidth-1:0]         bias_data_i,

  input  logic                                  shift_valid_i,
  output logic                                  shift_ready_o,
  input  logic [OutLanes*6-1:0]                 shift_data_i,

  output logic                                  out_valid_o,
  input  logic                                  out_ready_i,
  output logic [OutLanes*OutWidth-1:0]          out_data_o
);

  // ---------------------------------------------------------------------------------------------
  // Beats of whole groups, buffered and replayed
  // ---------------------------------------------------------------------------------------------

  logic beat_valid, beat_ready;
  logic [BeatLanes*InWidth-1:0] beat_data;

  if (InLanes < BeatLanes) begin : gen_join
    xplat_rewidth #(
      .ElemWidth(InWidth),
      .InLanes(InLanes),
      .OutLanes(BeatLanes)
    ) u_rewidth (
      .clk_i,
      .rst_ni,
      .in_valid_i,
      .in_ready_o,
      .in_data_i,
      .out_valid_o(beat_valid),
      .out_ready_i(beat_ready),
      .out_data_o(beat_data)
    );
  end else begin : gen_whole
    assign beat_valid = in_valid_i;
    assign in_ready_o = beat_ready;
    assign beat_data = in_data_i;
  end

  logic may_begin, begins, may_fold, folds, window_valid, window_last, unused_fold_en;
  logic weight_may, index_may;
  logic [OutLanes*Terms*WeightWidth-1:0] weight;
  logic [OutLanes*Terms-1:0][IndexWidth-1:0] place;
  logic [BeatLanes-1:0][InWidth-1:0] window_data;

  xplat_row_buffer #(
    .Rows(Rows),
    .Lanes(BeatLanes),
    .ElemWidth(InWidth),
    .InFolds(InFolds),
    .OutFolds(OutFolds * SlotFolds),
    .Passes(SlotFolds),
    .RamStyle(RamStyle)
  ) u_window (
    .clk_i,
    .rst_ni,
    .may_begin_i(may_begin),
    .begin_o(begins),
    .may_fold_i(may_fold),
    .fold_o(folds),
    .in_valid_i(beat_valid),
    .in_ready_o(beat_ready),
    .in_data_i(beat_data),
    .fold_en_o(unused_fold_en),
    .window_valid_o(window_valid),
    .window_last_o(window_last),
    .window_data_o(window_data)
  );

  xplat_parameter_port #(
    .Width(OutLanes * Terms * WeightWidth),
    .Late(Late)
  ) u_weight (
    .clk_i,
    .rst_ni,
    .in_valid_i(weight_valid_i),
    .in_ready_o(weight_ready_o),
    .in_data_i(weight_data_i),
    .may_begin_o(weight_may),
    .begin_i(folds),
    .take_i(window_valid),
    .data_o(weight)
  );

  xplat_parameter_port #(
    .Width(OutLanes * Terms * IndexWidth),
    .Late(Late)
  ) u_index (
    .clk_i,
    .rst_ni,
    .in_valid_i(index_valid_i),
    .in_ready_o(index_ready_o),
    .in_data_i(index_data_i),
    .may_begin_o(index_may),
    .begin_i(folds),
    .take_i(window_valid),
    .data_o(place)
  );

  assign may_fold = weight_may & index_may;

  // ---------------------------------------------------------------------------------------------
  // The element that each kept weight multiplies
  // ---------------------------------------------------------------------------------------------

  logic [OutLanes*Slots*Groups-1:0][InWidth-1:0] picked;

  for (genvar t = 0; t < OutLanes * Slots; t++) begin : gen_slot
    for (genvar g = 0; g < Groups; g++) begin : gen_group
      logic [Group-1:0][InWidth-1:0] group;
      assign group = window_data[g*Group +: Group];
      assign picked[t*Groups+g] = group[place[t*Groups+g]];
    end
  end

  xplat_mac #(
    .OutLanes(OutLanes),
    .Terms(Terms),
    .TotalTerms(Terms * SlotFolds * InFolds),
    .InWidth(InWidth),
    .WeightWidth(WeightWidth),
    .BiasWidth(BiasWidth),
    .HasBias(HasBias),
    .OutWidth(OutWidth),
    .Shift(Shift),
    .PerChannelShift(PerChannelShift),
    .ShiftRange(ShiftRange),
    .InUnsigned(InUnsigned),
    .OutUnsigned(OutUnsigned),
    .SharedInput(1'b0),
    .LeadCycles(InLanes < Group ? 1 : 0),
    .Late(Late)
  ) u_mac (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(begins),
    .valid_i(window_valid),
    .last_i(window_last),
    .data_i(picked),
    .weight_i(weight),
    .bias_valid_i,
    .bias_ready_o,
    .bias_data_i,
    .shift_valid_i,
    .shift_ready_o,
    .shift_data_i,
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Kept, Kept >= 1 && Kept <= Group && Group >= 2)
  `XPLAT_CHECK_PARAM(Group, Groups * Group == BeatLanes)
  `XPLAT_CHECK_PARAM(InLanes, InFolds * BeatLanes == In && (In / InLanes) * InLanes == In)
  `XPLAT_CHECK_PARAM(OutLanes, OutFolds * OutLanes == Out)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Repeats its input: broadcasts and upsampling.
//
// Every run of `Run` beats comes `Repeats` times in a row, and every block of `Block` beats, with the
// repetitions of its runs, `Replays` times. With InLanes = 1 the one element of a beat fills all lanes of
// each result beat.
//
// Cycles per input beat (initiation interval), exact when never starved and never blocked:
//   Replays * Repeats.
// Latency from the last needed beat to its output beat: 3.
// Back-pressure: work on a result begins only when the result FIFO will have room for it. A beat's place in
// the buffer is free again when it is read for the last time.

`include "xplat_assert.svh"

module xplat_repeat #(
  parameter int unsigned ElemWidth = 8,
  parameter int unsigned InLanes = 1,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned Replays = 1,
  parameter int unsigned Block = 1,
  parameter int unsigned Repeats = 4,
  parameter int unsigned Run = 1,
  parameter int unsigned Depth = 4,
  // What the memory is made of, for tools that know `ram_style`. Verilator does not read attributes.
  // verilator lint_off UNUSEDPARAM
  parameter RamStyle = "auto"
  // verilator lint_on UNUSEDPARAM
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          in_valid_i,
  output logic                          in_ready_o,
  input  logic [InLanes*ElemWidth-1:0]  in_data_i,

  output logic                          out_valid_o,
  input  logic                          out_ready_i,
  output logic [OutLanes*ElemWidth-1:0] out_data_o
);

  localparam int unsigned InWidth = InLanes * ElemWidth;
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Depth);
  localparam int unsigned CountWidth = $clog2(Depth + 1);
  localparam int unsigned Latency = 3;

  (* ram_style = RamStyle *) logic [InWidth-1:0] mem [Depth];
  logic [AddrWidth-1:0] write_ptr_q, read_ptr_q, next, run_base_q, block_base_q;
  // Beats in the buffer, and those among them that have not been read yet.
  logic [CountWidth-1:0] stored_q, stored_d, unread_q, unread_d;
  logic in_ready_q, any_unread_q, valid_q;
  logic [InWidth-1:0] data_q;
  logic take, may_begin, step, first_read, read_new, free;

  logic run_last, repeat_last, middle_last, replay_last;
  logic run_step, repeat_step, middle_step;
  logic first_repeat_q, first_replay_q;

  function automatic logic [AddrWidth-1:0] advance(logic [AddrWidth-1:0] ptr);
    return ptr == AddrWidth'(Depth - 1) ? '0 : ptr + AddrWidth'(1);
  endfunction

  assign in_ready_o = in_ready_q;
  assign take = in_valid_i & in_ready_q;
  assign first_read = first_repeat_q & first_replay_q;
  assign step = may_begin & (any_unread_q | ~first_read);
  assign read_new = step & first_read;
  assign free = step & repeat_last & replay_last;
  assign stored_d = stored_q + CountWidth'(take) - CountWidth'(free);
  assign unread_d = unread_q + CountWidth'(take) - CountWidth'(read_new);

  // Beats of a run; its repetitions; runs of a block; its replays.
  assign run_step = step & run_last;
  assign repeat_step = run_step & repeat_last;
  assign middle_step = repeat_step & middle_last;

  xplat_loop #(.Count(Run)) u_run (.clk_i, .rst_ni, .step_i(step), .last_o(run_last));
  xplat_loop #(.Count(Repeats)) u_repeats (.clk_i, .rst_ni, .step_i(run_step), .last_o(repeat_last));
  xplat_loop #(.Count(Block / Run)) u_block (.clk_i, .rst_ni, .step_i(repeat_step), .last_o(middle_last));
  xplat_loop #(.Count(Replays)) u_replays (.clk_i, .rst_ni, .step_i(middle_step), .last_o(replay_last));

  always_comb begin
    next = advance(read_ptr_q);
    if (run_last & ~repeat_last) next = run_base_q;
    else if (run_last & middle_last & ~replay_last) next = block_base_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_ptr_q <= '0;
      read_ptr_q <= '0;
      run_base_q <= '0;
      block_base_q <= '0;
      stored_q <= '0;
      unread_q <= '0;
      in_ready_q <= 1'b1;
      any_unread_q <= 1'b0;
      first_repeat_q <= 1'b1;
      first_replay_q <= 1'b1;
      valid_q <= 1'b0;
    end else begin
      if (take) write_ptr_q <= advance(write_ptr_q);
      if (step) read_ptr_q <= next;
      if (run_step) first_repeat_q <= repeat_last;
      if (repeat_step) run_base_q <= next;
      if (middle_step) begin
        first_replay_q <= replay_last;
        if (replay_last) block_base_q <= next;
      end
      stored_q <= stored_d;
      unread_q <= unread_d;
      in_ready_q <= stored_d != CountWidth'(Depth);
      any_unread_q <= unread_d != '0;
      valid_q <= step;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) mem[write_ptr_q] <= in_data_i;
    data_q <= mem[read_ptr_q];
  end

  xplat_result_fifo #(
    .DataWidth(OutLanes * ElemWidth),
    .Depth(xplat_pkg::result_depth(Latency, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(step),
    .valid_i(valid_q),
    .data_i({(OutLanes / InLanes){data_q}}),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  `XPLAT_CHECK_PARAM(Lanes, InLanes == 1 || InLanes == OutLanes)
  `XPLAT_CHECK_PARAM(Block, Run >= 1 && Repeats >= 1 && Replays >= 1 && Run * (Block / Run) == Block)
  `XPLAT_CHECK_PARAM(Depth, Depth >= Block + 1 || (Repeats == 1 && Replays == 1))
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

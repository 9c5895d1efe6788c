// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A stream in another order: stores windows of `Window` beats and reads each in the order of a walk.
//
// Positions in a window: see xplat_travel; a position may come several times, or never. Two windows
// are stored, one is read while the other one is written.
//
// Cycles per sample (initiation interval), exact when never starved and never blocked: the beats of
// operand or result, whichever are more. Latency from the last needed beat, which completes a
// window, to its output beat: 5.
// Back-pressure: a beat is read only when the result FIFO will have a place for it; the input goes
// on accepting until both windows are full and three beats wait.

`include "xplat_assert.svh"

module xplat_reorder #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Window = 4,
  parameter int unsigned Count0 = 2,
  parameter int unsigned Count1 = 2,
  parameter int unsigned Count2 = 1,
  parameter int unsigned Count3 = 1,
  parameter int unsigned Count4 = 1,
  parameter int unsigned Count5 = 1,
  parameter int unsigned Stride0 = 2,
  parameter int unsigned Stride1 = 1,
  parameter int unsigned Stride2 = 1,
  parameter int unsigned Stride3 = 1,
  parameter int unsigned Stride4 = 1,
  parameter int unsigned Stride5 = 1,
  // What the memory is made of, for tools that know `ram_style`. Verilator does not read attributes.
  // verilator lint_off UNUSEDPARAM
  parameter RamStyle = "auto"
  // verilator lint_on UNUSEDPARAM
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 in_valid_i,
  output logic                 in_ready_o,
  input  logic [DataWidth-1:0] in_data_i,

  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [DataWidth-1:0] out_data_o
);

  localparam int unsigned Digits = 7;
  // The outermost digit steps from one of the two windows to the other.
  localparam bit [Digits-1:0][31:0] Counts =
      xplat_pkg::digits(Count0, Count1, Count2, Count3, Count4, Count5, 2);
  localparam bit [Digits-1:0][31:0] Strides =
      xplat_pkg::digits(Stride0, Stride1, Stride2, Stride3, Stride4, Stride5, Window);
  localparam int unsigned Words = 2 * Window;
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Words);
  localparam int unsigned Latency = 5;

  function automatic int unsigned span();
    int unsigned beats = 0;
    for (int unsigned d = 0; d < Digits; d++) beats += (Counts[d] - 1) * Strides[d];
    return beats;
  endfunction

  // The word that is written is never the one that is read.
  (* no_rw_check, ram_style = RamStyle *) logic [DataWidth-1:0] mem [Words];
  logic [DataWidth-1:0] head, read_q, data_q;
  logic [AddrWidth-1:0] write_addr_q, read_addr_q, move;
  logic [Digits-1:0] ends;
  logic [1:0] full_q, full_d;
  logic write_bank_q, read_bank_q, write_last;
  logic head_valid, write, read, may_begin, read1_q, read2_q;

  xplat_wait #(
    .DataWidth(DataWidth)
  ) u_wait (
    .clk_i,
    .rst_ni,
    .in_valid_i,
    .in_ready_o,
    .in_data_i,
    .out_valid_o(head_valid),
    .out_ready_i(write),
    .out_data_o(head)
  );

  xplat_loop #(
    .Count(Window)
  ) u_write (
    .clk_i,
    .rst_ni,
    .step_i(write),
    .last_o(write_last)
  );

  xplat_travel #(
    .Digits(Digits),
    .Counts(Counts),
    .Strides(Strides),
    .Wrap(-int'(span())),
    .MoveWidth(AddrWidth)
  ) u_read (
    .clk_i,
    .rst_ni,
    .step_i(read),
    .move_o(move),
    .ends_o(ends)
  );

  assign write = head_valid & ~full_q[write_bank_q];
  assign read = may_begin & full_q[read_bank_q];

  always_comb begin
    full_d = full_q;
    if (write & write_last) full_d[write_bank_q] = 1'b1;
    if (read & ends[Digits-2]) full_d[read_bank_q] = 1'b0;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      full_q <= '0;
      write_bank_q <= 1'b0;
      read_bank_q <= 1'b0;
      write_addr_q <= '0;
      read_addr_q <= '0;
      read1_q <= 1'b0;
      read2_q <= 1'b0;
    end else begin
      full_q <= full_d;
      if (write) write_addr_q <= write_last & write_bank_q ? '0 : write_addr_q + AddrWidth'(1);
      if (write & write_last) write_bank_q <= ~write_bank_q;
      if (read) read_addr_q <= read_addr_q + move;
      if (read & ends[Digits-2]) read_bank_q <= ~read_bank_q;
      read1_q <= read;
      read2_q <= read1_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (write) mem[write_addr_q] <= head;
    read_q <= mem[read_addr_q];
    data_q <= read_q;
  end

  xplat_result_fifo #(
    .DataWidth(DataWidth),
    .Depth(xplat_pkg::result_depth(Latency, 1))
  ) u_results (
    .clk_i,
    .rst_ni,
    .may_begin_o(may_begin),
    .begin_i(read),
    .valid_i(read2_q),
    .data_i(data_q),
    .out_valid_o,
    .out_ready_i,
    .out_data_o
  );

  logic unused_ok;
  assign unused_ok = &{1'b0, ends};

  `XPLAT_CHECK_PARAM(Window, Window >= 1 && span() < Words)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

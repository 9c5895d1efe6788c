// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// First-in first-out buffer of exactly `Depth` beats.
//
// Latency 1, one beat a cycle. One beat lives in the output register, `Depth - 1` in a memory with
// synchronous read. `in_ready_o` and `out_valid_o` are registers; `out_data_o` depends on registers
// only. Whether the memory is full or empty is known a cycle before, so its write enable is a
// register: while it is not full, the word at the write pointer is free to be written.
// Back-pressure: accepts until `Depth` beats are stored. In simulation the largest occupancy is
// kept and printed at the end as `XPLAT_FIFO <instance> <depth> <max>`.

`include "xplat_assert.svh"

module xplat_fifo #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Depth = 2
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

  localparam int unsigned Words = Depth - 1;
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Words);
  localparam int unsigned CountWidth = $clog2(Depth);

  // The word that is written is never the one that is read.
  (* no_rw_check *) logic [DataWidth-1:0] mem [Words];
  logic [DataWidth-1:0] read_q, bypass_q;
  logic [AddrWidth-1:0] write_ptr_q, read_ptr_q;
  logic [CountWidth-1:0] count_q;
  logic out_valid_q, from_mem_q, full_q, full_d, some_q, some_d;
  logic slot_free, push, pop_mem, push_mem;

  function automatic logic [AddrWidth-1:0] advance(logic [AddrWidth-1:0] ptr);
    return ptr == AddrWidth'(Words - 1) ? '0 : ptr + AddrWidth'(1);
  endfunction

  assign in_ready_o = ~full_q;
  assign out_valid_o = out_valid_q;
  assign out_data_o = from_mem_q ? read_q : bypass_q;

  assign slot_free = ~out_valid_q | out_ready_i;
  assign push = in_valid_i & in_ready_o;
  assign pop_mem = slot_free & some_q;
  assign push_mem = push & ~(slot_free & ~some_q);
  assign full_d =
      full_q ? ~pop_mem : push_mem & ~pop_mem & (count_q == CountWidth'(Words - 1));
  assign some_d = some_q ? ~(pop_mem & ~push_mem & (count_q == CountWidth'(1))) : push_mem;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      out_valid_q <= 1'b0;
      write_ptr_q <= '0;
      read_ptr_q <= '0;
      count_q <= '0;
      full_q <= 1'b0;
      some_q <= 1'b0;
    end else begin
      if (slot_free) out_valid_q <= pop_mem | push;
      if (push_mem) write_ptr_q <= advance(write_ptr_q);
      if (pop_mem) read_ptr_q <= advance(read_ptr_q);
      if (push_mem & ~pop_mem) count_q <= count_q + CountWidth'(1);
      if (pop_mem & ~push_mem) count_q <= count_q - CountWidth'(1);
      full_q <= full_d;
      some_q <= some_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (slot_free) begin
      from_mem_q <= pop_mem;
      bypass_q <= in_data_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!full_q) mem[write_ptr_q] <= in_data_i;
    if (slot_free) read_q <= mem[read_ptr_q];
  end

`ifndef SYNTHESIS
  int unsigned occupancy, max_occupancy_q;
  assign occupancy = 32'(count_q) + 32'(out_valid_q);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) max_occupancy_q <= 0;
    else if (occupancy > max_occupancy_q) max_occupancy_q <= occupancy;
  end
  final $display("XPLAT_FIFO %m %0d %0d", Depth, max_occupancy_q);
`endif

  `XPLAT_CHECK_PARAM(Depth, Depth >= 2)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

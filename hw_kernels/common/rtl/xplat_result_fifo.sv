// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Result FIFO of a kernel, with the credits that keep it from overflowing.
//
// A kernel's pipeline never stops. So work on a result may begin only when the result will find a
// place here: `may_begin_o` is high while fewer than `Depth` results are between the beginning of
// their work (`begin_i`) and leaving. A result that leaves is known one cycle later. With the depth
// of xplat_pkg::result_depth, a kernel whose results are taken at once never waits for a credit.
//
// Latency 1, one result a cycle. `out_data_o` is read from a memory whose address is a register;
// `may_begin_o` and `out_valid_o` are registers.

`include "xplat_assert.svh"

module xplat_result_fifo #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Depth = 2
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  output logic                 may_begin_o,
  input  logic                 begin_i,

  input  logic                 valid_i,
  input  logic [DataWidth-1:0] data_i,

  output logic                 out_valid_o,
  input  logic                 out_ready_i,
  output logic [DataWidth-1:0] out_data_o
);

  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Depth);
  localparam int unsigned CountWidth = $clog2(Depth + 1);

  typedef logic [CountWidth-1:0] count_t;

  logic [DataWidth-1:0] mem [Depth];
  logic [AddrWidth-1:0] write_ptr_q, read_ptr_q;
  count_t stored_q, stored_d, begun_q, begun_d;
  logic out_valid_q, out_valid_d, may_begin_q, may_begin_d, pop;

  function automatic logic [AddrWidth-1:0] advance(logic [AddrWidth-1:0] ptr);
    return ptr == AddrWidth'(Depth - 1) ? '0 : ptr + AddrWidth'(1);
  endfunction

  assign out_valid_o = out_valid_q;
  assign out_data_o = mem[read_ptr_q];
  assign may_begin_o = may_begin_q;
  assign pop = out_valid_q & out_ready_i;

  // `count` with one more, one less, or both: the sums are formed before the events choose.
  function automatic count_t moved(count_t count, logic more, logic less);
    if (more == less) return count;
    return less ? count - count_t'(1) : count + count_t'(1);
  endfunction

  assign stored_d = moved(stored_q, valid_i, pop);
  assign begun_d = moved(begun_q, begin_i, pop);
  assign out_valid_d = out_valid_q ? ~(pop & ~valid_i & (stored_q == count_t'(1))) : valid_i;
  assign may_begin_d =
      may_begin_q ? ~(begin_i & ~pop & (begun_q == count_t'(Depth - 1))) : pop;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_ptr_q <= '0;
      read_ptr_q <= '0;
      stored_q <= '0;
      begun_q <= '0;
      out_valid_q <= 1'b0;
      may_begin_q <= 1'b1;
    end else begin
      if (valid_i) write_ptr_q <= advance(write_ptr_q);
      if (pop) read_ptr_q <= advance(read_ptr_q);
      stored_q <= stored_d;
      begun_q <= begun_d;
      out_valid_q <= out_valid_d;
      may_begin_q <= may_begin_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) mem[write_ptr_q] <= data_i;
  end

  `XPLAT_CHECK_PARAM(Depth, Depth >= 2)
  `XPLAT_ASSERT(Credit, !begin_i || may_begin_q)
  `XPLAT_ASSERT(Overflow, !valid_i || stored_q != count_t'(Depth))
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

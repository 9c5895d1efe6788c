// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// First-in first-out buffer of exactly `Depth` beats.
//
// Latency 1, one beat a cycle. The beat that leaves next is in the output stage, others are words of a
// memory with synchronous read. `in_ready_o` and `out_valid_o` are registers; `out_data_o` depends on
// registers only. While the memory is not full, the word at the write pointer is free to be written, so
// its write enable is a register. Words move only when a beat leaves: its read enable is `out_ready_i`.
//
// A block RAM gives a word late after the clock edge. With `OutputRegister` the word goes to a register
// first, which tools move into the block RAM. Then two stages are behind the memory, each with a
// register beside it for a beat that finds the memory empty. The output holds a beat if the FIFO holds
// one, the stage in front of it, `near`, if the FIFO holds two: no cycle is lost.
//
// Every flag is one LUT of registers and of the two handshakes. So the count is not a number that
// is compared: whether the memory holds one word, or has one place left, is known a step ahead. And the
// count is split, for a carry chain would take longer: a ring counter of eight states is exact, the
// number of its turns is a cycle late. Both ends of the count lie so far from where the ring turns
// that the number of turns is right when it matters.
//
// Back-pressure: accepts until `Depth` beats are stored. In simulation the largest occupancy is
// kept and printed at the end as `XPLAT_FIFO <instance> <depth> <max>`.

`include "xplat_assert.svh"

module xplat_fifo #(
  parameter int unsigned DataWidth = 8,
  parameter int unsigned Depth = 2,
  parameter bit OutputRegister = 1'b0,
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

  localparam int unsigned Words = OutputRegister ? Depth - 2 : Depth - 1;
  // Memories of LUTs come in steps of 16 words, so more places cost nothing. Addresses of a power of two
  // of places wrap by themselves.
  localparam int unsigned Places = Words > 8 ? (Words + 15) / 16 * 16 : Words;
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Places);
  localparam bit Wraps = 2 ** AddrWidth == Places;
  // How far the ring is ahead of the words stored: it does not turn between 0 and 3 of them, nor
  // between 3 fewer than all and all.
  function automatic int unsigned ring_phase();
    for (int unsigned phase = 0; phase < 5; phase++) begin
      if ((Words + phase + 5) % 8 < 5) return phase;
    end
    return 0;
  endfunction

  localparam int unsigned Phase = ring_phase();
  localparam int unsigned Turns = (Words + Phase) / 8;
  localparam int unsigned TurnWidth = xplat_pkg::addr_width(Turns + 1);

  // A ring counter of four bits: state n has as many ones from the low end, then zeros.
  function automatic logic [3:0] ring(int unsigned place);
    int unsigned state = place % 8;
    return state <= 4 ? 4'((1 << state) - 1) : 4'(15 << (state - 4));
  endfunction

  // Whether a ring counter is in a state: two neighbouring bits tell.
  function automatic logic in_state(logic [3:0] bits, int unsigned place);
    int unsigned state = place % 8;
    case (state)
      0: return ~bits[3] & ~bits[0];
      1: return bits[0] & ~bits[1];
      2: return bits[1] & ~bits[2];
      3: return bits[2] & ~bits[3];
      4: return bits[3] & bits[0];
      5: return ~bits[0] & bits[1];
      6: return ~bits[1] & bits[2];
      default: return ~bits[2] & bits[3];
    endcase
  endfunction

  // The next address, 0 after the last one; `fours` says that its two low bits are ones. No carry
  // chain: a chain of a few bits takes longer than the LUT of each bit, which finds a place for `last` too.
  function automatic logic [AddrWidth-1:0] advance(logic [AddrWidth-1:0] ptr, logic fours, logic last);
    logic [AddrWidth-1:0] next;
    logic carry = 1'b1;
    for (int unsigned i = 0; i < AddrWidth; i++) begin
      next[i] = (ptr[i] ^ carry) & ~last;
      carry = i == 1 ? fours : carry & ptr[i];
    end
    return next;
  endfunction

  // The word that is written is never the one that is read.
  (* no_rw_check, ram_style = RamStyle *) logic [DataWidth-1:0] mem [Places];
  logic [DataWidth-1:0] read_q, bypass_q;
  logic [AddrWidth-1:0] write_ptr_q, read_ptr_q;
  logic write_last_q, read_last_q, write_fours_q, read_fours_q;
  // Whether the stage behind the memory holds a beat, and whether that came out of the memory; without
  // `OutputRegister` this stage is the output.
  logic near_q, near_d, from_mem_q;
  // Whether the memory holds something; whether a beat that comes may go there: there is one in the
  // stage behind it, and the memory is not full. Whether the memory holds one word, and whether it
  // lacks one.
  logic some_q, some_d, stores_q, stores_d, one_q, last_q;
  logic in_ready_q, full_d;
  logic up, down, moves, push_mem, pop_mem, load;
  logic [3:0] ring_q;
  logic no_turns, all_turns, last;

  assign in_ready_o = in_ready_q;

  // The memory is empty unless a beat is in the stage behind it. It is full when it holds something
  // and nothing may go there.
  assign pop_mem = some_q & out_ready_i;
  assign push_mem = in_valid_i & stores_q & (some_q | ~out_ready_i);
  assign up = in_valid_i & stores_q & ~out_ready_i;
  assign down = some_q & out_ready_i & ~(in_valid_i & stores_q);
  assign moves = out_ready_i ? some_q & ~(in_valid_i & stores_q) : in_valid_i & stores_q;
  assign last = (Words == 1 ? near_q : 1'b1) & last_q;
  // Of four signals: a LUT of five or six has a wire more to its register.
  assign full_d = ~out_ready_i & (~in_ready_q | in_valid_i & last);
  assign some_d = some_q ? ~(down & one_q) : up;
  assign load = ~near_q | out_ready_i;

  if (OutputRegister) begin : gen_output_register
    logic valid_q, from_mem2_q, load2;
    logic [DataWidth-1:0] mem_q, bypass2_q;

    assign near_d = some_q | stores_q & (~out_ready_i | in_valid_i) | valid_q & in_valid_i & ~out_ready_i;
    assign stores_d = out_ready_i ? some_q | stores_q & in_valid_i
        : in_valid_i ? valid_q & (stores_q | ~some_q) & ~last : stores_q;
    assign load2 = ~valid_q | out_ready_i;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) valid_q <= 1'b0;
      else valid_q <= near_q | in_valid_i | valid_q & ~out_ready_i;
    end

    // A beat that finds no other, or only one that leaves, goes to the output at once.
    always_ff @(posedge clk_i) begin
      if (out_ready_i) mem_q <= read_q;
      if (load2) begin
        from_mem2_q <= near_q & from_mem_q;
        bypass2_q <= near_q ? bypass_q : in_data_i;
      end
    end

    assign out_valid_o = valid_q;
    assign out_data_o = from_mem2_q ? mem_q : bypass2_q;
  end else begin : gen_output
    assign near_d = some_q | stores_q & ~out_ready_i | in_valid_i;
    assign stores_d = out_ready_i ? some_q | in_valid_i : in_valid_i ? (stores_q | ~some_q) & ~last : stores_q;
    assign out_valid_o = near_q;
    assign out_data_o = from_mem_q ? read_q : bypass_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      in_ready_q <= 1'b1;
      near_q <= 1'b0;
      stores_q <= 1'b0;
      some_q <= 1'b0;
      ring_q <= ring(Phase);
      one_q <= 1'b0;
      last_q <= Words == 1;
    end else begin
      in_ready_q <= ~full_d;
      near_q <= near_d;
      stores_q <= stores_d;
      some_q <= some_d;
      if (moves) begin
        ring_q <= out_ready_i ? {~ring_q[0], ring_q[3:1]} : {ring_q[2:0], ~ring_q[3]};
        one_q <= out_ready_i ? no_turns & in_state(ring_q, 2 + Phase) : ~some_q;
        last_q <= out_ready_i ? ~stores_q : all_turns & in_state(ring_q, Words + 6 + Phase);
      end
    end
  end

  // Whether the ring has made no turn, and all of them.
  if (Turns == 0) begin : gen_no_turns
    assign no_turns = 1'b1;
    assign all_turns = 1'b1;
  end else begin : gen_turns
    logic turn_up_q, turn_down_q, no_turns_q, all_turns_q;
    logic [TurnWidth-1:0] turns_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        turn_up_q <= 1'b0;
        turn_down_q <= 1'b0;
        turns_q <= '0;
        no_turns_q <= 1'b1;
        all_turns_q <= 1'b0;
      end else begin
        turn_up_q <= up & in_state(ring_q, 7);
        turn_down_q <= down & in_state(ring_q, 0);
        if (turn_up_q | turn_down_q) begin
          // Plus 1, or minus 1, by one carry chain.
          turns_q <= turns_q + ({TurnWidth{turn_down_q}} | TurnWidth'(1));
          no_turns_q <= turn_down_q & turns_q == TurnWidth'(1);
          all_turns_q <= turn_up_q & turns_q == TurnWidth'(Turns - 1);
        end
      end
    end

    assign no_turns = no_turns_q;
    assign all_turns = all_turns_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_ptr_q <= '0;
      write_last_q <= Places == 1;
      write_fours_q <= 1'b0;
    end else if (push_mem) begin
      write_ptr_q <= advance(write_ptr_q, write_fours_q, write_last_q);
      write_fours_q <= 2'(write_ptr_q) == 2'd2 & ~write_last_q;
      write_last_q <= ~Wraps & (Places == 1 || write_ptr_q == AddrWidth'(int'(Places) - 2));
    end
    if (!rst_ni) begin
      read_ptr_q <= '0;
      read_last_q <= Places == 1;
      read_fours_q <= 1'b0;
    end else if (pop_mem) begin
      read_ptr_q <= advance(read_ptr_q, read_fours_q, read_last_q);
      read_fours_q <= 2'(read_ptr_q) == 2'd2 & ~read_last_q;
      read_last_q <= ~Wraps & (Places == 1 || read_ptr_q == AddrWidth'(int'(Places) - 2));
    end
  end

  always_ff @(posedge clk_i) begin
    if (load) begin
      from_mem_q <= some_q;
      bypass_q <= in_data_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (in_ready_q) mem[write_ptr_q] <= in_data_i;
    if (out_ready_i) read_q <= mem[read_ptr_q];
  end

`ifndef SYNTHESIS
  int unsigned occupancy_q, max_occupancy_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      occupancy_q <= 0;
      max_occupancy_q <= 0;
    end else begin
      occupancy_q <=
          occupancy_q + {31'd0, in_valid_i & in_ready_o} - {31'd0, out_valid_o & out_ready_i};
      if (occupancy_q > max_occupancy_q) max_occupancy_q <= occupancy_q;
    end
  end
  final $display("XPLAT_FIFO %m %0d %0d", Depth, max_occupancy_q);
`endif

  `XPLAT_CHECK_PARAM(Depth, Depth >= (OutputRegister ? 5 : 2))
  `XPLAT_ASSERT(Ready, in_ready_o == (occupancy_q < Depth))
  `XPLAT_ASSERT(Valid, out_valid_o == (occupancy_q > 0))
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)
  `XPLAT_ASSERT_STREAM(Out, out_valid_o, out_ready_i, out_data_o)

endmodule

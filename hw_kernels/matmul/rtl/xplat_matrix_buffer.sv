// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Right operand of a product of two streams: holds Matrices of them and replays one for every row.
//
// A matrix of InFolds x OutFolds words arrives beat by beat and is read once for each of Rows rows:
// for each fold of outputs, each fold of the sum, one word leaves two cycles after `fold_en_i`, by a
// register behind that of the memory, which tools move into a block RAM or a multiplier.
// The next one arrives meanwhile. A word holds SumLanes terms of each of OutLanes outputs, those of
// output 0 in the low bits. It consists of beats that lie at the same address of several banks. With
// Transposed, a matrix arrives output by output: a beat holds SumLanes terms, and there is a bank for
// each of OutLanes outputs. Otherwise it arrives term by term: a beat holds OutLanes outputs, and
// there is a bank for each of SumLanes terms.
//
// `arrived_o` tells whether what the next result needs is here; it is a register and looks one beat
// ahead. `begin_i` begins that result, whose work takes InFolds cycles without a pause. In the last
// row a result frees the beats that no later one needs, two cycles after its last step. A beat is
// written two cycles after it was taken, so no word is written while it is read.

`include "xplat_assert.svh"

module xplat_matrix_buffer #(
  parameter int unsigned Rows = 4,
  parameter int unsigned InFolds = 4,
  parameter int unsigned OutFolds = 4,
  parameter int unsigned SumLanes = 1,
  parameter int unsigned OutLanes = 1,
  parameter int unsigned ElemWidth = 8,
  parameter bit Transposed = 1'b1,
  parameter int unsigned Matrices = 2,
  // What the memory is made of, for tools that know `ram_style`. Verilator does not read attributes.
  // verilator lint_off UNUSEDPARAM
  parameter RamStyle = "auto",
  // verilator lint_on UNUSEDPARAM
  localparam int unsigned Banks = Transposed ? OutLanes : SumLanes,
  localparam int unsigned DataWidth = (Transposed ? SumLanes : OutLanes) * ElemWidth
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  input  logic                       in_valid_i,
  output logic                       in_ready_o,
  input  logic [DataWidth-1:0]       in_data_i,

  output logic                       arrived_o,
  input  logic                       begin_i,

  input  logic                       fold_en_i,
  output logic [OutLanes*SumLanes*ElemWidth-1:0] word_o
);

  localparam int unsigned Words = OutFolds * InFolds;
  localparam int unsigned MatrixBeats = Words * Banks;
  localparam int unsigned Depth = Matrices * Words;
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Depth);
  localparam int unsigned CountWidth = $clog2((Matrices + 1) * MatrixBeats + 1) + 1;

  typedef logic signed [CountWidth-1:0] count_t;
  typedef logic [AddrWidth-1:0] addr_t;

  // Beats that the first result of a matrix needs, that each further one of the first row needs
  // beyond those, that each but the last one of the last row frees, and that the last one frees.
  localparam int unsigned Step = Transposed ? Banks * InFolds : 1;
  localparam int unsigned First = Transposed ? Step : (InFolds * SumLanes - 1) * OutFolds + 1;
  localparam int unsigned Last = MatrixBeats - (OutFolds - 1) * Step;

  // ---------------------------------------------------------------------------------------------
  // Writing: place and bank of the next beat
  // ---------------------------------------------------------------------------------------------

  localparam int unsigned BeatFolds = Transposed ? InFolds : OutFolds;

  logic write, last_beat, last_bank;
  logic [3:1] write_q;
  logic [Banks-1:0] bank_q;
  addr_t place_q, write_addr_q;
  logic [DataWidth-1:0] taken_q, data_q, write_data_q;
  logic [Banks-1:0] write_bank_q;
  logic in_ready_q;

  assign in_ready_o = in_ready_q;
  assign write = in_valid_i & in_ready_q;

  xplat_loop #(.Count(BeatFolds)) u_beat (
    .clk_i, .rst_ni, .step_i(write_q[2]), .last_o(last_beat)
  );

  if (Banks == 1) begin : gen_one_bank
    assign bank_q = 1'b1;
    assign last_bank = 1'b1;
  end else begin : gen_banks
    always_ff @(posedge clk_i) begin
      if (!rst_ni) bank_q <= Banks'(1);
      else if (write_q[2] & last_beat) bank_q <= {bank_q[Banks-2:0], bank_q[Banks-1]};
    end
    assign last_bank = bank_q[Banks-1];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= '0;
      place_q <= '0;
    end else begin
      write_q <= {write_q[2:1], write};
      if (write_q[2]) begin
        if (last_beat & ~last_bank) place_q <= place_q - addr_t'(BeatFolds - 1);
        else place_q <= place_q == addr_t'(Depth - 1) ? '0 : place_q + addr_t'(1);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    taken_q <= in_data_i;
    data_q <= taken_q;
    write_data_q <= data_q;
    write_addr_q <= place_q;
    write_bank_q <= bank_q;
  end

  // ---------------------------------------------------------------------------------------------
  // Room, and whether what the next result needs has arrived: differences, one beat ahead
  // ---------------------------------------------------------------------------------------------

  logic begin_last_fold, begin_last_row, begin_first_row_q, ends, end_last_fold, end_last_row;
  logic last_step, arrived_q;
  count_t room_q, room_d, gap_q, gap_stay, gap_next, released_q;
  count_t need_next;

  xplat_loop #(.Count(OutFolds)) u_begin_fold (
    .clk_i, .rst_ni, .step_i(begin_i), .last_o(begin_last_fold)
  );
  xplat_loop #(.Count(Rows)) u_begin_row (
    .clk_i, .rst_ni, .step_i(begin_i & begin_last_fold), .last_o(begin_last_row)
  );

  // What the result after the one that begins needs beyond it.
  always_comb begin
    need_next = '0;
    if (begin_last_fold) begin
      if (begin_last_row) need_next = count_t'(int'(First));
    end else if (begin_first_row_q) begin
      need_next = count_t'(int'(Step));
    end
  end

  assign gap_stay = gap_q + count_t'({1'b0, write});
  assign gap_next = gap_stay - need_next;
  assign arrived_o = arrived_q;

  // The work of a result: the step that begins it and those that follow at once.
  if (InFolds == 1) begin : gen_one_step
    assign last_step = begin_i;
  end else begin : gen_steps
    logic busy_q, last;
    xplat_loop #(.Count(InFolds)) u_step (
      .clk_i, .rst_ni, .step_i(begin_i | busy_q), .last_o(last)
    );
    always_ff @(posedge clk_i) begin
      if (!rst_ni) busy_q <= 1'b0;
      else if (begin_i | busy_q) busy_q <= ~last;
    end
    assign last_step = busy_q & last;
  end

  assign ends = last_step & end_last_row;
  xplat_loop #(.Count(OutFolds)) u_end_fold (
    .clk_i, .rst_ni, .step_i(last_step), .last_o(end_last_fold)
  );
  xplat_loop #(.Count(Rows)) u_end_row (
    .clk_i, .rst_ni, .step_i(last_step & end_last_fold), .last_o(end_last_row)
  );

  assign room_d = room_q + released_q + count_t'({1'b0, write});

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      room_q <= -count_t'(int'(Matrices * MatrixBeats));
      in_ready_q <= 1'b1;
      released_q <= '0;
      gap_q <= -count_t'(int'(First));
      arrived_q <= 1'b0;
      begin_first_row_q <= 1'b1;
    end else begin
      room_q <= room_d;
      in_ready_q <= room_d[CountWidth-1];
      released_q <= ends ? -count_t'(int'(end_last_fold ? Last : Step)) : '0;
      gap_q <= begin_i ? gap_next : gap_stay;
      arrived_q <= begin_i ? ~gap_next[CountWidth-1] : ~gap_stay[CountWidth-1];
      if (begin_i & begin_last_fold) begin_first_row_q <= begin_last_row;
    end
  end

  // ---------------------------------------------------------------------------------------------
  // Reading: outputs outside, terms inside, the matrix again for every row
  // ---------------------------------------------------------------------------------------------

  localparam int SumStep = Transposed ? 1 : int'(OutFolds);
  localparam int OutStep = Transposed ? 1 : 1 - int'(InFolds - 1) * int'(OutFolds);

  logic read_last_term, read_last_fold, read_last_row;
  addr_t read_addr_q, base_q, next_base;

  xplat_loop #(.Count(InFolds)) u_read_term (
    .clk_i, .rst_ni, .step_i(fold_en_i), .last_o(read_last_term)
  );
  xplat_loop #(.Count(OutFolds)) u_read_fold (
    .clk_i, .rst_ni, .step_i(fold_en_i & read_last_term), .last_o(read_last_fold)
  );
  xplat_loop #(.Count(Rows)) u_read_row (
    .clk_i, .rst_ni, .step_i(fold_en_i & read_last_term & read_last_fold), .last_o(read_last_row)
  );

  always_comb begin
    next_base = base_q;
    if (read_last_row) begin
      next_base = base_q == addr_t'(Depth - Words) ? '0 : base_q + addr_t'(Words);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      base_q <= '0;
      read_addr_q <= '0;
    end else if (fold_en_i) begin
      if (!read_last_term) begin
        read_addr_q <= read_addr_q + addr_t'(SumStep);
      end else if (!read_last_fold) begin
        read_addr_q <= read_addr_q + addr_t'(OutStep);
      end else begin
        // The same matrix again, or the next one.
        read_addr_q <= next_base;
        base_q <= next_base;
      end
    end
  end

  for (genvar b = 0; b < Banks; b++) begin : gen_bank
    (* no_rw_check, ram_style = RamStyle *) logic [DataWidth-1:0] mem [Depth];
    logic [DataWidth-1:0] read_q, word_q;

    always_ff @(posedge clk_i) begin
      if (write_q[3] & write_bank_q[b]) mem[write_addr_q] <= write_data_q;
      read_q <= mem[read_addr_q];
    end

    always_ff @(posedge clk_i) word_q <= read_q;

    `XPLAT_ASSERT(Collision, !(write_q[3] && write_bank_q[b] && fold_en_i &&
                               write_addr_q == read_addr_q))

    if (Transposed) begin : gen_outputs
      assign word_o[b*DataWidth +: DataWidth] = word_q;
    end else begin : gen_terms
      for (genvar o = 0; o < OutLanes; o++) begin : gen_output
        assign word_o[(o*SumLanes+b)*ElemWidth +: ElemWidth] = word_q[o*ElemWidth +: ElemWidth];
      end
    end
  end

  `XPLAT_CHECK_PARAM(Extents, Rows >= 1 && InFolds >= 1 && OutFolds >= 1 && Matrices >= 2)
  `XPLAT_CHECK_PARAM(Lanes, OutLanes >= 1 && SumLanes >= 1)
  `XPLAT_ASSERT(Arrived, !begin_i || arrived_q)
  `XPLAT_ASSERT_STREAM(In, in_valid_i, in_ready_o, in_data_i)

endmodule

// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walks over the elements of an image that is dealt to banks of memory: where the current one lies.
//
// Beat b of row R, column C lies in bank (R mod RowBanks, C mod ColBanks), its phase, at address
//   (R div RowBanks) * RowWords + (C div ColBanks) * ColWords + b   modulo Depth.
// A step moves by as many rows, columns and beats as the highest level l with `level_i[l]` says
// (Rows[l], Cols[l], Beats[l]). Division rounds down, so a position may be negative. Rows are counted
// on from image to image.
//
// `row_phase_o` and `col_phase_o` belong to the step of this cycle (`step_i`). A cycle later,
// `addr_o[r][c]` is the address r bank rows and c bank columns ahead, modulo Depth. All of them are
// registers and move by the same distance, which depends on the level and on which phases wrap.

module xplat_bank_walk #(
  parameter int unsigned RowBanks = 1,
  parameter int unsigned ColBanks = 1,
  parameter int unsigned RowWords = 8,
  parameter int unsigned ColWords = 1,
  parameter int unsigned Depth = 16,
  parameter int unsigned Levels = 1,
  parameter bit [Levels-1:0][31:0] Rows = '0,
  parameter bit [Levels-1:0][31:0] Cols = '0,
  parameter bit [Levels-1:0][31:0] Beats = {Levels{32'd1}},
  parameter int FirstRow = 0,
  parameter int FirstCol = 0,
  // The largest r and c of `addr_o`.
  parameter int unsigned RowsAhead = 0,
  parameter int unsigned ColsAhead = 0,
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Depth),
  localparam int unsigned RowWidth = xplat_pkg::addr_width(RowBanks),
  localparam int unsigned ColWidth = xplat_pkg::addr_width(ColBanks)
) (
  input  logic                                           clk_i,
  input  logic                                           rst_ni,

  input  logic                                           step_i,
  input  logic [Levels-1:0]                              level_i,
  output logic [RowWidth-1:0]                            row_phase_o,
  output logic [ColWidth-1:0]                            col_phase_o,
  output logic [RowsAhead:0][ColsAhead:0][AddrWidth-1:0] addr_o
);

  typedef logic [AddrWidth-1:0] addr_t;

  // A distance, and the same less the depth: their sums with an address are formed at once.
  typedef struct packed {
    bit [AddrWidth-1:0] step;
    bit [AddrWidth:0] less;
  } move_t;

  // By whether the row wraps and whether the column wraps.
  typedef move_t [1:0][1:0] moves_t;

  function automatic addr_t wrap(int distance);
    return addr_t'(xplat_pkg::modulo(distance, int'(Depth)));
  endfunction

  function automatic int address(int row, int col);
    return xplat_pkg::floor_div(row, int'(RowBanks)) * int'(RowWords)
        + xplat_pkg::floor_div(col, int'(ColBanks)) * int'(ColWords);
  endfunction

  function automatic moves_t moves_of(int row, int col, int beat);
    moves_t moves;
    for (int r = 0; r < 2; r++) begin
      for (int c = 0; c < 2; c++) begin
        moves[r][c].step =
            wrap(address(row, col) + beat + r * int'(RowWords) + c * int'(ColWords));
        moves[r][c].less = {1'b0, moves[r][c].step} - (AddrWidth + 1)'(Depth);
      end
    end
    return moves;
  endfunction

  function automatic addr_t add_mod(addr_t from, move_t by);
    logic [AddrWidth:0] less;
    less = {1'b0, from} + by.less;
    return less[AddrWidth] ? from + by.step : less[AddrWidth-1:0];
  endfunction

  logic [Levels-1:0] row_wraps, col_wraps;

  xplat_bank_phase #(.Banks(RowBanks), .Levels(Levels), .Moves(Rows), .First(FirstRow)) u_row (
    .clk_i, .rst_ni, .step_i, .level_i, .wraps_o(row_wraps), .phase_o(row_phase_o)
  );

  xplat_bank_phase #(.Banks(ColBanks), .Levels(Levels), .Moves(Cols), .First(FirstCol)) u_col (
    .clk_i, .rst_ni, .step_i, .level_i, .wraps_o(col_wraps), .phase_o(col_phase_o)
  );

  move_t move_q, move_d;
  move_t [Levels-1:0] move;
  logic moves_q;

  for (genvar l = 0; l < Levels; l++) begin : gen_level
    localparam moves_t Moves = moves_of(int'(Rows[l]), int'(Cols[l]), int'(Beats[l]));
    assign move[l] = Moves[row_wraps[l]][col_wraps[l]];
  end

  always_comb begin
    move_d = move[0];
    for (int unsigned l = 1; l < Levels; l++) begin
      if (level_i[l]) move_d = move[l];
    end
  end

  always_ff @(posedge clk_i) begin
    moves_q <= rst_ni & step_i;
    move_q <= move_d;
  end

  for (genvar r = 0; r <= RowsAhead; r++) begin : gen_rows_ahead
    for (genvar c = 0; c <= ColsAhead; c++) begin : gen_cols_ahead
      localparam addr_t First =
          wrap(address(FirstRow, FirstCol) + int'(r * RowWords + c * ColWords));
      addr_t addr_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni) addr_q <= First;
        else if (moves_q) addr_q <= add_mod(addr_q, move_q);
      end
      assign addr_o[r][c] = addr_q;
    end
  end

endmodule

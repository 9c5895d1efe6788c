// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Holds a part of an image stream; gives UnrollKh x UnrollKw beats of it a cycle, each a window
// position's, DilationH rows and DilationW columns apart.
//
// Each element is stored once, in one of RowBanks x ColBanks banks: the one of its row and column
// modulo these. The positions of a window lie in different banks, so one read of each bank is enough.
// Where the first position lies, modulo the banks, is the phase. It says which address each bank
// reads: up to RowsAhead bank rows and ColsAhead bank columns beyond that of bank (0, 0); and which
// bank a position's beat comes from.
//
// `step_i` moves the window by the distance of the highest level l with `level_i[l]` (see
// xplat_bank_walk). `row_inside_i` and `col_inside_i` follow two cycles after the window's step, the
// window, a register, five: positions outside the image read as zero, or as the most negative value when
// PadLowest is set. With AnyOrder, beats come in the order of the banks where these are no more than
// the positions. The stream comes in by `write_i`; StreamDepth of its beats, one after the other,
// can be read.

`include "xplat_assert.svh"

module xplat_window_store #(
  parameter int unsigned Lanes = 4,
  parameter int unsigned ElemWidth = 8,
  parameter int unsigned Width = 8,
  parameter int unsigned PixelBeats = 1,
  parameter int unsigned StreamDepth = 20,
  parameter int unsigned UnrollKh = 3,
  parameter int unsigned UnrollKw = 3,
  parameter int unsigned DilationH = 1,
  parameter int unsigned DilationW = 1,
  // Whether windows reach beyond the image.
  parameter bit MaskRows = 1'b1,
  parameter bit MaskCols = 1'b1,
  parameter bit PadLowest = 1'b0,
  parameter bit AnyOrder = 1'b0,
  // The walk of the window.
  parameter int unsigned Levels = 1,
  parameter bit [Levels-1:0][31:0] Rows = '0,
  parameter bit [Levels-1:0][31:0] Cols = {Levels{32'd1}},
  parameter bit [Levels-1:0][31:0] Beats = '0,
  parameter int FirstRow = 0,
  parameter int FirstCol = 0,
  // What the banks are made of, for tools that know `ram_style`. Verilator does not read attributes.
  // verilator lint_off UNUSEDPARAM
  parameter RamStyle = "auto",
  // verilator lint_on UNUSEDPARAM
  localparam int unsigned DataWidth = Lanes * ElemWidth
) (
  input  logic                                           clk_i,
  input  logic                                           rst_ni,

  input  logic                                           write_i,
  input  logic [DataWidth-1:0]                           data_i,

  input  logic                                           step_i,
  input  logic [Levels-1:0]                              level_i,
  input  logic [UnrollKh-1:0]                            row_inside_i,
  input  logic [UnrollKw-1:0]                            col_inside_i,

  output logic [UnrollKh-1:0][UnrollKw-1:0][DataWidth-1:0] window_o
);

  localparam int unsigned RowBanks = xplat_pkg::window_banks(UnrollKh, DilationH);
  localparam int unsigned ColBanks = xplat_pkg::window_banks(UnrollKw, DilationW);
  localparam int unsigned Depth =
      xplat_pkg::bank_depth(StreamDepth, Width, PixelBeats, RowBanks, ColBanks);
  localparam int unsigned RowWords = xplat_pkg::ceil_div(Width, ColBanks) * PixelBeats;
  localparam int unsigned AddrWidth = xplat_pkg::addr_width(Depth);
  localparam int unsigned RowWidth = xplat_pkg::addr_width(RowBanks);
  localparam int unsigned ColWidth = xplat_pkg::addr_width(ColBanks);
  localparam bit Routed = !AnyOrder || RowBanks != UnrollKh || ColBanks != UnrollKw;

  typedef logic [AddrWidth-1:0] addr_t;
  typedef logic [RowWidth-1:0] row_t;
  typedef logic [ColWidth-1:0] col_t;

  // The largest phase that the moves along an axis lead to: the first one, where all of them are
  // multiples of the banks.
  function automatic int unsigned last_phase(
      bit [Levels-1:0][31:0] moves, int first, int unsigned banks);
    for (int l = 0; l < int'(Levels); l++) begin
      if (xplat_pkg::modulo(int'(moves[l]), int'(banks)) != 0) return banks - 1;
    end
    return unsigned'(xplat_pkg::modulo(first, int'(banks)));
  endfunction

  localparam int unsigned RowsAhead =
      (last_phase(Rows, FirstRow, RowBanks) + (UnrollKh - 1) * DilationH) / RowBanks;
  localparam int unsigned ColsAhead =
      (last_phase(Cols, FirstCol, ColBanks) + (UnrollKw - 1) * DilationW) / ColBanks;
  localparam int unsigned RowAheadWidth = xplat_pkg::addr_width(RowsAhead + 1);
  localparam int unsigned ColAheadWidth = xplat_pkg::addr_width(ColsAhead + 1);

  // ---------------------------------------------------------------------------------------------
  // Writing: a cycle after the beat was taken
  // ---------------------------------------------------------------------------------------------

  logic last_beat, last_col;
  row_t write_row;
  col_t write_col;
  addr_t write_addr;
  logic [RowBanks-1:0][ColBanks-1:0] write_q;
  logic [DataWidth-1:0] data_q;

  if (RowBanks * ColBanks == 1) begin : gen_one_bank
    assign last_beat = 1'b0;
    assign last_col = 1'b0;
  end else begin : gen_banks
    xplat_loop #(.Count(PixelBeats)) u_beat (
      .clk_i, .rst_ni, .step_i(write_i), .last_o(last_beat)
    );
    xplat_loop #(.Count(Width)) u_col (
      .clk_i, .rst_ni, .step_i(write_i & last_beat), .last_o(last_col)
    );
  end

  xplat_bank_walk #(
    .RowBanks(RowBanks),
    .ColBanks(ColBanks),
    .RowWords(RowWords),
    .ColWords(PixelBeats),
    .Depth(Depth),
    .Levels(3),
    .Rows({32'd1, 32'd0, 32'd0}),
    .Cols({32'd1 - Width, 32'd1, 32'd0}),
    .Beats({32'd1 - PixelBeats, 32'd1 - PixelBeats, 32'd1})
  ) u_write (
    .clk_i,
    .rst_ni,
    .step_i(write_i),
    .level_i({last_beat & last_col, last_beat, 1'b1}),
    .row_phase_o(write_row),
    .col_phase_o(write_col),
    .addr_o(write_addr)
  );

  always_ff @(posedge clk_i) begin
    data_q <= data_i;
    for (int unsigned i = 0; i < RowBanks; i++) begin
      for (int unsigned j = 0; j < ColBanks; j++) begin
        write_q[i][j] <=
            rst_ni && write_i && write_row == row_t'(i) && write_col == col_t'(j);
      end
    end
  end

  // ---------------------------------------------------------------------------------------------
  // Reading: phase and address, stage 1; the address of each bank, 2; memory, 3 and 4
  // ---------------------------------------------------------------------------------------------

  row_t row_phase;
  col_t col_phase;
  addr_t [RowsAhead:0][ColsAhead:0] addr;
  addr_t [2**RowAheadWidth-1:0][2**ColAheadWidth-1:0] addr_ahead;
  logic [RowBanks-1:0][RowAheadWidth-1:0] row_ahead;
  logic [ColBanks-1:0][ColAheadWidth-1:0] col_ahead;
  logic [RowBanks-1:0] reads_row;
  logic [ColBanks-1:0] reads_col;
  logic [UnrollKh-1:0] row_inside;
  logic [UnrollKw-1:0] col_inside;
  row_t [UnrollKh-1:0] row_bank;
  col_t [UnrollKw-1:0] col_bank;
  logic [RowBanks-1:0][ColBanks-1:0][DataWidth-1:0] bank_q;

  xplat_bank_walk #(
    .RowBanks(RowBanks),
    .ColBanks(ColBanks),
    .RowWords(RowWords),
    .ColWords(PixelBeats),
    .Depth(Depth),
    .Levels(Levels),
    .Rows(Rows),
    .Cols(Cols),
    .Beats(Beats),
    .FirstRow(FirstRow),
    .FirstCol(FirstCol),
    .RowsAhead(RowsAhead),
    .ColsAhead(ColsAhead)
  ) u_read (
    .clk_i,
    .rst_ni,
    .step_i,
    .level_i,
    .row_phase_o(row_phase),
    .col_phase_o(col_phase),
    .addr_o(addr)
  );

  xplat_bank_plan #(
    .Banks(RowBanks),
    .Taps(UnrollKh),
    .Dilation(DilationH),
    .AheadWidth(RowAheadWidth),
    .ByBank(!Routed),
    .Masked(MaskRows)
  ) u_rows (
    .clk_i,
    .phase_i(row_phase),
    .ahead_o(row_ahead),
    .inside_i(row_inside_i),
    .reads_o(reads_row),
    .inside_o(row_inside),
    .bank_o(row_bank)
  );

  xplat_bank_plan #(
    .Banks(ColBanks),
    .Taps(UnrollKw),
    .Dilation(DilationW),
    .AheadWidth(ColAheadWidth),
    .ByBank(!Routed),
    .Masked(MaskCols)
  ) u_cols (
    .clk_i,
    .phase_i(col_phase),
    .ahead_o(col_ahead),
    .inside_i(col_inside_i),
    .reads_o(reads_col),
    .inside_o(col_inside),
    .bank_o(col_bank)
  );

  for (genvar r = 0; r < 2 ** RowAheadWidth; r++) begin : gen_rows_ahead
    for (genvar c = 0; c < 2 ** ColAheadWidth; c++) begin : gen_cols_ahead
      assign addr_ahead[r][c] =
          addr[xplat_pkg::umin(r, RowsAhead)][xplat_pkg::umin(c, ColsAhead)];
    end
  end

  logic unused_ok;
  assign unused_ok = &{1'b0, reads_row, reads_col};

`ifndef SYNTHESIS
  logic [2:1] step_q;
  always_ff @(posedge clk_i) step_q <= {step_q[1], rst_ni & step_i};
`endif

  for (genvar i = 0; i < RowBanks; i++) begin : gen_row
    for (genvar j = 0; j < ColBanks; j++) begin : gen_col
      // No word is read in the cycle that writes it, other than into folds that are no fold or
      // outside the image: the memory needs no path around it.
      (* no_rw_check, ram_style = RamStyle *) logic [DataWidth-1:0] mem [Depth];
      logic [DataWidth-1:0] read_q;
      addr_t addr_q;

      always_ff @(posedge clk_i) begin
        if (write_q[i][j]) mem[write_addr] <= data_q;
        read_q <= mem[addr_q];
      end

      always_ff @(posedge clk_i) begin
        addr_q <= addr_ahead[row_ahead[i]][col_ahead[j]];
        bank_q[i][j] <= read_q;
      end

      `XPLAT_ASSERT(Collision, !(write_q[i][j] && step_q[2] && write_addr == addr_q &&
                                 reads_row[i] && reads_col[j]))
    end
  end

  // ---------------------------------------------------------------------------------------------
  // From the banks to the positions; what lies outside the image
  // ---------------------------------------------------------------------------------------------

  logic [UnrollKh-1:0][UnrollKw-1:0] inside_q;

  always_ff @(posedge clk_i) begin
    for (int unsigned i = 0; i < UnrollKh; i++) begin
      for (int unsigned j = 0; j < UnrollKw; j++) begin
        inside_q[i][j] <= row_inside[i] & col_inside[j];
      end
    end
  end

  logic [UnrollKh-1:0][UnrollKw-1:0][DataWidth-1:0] beats;

  if (Routed) begin : gen_route
    // The rows of a window, then their columns.
    logic [2**RowWidth-1:0][2**ColWidth-1:0][DataWidth-1:0] banks;
    for (genvar i = 0; i < 2 ** RowWidth; i++) begin : gen_bank_row
      for (genvar j = 0; j < 2 ** ColWidth; j++) begin : gen_bank_col
        assign banks[i][j] =
            bank_q[xplat_pkg::umin(i, RowBanks - 1)][xplat_pkg::umin(j, ColBanks - 1)];
      end
    end

    for (genvar i = 0; i < UnrollKh; i++) begin : gen_row
      logic [2**ColWidth-1:0][DataWidth-1:0] row;
      assign row = banks[row_bank[i]];
      for (genvar j = 0; j < UnrollKw; j++) begin : gen_col
        assign beats[i][j] = row[col_bank[j]];
      end
    end
  end else begin : gen_any_order
    assign beats = bank_q;

    logic unused_bank_ok;
    assign unused_bank_ok = &{1'b0, row_bank, col_bank};
  end

  for (genvar i = 0; i < UnrollKh; i++) begin : gen_window_row
    for (genvar j = 0; j < UnrollKw; j++) begin : gen_window_col
      always_ff @(posedge clk_i) begin
        window_o[i][j] <=
            inside_q[i][j] ? beats[i][j] : {Lanes{PadLowest, {(ElemWidth - 1) {1'b0}}}};
      end
    end
  end
endmodule

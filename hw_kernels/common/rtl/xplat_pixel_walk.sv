// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walks over the output pixels of a window kernel, row-major, sample after sample.
//
// For the current pixel it tells, from registers: whether it is the last of its row and whether
// its row is the last (`last_col_o`, `last_row_o`); how many beats the next pixel needs beyond what
// this one needs (`need_o`), and how many beats this pixel releases when it is done (`release_o`),
// both negated. `move_i` goes on to the next pixel.
//
// The needed prefix of pixel (row, col) is a row part and a column part that grow by one step a
// row or column and stop at the end of the image; the released prefix starts with as many steps of
// nothing as lie in the padding. So a difference is one of few constants. Counters run two pixels
// ahead, their comparisons one pixel.

module xplat_pixel_walk #(
  parameter int unsigned OutHeight = 8,
  parameter int unsigned OutWidth = 8,
  // Needed prefix in beats: of the first row and column, a step, at most.
  parameter int unsigned NeedRowFirst = 0,
  parameter int unsigned NeedRowMax = 0,
  parameter int unsigned NeedColFirst = 1,
  parameter int unsigned NeedColMax = 1,
  parameter int unsigned RowStep = 8,
  parameter int unsigned ColStep = 1,
  // Padding before the first row and column, in beats.
  parameter int unsigned PadRow = 0,
  parameter int unsigned PadCol = 0,
  parameter int unsigned SampleBeats = 64,
  parameter int unsigned CountWidth = 8
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,

  input  logic                         move_i,
  output logic                         last_col_o,
  output logic                         last_row_o,
  output logic signed [CountWidth-1:0] need_o,
  output logic signed [CountWidth-1:0] release_o
);

  typedef logic signed [CountWidth-1:0] count_t;

  localparam int unsigned RowWidth = xplat_pkg::addr_width(OutHeight);
  localparam int unsigned ColWidth = xplat_pkg::addr_width(OutWidth);

  // Rows and columns after which the needed prefix still grows by a whole step, and the rest.
  localparam int unsigned WholeRows =
      NeedRowFirst < NeedRowMax ? (NeedRowMax - NeedRowFirst) / RowStep : 0;
  localparam int unsigned WholeCols =
      NeedColFirst < NeedColMax ? (NeedColMax - NeedColFirst) / ColStep : 0;
  localparam int unsigned RestRow =
      NeedRowFirst < NeedRowMax ? (NeedRowMax - NeedRowFirst) % RowStep : 0;
  localparam int unsigned RestCol =
      NeedColFirst < NeedColMax ? (NeedColMax - NeedColFirst) % ColStep : 0;
  // Rows and columns whose whole step lies in the padding; the next one releases the first beats.
  localparam int unsigned PadRows = PadRow / RowStep;
  localparam int unsigned PadCols = PadCol / ColStep;

  function automatic int need_row(int unsigned row);
    int unsigned value = NeedRowFirst + row * RowStep;
    return int'(value > NeedRowMax ? NeedRowMax : value);
  endfunction

  function automatic int need_col(int unsigned col);
    int unsigned value = NeedColFirst + col * ColStep;
    return int'(value > NeedColMax ? NeedColMax : value);
  endfunction

  function automatic int free_row(int row);
    return row * int'(RowStep) > int'(PadRow) ? row * int'(RowStep) - int'(PadRow) : 0;
  endfunction

  // Nothing of a row is released while the window begins above the image.
  function automatic int free_col(int row, int col);
    if (row * int'(RowStep) < int'(PadRow) || col * int'(ColStep) < int'(PadCol)) return 0;
    return col * int'(ColStep) - int'(PadCol);
  endfunction

  localparam int NeedRowTurn = need_col(0) - need_col(OutWidth - 1);
  localparam int NeedSampleTurn =
      int'(SampleBeats) + need_row(0) - need_row(OutHeight - 1) + NeedRowTurn;
  localparam int FreeRowTurn = int'(RowStep) - free_col(int'(OutHeight), int'(OutWidth) - 1);
  localparam int FreeSampleTurn =
      int'(SampleBeats) - free_row(int'(OutHeight) - 1)
      - free_col(int'(OutHeight) - 1, int'(OutWidth) - 1);

  // What the comparisons say about a row or a column.
  typedef struct packed {
    logic last;
    logic grows;       // the needed prefix grows by a whole step after it
    logic grows_rest;  // … by the rest
  } need_t;
  typedef struct packed {
    logic padding;  // its step lies in the padding
    logic border;   // its step leaves the padding
  } pad_t;

  function automatic need_t need_class(int place, int count, int whole);
    return '{last: place == count - 1, grows: place < whole, grows_rest: place == whole};
  endfunction

  function automatic pad_t pad_class(int place, int padded);
    return '{padding: place < padded, border: place == padded};
  endfunction

  function automatic count_t need_after(need_t row, need_t col);
    if (!col.last) begin
      if (col.grows) return -count_t'(ColStep);
      return col.grows_rest ? -count_t'(RestCol) : '0;
    end
    if (row.last) return -count_t'(NeedSampleTurn);
    if (row.grows) return -count_t'(int'(RowStep) + NeedRowTurn);
    return row.grows_rest ? -count_t'(int'(RestRow) + NeedRowTurn) : -count_t'(NeedRowTurn);
  endfunction

  function automatic count_t released_after(logic ends_rows, logic ends_row, pad_t row, pad_t col);
    logic partly;
    partly = row.border && PadRow % RowStep != 0;
    if (!ends_row) begin
      if (row.padding || partly || col.padding) return '0;
      return col.border ? -count_t'(ColStep - PadCol % ColStep) : -count_t'(ColStep);
    end
    if (ends_rows) return -count_t'(FreeSampleTurn);
    if (row.padding) return '0;
    return partly ? -count_t'(RowStep - PadRow % RowStep) : -count_t'(FreeRowTurn);
  endfunction

  function automatic logic [RowWidth-1:0] row_of(int unsigned pixel);
    return RowWidth'((pixel / OutWidth) % OutHeight);
  endfunction

  function automatic logic [ColWidth-1:0] col_of(int unsigned pixel);
    return ColWidth'(pixel % OutWidth);
  endfunction

  // Two pixels ahead.
  logic [RowWidth-1:0] row_q;
  logic [ColWidth-1:0] col_q;
  // Comparisons of that pixel, and, in registers, of the one before it.
  need_t row_need, col_need, row_need_q, col_need_q;
  pad_t row_pad, col_pad, row_pad_q, col_pad_q;

  assign row_need = need_class(int'(row_q), int'(OutHeight), int'(WholeRows));
  assign col_need = need_class(int'(col_q), int'(OutWidth), int'(WholeCols));
  assign row_pad = pad_class(int'(row_q), int'(PadRows));
  assign col_pad = pad_class(int'(col_q), int'(PadCols));

  localparam need_t FirstRow = need_class(0, int'(OutHeight), int'(WholeRows));
  localparam need_t FirstCol = need_class(0, int'(OutWidth), int'(WholeCols));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      row_q <= row_of(2);
      col_q <= col_of(2);
      row_need_q <= need_class(int'(row_of(1)), int'(OutHeight), int'(WholeRows));
      col_need_q <= need_class(int'(col_of(1)), int'(OutWidth), int'(WholeCols));
      row_pad_q <= pad_class(int'(row_of(1)), int'(PadRows));
      col_pad_q <= pad_class(int'(col_of(1)), int'(PadCols));
      last_row_o <= FirstRow.last;
      last_col_o <= FirstCol.last;
      need_o <= need_after(FirstRow, FirstCol);
      release_o <= released_after(FirstRow.last, FirstCol.last, pad_class(0, int'(PadRows)),
                                  pad_class(0, int'(PadCols)));
    end else if (move_i) begin
      col_q <= col_need.last ? '0 : col_q + ColWidth'(1);
      if (col_need.last) row_q <= row_need.last ? '0 : row_q + RowWidth'(1);
      row_need_q <= row_need;
      col_need_q <= col_need;
      row_pad_q <= row_pad;
      col_pad_q <= col_pad;
      last_row_o <= row_need_q.last;
      last_col_o <= col_need_q.last;
      need_o <= need_after(row_need_q, col_need_q);
      release_o <= released_after(row_need_q.last, col_need_q.last, row_pad_q, col_pad_q);
    end
  end

endmodule

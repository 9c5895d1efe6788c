// Rows of a table in memory: for each index that comes, the beats of its row.
xplat.kernel @embedding implements "xplat.embedding" rtl "xplat_embedding"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_embedding.sv"] {
  formats x any (2 to 32), table any (2 to 32), y any (2 to 32)
  where (bits_table == bits_y, frac_table == frac_y, permutes == 0)
  streams in ["in"] out ["out"]
  let word_bits (p_c * bits_y)
  let folds (c floordiv p_c)
  let words (rows * folds)
  lookup table (word_bits) x (words)
  parameter Rows (rows)
  parameter Folds (folds)
  parameter InWidth (bits_x)
  parameter DataWidth (word_bits)
  cycles (n * folds)
  latency (4)
  // Indices that wait at the entrance.
  buffer (3)
  area logic (30 + 2 * clog2 (words)) register (36 + 2 * clog2 (folds) + clog2 (words))
       fifo_ram (bits_x, 3)
       // Places for results: enough that work on results that are taken at once never waits.
       fifo_ram (word_bits, 4)
}

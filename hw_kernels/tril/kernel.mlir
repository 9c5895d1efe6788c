// Matrices, row after row, in which a constant takes the place of the elements above a diagonal.
xplat.kernel @tril implements "xplat.tril" rtl "xplat_tril"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_tril.sv"] {
  formats x fixed (2 to 32) | ufixed (2 to 32), y fixed (2 to 32) | ufixed (2 to 32)
  where (bits_x == bits_y, frac_x == frac_y, unsigned_x == unsigned_y, permutes == 0)
  streams in ["in"] out ["out"]
  let beat_bits (p_c * bits_y)
  let folds (c floordiv p_c)
  parameter Rows (rows)
  parameter Columns (c)
  parameter Diagonal (diagonal)
  parameter ElemWidth (bits_y)
  parameter Lanes (p_c)
  parameter Fill (fill)
  cycles (n * folds)
  latency (2)
  // A beat in work, and two that come before its place is known to be free.
  buffer (3)
  area logic (38 + 3 * clog2 (rows + c) + (4 * beat_bits) floordiv 3)
       register (34 + clog2 (rows) + clog2 (c) + 2 * clog2 (folds))
       fifo_ram (beat_bits, 2) fifo_ram (beat_bits, 3)
}

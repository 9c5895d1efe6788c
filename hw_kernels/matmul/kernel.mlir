// Product of two streams: each row of the left operand, each fold of outputs, each fold of terms is one cycle. The right
// operand is kept whole and used for every row; the next one arrives meanwhile.
xplat.kernel @matmul implements "xplat.matmul" rtl "xplat_matmul"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_parameter_port.sv", "../common/rtl/xplat_sums.sv", "../common/rtl/xplat_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_row_buffer.sv", "rtl/xplat_matrix_buffer.sv", "rtl/xplat_factors.sv", "rtl/xplat_matmul.sv"] {
  formats a fixed (2 to 16) | ufixed (2 to 16), b fixed (2 to 16) | ufixed (2 to 16),
          y fixed (2 to 32) | ufixed (2 to 32)
  where (permutes == 0)
  streams in ["left", "right"] out ["out"]
  let lanes (p_n)
  let rows (1)
  let terms (p_k)
  let left_bits (bits_a)
  let right_bits (bits_b)
  let has_bias (0)
  let has_shifts (0)
  let shift_range (0)
  let out_folds (n floordiv p_n)
  let work (k floordiv p_k)
  let sum_terms (k)
  let setup (13)
  let buffer_rows (b * m)
  let row_beats (work)
  let row_folds (out_folds)
  let bias_width (2)
  let drop (frac_a + frac_b - frac_y)
  let buffer_bits (p_k * bits_a)
  // Of the right operand: words of a matrix, in `banks` that each take a beat.
  let words (out_folds * work)
  let banks (select (transposed, p_n, p_k))
  let bank_bits (select (transposed, p_k, p_n) * bits_b)
  let matrix (words * banks)
  // Two matrices are enough where the next one is there before it is needed, although its place is free only once the
  // one before is used up.
  let matrices (select (m * words < matrix + 4, 3, 2))
  parameter Batches (b)
  parameter Rows (m)
  parameter Sum (k)
  parameter Out (n)
  parameter SumLanes (p_k)
  parameter OutLanes (p_n)
  parameter Transposed (transposed)
  parameter Matrices (matrices)
  parameter LeftWidth (bits_a)
  parameter RightWidth (bits_b)
  parameter Shift (drop)
  parameter LeftUnsigned (unsigned_a)
  parameter RightUnsigned (unsigned_b)
  let direct (1)
  let window_bits (0)
  let left_sets (0)
  let right_sets (0)
  let right_direct (1)
  include @rounded_sums
  include @row_buffer
  include @operands
  let beat_folds (select (transposed, work, out_folds))
  include @matrices
  cycles (b * m * words, b * m * work, b * matrix)
  latency (delay)
  buffer (depth, matrices * matrix)
}

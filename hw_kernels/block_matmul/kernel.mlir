// Product of two streams in block formats: as matmul, but each block's sum of products is brought onto the grid of the
// accumulator before it is added up. Blocks of the right operand run along the terms, in which it so has to travel.
xplat.kernel @block_matmul implements "xplat.matmul" rtl "xplat_block_matmul"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_block_walk.sv", "../common/rtl/xplat_block_dot.sv", "../common/rtl/xplat_parameter_port.sv", "../common/rtl/xplat_sums.sv", "../common/rtl/xplat_block_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_row_buffer.sv", "../matmul/rtl/xplat_matrix_buffer.sv", "../matmul/rtl/xplat_factors.sv", "rtl/xplat_block_matmul.sv"] {
  formats a msfp (2 to 16) | mxint8 | mxfp, b msfp (2 to 16) | mxint8 | mxfp, y fixed (2 to 32) | ufixed (2 to 32)
  where (permutes == 0, transposed == 1)
  streams in ["left", "right"] out ["out"]
  let block (block_a)
  let left_bits (bits_a)
  let right_bits (bits_b)
  let left_exponent (exponent_a)
  let right_exponent (exponent_b)
  let left_complement (complement_a)
  let right_complement (complement_b)
  let align_shift (accumulator_frac - frac_a - frac_b)
  let lanes (p_n)
  let windows (1)
  let positions (1)
  let row_terms (p_k)
  let block_row (k)
  let has_bias (0)
  let bias_width (2)
  let out_folds (n floordiv p_n)
  include @block_sums
  let buffer_rows (b * m)
  let row_beats (work)
  let row_folds (out_folds)
  let direct (1)
  let window_bits (0)
  let buffer_bits (p_k * bits_a + 8 * cycle_blocks)
  // Of the right operand: words of a matrix, in banks that each take a beat.
  let words (out_folds * work)
  let bank_bits (p_k * bits_b + 8 * cycle_blocks)
  let banks (p_n)
  let beat_folds (work)
  let matrix (words * p_n)
  // Two matrices are enough where the next one is there before it is needed, although its place is free only once the
  // one before is used up.
  let matrices (select (m * words < matrix + 4, 3, 2))
  parameter Batches (b)
  parameter Rows (m)
  parameter Sum (k)
  parameter Out (n)
  parameter SumLanes (p_k)
  parameter OutLanes (p_n)
  parameter Matrices (matrices)
  parameter LeftWidth (bits_a)
  parameter RightWidth (bits_b)
  parameter LeftExponent (exponent_a)
  parameter RightExponent (exponent_b)
  let right_direct (0)
  include @row_buffer
  include @operands
  include @matrices
  cycles (b * m * words, b * m * work, b * matrix)
  latency (delay)
  buffer (depth, matrices * matrix)
}

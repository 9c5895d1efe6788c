// The results of an element-wise node with polynomials, whatever its function: one for each segment of the operand,
// coefficients in a memory, one multiplier for each degree. A beat in every cycle.
// Area: the memories by their size, see docs/KernelRtl.md.
xplat.kernel @polynomial implements "ElementwiseOpInterface" rtl "xplat_polynomial"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "../common/rtl/xplat_pipeline.sv", "rtl/xplat_polynomial_lane.sv", "rtl/xplat_polynomial.sv"] {
  formats x fixed (4 to 20) | ufixed (4 to 20), y fixed (2 to 32) | ufixed (2 to 32)
  where (degree > 0, longest >= 2)
  streams in ["in"] out ["out"]
  let lanes (p_n * p_c)
  let index_bits (clog2 (max (segments, 1)))
  let shift_bits (clog2 (longest - shortest + 1))
  let range_bits (index_bits + shift_bits)
  let word_bits (bits_0 + bits_1 + bits_2)
  let factor_bits (select (degree > 1, max (bits_1, bits_2) + 1, bits_1))
  let sum_bits (max (bits_0, factor_bits) + 1)
  let uneven (ranges > 0)
  let delay (5 + 2 * degree + 3 * uneven)
  lookup range (range_bits) x (ranges) copies (lanes)
  lookup coefficient (word_bits) x (segments) copies (lanes)
  parameter Lanes (lanes)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter OutUnsigned (unsigned_y)
  parameter Degree (degree)
  parameter GuardBits (guard_bits)
  parameter Segments (segments)
  parameter Ranges (ranges)
  parameter Longest (longest)
  parameter Shortest (shortest)
  parameter Bits0 (bits_0)
  parameter Bits1 (bits_1)
  parameter Bits2 (bits_2)
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (delay)
  // Beats that wait at the entrance.
  buffer (3)
  area logic (25 + lanes * ((7 * (sum_bits + bits_y)) floordiv 8
              + uneven * ((3 * longest * shift_bits) floordiv 4 + index_bits)))
       register (31 + lanes * (sum_bits + bits_y + select (degree > 1, bits_1 + 7, 2 * bits_0)
              + uneven * (3 * longest + range_bits + index_bits + 4)))
       factors (bits_2, longest, lanes, lanes) x (degree > 1) multiply_add (bits_2, longest, 1, lanes) x (degree > 1)
       factors (factor_bits, longest, lanes, lanes) multiply_add (factor_bits, longest, 1, lanes)
       // The constant waits for the first product.
       delay (lanes * bits_0, 3) x (degree > 1)
       // Beats that wait at the entrance.
       fifo_ram (lanes * bits_x, 3)
       // Places for results: enough that work on results that are taken at once never waits.
       ram (lanes * bits_y, delay)
}

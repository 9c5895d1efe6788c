// Quotient of two streams: a pipeline with a stage for each bit of the result.
xplat.kernel @div implements "xplat.div" rtl "xplat_div"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_div_lane.sv", "rtl/xplat_div.sv"] {
  formats a fixed (2 to 32) | ufixed (2 to 32), b fixed (2 to 32) | ufixed (2 to 32),
          y fixed (2 to 32) | ufixed (2 to 32)
  let shift (frac_y + frac_b - frac_a)
  let dividend_bits (max (bits_a + max (0, shift), bits_y + 1))
  let divisor_bits (bits_b + max (0, 0 - shift))
  // A quotient that lies between two results is further from their middle than the reference's float64 is exact.
  where (dividend_bits <= 64, divisor_bits + bits_y <= 50)
  let delay (bits_y + 6)
  streams in ["a", "b"] out ["out"]
  parameter Lanes (p_c)
  parameter AWidth (bits_a)
  parameter BWidth (bits_b)
  parameter OutWidth (bits_y)
  parameter Shift (shift)
  parameter AUnsigned (unsigned_a)
  parameter BUnsigned (unsigned_b)
  parameter OutUnsigned (unsigned_y)
  cycles (n * (c floordiv p_c))
  latency (delay)
  // Beats that wait at the entrance.
  buffer (3)
  area logic (31 + p_c * ((9 * bits_y * bits_b) floordiv 4))
       register (34 + bits_y + p_c * ((2 * bits_y + 4) * bits_b + bits_a - 4))
       // Beats that wait at the entrance.
       fifo_ram (p_c * bits_a, 3) fifo_ram (p_c * bits_b, 3)
       // Bits of the dividend to come, and those of the quotient; sign, zero and saturation.
       delay (p_c * bits_y, bits_y - 2) delay (3 * p_c, bits_y + 2)
       // Places for results: enough that work on results that are taken at once never waits.
       ram (p_c * bits_y, delay)
}

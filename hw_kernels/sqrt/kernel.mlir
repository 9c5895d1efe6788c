// Square root: a pipeline with a stage for each bit of the result.
xplat.kernel @sqrt implements "xplat.sqrt" rtl "xplat_sqrt"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "../common/rtl/xplat_pipeline.sv", "rtl/xplat_sqrt_lane.sv", "rtl/xplat_sqrt.sv"] {
  formats x fixed (2 to 32) | ufixed (2 to 32), y fixed (3 to 20) | ufixed (3 to 19)
  let shift (2 * frac_y - frac_x)
  let root_bits (bits_y - 1 + unsigned_y)
  // A root that lies between two results is further from their middle than the reference's float64 is exact.
  where (bits_x + max (0, shift) <= 64, 2 * root_bits + max (0, 0 - shift) <= 46)
  let delay (root_bits + 5)
  streams in ["in"] out ["out"]
  parameter Lanes (p_c)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter Shift (shift)
  parameter InUnsigned (unsigned_x)
  parameter OutUnsigned (unsigned_y)
  cycles (n * (c floordiv p_c))
  latency (delay)
  // Beats that wait at the entrance.
  buffer (3)
  area logic (42 + p_c * ((3 * root_bits * root_bits) floordiv 2 - bits_x))
       register (36 + bits_y + (5 * p_c * root_bits * root_bits) floordiv 3)
       // Beats that wait at the entrance.
       fifo_ram (p_c * bits_x, 3)
       // Sign, saturation, and what the fraction of the radicand is.
       delay (4 * p_c, root_bits)
       // Places for results: enough that work on results that are taken at once never waits.
       ram (p_c * bits_y, delay)
}

// Mean over all pixels: each pixel, each fold of channels is one cycle; results leave with the last pixel.
xplat.kernel @global_avg_pool2d implements "xplat.global_avg_pool2d" rtl "xplat_global_avg_pool2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_skid.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_result_fifo.sv", "rtl/xplat_global_avg_pool2d.sv"] {
  streams in ["in"] out ["out"]
  let count (h * w)
  include @mean
  let folds (c floordiv p_c)
  let delay (9)
  let sum_bits (p_c * (bits_x + divisor_bits))
  parameter Channels (c)
  parameter Height (h)
  parameter Width (w)
  parameter Lanes (p_c)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter Shift (frac_x - frac_y)
  // Results take a cycle each, once the last pixel is there; pixels stream in at one fold a cycle.
  cycles (folds, h * w * folds)
  latency (delay)
  // The beat in work, and two that come before its place is known to be free.
  buffer (3)
  order (h, w, c)
  area logic (30 + p_c * (30 + (3 * wide) floordiv 2 + 22 * divides))
       register (34 + divisor_bits + 2 * clog2 (folds)
           + p_c * (3 * bits_x + bits_y + wide + divisor_bits + 7 + divides * (bits_x + 4 * divisor_bits + 6)))
       // Without a division, sum, dividend, product and quotient differ in the sign alone.
       delay (p_c * (wide + divisor_bits - 1), 4) x (1 - divides)
       // Sums, in a memory where there are several.
       ram (sum_bits, folds) x (folds > 1) ram_multiplexer (sum_bits, folds) x (folds > 1)
       ram_register (sum_bits, folds, sum_bits) x (folds > 1) register (sum_bits * (folds == 1))
       // Places for results: enough that work on results that are taken at once never waits.
       ram (p_c * bits_y, delay)
}

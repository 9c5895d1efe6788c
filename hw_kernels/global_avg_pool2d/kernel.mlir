// Mean over all pixels: each pixel, each fold of channels is one cycle; results leave with the last pixel.
xplat.kernel @global_avg_pool2d implements "xplat.global_avg_pool2d" rtl "xplat_global_avg_pool2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_skid.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_result_fifo.sv", "rtl/xplat_global_avg_pool2d.sv"] {
  streams in ["in"] out ["out"]
  let count (h * w)
  include @mean
  let folds (c floordiv p_c)
  let delay (9)
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
  area logic (30 + p_c * (30 + (3 * wide) floordiv 2 + 22 * divides)) register (44 + p_c * (39 + wide + 59 * divides))
       ram (p_c * (bits_x + divisor_bits), folds)
       // Places for results: enough that work on results that are taken at once never waits.
       ram (p_c * bits_y, delay)
}

// Mean over all pixels: each pixel, each fold of channels is one cycle; results leave with the last pixel.
// Area: fitted to Yosys' measurements, see docs/KernelRtl.md.
xplat.kernel @global_avg_pool2d implements "xplat.global_avg_pool2d" rtl "xplat_global_avg_pool2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_skid.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_result_fifo.sv", "rtl/xplat_global_avg_pool2d.sv"] {
  let power is_power_of_two (h * w)
  let divides (1 - power)
  let left max (0, frac_y - frac_x)
  let wide (bits_x + left)
  let wide_more positive (wide - 10)
  let divisor_bits clog2 (h * w)
  // The reciprocal stays exact.
  where (bits_x - 2 >= 0, 16 - bits_x >= 0, bits_y - 2 >= 0, 32 - bits_y >= 0,
         60 - wide - 2 * divisor_bits >= 0, 60 - frac_x + frac_y - divisor_bits >= 0)
  streams in ["in"] out ["out"]
  let sum_bits (p_c * (bits_x + divisor_bits))
  let sum_words (c floordiv p_c)
  let sum_lut ram_lut (sum_bits, sum_words)
  let sum_bram18 ram_bram18 (sum_bits, sum_words)
  let delay (9)
  // Places for results: enough that work on results that are taken at once never waits.
  let result_bits (p_c * bits_y)
  let result_words (delay)
  let result_lut ram_lut (result_bits, result_words)
  parameter Channels (c)
  parameter Height (h)
  parameter Width (w)
  parameter Lanes (p_c)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter Shift (frac_x - frac_y)
  // Results take a cycle each, once the last pixel is there; pixels stream in at one fold a cycle.
  cycles (c floordiv p_c, h * w * (c floordiv p_c))
  latency (delay)
  buffer (2)
  area
    lut (30 + p_c * (30 + (3 * wide) floordiv 2 + 22 * divides) + sum_lut + result_lut)
    ff (44 + p_c * (39 + wide + 59 * divides))
    dsp (p_c * divides * (1 + wide_more))
    bram36 (sum_bram18 ceildiv 2)
}

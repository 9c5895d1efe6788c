// Mean over all pixels: each pixel, each fold of channels is one cycle; results leave with the last pixel.
xplat.kernel @global_avg_pool2d implements "xplat.global_avg_pool2d" rtl "xplat_global_avg_pool2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_skid.sv", "../common/rtl/xplat_round_div.sv", "rtl/xplat_global_avg_pool2d.sv"] {
  where (bits_x - 2 >= 0, 16 - bits_x >= 0, bits_y - 2 >= 0, 32 - bits_y >= 0)
  streams in ["in"] out ["out"]
  let sum_bits (p_c * (bits_x + 16))
  let sum_words (c floordiv p_c)
  let sum_lut ram_lut (sum_bits, sum_words)
  let sum_bram36 bram36 (sum_bits, sum_words)
  parameter Channels (c)
  parameter Height (h)
  parameter Width (w)
  parameter Lanes (p_c)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter Shift (frac_x - frac_y)
  cycles (h * w * (c floordiv p_c))
  latency (8)
  buffer (2)
  area
    lut (p_c * (12 * bits_x + 80) + 120 + sum_lut)
    ff (p_c * (12 * bits_x + 80) + 80)
    dsp (2 * p_c)
    bram36 (sum_bram36)
}

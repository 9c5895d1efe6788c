// A table of constants as a stream: one beat a cycle, the table again for every sample.
// Area: that of the memory, whose words are the beats.
xplat.kernel @constant implements "xplat.constant" rtl "xplat_constant"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "rtl/xplat_constant.sv"] {
  formats y any (2 to 32), param any
  where (bits_param == bits_y, frac_param == frac_y)
  streams in [] out ["out"]
  let word_bits (p_c * bits_y)
  let words (n * (c floordiv p_c))
  memory param (word_bits) x (words)
  parameter DataWidth (word_bits)
  cycles (words)
  latency (1)
  buffer (0)
  area
}

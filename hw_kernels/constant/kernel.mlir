// A table of constants as a stream: one beat a cycle, the table again for every sample.
// Area: an address counter beside the memory, see docs/KernelRtl.md; the memory by its size.
xplat.kernel @constant implements "xplat.constant" rtl "xplat_constant"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "rtl/xplat_constant.sv"] {
  where (bits_y - 2 >= 0, 32 - bits_y >= 0, bits_param - bits_y == 0, frac_param - frac_y == 0)
  streams in [] out ["out"]
  let word_bits (p_c * bits_y)
  let words (n * (c floordiv p_c))
  let table_lut rom_lut (word_bits, words)
  let table_bram18 rom_bram18 (word_bits, words)
  let table_in_luts rom_in_luts (word_bits, words)
  let addr_bits clog2 (words)
  memory param (word_bits) x (words)
  parameter Beats (words)
  parameter DataWidth (word_bits)
  cycles (words)
  latency (1)
  buffer (0)
  area
    lut (2 + 2 * addr_bits + table_lut)
    ff (2 + addr_bits + table_in_luts * word_bits)
    bram36 (table_bram18 ceildiv 2)
}

// A chain of exact element-wise arithmetic, rounded once: a datapath of comb and seq. Binding kernels reports
// an error for a chain without such a datapath (exp, a division by a number other than a power of two).
xplat.kernel @fused implements "xplat.fused" generated {
  where (bits_x - 2 >= 0, 32 - bits_x >= 0, bits_y - 2 >= 0, 32 - bits_y >= 0)
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area lut (p_c * (operations * (2 * bits_x + 4) + 2 * bits_y) + 2 * inputs + 4) ff (p_c * bits_y + 1) dsp (p_c * multiplications)
}

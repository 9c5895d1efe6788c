// Element-wise sum, rounded into the result's format: a datapath of comb and seq that fires when both
// operands have arrived.
xplat.kernel @add implements "xplat.add" generated {
  where (bits_a - 2 >= 0, 32 - bits_a >= 0, bits_b - 2 >= 0, 32 - bits_b >= 0, bits_y - 2 >= 0, 32 - bits_y >= 0)
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area lut (p_c * (bits_a + bits_b + 2 * bits_y) + 6) ff (p_c * bits_y + 1)
}

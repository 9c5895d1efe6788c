// A small integer power, as products that are exact, rounded into the result's format: a datapath of comb and seq.
xplat.kernel @pow implements "xplat.pow" generated {
  where (bits_x - 2 >= 0, 16 - bits_x >= 0, bits_y - 2 >= 0, 32 - bits_y >= 0)
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area lut (p_c * (2 * bits_x + 2 * bits_y) + 4) ff (p_c * bits_y + 1) dsp (p_c * (bits_x ceildiv 18) * (bits_x ceildiv 18))
}

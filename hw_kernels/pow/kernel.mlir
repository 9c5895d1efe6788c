// A small integer power, as products that are exact, rounded into the result's format: a datapath of comb and seq.
xplat.kernel @pow implements "xplat.pow" generated {
  formats x fixed (2 to 16) | ufixed (2 to 16), y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (1)
  buffer (2)
  area logic (lanes * (2 * bits_x + 2 * bits_y) + 4) multiply (bits_x, bits_x) x (lanes)
}

// The same values rounded into another format: a datapath of comb and seq.
xplat.kernel @cast implements "xplat.cast" generated {
  formats x fixed (2 to 32) | ufixed (2 to 32), y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (stages)
  buffer (places)
}

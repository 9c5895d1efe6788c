// The negative, rounded into the result's format: a datapath of comb and seq.
xplat.kernel @neg implements "xplat.neg" generated {
  formats x fixed (2 to 32) | ufixed (2 to 32), y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (stages)
  buffer (places)
}

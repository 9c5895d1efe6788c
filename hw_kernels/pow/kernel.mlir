// A small integer power, as products that are exact, rounded into the result's format: a datapath of comb and seq.
xplat.kernel @pow implements "xplat.pow" generated {
  formats x fixed (2 to 16) | ufixed (2 to 16), y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (stages)
  buffer (places)
}

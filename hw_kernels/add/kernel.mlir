// Element-wise sum, rounded into the result's format: a datapath of comb and seq that fires when both
// operands have arrived.
xplat.kernel @add implements "xplat.add" generated {
  formats a fixed (2 to 32) | ufixed (2 to 32), b fixed (2 to 32) | ufixed (2 to 32),
          y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (stages)
  buffer (places)
}

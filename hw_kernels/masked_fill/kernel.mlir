// A number where a mask is set, else the operand: a datapath of comb and seq.
xplat.kernel @masked_fill implements "xplat.masked_fill" generated {
  formats x fixed (2 to 32) | ufixed (2 to 32), mask fixed (2 to 32) | ufixed (2 to 32),
          y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (stages)
  buffer (places)
}

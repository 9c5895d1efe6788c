// A chain of exact element-wise arithmetic, rounded once: a datapath of comb and seq. It does not fit a chain
// without such a datapath (exp, a division by a number other than a power of two), which @lookup_table may.
xplat.kernel @fused implements "xplat.fused" generated {
  formats x fixed (2 to 32) | ufixed (2 to 32), y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (stages)
  buffer (places)
}

// Element-wise product, rounded into the result's format: a multiplier a lane up to 18 by 18 bits.
xplat.kernel @mul implements "xplat.mul" generated {
  formats a fixed (2 to 32) | ufixed (2 to 32), b fixed (2 to 32) | ufixed (2 to 32),
          y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (stages)
  buffer (places)
}

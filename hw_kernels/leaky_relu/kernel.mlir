// Positive, or a fraction, rounded into the result's format: the slope costs a DSP a lane.
xplat.kernel @leaky_relu implements "xplat.leaky_relu" generated {
  formats x fixed (2 to 32) | ufixed (2 to 32), y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (stages)
  buffer (places)
}

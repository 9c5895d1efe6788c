// Positive, or a fraction, rounded into the result's format: the slope costs a DSP a lane.
xplat.kernel @leaky_relu implements "xplat.leaky_relu" generated {
  formats x fixed (2 to 32) | ufixed (2 to 32), y fixed (2 to 32) | ufixed (2 to 32)
  include @elementwise
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (1)
  buffer (2)
  area logic (lanes * (4 * bits_x + 2 * bits_y) + 4)
       multiply (min (bits_x, 18), min (bits_x, 18)) x (lanes)
}

// The stream passes through: the elements travel in the same order after the reshape as before.
xplat.kernel @reshape implements "xplat.reshape" wire {
  where (permutes == 0)
  cycles (n * (c floordiv p_c))
  latency (0)
  buffer (0)
}

// The host interface: ports of the device at which the host writes samples and reads results.
// The operand of host_input and the result of host_output are the host's own f32 values.
xplat.kernel @host_input implements "xplat.host_input" port {
  formats y any (2 to 32)
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (0)
  buffer (0)
}

xplat.kernel @host_output implements "xplat.host_output" port {
  formats x any (2 to 32)
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (0)
  buffer (0)
}

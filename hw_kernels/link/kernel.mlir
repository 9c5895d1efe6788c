// A stream from one device to another: a serializer with credits at the sending end, a FIFO of `credits`
// beats at the receiving end. The modules are xplat_link_tx and xplat_link_rx; the area is that of the
// larger end, the receiving one, and counts on both devices.

xplat.kernel @link implements "xplat.link" rtl "xplat_link"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_fifo.sv", "rtl/xplat_link_tx.sv", "rtl/xplat_link_rx.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  let phits (beat_bits ceildiv phit_bits)
  parameter DataWidth (beat_bits)
  parameter PhitWidth (phit_bits)
  parameter Credits (credits)
  parameter RamStyle style ram (beat_bits, credits)
  cycles ((n floordiv p_n) * phits)
  latency (latency_cycles + phits + 1)
  buffer (credits)
  area logic (60 + 2 * beat_bits) register (50 + 3 * beat_bits) ram (beat_bits, credits)
}

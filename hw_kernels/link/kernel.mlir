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
  let queue_beats (max (credits, 2))
  let queue_bits (beat_bits)
  include @queue
  cycles ((n floordiv p_n) * phits)
  latency (latency_cycles + phits + 1)
  buffer (credits)
  // Beats that are put together from phits, and a count of these.
  area logic (4 + 2 * clog2 (phits)) register (1 + (phits > 1) * ((phits - 1) * phit_bits + clog2 (phits)))
}

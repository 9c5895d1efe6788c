// A stream from one device to another: a serializer with credits at the sending end, a FIFO of `credits`
// beats at the receiving end. The modules are xplat_link_tx and xplat_link_rx; the area is that of the
// larger end, the receiving one, and counts on both devices.

xplat.kernel @link implements "xplat.link" rtl "xplat_link"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_fifo.sv", "rtl/xplat_link_tx.sv", "rtl/xplat_link_rx.sv"] {
  streams in ["in"] out ["out"]
  let store_bits (beat_bits)
  let store_words (credits)
  let store_lut ram_lut (store_bits, store_words)
  let store_bram18 ram_bram18 (store_bits, store_words)
  parameter DataWidth (beat_bits)
  parameter PhitWidth (phit_bits)
  parameter Credits (credits)
  cycles ((n floordiv p_n) * (beat_bits ceildiv phit_bits))
  latency (latency_cycles + beat_bits ceildiv phit_bits + 1)
  buffer (credits)
  area lut (60 + 2 * store_bits + store_lut) ff (50 + 3 * store_bits) bram36 (store_bram18 ceildiv 2)
}

// A stream from one device to another: a serializer with credits at the sending end, a FIFO of `credits`
// beats at the receiving end. The modules are xplat_link_tx and xplat_link_rx; the area is that of the
// larger end, the receiving one, and counts on both devices.
// Memories: up to 64 words in LUTs (one per bit; RAM, with its second port, four per three bits), more
// in block RAM: 72 bits wide up to 512 words, else 36 bits × 1024, 18 × 2048 or 9 × 4096.
// `x ceildiv 1099511627776` is 1 for x > 0, else 0.

xplat.kernel @link implements "xplat.link" rtl "xplat_link"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_fifo.sv", "rtl/xplat_link_tx.sv", "rtl/xplat_link_rx.sv"] {
  streams in ["in"] out ["out"]
  let store_bits (p_n * bits_x)
  let store_words (credits)
  let store_in_lut ((65 - store_words) ceildiv 1099511627776)
  let store_lut (store_in_lut * ((store_bits * 4) ceildiv 3))
  let store_bram36 ((1 - store_in_lut) * (store_bits ceildiv (36 + 36 * ((513 - store_words) ceildiv 1099511627776)))
      * (store_words ceildiv (1024 + 1024 * ((19 - store_bits) ceildiv 1099511627776) + 2048 * ((10 - store_bits) ceildiv 1099511627776))))
  parameter DataWidth (p_n * bits_x)
  parameter PhitWidth (phit_bits)
  parameter Credits (credits)
  cycles ((n floordiv p_n) * ((p_n * bits_x) ceildiv phit_bits))
  latency (latency_cycles + (p_n * bits_x) ceildiv phit_bits + 2)
  buffer (credits + 1)
  area lut (60 + 2 * p_n * bits_x + store_lut) ff (50 + 3 * p_n * bits_x) bram36 (store_bram36)
}

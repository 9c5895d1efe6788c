// What connects nodes on one device. `p_n` is the lanes of the result stream.

xplat.kernel @fork implements "xplat.fork" rtl "xplat_fork"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_fork.sv"] {
  streams in ["in"] out ["out"]
  parameter DataWidth (p_n * bits_x)
  parameter NumOut (outs)
  cycles (n floordiv p_n)
  latency (1)
  buffer (1)
  area lut (3 * outs + 2) ff (p_n * bits_x + outs)
}

xplat.kernel @fifo implements "xplat.fifo" rtl "xplat_fifo"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_fifo.sv"] {
  streams in ["in"] out ["out"]
  let store_bits (p_n * bits_x)
  let store_words (depth - 1)
  let store_lut ram_lut (store_bits, store_words)
  let store_in_luts ram_in_luts (store_bits, store_words)
  let store_bram18 ram_bram18 (store_bits, store_words)
  parameter DataWidth (p_n * bits_x)
  parameter Depth (depth)
  cycles (n floordiv p_n)
  latency (1)
  buffer (depth)
  area lut (36 + store_bits + store_lut) ff (24 + store_bits * (1 + store_in_luts)) bram36 (store_bram18 ceildiv 2)
}

xplat.kernel @rewidth implements "xplat.rewidth" rtl "xplat_rewidth"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_rewidth.sv"] {
  streams in ["in"] out ["out"]
  // Mostly the lanes of one side divide those of the other; then it holds one beat of the wider side.
  let held max (in_lanes, p_n)
  parameter ElemWidth (bits_x)
  parameter InLanes (in_lanes)
  parameter OutLanes (p_n)
  cycles (n floordiv p_n, n floordiv in_lanes)
  latency (1)
  buffer (1)
  area lut (10 + (9 * in_lanes * bits_x) floordiv 10) ff (4 + held * bits_x)
}

// Between two clocks: cycles and latency are those of the clock of the result. Gray codes of the counts need a depth
// that is a power of two. Sixteen beats are more than enter in the slower clock's cycles until the place of the first
// is known to be free again: five cycles of one clock and six of the other.
xplat.kernel @cdc implements "xplat.cdc" rtl "xplat_cdc"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_sync.sv", "rtl/xplat_cdc_store.sv", "rtl/xplat_cdc.sv"] {
  streams in ["in"] out ["out"]
  let bits (p_n * bits_x)
  let depth (16)
  let store_lut ram_lut (bits, depth)
  parameter DataWidth (bits)
  parameter Depth (depth)
  cycles (n floordiv p_n)
  latency (4)
  buffer (depth)
  area lut (20 + store_lut) ff (41 + bits)
}

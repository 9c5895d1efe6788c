// What connects nodes on one device. `p_n` is the lanes of the result stream, `beat_bits` the bits of its beats.

xplat.kernel @fork implements "xplat.fork" rtl "xplat_fork"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_fork.sv"] {
  streams in ["in"] out ["out"]
  parameter DataWidth (beat_bits)
  parameter NumOut (outs)
  cycles (n floordiv p_n)
  latency (1)
  buffer (1)
  area lut (3 * outs + 2) ff (beat_bits + outs)
}

xplat.kernel @fifo implements "xplat.fifo" rtl "xplat_fifo"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_fifo.sv"] {
  streams in ["in"] out ["out"]
  let store_bits (beat_bits)
  let store_words (depth - 1)
  let store_lut ram_lut (store_bits, store_words)
  let store_in_luts ram_in_luts (store_bits, store_words)
  let store_bram18 ram_bram18 (store_bits, store_words)
  parameter DataWidth (beat_bits)
  parameter Depth (depth)
  cycles (n floordiv p_n)
  latency (1)
  buffer (depth)
  area lut (36 + store_bits + store_lut) ff (24 + store_bits * (1 + store_in_luts)) bram36 (store_bram18 ceildiv 2)
}

// Regroups elements that come in the same sequence; the gearbox moves no elements and knows no shared exponents.
xplat.kernel @rewidth implements "xplat.convert_stream" rtl "xplat_rewidth"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_rewidth.sv"] {
  where (permutes == 0, shared_bits == 0)
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

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
  let store_bram36 bram36 (store_bits, store_words)
  parameter DataWidth (p_n * bits_x)
  parameter Depth (depth)
  cycles (n floordiv p_n)
  latency (1)
  buffer (depth)
  area lut (40 + p_n * bits_x + store_lut) ff (30 + 2 * p_n * bits_x) bram36 (store_bram36)
}

xplat.kernel @rewidth implements "xplat.rewidth" rtl "xplat_rewidth"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_rewidth.sv"] {
  streams in ["in"] out ["out"]
  parameter ElemWidth (bits_x)
  parameter InLanes (in_lanes)
  parameter OutLanes (p_n)
  cycles (n floordiv p_n, n floordiv in_lanes)
  latency (1)
  buffer (1)
  area lut (20 + 2 * (in_lanes + p_n) * bits_x) ff (10 + (in_lanes + p_n) * bits_x)
}

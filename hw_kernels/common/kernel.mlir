// What connects nodes on one device. `p_n` is the lanes of the result stream.
// Memories: up to 64 words in LUTs (one per bit; RAM, with its second port, four per three bits), more
// in block RAM: 72 bits wide up to 512 words, else 36 bits × 1024, 18 × 2048 or 9 × 4096.
// `x ceildiv 1099511627776` is 1 for x > 0, else 0.

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
  let store_in_lut ((65 - store_words) ceildiv 1099511627776)
  let store_lut (store_in_lut * ((store_bits * 4) ceildiv 3))
  let store_bram36 ((1 - store_in_lut) * (store_bits ceildiv (36 + 36 * ((513 - store_words) ceildiv 1099511627776)))
      * (store_words ceildiv (1024 + 1024 * ((19 - store_bits) ceildiv 1099511627776) + 2048 * ((10 - store_bits) ceildiv 1099511627776))))
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

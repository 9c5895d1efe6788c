// What connects nodes on one device. `p_n` is the lanes of the result stream, `beat_bits` the bits of its beats.
// Elements pass unread.

xplat.kernel @fork implements "xplat.fork" rtl "xplat_fork"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_fork.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  parameter DataWidth (beat_bits)
  parameter NumOut (outs)
  cycles (n floordiv p_n)
  latency (1)
  buffer (2)
  area logic (beat_bits + outs + 2) register (2 * beat_bits + outs + 1)
}

xplat.kernel @fifo implements "xplat.fifo" rtl "xplat_fifo"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_fifo.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  parameter DataWidth (beat_bits)
  parameter Depth (depth)
  let queue_beats (depth)
  let queue_bits (beat_bits)
  include @queue
  cycles (n floordiv p_n)
  latency (1)
  buffer (depth)
}

// Regroups elements that come in the same sequence; the cells move no elements and know no shared exponents.
xplat.kernel @rewidth implements "xplat.convert_stream" rtl "xplat_rewidth"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_skid.sv", "rtl/xplat_widen.sv", "rtl/xplat_narrow.sv", "rtl/xplat_gearbox.sv", "rtl/xplat_rewidth.sv"] {
  formats x any, y any
  where (permutes == 0, shared_bits == 0)
  streams in ["in"] out ["out"]
  // Units of the common divisor; where neither number of lanes divides the other, both sides have several.
  let in_units (in_lanes floordiv common_lanes)
  let out_units (p_n floordiv common_lanes)
  let in_bits (in_lanes * bits_x)
  let out_bits (p_n * bits_x)
  let divides (min (in_units, out_units) == 1)
  let widens (divides * (out_units > 1))
  let narrows (divides * (in_units > 1))
  parameter ElemWidth (bits_x)
  parameter InLanes (in_lanes)
  parameter OutLanes (p_n)
  cycles (n floordiv p_n, n floordiv in_lanes)
  latency (1)
  buffer (3 - divides)
  // It holds a beat of each side. Parts that become a beat are written where they stay; a beat that is divided goes
  // through a multiplexer; where both sides have several units, a beat of the operand more waits, and each unit of it
  // has as many places as the result has units, and one.
  area logic (widens * (out_units + 2) + narrows * ((9 * in_bits) floordiv 16 + 4)
              + (1 - divides) * ((3 * in_bits * (out_units + 1)) floordiv 4 + in_bits))
       register (in_bits + out_bits + in_units + out_units + (1 - divides) * (3 + in_bits))
}

// The same for block formats: beats of whole blocks, or of whole parts of one. Where a block has several units, each
// carries its exponent.
xplat.kernel @block_rewidth implements "xplat.convert_stream" rtl "xplat_block_rewidth"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_skid.sv", "rtl/xplat_widen.sv", "rtl/xplat_narrow.sv", "rtl/xplat_gearbox.sv", "rtl/xplat_rewidth.sv", "rtl/xplat_block_rewidth.sv"] {
  formats x msfp (2 to 16) | mxint8 | mxfp, y msfp (2 to 16) | mxint8 | mxfp
  where (permutes == 0, shared_bits > 0, (p_n mod block_x) * (block_x mod p_n) == 0,
         (in_lanes mod block_x) * (block_x mod in_lanes) == 0)
  streams in ["in"] out ["out"]
  let in_units (in_lanes floordiv common_lanes)
  let out_units (p_n floordiv common_lanes)
  let unit_bits (common_lanes * bits_x + 8 * max (common_lanes floordiv block_x, 1))
  let in_bits (in_units * unit_bits)
  let out_bits (out_units * unit_bits)
  let divides (min (in_units, out_units) == 1)
  let widens (divides * (out_units > 1))
  let narrows (divides * (in_units > 1))
  parameter ElemWidth (bits_x)
  parameter InLanes (in_lanes)
  parameter OutLanes (p_n)
  parameter Block (block_x)
  cycles (n floordiv p_n, n floordiv in_lanes)
  latency (1)
  buffer (3 - divides)
  area logic (widens * (out_units + 2) + narrows * ((9 * in_bits) floordiv 16 + 4)
              + (1 - divides) * ((3 * in_bits * (out_units + 1)) floordiv 4 + in_bits))
       register (in_bits + out_bits + in_units + out_units + (1 - divides) * (3 + in_bits))
}

// Between two clocks: cycles and latency are those of the clock of the result. Gray codes of the counts need a depth
// that is a power of two. Sixteen beats are more than enter in the slower clock's cycles until the place of the first
// is known to be free again: five cycles of one clock and six of the other.
xplat.kernel @cdc implements "xplat.cdc" rtl "xplat_cdc"
    files ["rtl/xplat_assert.svh", "rtl/xplat_pkg.sv", "rtl/xplat_sync.sv", "rtl/xplat_cdc_store.sv", "rtl/xplat_cdc.sv"] {
  formats x any, y any
  streams in ["in"] out ["out"]
  parameter DataWidth (beat_bits)
  parameter Depth (depth)
  parameter RamStyle style ram (beat_bits, depth)
  cycles (n floordiv p_n)
  latency (4)
  buffer (depth)
  // Two counts of a bit more than an address, each in binary, in Gray code, and twice in synchronizers.
  area logic (5 * clog2 (2 * depth) - 5) register (8 * clog2 (2 * depth) - 1)
       ram (beat_bits, depth) ram_multiplexer (beat_bits, depth) ram_register (beat_bits, depth, beat_bits)
}

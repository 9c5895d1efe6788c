// Operand beats repeated, from a buffer that holds what is read again.

// What broadcasts and upsampling have in common. The innermost dimension of the stream is repeated itself where a run
// is one element: then operand beats are single elements.
xplat.fragment @repetition {
  formats x fixed (2 to 32) | ufixed (2 to 32) | minifloat, y fixed (2 to 32) | ufixed (2 to 32) | minifloat
  where (permutes == 0, bits_x == bits_y, frac_x == frac_y, unsigned_x == unsigned_y)
  let spread (run == 1)
  let in_lanes (select (spread, 1, p_c))
  let run_beats (run floordiv in_lanes)
  let block_beats (block floordiv in_lanes)
  let repeat_beats (select (spread, repeats floordiv p_c, repeats))
  // Written at a steady rate, the first reading of a block runs ahead of the writing by its part that does not come
  // while it is read, and as much still waits to be free before the last reading begins; so does a run. Then there are
  // the beat in work and two that come before its place is known to be free.
  let depth (2 * (block_beats - block_beats floordiv replays) + 2 * (run_beats - run_beats floordiv repeat_beats) + 3)
  let in_bits (in_lanes * bits_x)
  parameter ElemWidth (bits_x)
  parameter InLanes (in_lanes)
  parameter OutLanes (p_c)
  parameter Replays (replays)
  parameter Block (block_beats)
  parameter Repeats (repeat_beats)
  parameter Run (run_beats)
  parameter Depth (depth)
  parameter RamStyle style ram (in_bits, depth)
  // Counters of the loops, and addresses and counts of the buffer.
  let loop_bits (clog2 (run_beats) + (run_beats > 1) + clog2 (repeat_beats) + (repeat_beats > 1)
      + clog2 (block_beats floordiv run_beats) + (block_beats > run_beats) + clog2 (replays) + (replays > 1))
  let control (16 + 5 * clog2 (depth) + clog2 (depth) * (replays > 1) + loop_bits)
  area logic (control) register (control)
       ram (in_bits, depth) ram_multiplexer (in_bits, depth) ram_register (in_bits, depth, in_bits)
       // Three results, in LUTs.
       logic ((5 * p_c * bits_x) floordiv 6)
}

xplat.kernel @broadcast implements "xplat.broadcast" rtl "xplat_repeat"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_result_fifo.sv", "rtl/xplat_repeat.sv"] {
  include @repetition
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c))
  latency (3)
  buffer (depth)
}

xplat.kernel @upsample implements "xplat.upsample" rtl "xplat_repeat"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_result_fifo.sv", "rtl/xplat_repeat.sv"] {
  include @repetition
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c))
  latency (3)
  buffer (depth)
}

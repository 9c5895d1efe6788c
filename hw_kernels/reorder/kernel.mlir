// Elements that leave in another order than they arrive in, or several times: windows are stored and read by a walk. A
// window is the smallest part of the stream that no element leaves.

xplat.fragment @reorder {
  include @moved_beats
  include @travel
  parameter DataWidth (beat_bits)
  parameter RamStyle style ram (beat_bits, 2 * window_beats)
  // Two windows, and two beats that come before the place of a window is known to be free.
  let stored_beats (2 * window_beats + 2)
  let address_bits (clog2 (2 * window_beats))
  area logic (40 + 4 * address_bits)
       register (36 + 3 * address_bits + counter_bits + beat_bits)
       ram (beat_bits, 2 * window_beats) ram_multiplexer (beat_bits, 2 * window_beats)
       ram_register (beat_bits, 2 * window_beats, beat_bits)
       fifo_ram (beat_bits, 3) fifo_ram (beat_bits, 5)
}

// A transposition that leaves the elements in the order in which they travel.
xplat.kernel @transpose implements "xplat.transpose" wire {
  where (permutes == 0)
  cycles (n * (c floordiv p_c))
  latency (0)
  buffer (0)
}

xplat.kernel @reorder_transpose implements "xplat.transpose" rtl "xplat_reorder"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_travel.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_reorder.sv"] {
  where (permutes == 1)
  include @reorder
  streams in ["in"] out ["out"]
  cycles (result_beats, walked_beats)
  latency (5)
  buffer (stored_beats)
}

xplat.kernel @reorder_reshape implements "xplat.reshape" rtl "xplat_reorder"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_travel.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_reorder.sv"] {
  where (permutes == 1)
  include @reorder
  streams in ["in"] out ["out"]
  cycles (result_beats, walked_beats)
  latency (5)
  buffer (stored_beats)
}

// Takes every beat of the operand and passes on those of the slice.
xplat.kernel @slice implements "xplat.slice" rtl "xplat_slice"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_travel.sv", "../common/rtl/xplat_member.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_slice.sv"] {
  include @moved_beats
  include @travel
  streams in ["in"] out ["out"]
  parameter DataWidth (beat_bits)
  parameter Offset (offset floordiv p_c)
  cycles (result_beats, walked_beats)
  latency (2)
  // A beat in work, and two that come before its place is known to be free.
  buffer (3)
  area logic (26 + 2 * clog2 (window_beats))
       register (22 + clog2 (window_beats + 1) + counter_bits)
       fifo_ram (beat_bits, 2) fifo_ram (beat_bits, 3)
}

// The operand's beats with those of a constant between them: the walk says where in the result they are. An operand in
// another format than the result's gets an xplat.cast before it comes here.
xplat.kernel @pad implements "xplat.pad" rtl "xplat_pad"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_travel.sv", "../common/rtl/xplat_member.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_pad.sv"] {
  include @moved_beats
  include @travel
  where (rounds == 0)
  streams in ["in"] out ["out"]
  parameter ElemWidth (bits_y)
  parameter Lanes (p_c)
  parameter Fill (fill)
  parameter Offset (offset floordiv p_c)
  cycles (result_beats)
  latency (2)
  // A beat in work, and two that come before its place is known to be free.
  buffer (3)
  area logic (26 + 2 * clog2 (window_beats) + beat_bits)
       register (22 + clog2 (window_beats + 1) + counter_bits)
       fifo_ram (beat_bits, 2) fifo_ram (beat_bits, 3)
}

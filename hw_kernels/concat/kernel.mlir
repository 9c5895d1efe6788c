// Operands in turn: for each outer element a run of beats of the first, then one of the second, and so on. An operand
// waits until its turn comes. Operands in other formats than the result's get an xplat.cast before they come here.
xplat.kernel @concat implements "xplat.concat" rtl "xplat_concat"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_concat.sv"] {
  include @moved_beats
  where (inputs >= 2, inputs <= 8, rounds == 0)
  streams in ["in"] out ["out"]
  parameter DataWidth (beat_bits)
  parameter Inputs (inputs)
  parameter Run0 (max (1, run_0 floordiv p_c))
  parameter Run1 (max (1, run_1 floordiv p_c))
  parameter Run2 (max (1, run_2 floordiv p_c))
  parameter Run3 (max (1, run_3 floordiv p_c))
  parameter Run4 (max (1, run_4 floordiv p_c))
  parameter Run5 (max (1, run_5 floordiv p_c))
  parameter Run6 (max (1, run_6 floordiv p_c))
  parameter Run7 (max (1, run_7 floordiv p_c))
  cycles (result_beats)
  latency (2)
  // A beat in work, and two that come before its place is known to be free.
  buffer (3)
  let longest (max (run_0, run_1, run_2, run_3, run_4, run_5, run_6, run_7) floordiv p_c)
  // Six inputs of a LUT choose among three operands.
  area logic (12 + 16 * inputs + beat_bits * ((2 * inputs - 1) ceildiv 5))
       register (12 + (25 * inputs) floordiv 2 + clog2 (max (1, longest)))
       fifo_ram (beat_bits, 2) fifo_ram (beat_bits, 3) x (inputs)
}

// Linear layer in the loop order rows, inputs, outputs: each beat of inputs is multiplied into the sums of all outputs
// at once, in the cycle after it came in, and is not kept. There is no input buffer, and a result is there as soon as
// the last beat of its row is. It needs a multiplier for each output.
xplat.kernel @linear_input_stationary implements "xplat.linear" rtl "xplat_linear_input_stationary"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_parameter_port.sv", "../common/rtl/xplat_sums.sv", "../common/rtl/xplat_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_skid.sv", "rtl/xplat_linear_input_stationary.sv"] {
  where (permutes == 0, p_n == n, p_k < k)
  streams in ["in"] out ["out"]
  let lanes (n)
  let lane_folds (1)
  let rows (1)
  let terms (p_k)
  let in_folds (k floordiv p_k)
  // Of a result: the cycle of its last beat.
  let work (1)
  let sum_terms (k)
  let setup (10)
  let weight_words (in_folds)
  let beat_bits (p_k * bits_x)
  memory weight (lanes * terms * bits_weight) x (weight_words)
  parameter In (k)
  parameter Out (n)
  parameter InLanes (p_k)
  // The multipliers take two registers of a beat.
  let left_sets (2)
  let right_sets (n)
  include @multiply_accumulate
  cycles (m, m * in_folds)
  latency (delay)
  // The last beat of a row, whose result may have no place yet, and two behind it.
  buffer (3)
  order (m, k, n)
  area logic (12 + beat_bits + 2 * clog2 (in_folds)) register (8 + 2 * clog2 (in_folds) + 3 * beat_bits)
}

// Linear layer: each row, each fold of outputs, each fold of inputs is one cycle. Streams must fit the
// rate: an output beat has k / p_k cycles, the input is read once for each fold of outputs. Several rows at a time share
// the weights.
xplat.kernel @linear implements "xplat.linear" rtl "xplat_linear"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_parameter_port.sv", "../common/rtl/xplat_sums.sv", "../common/rtl/xplat_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_row_buffer.sv", "rtl/xplat_linear.sv"] {
  where (permutes == 0)
  streams in ["in"] out ["out"]
  let lanes (p_n)
  let lane_folds (n floordiv p_n)
  let rows (p_m)
  let terms (p_k)
  let work (k floordiv p_k)
  let sum_terms (terms * work)
  let setup (13)
  let weight_words (lane_folds * work)
  let buffer_rows (m floordiv p_m)
  let row_beats (work)
  let row_folds (lane_folds)
  let buffer_bits (p_m * p_k * bits_x)
  memory weight (lanes * terms * bits_weight) x (weight_words)
  parameter Rows (m)
  parameter In (k)
  parameter Out (n)
  parameter RowLanes (p_m)
  parameter InLanes (p_k)
  parameter OutLanes (p_n)
  let direct (1)
  let window_bits (0)
  let left_sets (0)
  let right_sets (lanes)
  include @multiply_accumulate
  include @row_buffer
  include @operands
  cycles ((m floordiv p_m) * lane_folds * work, (m floordiv p_m) * work)
  latency (delay)
  buffer (depth)
}

// Linear layer whose weight keeps at most sparse_n of every sparse_m neighbours: skipped weights take neither memory,
// nor multipliers, nor cycles. An input beat that holds whole groups is one cycle for each fold of outputs; a narrower
// one is joined to a group, whose kept weights then take `slot_folds` cycles.
// It pays where at least half of the weights are skipped and a multiplexer of the group's size is affordable.
xplat.kernel @linear_sparse implements "xplat.linear" rtl "xplat_linear_sparse"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_parameter_port.sv", "../common/rtl/xplat_sums.sv", "../common/rtl/xplat_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_row_buffer.sv", "../common/rtl/xplat_skid.sv", "../common/rtl/xplat_widen.sv", "../common/rtl/xplat_narrow.sv", "../common/rtl/xplat_gearbox.sv", "../common/rtl/xplat_rewidth.sv", "rtl/xplat_linear_sparse.sv"] {
  let narrow (p_k < sparse_m)
  // Elements of a beat in the buffer: whole groups.
  let beat (max (p_k, sparse_m))
  where (permutes == 0, sparse_n >= 1, sparse_m >= 2 * sparse_n, sparse_m <= 64, beat mod sparse_m == 0)
  streams in ["in"] out ["out"]
  // Weights of a group in one cycle, and cycles for all that are kept.
  let slots (select (narrow, (p_k * sparse_n) ceildiv sparse_m, sparse_n))
  let slot_folds (sparse_n ceildiv slots)
  let in_folds (k floordiv beat)
  let lanes (p_n)
  let lane_folds (n floordiv p_n)
  let rows (1)
  let terms (slots * (beat floordiv sparse_m))
  let work (in_folds * slot_folds)
  let sum_terms (terms * work)
  let setup (13 + narrow)
  let weight_words (lane_folds * work)
  let index_bits (lanes * terms * clog2 (sparse_m))
  let buffer_rows (m)
  let row_beats (in_folds)
  let row_folds (lane_folds * slot_folds)
  let buffer_bits (beat * bits_x)
  memory weight (lanes * terms * bits_weight) x (weight_words)
  memory index (index_bits) x (weight_words)
  parameter Rows (m)
  parameter In (k)
  parameter Out (n)
  parameter Group (sparse_m)
  parameter Kept (sparse_n)
  parameter InLanes (p_k)
  parameter OutLanes (p_n)
  let left_sets (lanes)
  let right_sets (lanes)
  include @multiply_accumulate
  include @row_buffer
  cycles (m * lane_folds * work, m * (k floordiv p_k))
  latency (delay)
  buffer (depth * (beat floordiv p_k))
  // The last term of the logic picks the element that a weight multiplies.
  area logic ((3 * multipliers * bits_x * sparse_m) floordiv 8)
       register (p_k * bits_x + buffer_bits) x (narrow)
       ram_delay (buffer_bits, depth, 2)
}

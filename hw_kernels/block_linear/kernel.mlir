// Linear layer on block formats: as linear, but each block's sum of products is brought onto the grid of the
// accumulator before it is added up.
xplat.kernel @block_linear implements "xplat.linear" rtl "xplat_block_linear"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_block_walk.sv", "../common/rtl/xplat_block_dot.sv", "../common/rtl/xplat_parameter_port.sv", "../common/rtl/xplat_block_parameters.sv", "../common/rtl/xplat_sums.sv", "../common/rtl/xplat_block_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_row_buffer.sv", "rtl/xplat_block_linear.sv"] {
  where (permutes == 0)
  streams in ["in"] out ["out"]
  let lanes (p_n)
  let lane_folds (n floordiv p_n)
  let windows (1)
  let positions (1)
  let block_row (k)
  let row_terms (p_k)
  include @block_weights
  let buffer_rows (m)
  let row_beats (work)
  let row_folds (lane_folds)
  let direct (1)
  let window_bits (0)
  let buffer_bits (p_k * bits_x + 8 * cycle_blocks)
  parameter Rows (m)
  parameter In (k)
  parameter Out (n)
  parameter InLanes (p_k)
  parameter OutLanes (p_n)
  include @row_buffer
  include @operands
  cycles (m * lane_folds * work, m * work)
  latency (delay)
  buffer (depth)
}

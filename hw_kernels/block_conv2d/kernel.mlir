// Convolution on block formats: as conv2d, but each block's sum of products is brought onto the grid of the accumulator
// before it is added up. Blocks run along the channels of each position of the window.
xplat.kernel @block_conv2d implements "xplat.conv2d" rtl "xplat_block_conv2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_block_walk.sv", "../common/rtl/xplat_block_dot.sv", "../common/rtl/xplat_parameter_port.sv", "../common/rtl/xplat_block_parameters.sv", "../common/rtl/xplat_sums.sv", "../common/rtl/xplat_block_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_pixel_window.sv", "rtl/xplat_block_conv2d.sv"] {
  where (p_ow == 1, groups == 1 or ic mod block_x == 0)
  streams in ["in"] out ["out"]
  let lanes (p_oc)
  let lane_folds (oc floordiv p_oc)
  let windows ((kh floordiv p_kh) * (kw floordiv p_kw))
  let positions (p_kh * p_kw)
  let block_row (ic)
  let row_terms (p_ic)
  include @block_weights
  let pixel_bits (p_ic * bits_x + 8 * max (p_ic floordiv block_x, 1))
  include @convolution
  include @operands
  cycles (oh * steps * lane_folds * work, sample)
  latency (delay)
  buffer (depth)
}

// Depthwise convolution: each output pixel, each fold of channels, each fold of (kh, kw) is one cycle;
// the image is read once.
xplat.kernel @depthwise_conv2d implements "xplat.depthwise_conv2d" rtl "xplat_depthwise_conv2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_parameter_port.sv", "../common/rtl/xplat_sums.sv", "../common/rtl/xplat_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_pixel_window.sv", "rtl/xplat_depthwise_conv2d.sv"] {
  streams in ["in"] out ["out"]
  let lanes (p_c)
  let lane_folds (c floordiv p_c)
  let rows (p_ow)
  let terms (p_kh * p_kw)
  let work ((kh floordiv p_kh) * (kw floordiv p_kw))
  let sum_terms (terms * work)
  let setup (13)
  let weight_words (lane_folds * work)
  let beats (lane_folds)
  let pixel_bits (p_c * bits_x)
  memory weight (lanes * terms * bits_weight) x (weight_words)
  let any_order (0)
  let row_steps (kh floordiv p_kh)
  let column_steps (select (p_ow > 1, 1, kw floordiv p_kw))
  // Counters of the loops, and whether each of them ends.
  let loop_bits (clog2 (column_steps) + (column_steps > 1) + clog2 (row_steps) + (row_steps > 1) + clog2 (lane_folds)
      + (lane_folds > 1))
  parameter Channels (c)
  include @window
  parameter Lanes (p_c)
  parameter UnrollKh (p_kh)
  parameter UnrollKw (p_kw)
  let left_sets (p_ow * lanes * (1 - direct))
  let right_sets (lanes)
  include @multiply_accumulate
  include @operands
  cycles (oh * steps * lane_folds * work, sample)
  latency (delay)
  buffer (depth)
}

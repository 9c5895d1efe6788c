// Convolution: each output pixel, each fold of output channels, each fold of (kh, kw, input channels of
// the group) is one cycle; the image is read once.
xplat.kernel @conv2d implements "xplat.conv2d" rtl "xplat_conv2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_parameter_port.sv", "../common/rtl/xplat_sums.sv", "../common/rtl/xplat_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_pixel_window.sv", "rtl/xplat_conv2d.sv"] {
  streams in ["in"] out ["out"]
  let lanes (p_oc)
  let lane_folds (oc floordiv p_oc)
  let rows (p_ow)
  let terms (p_kh * p_kw * p_ic)
  let work ((kh floordiv p_kh) * (kw floordiv p_kw) * (ic floordiv p_ic))
  let sum_terms (terms * work)
  let setup (13)
  let weight_words (lane_folds * work)
  let pixel_bits (p_ic * bits_x)
  memory weight (lanes * terms * bits_weight) x (weight_words)
  include @convolution
  let left_sets (p_ow * (1 - direct))
  let right_sets (lanes)
  include @multiply_accumulate
  include @operands
  cycles (oh * steps * lane_folds * work, sample)
  latency (delay)
  buffer (depth)
}

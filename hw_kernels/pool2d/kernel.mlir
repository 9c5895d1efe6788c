// Pooling: each output pixel, each fold of channels, each fold of the window is one cycle; the image is
// read once. The average divides exactly, by a reciprocal, and counts padding.
xplat.kernel @avg_pool2d implements "xplat.avg_pool2d" rtl "xplat_pool2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_pixel_window.sv", "rtl/xplat_pool2d.sv"] {
  streams in ["in"] out ["out"]
  let count (kh * kw)
  let lanes (p_ow * p_c)
  include @mean
  let folds ((kh floordiv p_kh) * (kw floordiv p_kw))
  let beats (c floordiv p_c)
  let pixel_bits (p_c * bits_x)
  parameter Channels (c)
  include @window
  let positions (p_kh * p_kw)
  let delay (folds + 12 + clog2 (positions))
  include @pooling
  parameter Mode (1)
  cycles (oh * steps * beats * folds, sample)
  latency (delay)
  buffer (depth)
  area logic (lanes * (16 + (4 * bits_x) floordiv 5 + (positions * bits_x) floordiv 5 + 4 * divides * wide))
       register (lanes * (33 + (14 * divides * wide) floordiv 3 + (positions floordiv 3) * (bits_x + clog2 (positions))))
}

xplat.kernel @max_pool2d implements "xplat.max_pool2d" rtl "xplat_pool2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_pixel_window.sv", "rtl/xplat_pool2d.sv"] {
  streams in ["in"] out ["out"]
  let folds ((kh floordiv p_kh) * (kw floordiv p_kw))
  let beats (c floordiv p_c)
  let pixel_bits (p_c * bits_x)
  parameter Channels (c)
  include @window
  let positions (p_kh * p_kw)
  let delay (folds + 10 + clog2 (positions))
  include @pooling
  parameter Mode (0)
  cycles (oh * steps * beats * folds, sample)
  latency (delay)
  buffer (depth)
  area logic (p_ow * positions * pixel_bits)
       register ((4 * p_ow * pixel_bits) floordiv 5 + (positions - 1) * p_ow * pixel_bits)
}

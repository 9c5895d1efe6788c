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
  let any_order (p_ow == 1)
  let row_steps (kh floordiv p_kh)
  let column_steps (select (p_ow > 1, 1, kw floordiv p_kw))
  let loop_bits (clog2 (column_steps) + (column_steps > 1) + clog2 (row_steps) + (row_steps > 1) + clog2 (beats)
      + (beats > 1))
  parameter Channels (c)
  include @window
  let positions (p_kh * p_kw)
  let delay (folds + 12 + clog2 (positions))
  include @pooling
  parameter Mode (1)
  cycles (oh * steps * beats * folds, sample)
  latency (delay)
  buffer (depth)
  // Sums; then remainder, quotient, and the result rounded and saturated. Where the division is a shift, dividend, product
  // and quotient are the same bits, and wait in a row of registers.
  let exact_bits (bits_x + divisor_bits)
  area adder (lanes * ((positions - 1) * (bits_x + 2) + (folds > 1) * exact_bits + bits_y + 2))
       logic (lanes * (8 + (1 - (frac_x == frac_y)) * (bits_y + 2) + divides * 2 * wide))
       register (lanes * (tree_nodes * (bits_x + 2) + exact_bits + bits_y
           + divides * (3 * (divisor_bits + 1) + 2 * (wide + divisor_bits + 3)) + (1 - divides) * (wide + 2)))
       delay (lanes * (wide + divisor_bits), 3) x (1 - divides)
}

xplat.kernel @max_pool2d implements "xplat.max_pool2d" rtl "xplat_pool2d"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_bank_phase.sv", "../common/rtl/xplat_bank_plan.sv", "../common/rtl/xplat_bank_walk.sv", "../common/rtl/xplat_window_store.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_pixel_window.sv", "rtl/xplat_pool2d.sv"] {
  streams in ["in"] out ["out"]
  let folds ((kh floordiv p_kh) * (kw floordiv p_kw))
  let beats (c floordiv p_c)
  let pixel_bits (p_c * bits_x)
  let any_order (p_ow == 1)
  let row_steps (kh floordiv p_kh)
  let column_steps (select (p_ow > 1, 1, kw floordiv p_kw))
  let loop_bits (clog2 (column_steps) + (column_steps > 1) + clog2 (row_steps) + (row_steps > 1) + clog2 (beats)
      + (beats > 1))
  parameter Channels (c)
  include @window
  let positions (p_kh * p_kw)
  let delay (folds + 10 + clog2 (positions))
  include @pooling
  parameter Mode (0)
  cycles (oh * steps * beats * folds, sample)
  latency (delay)
  buffer (depth)
  // A comparison takes a difference and a choice. Without a shift nothing is rounded: then registers follow the maximum
  // with no logic between.
  let lane_bits (p_ow * pixel_bits)
  let exact ((frac_x == frac_y) * (bits_y == bits_x))
  area adder ((positions - (folds == 1)) * lane_bits) logic ((positions - (folds == 1)) * lane_bits)
       register ((tree_nodes + 1) * lane_bits)
       delay (lane_bits, 3) x (exact)
       logic (p_ow * p_c * (3 * bits_y)) x (1 - exact) register (p_ow * p_c * (bits_x + 2 * bits_y + 3)) x (1 - exact)
}

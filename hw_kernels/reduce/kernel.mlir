// Sums, means, maxima and minima over dimensions, and where these are: each beat is one cycle; a result leaves with the
// last beat that adds to it.
xplat.kernel @reduce implements "xplat.reduce" rtl "xplat_reduce"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_reduce.sv"] {
  streams in ["in"] out ["out"]
  formats x fixed (2 to 32) | ufixed (2 to 32), y fixed (2 to 32) | ufixed (2 to 32)
  where (kind == 0 or kind == 2 or kind == 3)
  where (nested == 0)
  let lanes (p_k)
  let repeats (r)
  // What is kept while others come between: nothing unless a reduced dimension is outside.
  let kept (select (r == 1, 1, k floordiv p_k))
  let tail (t floordiv p_t)
  let terms (p_t)
  let rounding (3)
  include @reduction
  // Results take a cycle each, once the last beat is there; beats stream in one a cycle.
  cycles (n * (k floordiv p_k), n * r * (k floordiv p_k) * tail)
  latency (delay)
  // Beats that wait at the entrance.
  buffer (3)
  order (n, r, k, t)
  // Where nothing is rounded, sum and result are the same number three registers on.
  let rounds (frac_x > frac_y)
  let saturates (sum_width - frac_x + frac_y > bits_y)
  area logic (26 + lanes * ((8 * sum_width - bits_x) floordiv 5 + bits_y * saturates + (sum_width floordiv 2) * (kind == 3)))
       register (40 + lanes * (bits_x + sum_width * (kind == 3) + 2 * sum_width * rounds
                               + bits_y * saturates * (1 - rounds)))
       adder ((3 * lanes * sum_width) floordiv 4) x (is_extreme) delay (lanes * sum_width, 3) x (1 - rounds)
}

xplat.kernel @reduce_mean implements "xplat.reduce" rtl "xplat_reduce"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_reduce.sv"] {
  streams in ["in"] out ["out"]
  where (kind == 1)
  where (nested == 0)
  let lanes (p_k)
  let repeats (r)
  // What is kept while others come between: nothing unless a reduced dimension is outside.
  let kept (select (r == 1, 1, k floordiv p_k))
  let tail (t floordiv p_t)
  let terms (p_t)
  include @mean_reduction
  // Results take a cycle each, once the last beat is there; beats stream in one a cycle.
  cycles (n * (k floordiv p_k), n * r * (k floordiv p_k) * tail)
  latency (delay)
  // Beats that wait at the entrance.
  buffer (3)
  order (n, r, k, t)
}

xplat.kernel @reduce_position implements "xplat.reduce" rtl "xplat_reduce"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_reduce.sv"] {
  streams in ["in"] out ["out"]
  formats x fixed (2 to 32) | ufixed (2 to 32), y any (2 to 32)
  where (kind >= 4)
  where (nested == 0)
  let lanes (p_k)
  let repeats (r)
  // What is kept while others come between: nothing unless a reduced dimension is outside.
  let kept (select (r == 1, 1, k floordiv p_k))
  let tail (t floordiv p_t)
  let terms (p_t)
  // A position is not rounded.
  let rounding (0)
  include @reduction
  // Results take a cycle each, once the last beat is there; beats stream in one a cycle.
  cycles (n * (k floordiv p_k), n * r * (k floordiv p_k) * tail)
  latency (delay)
  // Beats that wait at the entrance.
  buffer (3)
  order (n, r, k, t)
  // Positions in a beat are added to that of the beat.
  area logic (14 + lanes * (2 * sum_width + tag_bits + (terms - 1) * (tag_bits + 2)))
       register (30 + lanes * sum_width + position_bits * (2 + clog2 (terms)))
}

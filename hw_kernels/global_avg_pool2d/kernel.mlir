// Mean over all pixels: each pixel, each fold of channels is one cycle; results leave with the last pixel.
xplat.kernel @global_avg_pool2d implements "xplat.global_avg_pool2d" rtl "xplat_reduce"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_round_div.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "../reduce/rtl/xplat_reduce.sv"] {
  streams in ["in"] out ["out"]
  let kind (1)
  let lanes (p_c)
  let repeats (h * w)
  let kept (c floordiv p_c)
  let tail (1)
  let terms (1)
  include @mean_reduction
  // Results take a cycle each, once the last pixel is there; pixels stream in at one fold a cycle.
  cycles (kept, repeats * kept)
  latency (delay)
  // Beats that wait at the entrance.
  buffer (3)
  order (h, w, c)
}

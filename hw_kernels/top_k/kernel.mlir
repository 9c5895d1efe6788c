// The first elements of each row in order, or their positions: an insertion sorter that takes an element a cycle. A beat
// of the result is a row.
xplat.kernel @top_k implements "xplat.top_k" rtl "xplat_top_k"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "rtl/xplat_top_k.sv"] {
  formats x fixed (2 to 32) | ufixed (2 to 32), y any (2 to 32)
  where (permutes == 0, p_k == k, p_t == 1, k <= 64)
  where (positions == 1 or bits_x == bits_y, positions == 1 or frac_x == frac_y, positions == 1 or unsigned_x == unsigned_y)
  streams in ["in"] out ["out"]
  let element_bits (bits_x + unsigned_x)
  let tag_bits (positions * max (1, clog2 (t)))
  let item_bits (element_bits + tag_bits)
  parameter Elements (t)
  parameter Kept (k)
  parameter Smallest (smallest)
  parameter Positions (positions)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter InUnsigned (unsigned_x)
  // A row takes as many cycles as it has elements; its beat leaves in one.
  cycles (n, n * t)
  latency (4)
  // Elements that wait at the entrance.
  buffer (3)
  order (n, t, k)
  area logic (20 + 2 * clog2 (t) + k * (item_bits + 2)) adder (k * element_bits)
       register (26 + 2 * clog2 (t) + item_bits + k * (item_bits + 1))
       fifo_ram (bits_x, 3)
       // Places for rows: enough that work on results that are taken at once never waits.
       fifo_ram (k * bits_y, 4)
}

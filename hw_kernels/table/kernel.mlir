// The results of an element-wise node of one operand in a table, one copy of it for each lane: whatever the function,
// the results are exact and rounded once. A beat in every cycle.
// Area: the tables by their size, see docs/KernelRtl.md; besides them a register for a result that waits.
xplat.kernel @lookup_table implements "ElementwiseOpInterface" rtl "xplat_table"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "rtl/xplat_table.sv"] {
  formats x fixed (2 to 12) | ufixed (2 to 12), y fixed (2 to 32) | ufixed (2 to 32)
  where (inputs == 1)
  streams in ["in"] out ["out"]
  let lanes (p_n * p_c)
  let words (exp2 (bits_x))
  lookup table (bits_y) x (words) copies (lanes)
  parameter Lanes (lanes)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  cycles ((n floordiv p_n) * (c floordiv p_c))
  latency (1)
  buffer (2)
  area logic (lanes * bits_y + 3) register (lanes * bits_y + 2)
}

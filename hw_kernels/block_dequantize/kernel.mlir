// A block format to fixed point: each element is shifted by the exponent of its block and rounded.
xplat.kernel @block_dequantize implements "xplat.cast" rtl "xplat_block_dequantize"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_wait.sv", "../common/rtl/xplat_pipeline.sv", "rtl/xplat_block_dequantize.sv"] {
  formats x msfp (2 to 16) | mxint8 | mxfp, y fixed (2 to 16) | ufixed (2 to 16)
  where (block_x > 1, (p_c mod block_x) * (block_x mod p_c) == 0, frac_y + 60 >= 0, frac_y <= 60)
  streams in ["in"] out ["out"]
  let groups (max (p_c floordiv block_x, 1))
  // Bits of a mantissa; of a float with two, three, four or five bits of exponent.
  let magnitude (select (complement_x, bits_x, select (exponent_x == 0, bits_x - 1,
      bits_x - exponent_x + select (exponent_x == 2, 2, select (exponent_x == 3, 6, select (exponent_x == 4, 14, 30))))))
  parameter Lanes (p_c)
  parameter Block (block_x)
  parameter ElemWidth (bits_x)
  parameter TwosComplement (complement_x)
  parameter Exponent (exponent_x)
  parameter Shift (frac_y - frac_x)
  parameter OutWidth (bits_y)
  parameter OutUnsigned (unsigned_y)
  cycles (n * (c floordiv p_c))
  latency (6)
  buffer (3)
  area logic (40 + 20 * groups + p_c * (2 * magnitude + 5 * bits_y)) register (40 + 6 * groups + p_c * (3 * magnitude + 3 * bits_y))
       fifo_ram (p_c * bits_x + 8 * groups, 3) ram (p_c * bits_y, 6)
}

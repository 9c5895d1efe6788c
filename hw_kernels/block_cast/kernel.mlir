// Fixed point to a block format: a beat waits until the largest magnitude of its block is known.
xplat.kernel @block_cast implements "xplat.cast" rtl "xplat_block_cast"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_block_walk.sv", "rtl/xplat_block_element.sv", "rtl/xplat_block_cast.sv"] {
  formats x fixed (2 to 16) | ufixed (2 to 16), y msfp (2 to 16) | mxint8 | mxfp
  // A beat has whole blocks, or is a whole part of one.
  where (block_y > 1, (p_c mod block_y) * (block_y mod p_c) == 0, frac_x + 60 >= 0, frac_x <= 60)
  streams in ["in"] out ["out"]
  let groups (max (p_c floordiv block_y, 1))
  let block_beats (max (min (block_y floordiv p_c, c floordiv p_c), 1))
  let float (exponent_y > 0)
  let delay (8 + float)
  let places (block_beats + 4)
  parameter Lanes (p_c)
  parameter Row (c)
  parameter Block (block_y)
  parameter InWidth (bits_x)
  parameter InUnsigned (unsigned_x)
  parameter Fraction (frac_x)
  parameter ElemWidth (bits_y)
  parameter TwosComplement (complement_y)
  parameter Exponent (exponent_y)
  cycles (n * (c floordiv p_c))
  latency (delay)
  buffer (places)
  // An element that is a float is shifted once more.
  area logic (90 + p_c * (4 * bits_x + bits_y + 3 * float * bits_x))
       register (122 + p_c * ((7 * (bits_x + bits_y)) floordiv 4 + float * bits_x))
       fifo_ram (p_c * bits_x, places) ram (p_c * bits_y + 8 * groups, delay)
}

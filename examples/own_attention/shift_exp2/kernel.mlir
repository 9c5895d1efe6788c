// xplat kernel version 4
// 2^floor(x) · (1 + x - floor(x)) of each element, rounded into the result's format, by a shift: no table, so that
// operands may have 16 bits. One beat a cycle.
//
// The node is the `xplat.fused` that the import rule in ../attention.py makes. `computes` says which function that is:
// the kernel fits nodes that compute the same, and no others.
xplat.kernel @shift_exp2 implements "xplat.fused" rtl "shift_exp2" files ["rtl/shift_exp2.sv"] {
  computes {
  ^bb0(%x: f32):
    %one = arith.constant 1.0 : f32
    %whole = math.floor %x : f32
    %part = arith.subf %x, %whole : f32
    %mantissa = arith.addf %part, %one : f32
    %power = math.exp2 %whole : f32
    %y = arith.mulf %mantissa, %power : f32
    xplat.yield %y : f32
  }
  // The formats that the RTL can take.
  formats x fixed (2 to 16) | ufixed (2 to 16), y fixed (2 to 16) | ufixed (2 to 16)
  where (frac_x >= 0, frac_x <= 16, frac_y >= -16, frac_y <= 32)
  streams in ["in"] out ["out"]
  parameter Lanes (p_c)
  parameter InWidth (bits_x)
  parameter InFraction (frac_x)
  parameter InUnsigned (unsigned_x)
  parameter OutWidth (bits_y)
  parameter OutFraction (frac_y)
  parameter OutUnsigned (unsigned_y)
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (2)
  // Fitted to Yosys for 7-series, within 3 %.
  area logic (p_c * ((5 * frac_x) floordiv 4 + 2 * bits_y + 5) + 4) register (2 * p_c * bits_y + 2)
}

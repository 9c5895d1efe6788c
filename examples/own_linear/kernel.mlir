// xplat kernel version 4
// Linear layer without multipliers: weights are read bit by bit, and a bit adds its input or nothing; the sign's sum is
// subtracted. Results equal those of multiplications in every bit. It trades cycles for DSPs.
xplat.kernel @shift_add_linear implements "xplat.linear" rtl "shift_add_linear"
    files ["rtl/shift_add_linear.sv"] {
  // What the RTL can take: any fixed point of these widths, with a sign or without.
  formats x fixed (2 to 16) | ufixed (2 to 16), weight fixed (2 to 16), bias fixed (0 to 32),
          y fixed (2 to 32) | ufixed (2 to 32)
  // Rows travel as they lie.
  where (permutes == 0)
  streams in ["in"] out ["out"]

  // Names for what follows. n outputs of k inputs, p_n and p_k of them at a time.
  let in_folds (k floordiv p_k)
  let out_folds (n floordiv p_n)
  // Each input is added once for each bit of the weight.
  let work (in_folds * bits_weight)
  let delay (work + 13 + clog2 (p_k))
  let has_bias (bits_bias > 0)
  let bias_width (select (has_bias, bits_bias, 2))

  // Memories of parameters: bits of a word x words. No words: the port is not used. A memory for look-ups is read at
  // addresses, as weights are here, again for each bit; words of the others come in order.
  lookup weight (p_n * p_k * bits_weight) x (out_folds * in_folds)
  memory bias (p_n * bias_width) x (out_folds * has_bias)
  memory shift (p_n * 6) x (out_folds * per_channel)

  // Parameters of the module.
  parameter Rows (m)
  parameter In (k)
  parameter Out (n)
  parameter InLanes (p_k)
  parameter OutLanes (p_n)
  parameter InWidth (bits_x)
  parameter InUnsigned (unsigned_x)
  parameter WeightWidth (bits_weight)
  parameter BiasWidth (bias_width)
  parameter HasBias (has_bias)
  parameter OutWidth (bits_y)
  parameter OutUnsigned (unsigned_y)
  parameter Shift (frac_x + frac_weight - frac_y)
  parameter PerChannelShift (per_channel)

  // Cycles per sample: of the work, and of the beats that come in.
  cycles (m * out_folds * work, m * in_folds)
  latency (delay)
  // Two rows, as xplat_row_buffer holds them.
  buffer (2 * in_folds + 2)

  // What it is made of. Amounts of logic and registers are fitted to Yosys for 7-series.
  let dot_bits (bits_x + bits_weight + clog2 (p_k))
  area logic (130 + p_n * ((7 * (bits_x + bits_weight)) floordiv 3 + 3 * dot_bits + 47 * has_bias + 270 * per_channel)
              + (p_n * p_k * (11 * bits_x + 9 * bits_weight)) floordiv 10)
       register (60 + 10 * clog2 (in_folds) + p_k * bits_x + p_n * p_k * (bits_x + 2)
              + p_n * (72 + (bits_x + bits_weight) floordiv 2 + dot_bits + 22 * has_bias + 38 * per_channel))
       ram (p_k * bits_x, 2 * in_folds + 2) ram (p_n * bits_y, delay ceildiv work)
}

// Linear layer whose weight keeps at most sparse_n of every sparse_m neighbours: skipped weights take neither memory,
// nor multipliers, nor cycles. An input beat that holds whole groups is one cycle for each fold of outputs; a narrower
// one is joined to a group, whose kept weights then take `slot_folds` cycles.
// It pays where at least half of the weights are skipped and a multiplexer of the group's size is affordable.
// Area: fitted to Yosys' measurements, see docs/KernelRtl.md; parameter memories by their sizes.
xplat.kernel @linear_sparse implements "xplat.linear" rtl "xplat_linear_sparse"
    files ["../common/rtl/xplat_assert.svh", "../common/rtl/xplat_pkg.sv", "../common/rtl/xplat_requant.sv", "../common/rtl/xplat_tree.sv", "../common/rtl/xplat_result_fifo.sv", "../common/rtl/xplat_mac.sv", "../common/rtl/xplat_loop.sv", "../common/rtl/xplat_pixel_walk.sv", "../common/rtl/xplat_window_buffer.sv", "../common/rtl/xplat_rewidth.sv", "rtl/xplat_linear_sparse.sv"] {
  let narrow positive (sparse_m - p_k)
  // Elements of a beat in the buffer: whole groups.
  let beat (p_k + (sparse_m - p_k) * narrow)
  where (permutes == 0, bits_x - 2 >= 0, 16 - bits_x >= 0, bits_weight - 2 >= 0, 16 - bits_weight >= 0, 32 - bits_bias >= 0, bits_y - 2 >= 0, 32 - bits_y >= 0,
         sparse_n - 1 >= 0, sparse_m - 2 * sparse_n >= 0, 64 - sparse_m >= 0, beat mod sparse_m == 0)
  streams in ["in"] out ["out"]
  let has_bias positive (bits_bias)
  let bias_width (bits_bias + 2 * (1 - has_bias))
  let groups (beat floordiv sparse_m)
  // Weights of a group in one cycle, and cycles for all that are kept.
  let slots (sparse_n + ((p_k * sparse_n) ceildiv sparse_m - sparse_n) * narrow)
  let slot_folds (sparse_n ceildiv slots)
  let in_folds (k floordiv beat)
  let terms (slots * groups)
  let multipliers (p_n * terms)
  let stages tree_stages (terms, 4)
  let weight_bits (multipliers * bits_weight)
  let weight_words ((n floordiv p_n) * slot_folds * in_folds)
  let weight_lut rom_lut (weight_bits, weight_words)
  let weight_bram18 rom_bram18 (weight_bits, weight_words)
  let place_bits clog2 (sparse_m)
  let index_bits (multipliers * place_bits)
  let index_lut rom_lut (index_bits, weight_words)
  let index_bram18 rom_bram18 (index_bits, weight_words)
  let bias_bits (p_n * bias_width)
  let bias_words ((n floordiv p_n) * has_bias)
  let bias_lut rom_lut (bias_bits, bias_words)
  let bias_bram18 rom_bram18 (bias_bits, bias_words)
  let shift_bits (6 * p_n)
  let shift_words ((n floordiv p_n) * per_channel)
  let shift_lut rom_lut (shift_bits, shift_words)
  let shift_bram18 rom_bram18 (shift_bits, shift_words)
  // Two rows, double-buffered.
  let buffer_words (2 * in_folds + 2)
  let buffer_bits (beat * bits_x)
  let buffer_lut ram_lut (buffer_bits, buffer_words)
  let buffer_bram18 ram_bram18 (buffer_bits, buffer_words)
  let buffer_in_luts ram_in_luts (buffer_bits, buffer_words)
  let buffer_mux (buffer_in_luts * ((3 * buffer_bits * (buffer_words ceildiv 64 - 1)) floordiv 5))
  let delay (in_folds * slot_folds + 12 + narrow + stages)
  // Places for results: enough that work on results that are taken at once never waits.
  let result_bits (p_n * bits_y)
  let result_words (delay ceildiv (in_folds * slot_folds))
  let result_lut ram_lut (result_bits, result_words)
  let weight_in_luts rom_in_luts (weight_bits, weight_words)
  let index_in_luts rom_in_luts (index_bits, weight_words)
  // Products of few bits go into LUTs instead of DSPs.
  let product_bits (bits_x + bits_weight)
  let low positive (9 - product_bits)
  // Adders behind the first register of a tree; the first four terms go down a cascade of DSPs.
  let second_adders ((terms - 1) floordiv 4)
  let more_stages positive (second_adders)
  // Picks the element that a weight multiplies.
  let pick ((3 * multipliers * bits_x * sparse_m) floordiv 8)
  memory weight (weight_bits) x (weight_words)
  memory index (index_bits) x (weight_words)
  memory bias (bias_bits) x (bias_words)
  memory shift (shift_bits) x (shift_words)
  parameter Rows (m)
  parameter In (k)
  parameter Out (n)
  parameter Group (sparse_m)
  parameter Kept (sparse_n)
  parameter InLanes (p_k)
  parameter OutLanes (p_n)
  parameter InWidth (bits_x)
  parameter WeightWidth (bits_weight)
  parameter BiasWidth (bias_width)
  parameter HasBias (has_bias)
  parameter OutWidth (bits_y)
  parameter Shift (frac_x + frac_weight - frac_y)
  parameter PerChannelShift (per_channel)
  cycles (m * (n floordiv p_n) * in_folds * slot_folds, m * (k floordiv p_k))
  latency (delay)
  buffer (buffer_words * (beat floordiv p_k))
  area
    lut (102 + 6 + p_n * ((7 * product_bits) floordiv 3 + 47 * has_bias + 270 * per_channel)
        + (1 - low) * (multipliers + p_n * second_adders * product_bits)
        + low * ((15 * multipliers * bits_x * bits_weight) floordiv 8 + (11 * (multipliers - p_n) * product_bits) floordiv 10)
        + pick + buffer_lut + buffer_mux + weight_lut + index_lut + has_bias * bias_lut + per_channel * shift_lut + result_lut)
    ff (112 + 17 + 2 * buffer_bits + buffer_in_luts * ((3 * buffer_bits) floordiv 4) + narrow * buffer_bits
        + p_n * (more_stages * product_bits + 49 + 45 * has_bias + 38 * per_channel + product_bits floordiv 2)
        + low * ((19 * multipliers * product_bits) floordiv 10) + (1 - low) * ((3 * multipliers) floordiv 2)
        + weight_in_luts * weight_bits + index_in_luts * index_bits)
    dsp ((1 - low) * multipliers)
    bram36 ((buffer_bram18 + weight_bram18 + index_bram18 + has_bias * bias_bram18 + per_channel * shift_bram18) ceildiv 2)
}

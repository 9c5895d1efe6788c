// Clauses that several kernels share. Each says which names a contract defines before it includes the fragment; the
// others are kernel symbols of the op. Amounts of logic and registers are fitted to measurements (docs/KernelRtl.md).

// Sums of products, rounding, and results that wait to be taken. Needs `lanes`: sums of a pixel or row at a time, of
// `rows` pixels or rows; `terms` of each sum that are added in one cycle, products of `left_bits` and `right_bits`, `work`: cycles of one beat of results, `setup`:
// cycles on the way to and through the multipliers, `has_bias`, and `has_shifts` where every lane has a shift of its own.
xplat.fragment @rounded_sums {
  let product_bits (left_bits + right_bits)
  let delay (work + setup + clog2 (terms))
  parameter OutWidth (bits_y)
  parameter OutUnsigned (unsigned_y)
  let sums (rows * lanes)
  area multiply_add (left_bits, right_bits, terms, sums)
       logic (sums * ((7 * product_bits) floordiv 3 + 47 * has_bias + 270 * has_shifts))
       register (sums * (49 + 45 * has_bias + 38 * has_shifts + product_bits floordiv 2))
       // Places for results: enough that work on results that are taken at once never waits.
       ram (sums * bits_y, delay ceildiv work)
}

// Sums of products with weights, and a bias. Needs what @rounded_sums does but for formats, bias and shifts; and
// `lane_folds` for all channels of the result, and `weight_words`.
xplat.fragment @multiply_accumulate {
  formats x fixed (2 to 16) | ufixed (2 to 16), weight fixed (2 to 16), bias fixed (0 to 32),
          y fixed (2 to 32) | ufixed (2 to 32)
  let left_bits (bits_x)
  let right_bits (bits_weight)
  let has_bias (bits_bias > 0)
  let has_shifts (per_channel)
  let bias_width (select (has_bias, bits_bias, 2))
  let multipliers (lanes * terms)
  let weight_bits (multipliers * bits_weight)
  let bias_bits (lanes * bias_width)
  let bias_words (lane_folds * has_bias)
  let shift_bits (6 * lanes)
  let shift_words (lane_folds * per_channel)
  memory bias (bias_bits) x (bias_words)
  memory shift (shift_bits) x (shift_words)
  parameter InWidth (bits_x)
  parameter InUnsigned (unsigned_x)
  parameter WeightWidth (bits_weight)
  parameter BiasWidth (bias_width)
  parameter HasBias (has_bias)
  parameter Shift (frac_x + frac_weight - frac_y)
  parameter PerChannelShift (per_channel)
  include @rounded_sums
  area rom (weight_bits, weight_words) rom_register (weight_bits, weight_words, weight_bits)
       rom (bias_bits, bias_words) rom (shift_bits, shift_words)
}

// Element-wise work: a beat in, a beat out. The result has a register, and a spare one for the beat that comes while it
// waits: so no path leads from the `ready` of the result to those of the operands.
xplat.fragment @elementwise {
  let lanes (p_n * p_c)
  area logic (lanes * bits_y) register (2 * lanes * bits_y + 2)
}

// What hands operands to multipliers from `buffer_banks` memories that are read at once, each of `bank_words` words of
// `buffer_bits`.
xplat.fragment @operands {
  // A memory of several rows of LUTs takes a multiplexer.
  area logic (6 * buffer_banks) register (11 * buffer_banks + (2 * buffer_bits) floordiv 3 + buffer_banks * buffer_bits)
       ram_multiplexer (buffer_bits, bank_words) x (buffer_banks)
       ram_register (buffer_bits, bank_words, buffer_bits) x (buffer_banks - 1)
}

// A window that slides over an image: the buffer holds the beats (`beats` to a pixel, of `pixel_bits` bits of each of
// their columns) between the first that a window still needs and the last that has arrived. docs/KernelRtl.md has the
// argument for `depth`, and for `bank_words`: each element is in one of the banks, by its row and column.
//
// The windows of p_ow neighbouring results move by p_ow * stride_w columns, which are one beat if p_ow is not 1. Then
// the buffer walks beats as if each were a column: the `span` of these windows lies in `extent_w` of them.
xplat.fragment @window {
  where (p_ow == 1 or p_kw == kw)
  let beat_columns (select (p_ow > 1, p_ow * stride_w, 1))
  let columns (w floordiv beat_columns)
  let steps (ow floordiv p_ow)
  let step_w (select (p_ow > 1, 1, stride_w))
  let before_w (pad_w ceildiv beat_columns)
  let span ((kw - 1) * dilation_w + 1 + (p_ow - 1) * stride_w)
  let extent_h ((kh - 1) * dilation_h + 1)
  let extent_w (before_w + (span - 1 - pad_w) floordiv beat_columns + 1)
  let read_columns (select (p_ow > 1, extent_w, p_kw))
  let gap_w (select (p_ow > 1, 1, dilation_w))
  let buffer_bits (pixel_bits * beat_columns)
  let row (columns * beats)
  let sample (h * row)
  // How far the needed prefix runs ahead of a uniform schedule, and how far the release trails it, by row and by
  // column. The second candidate of a lead counts only when the window fits image and leading padding.
  let lead_row (max ((extent_h - 1 - pad_h) * row,
      select (h + pad_h >= extent_h, (h - 1) * row - ((h + pad_h - extent_h) * sample) floordiv (stride_h * oh), 0)))
  let lead_column (max ((extent_w - before_w) * beats,
      select (columns + before_w >= extent_w,
          row - ((columns + before_w - extent_w) * sample) floordiv (step_w * oh * steps), 0)))
  let lag_row (max ((pad_h * sample) ceildiv (stride_h * oh),
      ((oh - 1) * sample) ceildiv oh - ((oh - 1) * stride_h - pad_h) * row))
  let lag_column (max (((before_w + step_w) * sample) ceildiv (step_w * oh * steps),
      sample ceildiv oh - ((steps - 1) * step_w - before_w) * beats))
  let depth (lead_row + lead_column + lag_row + lag_column + 2)
  let row_banks (bank_count (p_kh, dilation_h))
  let column_banks (bank_count (read_columns, gap_w))
  let buffer_banks (row_banks * column_banks)
  // Between the first and the last of `depth` beats lie so many pixels, in so many rows of a bank and what remains.
  let pixels ((depth - 1) ceildiv beats)
  let bank_columns (columns ceildiv column_banks)
  let bank_rows ((pixels + (bank_columns - 1) * column_banks) floordiv (row_banks * columns))
  let rest (pixels - bank_rows * row_banks * columns)
  let bank_words (min (depth, beats * (1 + max (
      bank_rows * bank_columns + min (bank_columns - 1, rest floordiv column_banks),
      (bank_rows - 1) * bank_columns + min (bank_columns - 1, (rest + row_banks * columns) floordiv column_banks)))))
  parameter InHeight (h)
  parameter InWidth_px (w)
  parameter OutHeight (oh)
  parameter OutWidth_px (ow)
  parameter KernelH (kh)
  parameter KernelW (kw)
  parameter StrideH (stride_h)
  parameter StrideW (stride_w)
  parameter DilationH (dilation_h)
  parameter DilationW (dilation_w)
  parameter PadH (pad_h)
  parameter PadW (pad_w)
  parameter Pixels (p_ow)
  area ram (buffer_bits, bank_words) x (buffer_banks)
}

// From the banks to the positions of a window, where the banks of these change: at every step or row, or with every
// image. Needs @window, and `any_order`: whether positions may come in any order where there are as many banks.
xplat.fragment @routing {
  let routes (1 - any_order * (row_banks == p_kh) * (column_banks == read_columns))
  let routes_rows (stride_h mod row_banks > 0 or (h - (oh - 1) * stride_h) mod row_banks > 0
      or (p_kh < kh and (p_kh * dilation_h) mod row_banks > 0))
  let routes_columns (step_w mod column_banks > 0 or (p_kw < kw and (p_kw * dilation_w) mod column_banks > 0))
  area logic (p_kh * read_columns * buffer_bits * routes
      * (routes_rows * (row_banks ceildiv 3) + routes_columns * (column_banks ceildiv 3)))
}

// Pooling behind a window: `delay` cycles for a beat of results, of which `folds` are work.
xplat.fragment @pooling {
  formats x fixed (2 to 16) | ufixed (2 to 16), y fixed (2 to 32) | ufixed (2 to 32)
  parameter Lanes (p_c)
  parameter UnrollKh (p_kh)
  parameter UnrollKw (p_kw)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter Shift (frac_x - frac_y)
  parameter InUnsigned (unsigned_x)
  parameter OutUnsigned (unsigned_y)
  // Where every window lies inside the image nothing is masked: then two registers follow the read of the buffer with
  // no logic between.
  let inside ((pad_h + pad_w == 0) * ((oh - 1) * stride_h + extent_h <= h)
      * ((steps - 1) * step_w + extent_w <= columns))
  let any_order (p_ow == 1)
  include @routing
  area logic (116 + 20 * buffer_banks - 15 * inside * (buffer_banks - 1))
       register (92 + 3 * clog2 (sample + depth + 1) + buffer_banks * (6 - 4 * inside) + buffer_bits)
       ram_multiplexer (buffer_bits, bank_words) x (buffer_banks)
       ram_delay (buffer_bits, bank_words, 2) x (buffer_banks * inside)
       ram_register (buffer_bits, bank_words, buffer_bits) x (buffer_banks * (1 - inside))
       register (2 * buffer_bits) x (buffer_banks * (1 - inside))
       // Places for results: enough that work on results that are taken at once never waits.
       ram (p_ow * p_c * bits_y, delay ceildiv folds)
}

// A mean of `count` elements in each of `lanes`: a division by a constant, exact, by its reciprocal where `count` is no power of two.
xplat.fragment @mean {
  formats x fixed (2 to 16) | ufixed (2 to 16), y fixed (2 to 32) | ufixed (2 to 32)
  let divides (1 - is_power_of_two (count))
  let wide (bits_x + unsigned_x + max (0, frac_y - frac_x))
  let divisor_bits (clog2 (count))
  // The reciprocal stays exact.
  where (wide + 2 * divisor_bits <= 60, frac_x - frac_y + divisor_bits <= 60)
  // The dividend, without the bits of fraction that the result does not have.
  area reciprocal (max (2, bits_x + divisor_bits + frac_y - frac_x)) x (lanes * divides)
}

// Beats that are added up as they come: `repeats` times `kept` times `tail` of them, innermost last. A beat has `terms`
// neighbouring elements of each of `lanes` results; `kept` results are summed side by side. `kind` is that of
// xplat.reduce; `rounding`: cycles of the shift or the division at the end. Defines `delay`.
xplat.fragment @reduction {
  let is_extreme (kind >= 2)
  let delay (4 + clog2 (terms) + rounding)
  let sum_width (bits_x + unsigned_x + select (is_extreme, 0, clog2 (repeats * tail * terms)))
  let sum_bits (lanes * sum_width)
  parameter Kind (kind)
  parameter Repeats (repeats)
  parameter Kept (kept)
  parameter Tail (tail)
  parameter Terms (terms)
  parameter Lanes (lanes)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter Shift (frac_x - frac_y)
  parameter InUnsigned (unsigned_x)
  parameter OutUnsigned (unsigned_y)
  // Neighbours that are added in one cycle: their part of the input register and of the tree.
  // Beats that wait at the entrance stand in a memory.
  area logic (16 + (lanes * (terms - 1) * (3 + is_extreme) * bits_x) floordiv 4) fifo_ram (lanes * terms * bits_x, 3)
       register (6 + lanes * (terms - 1) * (bits_x + select (is_extreme, bits_x, (bits_x + 2) floordiv 2)))
       // Sums, in a memory where there are several.
       ram (sum_bits, kept) x (kept > 1) ram_multiplexer (sum_bits, kept) x (kept > 1)
       ram_register (sum_bits, kept, sum_bits) x (kept > 1) register (sum_bits * (kept == 1 or tail > 1))
       // Places for results: enough that work on results that are taken at once never waits.
       ram (lanes * bits_y, delay)
}

// The same for a mean, which is divided exactly. Needs all of these but `rounding`; `kind` is 1.
xplat.fragment @mean_reduction {
  let rounding (5)
  let count (repeats * tail * terms)
  include @reduction
  include @mean
  area logic (30 + lanes * (30 + (3 * wide) floordiv 2 - bits_x + 22 * divides))
       register (34 + divisor_bits + 2 * clog2 (kept)
           + lanes * (bits_x + bits_y + wide + divisor_bits + 7 + divides * (bits_x + 4 * divisor_bits + 6)))
       // Without a division, sum, dividend, product and quotient differ in the sign alone.
       delay (lanes * (wide + divisor_bits - 1), 4) x (1 - divides)
}

// Beats that pass unchanged: no number format is rounded into another one.
xplat.fragment @moved_beats {
  formats x fixed (2 to 32) | ufixed (2 to 32), y fixed (2 to 32) | ufixed (2 to 32)
  let beat_bits (p_c * bits_y)
  let result_beats (n * (c floordiv p_c))
}

// Positions of beats in a window, as digits: the op's map, whose innermost digit counts elements. With more than one lane
// that digit has the stride 1.
xplat.fragment @travel {
  where (digits >= 0, digits <= 6)
  let window_beats (max (1, window floordiv p_c))
  let walked_beats ((windows * window) floordiv p_c)
  let beats_0 (max (1, extent_0 floordiv p_c))
  // Registers that count the digits: one more in each says whether it ends.
  let counter_bits (clog2 (beats_0) + (beats_0 > 1) + clog2 (extent_1) + (extent_1 > 1)
      + clog2 (extent_2) + (extent_2 > 1) + clog2 (extent_3) + (extent_3 > 1)
      + clog2 (extent_4) + (extent_4 > 1) + clog2 (extent_5) + (extent_5 > 1))
  parameter Window (window_beats)
  parameter Count0 (beats_0)
  parameter Count1 (extent_1)
  parameter Count2 (extent_2)
  parameter Count3 (extent_3)
  parameter Count4 (extent_4)
  parameter Count5 (extent_5)
  parameter Stride0 (max (stride_0 floordiv p_c, stride_0 == 1))
  parameter Stride1 (stride_1 floordiv p_c)
  parameter Stride2 (stride_2 floordiv p_c)
  parameter Stride3 (stride_3 floordiv p_c)
  parameter Stride4 (stride_4 floordiv p_c)
  parameter Stride5 (stride_5 floordiv p_c)
}

// Sums of products of two factors in block formats, rounding, and results that wait to be taken. Needs `block`, of each
// factor `left_bits`, `left_exponent`, `left_complement` and so on, `align_shift`: fractional bits of the accumulator
// less those of the mantissas of both factors, `lanes` of the result, `terms` of each sum that are multiplied in one
// cycle, of `row`, and `has_bias`. Defines `work`, `delay`, `groups` of terms that have an exponent each, and
// `block_folds`, the cycles of a block that comes in parts.
xplat.fragment @block_sums {
  // A beat has whole blocks, or is a whole part of one. Mantissas of E5M2, the only float with five bits of exponent,
  // have 33 bits.
  where (accumulator_bits > 0, (terms mod block) * (block mod terms) == 0, left_complement == right_complement,
         left_exponent < 5, right_exponent < 5)
  let work (row floordiv terms)
  let groups (max (terms floordiv block, 1))
  let group_terms (terms floordiv groups)
  let block_folds (max (min (block floordiv terms, work), 1))
  let delay (work + 16 + clog2 (group_terms) + clog2 (groups))
  parameter Block (block)
  parameter TwosComplement (left_complement)
  parameter AccWidth (accumulator_bits)
  parameter AlignShift (align_shift)
  parameter OutWidth (bits_y)
  parameter Shift (accumulator_frac - frac_y)
  parameter OutUnsigned (unsigned_y)
  // Bits of a mantissa: of a float with so many bits of exponent, units of its smallest number.
  let left_mantissa (select (left_complement, left_bits, select (left_exponent == 0, left_bits - 1,
      left_bits - left_exponent + select (left_exponent == 2, 2, select (left_exponent == 3, 6, 14)))))
  let right_mantissa (select (right_complement, right_bits, select (right_exponent == 0, right_bits - 1,
      right_bits - right_exponent + select (right_exponent == 2, 2, select (right_exponent == 3, 6, 14)))))
  // Products of few bits are tables of a LUT for each bit, the others multiplications.
  let table ((left_complement == 0) * (left_bits + right_bits <= 8))
  let magnitude_bits (left_mantissa + right_mantissa)
  let dot_bits (magnitude_bits + 1 - left_complement + clog2 (group_terms) + clog2 (block_folds))
  let wide_bits (dot_bits + accumulator_bits)
  // Products and adder tree; shift and saturation of each group; accumulator, bias and rounding.
  area logic (lanes * (terms * select (table, 2 * magnitude_bits + 6,
                  (1 - left_complement) * (magnitude_bits + 4) + (right_exponent > 0) * right_mantissa)
              + groups * ((3 * wide_bits * clog2 (wide_bits)) floordiv 5 + accumulator_bits + 20)
              + accumulator_bits + 42 + 35 * has_bias))
       register (lanes * (terms * right_bits + terms * table * (magnitude_bits + 1) + terms * (1 - left_complement)
              + table * (terms floordiv 3) * (magnitude_bits + 3)
              + groups * (11 * (clog2 (group_terms) + 2) + dot_bits + wide_bits + accumulator_bits + 12)
              + 45 + 33 * has_bias))
       multiply_add (left_mantissa, right_mantissa, group_terms, lanes * groups) x (1 - table)
       // Places for results: enough that work on results that are taken at once never waits.
       ram (lanes * bits_y, delay ceildiv work)
}

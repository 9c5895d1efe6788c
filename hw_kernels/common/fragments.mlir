// Clauses that several kernels share. Each says which names a contract defines before it includes the fragment; the
// others are kernel symbols of the op. Amounts of logic and registers are fitted to measurements (docs/KernelRtl.md).

// Sums of products, rounding, and results that wait to be taken. Needs `lanes`: sums of a pixel or row at a time, of
// `rows` pixels or rows; `terms` of each sum that are added in one cycle, products of `left_bits` and `right_bits`,
// `left_sets` and `right_sets`: as many times `terms` different factors of each kind; `work`: cycles of one beat of
// results; `sum_terms` of a whole sum; `setup`: cycles on the way to and through the
// multipliers; `drop`: bits of fraction that a sum has and its result has not; `has_bias`, of `bias_width`, and
// `has_shifts` where every lane has a shift of its own, the largest one `drop`, the least `shift_range` less.
xplat.fragment @rounded_sums {
  let accumulates (sum_terms > terms)
  let product_bits (left_bits + right_bits)
  let delay (work + setup + clog2 (terms))
  parameter OutWidth (bits_y)
  parameter OutUnsigned (unsigned_y)
  let sums (rows * lanes)
  let exact_bits (product_bits + clog2 (sum_terms))
  include @sums
  area factors (left_bits, right_bits, terms * left_sets, terms * right_sets)
       multiply_add (left_bits, right_bits, terms, sums)
       register (clog2 (terms))
}

// `sums` of `exact_bits`, which one after the other makes, in `work` cycles, `delay` cycles after they began; bias and
// rounding, as in @rounded_sums. Needs also whether it `accumulates` over cycles.
xplat.fragment @sums {
  let places (max (2, delay ceildiv work))
  // Each of these has a register: accumulator; sum with the bias; rounded down, and whether to add one; rounded, in range
  // or not, and the sign; saturated. A value with a shift of its own is kept whole until it is rounded.
  let sum_bits (select (has_bias, max (exact_bits, bias_width) + 1, exact_bits))
  let floor_bits (max (sum_bits - drop, 1))
  let shifted_bits (sum_bits + shift_range)
  let rounding_bits (select (has_shifts, shifted_bits, floor_bits + 1) + 2 * bits_y + 2)
  // The accumulator is masked in front of its adder.
  area adder (sums * (accumulates * 2 * exact_bits + has_bias * sum_bits))
       logic (20 + 4 * clog2 (places) + sums * (2 * bits_y + floor_bits floordiv 4 + 1
                                         + has_shifts * ((2 * shifted_bits * clog2 (shift_range + 1)) floordiv 3)))
       register (14 + 4 * clog2 (places)
                 + sums * (exact_bits + sum_bits + rounding_bits))
       fifo_ram (sums * bits_y, places)
}

// Sums of products with weights, and a bias. Needs what @rounded_sums does but for formats, bias and shifts; and
// `lane_folds` for all channels of the result, and `weight_words`.
xplat.fragment @multiply_accumulate {
  formats x fixed (2 to 16) | ufixed (2 to 16), weight fixed (2 to 16) | binary (1 to 1) | ternary (2 to 2), bias fixed (0 to 32),
          y fixed (2 to 32) | ufixed (2 to 32)
  let left_bits (bits_x)
  let right_bits (bits_weight)
  let has_bias (bits_bias > 0)
  let has_shifts (per_channel)
  let bias_width (select (has_bias, bits_bias, 2))
  // The most of all channels; the others have up to `shift_range` bits less.
  let drop (frac_x + frac_weight + frac_above - frac_y)
  let shift_range (frac_range)
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
  parameter Shift (drop)
  parameter PerChannelShift (per_channel)
  parameter ShiftRange (shift_range)
  include @rounded_sums
}

// Element-wise work: a beat in, a beat out. The result of one stage has a register, and a spare one for the beat that
// comes while it waits; that of several, a result FIFO. So no path leads from the `ready` of the result to those of the
// operands.
xplat.fragment @elementwise {
  let lanes (p_n * p_c)
  let one_stage (stages <= 1)
  let places (select (one_stage, 2, stages + 1))
  area adder (lanes * adder_bits)
       logic (lanes * (logic_bits floordiv 3) + select (one_stage, lanes * bits_y + 4, 6 + 6 * clog2 (places)))
       multiply (18, 18) x (lanes * products) factors (multiplier_bits, 18, lanes, 0) x (products > 0)
       register (select (one_stage, 2 * lanes * bits_y + 2,
                         lanes * stage_bits + stages + 1 + 2 * clog2 (places) + 2 * clog2 (places + 1)))
       fifo_ram (lanes * bits_y, places) x (1 - one_stage)
}

// A FIFO of `queue_beats` beats of `queue_bits`.
xplat.fragment @queue {
  // From 34 beats on the memory is mostly a block RAM. It then has a register at the output.
  let registered (queue_beats > 33)
  let queue_words (queue_beats - 1 - registered)
  parameter OutputRegister (registered)
  parameter RamStyle style ram (queue_bits, queue_words)
  // A memory of a single word is a register. From nine words on the number of places is a multiple of 16. Where it is no
  // power of two, an address has to know the last place.
  let one_word (queue_words <= 1)
  let queue_places (select (queue_words > 8, 16 * (queue_words ceildiv 16), queue_words))
  let last_place (1 - is_power_of_two (queue_places))
  let queue_address (clog2 (queue_words))
  // A choice between two bits takes a LUT of any family, as a bit of an adder does.
  area logic (8 + 4 * one_word + (5 + last_place) * queue_address) adder ((1 + registered) * queue_bits)
       register (14 - 3 * one_word + 2 * last_place + 3 * queue_address + queue_bits + 2 * one_word * queue_bits
                 + registered * (2 * queue_bits + 2))
       ram (queue_bits, queue_words) x (1 - one_word)
       ram_register (queue_bits, queue_words, queue_bits) x (1 - one_word)
}

// A buffer of `buffer_banks` memories that are read at once, each of `bank_words` words of `buffer_bits`, and what counts
// the beats in it: it holds `depth` of `sample`. Needs `counter_bits` of the loops inside a row or pixel,
// `read_addresses`: registers from which the banks take theirs, and `wanders`.
xplat.fragment @buffer {
  let count_bits (clog2 (sample + depth + 1) + 2)
  let address_bits (max (1, clog2 (bank_words)))
  let several (buffer_banks > 1)
  parameter RamStyle style ram (buffer_bits, bank_words)
  // Room and arrival are sums of counts. An address is the smaller of two sums; where it `wanders`, it moves by one of
  // many distances.
  area logic (2 * count_bits + (2 + 3 * wanders) * address_bits * (1 + read_addresses)
              + (several * buffer_banks * address_bits + counter_bits) floordiv 2)
       register (18 + 2 * count_bits + address_bits * (2 + read_addresses) + counter_bits
                 + buffer_bits + buffer_banks * (address_bits + 1))
       ram (buffer_bits, bank_words) x (buffer_banks)
       ram_multiplexer (buffer_bits, bank_words) x (buffer_banks)
}

// A buffer of `buffer_rows` rows, double-buffered, each of `row_beats` beats of `buffer_bits` that are read `row_folds`
// times.
xplat.fragment @row_buffer {
  let depth (2 * row_beats + 2)
  let buffer_banks (1)
  let bank_words (depth)
  let sample (buffer_rows * row_beats)
  let counter_bits (clog2 (row_beats) + (row_beats > 1) + clog2 (row_folds) + (row_folds > 1) + clog2 (buffer_rows))
  let read_addresses (1)
  let wanders (0)
  include @buffer
}

// Registers between the banks of @buffer and multipliers of `left_bits` and `right_bits`: `direct` ones with no logic
// between, or one behind each bank and `window_bits` behind the multiplexers.
xplat.fragment @operands {
  area ram_to_factors (buffer_bits, bank_words, left_bits, right_bits) x (buffer_banks * direct)
       ram_register (buffer_bits, bank_words, buffer_bits) x (buffer_banks * (1 - direct))
       register (buffer_banks * buffer_bits + window_bits) x (1 - direct)
}

// The right factor of a product of two streams: `matrices` of `words` words, each of `banks` beats of `bank_bits`, in the
// sequence of which `beat_folds` go to one bank. What is read goes through two registers, and if it is `right_direct`
// without logic to multipliers of `left_bits` and `right_bits`, whose registers are counted here. For each of room and
// arrival there is a count, for writing and reading a place, and each of them has loops of its own.
xplat.fragment @matrices {
  let matrix_count_bits (clog2 ((matrices + 1) * words * banks + 1) + 1)
  let matrix_address_bits (max (1, clog2 (matrices * words)))
  let matrix_loop_bits (3 * (clog2 (m) + (m > 1)) + 3 * (clog2 (out_folds) + (out_folds > 1))
      + 2 * (clog2 (work) + (work > 1)) + clog2 (beat_folds))
  parameter MatrixStyle style ram (bank_bits, matrices * words)
  area logic (20 + 4 * matrix_count_bits + 5 * matrix_address_bits + matrix_loop_bits + banks)
       register (16 + 2 * matrix_count_bits + 4 * matrix_address_bits + matrix_loop_bits + 2 * banks)
       delay (bank_bits, 3)
       ram (bank_bits, matrices * words) x (banks) ram_multiplexer (bank_bits, matrices * words) x (banks)
       ram_to_multiplier (bank_bits, matrices * words, left_bits, right_bits) x (banks * right_direct)
       ram_register (bank_bits, matrices * words, bank_bits) x (banks * (1 - right_direct))
       register (bank_bits) x (banks * (1 - right_direct))
}

// A window that slides over an image: the buffer holds the beats (`beats` to a pixel, of `pixel_bits` bits of each of
// their columns) between the first that a window still needs and the last that has arrived. docs/KernelRtl.md has the
// argument for `depth`, and for `bank_words`: each element is in one of the banks, by its row and column. Needs also
// `any_order`, and what @buffer does, without those of the image, of counters: `loop_bits`.
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
  // From the banks to the positions of a window, where the banks of these change: at every step or row, or with every
  // image, unless positions may come in `any_order` and there are as many banks.
  let routes (1 - any_order * (row_banks == p_kh) * (column_banks == read_columns))
  let turns_rows (stride_h mod row_banks > 0 or (h - (oh - 1) * stride_h) mod row_banks > 0
      or (p_kh < kh and (p_kh * dilation_h) mod row_banks > 0))
  let turns_columns (step_w mod column_banks > 0 or (p_ow == 1 and p_kw < kw and (p_kw * dilation_w) mod column_banks > 0))
  // Banks read up to that many rows and columns of words behind the window's first.
  let rows_ahead ((select (turns_rows, row_banks - 1, (pad_h * (row_banks - 1)) mod row_banks)
      + (p_kh - 1) * dilation_h) floordiv row_banks)
  let columns_ahead ((select (turns_columns, column_banks - 1, (before_w * (column_banks - 1)) mod column_banks)
      + (read_columns - 1) * gap_w) floordiv column_banks)
  let read_addresses ((1 + rows_ahead) * (1 + columns_ahead))
  // Windows that reach beyond the image are masked, which takes the position in it.
  let masks_rows (pad_h > 0 or (oh - 1) * stride_h + extent_h > h)
  let masks_columns (before_w > 0 or (steps - 1) * step_w + extent_w > columns)
  let masks (masks_rows + masks_columns)
  let position_bits (clog2 (h + columns + oh * stride_h + steps * step_w + extent_h + extent_w) + 2)
  let window_bits (p_kh * pixel_bits * select (p_ow > 1, span, p_kw))
  // Where nothing is masked or routed, registers follow the read of the banks with no logic between.
  let direct ((masks == 0) * (1 - routes * max (turns_rows, turns_columns)))
  let counter_bits (loop_bits + clog2 (oh) + clog2 (steps)
      + (buffer_banks > 1) * (clog2 (beats) + clog2 (columns) + 2))
  let wanders (kh * kw > 1)
  include @buffer
  // Rows are chosen first; behind that a choice between two columns comes with the LUTs.
  area logic (routes * (turns_rows * p_kh * column_banks * buffer_bits * (row_banks ceildiv 3)
              + turns_columns * (1 - turns_rows * (column_banks == 2)) * window_bits * (column_banks ceildiv 3)))
       logic (masks * position_bits + (masks_rows * p_kh + masks_columns * read_columns) * (position_bits floordiv 2))
       register (masks * (position_bits + 6) + 2 * (masks_rows * p_kh + masks_columns * read_columns)
                 + (masks > 0) * p_kh * read_columns + 6 * (turns_rows + turns_columns))
}

// Windows of a convolution of groups of channels. Needs `lane_folds`, `weight_words` and `pixel_bits`.
xplat.fragment @convolution {
  let row_steps (kh floordiv p_kh)
  let column_steps (select (p_ow > 1, 1, kw floordiv p_kw))
  let lane_steps (lane_folds floordiv groups)
  let depth_steps (ic floordiv p_ic)
  let any_order (0)
  let beats (channels floordiv p_ic)
  // Counters of the loops, and whether each of them ends.
  let loop_bits (clog2 (depth_steps) + (depth_steps > 1) + clog2 (column_steps) + (column_steps > 1) + clog2 (row_steps)
      + (row_steps > 1) + clog2 (lane_steps) + (lane_steps > 1) + clog2 (groups) + (groups > 1))
  parameter InChannels (channels)
  parameter OutChannels (oc)
  parameter Groups (groups)
  include @window
  parameter OutLanes (p_oc)
  parameter InLanes (p_ic)
  parameter UnrollKh (p_kh)
  parameter UnrollKw (p_kw)
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
  // Registers of a tree over the positions, each behind two numbers or the one that is left.
  let tree_nodes ((positions > 1) * (positions ceildiv 2) + (positions > 2) * (positions ceildiv 4)
      + (positions > 4) * (positions ceildiv 8) + (positions > 8) * (positions ceildiv 16)
      + (positions > 16) * (positions ceildiv 32))
  let places (max (2, delay ceildiv folds))
  area logic (20 + 4 * clog2 (places))
       register (14 + clog2 (positions) + 4 * clog2 (places))
       ram_delay (buffer_bits, bank_words, 2) x (buffer_banks * direct)
       ram_register (buffer_bits, bank_words, buffer_bits) x (buffer_banks * (1 - direct))
       register (buffer_banks * buffer_bits + window_bits) x (1 - direct)
       fifo_ram (p_ow * p_c * bits_y, places)
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
  let is_position (kind >= 4)
  let delay (4 + clog2 (terms) + rounding)
  // A position stands below the extreme: in a beat, and along the dimension.
  let tag_bits (is_position * clog2 (terms))
  let position_bits (is_position * max (1, clog2 (repeats * tail * terms)))
  let sum_width (bits_x + unsigned_x + select (is_extreme, position_bits, clog2 (repeats * tail * terms)))
  let sum_bits (lanes * sum_width)
  parameter Kind (kind)
  parameter Repeats (repeats)
  parameter Kept (kept)
  parameter Tail (tail)
  parameter Terms (terms)
  parameter Lanes (lanes)
  parameter InWidth (bits_x)
  parameter OutWidth (bits_y)
  parameter Shift (select (is_position, 0, frac_x - frac_y))
  parameter InUnsigned (unsigned_x)
  parameter OutUnsigned (unsigned_y)
  parameter RamStyle style ram (sum_bits, kept)
  // Neighbours that are added in one cycle: their part of the input register and of the tree.
  // Beats that wait at the entrance stand in a memory.
  area logic (16 + lanes * (terms - 1) * is_extreme * bits_x) fifo_ram (lanes * terms * bits_x, 3)
       tree (bits_x, terms, lanes) x (1 - is_extreme)
       register (6 + lanes * (terms - 1) * (bits_x + is_extreme * (bits_x + tag_bits)))
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
  formats x fixed (2 to 32) | ufixed (2 to 32) | integer (2 to 32), y fixed (2 to 32) | ufixed (2 to 32) | integer (2 to 32)
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
// less those of the mantissas of both factors, `lanes` of the result, and what @sums does of `has_bias` and `lane_folds`.
// What is summed: `windows` times, `positions` of a window in one cycle, each of which has `block_row` terms, the
// elements along which blocks run, `row_terms` of them in one cycle. Defines `terms` of a cycle, `work`, `delay`,
// `cycle_blocks` that have an exponent each, and `block_folds`, the cycles of a block that comes in parts.
xplat.fragment @block_sums {
  // A beat has whole blocks, or is a whole part of one. Mantissas of E5M2, the only float with five bits of exponent,
  // have 33 bits.
  where (accumulator_bits > 0, (row_terms mod block) * (block mod row_terms) == 0, left_complement == right_complement,
         left_exponent < 5, right_exponent < 5)
  let terms (positions * row_terms)
  let row_work (block_row floordiv row_terms)
  let work (windows * row_work)
  let cycle_blocks (positions * max (row_terms floordiv block, 1))
  let block_terms (terms floordiv cycle_blocks)
  let block_folds (max (min (block floordiv row_terms, row_work), 1))
  let delay (work + 16 + clog2 (block_terms) + clog2 (cycle_blocks))
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
  let dot_bits (magnitude_bits + 1 - left_complement + clog2 (block_terms) + clog2 (block_folds))
  let wide_bits (dot_bits + accumulator_bits)
  let sums (lanes)
  let has_shifts (0)
  let shift_range (0)
  let drop (accumulator_frac - frac_y)
  let accumulates (work > block_folds)
  let exact_bits (accumulator_bits + clog2 (windows * positions * (block_row ceildiv (block_folds * block_terms))))
  include @sums
  // Products and their signs, adder tree, and the count of negative ones. Of each group: the exponents that go beside
  // it, sum of mantissas, places of the shift, shifted, saturated.
  area logic (lanes * (terms * select (table, magnitude_bits + 4,
                  (1 - left_complement) * (magnitude_bits + 4) + (right_exponent > 0) * right_mantissa)
              + cycle_blocks * ((3 * wide_bits * clog2 (wide_bits)) floordiv 5 + accumulator_bits + 20)))
       register (lanes * (table * terms * (right_bits + magnitude_bits) + (1 - left_complement) * (terms
                  + cycle_blocks * clog2 (block_terms) * (clog2 (block_terms) + 1))
              + cycle_blocks * (dot_bits + wide_bits + accumulator_bits + 8)))
       delay (9 * lanes * cycle_blocks, clog2 (block_terms) + 2)
       tree (magnitude_bits + 1, block_terms, lanes * cycle_blocks) x (table)
       factors (left_mantissa, right_mantissa, 0, lanes * terms) x (1 - table)
       multiply_add (left_mantissa, right_mantissa, block_terms, lanes * cycle_blocks) x (1 - table)
       register (2 * clog2 (block_terms) + 4)
}

// Sums of products of an operand and weights, both in block formats, and a bias. Needs what @block_sums does of `lanes`,
// `lane_folds` and terms.
xplat.fragment @block_weights {
  formats x msfp (2 to 16) | mxint8 | mxfp, weight msfp (2 to 16) | mxint8 | mxfp, bias fixed (0 to 32),
          y fixed (2 to 32) | ufixed (2 to 32)
  let block (block_x)
  let left_bits (bits_x)
  let right_bits (bits_weight)
  let left_exponent (exponent_x)
  let right_exponent (exponent_weight)
  let left_complement (complement_x)
  let right_complement (complement_weight)
  let align_shift (accumulator_frac - frac_x - frac_weight)
  let has_bias (bits_bias > 0)
  let bias_width (select (has_bias, bits_bias, 2))
  include @block_sums
  let weight_bits (lanes * terms * right_bits)
  let weight_words (lane_folds * work)
  let exponent_bits (8 * lanes * cycle_blocks)
  let exponent_words (lane_folds * windows * (row_work ceildiv block_folds))
  let bias_bits (lanes * bias_width)
  let bias_words (lane_folds * has_bias)
  memory weight (weight_bits) x (weight_words)
  memory exponent (exponent_bits) x (exponent_words)
  memory bias (bias_bits) x (bias_words)
  parameter InWidth (bits_x)
  parameter WeightWidth (bits_weight)
  parameter InExponent (exponent_x)
  parameter WeightExponent (exponent_weight)
  parameter BiasWidth (bias_width)
  parameter HasBias (has_bias)
}

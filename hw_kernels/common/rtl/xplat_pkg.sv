// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constant functions shared by the kernels: widths, pipeline depths and buffer sizes.
//
// Everything here is evaluated at elaboration. The formulas are stated in docs/KernelRtl.md.

package xplat_pkg;

  // Width of an address of `depth` words, at least one bit.
  function automatic int unsigned addr_width(int unsigned depth);
    return depth > 1 ? $clog2(depth) : 1;
  endfunction

  function automatic int unsigned ceil_div(int unsigned num, int unsigned den);
    return (num + den - 1) / den;
  endfunction

  function automatic int unsigned umax(int unsigned a, int unsigned b);
    return a > b ? a : b;
  endfunction

  function automatic int unsigned umin(int unsigned a, int unsigned b);
    return a < b ? a : b;
  endfunction

  // Quotient rounded down and its remainder, of a number that may be negative.
  function automatic int floor_div(int num, int den);
    return num >= 0 ? num / den : -((den - 1 - num) / den);
  endfunction

  function automatic int modulo(int num, int den);
    return num - den * floor_div(num, den);
  endfunction

  // Seven numbers as an array, for the digits of xplat_travel: a parameter of no stated width cannot
  // stand in a concatenation.
  function automatic bit [6:0][31:0] digits(
      int unsigned d0, int unsigned d1, int unsigned d2, int unsigned d3, int unsigned d4,
      int unsigned d5, int unsigned d6);
    bit [6:0][31:0] all;
    all[0] = d0;
    all[1] = d1;
    all[2] = d2;
    all[3] = d3;
    all[4] = d4;
    all[5] = d5;
    all[6] = d6;
    return all;
  endfunction

  function automatic int unsigned gcd(int unsigned a, int unsigned b);
    int unsigned x = a;
    int unsigned y = b;
    int unsigned t;
    while (y != 0) begin
      t = x % y;
      x = y;
      y = t;
    end
    return x;
  endfunction

  // The largest exponent field of a number in the OCP formats of `width` bits of which `exponent` are an
  // exponent, and its largest code without a sign. E5M2 has infinities and NaN in the last field, E4M3 a
  // NaN in the last code. Without an exponent the code is the largest magnitude.
  function automatic int unsigned float_field(int unsigned width, int unsigned exponent);
    return (1 << exponent) - (width == 8 && exponent == 5 ? 2 : 1);
  endfunction

  function automatic int unsigned float_code(int unsigned width, int unsigned exponent);
    return (1 << (width - 1)) - 1 - (width == 8 && exponent == 5 ? 4 : width == 8 && exponent == 4 ? 1 : 0);
  endfunction

  // Bits of the largest mantissa of such a number, which counts units of the smallest one; and the
  // mantissa of a number without its sign. Without an exponent the number is its mantissa.
  function automatic int unsigned mantissa_bits(int unsigned width, int unsigned exponent);
    return exponent == 0 ? width - 1 : width - exponent + (1 << exponent) - 2;
  endfunction

  function automatic logic [63:0] mantissa(
      logic [15:0] magnitude, int unsigned width, int unsigned exponent);
    int unsigned fraction = width - 1 - exponent;
    logic [15:0] field = magnitude >> fraction;
    logic [15:0] rest = magnitude & ((16'd1 << fraction) - 16'd1);
    if (exponent == 0) return 64'(magnitude);
    if (field == 0) return 64'(rest);
    return (64'(rest) | (64'd1 << fraction)) << (field - 16'd1);
  endfunction

  // Results for which a kernel keeps places: those that it begins, one every `cycles`, before the
  // first of them can have left, `latency` cycles later.
  function automatic int unsigned result_depth(int unsigned latency, int unsigned cycles);
    return umax(2, ceil_div(latency, cycles));
  endfunction

  // Banks along an axis of which `unroll` elements, `dilation` apart, are read at once: the smallest
  // number for which these lie in different banks wherever the first one lies.
  function automatic int unsigned window_banks(int unsigned unroll, int unsigned dilation);
    int unsigned banks = unroll;
    while (banks / gcd(banks, dilation) < unroll) banks++;
    return banks;
  endfunction

  // Columns in a beat of the image that a window slides over: one, or as many as the windows of
  // several neighbouring output pixels move by.
  function automatic int unsigned beat_columns(int unsigned pixels, int unsigned stride);
    return pixels > 1 ? pixels * stride : 1;
  endfunction

  // Words of each of `row_banks` x `col_banks` banks that hold any `depth` beats of a stream that
  // follow each other. The stream is rows of `width` pixels of `beats` beats. See docs/KernelRtl.md.
  function automatic int unsigned bank_depth(
      int unsigned depth, int unsigned width, int unsigned beats, int unsigned row_banks,
      int unsigned col_banks);
    int pixels, per_bank, turn, row, col, rest, words;
    // Between the first and the last pixel that the beats touch; columns of a bank; pixels from a
    // row of a bank to its next one.
    pixels = int'(ceil_div(depth - 1, beats));
    per_bank = int'(ceil_div(width, col_banks));
    turn = int'(row_banks * width);
    // As many rows of a bank as fit in between, and columns beyond; or one row less.
    row = (pixels + (per_bank - 1) * int'(col_banks)) / turn;
    rest = pixels - row * turn;
    col = floor_div(rest, int'(col_banks));
    if (col > per_bank - 1) col = per_bank - 1;
    words = row * per_bank + col;
    col = floor_div(rest + turn, int'(col_banks));
    if (col > per_bank - 1) col = per_bank - 1;
    if (words < (row - 1) * per_bank + col) words = (row - 1) * per_bank + col;
    return umin(depth, unsigned'(words + 1) * beats);
  endfunction

  // Beats of the window kernels' circular buffer: the smallest of the closed forms that never
  // stops the slower of input and computation. `lead_*` is how far the needed prefix runs ahead
  // of a uniform schedule, `lag_*` how far the release trails it; see docs/KernelRtl.md.
  function automatic int unsigned window_depth(
      int unsigned height, int unsigned width, int unsigned out_height, int unsigned out_width,
      int unsigned kernel_h, int unsigned kernel_w, int unsigned stride_h, int unsigned stride_w,
      int unsigned pad_h, int unsigned pad_w, int unsigned beats);
    longint h, w, oh, ow, kh, kw, sh, sw, ph, pw, b, total;
    longint lead_row, lead_col, lag_row, lag_col, other;
    h = longint'(height);
    w = longint'(width);
    oh = longint'(out_height);
    ow = longint'(out_width);
    kh = longint'(kernel_h);
    kw = longint'(kernel_w);
    sh = longint'(stride_h);
    sw = longint'(stride_w);
    ph = longint'(pad_h);
    pw = longint'(pad_w);
    b = longint'(beats);
    total = h * w * b;
    lead_row = (kh - 1 - ph) * w * b;
    other = (h - 1) * w * b - ((h + ph - kh) * total) / (sh * oh);
    if (h + ph >= kh && other > lead_row) lead_row = other;
    lead_col = (kw - pw) * b;
    other = w * b - ((w + pw - kw) * total) / (sw * oh * ow);
    if (w + pw >= kw && other > lead_col) lead_col = other;
    lag_row = (ph * total + sh * oh - 1) / (sh * oh);
    other = ((oh - 1) * total + oh - 1) / oh - ((oh - 1) * sh - ph) * w * b;
    if (other > lag_row) lag_row = other;
    lag_col = ((pw + sw) * total + sw * oh * ow - 1) / (sw * oh * ow);
    other = (total + oh - 1) / oh - ((ow - 1) * sw - pw) * b;
    if (other > lag_col) lag_col = other;
    return unsigned'(int'(lead_row + lead_col + lag_row + lag_col + 2));
  endfunction

endpackage

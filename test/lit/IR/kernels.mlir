// RUN: xplat-opt %s > %t.once
// RUN: FileCheck %s < %t.once
// RUN: xplat-opt %t.once | diff %t.once -
// RUN: xplat-opt %s -mlir-print-op-generic | xplat-opt | diff %t.once -
// RUN: xplat-opt %s -emit-bytecode | xplat-opt | diff %t.once -

// Kernel contracts: all clauses, all operators, all backends. What is read is what is printed.

// CHECK: xplat.kernel @relu implements "xplat.relu" generated {
// CHECK-NEXT: cycles (n * (c floordiv p_c))
// CHECK-NEXT: latency (1)
// CHECK-NEXT: buffer (1)
// CHECK-NEXT: area logic (bits_x * p_c) register (bits_y * p_c + 1)
// CHECK-NEXT: }
xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area logic (bits_x * p_c) register (bits_y * p_c + 1)
}

// CHECK: xplat.kernel @linear implements "xplat.linear" rtl "xplat_linear" files ["rtl/xplat_linear.sv", "rtl/xplat \22odd\22.sv"] attributes {measured = true} {
// CHECK-NEXT: formats x fixed (2 to 16) | msfp, weight any, y fixed
// CHECK-NEXT: let words ((n floordiv p_n) * (k floordiv p_k))
// CHECK-NEXT: where (bits_x <= 16, per_channel == 0)
// CHECK-NEXT: memory weight (p_n * p_k * bits_weight) x (words)
// CHECK-NEXT: memory bias (p_n * bits_bias) x (n floordiv p_n)
// CHECK-NEXT: memory shift (p_n * 6) x (per_channel)
// CHECK-NEXT: parameter InWidth (bits_x)
// CHECK-NEXT: parameter Shift (frac_x + frac_weight - frac_y)
// CHECK-NEXT: parameter RamStyle style ram (bits_x, 2 * k)
// CHECK-NEXT: streams in ["in"] out ["out"]
// CHECK-NEXT: cycles (m * words, m * (k floordiv p_k))
// CHECK-NEXT: latency (8)
// CHECK-NEXT: buffer (2 * (k floordiv p_k))
// CHECK-NEXT: area lut (100) multiply_add (bits_x, bits_weight, p_k, p_n) ram (bits_x, 2 * k) x (p_k) bram36 (1)
// CHECK-NEXT: }
xplat.kernel @linear implements "xplat.linear" rtl "xplat_linear" files ["rtl/xplat_linear.sv", "rtl/xplat \"odd\".sv"]
    attributes {measured = true} {
  formats x fixed (2 to 16) | msfp, weight any, y fixed
  where (bits_x <= 16, per_channel == 0)
  streams in ["in"] out ["out"]
  let words ((n floordiv p_n) * (k floordiv p_k))
  memory weight (p_n * p_k * bits_weight) x (words)
  memory bias (p_n * bits_bias) x (n floordiv p_n)
  memory shift (p_n * 6) x (per_channel)
  parameter InWidth (bits_x)
  parameter Shift (frac_x + frac_weight - frac_y)
  parameter RamStyle style ram (bits_x, 2 * k)
  cycles (m * words, m * (k floordiv p_k))
  latency (8)
  buffer (2 * (k floordiv p_k))
  area lut (100) multiply_add (bits_x, bits_weight, p_k, p_n)
       ram (bits_x, 2 * k) x (p_k) bram36 (1)
}

// CHECK: xplat.kernel @operators implements "xplat.add" generated {
xplat.kernel @operators implements "xplat.add" generated {
  // CHECK-NEXT: where (n == 4, n < c, n <= c, n > c, n >= c and (c == 1 or n == 2), (n < c) == 1, (n + c) * (n < c) > 0)
  where (n == 4, n < c, n <= c, n > c, n >= c and (c == 1 or n == 2), (n < c) == 1, (n + c) * (n < c) > 0)
  // CHECK-NEXT: cycles (n + (c + 1), n - n * c, 0 - n, 0 - (n + c), -5, 3 - 3, n * -2 + c * -1,
  // CHECK-SAME: n + (c - p_c), n - c + p_c,
  // CHECK-SAME: (n + c) * p_c, (n * c) floordiv p_c, n * (c floordiv p_c), (n + c) floordiv (p_c + 1),
  // CHECK-SAME: n ceildiv (c mod 7), (n ceildiv c) mod p_c mod 3, ((n + c) mod (c - p_c)) * -4,
  // CHECK-SAME: n floordiv (c floordiv p_c), n floordiv c floordiv p_c, n * (c * p_c), (n mod c) * (c mod p_c))
  cycles (n + (c + 1), n - n * c, -n, -(n + c), -5, 3 - 3, n * -2 + c * -1,
          n + (c - p_c), n - c + p_c,
          (n + c) * p_c, n * c floordiv p_c, n * (c floordiv p_c), (n + c) floordiv (p_c + 1),
          n ceildiv (c mod 7), n ceildiv c mod p_c mod 3, (n + c) mod (c - p_c) * -4,
          n floordiv (c floordiv p_c), n floordiv c floordiv p_c, n * (c * p_c), (n mod c) * (c mod p_c))
  latency (frac_a - frac_y)
  // CHECK: buffer (max (1, c floordiv p_c, n), min (n, 3), select (n < c, n, c), clog (n, 4), clog2 (n), is_power_of_two (n), bank_count (n, 2))
  buffer (max (1, c floordiv p_c, n), min (n, 3), select (n < c, n, c), clog (n, 4), clog2 (n), is_power_of_two (n), bank_count (n, 2))
  area lut (1)
}

// CHECK: xplat.kernel @boundary implements "xplat.host_input" port {
xplat.kernel @boundary implements "xplat.host_input" port {
  cycles (n)
  latency (0)
  buffer (0)
}

// CHECK: xplat.kernel @wire implements "xplat.reshape" wire {
xplat.kernel @wire implements "xplat.reshape" wire {
  // CHECK-NEXT: where (permutes == 0)
  where (permutes == 0)
  cycles (n * (c floordiv p_c))
  latency (0)
  buffer (0)
  area
}

// A fragment, and a contract that includes it: what stands before it and behind it stays in its place.
// CHECK: xplat.fragment @widths {
// CHECK-NEXT: formats x fixed (2 to 8)
// CHECK-NEXT: let both (bits_x + bits_y)
// CHECK-NEXT: where (both < most)
// CHECK-NEXT: parameter InWidth (bits_x)
// CHECK-NEXT: area logic (both) register (1) x (2)
// CHECK-NEXT: }
xplat.fragment @widths {
  formats x fixed (2 to 8)
  let both (bits_x + bits_y)
  where (both < most)
  parameter InWidth (bits_x)
  area logic (both) register (1) x (2)
}
// CHECK: xplat.kernel @including implements "xplat.relu" generated {
// CHECK-NEXT: let most (20)
// CHECK-NEXT: parameter Lanes (p_c)
// CHECK-NEXT: include @widths
// CHECK-NEXT: let more (both + 1)
// CHECK-NEXT: parameter OutWidth (bits_y)
// CHECK-NEXT: cycles (n)
// CHECK-NEXT: latency (more)
// CHECK-NEXT: buffer (1)
// CHECK-NEXT: order (n, c)
// CHECK-NEXT: area logic (more)
// CHECK-NEXT: }
xplat.kernel @including implements "xplat.relu" generated {
  let most (20)
  parameter Lanes (p_c)
  include @widths
  let more (both + 1)
  parameter OutWidth (bits_y)
  cycles (n)
  latency (more)
  buffer (1)
  order (n, c)
  area logic (more)
}

// A kernel for all element-wise nodes, with a memory for each lane.
// CHECK: xplat.kernel @table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
// CHECK-NEXT: let words (exp2 (bits_x))
// CHECK-NEXT: where (inputs == 1, input_bits <= 12)
// CHECK-NEXT: lookup table (bits_y) x (words) copies (p_c)
// CHECK-NEXT: memory shift (6) x (0)
xplat.kernel @table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
  where (inputs == 1, input_bits <= 12)
  streams in ["in"] out ["out"]
  let words (exp2 (bits_x))
  lookup table (bits_y) x (words) copies (p_c)
  memory shift (6) x (0)
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area rom (bits_y, words) x (p_c)
}

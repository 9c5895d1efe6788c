// RUN: xplat-opt %s > %t.once
// RUN: FileCheck %s < %t.once
// RUN: xplat-opt %t.once | diff %t.once -
// RUN: xplat-opt %s -mlir-print-op-generic | xplat-opt | diff %t.once -
// RUN: xplat-opt %s -emit-bytecode | xplat-opt | diff %t.once -

// Kernel contracts: all clauses, all operators, all backends.

// CHECK: xplat.kernel @relu implements "xplat.relu" generated {
// CHECK-NEXT: cycles (n * (c floordiv p_c))
// CHECK-NEXT: latency (1)
// CHECK-NEXT: buffer (1)
// CHECK-NEXT: area lut (p_c * bits_x) ff (p_c * bits_y + 1) dsp (0) bram36 (0) uram (0)
// CHECK-NEXT: }
xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area lut (bits_x * p_c) ff (bits_y * p_c + 1)
}

// CHECK: xplat.kernel @linear implements "xplat.linear" rtl "xplat_linear" files ["rtl/xplat_linear.sv", "rtl/xplat \22odd\22.sv"] attributes {measured = true} {
// CHECK-NEXT: where (bits_x * -1 + 16 >= 0, per_channel == 0)
// CHECK-NEXT: streams in ["in"] out ["out"]
// CHECK-NEXT: memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
// CHECK-NEXT: memory bias (p_n * bits_bias) x (n floordiv p_n)
// CHECK-NEXT: memory shift (p_n * 6) x (per_channel)
// CHECK-NEXT: parameter InWidth (bits_x)
// CHECK-NEXT: parameter Shift (frac_x + frac_weight - frac_y)
// CHECK-NEXT: cycles (m * (n floordiv p_n) * (k floordiv p_k), m * (k floordiv p_k))
// CHECK-NEXT: latency (8)
// CHECK-NEXT: buffer ((k floordiv p_k) * 2)
// CHECK-NEXT: area lut (100) ff (200) dsp (p_n * p_k) bram36 (1) uram (2)
// CHECK-NEXT: }
xplat.kernel @linear implements "xplat.linear" rtl "xplat_linear" files ["rtl/xplat_linear.sv", "rtl/xplat \"odd\".sv"]
    attributes {measured = true} {
  where (16 - bits_x >= 0, per_channel == 0)
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  memory bias (p_n * bits_bias) x (n floordiv p_n)
  memory shift (p_n * 6) x (per_channel)
  parameter InWidth (bits_x)
  parameter Shift (frac_x + frac_weight - frac_y)
  cycles (m * (n floordiv p_n) * (k floordiv p_k), m * (k floordiv p_k))
  latency (8)
  buffer (2 * (k floordiv p_k))
  area lut (100) ff (200) dsp (p_n * p_k) bram36 (1) uram (2)
}

// A name for a formula is for the reader of the file: its formula takes its place.
// CHECK: xplat.kernel @named
// CHECK: cycles (n * (c floordiv p_c), (c floordiv p_c) * (c floordiv p_c) + 1)
xplat.kernel @named implements "xplat.relu" generated {
  let beats (c floordiv p_c)
  let square (beats * beats)
  cycles (n * beats, square + 1)
  latency (1)
  buffer (1)
  area lut (0)
}

// CHECK: xplat.kernel @operators implements "xplat.add" generated {
xplat.kernel @operators implements "xplat.add" generated {
  // CHECK-NEXT: where (n - 4 == 0, bits_a + bits_b * -2 - 3 >= 0)
  where (n - 4 == 0, bits_a - bits_b * 2 + -3 >= 0)
  // CHECK-NEXT: cycles (n + c + 1, n - (n * c), n * -1, (n + c) * -1, -5, 0, n * -2 - c,
  // CHECK-SAME: n + c - p_c, n - c + p_c,
  // CHECK-SAME: (n + c) * p_c, n * c floordiv p_c, n * (c floordiv p_c), (n + c) floordiv (p_c + 1),
  // CHECK-SAME: n ceildiv (c mod 7), ((n ceildiv c) mod p_c) mod 3, ((n + c) mod (c - p_c)) * -4,
  // CHECK-SAME: n floordiv (c floordiv p_c), (n floordiv c) floordiv p_c, n * (c * p_c), (n mod c) * (c mod p_c))
  cycles (n + (c + 1), n - n * c, -n, -(n + c), -5, 3 - 3, n * -2 + c * -1,
          n + (c - p_c), n - c + p_c,
          (n + c) * p_c, n * c floordiv p_c, n * (c floordiv p_c), (n + c) floordiv (p_c + 1),
          n ceildiv (c mod 7), n ceildiv c mod p_c mod 3, (n + c) mod (c - p_c) * -4,
          n floordiv (c floordiv p_c), n floordiv c floordiv p_c, n * (c * p_c), (n mod c) * (c mod p_c))
  latency (frac_a - frac_y)
  // CHECK: buffer (1, c floordiv p_c)
  buffer (1, c floordiv p_c)
  area lut (1)
}

// CHECK: xplat.kernel @boundary implements "xplat.host_input" port {
xplat.kernel @boundary implements "xplat.host_input" port {
  cycles (n)
  latency (0)
  buffer (0)
  area
}

// CHECK: xplat.kernel @wire implements "xplat.reshape" wire {
xplat.kernel @wire implements "xplat.reshape" wire {
  // CHECK-NEXT: where (permutes == 0)
  where (permutes == 0)
  cycles (n * (c floordiv p_c))
  latency (0)
  buffer (0)
  // CHECK: area lut (0) ff (0) dsp (0) bram36 (0) uram (0)
  area
}

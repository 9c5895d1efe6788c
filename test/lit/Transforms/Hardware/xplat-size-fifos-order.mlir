// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-annotate-cost -xplat-convert-to-dataflow -xplat-size-fifos -verify-diagnostics | FileCheck %s

// Sums over inputs, all outputs inside: a buffer of three beats does for rows of four. The last beat of the row comes in
// cycle 3, and its results twelve cycles later.

// CHECK-LABEL: func.func @row
// CHECK: xplat.mapping @row on @rack clock_mhz 1.000000e+02 cycles 4 latency_cycles 15
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @sums implements "xplat.linear" rtl "sums" files ["sums.sv"] {
  streams in ["in"] out ["out"]
  memory weight (bits_weight * n) x (k)
  cycles (m, m * k)
  latency (12)
  buffer (3)
  order (m, k, n)
  area lut (1)
}
xplat.param @w : tensor<8x4x!q>
func.func @row(%x: tensor<1x4xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>} : tensor<1x4xf32> -> tensor<1x4x!q>
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @sums, unroll = <1, 8, 1>, place = #a>} : tensor<1x4x!q> -> tensor<1x8x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 8>, place = #a>} : tensor<1x8x!q> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
xplat.mapping @row on @rack clock_mhz 100.0 cycles 4 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

// The fork takes a cycle, so the first row has its sums in cycle 16. Of the other branch three rows wait then: they leave
// the width converter in cycles 5, 9 and 13. The last beat comes in cycle 31, and the addition takes a cycle.

// CHECK-LABEL: func.func @rows
// CHECK: xplat.fifo %{{.*}} depth 3 {{.*}}
// CHECK: xplat.mapping @rows on @rack clock_mhz 1.000000e+02 cycles 32 latency_cycles 45
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @sums implements "xplat.linear" rtl "sums" files ["sums.sv"] {
  streams in ["in"] out ["out"]
  memory weight (bits_weight * n) x (k)
  cycles (m, m * k)
  latency (12)
  buffer (3)
  order (m, k, n)
  area lut (1)
}
xplat.param @w : tensor<4x4x!q>
func.func @rows(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>} : tensor<8x4xf32> -> tensor<8x4x!q>
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @sums, unroll = <1, 4, 1>, place = #a>} : tensor<8x4x!q> -> tensor<8x4x!q>
  %2 = xplat.add %1, %0 {config = #xplat.config<kernel = @add, unroll = <1, 4>, place = #a>} : tensor<8x4x!q>, tensor<8x4x!q> -> tensor<8x4x!q>
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 4>, place = #a>} : tensor<8x4x!q> -> tensor<8x4xf32>
  return %3 : tensor<8x4xf32>
}
xplat.mapping @rows on @rack clock_mhz 100.0 cycles 32 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

// Means of four channels over six pixels: a result for each beat of the last pixel, the last of them for that of cycle
// 23.

// CHECK-LABEL: func.func @means
// CHECK: xplat.mapping @means on @rack clock_mhz 1.000000e+02 cycles 24 latency_cycles 35
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @mean implements "xplat.global_avg_pool2d" rtl "mean" files ["mean.sv"] {
  streams in ["in"] out ["out"]
  cycles (c, h * w * c)
  latency (12)
  buffer (3)
  order (h, w, c)
  area lut (1)
}
func.func @means(%x: tensor<1x4x2x3xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>} : tensor<1x4x2x3xf32> -> tensor<1x4x2x3x!q>
  %1 = xplat.global_avg_pool2d %0 {config = #xplat.config<kernel = @mean, unroll = <1, 1, 1>, place = #a>} : tensor<1x4x2x3x!q> -> tensor<1x4x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>} : tensor<1x4x!q> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}
xplat.mapping @means on @rack clock_mhz 100.0 cycles 24 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

// A kernel that states no order computes row after row, and needs room for one.

!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @row_by_row implements "xplat.linear" rtl "rows" files ["rows.sv"] {
  streams in ["in"] out ["out"]
  memory weight (bits_weight * n) x (k)
  cycles (m, m * k)
  latency (12)
  buffer (3)
  area lut (1)
}
xplat.param @w : tensor<8x4x!q>
func.func @row(%x: tensor<1x4xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>} : tensor<1x4xf32> -> tensor<1x4x!q>
  // expected-error@below {{needs 4 beats of operand 0 at once, but kernel '@row_by_row' holds 3}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @row_by_row, unroll = <1, 8, 1>, place = #a>} : tensor<1x4x!q> -> tensor<1x8x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 8>, place = #a>} : tensor<1x8x!q> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
xplat.mapping @row on @rack clock_mhz 100.0 cycles 4 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

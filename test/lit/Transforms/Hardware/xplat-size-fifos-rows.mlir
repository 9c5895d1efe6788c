// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-annotate-cost -xplat-convert-to-dataflow -xplat-size-fifos | FileCheck %s

// A result of a softmax needs its row, not the tensor. So the other branch of the residual block waits for about a row of
// 8 elements, and the latency is little more than the time in which a sample arrives.

!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>

xplat.kernel @softmax implements "xplat.softmax" rtl "softmax" files ["softmax.sv"] {
  parameter Outer (outer)
  streams in ["in"] out ["out"]
  cycles (n * c)
  latency (12)
  buffer (2 * c + 2)
  area lut (0)
}
// CHECK-LABEL: func.func @rows
// CHECK: xplat.fifo %{{.*}} depth 20 {{.*}}
// CHECK: xplat.mapping @rows on @rack clock_mhz 1.000000e+02 cycles 512 latency_cycles 532
func.func @rows(%x: tensor<1x64x8xf32>) -> tensor<1x64x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>}
      : tensor<1x64x8xf32> -> tensor<1x64x8x!q> loc("x")
  %1 = xplat.softmax %0 dim 2 {config = #xplat.config<kernel = @softmax, unroll = <1, 1>, place = #a>}
      : tensor<1x64x8x!q> -> tensor<1x64x8x!q> loc("weights")
  %2 = xplat.add %1, %0 {config = #xplat.config<kernel = @add, unroll = <1, 1>, place = #a>}
      : tensor<1x64x8x!q>, tensor<1x64x8x!q> -> tensor<1x64x8x!q> loc("sum")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>}
      : tensor<1x64x8x!q> -> tensor<1x64x8xf32> loc("y")
  return %3 : tensor<1x64x8xf32>
}
xplat.mapping @rows on @rack clock_mhz 100.0 cycles 512 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <lut = 1000, dsp = 100>>]

// -----

// Along a dimension that does not travel innermost, the last row decides: nearly all of the tensor.

!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>

xplat.kernel @softmax implements "xplat.softmax" rtl "softmax" files ["softmax.sv"] {
  parameter Outer (outer)
  streams in ["in"] out ["out"]
  cycles (n * c)
  latency (12)
  buffer (2 * n * c)
  area lut (0)
}
// CHECK-LABEL: func.func @columns
// CHECK: xplat.fifo %{{.*}} depth 517 {{.*}}
// CHECK: xplat.mapping @columns on @rack clock_mhz 1.000000e+02 cycles 512 latency_cycles 1029
func.func @columns(%x: tensor<1x64x8xf32>) -> tensor<1x64x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>}
      : tensor<1x64x8xf32> -> tensor<1x64x8x!q> loc("x")
  %1 = xplat.softmax %0 dim 1 {config = #xplat.config<kernel = @softmax, unroll = <1, 1>, place = #a>}
      : tensor<1x64x8x!q> -> tensor<1x64x8x!q> loc("weights")
  %2 = xplat.add %1, %0 {config = #xplat.config<kernel = @add, unroll = <1, 1>, place = #a>}
      : tensor<1x64x8x!q>, tensor<1x64x8x!q> -> tensor<1x64x8x!q> loc("sum")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>}
      : tensor<1x64x8x!q> -> tensor<1x64x8xf32> loc("y")
  return %3 : tensor<1x64x8xf32>
}
xplat.mapping @columns on @rack clock_mhz 100.0 cycles 512 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <lut = 1000, dsp = 100>>]

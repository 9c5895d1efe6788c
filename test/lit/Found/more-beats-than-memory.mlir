// RUN: not xplat-opt -xplat-link-library=files=%S/../Inputs/dataflow.mlir -xplat-annotate-cost -xplat-convert-to-dataflow -xplat-size-fifos %s 2>&1 | FileCheck %s

// A sample of more beats than tables of them find room for in memory.
// CHECK: 'xplat.fork' op has 17179869184 beats in a sample, and with the nodes before it that is more than the 134217728 that FIFO depths are computed for; give more lanes or smaller samples
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @softmax implements "xplat.softmax" rtl "softmax" files ["softmax.sv"] {
  parameter Outer (outer)
  streams in ["in"] out ["out"]
  cycles ( c)
  latency (12)
  buffer ( c)
}
func.func @columns(%x: tensor<1x2147483648x8xf32>) -> tensor<1x2147483648x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>}
      : tensor<1x2147483648x8xf32> -> tensor<1x2147483648x8x!q> loc("x")
  %1 = xplat.softmax %0 dim 1 {config = #xplat.config<kernel = @softmax, unroll = <1, 1>, place = #a>}
      : tensor<1x2147483648x8x!q> -> tensor<1x2147483648x8x!q>
  %2 = xplat.add %1, %0 {config = #xplat.config<kernel = @add, unroll = <1, 1>, place = #a>}
      : tensor<1x2147483648x8x!q>, tensor<1x2147483648x8x!q> -> tensor<1x2147483648x8x!q> loc("sum")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>}
      : tensor<1x2147483648x8x!q> -> tensor<1x2147483648x8xf32>
  return %3 : tensor<1x2147483648x8xf32>
}
xplat.mapping @columns on @rack clock_mhz 100.0 cycles 512 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack, used = <>, budget = <lut = 100>>]

// RUN: xplat-opt %s -xplat-link-library="files=%S/../Inputs/dataflow.mlir" -xplat-annotate-cost -xplat-convert-to-dataflow -o %t
// RUN: xplat-analysis-test schedule %t | FileCheck %s

// The last two rows of the result both need the last row of the operand. What a beat of the last row needs is no less
// than what the row above it needed: results leave in order.
// CHECK: schedule of {{[0-9]+}} actors accepted
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>

xplat.param @w : tensor<4x4x3x3x!q>
func.func @forward(%x: tensor<1x4x7x4xf32>) -> tensor<1x4x7x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>}
      : tensor<1x4x7x4xf32> -> tensor<1x4x7x4x!q> loc("x")
  %1 = xplat.conv2d %0 weight @w stride [1, 1] padding [1, 1] groups 1
      {config = #xplat.config<kernel = @conv2d, unroll = <1, 1, 2, 3, 3, 2>, place = #a>}
      : tensor<1x4x7x4x!q> -> tensor<1x4x7x4x!q> loc("conv")
  %2 = xplat.add %1, %0 {config = #xplat.config<kernel = @add, unroll = <1, 1>, place = #a>}
      : tensor<1x4x7x4x!q>, tensor<1x4x7x4x!q> -> tensor<1x4x7x4x!q> loc("sum")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>}
      : tensor<1x4x7x4x!q> -> tensor<1x4x7x4xf32> loc("y")
  return %3 : tensor<1x4x7x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 400 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <lut = 1000, dsp = 100>>]


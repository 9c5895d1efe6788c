// RUN: xplat-opt %s -xplat-link-library="files=%S/../Inputs/dataflow.mlir" -xplat-annotate-cost -xplat-convert-to-dataflow -o %t
// RUN: xplat-analysis-test schedule %t | FileCheck %s

// A residual block over two boards with 100 and 250 MHz: the convolution is on the fast one. No event of the schedule
// may be a tick earlier, and no FIFO a beat shallower.
// CHECK: schedule of {{1[0-9]}} actors accepted, {{[0-9][0-9][0-9]+}} changes rejected
!q = !quant.uniform<i8:f32, 6.25e-02>
#slow = #xplat.place<@mixed::@slow>
#fast = #xplat.place<@mixed::@fast>
xplat.device @steady fpga part "x" clock_mhz 100.0 resources <lut = 10000> source "for tests" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 40.0 source "for tests"
}
xplat.device @swift fpga part "x" clock_mhz 250.0 resources <lut = 10000> source "for tests" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 40.0 source "for tests"
}
xplat.system @mixed {
  xplat.instance @slow of @steady
  xplat.instance @fast of @swift
  xplat.cable @cable @slow port @link to @fast port @link
}

xplat.param @w : tensor<4x4x3x3x!q>
func.func @forward(%x: tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #slow>}
      : tensor<1x4x4x4xf32> -> tensor<1x4x4x4x!q> loc("x")
  %1 = xplat.conv2d %0 weight @w stride [1, 1] padding [1, 1] groups 1
      {config = #xplat.config<kernel = @conv2d, unroll = <1, 1, 1, 3, 3, 2>, place = #fast>}
      : tensor<1x4x4x4x!q> -> tensor<1x4x4x4x!q> loc("conv")
  %2 = xplat.add %1, %0 {config = #xplat.config<kernel = @add, unroll = <1, 1>, place = #slow>}
      : tensor<1x4x4x4x!q>, tensor<1x4x4x4x!q> -> tensor<1x4x4x4x!q> loc("sum")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #slow>}
      : tensor<1x4x4x4x!q> -> tensor<1x4x4x4xf32> loc("y")
  return %3 : tensor<1x4x4x4xf32>
}
xplat.mapping @forward on @mixed clock_mhz 500.0 cycles 401 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@mixed::@slow, used = <>, budget = <lut = 1000>>]

// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-annotate-cost -xplat-convert-to-dataflow -xplat-size-fifos | FileCheck %s

// Results come in a burst, faster than the clock of the other board takes them. They wait in the memory of the clock
// crossing, which is as deep as that needs, and not in a FIFO before it, which would have the wrong clock.
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

// CHECK-LABEL: func.func @forward
// CHECK: %[[FC:.*]] = xplat.linear
// CHECK: %[[LINK:.*]] = xplat.link
// CHECK-NEXT: %[[HERE:.*]] = xplat.cdc %[[LINK]] depth 64 {area = #xplat.resources<lut = 10>, config = #xplat.config<kernel = @cdc, place = <@mixed::@slow>>
// CHECK-NEXT: xplat.host_output %[[HERE]]
// CHECK: xplat.mapping {{.*}} cycles 1280
xplat.param @w : tensor<256x4x!q>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x256xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = #fast>}
      : tensor<1x4xf32> -> tensor<1x4x!q> loc("x")
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 1, 4>, place = #fast>}
      : tensor<1x4x!q> -> tensor<1x256x!q> loc("fc")
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #slow>}
      : tensor<1x256x!q> -> tensor<1x256xf32> loc("y")
  return %2 : tensor<1x256xf32>
}
xplat.mapping @forward on @mixed clock_mhz 500.0 cycles 1280 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@mixed::@slow, used = <>, budget = <lut = 1000>>]

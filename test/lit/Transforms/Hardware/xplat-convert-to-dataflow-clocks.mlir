// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-annotate-cost -xplat-convert-to-dataflow -xplat-size-fifos -xplat-verify-lowerable | FileCheck %s

// Two clocks, 100 and 250 MHz: a tick is 2 ns. A link has the clock of the device that sends. So the slice and the
// latency count in its cycles, and a clock crossing stands at the other end. 16 ticks are 3 cycles of the slow
// clock and 8 of the fast one: a beat of 8 bits takes one and four of them.

!q = !quant.uniform<i8:f32, 6.25e-02>
#slow = #xplat.place<@mixed::@slow>
#fast = #xplat.place<@mixed::@fast>
xplat.device @steady fpga part "x" clock_mhz 100.0 resources <lut = 10000, ff = 10000, bram36 = 10> source "for tests" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 40.0 source "for tests"
  xplat.memory @ddr capacity_mib 1 bandwidth_mb_per_s 4000.0 source "for tests"
}
xplat.device @swift fpga part "x" clock_mhz 250.0 resources <lut = 10000, ff = 10000, bram36 = 10> source "for tests" {
  xplat.port @link count 1 rate_gbps 3.2 latency_ns 40.0 source "for tests"
  xplat.memory @ddr capacity_mib 1 bandwidth_mb_per_s 4000.0 source "for tests"
}
xplat.system @mixed {
  xplat.instance @slow of @steady
  xplat.instance @fast of @swift
  xplat.cable @cable @slow port @link to @fast port @link
}
// CHECK-LABEL: func.func @forward
// CHECK: %[[X:.*]] = xplat.host_input
// CHECK: %[[THERE:.*]] = xplat.link %[[X]] over @mixed::@cable to <@mixed::@fast> phit_bits 8 latency_cycles 4 credits 12
// CHECK-SAME: place = <@mixed::@slow>
// CHECK: %[[HERE:.*]] = xplat.cdc %[[THERE]]
// CHECK-SAME: place = <@mixed::@fast>
// CHECK: %[[ACT:.*]] = xplat.relu %[[HERE]]
// CHECK: %[[BACK:.*]] = xplat.link %[[ACT]] over @mixed::@cable to <@mixed::@slow> phit_bits 2 latency_cycles 10 credits 7
// CHECK-SAME: place = <@mixed::@fast>
// CHECK: xplat.cdc %[[BACK]]
// CHECK-SAME: place = <@mixed::@slow>
// The slowest: two beats of a sample in two cycles of the slow clock take ten ticks; a beat in four of the fast one,
// two of them, sixteen.
// CHECK: xplat.mapping @forward on @mixed clock_mhz 5.000000e+02 cycles 16
func.func @forward(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #slow>, rate = #xplat.rate<cycles = 2, latency = 0>, area = #xplat.resources<>}
      : tensor<1x2xf32> -> tensor<1x2x!q> loc("x")
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 1>, place = #fast>, rate = #xplat.rate<cycles = 2, latency = 1>, area = #xplat.resources<>}
      : tensor<1x2x!q> -> tensor<1x2x!q> loc("act")
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #slow>, rate = #xplat.rate<cycles = 2, latency = 0>, area = #xplat.resources<>}
      : tensor<1x2x!q> -> tensor<1x2xf32> loc("y")
  return %2 : tensor<1x2xf32>
}
xplat.mapping @forward on @mixed clock_mhz 500.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [
      #xplat.usage<@mixed::@slow, used = <>, budget = <lut = 10000, ff = 10000, bram36 = 10>>,
      #xplat.usage<@mixed::@fast, used = <>, budget = <lut = 10000, ff = 10000, bram36 = 10>>]

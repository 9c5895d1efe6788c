// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-hardware="system=lab max-utilization=1" | FileCheck %s
// RUN: not xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-hardware="system=lab max-utilization=1 target-cycles=40" 2>&1 | FileCheck %s --check-prefix=FAST

// A device whose cost is a table: a linear layer costs what was measured, and nothing else can be had, so that 80 cycles
// are the fewest. A relu costs what its contract says.
// CHECK-LABEL: func.func @forward
// CHECK: xplat.linear {{.*}}<lut = 9, dsp = 3>, config = #xplat.config<kernel = @linear, unroll = <1, 1, 4>,{{.*}}<cycles = 80, latency = 7>
// CHECK: xplat.linear {{.*}}<lut = 9, dsp = 3>, config = #xplat.config<kernel = @linear, unroll = <1, 1, 4>,{{.*}}<cycles = 80, latency = 7>
// CHECK: xplat.relu {{.*}}<lut = 10>
// CHECK: xplat.mapping {{.*}} cycles 80 {{.*}} bound_cycles 80
// FAST: error: 'xplat.linear' needs at least 80 cycles per sample, at its largest unroll, but the target is 40

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.device @edge fpga part "p" clock_mhz 100.0 resources <lut = 1000, ff = 1000, dsp = 16, bram36 = 4> source "s" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 100.0 source "s"
  xplat.port @link count 2 rate_gbps 0.8 latency_ns 40.0 source "s"
}
xplat.cost_table @bench of @edge source "for tests" {
  xplat.measurement @linear where {k = 16, m = 1, n = 16, p_k = 2, p_n = 1} cycles 192 latency 7 area <lut = 5, dsp = 1>
  xplat.measurement @linear where {k = 16, m = 1, n = 16, p_k = 4, p_n = 1} cycles 80 latency 7 area <lut = 9, dsp = 3>
  xplat.measurement @kernel_of_another_library where {} cycles 1 latency 1 area <>
}
xplat.system @lab {
  xplat.instance @a of @edge
}
xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w2 : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.relu %2 : tensor<1x16x!q> -> tensor<1x16x!q>
  %4 = xplat.host_output %3 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %4 : tensor<1x16xf32>
}

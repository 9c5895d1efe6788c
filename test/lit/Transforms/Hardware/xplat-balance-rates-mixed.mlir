// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-hardware="system=mixed max-utilization=1 target-cycles=200" | FileCheck %s
// RUN: not xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-hardware="system=mixed max-utilization=1 target-cycles=79" 2>&1 | FileCheck %s --check-prefix=FAST

// Two devices with different costs in one system: a node costs what it costs on its device.
// CHECK-LABEL: func.func @forward
// CHECK: xplat.linear {{.*}}<lut = 5, dsp = 1>, config = #xplat.config<kernel = @linear, {{.*}}place = <@mixed::@e>{{.*}}<cycles = 192, latency = 7>
// CHECK: xplat.linear {{.*}}<lut = 8, dsp = 2>, config = #xplat.config<kernel = @linear, {{.*}}place = <@mixed::@b>{{.*}}<cycles = 128, latency = 17>
// CHECK: xplat.mapping {{.*}} cycles 192 {{.*}} bound_cycles 16
// FAST: error: 'xplat.linear' needs at least 80 cycles per sample on any one device of system '@mixed'

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.device @edge fpga part "p" clock_mhz 100.0 resources <lut = 1000, ff = 1000, dsp = 16, bram36 = 4> source "s" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 100.0 source "s"
  xplat.port @link count 2 rate_gbps 0.8 latency_ns 40.0 source "s"
}
xplat.device @plain fpga part "p" clock_mhz 100.0 resources <lut = 1000, ff = 1000, dsp = 16, bram36 = 4> source "s" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 100.0 source "s"
  xplat.port @link count 2 rate_gbps 0.8 latency_ns 40.0 source "s"
}
xplat.cost_table @bench of @edge source "for tests" {
  xplat.measurement @linear where {k = 16, m = 1, n = 16, p_k = 2, p_n = 1} cycles 192 latency 7 area <lut = 5, dsp = 1>
  xplat.measurement @linear where {k = 16, m = 1, n = 16, p_k = 4, p_n = 1} cycles 80 latency 7 area <lut = 9, dsp = 3>
  xplat.measurement @kernel_of_another_library where {} cycles 1 latency 1 area <>
}
xplat.system @mixed {
  xplat.instance @e of @edge
  xplat.instance @b of @plain
  xplat.cable @eb @e port @link to @b port @link
}
xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 {fixed = #xplat.config<place = <@mixed::@e>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w2 {fixed = #xplat.config<place = <@mixed::@b>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.host_output %2 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %3 : tensor<1x16xf32>
}

// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-partition="system=pair max-utilization=1 objective=latency target-per-second=1e6" | FileCheck %s
// RUN: not xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-partition="system=pair max-utilization=1 target-cycles=15" 2>&1 | FileCheck %s --check-prefix=SLOW

// SLOW: error: 'xplat.host_input' needs 16 cycles per sample under its unroll factors, but the target is 15

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w : tensor<16x16x!q>

// What was asked for stands in the mapping; a place that a node has stays.
// CHECK-LABEL: func.func @placed
// CHECK: xplat.linear {{.*}}place = <@pair::@b>
// CHECK: xplat.mapping @placed on @pair {{.*}}bottleneck "{{[^"]*}}" objective latency target_per_second 1.000000e+06 usage
func.func @placed(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>, fixed = #xplat.config<place = <@pair::@b>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output>} : tensor<1x16x!q> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}

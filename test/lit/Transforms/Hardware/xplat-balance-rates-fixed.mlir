// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=pair max-utilization=1" -xplat-annotate-cost -xplat-partition="system=pair max-utilization=1" -xplat-verify-mapping | FileCheck %s
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=pair max-utilization=1" -xplat-annotate-cost -xplat-partition="system=pair max-utilization=1 solver=path" -xplat-verify-mapping | FileCheck %s

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>

// One output at a time in the second layer, whose other factors are free, and a stream that goes to the other device
// and back: both are kept. The bound is that of the graph with nothing fixed.
// CHECK-LABEL: func.func @forward
// CHECK: xplat.host_input {{.*}}place = <@pair::@b>
// CHECK: xplat.linear {{.*}}place = <@pair::@a>
// CHECK: xplat.linear {{.*}}unroll = <1, 1, {{[0-9]+}}>, place = <@pair::@b>
// CHECK: xplat.relu {{.*}}unroll = <1, 2>
// CHECK: xplat.mapping @forward on @pair {{.*}} bound_cycles 16 bound_kind
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {fixed = #xplat.config<place = <@pair::@b>>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 {fixed = #xplat.config<place = <@pair::@a>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w2 {fixed = #xplat.config<unroll = <?, 1, ?>, place = <@pair::@b>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.relu %2 {fixed = #xplat.config<unroll = <?, 2>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %4 = xplat.host_output %3 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %4 : tensor<1x16xf32>
}

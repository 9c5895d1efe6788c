// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -o %t.mlir
// RUN: xplat-opt %t.mlir -xplat-hardware="system=pair max-utilization=1" -o %t.fast.mlir
// RUN: xplat-opt %t.mlir -xplat-hardware="system=pair max-utilization=1 target-cycles=256" -o %t.small.mlir
// RUN: xplat-opt %t.fast.mlir -xplat-hardware="system=pair max-utilization=1 target-cycles=256" | diff - %t.small.mlir
// RUN: FileCheck %s --input-file=%t.fast.mlir --check-prefixes=CHECK,FAST
// RUN: FileCheck %s --input-file=%t.small.mlir --check-prefixes=CHECK,SMALL

// A mapped graph is mapped again for another target as if it were new. What is fixed stays.

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>

// CHECK-LABEL: func.func @forward
// CHECK: xplat.linear {{.*}}unroll = <1, 1, {{[0-9]+}}>, place = <@pair::@a>>, fixed = #xplat.config<unroll = <?, 1, ?>, place = <@pair::@a>>
// CHECK: xplat.mapping @forward on @pair
// FAST-SAME: cycles 16 {{.*}} bound_cycles
// SMALL-SAME: cycles 256 {{.*}} bound_cycles
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 {fixed = #xplat.config<unroll = <?, 1, ?>, place = <@pair::@a>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w2 : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.host_output %2 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %3 : tensor<1x16xf32>
}

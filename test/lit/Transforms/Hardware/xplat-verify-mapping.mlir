// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-hardware="system=pair max-utilization=1" -xplat-verify-mapping | FileCheck %s
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-hardware="system=ring" -xplat-verify-mapping="max-utilization=0.8" | FileCheck %s

// The documentation's example.
!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>

// What xplat-hardware writes holds.
// CHECK-LABEL: func.func @forward
// CHECK: xplat.mapping @forward
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.relu %1 : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.linear %2 weight @w2 : tensor<1x16x!q> -> tensor<1x16x!q>
  %4 = xplat.add %3, %0 : tensor<1x16x!q>, tensor<1x16x!q> -> tensor<1x16x!q>
  %5 = xplat.host_output %4 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %5 : tensor<1x16xf32>
}

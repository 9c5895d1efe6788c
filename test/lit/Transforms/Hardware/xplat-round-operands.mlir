// RUN: xplat-opt %s --xplat-round-operands --split-input-file | FileCheck %s

// The documentation's example. An operand in another format than the result gets a cast; nodes that need the same one
// share it.
!a = !quant.uniform<i8:f32, 6.25e-02>
!b = !quant.uniform<i8:f32, 1.25e-01>

// CHECK-LABEL: func.func @concat
// CHECK-SAME: %[[A:.*]]: tensor<1x4x!quant.uniform<i8:f32, 6.250000e-02>>, %[[B:.*]]: tensor<1x4x!quant.uniform<i8:f32, 1.250000e-01>>
// CHECK: %[[CAST:.*]] = xplat.cast %[[A]]
// CHECK-NOT: xplat.cast
// CHECK: xplat.concat %[[CAST]], %[[B]] dim 1
// CHECK: xplat.pad %[[CAST]]
func.func @concat(%a: tensor<1x4x!a>, %b: tensor<1x4x!b>) -> (tensor<1x8x!b>, tensor<1x6x!b>) {
  %0 = xplat.concat %a, %b dim 1 : (tensor<1x4x!a>, tensor<1x4x!b>) -> tensor<1x8x!b>
  %1 = xplat.pad %a low [0, 1] high [0, 1] value 1.0 : tensor<1x4x!a> -> tensor<1x6x!b>
  return %0, %1 : tensor<1x8x!b>, tensor<1x6x!b>
}

// -----

!a = !quant.uniform<i8:f32, 6.25e-02>
!b = !quant.uniform<i8:f32, 1.25e-01>

// What computes rounds by itself.
// CHECK-LABEL: func.func @relu
// CHECK-NOT: xplat.cast
func.func @relu(%a: tensor<1x4x!a>) -> tensor<1x4x!b> {
  %0 = xplat.relu %a : tensor<1x4x!a> -> tensor<1x4x!b>
  return %0 : tensor<1x4x!b>
}

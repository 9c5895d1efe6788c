// RUN: xplat-opt %s -canonicalize | FileCheck %s

// A reshape to the same shape is its operand; others stay, and so does what is used.

// CHECK-LABEL: func.func @same_shape
func.func @same_shape(%arg0: tensor<1x4x2x2xf32>) -> tensor<1x4x2x2xf32> {
  // CHECK-NOT: xplat.reshape
  // CHECK: return %arg0
  %0 = xplat.reshape %arg0 : tensor<1x4x2x2xf32> -> tensor<1x4x2x2xf32>
  return %0 : tensor<1x4x2x2xf32>
}

// CHECK-LABEL: func.func @other_shape
func.func @other_shape(%arg0: tensor<1x4x2x2xf32>) -> (tensor<1x16xf32>, tensor<1x16xf32>) {
  // CHECK: xplat.reshape %arg0 : tensor<1x4x2x2xf32>
  // CHECK: xplat.reshape %arg0 order channels_last
  %0 = xplat.reshape %arg0 : tensor<1x4x2x2xf32> -> tensor<1x16xf32>
  %1 = xplat.reshape %arg0 order channels_last : tensor<1x4x2x2xf32> -> tensor<1x16xf32>
  return %0, %1 : tensor<1x16xf32>, tensor<1x16xf32>
}

// CHECK-LABEL: func.func @unused
func.func @unused(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // CHECK-NEXT: return
  %0 = xplat.relu %arg0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %arg0 : tensor<1x4xf32>
}

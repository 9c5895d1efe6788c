// RUN: xplat-opt --xplat-fold-constants --allow-unregistered-dialect %s | FileCheck %s

// Constants of one block are not computed together with those of another.
// CHECK-LABEL: func.func @forward
// CHECK: %[[A:.*]] = xplat.constant @p
// CHECK: %[[B:.*]] = xplat.constant @p
// CHECK: %[[C:.*]] = xplat.add %[[A]], %[[B]]
// CHECK: xplat.relu %[[C]]
xplat.param @p : tensor<4xf32>
func.func @forward(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = xplat.constant @p : tensor<4xf32>
  "test.branch"()[^bb1] : () -> ()
^bb1:
  %1 = xplat.constant @p : tensor<4xf32>
  %2 = xplat.add %0, %1 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %3 = xplat.relu %2 : tensor<4xf32> -> tensor<4xf32>
  %4 = xplat.mul %3, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return %4 : tensor<4xf32>
}

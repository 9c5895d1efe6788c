// RUN: xplat-opt --xplat-fold-constants %s -o %t
// RUN: xplat-opt --xplat-fold-constants %t 2>&1 | FileCheck %s

// What a result that is too large reads has become a parameter of 30000 elements, but is still computed from one.
// CHECK: remark: not folded: its result of 150000 elements is much larger than the 1 elements that it is computed from
// CHECK-LABEL: func.func @forward
// CHECK: %[[C:.*]] = xplat.constant @"xplat.exp:constant" : tensor<30000xf32>
// CHECK: xplat.broadcast %[[C]]
xplat.param @p : tensor<1xf32>
func.func @forward(%x: tensor<5x30000xf32>) -> tensor<5x30000xf32> {
  %0 = xplat.constant @p : tensor<1xf32>
  %1 = xplat.broadcast %0 : tensor<1xf32> -> tensor<30000xf32>
  %2 = xplat.exp %1 : tensor<30000xf32> -> tensor<30000xf32>
  %3 = xplat.broadcast %2 : tensor<30000xf32> -> tensor<5x30000xf32>
  %4 = xplat.add %x, %3 : tensor<5x30000xf32>, tensor<5x30000xf32> -> tensor<5x30000xf32>
  return %4 : tensor<5x30000xf32>
}

// RUN: xplat-opt --xplat-fold-constants=max-growth=9223372036854775807 %s | FileCheck %s
// RUN: not xplat-opt --xplat-fold-constants=max-growth=-1 %s 2>&1 | FileCheck %s --check-prefix=NEGATIVE

// CHECK: xplat.constant @"xplat.relu:constant"
// NEGATIVE: error: expected 'max-growth' of 0 or more but got -1
xplat.param @p : tensor<1x4xf32>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.constant @p : tensor<1x4xf32>
  %1 = xplat.relu %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = xplat.add %x, %1 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}

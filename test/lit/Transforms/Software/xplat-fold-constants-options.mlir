// RUN: xplat-opt --xplat-fold-constants=max-growth=8 --verify-diagnostics %s | FileCheck %s

// 4 · 2 + 8 elements are allowed.
// CHECK-LABEL: func.func @forward
// CHECK: xplat.constant @row
// CHECK: xplat.constant @"xplat.broadcast:constant" : tensor<8x2xf32>
// CHECK: xplat.broadcast
xplat.param @row : tensor<1x2xf32>
func.func @forward(%x: tensor<8x2xf32>, %y: tensor<9x2xf32>) -> (tensor<8x2xf32>, tensor<9x2xf32>) {
  %0 = xplat.constant @row : tensor<1x2xf32>
  %1 = xplat.broadcast %0 : tensor<1x2xf32> -> tensor<8x2xf32>
  // expected-remark @+1 {{not folded: its result of 18 elements}}
  %2 = xplat.broadcast %0 : tensor<1x2xf32> -> tensor<9x2xf32>
  %3 = xplat.add %x, %1 : tensor<8x2xf32>, tensor<8x2xf32> -> tensor<8x2xf32>
  %4 = xplat.add %y, %2 : tensor<9x2xf32>, tensor<9x2xf32> -> tensor<9x2xf32>
  return %3, %4 : tensor<8x2xf32>, tensor<9x2xf32>
}

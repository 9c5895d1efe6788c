// RUN: xplat-opt --xplat-remove-unused-params --split-input-file %s | FileCheck %s

// The documentation's example.
// CHECK: xplat.param @w :
// CHECK-NOT: @unused
xplat.param @w : tensor<10x32xf32>
xplat.param @unused : tensor<3xf32>
func.func @forward(%x: tensor<1x32xf32>) -> tensor<1x10xf32> {
  %0 = xplat.linear %x weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  return %0 : tensor<1x10xf32>
}

// -----

// What a needed parameter derives from is needed; what only an unneeded one derives from is not.
// CHECK-DAG: xplat.param @w :
// CHECK-DAG: xplat.param @"w:i8" =
// CHECK-NOT: xplat.param @a
// CHECK-NOT: xplat.param @"a:i8"
xplat.param @w : tensor<10x32xf32>
xplat.param @"w:i8" = <quantize(@w)> : tensor<10x32x!quant.uniform<i8:f32, 0.125>>
xplat.param @a : tensor<10x32xf32>
xplat.param @"a:i8" = <quantize(@a)> : tensor<10x32x!quant.uniform<i8:f32, 0.125>>
func.func @forward(%x: tensor<1x32xf32>) -> tensor<1x10xf32> {
  %0 = xplat.linear %x weight @"w:i8" : tensor<1x32xf32> -> tensor<1x10xf32>
  return %0 : tensor<1x10xf32>
}

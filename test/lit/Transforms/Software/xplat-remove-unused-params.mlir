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

// -----

// Private functions from which parameters are computed, and what they name.
// CHECK-DAG: xplat.param @w :
// CHECK-DAG: xplat.param @table :
// CHECK-DAG: func.func private @needed
// CHECK-NOT: @unneeded
// CHECK-NOT: @other
xplat.param @w : tensor<2x3xf32>
xplat.param @table : tensor<9x3xf32>
xplat.param @other : tensor<9x3xf32>
xplat.param @"w:constant" = <evaluate(@w) function = @needed> : tensor<2x3xf32>
func.func private @needed(%w: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = xplat.splat 1.0 : tensor<2x3xf32>
  %1 = xplat.constant @table : tensor<9x3xf32>
  %2 = xplat.slice %1 starts [0, 0] steps [1, 1] : tensor<9x3xf32> -> tensor<2x3xf32>
  %3 = xplat.add %0, %2 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}
func.func private @unneeded() -> tensor<9x3xf32> {
  %0 = xplat.constant @other : tensor<9x3xf32>
  return %0 : tensor<9x3xf32>
}
func.func @forward(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = xplat.constant @"w:constant" : tensor<2x3xf32>
  %1 = xplat.add %x, %0 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

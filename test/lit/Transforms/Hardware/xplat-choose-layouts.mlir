// RUN: xplat-opt %s -xplat-choose-layouts -split-input-file | FileCheck %s

// The documentation's example. A fixed order spreads to everything that has to travel likewise; the host takes any.
!q = !quant.uniform<i8:f32, 6.25e-02>
!row = tensor<1x8x4x4x!q, #xplat.order<0, 1, 2, 3>>

// CHECK-LABEL: func.func @chain
// CHECK: xplat.host_input %{{.*}} : tensor<1x8x4x4xf32> -> tensor<1x8x4x4x!quant.uniform<i8:f32, 6.250000e-02>, #xplat.order<0, 1, 2, 3>>
// CHECK: xplat.relu %{{.*}} : {{.*}} -> tensor<1x8x4x4x!quant.uniform<i8:f32, 6.250000e-02>, #xplat.order<0, 1, 2, 3>>
// CHECK: xplat.splat {{.*}} : tensor<1x8x4x4x!quant.uniform<i8:f32, 6.250000e-02>, #xplat.order<0, 1, 2, 3>>
// CHECK: xplat.add %{{.*}} -> tensor<1x8x4x4x!quant.uniform<i8:f32, 6.250000e-02>, #xplat.order<0, 1, 2, 3>>
// CHECK: xplat.host_output %{{.*}} : {{.*}} -> tensor<1x8x4x4xf32>
func.func @chain(%x: tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32> {
  %0 = xplat.host_input %x : tensor<1x8x4x4xf32> -> tensor<1x8x4x4x!q>
  %1 = xplat.relu %0 : tensor<1x8x4x4x!q> -> !row
  %2 = xplat.splat 1.0 : tensor<1x8x4x4x!q>
  %3 = xplat.add %1, %2 : !row, tensor<1x8x4x4x!q> -> tensor<1x8x4x4x!q>
  %4 = xplat.host_output %3 : tensor<1x8x4x4x!q> -> tensor<1x8x4x4xf32>
  return %4 : tensor<1x8x4x4xf32>
}

// -----

xplat.param @w : tensor<8x8x1x1xf32>

// What nobody fixes has the default order, for which nothing is written.
// CHECK-LABEL: func.func @default
// CHECK-NOT: #xplat.order
func.func @default(%x: tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32> {
  %0 = xplat.host_input %x : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  %1 = xplat.conv2d %0 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  %2 = xplat.host_output %1 : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  return %2 : tensor<1x8x4x4xf32>
}

// -----

// A reshape passes its stream through where both sides travel in one sequence, whatever their orders.
// CHECK-LABEL: func.func @through
// CHECK: xplat.reshape %{{.*}} : tensor<1x8x4x4xf32, #xplat.order<0, 1, 2, 3>> -> tensor<1x128xf32>
func.func @through(%x: tensor<1x8x4x4xf32>) -> tensor<1x128xf32> {
  %0 = xplat.host_input %x : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32, #xplat.order<0, 1, 2, 3>>
  %1 = xplat.reshape %0 : tensor<1x8x4x4xf32, #xplat.order<0, 1, 2, 3>> -> tensor<1x128xf32>
  %2 = xplat.host_output %1 : tensor<1x128xf32> -> tensor<1x128xf32>
  return %2 : tensor<1x128xf32>
}

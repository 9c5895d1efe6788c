// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: rank and extents.

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[global_avg_pool2d C1] expected an operand [1, C, H, W] and a result [1, C] or [1, C, 1, 1] but got 'tensor<1x4xf32>' and 'tensor<1x4xf32>'}}
  xplat.global_avg_pool2d %arg0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[global_avg_pool2d C1] expected an operand [1, C, H, W]}}
  xplat.global_avg_pool2d %arg0 : tensor<1x4x8x8xf32> -> tensor<1x4x2x2xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[global_avg_pool2d C1] expected an operand [1, C, H, W]}}
  xplat.global_avg_pool2d %arg0 : tensor<1x4x8x8xf32> -> tensor<4xf32>
  return
}

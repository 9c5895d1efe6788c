// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: extents of one grow.
func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[broadcast C1] expected extents of one or of the result, aligned at the last dimension, but got 'tensor<2x3x4xf32>' and 'tensor<2x6x4xf32>'}}
  xplat.broadcast %arg0 : tensor<2x3x4xf32> -> tensor<2x6x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[broadcast C1] expected extents}}
  xplat.broadcast %arg0 : tensor<2x3x4xf32> -> tensor<3x4xf32>
  return
}

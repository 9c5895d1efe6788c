// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: multiples.
func.func @f(%arg0: tensor<1x3x4x4xf32>) {
  // expected-error@below {{[upsample C1] expected rank 4, one batch and channels, and a height and width that are multiples of the operand's but got 'tensor<1x3x4x4xf32>' and 'tensor<1x3x8x6xf32>'}}
  xplat.upsample %arg0 : tensor<1x3x4x4xf32> -> tensor<1x3x8x6xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x3x4x4xf32>) {
  // expected-error@below {{[upsample C1] expected rank 4}}
  xplat.upsample %arg0 : tensor<1x3x4x4xf32> -> tensor<1x4x8x8xf32>
  return
}

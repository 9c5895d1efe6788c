// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one shape.

func.func @f(%arg0: tensor<1x4xf32>, %arg1: tensor<4xf32>) {
  // expected-error@below {{[add C1] expected operand and result of one shape but got 'tensor<1x4xf32>' and 'tensor<4xf32>'}}
  xplat.add %arg0, %arg1 : tensor<1x4xf32>, tensor<4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>, %arg1: tensor<1x4xf32>) {
  // expected-error@below {{[add C1] expected operand and result of one shape but got 'tensor<1x4xf32>' and 'tensor<4x1xf32>'}}
  xplat.add %arg0, %arg1 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<4x1xf32>
  return
}

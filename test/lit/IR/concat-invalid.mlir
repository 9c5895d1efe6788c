// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one shape but for the dimension.
func.func @f(%arg0: tensor<2x3xf32>, %arg1: tensor<2x5xf32>) {
  // expected-error@below {{[concat C1] expected an operand or more and a dimension below 2 but got 2}}
  xplat.concat %arg0, %arg1 dim 2 : (tensor<2x3xf32>, tensor<2x5xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @f() {
  // expected-error@below {{[concat C1] expected an operand or more}}
  xplat.concat dim 0 : () -> tensor<2x8xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3xf32>, %arg1: tensor<2x5xf32>) {
  // expected-error@below {{[concat C1] expected operands of the result's extents but for dimension 0 but got 'tensor<2x5xf32>' and 'tensor<4x3xf32>'}}
  xplat.concat %arg0, %arg1 dim 0 : (tensor<2x3xf32>, tensor<2x5xf32>) -> tensor<4x3xf32>
  return
}

// -----

// C2: the sum.
func.func @f(%arg0: tensor<2x3xf32>, %arg1: tensor<2x5xf32>) {
  // expected-error@below {{[concat C2] expected extents along dimension 1 that add up to 9 but got 8}}
  xplat.concat %arg0, %arg1 dim 1 : (tensor<2x3xf32>, tensor<2x5xf32>) -> tensor<2x9xf32>
  return
}

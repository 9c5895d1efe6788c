// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a permutation that gives the extents.
func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[transpose C1] expected a permutation of the operand's dimensions that gives the result's extents but got [0, 0, 1] from 'tensor<2x3x4xf32>' to 'tensor<2x2x3xf32>'}}
  xplat.transpose %arg0 permutation [0, 0, 1] : tensor<2x3x4xf32> -> tensor<2x2x3xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[transpose C1] expected a permutation}}
  xplat.transpose %arg0 permutation [0, 2, 1] : tensor<2x3x4xf32> -> tensor<2x3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[transpose C1] expected a permutation}}
  xplat.transpose %arg0 permutation [0, 1] : tensor<2x3x4xf32> -> tensor<2x3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[transpose C1] expected a permutation}}
  xplat.transpose %arg0 permutation [0, -1, 1] : tensor<2x3x4xf32> -> tensor<2x4x3xf32>
  return
}

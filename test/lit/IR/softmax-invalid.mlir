// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a dimension of one shape.
func.func @f(%arg0: tensor<2x3xf32>) {
  // expected-error@below {{[softmax C1] expected a dimension below 2 but got 2}}
  xplat.softmax %arg0 dim 2 : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3xf32>) {
  // expected-error@below {{[softmax C1] expected operand and result of one shape}}
  xplat.softmax %arg0 dim 1 : tensor<2x3xf32> -> tensor<3x2xf32>
  return
}

// -----

// C2: rows and columns.
func.func @f(%arg0: tensor<2x3xf32>) {
  // expected-error@below {{[softmax C2] expected 'causal' along the last of two dimensions or more but got dimension 0 of 2}}
  xplat.softmax %arg0 dim 0 causal : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one shape, some axes.
func.func @f(%arg0: tensor<3x4xf32>) {
  // expected-error@below {{[layer_norm C1] expected 1 to 2 axes but got 3}}
  xplat.layer_norm %arg0 axes 3 epsilon 1.0e-05 : tensor<3x4xf32> -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<3x4xf32>) {
  // expected-error@below {{[layer_norm C1] expected operand and result of one shape}}
  xplat.layer_norm %arg0 axes 1 epsilon 1.0e-05 : tensor<3x4xf32> -> tensor<4x3xf32>
  return
}

// -----

// C2: parameters of the last extents.
// expected-note@below {{parameter declared here}}
xplat.param @g : tensor<4xf32>
func.func @f(%arg0: tensor<3x4xf32>) {
  // expected-error@below {{[layer_norm C2] expected gamma of shape [3, 4] but @g has 'tensor<4xf32>'}}
  xplat.layer_norm %arg0 gamma @g axes 2 epsilon 1.0e-05 : tensor<3x4xf32> -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<3x4xf32>) {
  // expected-error@below {{[layer_norm C2] expected beta @none to name}}
  xplat.layer_norm %arg0 beta @none axes 1 epsilon 1.0e-05 : tensor<3x4xf32> -> tensor<3x4xf32>
  return
}

// -----

// C3: epsilon.
func.func @f(%arg0: tensor<3x4xf32>) {
  // expected-error@below {{[layer_norm C3] expected a positive, finite epsilon but got 0.000000e+00}}
  xplat.layer_norm %arg0 axes 1 epsilon 0.0 : tensor<3x4xf32> -> tensor<3x4xf32>
  return
}

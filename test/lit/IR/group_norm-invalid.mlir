// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one shape of three dimensions or more, groups that divide the channels.
func.func @f(%arg0: tensor<1x4x3xf32>) {
  // expected-error@below {{[group_norm C1] expected operand and result of one shape}}
  xplat.group_norm %arg0 groups 2 epsilon 1.0e-05 : tensor<1x4x3xf32> -> tensor<1x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[group_norm C1] expected at least three dimensions and groups that divide the channels but got 2 groups of 'tensor<1x4xf32>'}}
  xplat.group_norm %arg0 groups 2 epsilon 1.0e-05 : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x3xf32>) {
  // expected-error@below {{[group_norm C1] expected at least three dimensions and groups that divide the channels but got 3 groups}}
  xplat.group_norm %arg0 groups 3 epsilon 1.0e-05 : tensor<1x4x3xf32> -> tensor<1x4x3xf32>
  return
}

// -----

// C2: parameters of the channels.
// expected-note@below {{parameter declared here}}
xplat.param @g : tensor<3xf32>
func.func @f(%arg0: tensor<1x4x3xf32>) {
  // expected-error@below {{[group_norm C2] expected gamma of shape [4] but @g has 'tensor<3xf32>'}}
  xplat.group_norm %arg0 gamma @g groups 2 epsilon 1.0e-05 : tensor<1x4x3xf32> -> tensor<1x4x3xf32>
  return
}

// -----

// C3: epsilon.
func.func @f(%arg0: tensor<1x4x3xf32>) {
  // expected-error@below {{[group_norm C3] expected a positive, finite epsilon but got 0.000000e+00}}
  xplat.group_norm %arg0 groups 2 epsilon 0.0 : tensor<1x4x3xf32> -> tensor<1x4x3xf32>
  return
}

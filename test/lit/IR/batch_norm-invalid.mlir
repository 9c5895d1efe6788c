// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one shape, of rank 2 or 4.

xplat.param @g : tensor<4xf32>
xplat.param @b : tensor<4xf32>
xplat.param @m : tensor<4xf32>
xplat.param @v : tensor<4xf32>
func.func @f(%arg0: tensor<1x4x2x2xf32>) {
  // expected-error@below {{[batch_norm C1] expected operand and result of one shape but got 'tensor<1x4x2x2xf32>' and 'tensor<1x4x4xf32>'}}
  xplat.batch_norm %arg0 gamma @g beta @b mean @m var @v epsilon 1.0e-05 : tensor<1x4x2x2xf32> -> tensor<1x4x4xf32>
  return
}

// -----

xplat.param @g : tensor<4xf32>
xplat.param @b : tensor<4xf32>
xplat.param @m : tensor<4xf32>
xplat.param @v : tensor<4xf32>
func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[batch_norm C1] expected an operand of rank 2 or 4 but got rank 1}}
  xplat.batch_norm %arg0 gamma @g beta @b mean @m var @v epsilon 1.0e-05 : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

// C2: the parameters.

xplat.param @g : tensor<4xf32>
xplat.param @b : tensor<4xf32>
xplat.param @m : tensor<4xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[batch_norm C2] expected var @v to name an 'xplat.param'}}
  xplat.batch_norm %arg0 gamma @g beta @b mean @m var @v epsilon 1.0e-05 : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

xplat.param @g : tensor<4xf32>
xplat.param @b : tensor<4xf32>
xplat.param @m : tensor<4xf32>
// expected-note@below {{parameter declared here}}
xplat.param @v : tensor<3xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[batch_norm C2] expected var of shape [4] but @v has 'tensor<3xf32>'}}
  xplat.batch_norm %arg0 gamma @g beta @b mean @m var @v epsilon 1.0e-05 : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

// C3: epsilon.

xplat.param @g : tensor<4xf32>
xplat.param @b : tensor<4xf32>
xplat.param @m : tensor<4xf32>
xplat.param @v : tensor<4xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[batch_norm C3] expected a positive, finite epsilon but got 0}}
  xplat.batch_norm %arg0 gamma @g beta @b mean @m var @v epsilon 0.0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

xplat.param @g : tensor<4xf32>
xplat.param @b : tensor<4xf32>
xplat.param @m : tensor<4xf32>
xplat.param @v : tensor<4xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[batch_norm C3] expected a positive, finite epsilon but got nan}}
  xplat.batch_norm %arg0 gamma @g beta @b mean @m var @v epsilon 0x7FF8000000000000 : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

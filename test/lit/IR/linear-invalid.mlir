// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: rank and outer extents.

xplat.param @w : tensor<3x4xf32>
func.func @f(%arg0: tensor<f32>) {
  // expected-error@below {{[linear C1] expected operand and result of equal rank and outer extents but got 'tensor<f32>' and 'tensor<f32>'}}
  xplat.linear %arg0 weight @w : tensor<f32> -> tensor<f32>
  return
}

// -----

xplat.param @w : tensor<3x4xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C1] expected operand and result of equal rank}}
  xplat.linear %arg0 weight @w : tensor<1x4xf32> -> tensor<3xf32>
  return
}

// -----

xplat.param @w : tensor<3x4xf32>
func.func @f(%arg0: tensor<2x4xf32>) {
  // expected-error@below {{[linear C1] expected operand and result of equal rank and outer extents but got 'tensor<2x4xf32>' and 'tensor<1x3xf32>'}}
  xplat.linear %arg0 weight @w : tensor<2x4xf32> -> tensor<1x3xf32>
  return
}

// -----

// C2: the weight.

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C2] expected weight @w to name an 'xplat.param'}}
  xplat.linear %arg0 weight @w : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

// -----

// expected-note@below {{parameter declared here}}
xplat.param @w : tensor<4x3xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C2] expected weight of shape [3, 4] but @w has 'tensor<4x3xf32>'}}
  xplat.linear %arg0 weight @w : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

// -----

// Another symbol is not a parameter.
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C2] expected weight @f to name an 'xplat.param'}}
  xplat.linear %arg0 weight @f : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

// -----

// C3: the bias.

xplat.param @w : tensor<3x4xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C3] expected bias @b to name an 'xplat.param'}}
  xplat.linear %arg0 weight @w bias @b : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

// -----

xplat.param @w : tensor<3x4xf32>
// expected-note@below {{parameter declared here}}
xplat.param @b : tensor<4xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C3] expected bias of shape [3] but @b has 'tensor<4xf32>'}}
  xplat.linear %arg0 weight @w bias @b : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

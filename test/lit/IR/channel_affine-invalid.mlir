// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one shape, with the dimension.

xplat.param @s : tensor<4xf32>
func.func @f(%arg0: tensor<1x4x2xf32>) {
  // expected-error@below {{[channel_affine C1] expected operand and result of one shape but got 'tensor<1x4x2xf32>' and 'tensor<1x2x4xf32>'}}
  xplat.channel_affine %arg0 dim 1 weight @s : tensor<1x4x2xf32> -> tensor<1x2x4xf32>
  return
}

// -----

xplat.param @s : tensor<4xf32>
func.func @f(%arg0: tensor<1x4x2xf32>) {
  // expected-error@below {{[channel_affine C1] expected a dimension below 3 but got 3}}
  xplat.channel_affine %arg0 dim 3 weight @s : tensor<1x4x2xf32> -> tensor<1x4x2xf32>
  return
}

// -----

// C2: the weight.

// expected-note@below {{parameter declared here}}
xplat.param @s : tensor<2xf32>
func.func @f(%arg0: tensor<1x4x2xf32>) {
  // expected-error@below {{[channel_affine C2] expected weight of shape [4] but @s has 'tensor<2xf32>'}}
  xplat.channel_affine %arg0 dim 1 weight @s : tensor<1x4x2xf32> -> tensor<1x4x2xf32>
  return
}

// -----

// C3: the bias.

xplat.param @s : tensor<4xf32>
func.func @f(%arg0: tensor<1x4x2xf32>) {
  // expected-error@below {{[channel_affine C3] expected bias @b to name an 'xplat.param'}}
  xplat.channel_affine %arg0 dim 1 weight @s bias @b : tensor<1x4x2xf32> -> tensor<1x4x2xf32>
  return
}

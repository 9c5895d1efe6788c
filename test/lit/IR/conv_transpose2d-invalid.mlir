// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: rank and batch.
xplat.param @w : tensor<4x6x2x2xf32>
func.func @f(%arg0: tensor<2x4x3x3xf32>) {
  // expected-error@below {{[conv_transpose2d C1] expected operand and result of rank 4 and a batch of one}}
  xplat.conv_transpose2d %arg0 weight @w stride [2, 2] padding [0, 0] groups 1 : tensor<2x4x3x3xf32> -> tensor<2x6x6x6xf32>
  return
}

// -----

// C2: groups.
xplat.param @w : tensor<4x6x2x2xf32>
func.func @f(%arg0: tensor<1x4x3x3xf32>) {
  // expected-error@below {{[conv_transpose2d C2] expected groups that divide 4 and 6 channels but got 4}}
  xplat.conv_transpose2d %arg0 weight @w stride [2, 2] padding [0, 0] groups 4 : tensor<1x4x3x3xf32> -> tensor<1x6x6x6xf32>
  return
}

// -----

// C3: the weight.
// expected-note@below {{parameter declared here}}
xplat.param @w : tensor<4x6x2x2xf32>
func.func @f(%arg0: tensor<1x4x3x3xf32>) {
  // expected-error@below {{[conv_transpose2d C3] expected weight of shape [4, 5, 2, 2] but @w has 'tensor<4x6x2x2xf32>'}}
  xplat.conv_transpose2d %arg0 weight @w stride [2, 2] padding [0, 0] groups 1 : tensor<1x4x3x3xf32> -> tensor<1x5x6x6xf32>
  return
}

// -----

// C4: the bias.
xplat.param @w : tensor<4x6x2x2xf32>
// expected-note@below {{parameter declared here}}
xplat.param @b : tensor<4xf32>
func.func @f(%arg0: tensor<1x4x3x3xf32>) {
  // expected-error@below {{[conv_transpose2d C4] expected bias of shape [6]}}
  xplat.conv_transpose2d %arg0 weight @w bias @b stride [2, 2] padding [0, 0] groups 1 : tensor<1x4x3x3xf32> -> tensor<1x6x6x6xf32>
  return
}

// -----

// C5: strides and paddings.
xplat.param @w : tensor<4x6x2x2xf32>
func.func @f(%arg0: tensor<1x4x3x3xf32>) {
  // expected-error@below {{[conv_transpose2d C5] expected two positive strides and two paddings that are not negative}}
  xplat.conv_transpose2d %arg0 weight @w stride [0, 2] padding [0, 0] groups 1 : tensor<1x4x3x3xf32> -> tensor<1x6x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<4x6x2x2xf32>
func.func @f(%arg0: tensor<1x4x3x3xf32>) {
  // expected-error@below {{[conv_transpose2d C5] expected two positive strides}}
  xplat.conv_transpose2d %arg0 weight @w stride [2, 2] padding [-1, 0] groups 1 : tensor<1x4x3x3xf32> -> tensor<1x6x6x6xf32>
  return
}

// -----

// C6: height and width.
xplat.param @w : tensor<4x6x2x2xf32>
func.func @f(%arg0: tensor<1x4x3x3xf32>) {
  // expected-error@below {{[conv_transpose2d C6] expected 6 to 7 rows but got 8}}
  xplat.conv_transpose2d %arg0 weight @w stride [2, 2] padding [0, 0] groups 1 : tensor<1x4x3x3xf32> -> tensor<1x6x8x6xf32>
  return
}

// -----

xplat.param @w : tensor<4x6x2x2xf32>
func.func @f(%arg0: tensor<1x4x3x3xf32>) {
  // expected-error@below {{[conv_transpose2d C6] expected 6 to 7 columns but got 5}}
  xplat.conv_transpose2d %arg0 weight @w stride [2, 2] padding [0, 0] groups 1 : tensor<1x4x3x3xf32> -> tensor<1x6x7x5xf32>
  return
}

// -----

xplat.param @w : tensor<2x3x1x1xf32>
func.func @f(%arg0: tensor<1x2x3x3xf32>) {
  // expected-error@below {{[conv_transpose2d C5] expected two positive strides and two paddings that are not negative, of at most 2^20}}
  xplat.conv_transpose2d %arg0 weight @w stride [9223372036854775807, 1] padding [0, 0] groups 1 : tensor<1x2x3x3xf32> -> tensor<1x3x77x3xf32>
  return
}

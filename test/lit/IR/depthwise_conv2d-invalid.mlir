// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: rank 4, a batch of one, as many channels.

xplat.param @w : tensor<8x1x3x3xf32>
func.func @f(%arg0: tensor<8x8x8xf32>) {
  // expected-error@below {{[depthwise_conv2d C1] expected operand and result of rank 4, a batch of one and the same channels but got 'tensor<8x8x8xf32>' and 'tensor<8x6x6xf32>'}}
  xplat.depthwise_conv2d %arg0 weight @w stride [1, 1] padding [0, 0] : tensor<8x8x8xf32> -> tensor<8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x1x3x3xf32>
func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[depthwise_conv2d C1] expected operand and result of rank 4, a batch of one and the same channels}}
  xplat.depthwise_conv2d %arg0 weight @w stride [1, 1] padding [0, 0] : tensor<1x4x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// C2: the weight.

// expected-note@below {{parameter declared here}}
xplat.param @w : tensor<8x2x3x3xf32>
func.func @f(%arg0: tensor<1x8x8x8xf32>) {
  // expected-error@below {{[depthwise_conv2d C2] expected weight of shape [8, 1, 3, 3] but @w has 'tensor<8x2x3x3xf32>'}}
  xplat.depthwise_conv2d %arg0 weight @w stride [1, 1] padding [0, 0] : tensor<1x8x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// C3: the bias.

xplat.param @w : tensor<8x1x3x3xf32>
// expected-note@below {{parameter declared here}}
xplat.param @b : tensor<1x8xf32>
func.func @f(%arg0: tensor<1x8x8x8xf32>) {
  // expected-error@below {{[depthwise_conv2d C3] expected bias of shape [8] but @b has 'tensor<1x8xf32>'}}
  xplat.depthwise_conv2d %arg0 weight @w bias @b stride [1, 1] padding [0, 0] : tensor<1x8x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// C4: stride and padding.

xplat.param @w : tensor<8x1x3x3xf32>
func.func @f(%arg0: tensor<1x8x8x8xf32>) {
  // expected-error@below {{[depthwise_conv2d C4] expected two integers of at least 1 as stride}}
  xplat.depthwise_conv2d %arg0 weight @w stride [] padding [0, 0] : tensor<1x8x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x1x3x3xf32>
func.func @f(%arg0: tensor<1x8x8x8xf32>) {
  // expected-error@below {{[depthwise_conv2d C4] expected two integers of at least 0 as padding}}
  xplat.depthwise_conv2d %arg0 weight @w stride [1, 1] padding [0, -2] : tensor<1x8x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

xplat.param @w : tensor<8x1x3x3xf32>
func.func @f(%arg0: tensor<1x8x8x8xf32>) {
  // expected-error@below {{[depthwise_conv2d C4] expected a padding smaller than the kernel 3 but got 4611686018427387904}}
  xplat.depthwise_conv2d %arg0 weight @w stride [1, 1] padding [0, 4611686018427387904] : tensor<1x8x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// -----

// C5: height and width of the result.

xplat.param @w : tensor<8x1x3x3xf32>
func.func @f(%arg0: tensor<1x8x8x8xf32>) {
  // expected-error@below {{[depthwise_conv2d C5] expected a result width of 6 but got 8}}
  xplat.depthwise_conv2d %arg0 weight @w stride [1, 1] padding [1, 0] : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  return
}

// -----

// C4: dilation.

xplat.param @w : tensor<8x1x3x3xf32>
func.func @f(%arg0: tensor<1x8x8x8xf32>) {
  // expected-error@below {{[depthwise_conv2d C4] expected two integers of at least 1 as dilation}}
  xplat.depthwise_conv2d %arg0 weight @w stride [1, 1] padding [0, 0] dilation [2] : tensor<1x8x8x8xf32> -> tensor<1x8x6x6xf32>
  return
}

// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: rank 4, a batch of one, as many channels.

func.func @f(%arg0: tensor<8x8xf32>) {
  // expected-error@below {{[max_pool2d C1] expected operand and result of rank 4 and a batch of one but got 'tensor<8x8xf32>' and 'tensor<4x4xf32>'}}
  xplat.max_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<8x8xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x4x8x8xf32>) {
  // expected-error@below {{[max_pool2d C1] expected operand and result of rank 4 and a batch of one but got 'tensor<2x4x8x8xf32>' and 'tensor<2x4x4x4xf32>'}}
  xplat.max_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<2x4x8x8xf32> -> tensor<2x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[max_pool2d C1] expected 4 channels in the result but got 8}}
  xplat.max_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<1x4x8x8xf32> -> tensor<1x8x4x4xf32>
  return
}

// -----

// C2: window, stride and padding.

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[max_pool2d C2] expected two integers of at least 1 as window}}
  xplat.max_pool2d %arg0 window [2, 0] stride [2, 2] padding [0, 0] : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[max_pool2d C2] expected two integers of at least 1 as window}}
  xplat.max_pool2d %arg0 window [] stride [2, 2] padding [0, 0] : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[max_pool2d C2] expected two integers of at least 1 as stride}}
  xplat.max_pool2d %arg0 window [2, 2] stride [2, 2, 2] padding [0, 0] : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[max_pool2d C2] expected two integers of at least 0 as padding}}
  xplat.max_pool2d %arg0 window [2, 2] stride [2, 2] padding [0] : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[max_pool2d C4] expected a padding of at most half the window 3 but got 2}}
  xplat.max_pool2d %arg0 window [3, 3] stride [1, 1] padding [1, 2] : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

// C3: height and width of the result.

func.func @f(%arg0: tensor<1x4x9x8xf32>) {
  // expected-error@below {{[max_pool2d C3] expected a result height of 4 but got 5}}
  xplat.max_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<1x4x9x8xf32> -> tensor<1x4x5x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x1xf32>) {
  // expected-error@below {{[max_pool2d C3] expected a window that fits the padded operand, but window 2 exceeds 1}}
  xplat.max_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<1x4x8x1xf32> -> tensor<1x4x4x1xf32>
  return
}

// -----

// C2: four paddings, dilation.

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[max_pool2d C2] expected a padding smaller than the window 5 but got 5}}
  xplat.max_pool2d %arg0 window [3, 3] stride [1, 1] padding [0, 0, 5, 0] dilation [2, 2] : tensor<1x4x8x8xf32> -> tensor<1x4x9x4xf32>
  return
}

// -----

// C5: windows that hold an element.

func.func @f(%arg0: tensor<1x4x8x2xf32>) {
  // expected-error@below {{[max_pool2d C5] expected an operand at least as wide as the dilation 3 but got 2}}
  xplat.max_pool2d %arg0 window [3, 3] stride [1, 1] padding [0, 3] dilation [1, 3] : tensor<1x4x8x2xf32> -> tensor<1x4x6x2xf32>
  return
}

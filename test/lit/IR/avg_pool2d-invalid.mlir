// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: rank 4, a batch of one, as many channels.

func.func @f(%arg0: tensor<8x8xf32>) {
  // expected-error@below {{[avg_pool2d C1] expected operand and result of rank 4 and a batch of one but got 'tensor<8x8xf32>' and 'tensor<4x4xf32>'}}
  xplat.avg_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<8x8xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x4x8x8xf32>) {
  // expected-error@below {{[avg_pool2d C1] expected operand and result of rank 4 and a batch of one but got 'tensor<2x4x8x8xf32>' and 'tensor<2x4x4x4xf32>'}}
  xplat.avg_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<2x4x8x8xf32> -> tensor<2x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[avg_pool2d C1] expected 4 channels in the result but got 8}}
  xplat.avg_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<1x4x8x8xf32> -> tensor<1x8x4x4xf32>
  return
}

// -----

// C2: window, stride and padding.

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[avg_pool2d C2] expected two integers of at least 1 as window}}
  xplat.avg_pool2d %arg0 window [2, 0] stride [2, 2] padding [0, 0] : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[avg_pool2d C2] expected two integers of at least 1 as window}}
  xplat.avg_pool2d %arg0 window [] stride [2, 2] padding [0, 0] : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[avg_pool2d C2] expected two integers of at least 1 as stride}}
  xplat.avg_pool2d %arg0 window [2, 2] stride [2, 2, 2] padding [0, 0] : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[avg_pool2d C2] expected two integers of at least 0 as padding}}
  xplat.avg_pool2d %arg0 window [2, 2] stride [2, 2] padding [0] : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[avg_pool2d C4] expected a padding of at most half the window 3 but got 2}}
  xplat.avg_pool2d %arg0 window [3, 3] stride [1, 1] padding [1, 2] : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return
}

// -----

// C3: height and width of the result.

func.func @f(%arg0: tensor<1x4x9x8xf32>) {
  // expected-error@below {{[avg_pool2d C3] expected a result height of 4 but got 5}}
  xplat.avg_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<1x4x9x8xf32> -> tensor<1x4x5x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x8x1xf32>) {
  // expected-error@below {{[avg_pool2d C3] expected a window that fits the padded operand, but window 2 exceeds 1}}
  xplat.avg_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0] : tensor<1x4x8x1xf32> -> tensor<1x4x4x1xf32>
  return
}

// -----

// C2: four paddings.

func.func @f(%arg0: tensor<1x4x8x8xf32>) {
  // expected-error@below {{[avg_pool2d C2] expected a padding smaller than the window 2 but got 2}}
  xplat.avg_pool2d %arg0 window [2, 2] stride [2, 2] padding [0, 0, 0, 2] : tensor<1x4x8x8xf32> -> tensor<1x4x4x5xf32>
  return
}

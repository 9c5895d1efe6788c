// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a start and a step for each dimension.
func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[slice C1] expected 3 starts that are not negative and as many positive steps}}
  xplat.slice %arg0 starts [0, 0] steps [1, 1, 1] : tensor<2x3x4xf32> -> tensor<2x3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[slice C1] expected 3 starts}}
  xplat.slice %arg0 starts [0, -1, 0] steps [1, 1, 1] : tensor<2x3x4xf32> -> tensor<2x3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[slice C1] expected 3 starts}}
  xplat.slice %arg0 starts [0, 0, 0] steps [1, 0, 1] : tensor<2x3x4xf32> -> tensor<2x3x4xf32>
  return
}

// -----

// C2: within the operand.
func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[slice C2] expected a result of the operand's rank within the operand but got 'tensor<2x2x4xf32>' of 'tensor<2x3x4xf32>' at [0, 1, 0] in steps of [1, 2, 1]}}
  xplat.slice %arg0 starts [0, 1, 0] steps [1, 2, 1] : tensor<2x3x4xf32> -> tensor<2x2x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[slice C2] expected a result}}
  xplat.slice %arg0 starts [0, 3, 0] steps [1, 1, 1] : tensor<2x3x4xf32> -> tensor<2x1x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[slice C2] expected a result}}
  xplat.slice %arg0 starts [0, 0, 0] steps [1, 1, 1] : tensor<2x3x4xf32> -> tensor<3x4xf32>
  return
}

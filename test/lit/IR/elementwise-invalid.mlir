// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// E1: one shape, of operands and result.
func.func @f(%arg0: tensor<1x4x2x2xf32>) {
  // expected-error@below {{[elementwise E1] expected operand and result of one shape but got 'tensor<1x4x2x2xf32>' and 'tensor<1x4x4xf32>'}}
  xplat.relu %arg0 : tensor<1x4x2x2xf32> -> tensor<1x4x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<4x1xf32>, %arg1: tensor<1x4xf32>) {
  // expected-error@below {{[elementwise E1] expected operand and result of one shape but got 'tensor<1x4xf32>' and 'tensor<4x1xf32>'}}
  xplat.mul %arg0, %arg1 : tensor<4x1xf32>, tensor<1x4xf32> -> tensor<4x1xf32>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[elementwise E1] expected operand and result of one shape}}
  xplat.cast %arg0 : tensor<4xf32> -> tensor<5xf32>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>, %arg1: tensor<3xf32>) {
  // expected-error@below {{[elementwise E1] expected operand and result of one shape but got 'tensor<3xf32>' and 'tensor<4xf32>'}}
  xplat.fused %arg0, %arg1 {
  ^bb0(%0: f32, %1: f32):
    xplat.yield %0 : f32
  } : (tensor<4xf32>, tensor<3xf32>) -> tensor<4xf32>
  return
}

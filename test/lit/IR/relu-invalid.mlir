// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one shape.
func.func @f(%arg0: tensor<1x4x2x2xf32>) {
  // expected-error@below {{[relu C1] expected operand and result of one shape but got 'tensor<1x4x2x2xf32>' and 'tensor<1x4x4xf32>'}}
  xplat.relu %arg0 : tensor<1x4x2x2xf32> -> tensor<1x4x4xf32>
  return
}

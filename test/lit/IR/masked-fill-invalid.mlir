// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a number.
func.func @f(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>) {
  // expected-error@below {{[masked_fill C1] expected a number as fill}}
  xplat.masked_fill %arg0 mask %arg1 fill 0x7FF8000000000000 : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return
}

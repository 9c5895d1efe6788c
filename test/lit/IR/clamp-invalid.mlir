// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: numbers, in order.
func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[clamp C1] expected numbers, the least first, but got 6.000000e+00 and 0.000000e+00}}
  xplat.clamp %arg0 to 6.0, 0.0 : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[clamp C1] expected numbers}}
  xplat.clamp %arg0 to 0x7FF8000000000000, 1.0 : tensor<4xf32> -> tensor<4xf32>
  return
}

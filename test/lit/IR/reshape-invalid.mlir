// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: the same elements.

func.func @f(%arg0: tensor<1x4x2x2xf32>) {
  // expected-error@below {{[reshape C1] expected as many elements in the result as in the operand, 16, but got 15}}
  xplat.reshape %arg0 : tensor<1x4x2x2xf32> -> tensor<1x15xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x4x2x2xf32>) {
  // expected-error@below {{[reshape C1] expected operand and result of one number format but got 'f32' and '!quant.uniform<i8:f32, 5.000000e-01>'}}
  xplat.reshape %arg0 : tensor<1x4x2x2xf32> -> tensor<1x16x!quant.uniform<i8:f32, 0.5>>
  return
}

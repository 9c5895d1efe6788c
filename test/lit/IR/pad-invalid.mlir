// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: amounts and extents.
func.func @f(%arg0: tensor<2x3xf32>) {
  // expected-error@below {{[pad C1] expected amounts that are not negative and give the result's extents but got [0, 1] and [0, 1] from 'tensor<2x3xf32>' to 'tensor<2x4xf32>'}}
  xplat.pad %arg0 low [0, 1] high [0, 1] value 0.0 : tensor<2x3xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3xf32>) {
  // expected-error@below {{[pad C1] expected amounts}}
  xplat.pad %arg0 low [0, -1] high [0, 0] value 0.0 : tensor<2x3xf32> -> tensor<2x2xf32>
  return
}

// -----

// C2: a number.
func.func @f(%arg0: tensor<2x3xf32>) {
  // expected-error@below {{[pad C2] expected a number as value}}
  xplat.pad %arg0 low [0, 1] high [0, 0] value 0x7FF8000000000000 : tensor<2x3xf32> -> tensor<2x4xf32>
  return
}

// -----

// Amounts whose sum overflows.
func.func @f(%arg0: tensor<4xf32>) {
  // expected-error@below {{[pad C1] expected amounts}}
  xplat.pad %arg0 low [9223372036854775807] high [9223372036854775807] value 0.0 : tensor<4xf32> -> tensor<2xf32>
  return
}

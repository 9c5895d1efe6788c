// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: a number among the integers.
func.func @f() {
  // expected-error@below {{[splat C1] expected a number among the elements of 'tensor<4xi32>' but got 2.5}}
  xplat.splat 2.5 : tensor<4xi32>
  return
}

// -----

func.func @f() {
  // expected-error@below {{[splat C1] expected a number among the elements of 'tensor<4xi1>'}}
  xplat.splat 2.0 : tensor<4xi1>
  return
}

// -----

func.func @f() {
  // expected-error@below {{[splat C1] expected a number among the elements}}
  xplat.splat 0xFFF0000000000000 : tensor<4xi64>
  return
}

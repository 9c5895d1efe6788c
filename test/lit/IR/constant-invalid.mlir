// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: the shape of the parameter.
// expected-note@below {{parameter declared here}}
xplat.param @p : tensor<3xf32>
func.func @f() {
  // expected-error@below {{[constant C1] expected the parameter of shape [2, 3] but @p has 'tensor<3xf32>'}}
  xplat.constant @p : tensor<2x3xf32>
  return
}

// -----

func.func @f() {
  // expected-error@below {{[constant C1] expected the parameter @none to name}}
  xplat.constant @none : tensor<2x3xf32>
  return
}

// -----

// C2: integers as integers, numbers as numbers.
xplat.param @numbers : tensor<4xf32>
func.func @f() {
  // expected-error@below {{[constant C2] expected a result of numbers, as parameter @numbers holds 'f32', but got 'i64'}}
  xplat.constant @numbers : tensor<4xi64>
  return
}

// -----

xplat.param @integers : tensor<4xi64>
func.func @f() {
  // expected-error@below {{[constant C2] expected a result of integers, as parameter @integers holds 'i64', but got 'f32'}}
  xplat.constant @integers : tensor<4xf32>
  return
}

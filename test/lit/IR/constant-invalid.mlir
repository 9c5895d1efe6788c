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

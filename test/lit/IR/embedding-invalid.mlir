// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: integers, a dimension more.
xplat.param @t : tensor<10x4xf32>
func.func @f(%arg0: tensor<3xf32>) {
  // expected-error@below {{[embedding C1] expected integers and a result of one dimension more but got 'tensor<3xf32>' and 'tensor<3x4xf32>'}}
  xplat.embedding %arg0 table @t : tensor<3xf32> -> tensor<3x4xf32>
  return
}

// -----

xplat.param @t : tensor<10x4xf32>
func.func @f(%arg0: tensor<3xi64>) {
  // expected-error@below {{[embedding C1] expected integers}}
  xplat.embedding %arg0 table @t : tensor<3xi64> -> tensor<4xf32>
  return
}

// -----

// C2: the table.
// expected-note@below {{parameter declared here}}
xplat.param @t : tensor<10x4xf32>
func.func @f(%arg0: tensor<3xi64>) {
  // expected-error@below {{[embedding C2] expected the table of shape [10, 5] but @t has 'tensor<10x4xf32>'}}
  xplat.embedding %arg0 table @t : tensor<3xi64> -> tensor<3x5xf32>
  return
}

// -----

func.func @f(%arg0: tensor<3xi64>) {
  // expected-error@below {{[embedding C2] expected the table @none to name}}
  xplat.embedding %arg0 table @none : tensor<3xi64> -> tensor<3x5xf32>
  return
}

// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: ascending dimensions.
func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[reduce C1] expected ascending dimensions of 'tensor<2x3x4xf32>' but got [3]}}
  xplat.reduce %arg0 sum over [3] : tensor<2x3x4xf32> -> tensor<2x3x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[reduce C1] expected ascending dimensions}}
  xplat.reduce %arg0 mean over [2, 1] : tensor<2x3x4xf32> -> tensor<2xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[reduce C1] expected ascending dimensions}}
  xplat.reduce %arg0 mean over [] : tensor<2x3x4xf32> -> tensor<2x3x4xf32>
  return
}

// -----

// C2: what is left.
func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[reduce C2] expected the extents of 'tensor<2x3x4xf32>' without dimensions [1], or with ones in their place, but got 'tensor<2x3xf32>'}}
  xplat.reduce %arg0 maximum over [1] : tensor<2x3x4xf32> -> tensor<2x3xf32>
  return
}

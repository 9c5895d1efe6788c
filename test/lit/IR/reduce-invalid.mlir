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

// -----

// C3: positions along one dimension, in integers that hold them all, one bit of which is the sign's.
func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[reduce C3] expected one dimension, along which positions are counted, but got [1, 2]}}
  xplat.reduce %arg0 argmax over [1, 2] : tensor<2x3x4xf32> -> tensor<2xi64>
  return
}

// -----

func.func @f(%arg0: tensor<2x9x4xf32>) {
  // expected-error@below {{[reduce C3] expected a result of integers of at least 5 bits, which hold positions up to 8, but got 'tensor<2x4xi4>'}}
  xplat.reduce %arg0 argmin over [1] : tensor<2x9x4xf32> -> tensor<2x4xi4>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[reduce C3] expected a result of integers of at least 3 bits}}
  xplat.reduce %arg0 argmax over [1] : tensor<2x3x4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[reduce C3] expected integers as operand and result, or as neither, but got 'tensor<2x3x4xf32>' and 'tensor<2x4xi64>'}}
  xplat.reduce %arg0 maximum over [1] : tensor<2x3x4xf32> -> tensor<2x4xi64>
  return
}

// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: as many rows, of fewer elements or as many.
func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[top_k C1] expected the extents of 'tensor<2x3x4xf32>', of which the last may be smaller, but got 'tensor<2x3x5xf32>'}}
  xplat.top_k %arg0 : tensor<2x3x4xf32> -> tensor<2x3x5xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[top_k C1] expected the extents}}
  xplat.top_k %arg0 : tensor<2x3x4xf32> -> tensor<2x2x2xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>) {
  // expected-error@below {{[top_k C1] expected the extents}}
  xplat.top_k %arg0 smallest : tensor<2x3x4xf32> -> tensor<3x4xf32>
  return
}

// -----

// C2: integers that hold all positions, one bit of which is the sign's.
func.func @f(%arg0: tensor<1x9xf32>) {
  // expected-error@below {{[top_k C2] expected a result of integers of at least 5 bits, which hold positions up to 8, but got 'tensor<1x2xi4>'}}
  xplat.top_k %arg0 positions : tensor<1x9xf32> -> tensor<1x2xi4>
  return
}

// -----

func.func @f(%arg0: tensor<1x9xf32>) {
  // expected-error@below {{[top_k C2] expected a result of integers of at least 5 bits}}
  xplat.top_k %arg0 smallest positions : tensor<1x9xf32> -> tensor<1x2xf32>
  return
}

// -----

func.func @f(%arg0: tensor<1x9xf32>) {
  // expected-error@below {{[top_k C2] expected integers as operand and result, or as neither, but got 'tensor<1x9xf32>' and 'tensor<1x2xi64>'}}
  xplat.top_k %arg0 : tensor<1x9xf32> -> tensor<1x2xi64>
  return
}

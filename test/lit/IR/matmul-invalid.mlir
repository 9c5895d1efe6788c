// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: one outer shape.
func.func @f(%arg0: tensor<2x3x4xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@below {{[matmul C1] expected one rank of 2 or more and one outer shape but got 'tensor<2x3x4xf32>', 'tensor<4x5xf32>' and 'tensor<2x3x5xf32>'}}
  xplat.matmul %arg0, %arg1 : tensor<2x3x4xf32>, tensor<4x5xf32> -> tensor<2x3x5xf32>
  return
}

// -----

func.func @f(%arg0: tensor<2x3x4xf32>, %arg1: tensor<3x4x5xf32>) {
  // expected-error@below {{[matmul C1] expected one rank}}
  xplat.matmul %arg0, %arg1 : tensor<2x3x4xf32>, tensor<3x4x5xf32> -> tensor<2x3x5xf32>
  return
}

// -----

// C2: inner extents.
func.func @f(%arg0: tensor<3x4xf32>, %arg1: tensor<5x4xf32>) {
  // expected-error@below {{[matmul C2] expected [m, k] times [k, n] to give [m, n] but got 'tensor<3x4xf32>' times 'tensor<5x4xf32>' for 'tensor<3x5xf32>'}}
  xplat.matmul %arg0, %arg1 : tensor<3x4xf32>, tensor<5x4xf32> -> tensor<3x5xf32>
  return
}

// -----

func.func @f(%arg0: tensor<3x4xf32>, %arg1: tensor<4x5xf32>) {
  // expected-error@below {{[matmul C2] expected [m, k] times [k, n] to give [m, n] but got 'tensor<3x4xf32>' times transposed 'tensor<4x5xf32>'}}
  xplat.matmul %arg0, %arg1 transposed : tensor<3x4xf32>, tensor<4x5xf32> -> tensor<3x5xf32>
  return
}

// -----

// C3: numbers.
func.func @f(%arg0: tensor<2x2xi32>, %arg1: tensor<2x2xf32>) {
  // expected-error@below {{[matmul C3] expected numbers but got indices or truth values}}
  xplat.matmul %arg0, %arg1 : tensor<2x2xi32>, tensor<2x2xf32> -> tensor<2x2xf32>
  return
}

// -----

// C4: an accumulator sums blocks of both operands.

!x = !xplat.msfp<4, 2>
!y = !quant.uniform<i8:f32, 6.25e-02>
func.func @f(%arg0: tensor<2x2x!x>, %arg1: tensor<2x2x!x>) {
  // expected-error@below {{[matmul C4] expected two factors with blocks of one size along the dimension that is summed}}
  xplat.matmul %arg0, %arg1 accumulator !quant.uniform<i16:f32, 6.25e-02> : tensor<2x2x!x>, tensor<2x2x!x> -> tensor<2x2x!y>
  return
}

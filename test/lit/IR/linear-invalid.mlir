// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: rank and outer extents.

xplat.param @w : tensor<3x4xf32>
func.func @f(%arg0: tensor<f32>) {
  // expected-error@below {{[linear C1] expected operand and result of equal rank and outer extents but got 'tensor<f32>' and 'tensor<f32>'}}
  xplat.linear %arg0 weight @w : tensor<f32> -> tensor<f32>
  return
}

// -----

xplat.param @w : tensor<3x4xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C1] expected operand and result of equal rank}}
  xplat.linear %arg0 weight @w : tensor<1x4xf32> -> tensor<3xf32>
  return
}

// -----

xplat.param @w : tensor<3x4xf32>
func.func @f(%arg0: tensor<2x4xf32>) {
  // expected-error@below {{[linear C1] expected operand and result of equal rank and outer extents but got 'tensor<2x4xf32>' and 'tensor<1x3xf32>'}}
  xplat.linear %arg0 weight @w : tensor<2x4xf32> -> tensor<1x3xf32>
  return
}

// -----

// C2: the weight.

func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C2] expected weight @w to name an 'xplat.param'}}
  xplat.linear %arg0 weight @w : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

// -----

// expected-note@below {{parameter declared here}}
xplat.param @w : tensor<4x3xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C2] expected weight of shape [3, 4] but @w has 'tensor<4x3xf32>'}}
  xplat.linear %arg0 weight @w : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

// -----

// Another symbol is not a parameter.
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C2] expected weight @f to name an 'xplat.param'}}
  xplat.linear %arg0 weight @f : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

// -----

// C3: the bias.

xplat.param @w : tensor<3x4xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C3] expected bias @b to name an 'xplat.param'}}
  xplat.linear %arg0 weight @w bias @b : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

// -----

xplat.param @w : tensor<3x4xf32>
// expected-note@below {{parameter declared here}}
xplat.param @b : tensor<4xf32>
func.func @f(%arg0: tensor<1x4xf32>) {
  // expected-error@below {{[linear C3] expected bias of shape [3] but @b has 'tensor<4xf32>'}}
  xplat.linear %arg0 weight @w bias @b : tensor<1x4xf32> -> tensor<1x3xf32>
  return
}

// -----

// C4: the accumulator, the formats of both factors, and that of the result.

!x = !xplat.msfp<4, 16>
!w = !xplat.msfp<4, 16, axis = 1>
!y = !quant.uniform<i8:f32, 6.25e-02>
xplat.param @w : tensor<3x32x!w>
func.func @f(%arg0: tensor<1x32x!x>) {
  // expected-error@below {{[linear C4] expected signed fixed point of 2 to 48 bits with one scale as accumulator but got 'f32'}}
  xplat.linear %arg0 weight @w accumulator f32 : tensor<1x32x!x> -> tensor<1x3x!y>
  return
}

// -----

!x = !xplat.msfp<4, 16>
!w = !xplat.msfp<4, 8, axis = 1>
!y = !quant.uniform<i8:f32, 6.25e-02>
xplat.param @w : tensor<3x32x!w>
func.func @f(%arg0: tensor<1x32x!x>) {
  // expected-error@below {{[linear C4] expected two factors with blocks of one size along the dimension that is summed, as there is an accumulator, but got}}
  xplat.linear %arg0 weight @w accumulator !quant.uniform<i16:f32, 6.25e-02> : tensor<1x32x!x> -> tensor<1x3x!y>
  return
}

// -----

!x = !xplat.msfp<4, 16>
!w = !xplat.msfp<4, 16, axis = 0>
!y = !quant.uniform<i8:f32, 6.25e-02>
xplat.param @w : tensor<3x32x!w>
func.func @f(%arg0: tensor<1x32x!x>) {
  // expected-error@below {{[linear C4] expected two factors with blocks of one size along the dimension that is summed}}
  xplat.linear %arg0 weight @w accumulator !quant.uniform<i16:f32, 6.25e-02> : tensor<1x32x!x> -> tensor<1x3x!y>
  return
}

// -----

!x = !xplat.msfp<4, 16>
!w = !xplat.msfp<4, 16, axis = 1>
xplat.param @w : tensor<3x32x!w>
func.func @f(%arg0: tensor<1x32x!x>) {
  // expected-error@below {{[linear C4] expected a result in fixed point, as there is an accumulator, but got 'tensor<1x3x!xplat.msfp<4, 16>>'}}
  xplat.linear %arg0 weight @w accumulator !quant.uniform<i16:f32, 6.25e-02> : tensor<1x32x!x> -> tensor<1x3x!x>
  return
}

// RUN: xplat-opt %s -split-input-file -verify-diagnostics

// A1: one operand of as many bits, and a result, of fixed point.
!q = !quant.uniform<i2:f32, 1.0>
!wide = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<4x!q>, %y: tensor<4x!wide>, %z: tensor<4xf32>) {
  // expected-error@below {{[approximable A1] expected one operand of fixed point of 2 bits and a result of fixed point, as the node has polynomials, but got 'tensor<4x!quant.uniform<i8:f32, 1.000000e+00>>' -> 'tensor<4x!quant.uniform<i8:f32, 1.000000e+00>>'}}
  %0 = xplat.exp %y {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 1, 2, 3]>} : tensor<4x!wide> -> tensor<4x!wide>
  return
}

// -----

!q = !quant.uniform<i2:f32, 1.0>
!wide = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<4x!q>, %y: tensor<4x!wide>, %z: tensor<4xf32>) {
  // expected-error@below {{[approximable A1]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 1, 2, 3]>} : tensor<4x!q> -> tensor<4xf32>
  return
}

// -----

!q = !quant.uniform<i2:f32, 1.0>
!wide = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<4x!q>, %y: tensor<4x!wide>, %z: tensor<4xf32>) {
  // expected-error@below {{[approximable A1]}}
  %0 = xplat.exp %z {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 1, 2, 3]>} : tensor<4xf32> -> tensor<4x!wide>
  return
}

// -----

!q = !quant.uniform<i2:f32, 1.0>
!wide = !quant.uniform<i8:f32, 1.0>
func.func @f(%x: tensor<4x!q>, %y: tensor<4x!wide>, %z: tensor<4xf32>) {
  // expected-error@below {{[approximable A1]}}
  %0 = xplat.fused %x, %x {
  ^bb0(%a: f32, %b: f32):
    xplat.yield %a : f32
  } {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 1, 2, 3]>} : (tensor<4x!q>, tensor<4x!q>) -> tensor<4x!wide>
  return
}

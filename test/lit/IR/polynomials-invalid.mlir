// RUN: xplat-opt %s -split-input-file -verify-diagnostics

// C1: degree, guard bits, error.
func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C1] expected degree 1 or 2, 0 to 16 guard bits, and a finite error above 0, but got degree 3, 2 guard bits, and 1.000000e+00}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 3, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 1, 2, 3, 0, 1, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C1]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 0, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 1]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C1]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 17, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 1, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C1]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 0.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 1, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C1]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 0x7FF0000000000000 : f64, segments = [2], length_bits = [1], coefficients = [0, 1, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// C2: numbers and lengths.
func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C2] expected a number of segments, at least 1, for each length of 0 to 19 bits, but got [2] for [1, 1]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1, 1], coefficients = [0, 1, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C2]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [0], length_bits = [1], coefficients = [0, 1, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C2]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [-1], coefficients = [0, 1, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C2]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [20], coefficients = [0, 1, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// C3: alignment, all numbers.
func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C3] expected aligned segments that have 2^2 to 2^20 numbers, a power of two, and none of them more than half, but a segment of 2 numbers begins at 1}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [1, 1, 1], length_bits = [0, 1, 0], coefficients = [0, 1, 2, 3, 4, 5]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{but the segments have 3 numbers}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [3], length_bits = [0], coefficients = [0, 1, 2, 3, 4, 5]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{but a segment has more than half of the 4 numbers}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [1], length_bits = [2], coefficients = [0, 1]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{but the segments have more than 2^20 numbers}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [4], length_bits = [19], coefficients = [0, 1, 2, 3, 4, 5, 6, 7]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// C4: coefficients.
func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C4] expected 4 coefficients but got 3}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 1, 2]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C4] expected coefficients of 64 bits together but got 65}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [2147483648, 1073741824, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

// C5: exact in float64.
func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C5] expected sums and products of at most 53 bits}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [0, 2251799813685248, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @f(%x: tensor<4x!quant.uniform<i2:f32, 1.0>>) {
  // expected-error@below {{[polynomials C5]}}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2], length_bits = [1], coefficients = [4503599627370496, 1, 2, 3]>}
      : tensor<4x!quant.uniform<i2:f32, 1.0>> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

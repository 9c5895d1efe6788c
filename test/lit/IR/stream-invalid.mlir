// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: static, positive, bounded.

// expected-error@below {{[stream C1] expected a static shape of positive extents with at most 1099511627776 elements}}
func.func private @f(!xplat.stream<1x0x4x4xf32, order = (0, 2, 3, 1)>)

// -----

// expected-error@below {{[stream C1] expected a static shape of positive extents}}
func.func private @f(!xplat.stream<9223372036854775807x9223372036854775807xf32>)

// -----

// expected-error@below {{expected static shape}}
func.func private @f(!xplat.stream<?x4xf32>)

// -----

// C2: each dimension once.

// expected-error@below {{[stream C2] expected an order that has each of 3 dimensions once but got (0, 2)}}
func.func private @f(!xplat.stream<1x6x4xf32, order = (0, 2)>)

// -----

// expected-error@below {{[stream C2] expected an order that has each of 3 dimensions once but got (0, 2, 2)}}
func.func private @f(!xplat.stream<1x6x4xf32, order = (0, 2, 2)>)

// -----

// expected-error@below {{[stream C2] expected an order that has each of 3 dimensions once but got (0, 2, 3)}}
func.func private @f(!xplat.stream<1x6x4xf32, order = (0, 2, 3)>)

// -----

// expected-error@below {{[stream C2] expected an order that has each of 1 dimensions once but got ()}}
func.func private @f(!xplat.stream<6xf32, order = ()>)

// -----

// C3: a tile that divides the tensor, in the stream's order.

// expected-error@below {{[stream C3] expected a beat of extents that divide (1, 4, 4, 6), the shape in the stream's order, but got (1, 1, 1, 4)}}
func.func private @f(!xplat.stream<1x6x4x4xf32, order = (0, 2, 3, 1), beat = (4)>)

// -----

// expected-error@below {{[stream C3] expected a beat of extents that divide (1, 4, 4, 6), the shape in the stream's order, but got (1, 1, 3, 2)}}
func.func private @f(!xplat.stream<1x6x4x4xf32, order = (0, 2, 3, 1), beat = (3, 2)>)

// -----

// expected-error@below {{[stream C3] expected a beat of extents that divide (6, 4), the shape in the stream's order, but got (1, 6)}}
func.func private @f(!xplat.stream<6x4xf32, beat = (6)>)

// -----

// expected-error@below {{[stream C3] expected a beat of extents that divide (4), the shape in the stream's order, but got (0)}}
func.func private @f(!xplat.stream<4xf32, beat = (0)>)

// -----

// expected-error@below {{[stream C3] expected a beat of extents that divide (4), the shape in the stream's order, but got (-2)}}
func.func private @f(!xplat.stream<4xf32, beat = (-2)>)

// -----

// expected-error@below {{[stream C3] expected a beat of extents that divide (4), the shape in the stream's order, but got (1, 2)}}
func.func private @f(!xplat.stream<4xf32, beat = (1, 2)>)

// -----

// C4: a number format with one scale.

// expected-error@below {{[stream C4] expected a number format with one scale as element type but got 'f64'}}
func.func private @f(!xplat.stream<4xf64>)

// -----

// expected-error@below {{[stream C4] expected a number format with one scale as element type but got '!quant.uniform<i8:f32, 3.000000e-01>'}}
func.func private @f(!xplat.stream<4x!quant.uniform<i8:f32, 0.3>>)

// -----

// expected-error@below {{[stream C4] expected a number format with one scale}}
func.func private @f(!xplat.stream<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>)

// -----

// expected-error@below {{[stream C4] expected blocks along one of 2 dimensions but got '!xplat.msfp<4, 16, axis = 9>'}}
func.func private @f(!xplat.stream<1x4x!xplat.msfp<4, 16, axis = 9>>)

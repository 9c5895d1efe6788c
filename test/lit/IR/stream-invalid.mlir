// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: static, not empty, positive, bounded.

// expected-error@below {{[stream C1] expected a static shape of positive extents with at most 1099511627776 elements}}
func.func private @f(!xplat.stream<f32, 1>)

// -----

// expected-error@below {{[stream C1] expected a static shape of positive extents}}
func.func private @f(!xplat.stream<1x0x4x4xf32, 1>)

// -----

// expected-error@below {{[stream C1] expected a static shape of positive extents}}
func.func private @f(!xplat.stream<9223372036854775807x9223372036854775807xf32, 1>)

// -----

// expected-error@below {{expected static shape}}
func.func private @f(!xplat.stream<?x4xf32, 1>)

// -----

// C2: channels are innermost in rank 4, the last dimension otherwise.

// expected-error@below {{[stream C2] expected lanes that divide the innermost extent 6 but got 4}}
func.func private @f(!xplat.stream<1x6x4x4xf32, 4>)

// -----

// expected-error@below {{[stream C2] expected lanes that divide the innermost extent 4 but got 6}}
func.func private @f(!xplat.stream<6x4xf32, 6>)

// -----

// expected-error@below {{[stream C2] expected lanes that divide the innermost extent 4 but got 0}}
func.func private @f(!xplat.stream<4xf32, 0>)

// -----

// expected-error@below {{[stream C2] expected lanes that divide the innermost extent 4 but got -2}}
func.func private @f(!xplat.stream<4xf32, -2>)

// -----

// C3: a number format with one scale.

// expected-error@below {{[stream C3] expected a number format with one scale as element type but got 'f64'}}
func.func private @f(!xplat.stream<4xf64, 1>)

// -----

// expected-error@below {{[stream C3] expected a number format with one scale as element type but got '!quant.uniform<i8:f32, 3.000000e-01>'}}
func.func private @f(!xplat.stream<4x!quant.uniform<i8:f32, 0.3>, 1>)

// -----

// expected-error@below {{[stream C3] expected a number format with one scale}}
func.func private @f(!xplat.stream<2x!quant.uniform<i8:f32:0, {0.5, 0.25}>, 1>)

// -----

// expected-error@below {{[stream C3] expected blocks along one of 2 dimensions but got '!xplat.msfp<4, 16, axis = 9>'}}
func.func private @f(!xplat.stream<1x4x!xplat.msfp<4, 16, axis = 9>, 1>)

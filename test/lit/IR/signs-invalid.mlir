// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// binary C1: fractional bits.
// expected-error@below {{[binary C1] expected fractional bits of -60 to 60 but got 61}}
func.func private @f(!xplat.binary<3, 61>)

// -----

// expected-error@below {{[ternary C1] expected fractional bits of -60 to 60 but got -61}}
func.func private @f(!xplat.ternary<-61>)

// -----

// param C1: a parameter has scales.
// expected-error@below {{[param C1] expected a static tensor of positive extents and of a number format, with at most 1099511627776 elements, but got 'tensor<4x2x!xplat.binary>'}}
xplat.param @w : tensor<4x2x!xplat.binary>

// -----

// N2: signs are weights, not values.
func.func @f(%arg0: tensor<1x4x!xplat.ternary<2>>) {
  // expected-error@below {{[node N2] expected a number format with one scale as element type but got '!xplat.ternary<2>'}}
  xplat.reshape %arg0 : tensor<1x4x!xplat.ternary<2>> -> tensor<4x!xplat.ternary<2>>
  return
}

// -----

// stream C4: the same of a stream.
// expected-error@below {{[stream C4] expected a number format with one scale as element type but got '!xplat.binary<2>'}}
func.func private @f(!xplat.stream<1x4x!xplat.binary<2>>)

// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: bits.
// expected-error@below {{[minifloat C1] expected 1 to 8 bits of exponent and 0 to 10 of mantissa but got 9 and 3}}
func.func private @f(!xplat.minifloat<9, 3>)

// -----

// expected-error@below {{[minifloat C1] expected 1 to 8 bits}}
func.func private @f(!xplat.minifloat<0, 3>)

// -----

// expected-error@below {{[minifloat C1] expected 1 to 8 bits}}
func.func private @f(!xplat.minifloat<4, 11>)

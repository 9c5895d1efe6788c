// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: bits.
// expected-error@below {{[minifloat C1] expected 1 to 7 bits of exponent and 1 to 10 of mantissa but got 8 and 3}}
func.func private @f(!xplat.minifloat<8, 3>)

// -----

// expected-error@below {{[minifloat C1] expected 1 to 7 bits}}
func.func private @f(!xplat.minifloat<0, 3>)

// -----

// expected-error@below {{[minifloat C1] expected 1 to 7 bits}}
func.func private @f(!xplat.minifloat<4, 11>)

// -----

// expected-error@below {{[minifloat C1] expected 1 to 7 bits}}
func.func private @f(!xplat.minifloat<4, 0>)

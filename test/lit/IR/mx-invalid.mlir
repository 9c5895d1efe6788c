// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: element, block, axis.
// expected-error@below {{[mx C1] expected f8E4M3FN, f8E5M2, f6E2M3FN, f6E3M2FN, f4E2M1FN or i8, a block of 1 to 1024 and an axis that is not below -1 but got 'f32', 32 and -1}}
func.func private @f(!xplat.mx<f32, 32>)

// -----

// expected-error@below {{[mx C1] expected f8E4M3FN}}
func.func private @f(!xplat.mx<i4, 32>)

// -----

// expected-error@below {{[mx C1] expected f8E4M3FN}}
func.func private @f(!xplat.mx<i8, 2048>)

// -----

// expected-error@below {{[mx C1] expected f8E4M3FN}}
func.func private @f(!xplat.mx<i8, 32, axis = -3>)

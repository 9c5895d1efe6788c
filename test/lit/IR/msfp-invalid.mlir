// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: bits, block, axis.
// expected-error@below {{[msfp C1] expected 2 to 16 bits, a block of 1 to 1024 and an axis that is not below -1 but got 1, 16 and -1}}
func.func private @f(!xplat.msfp<1, 16>)

// -----

// expected-error@below {{[msfp C1] expected 2 to 16 bits}}
func.func private @f(!xplat.msfp<4, 0>)

// -----

// expected-error@below {{[msfp C1] expected 2 to 16 bits}}
func.func private @f(!xplat.msfp<4, 16, axis = -2>)

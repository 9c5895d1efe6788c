// RUN: xplat-opt %s -verify-diagnostics -split-input-file

// C1: each dimension once.

// expected-error@below {{[order C1] expected an order that has each of 4 dimensions once but got (0, 1, 2)}}
func.func private @f(tensor<1x8x4x4xf32, #xplat.order<0, 1, 2>>)

// -----

// expected-error@below {{[order C1] expected an order that has each of 2 dimensions once but got (1, 1)}}
func.func private @f(tensor<8x4xf32, #xplat.order<1, 1>>)

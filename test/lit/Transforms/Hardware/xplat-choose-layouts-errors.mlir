// RUN: xplat-opt %s -xplat-choose-layouts -verify-diagnostics -split-input-file

!row = tensor<1x8x4x4xf32, #xplat.order<0, 1, 2, 3>>
xplat.param @w : tensor<8x8x1x1xf32>

// The relu follows, the convolution cannot.
func.func @f(%x: tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32> {
  // expected-note@below {{the order is fixed here}}
  %0 = xplat.host_input %x : tensor<1x8x4x4xf32> -> !row
  %1 = xplat.relu %0 : !row -> tensor<1x8x4x4xf32>
  // expected-error@below {{expected its streams to travel in the default order (0, 2, 3, 1), the only one that it can work in, but got (0, 1, 2, 3)}}
  %2 = xplat.conv2d %1 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  %3 = xplat.host_output %2 : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
  return %3 : tensor<1x8x4x4xf32>
}

// -----

func.func @f(%x: tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32> {
  // expected-note@below {{one order is fixed here}}
  %0 = xplat.host_input %x : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32, #xplat.order<0, 1, 2, 3>>
  // expected-error@below {{expected one order for all its streams but got (0, 3, 2, 1) and (0, 1, 2, 3)}}
  // expected-note@below {{one order is fixed here}}
  %1 = xplat.relu %0 : tensor<1x8x4x4xf32, #xplat.order<0, 1, 2, 3>> -> tensor<1x8x4x4xf32, #xplat.order<0, 3, 2, 1>>
  %2 = xplat.host_output %1 : tensor<1x8x4x4xf32, #xplat.order<0, 3, 2, 1>> -> tensor<1x8x4x4xf32>
  return %2 : tensor<1x8x4x4xf32>
}

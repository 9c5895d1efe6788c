// RUN: xplat-opt --xplat-lower-affine --split-input-file --verify-diagnostics %s | FileCheck %s

// The documentation's example.
// CHECK: xplat.param @"scale:image" = <reshape(@scale)> : tensor<3x1x1x1xf32>
// CHECK-LABEL: func.func @forward
// CHECK-NEXT: xplat.depthwise_conv2d %{{.*}} weight @"scale:image" stride [1, 1] padding [0, 0] : tensor<1x3x8x8xf32>
// CHECK-NEXT: return
xplat.param @scale : tensor<3xf32>
func.func @forward(%x: tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32> {
  %0 = xplat.channel_affine %x dim 1 weight @scale : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
  return %0 : tensor<1x3x8x8xf32>
}

// -----

// Tokens are pixels of an image that travels in the same order; a result that is left as it is has a weight that is.
// CHECK-LABEL: func.func @tokens
// CHECK-SAME: (%[[X:.*]]: tensor<1x5x4xf32>)
// CHECK: %[[IMAGE:.*]] = xplat.reshape %[[X]] order channels_last : tensor<1x5x4xf32> -> tensor<1x4x1x5xf32>
// CHECK: %[[SCALED:.*]] = xplat.depthwise_conv2d %[[IMAGE]] {{.*}} bias @shift {{.*}} {absmax = 3.000000e+00 : f64, quantization = #xplat.quantization<value = f32, weight = f32>}
// CHECK: %[[TOKENS:.*]] = xplat.reshape %[[SCALED]] order channels_last : tensor<1x4x1x5xf32> -> tensor<1x5x4xf32>
// CHECK: return %[[TOKENS]]
xplat.param @scale : tensor<4xf32>
xplat.param @shift : tensor<4xf32>
func.func @tokens(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %0 = xplat.channel_affine %x dim 2 weight @scale bias @shift {absmax = 3.0 : f64, quantization = #xplat.quantization<value = f32>} : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  return %0 : tensor<1x5x4xf32>
}

// -----

// Another dimension than the one that travels innermost: element by element.
// CHECK-LABEL: func.func @rows
// CHECK: %[[SCALE:.*]] = xplat.broadcast %{{.*}} : tensor<1x5x1xf32> -> tensor<1x5x4xf32>
// CHECK: xplat.mul %{{.*}}, %[[SCALE]]
xplat.param @scale : tensor<5xf32>
func.func @rows(%x: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %0 = xplat.channel_affine %x dim 1 weight @scale : tensor<1x5x4xf32> -> tensor<1x5x4xf32>
  return %0 : tensor<1x5x4xf32>
}

// -----

// Convolutions are of one sample.
// CHECK-LABEL: func.func @two_samples
xplat.param @scale : tensor<3xf32>
func.func @two_samples(%x: tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32> {
  // CHECK-NEXT: xplat.channel_affine
  // expected-remark @+1 {{not lowered to a convolution: expected one sample but got 2}}
  %0 = xplat.channel_affine %x dim 1 weight @scale : tensor<2x3x4x4xf32> -> tensor<2x3x4x4xf32>
  return %0 : tensor<2x3x4x4xf32>
}

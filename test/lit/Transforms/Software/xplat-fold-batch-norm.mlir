// RUN: xplat-opt --xplat-fold-batch-norm --split-input-file --verify-diagnostics %s | FileCheck %s

// The documentation's example.
// CHECK: xplat.param @"w:folded" = <fold_batch_norm_weight(@w, @gamma, @var) epsilon = 1.000000e-05 : f64> : tensor<8x3x3x3xf32>
// CHECK: xplat.param @"xplat.conv2d.bias:folded" = <fold_batch_norm_bias(@gamma, @beta, @mean, @var) epsilon = 1.000000e-05 : f64> : tensor<8xf32>
// CHECK-LABEL: func.func @forward
// CHECK-NEXT: %[[R:.*]] = xplat.conv2d %{{.*}} weight @"w:folded" bias @"xplat.conv2d.bias:folded"
// CHECK-NEXT: return %[[R]]
xplat.param @w : tensor<8x3x3x3xf32>
xplat.param @gamma : tensor<8xf32>
xplat.param @beta : tensor<8xf32>
xplat.param @mean : tensor<8xf32>
xplat.param @var : tensor<8xf32>
func.func @forward(%x: tensor<1x3x8x8xf32>) -> tensor<1x8x8x8xf32> {
  %0 = xplat.conv2d %x weight @w stride [1, 1] padding [1, 1] groups 1
      : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32>
  %1 = xplat.batch_norm %0 gamma @gamma beta @beta mean @mean var @var epsilon 1.0e-05
      : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
  return %1 : tensor<1x8x8x8xf32>
}

// -----

// A linear node with a bias, named by its place in the model; the range of the
// result is what the batch norm had.
// CHECK: xplat.param @"fc.bias:folded" = <fold_batch_norm_bias(@fc.bias, @g, @b, @m, @v) epsilon = 1.000000e-03 : f64>
// CHECK-LABEL: func.func @forward
// CHECK: xplat.linear %{{.*}} weight @"fc.weight:folded" bias @"fc.bias:folded" {absmax = 2.000000e+00 : f64}
// CHECK-NOT: batch_norm
xplat.param @fc.weight : tensor<4x3xf32>
xplat.param @fc.bias : tensor<4xf32>
xplat.param @g : tensor<4xf32>
xplat.param @b : tensor<4xf32>
xplat.param @m : tensor<4xf32>
xplat.param @v : tensor<4xf32>
func.func @forward(%x: tensor<1x3xf32>) -> tensor<1x4xf32> {
  %0 = xplat.linear %x weight @fc.weight bias @fc.bias {absmax = 5.0 : f64} : tensor<1x3xf32> -> tensor<1x4xf32> loc("fc")
  %1 = xplat.batch_norm %0 gamma @g beta @b mean @m var @v epsilon 1.0e-03 {absmax = 2.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

// Depthwise, and one weight that two nodes share: each gets parameters of its own.
// CHECK-DAG: @"w:folded" =
// CHECK-DAG: @"w:folded_0" =
// CHECK-LABEL: func.func @forward
// CHECK: xplat.depthwise_conv2d %{{.*}} weight @"w:folded" bias
// CHECK: xplat.depthwise_conv2d %{{.*}} weight @"w:folded_0" bias
xplat.param @w : tensor<4x1x3x3xf32>
xplat.param @g : tensor<4xf32>
func.func @forward(%x: tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32> {
  %0 = xplat.depthwise_conv2d %x weight @w stride [1, 1] padding [1, 1] : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  %2 = xplat.depthwise_conv2d %1 weight @w stride [1, 1] padding [1, 1] : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  %3 = xplat.batch_norm %2 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return %3 : tensor<1x4x8x8xf32>
}

// -----

// Pixels: a depthwise convolution of one.
// CHECK: xplat.param @"xplat.batch_norm.scale:folded" = <fold_batch_norm_weight(@g, @v) epsilon = 1.000000e-05 : f64> : tensor<4x1x1x1xf32>
// CHECK: xplat.param @"xplat.batch_norm.shift:folded" = <fold_batch_norm_bias(@g, @b, @m, @v) epsilon = 1.000000e-05 : f64> : tensor<4xf32>
// CHECK-LABEL: func.func @no_weights
xplat.param @g : tensor<4xf32>
xplat.param @b : tensor<4xf32>
xplat.param @m : tensor<4xf32>
xplat.param @v : tensor<4xf32>
func.func @no_weights(%x: tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32> {
  // expected-note @+1 {{the operand comes from here}}
  %0 = xplat.relu %x : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  // CHECK: xplat.depthwise_conv2d %{{.*}} weight @"xplat.batch_norm.scale:folded" bias @"xplat.batch_norm.shift:folded" stride [1, 1] padding [0, 0] {absmax = 3.000000e+00 : f64}
  // expected-remark @+1 {{not folded: its operand comes from no node with weights}}
  %1 = xplat.batch_norm %0 gamma @g beta @b mean @m var @v epsilon 1.0e-05 {absmax = 3.0 : f64} : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}

// -----

// A vector is an image of one pixel.
// CHECK-LABEL: func.func @vector
// CHECK-SAME: (%[[X:.*]]: tensor<1x4xf32>)
// CHECK: %[[IMAGE:.*]] = xplat.reshape %[[X]] : tensor<1x4xf32> -> tensor<1x4x1x1xf32>
// CHECK: %[[SCALED:.*]] = xplat.depthwise_conv2d %[[IMAGE]] {{.*}} {absmax = 3.000000e+00 : f64}
// CHECK: %[[VECTOR:.*]] = xplat.reshape %[[SCALED]] : tensor<1x4x1x1xf32> -> tensor<1x4xf32>
// CHECK: return %[[VECTOR]]
xplat.param @g : tensor<4xf32>
func.func @vector(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-remark @+1 {{not folded: its operand comes from no node with weights}}
  %0 = xplat.batch_norm %x gamma @g beta @g mean @g var @g epsilon 1.0e-05 {absmax = 3.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

xplat.param @w : tensor<4x4xf32>
xplat.param @g : tensor<4xf32>
// CHECK-LABEL: func.func @two_uses
func.func @two_uses(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.linear %x weight @w : tensor<1x4xf32> -> tensor<1x4xf32>
  // CHECK: xplat.batch_norm
  // expected-remark @+1 {{not folded: its operand has 2 uses}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-note @+1 {{also used here}}
  %2 = xplat.add %0, %1 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}

// -----

xplat.param @w : tensor<4x4xf32>
xplat.param @g : tensor<3xf32>
// CHECK-LABEL: func.func @other_dimension
func.func @other_dimension(%x: tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32> {
  %0 = xplat.linear %x weight @w : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
  // CHECK: xplat.depthwise_conv2d
  // expected-remark @+1 {{not folded: the weight before it indexes dimension 3 but the scale is along dimension 1}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
  return %1 : tensor<1x3x4x4xf32>
}

// -----

// The channels of a transposed convolution's weight are not its dimension 0.
xplat.param @w : tensor<3x4x2x2xf32>
xplat.param @g : tensor<4xf32>
// CHECK-LABEL: func.func @transposed
func.func @transposed(%x: tensor<1x3x4x4xf32>) -> tensor<1x4x8x8xf32> {
  %0 = xplat.conv_transpose2d %x weight @w stride [2, 2] padding [0, 0] groups 1 : tensor<1x3x4x4xf32> -> tensor<1x4x8x8xf32>
  // CHECK: xplat.depthwise_conv2d
  // expected-remark @+1 {{not folded: dimension 1 of the weight before it has the channels, not dimension 0}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}

// -----

// A format wished for the result goes to the node before, whose weight has its own wish; zeros stay known.
// CHECK: xplat.param @"w:folded" = {{.*}} {sparsity = #xplat.sparsity<n = 2, m = 4, nonzeros = 6, zero_slices = [1]>} : tensor<4x4xf32>
// CHECK: xplat.param @"xplat.linear.bias:folded" = {{.*}} epsilon = 1.000000e-05 : f64> : tensor<4xf32>
// CHECK-LABEL: func.func @wished
// CHECK-NEXT: xplat.linear %{{.*}} {quantization = #xplat.quantization<value = i4, weight = f32>}
// CHECK-NEXT: return
xplat.param @w {sparsity = #xplat.sparsity<n = 2, m = 4, nonzeros = 6, zero_slices = [1]>} : tensor<4x4xf32>
xplat.param @g : tensor<4xf32>
func.func @wished(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.linear %x weight @w {quantization = #xplat.quantization<value = f32, weight = f32>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 {quantization = #xplat.quantization<value = i4>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

// What is to be rounded before it is scaled stays. A result that is left as it is has a weight that is, too.
xplat.param @w : tensor<4x4x1x1xf32>
xplat.param @g : tensor<4xf32>
// CHECK-LABEL: func.func @rounded
func.func @rounded(%x: tensor<1x4x2x2xf32>) -> tensor<1x4x2x2xf32> {
  // CHECK: xplat.conv2d %{{.*}} weight @w {{.*}}quantization = #xplat.quantization<value = i4>
  // expected-note @+1 {{wished here}}
  %0 = xplat.conv2d %x weight @w stride [1, 1] padding [0, 0] groups 1 {quantization = #xplat.quantization<value = i4>} : tensor<1x4x2x2xf32> -> tensor<1x4x2x2xf32>
  // CHECK: xplat.depthwise_conv2d {{.*}} {quantization = #xplat.quantization<value = f32, weight = f32>}
  // expected-remark @+1 {{not folded: what it scales shall be rounded, or the weight before it with scales that hold for that weight alone}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 {quantization = #xplat.quantization<value = f32>} : tensor<1x4x2x2xf32> -> tensor<1x4x2x2xf32>
  return %1 : tensor<1x4x2x2xf32>
}

// -----

// A width, or blocks, serve the folded weight; scales for the weight as it was do not.
xplat.param @w : tensor<4x4xf32>
xplat.param @g : tensor<4xf32>
// CHECK-LABEL: func.func @weights
func.func @weights(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // CHECK: xplat.linear %{{.*}} {quantization = #xplat.quantization<value = i8, weight = i4>}
  %0 = xplat.linear %x weight @w {quantization = #xplat.quantization<weight = i4>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 {quantization = #xplat.quantization<value = i8>} : tensor<1x4xf32> -> tensor<1x4xf32>
  // CHECK: xplat.linear
  // expected-note @+1 {{wished here}}
  %2 = xplat.linear %1 weight @w {quantization = #xplat.quantization<weight = !quant.uniform<i8:f32, 0.5>>} : tensor<1x4xf32> -> tensor<1x4xf32>
  // CHECK: xplat.batch_norm
  // expected-remark @+1 {{not folded: what it scales shall be rounded, or the weight before it}}
  %3 = xplat.batch_norm %2 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %3 : tensor<1x4xf32>
}

// -----

// Convolutions are of one sample.
xplat.param @g : tensor<3xf32>
// CHECK-LABEL: func.func @two_samples
func.func @two_samples(%x: tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32> {
  // CHECK-NEXT: xplat.batch_norm
  // expected-remark @+2 {{not folded: its operand comes from no node with weights}}
  // expected-remark @+1 {{not replaced by a convolution: expected one sample but got 2}}
  %0 = xplat.batch_norm %x gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<2x3x4x4xf32> -> tensor<2x3x4x4xf32>
  return %0 : tensor<2x3x4x4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 7.8125e-03>
xplat.param @g : tensor<3xf32>
xplat.param @w : tensor<3x3xf32>
// CHECK-LABEL: func.func @quantized
func.func @quantized(%x: tensor<1x3xf32>) -> tensor<1x3xf32> {
  // CHECK: xplat.linear %{{.*}} weight @w :
  %0 = xplat.linear %x weight @w : tensor<1x3xf32> -> tensor<1x3x!q>
  // CHECK: xplat.batch_norm
  // expected-remark @+1 {{not folded: expected f32 before and after it but got}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x3x!q> -> tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// -----

// What is mapped has the cost of the node that it is.
xplat.param @g : tensor<3xf32>
xplat.param @w : tensor<3x3xf32>
// CHECK-LABEL: func.func @mapped_before
func.func @mapped_before(%x: tensor<1x3xf32>) -> tensor<1x3xf32> {
  // CHECK: xplat.linear %{{.*}} weight @w {
  // expected-note @+1 {{mapped here}}
  %0 = xplat.linear %x weight @w {unroll = #xplat.unroll<1, 1, 1>} : tensor<1x3xf32> -> tensor<1x3xf32>
  // CHECK: xplat.batch_norm
  // expected-remark @+1 {{not folded: the node before it is mapped already}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x3xf32> -> tensor<1x3xf32>
  return %1 : tensor<1x3xf32>
}

// -----

xplat.param @g : tensor<3xf32>
// CHECK-LABEL: func.func @mapped
func.func @mapped(%x: tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32> {
  // CHECK-NEXT: xplat.batch_norm
  // expected-remark @+1 {{not folded: it is mapped already}}
  %0 = xplat.batch_norm %x gamma @g beta @g mean @g var @g epsilon 1.0e-05 {unroll = #xplat.unroll<1, 1>} : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
  return %0 : tensor<1x3x4x4xf32>
}

// RUN: xplat-opt --xplat-fold-affine --split-input-file --verify-diagnostics %s | FileCheck %s

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

// No weights on either side: a scale and a shift.
// CHECK: xplat.param @"xplat.batch_norm.scale:folded" = <fold_batch_norm_weight(@g, @v) epsilon = 1.000000e-05 : f64> : tensor<4xf32>
// CHECK: xplat.param @"xplat.batch_norm.shift:folded" = <fold_batch_norm_bias(@g, @b, @m, @v) epsilon = 1.000000e-05 : f64> : tensor<4xf32>
// CHECK-LABEL: func.func @no_weights
xplat.param @g : tensor<4xf32>
xplat.param @b : tensor<4xf32>
xplat.param @m : tensor<4xf32>
xplat.param @v : tensor<4xf32>
func.func @no_weights(%x: tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32> {
  // expected-note @+1 {{the operand comes from here}}
  %0 = xplat.relu %x : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  // CHECK: xplat.channel_affine %{{.*}} dim 1 weight @"xplat.batch_norm.scale:folded" bias @"xplat.batch_norm.shift:folded" {absmax = 3.000000e+00 : f64}
  // expected-remark @+1 {{not folded: its operand is not the result of a node with weights; a node that reads it has no weight per channel}}
  %1 = xplat.batch_norm %0 gamma @g beta @b mean @m var @v epsilon 1.0e-05 {absmax = 3.0 : f64} : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  // expected-note @+1 {{read here}}
  return %1 : tensor<1x4x8x8xf32>
}

// -----

xplat.param @w : tensor<4x4xf32>
xplat.param @g : tensor<4xf32>
// CHECK-LABEL: func.func @two_uses
func.func @two_uses(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-note @+1 {{several nodes read this}}
  %0 = xplat.linear %x weight @w : tensor<1x4xf32> -> tensor<1x4xf32>
  // CHECK: xplat.channel_affine
  // expected-remark @+1 {{not folded: its operand has 2 uses}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-note @+1 {{read here}}
  %2 = xplat.add %0, %1 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}

// -----

xplat.param @w : tensor<4x4xf32>
xplat.param @g : tensor<3xf32>
// CHECK-LABEL: func.func @other_dimension
func.func @other_dimension(%x: tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32> {
  %0 = xplat.linear %x weight @w : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
  // CHECK: xplat.channel_affine
  // expected-remark @+1 {{not folded: the weight before it indexes dimension 3 but the scale is along dimension 1}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
  // expected-note @+1 {{read here}}
  return %1 : tensor<1x3x4x4xf32>
}

// -----

// A transposed convolution's weight has the channels in dimension 1.
// CHECK: xplat.param @"w:folded" = <evaluate(@"xplat.batch_norm.scale:folded", @w) function
// CHECK-LABEL: func.func @transposed
xplat.param @w : tensor<3x4x2x2xf32>
xplat.param @g : tensor<4xf32>
func.func @transposed(%x: tensor<1x3x4x4xf32>) -> tensor<1x4x8x8xf32> {
  // CHECK-NEXT: xplat.conv_transpose2d %{{.*}} weight @"w:folded" bias @{{.*}} stride
  // CHECK-NEXT: return
  %0 = xplat.conv_transpose2d %x weight @w stride [2, 2] padding [0, 0] groups 1 : tensor<1x3x4x4xf32> -> tensor<1x4x8x8xf32>
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}

// -----

// In groups, it has fewer slices than there are channels.
xplat.param @w : tensor<4x2x2x2xf32>
xplat.param @g : tensor<4xf32>
// CHECK-LABEL: func.func @transposed_groups
func.func @transposed_groups(%x: tensor<1x4x4x4xf32>) -> tensor<1x4x8x8xf32> {
  %0 = xplat.conv_transpose2d %x weight @w stride [2, 2] padding [0, 0] groups 2 : tensor<1x4x4x4xf32> -> tensor<1x4x8x8xf32>
  // CHECK: xplat.channel_affine
  // expected-remark @+1 {{not folded: expected a slice of the weight before it for each of 4 channels but it has 2}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  // expected-note @+1 {{read here}}
  return %1 : tensor<1x4x8x8xf32>
}

// -----

// The format requested for the result goes to the node before, whose weight has its own request; zeros stay known.
// CHECK: xplat.param @"w:folded" = {{.*}} {sparsity = #xplat.sparsity<n = 2, m = 4, nonzeros = 6, zero_slices = [1]>} : tensor<4x4xf32>
// CHECK: xplat.param @"xplat.linear.bias:folded" = {{.*}} epsilon = 1.000000e-05 : f64> : tensor<4xf32>
// CHECK-LABEL: func.func @requested
// CHECK-NEXT: xplat.linear %{{.*}} {quantization = #xplat.quantization<value = i4, weight = f32>}
// CHECK-NEXT: return
xplat.param @w {sparsity = #xplat.sparsity<n = 2, m = 4, nonzeros = 6, zero_slices = [1]>} : tensor<4x4xf32>
xplat.param @g : tensor<4xf32>
func.func @requested(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.linear %x weight @w {quantization = #xplat.quantization<value = f32, weight = f32>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 {quantization = #xplat.quantization<value = i4>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

// What is to be rounded before it is scaled stays.
xplat.param @w : tensor<4x4x1x1xf32>
xplat.param @g : tensor<4xf32>
// CHECK-LABEL: func.func @rounded
func.func @rounded(%x: tensor<1x4x2x2xf32>) -> tensor<1x4x2x2xf32> {
  // CHECK: xplat.conv2d %{{.*}} weight @w {{.*}}quantization = #xplat.quantization<value = i4>
  // expected-note @+1 {{requested here}}
  %0 = xplat.conv2d %x weight @w stride [1, 1] padding [0, 0] groups 1 {quantization = #xplat.quantization<value = i4>} : tensor<1x4x2x2xf32> -> tensor<1x4x2x2xf32>
  // CHECK: xplat.channel_affine {{.*}} {quantization = #xplat.quantization<value = f32>}
  // expected-remark @+1 {{not folded: a format is requested for its operand; a node that reads it}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 {quantization = #xplat.quantization<value = f32>} : tensor<1x4x2x2xf32> -> tensor<1x4x2x2xf32>
  // expected-note @+1 {{read here}}
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
  // expected-note @+1 {{requested here}}
  %2 = xplat.linear %1 weight @w {quantization = #xplat.quantization<weight = !quant.uniform<i8:f32, 0.5>>} : tensor<1x4xf32> -> tensor<1x4xf32>
  // CHECK: xplat.channel_affine
  // expected-remark @+1 {{not folded: fixed scales are requested for the weight before it}}
  %3 = xplat.batch_norm %2 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x4xf32> -> tensor<1x4xf32>
  // expected-note @+1 {{read here}}
  return %3 : tensor<1x4xf32>
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
  %0 = xplat.linear %x weight @w {config = #xplat.config<unroll = <1, 1, 1>>} : tensor<1x3xf32> -> tensor<1x3xf32>
  // CHECK: xplat.channel_affine
  // expected-remark @+1 {{not folded: the node before it is mapped already}}
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @g var @g epsilon 1.0e-05 : tensor<1x3xf32> -> tensor<1x3xf32>
  // expected-note @+1 {{read here}}
  return %1 : tensor<1x3xf32>
}

// -----

xplat.param @g : tensor<3xf32>
// CHECK-LABEL: func.func @mapped
func.func @mapped(%x: tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32> {
  // CHECK-NEXT: xplat.batch_norm
  // expected-remark @+1 {{not folded: it is mapped already}}
  %0 = xplat.batch_norm %x gamma @g beta @g mean @g var @g epsilon 1.0e-05 {config = #xplat.config<unroll = <1, 1>>} : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
  return %0 : tensor<1x3x4x4xf32>
}

// -----

// Constants of the model: a factor for each channel goes into the weight, and into the bias.
// CHECK: func.func private @"w:function"(%{{.*}}: tensor<4x1x1xf32>, %{{.*}}: tensor<4x4x3x3xf32>) -> tensor<4x4x3x3xf32>
// CHECK: xplat.param @"w:folded" = <evaluate(@gamma, @w) function = @"w:function">
// CHECK: xplat.param @"b:folded" = <evaluate(@gamma, @b)
// CHECK-LABEL: func.func @constant
xplat.param @w : tensor<4x4x3x3xf32>
xplat.param @b : tensor<4xf32>
xplat.param @gamma : tensor<4x1x1xf32>
func.func @constant(%x: tensor<1x4x6x6xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK-NEXT: %[[R:.*]] = xplat.conv2d %{{.*}} weight @"w:folded" bias @"b:folded"
  // CHECK-NEXT: return %[[R]]
  %0 = xplat.conv2d %x weight @w bias @b stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x6x6xf32> -> tensor<1x4x4x4xf32>
  %1 = xplat.constant @gamma : tensor<4x1x1xf32>
  %2 = xplat.broadcast %1 : tensor<4x1x1xf32> -> tensor<1x4x4x4xf32>
  %3 = xplat.mul %2, %0 : tensor<1x4x4x4xf32>, tensor<1x4x4x4xf32> -> tensor<1x4x4x4xf32>
  return %3 : tensor<1x4x4x4xf32>
}

// -----

// In front of a convolution without padding both go into its weights; with padding the shift cannot.
xplat.param @w : tensor<4x3x3x3xf32>
xplat.param @mean : tensor<1x3x1x1xf32>
// CHECK-LABEL: func.func @in_front
func.func @in_front(%x: tensor<1x3x6x6xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK-NEXT: xplat.conv2d %{{.*}} weight @w bias @"xplat.conv2d.bias:folded"
  // CHECK-NEXT: return
  %0 = xplat.constant @mean : tensor<1x3x1x1xf32>
  %1 = xplat.broadcast %0 : tensor<1x3x1x1xf32> -> tensor<1x3x6x6xf32>
  %2 = xplat.sub %x, %1 : tensor<1x3x6x6xf32>, tensor<1x3x6x6xf32> -> tensor<1x3x6x6xf32>
  %3 = xplat.conv2d %2 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x3x6x6xf32> -> tensor<1x4x4x4xf32>
  return %3 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @padded
func.func @padded(%x: tensor<1x3x6x6xf32>) -> tensor<1x4x6x6xf32> {
  %0 = xplat.constant @mean : tensor<1x3x1x1xf32>
  %1 = xplat.broadcast %0 : tensor<1x3x1x1xf32> -> tensor<1x3x6x6xf32>
  // CHECK-NEXT: xplat.channel_affine %{{.*}} dim 1 weight @"xplat.sub.scale:folded" bias @"xplat.sub.shift:folded"
  // expected-remark @+1 {{not folded: its operand is not the result of a node with weights; the convolution after it pads with zeros, which the shift would change}}
  %2 = xplat.sub %x, %1 : tensor<1x3x6x6xf32>, tensor<1x3x6x6xf32> -> tensor<1x3x6x6xf32>
  // CHECK-NEXT: xplat.conv2d
  // expected-note @+1 {{padded here}}
  %3 = xplat.conv2d %2 weight @w stride [1, 1] padding [1, 1] groups 1 : tensor<1x3x6x6xf32> -> tensor<1x4x6x6xf32>
  return %3 : tensor<1x4x6x6xf32>
}

// -----

// Behind a reshape the channels are the same; one number has no channels at all.
xplat.param @w : tensor<4x3x1x3xf32>
xplat.param @gamma : tensor<1x4x1xf32>
// CHECK-LABEL: func.func @behind_reshape
func.func @behind_reshape(%x: tensor<1x3x1x8xf32>) -> tensor<1x4x6xf32> {
  // CHECK-NEXT: %[[C:.*]] = xplat.conv2d %{{.*}} weight @"w:folded{{.*}}" stride
  // CHECK-NEXT: %[[R:.*]] = xplat.reshape %[[C]]
  // CHECK-NEXT: return %[[R]]
  %0 = xplat.conv2d %x weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x3x1x8xf32> -> tensor<1x4x1x6xf32>
  %1 = xplat.reshape %0 : tensor<1x4x1x6xf32> -> tensor<1x4x6xf32>
  %2 = xplat.constant @gamma : tensor<1x4x1xf32>
  %3 = xplat.broadcast %2 : tensor<1x4x1xf32> -> tensor<1x4x6xf32>
  %4 = xplat.mul %1, %3 : tensor<1x4x6xf32>, tensor<1x4x6xf32> -> tensor<1x4x6xf32>
  %5 = xplat.splat 0.5 : tensor<1x4x6xf32>
  %6 = xplat.div %4, %5 : tensor<1x4x6xf32>, tensor<1x4x6xf32> -> tensor<1x4x6xf32>
  return %6 : tensor<1x4x6xf32>
}

// -----

// Not beside a weight, a division by one number is a multiplication; constants along several dimensions stay.
xplat.param @table : tensor<1x4x6xf32>
// CHECK-LABEL: func.func @element_by_element
func.func @element_by_element(%x: tensor<1x4x6xf32>) -> tensor<1x4x6xf32> {
  // CHECK-NEXT: %[[TENTH:.*]] = xplat.splat 0.10000000{{.*}} : tensor<1x4x6xf32>
  // CHECK-NEXT: %[[SCALED:.*]] = xplat.mul %{{.*}}, %[[TENTH]]
  %0 = xplat.splat 10.0 : tensor<1x4x6xf32>
  %1 = xplat.div %x, %0 : tensor<1x4x6xf32>, tensor<1x4x6xf32> -> tensor<1x4x6xf32>
  // CHECK: xplat.add %[[SCALED]]
  %2 = xplat.constant @table : tensor<1x4x6xf32>
  %3 = xplat.add %1, %2 : tensor<1x4x6xf32>, tensor<1x4x6xf32> -> tensor<1x4x6xf32>
  return %3 : tensor<1x4x6xf32>
}

// -----

// The number may have been repeated before.
// CHECK-LABEL: func.func @divided_by_a_repeated_number
func.func @divided_by_a_repeated_number(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-NEXT: %[[QUARTER:.*]] = xplat.splat 2.500000e-01 : tensor<2x3xf32>
  // CHECK-NEXT: xplat.mul %{{.*}}, %[[QUARTER]]
  %0 = xplat.splat 4.0 : tensor<3xf32>
  %1 = xplat.broadcast %0 : tensor<3xf32> -> tensor<2x3xf32>
  %2 = xplat.div %x, %1 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// -----

// A constant that is rounded is not part of the arithmetic, and a rounded result stays in front of weights.
xplat.param @w : tensor<3x4xf32>
xplat.param @gamma : tensor<1x4xf32>
// CHECK-LABEL: func.func @requested
func.func @requested(%x: tensor<1x4xf32>) -> tensor<1x3xf32> {
  %0 = xplat.constant @gamma {quantization = #xplat.quantization<value = i4>} : tensor<1x4xf32>
  // CHECK: xplat.mul
  // expected-note @+1 {{the operand comes from here}}
  %1 = xplat.mul %x, %0 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = xplat.constant @gamma : tensor<1x4xf32>
  // CHECK: xplat.channel_affine {{.*}} {quantization = #xplat.quantization<value = i4>}
  // expected-remark @+1 {{a format is requested for its result}}
  %3 = xplat.mul %1, %2 {quantization = #xplat.quantization<value = i4>} : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %4 = xplat.linear %3 weight @w : tensor<1x4xf32> -> tensor<1x3xf32>
  return %4 : tensor<1x3xf32>
}

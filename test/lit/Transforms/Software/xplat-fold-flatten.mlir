// RUN: xplat-opt --xplat-fold-flatten --split-input-file --verify-diagnostics %s | FileCheck %s

// The documentation's example.
// CHECK: xplat.param @"w:channels_last" = <channels_last_columns(@w) shape = [8, 2, 2]> : tensor<10x32xf32>
// CHECK-LABEL: func.func @forward
// CHECK: xplat.reshape %{{.*}} order channels_last : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
// CHECK: xplat.linear %{{.*}} weight @"w:channels_last"
xplat.param @w : tensor<10x32xf32>
func.func @forward(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  %1 = xplat.linear %0 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  return %1 : tensor<1x10xf32>
}

// -----

// Through element-wise nodes, to two readers.
// CHECK-LABEL: func.func @through_relu
// CHECK: order channels_last
// CHECK: xplat.linear %{{.*}} weight @"a:channels_last"
// CHECK: xplat.linear %{{.*}} weight @"b:channels_last"
xplat.param @a : tensor<10x32xf32>
xplat.param @b : tensor<10x32xf32>
func.func @through_relu(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  %1 = xplat.relu %0 : tensor<1x32xf32> -> tensor<1x32xf32>
  %2 = xplat.linear %1 weight @a : tensor<1x32xf32> -> tensor<1x10xf32>
  %3 = xplat.linear %0 weight @b : tensor<1x32xf32> -> tensor<1x10xf32>
  %4 = xplat.add %2, %3 : tensor<1x10xf32>, tensor<1x10xf32> -> tensor<1x10xf32>
  return %4 : tensor<1x10xf32>
}

// -----

// One pixel travels in row-major order anyway.
// CHECK-LABEL: func.func @one_pixel
// CHECK: xplat.reshape %{{.*}} : tensor<1x32x1x1xf32> -> tensor<1x32xf32>
// CHECK: weight @w
xplat.param @w : tensor<10x32xf32>
func.func @one_pixel(%x: tensor<1x32x1x1xf32>) -> tensor<1x10xf32> {
  %0 = xplat.reshape %x : tensor<1x32x1x1xf32> -> tensor<1x32xf32>
  %1 = xplat.linear %0 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  return %1 : tensor<1x10xf32>
}

// -----

// CHECK-LABEL: func.func @other_reader
func.func @other_reader(%x: tensor<1x8x2x2xf32>) -> tensor<1x32xf32> {
  // CHECK-NOT: channels_last
  // expected-remark @+1 {{not folded: a consumer has no columns that could be permuted instead}}
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  // expected-note @+1 {{consumer here}}
  return %0 : tensor<1x32xf32>
}

// -----

// CHECK-LABEL: func.func @not_flat
func.func @not_flat(%x: tensor<1x8x2x2xf32>) -> tensor<1x8x4xf32> {
  // expected-remark @+1 {{not folded: expected a rank-4 operand flattened to one dimension}}
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x8x4xf32>
  return %0 : tensor<1x8x4xf32>
}

// -----

// Two readers of one weight share the permuted one.
// CHECK-COUNT-1: channels_last_columns(@w)
// CHECK-NOT: channels_last_columns(@w)
// CHECK-LABEL: func.func @shared
// CHECK-COUNT-2: weight @"w:channels_last"
xplat.param @w : tensor<10x32xf32>
func.func @shared(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  %1 = xplat.linear %0 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  %2 = xplat.relu %0 : tensor<1x32xf32> -> tensor<1x32xf32>
  %3 = xplat.linear %2 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  %4 = xplat.add %1, %3 : tensor<1x10xf32>, tensor<1x10xf32> -> tensor<1x10xf32>
  return %4 : tensor<1x10xf32>
}

// -----

// Blocks would hold other neighbours: of the result, of what is between, of the weight, and of what is flattened.
// CHECK-LABEL: func.func @blocks
// CHECK-NOT: channels_last
!blocks = !xplat.msfp<4, 16, axis = 1>
xplat.param @w : tensor<10x32xf32>
func.func @blocks(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  %0 = xplat.cast %x : tensor<1x8x2x2xf32> -> tensor<1x8x2x2x!blocks>
  // expected-remark @+1 {{not folded: elements share bits with their neighbours, in a block format}}
  %1 = xplat.reshape %0 : tensor<1x8x2x2x!blocks> -> tensor<1x32x!blocks>
  %2 = xplat.linear %1 weight @w : tensor<1x32x!blocks> -> tensor<1x10xf32>
  return %2 : tensor<1x10xf32>
}

// -----

// CHECK-LABEL: func.func @wished_between
// CHECK-NOT: channels_last
xplat.param @w : tensor<10x32xf32>
func.func @wished_between(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  // expected-remark @+1 {{not folded: elements share bits with their neighbours, in a block format}}
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  // expected-note @+1 {{consumer here}}
  %1 = xplat.tanh %0 {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>} : tensor<1x32xf32> -> tensor<1x32xf32>
  %2 = xplat.linear %1 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  return %2 : tensor<1x10xf32>
}

// -----

// CHECK-LABEL: func.func @wished_weight
// CHECK-NOT: channels_last
xplat.param @w : tensor<10x32xf32>
func.func @wished_weight(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  // expected-remark @+1 {{not folded: elements share bits with their neighbours, in a block format}}
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  // expected-note @+1 {{consumer here}}
  %1 = xplat.linear %0 weight @w {quantization = #xplat.quantization<weight = !xplat.msfp<4, 16>>} : tensor<1x32xf32> -> tensor<1x10xf32>
  return %1 : tensor<1x10xf32>
}

// -----

// CHECK-LABEL: func.func @wished_before
// CHECK-NOT: channels_last
xplat.param @w : tensor<10x32xf32>
func.func @wished_before(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  %0 = xplat.tanh %x {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>} : tensor<1x8x2x2xf32> -> tensor<1x8x2x2xf32>
  // expected-remark @+1 {{not folded: elements share bits with their neighbours, in a block format}}
  %1 = xplat.reshape %0 : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  %2 = xplat.linear %1 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  return %2 : tensor<1x10xf32>
}

// RUN: xplat-opt --xplat-fold-movement --split-input-file --verify-diagnostics %s | FileCheck %s

// The documentation's example.
// CHECK: xplat.param @"w:view" = <reshape(@w)> : tensor<10x8x4xf32>
// CHECK: xplat.param @"w:view:permuted" = <transpose(@"w:view") shape = [0, 2, 1]> : tensor<10x4x8xf32>
// CHECK: xplat.param @"w:view:permuted:reordered" = <reshape(@"w:view:permuted")> : tensor<10x32xf32>
// CHECK-LABEL: func.func @forward
// CHECK: xplat.reshape %{{.*}} order channels_last : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
// CHECK: xplat.linear %{{.*}} weight @"w:view:permuted:reordered"
xplat.param @w : tensor<10x32xf32>
func.func @forward(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  %1 = xplat.linear %0 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  return %1 : tensor<1x10xf32>
}

// -----

// Element-wise nodes are computed before the flatten, for two readers.
// CHECK-LABEL: func.func @through_relu
// CHECK: xplat.relu %{{.*}} : tensor<1x8x2x2xf32> -> tensor<1x8x2x2xf32>
// CHECK: order channels_last
// CHECK: xplat.linear %{{.*}} weight @"a:view:permuted:reordered"
// CHECK: xplat.linear %{{.*}} weight @"b:view:permuted:reordered"
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
  // expected-remark @+1 {{not folded: the nodes around it need their elements in another order than they arrive in}}
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  // expected-note @+1 {{this one keeps its order}}
  return %0 : tensor<1x32xf32>
}

// -----

// CHECK-LABEL: func.func @not_flat
func.func @not_flat(%x: tensor<1x8x2x2xf32>) -> tensor<1x8x4xf32> {
  // expected-remark @+1 {{not folded: the nodes around it need their elements in another order than they arrive in}}
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x8x4xf32>
  // expected-note @+1 {{this one keeps its order}}
  return %0 : tensor<1x8x4xf32>
}

// -----

// Two readers of one weight share the permuted one.
// CHECK-COUNT-1: reshape(@w)
// CHECK-NOT: reshape(@w)
// CHECK-LABEL: func.func @shared
// CHECK-COUNT-2: weight @"w:view:permuted:reordered"
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
  // expected-remark @+1 {{not folded: in a block format, elements share bits with their neighbours}}
  %1 = xplat.reshape %0 : tensor<1x8x2x2x!blocks> -> tensor<1x32x!blocks>
  %2 = xplat.linear %1 weight @w : tensor<1x32x!blocks> -> tensor<1x10xf32>
  return %2 : tensor<1x10xf32>
}

// -----

// CHECK-LABEL: func.func @requested_between
// CHECK-NOT: channels_last
xplat.param @w : tensor<10x32xf32>
func.func @requested_between(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  // expected-remark @+1 {{not folded: the nodes around it need their elements in another order than they arrive in}}
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  // expected-note @+1 {{this one keeps its order}}
  %1 = xplat.tanh %0 {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>} : tensor<1x32xf32> -> tensor<1x32xf32>
  %2 = xplat.linear %1 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  return %2 : tensor<1x10xf32>
}

// -----

// CHECK-LABEL: func.func @requested_weight
// CHECK-NOT: channels_last
xplat.param @w : tensor<10x32xf32>
func.func @requested_weight(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  // expected-remark @+1 {{not folded: the nodes around it need their elements in another order than they arrive in}}
  %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  // expected-note @+1 {{this one keeps its order}}
  %1 = xplat.linear %0 weight @w {quantization = #xplat.quantization<weight = !xplat.msfp<4, 16>>} : tensor<1x32xf32> -> tensor<1x10xf32>
  return %1 : tensor<1x10xf32>
}

// -----

// CHECK-LABEL: func.func @requested_before
// CHECK-NOT: channels_last
xplat.param @w : tensor<10x32xf32>
func.func @requested_before(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  %0 = xplat.tanh %x {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>} : tensor<1x8x2x2xf32> -> tensor<1x8x2x2xf32>
  // expected-remark @+1 {{not folded: in a block format, elements share bits with their neighbours}}
  %1 = xplat.reshape %0 : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
  %2 = xplat.linear %1 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  return %2 : tensor<1x10xf32>
}

// -----

// Channels last outside, a convolution of one dimension inside: two wires.
xplat.param @w : tensor<6x4x1x3xf32>
// CHECK-LABEL: func.func @one_dimension
// CHECK-SAME: (%[[X:.*]]: tensor<1x12x4xf32>)
func.func @one_dimension(%x: tensor<1x12x4xf32>) -> tensor<1x10x6xf32> {
  // CHECK-NEXT: %[[IN:.*]] = xplat.reshape %[[X]] order channels_last : tensor<1x12x4xf32> -> tensor<1x4x1x12xf32>
  // CHECK-NEXT: %[[C:.*]] = xplat.conv2d %[[IN]]
  // CHECK-NEXT: %[[R:.*]] = xplat.relu %[[C]] : tensor<1x6x1x10xf32> -> tensor<1x6x1x10xf32>
  // CHECK-NEXT: %[[OUT:.*]] = xplat.reshape %[[R]] order channels_last : tensor<1x6x1x10xf32> -> tensor<1x10x6xf32>
  // CHECK-NEXT: return %[[OUT]]
  %0 = xplat.transpose %x permutation [0, 2, 1] : tensor<1x12x4xf32> -> tensor<1x4x12xf32>
  %1 = xplat.reshape %0 : tensor<1x4x12xf32> -> tensor<1x4x1x12xf32>
  %2 = xplat.conv2d %1 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x4x1x12xf32> -> tensor<1x6x1x10xf32>
  %3 = xplat.reshape %2 : tensor<1x6x1x10xf32> -> tensor<1x6x10xf32>
  %4 = xplat.relu %3 : tensor<1x6x10xf32> -> tensor<1x6x10xf32>
  %5 = xplat.transpose %4 permutation [0, 2, 1] : tensor<1x6x10xf32> -> tensor<1x10x6xf32>
  return %5 : tensor<1x10x6xf32>
}

// -----

// The host moves elements on its side, and a constant is stored in the order in which it is read.
xplat.param @w : tensor<4x4x1x3xf32>
xplat.param @table : tensor<1x4x12xf32>
// CHECK: xplat.param @"table:reordered" = <reshape(@table)> : tensor<1x4x1x12xf32>
// CHECK-LABEL: func.func @host
// CHECK-SAME: (%[[X:.*]]: tensor<1x4x12xf32>)
func.func @host(%x: tensor<1x4x12xf32>) -> tensor<1x48xf32> {
  // CHECK-NEXT: %[[IN:.*]] = xplat.host_input %[[X]] view [48] permutation [0] : tensor<1x4x12xf32> -> tensor<1x4x1x12xf32>
  %0 = xplat.host_input %x : tensor<1x4x12xf32> -> tensor<1x4x12xf32>
  // CHECK-NEXT: %[[C:.*]] = xplat.conv2d %[[IN]]
  %1 = xplat.reshape %0 : tensor<1x4x12xf32> -> tensor<1x4x1x12xf32>
  %2 = xplat.conv2d %1 weight @w stride [1, 1] padding [0, 1] groups 1 : tensor<1x4x1x12xf32> -> tensor<1x4x1x12xf32>
  %3 = xplat.reshape %2 : tensor<1x4x1x12xf32> -> tensor<1x4x12xf32>
  // CHECK-NEXT: %[[T:.*]] = xplat.constant @{{.*}} : tensor<1x4x1x12xf32>
  // CHECK-NEXT: %[[S:.*]] = xplat.add %[[C]], %[[T]]
  %4 = xplat.constant @table : tensor<1x4x12xf32>
  %5 = xplat.add %3, %4 : tensor<1x4x12xf32>, tensor<1x4x12xf32> -> tensor<1x4x12xf32>
  // CHECK-NEXT: %[[OUT:.*]] = xplat.host_output %[[S]] view [48] permutation [0] : tensor<1x4x1x12xf32> -> tensor<1x48xf32>
  %6 = xplat.reshape %5 : tensor<1x4x12xf32> -> tensor<1x48xf32>
  %7 = xplat.host_output %6 : tensor<1x48xf32> -> tensor<1x48xf32>
  // CHECK-NEXT: return %[[OUT]]
  return %7 : tensor<1x48xf32>
}

// -----

// A vector becomes an image: rows of the weight, and the bias, in the order in which pixels travel.
xplat.param @v : tensor<32x10xf32>
xplat.param @b : tensor<32xf32>
xplat.param @w : tensor<4x8x1x1xf32>
// CHECK: xplat.param @"v:view" = <reshape(@v)> : tensor<8x4x10xf32>
// CHECK: xplat.param @"b:view" = <reshape(@b)> : tensor<8x4xf32>
// CHECK-LABEL: func.func @unflatten
func.func @unflatten(%x: tensor<1x10xf32>) -> tensor<1x4x2x2xf32> {
  // CHECK: xplat.linear %{{.*}} weight @"v:view:permuted:reordered" bias @"b:view:permuted:reordered"
  // CHECK-NEXT: xplat.reshape %{{.*}} order channels_last : tensor<1x32xf32> -> tensor<1x8x2x2xf32>
  // CHECK-NEXT: xplat.conv2d
  %0 = xplat.linear %x weight @v bias @b : tensor<1x10xf32> -> tensor<1x32xf32>
  %1 = xplat.reshape %0 : tensor<1x32xf32> -> tensor<1x8x2x2xf32>
  %2 = xplat.conv2d %1 weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x8x2x2xf32> -> tensor<1x4x2x2xf32>
  return %2 : tensor<1x4x2x2xf32>
}

// -----

// Scales along a dimension go with it; those of a whole vector are permuted.
xplat.param @w : tensor<8x3x1x1xf32>
xplat.param @s : tensor<8xf32>
xplat.param @t : tensor<32xf32>
xplat.param @l : tensor<5x32xf32>
// CHECK-LABEL: func.func @scales
func.func @scales(%x: tensor<1x3x2x2xf32>) -> tensor<1x5xf32> {
  %0 = xplat.conv2d %x weight @w stride [1, 1] padding [0, 0] groups 1 : tensor<1x3x2x2xf32> -> tensor<1x8x2x2xf32>
  %1 = xplat.reshape %0 : tensor<1x8x2x2xf32> -> tensor<1x8x4xf32>
  // CHECK: xplat.channel_affine %{{.*}} dim 1 weight @s : tensor<1x8x2x2xf32>
  %2 = xplat.channel_affine %1 dim 1 weight @s : tensor<1x8x4xf32> -> tensor<1x8x4xf32>
  %3 = xplat.reshape %2 : tensor<1x8x4xf32> -> tensor<1x32xf32>
  // CHECK: xplat.channel_affine %{{.*}} dim 1 weight @"t:view:permuted:reordered" : tensor<1x32xf32>
  %4 = xplat.channel_affine %3 dim 1 weight @t : tensor<1x32xf32> -> tensor<1x32xf32>
  // CHECK: xplat.linear %{{.*}} weight @"l:view:permuted:reordered"
  %5 = xplat.linear %4 weight @l : tensor<1x32xf32> -> tensor<1x5xf32>
  return %5 : tensor<1x5xf32>
}

// -----

// The same elements in two orders: one of them needs hardware.
// CHECK-LABEL: func.func @two_orders
func.func @two_orders(%x: tensor<1x4x4xf32>) -> tensor<1x4x4xf32> {
  // expected-remark @+1 {{not folded: the nodes around it need the same elements in two orders}}
  %0 = xplat.transpose %x permutation [0, 2, 1] : tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  // CHECK: xplat.transpose
  %1 = xplat.add %x, %0 : tensor<1x4x4xf32>, tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  return %1 : tensor<1x4x4xf32>
}

// -----

// CHECK-LABEL: func.func @fixed
// CHECK-NOT: channels_last
xplat.param @w : tensor<10x32xf32>
func.func @fixed(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
  // expected-note @+1 {{fixed here}}
  %0 = xplat.max_pool2d %x window [1, 1] stride [1, 1] padding [0, 0] : tensor<1x8x2x2xf32> -> tensor<1x8x2x2xf32, #xplat.order<0, 3, 2, 1>>
  // expected-remark @+1 {{not folded: the order of what it reads is fixed}}
  %1 = xplat.reshape %0 : tensor<1x8x2x2xf32, #xplat.order<0, 3, 2, 1>> -> tensor<1x32xf32>
  %2 = xplat.linear %1 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
  return %2 : tensor<1x10xf32>
}

// -----

// Three nodes that each change the order of travel are one: channels stay together with their pixel.
// CHECK-LABEL: func.func @channel_shuffle
xplat.param @v : tensor<6x6x1x1xf32>
func.func @channel_shuffle(%x: tensor<1x6x4x5xf32>) -> tensor<1x6x4x5xf32> {
  %0 = xplat.conv2d %x weight @v stride [1, 1] padding [0, 0] groups 1 : tensor<1x6x4x5xf32> -> tensor<1x6x4x5xf32>
  // CHECK: %[[PARTS:.*]] = xplat.reshape %{{.*}} order channels_last : tensor<1x6x4x5xf32> -> tensor<20x2x3xf32>
  // CHECK-NEXT: %[[MIXED:.*]] = xplat.transpose %[[PARTS]] permutation [0, 2, 1] : tensor<20x2x3xf32> -> tensor<20x3x2xf32>
  // CHECK-NEXT: xplat.reshape %[[MIXED]] order channels_last : tensor<20x3x2xf32> -> tensor<1x6x4x5xf32>
  %1 = xplat.reshape %0 : tensor<1x6x4x5xf32> -> tensor<1x2x3x4x5xf32>
  %2 = xplat.transpose %1 permutation [0, 2, 1, 3, 4] : tensor<1x2x3x4x5xf32> -> tensor<1x3x2x4x5xf32>
  %3 = xplat.reshape %2 : tensor<1x3x2x4x5xf32> -> tensor<1x6x4x5xf32>
  %4 = xplat.conv2d %3 weight @v stride [1, 1] padding [0, 0] groups 1 : tensor<1x6x4x5xf32> -> tensor<1x6x4x5xf32>
  return %4 : tensor<1x6x4x5xf32>
}

// -----

// Elements are added to themselves in another order, so the region stays; the three nodes are one all the same.
// CHECK-LABEL: func.func @shuffle_in_a_residual
func.func @shuffle_in_a_residual(%x: tensor<1x6x4x5xf32>) -> tensor<1x6x4x5xf32> {
  // CHECK: xplat.reshape %{{.*}} order channels_last : tensor<1x6x4x5xf32> -> tensor<20x2x3xf32>
  // CHECK-NEXT: xplat.transpose %{{.*}} permutation [0, 2, 1]
  // CHECK-NEXT: %[[MIXED:.*]] = xplat.reshape %{{.*}} order channels_last : tensor<20x3x2xf32> -> tensor<1x6x4x5xf32>
  // CHECK-NEXT: xplat.add %{{.*}}, %[[MIXED]]
  // expected-remark @+1 {{not folded: the nodes around it need the same elements in two orders}}
  %1 = xplat.reshape %x : tensor<1x6x4x5xf32> -> tensor<1x2x3x4x5xf32>
  %2 = xplat.transpose %1 permutation [0, 2, 1, 3, 4] : tensor<1x2x3x4x5xf32> -> tensor<1x3x2x4x5xf32>
  %3 = xplat.reshape %2 : tensor<1x3x2x4x5xf32> -> tensor<1x6x4x5xf32>
  %4 = xplat.add %x, %3 : tensor<1x6x4x5xf32>, tensor<1x6x4x5xf32> -> tensor<1x6x4x5xf32>
  return %4 : tensor<1x6x4x5xf32>
}

// -----

// A scale of columns that reads the host's tensor, which takes the shape of the rows.
// CHECK-LABEL: func.func @scaled_input
// CHECK: %[[H:.*]] = xplat.host_input %{{.*}} view [480] permutation [0] : {{.*}} -> tensor<40x12xf32>
// CHECK: xplat.channel_affine %[[H]] dim 1
xplat.param @w : tensor<12xf32>
xplat.param @m : tensor<12x12xf32>
func.func @scaled_input(%x: tensor<1x5x8x12xf32>) -> tensor<40x12xf32> {
  %0 = xplat.host_input %x : tensor<1x5x8x12xf32> -> tensor<1x5x8x12xf32>
  %1 = xplat.channel_affine %0 dim 3 weight @w : tensor<1x5x8x12xf32> -> tensor<1x5x8x12xf32>
  %2 = xplat.silu %1 : tensor<1x5x8x12xf32> -> tensor<1x5x8x12xf32>
  %3 = xplat.reshape %2 : tensor<1x5x8x12xf32> -> tensor<40x12xf32>
  %4 = xplat.linear %3 weight @m : tensor<40x12xf32> -> tensor<40x12xf32>
  %5 = xplat.host_output %4 : tensor<40x12xf32> -> tensor<40x12xf32>
  return %5 : tensor<40x12xf32>
}

// RUN: xplat-opt --xplat-remove-channels --split-input-file %s | FileCheck %s

// The documentation's example.
// CHECK-DAG: xplat.param @"w:kept" = <select(@w) axis = 0 : i64 shape = [0, 2]> {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 6>} : tensor<2x3xf32>
// CHECK-DAG: xplat.param @"v:kept" = <select(@v) axis = 1 : i64 shape = [0, 2]> : tensor<2x2xf32>
// CHECK-LABEL: func.func @forward
// CHECK: xplat.linear %{{.*}} weight @"w:kept" : tensor<1x3xf32> -> tensor<1x2xf32>
// CHECK: xplat.relu %{{.*}} : tensor<1x2xf32> -> tensor<1x2xf32>
// CHECK: xplat.linear %{{.*}} weight @"v:kept" : tensor<1x2xf32> -> tensor<1x2xf32>
xplat.param @w {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 6, zero_slices = [1]>} : tensor<3x3xf32>
xplat.param @v : tensor<2x3xf32>
func.func @forward(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {
  %0 = xplat.linear %x weight @w : tensor<1x3xf32> -> tensor<1x3xf32>
  %1 = xplat.relu %0 : tensor<1x3xf32> -> tensor<1x3xf32>
  %2 = xplat.linear %1 weight @v : tensor<1x3xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

// -----

// Through normalisation, a depthwise filter, pooling and a flatten: columns go pixel by pixel.
// CHECK-DAG: @"d:kept" = <select(@d) axis = 0 : i64 shape = [0, 2]> {{.*}} : tensor<2x1x3x3xf32>
// CHECK-DAG: @"gamma:kept" = <select(@gamma) axis = 0 : i64 shape = [0, 2]> {{.*}} : tensor<2xf32>
// CHECK-DAG: @"mean:kept" = <select(@mean) axis = 0 : i64 shape = [0, 2]> : tensor<2xf32>
// CHECK-DAG: @"fc:kept" = <select(@fc) axis = 1 : i64 shape = [0, 1, 2, 3, 8, 9, 10, 11]> : tensor<5x8xf32>
// CHECK-LABEL: func.func @chain
// CHECK: xplat.conv2d %{{.*}} weight @"c:kept" {{.*}} -> tensor<1x2x4x4xf32>
// CHECK: xplat.batch_norm %{{.*}} gamma @"gamma:kept" beta @"beta:kept" mean @"mean:kept" var @"var:kept"
// CHECK: xplat.depthwise_conv2d %{{.*}} weight @"d:kept" {{.*}} -> tensor<1x2x4x4xf32>
// CHECK: xplat.max_pool2d {{.*}} -> tensor<1x2x2x2xf32>
// CHECK: xplat.reshape {{.*}} -> tensor<1x8xf32>
// CHECK: xplat.linear %{{.*}} weight @"fc:kept" : tensor<1x8xf32> -> tensor<1x5xf32>
xplat.param @c {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 4, zero_slices = [1]>} : tensor<3x2x1x1xf32>
xplat.param @gamma {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 2, zero_slices = [1]>} : tensor<3xf32>
xplat.param @beta {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 2, zero_slices = [1]>} : tensor<3xf32>
xplat.param @mean : tensor<3xf32>
xplat.param @var : tensor<3xf32>
xplat.param @d {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 18, zero_slices = [1]>} : tensor<3x1x3x3xf32>
xplat.param @fc : tensor<5x12xf32>
func.func @chain(%x: tensor<1x2x4x4xf32>) -> tensor<1x5xf32> {
  %0 = xplat.conv2d %x weight @c stride [1, 1] padding [0, 0] groups 1 : tensor<1x2x4x4xf32> -> tensor<1x3x4x4xf32>
  %1 = xplat.batch_norm %0 gamma @gamma beta @beta mean @mean var @var epsilon 1.0e-05 : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
  %2 = xplat.depthwise_conv2d %1 weight @d stride [1, 1] padding [1, 1] : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
  %3 = xplat.max_pool2d %2 window [2, 2] stride [2, 2] padding [0, 0] : tensor<1x3x4x4xf32> -> tensor<1x3x2x2xf32>
  %4 = xplat.reshape %3 : tensor<1x3x2x2xf32> -> tensor<1x12xf32>
  %5 = xplat.linear %4 weight @fc : tensor<1x12xf32> -> tensor<1x5xf32>
  return %5 : tensor<1x5xf32>
}

// -----

// Operands of an addition agree: what is zero in both goes. A concatenation keeps count.
// CHECK-DAG: @"a:kept" = <select(@a) axis = 0 : i64 shape = [0, 1, 3]> {{.*}}zero_slices = [1]{{.*}} : tensor<3x4xf32>
// CHECK-DAG: @"b:kept" = <select(@b) axis = 0 : i64 shape = [0, 1, 3]> {{.*}} : tensor<3x4xf32>
// CHECK-DAG: @"v:kept" = <select(@v) axis = 1 : i64 shape = [0, 1, 2, 3, 4, 5, 7]> : tensor<2x7xf32>
// CHECK-LABEL: func.func @agree
// CHECK: xplat.add {{.*}} -> tensor<1x3xf32>
// CHECK: xplat.concat {{.*}} -> tensor<1x7xf32>
xplat.param @a {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 8, zero_slices = [1, 2]>} : tensor<4x4xf32>
xplat.param @b {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 12, zero_slices = [2]>} : tensor<4x4xf32>
xplat.param @v : tensor<2x8xf32>
func.func @agree(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.linear %x weight @a : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.linear %x weight @b : tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = xplat.add %0, %1 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %3 = xplat.concat %x, %2 dim 1 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x8xf32>
  %4 = xplat.linear %3 weight @v : tensor<1x8xf32> -> tensor<1x2xf32>
  return %4 : tensor<1x2xf32>
}

// -----

// Nothing goes that a bias, a function of zero or an output shows; one channel stays where all are zero.
// CHECK-LABEL: func.func @stay
// CHECK: weight @w bias @bias : tensor<1x3xf32> -> tensor<1x3xf32>
// CHECK: weight @w : tensor<1x3xf32> -> tensor<1x3xf32>
// CHECK: xplat.sigmoid %{{.*}} : tensor<1x3xf32>
// CHECK: weight @w : tensor<1x3xf32> -> tensor<1x3xf32>
// CHECK: weight @"z:kept" : tensor<1x3xf32> -> tensor<1x1xf32>
// CHECK: weight @"v:kept" : tensor<1x1xf32> -> tensor<1x2xf32>
xplat.param @w {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 6, zero_slices = [1]>} : tensor<3x3xf32>
xplat.param @z {sparsity = #xplat.sparsity<n = 0, m = 3, nonzeros = 0, zero_slices = [0, 1, 2]>} : tensor<3x3xf32>
xplat.param @bias : tensor<3xf32>
xplat.param @v : tensor<2x3xf32>
func.func @stay(%x: tensor<1x3xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x3xf32>, tensor<1x2xf32>) {
  %0 = xplat.linear %x weight @w bias @bias : tensor<1x3xf32> -> tensor<1x3xf32>
  %1 = xplat.linear %0 weight @v : tensor<1x3xf32> -> tensor<1x2xf32>
  %2 = xplat.linear %x weight @w : tensor<1x3xf32> -> tensor<1x3xf32>
  %3 = xplat.sigmoid %2 : tensor<1x3xf32> -> tensor<1x3xf32>
  %4 = xplat.linear %3 weight @v : tensor<1x3xf32> -> tensor<1x2xf32>
  %5 = xplat.linear %x weight @w : tensor<1x3xf32> -> tensor<1x3xf32>
  %6 = xplat.linear %x weight @z : tensor<1x3xf32> -> tensor<1x3xf32>
  %7 = xplat.linear %6 weight @v : tensor<1x3xf32> -> tensor<1x2xf32>
  return %1, %4, %5, %7 : tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x3xf32>, tensor<1x2xf32>
}

// -----

// No parameter is pruned: nothing is looked at, however many channels there are.
// CHECK-LABEL: func.func @unpruned
// CHECK-NEXT: xplat.concat
func.func @unpruned(%x: tensor<1x4294967296xf32>, %y: tensor<1x4xf32>) -> tensor<1x4294967300xf32> {
  %0 = xplat.concat %x, %y dim 1 : (tensor<1x4294967296xf32>, tensor<1x4xf32>) -> tensor<1x4294967300xf32>
  return %0 : tensor<1x4294967300xf32>
}

// -----

// A value of too many channels keeps all, and what it is made of; others go.
// CHECK-LABEL: func.func @many
// CHECK: xplat.linear %{{.*}} weight @w : tensor<1x3xf32> -> tensor<1x3xf32>
// CHECK: xplat.concat {{.*}} -> tensor<1x4294967299xf32>
// CHECK: xplat.linear %{{.*}} weight @"w:kept" : tensor<1x3xf32> -> tensor<1x2xf32>
// CHECK: xplat.linear %{{.*}} weight @"v:kept" : tensor<1x2xf32> -> tensor<1x2xf32>
xplat.param @w {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 6, zero_slices = [1]>} : tensor<3x3xf32>
xplat.param @v : tensor<2x3xf32>
func.func @many(%x: tensor<1x3xf32>, %y: tensor<1x4294967296xf32>) -> (tensor<1x4294967299xf32>, tensor<1x2xf32>) {
  %0 = xplat.linear %x weight @w : tensor<1x3xf32> -> tensor<1x3xf32>
  %1 = xplat.concat %0, %y dim 1 : (tensor<1x3xf32>, tensor<1x4294967296xf32>) -> tensor<1x4294967299xf32>
  %2 = xplat.linear %x weight @w : tensor<1x3xf32> -> tensor<1x3xf32>
  %3 = xplat.linear %2 weight @v : tensor<1x3xf32> -> tensor<1x2xf32>
  return %1, %3 : tensor<1x4294967299xf32>, tensor<1x2xf32>
}

// -----

// Numbers of weights that are not zero fit what stays; only the attribute of the parameter names the new one.
// CHECK-DAG: @"mean:kept" = {{.*}} {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 2>} : tensor<2xf32>
// CHECK-LABEL: func.func @attributes
// CHECK: xplat.linear %{{.*}} weight @"w:kept" {origin = @w} : tensor<1x3xf32> -> tensor<1x2xf32>
// CHECK: xplat.batch_norm %{{.*}} gamma @"g:kept" beta @"g:kept" mean @"mean:kept" var @"mean:kept"
xplat.param @w {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 6, zero_slices = [1]>} : tensor<3x3xf32>
xplat.param @g {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 2, zero_slices = [1]>} : tensor<3xf32>
xplat.param @mean {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 3>} : tensor<3xf32>
xplat.param @v : tensor<2x3xf32>
func.func @attributes(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {
  %0 = xplat.linear %x weight @w {origin = @w} : tensor<1x3xf32> -> tensor<1x3xf32>
  %1 = xplat.batch_norm %0 gamma @g beta @g mean @mean var @mean epsilon 1.0e-05 : tensor<1x3xf32> -> tensor<1x3xf32>
  %2 = xplat.linear %1 weight @v : tensor<1x3xf32> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}

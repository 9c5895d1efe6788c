// RUN: xplat-opt --xplat-fuse-attention --canonicalize --split-input-file --verify-diagnostics %s | FileCheck %s

// The documentation's example.
// CHECK-LABEL: func.func @forward
// CHECK-SAME: (%[[Q:.*]]: tensor<1x2x8x4xf32>, %[[K:.*]]: tensor<1x2x8x4xf32>, %[[V:.*]]: tensor<1x2x8x4xf32>)
// CHECK-NEXT: %[[R:.*]] = xplat.attention %[[Q]], %[[K]], %[[V]] scale 5.000000e-01 :
// CHECK-NEXT: return %[[R]]
func.func @forward(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %v: tensor<1x2x8x4xf32>)
    -> tensor<1x2x8x4xf32> {
  %0 = xplat.matmul %q, %k transposed
      : tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32> -> tensor<1x2x8x8xf32>
  %1 = xplat.splat 2.0 : tensor<1x2x8x8xf32>
  %2 = xplat.div %0, %1 : tensor<1x2x8x8xf32>, tensor<1x2x8x8xf32> -> tensor<1x2x8x8xf32>
  %3 = xplat.softmax %2 dim 3 : tensor<1x2x8x8xf32> -> tensor<1x2x8x8xf32>
  %4 = xplat.matmul %3, %v : tensor<1x2x8x8xf32>, tensor<1x2x8x4xf32> -> tensor<1x2x8x4xf32>
  return %4 : tensor<1x2x8x4xf32>
}

// -----

// The scale on the queries, before they are split into heads; keys transposed by a node; a mask repeated for all heads.
// CHECK-LABEL: func.func @before
// CHECK-SAME: (%[[X:.*]]: tensor<1x8x6xf32>, %[[M:.*]]: tensor<1x1x8x8xf32>)
// CHECK-DAG: %[[H:.*]] = xplat.reshape %[[X]] : tensor<1x8x6xf32> -> tensor<1x8x2x3xf32>
// CHECK-DAG: %[[Q:.*]] = xplat.transpose %[[H]] permutation [0, 2, 1, 3]
// CHECK: xplat.attention %[[Q]], %[[K:[a-z0-9_%]*]], %[[V:[a-z0-9_%]*]] mask %[[M]] scale 2.500000e-01 :
// CHECK-NOT: xplat.mul
func.func @before(%x: tensor<1x8x6xf32>, %m: tensor<1x1x8x8xf32>) -> tensor<1x2x8x3xf32> {
  %c = xplat.splat 0.25 : tensor<1x8x6xf32>
  %0 = xplat.mul %x, %c : tensor<1x8x6xf32>, tensor<1x8x6xf32> -> tensor<1x8x6xf32>
  %1 = xplat.reshape %0 : tensor<1x8x6xf32> -> tensor<1x8x2x3xf32>
  %q = xplat.transpose %1 permutation [0, 2, 1, 3] : tensor<1x8x2x3xf32> -> tensor<1x2x8x3xf32>
  %2 = xplat.reshape %x : tensor<1x8x6xf32> -> tensor<1x8x2x3xf32>
  %k = xplat.transpose %2 permutation [0, 2, 3, 1] : tensor<1x8x2x3xf32> -> tensor<1x2x3x8xf32>
  %v = xplat.transpose %2 permutation [0, 2, 1, 3] : tensor<1x8x2x3xf32> -> tensor<1x2x8x3xf32>
  %3 = xplat.matmul %q, %k : tensor<1x2x8x3xf32>, tensor<1x2x3x8xf32> -> tensor<1x2x8x8xf32>
  %4 = xplat.broadcast %m : tensor<1x1x8x8xf32> -> tensor<1x2x8x8xf32>
  %5 = xplat.add %4, %3 : tensor<1x2x8x8xf32>, tensor<1x2x8x8xf32> -> tensor<1x2x8x8xf32>
  %6 = xplat.softmax %5 dim 3 : tensor<1x2x8x8xf32> -> tensor<1x2x8x8xf32>
  %7 = xplat.matmul %6, %v : tensor<1x2x8x8xf32>, tensor<1x2x8x3xf32> -> tensor<1x2x8x3xf32>
  return %7 : tensor<1x2x8x3xf32>
}

// -----

// Batch and heads as one dimension, but for the mask; scale and mask in one fused node.
// CHECK-LABEL: func.func @together
// CHECK-SAME: (%[[Q:.*]]: tensor<2x8x4xf32>, %[[K:.*]]: tensor<2x8x4xf32>, %[[V:.*]]: tensor<2x8x4xf32>, %[[M:.*]]: tensor<1x2x8x8xf32>)
// CHECK-DAG: %[[Q4:.*]] = xplat.reshape %[[Q]] : tensor<2x8x4xf32> -> tensor<1x2x8x4xf32>
// CHECK-DAG: %[[K4:.*]] = xplat.reshape %[[K]]
// CHECK-DAG: %[[V4:.*]] = xplat.reshape %[[V]]
// CHECK: %[[A:.*]] = xplat.attention %[[Q4]], %[[K4]], %[[V4]] mask %[[M]] scale 1.250000e-01
// CHECK: xplat.reshape %[[A]] : tensor<1x2x8x4xf32> -> tensor<2x8x4xf32>
func.func @together(%q: tensor<2x8x4xf32>, %k: tensor<2x8x4xf32>, %v: tensor<2x8x4xf32>, %m: tensor<1x2x8x8xf32>) -> tensor<2x8x4xf32> {
  %0 = xplat.matmul %q, %k transposed : tensor<2x8x4xf32>, tensor<2x8x4xf32> -> tensor<2x8x8xf32>
  %1 = xplat.reshape %0 : tensor<2x8x8xf32> -> tensor<1x2x8x8xf32>
  %2 = xplat.fused %1, %m {
  ^bb0(%s: f32, %n: f32):
    %c = arith.constant 8.0 : f32
    %d = arith.divf %s, %c : f32
    %e = arith.addf %d, %n : f32
    xplat.yield %e : f32
  } : (tensor<1x2x8x8xf32>, tensor<1x2x8x8xf32>) -> tensor<1x2x8x8xf32>
  %3 = xplat.reshape %2 : tensor<1x2x8x8xf32> -> tensor<2x8x8xf32>
  %4 = xplat.softmax %3 dim 2 : tensor<2x8x8xf32> -> tensor<2x8x8xf32>
  %5 = xplat.matmul %4, %v : tensor<2x8x8xf32>, tensor<2x8x4xf32> -> tensor<2x8x4xf32>
  return %5 : tensor<2x8x4xf32>
}

// -----

// One head alone, of rank 2.
// CHECK-LABEL: func.func @matrices
// CHECK: xplat.attention {{.*}} scale 1.000000e+00 : (tensor<1x1x8x4xf32>, tensor<1x1x6x4xf32>, tensor<1x1x6x5xf32>) -> tensor<1x1x8x5xf32>
func.func @matrices(%q: tensor<8x4xf32>, %k: tensor<6x4xf32>, %v: tensor<6x5xf32>) -> tensor<8x5xf32> {
  %0 = xplat.matmul %q, %k transposed : tensor<8x4xf32>, tensor<6x4xf32> -> tensor<8x6xf32>
  %1 = xplat.softmax %0 dim 1 : tensor<8x6xf32> -> tensor<8x6xf32>
  %2 = xplat.matmul %1, %v : tensor<8x6xf32>, tensor<6x5xf32> -> tensor<8x5xf32>
  return %2 : tensor<8x5xf32>
}

// -----

// Not linear, and read by others: no attention.
// CHECK-LABEL: func.func @others
// CHECK-NOT: xplat.attention
func.func @others(%q: tensor<8x4xf32>, %v: tensor<8x5xf32>) -> (tensor<8x5xf32>, tensor<8x5xf32>, tensor<8x8xf32>) {
  %0 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  %1 = xplat.tanh %0 : tensor<8x8xf32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention: its operand is not a · q · kᵀ + mask, or another node reads a value in between}}
  %2 = xplat.softmax %1 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %3 = xplat.matmul %2, %v : tensor<8x8xf32>, tensor<8x5xf32> -> tensor<8x5xf32>
  %4 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention}}
  %5 = xplat.softmax %4 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %6 = xplat.matmul %5, %v : tensor<8x8xf32>, tensor<8x5xf32> -> tensor<8x5xf32>
  return %3, %6, %4 : tensor<8x5xf32>, tensor<8x5xf32>, tensor<8x8xf32>
}

// -----

// A mask under the scale is no mask of attention; neither is a softmax along the queries.
// CHECK-LABEL: func.func @scaled_mask
// CHECK-NOT: xplat.attention
func.func @scaled_mask(%q: tensor<8x4xf32>, %m: tensor<8x8xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  %1 = xplat.add %0, %m : tensor<8x8xf32>, tensor<8x8xf32> -> tensor<8x8xf32>
  %c = xplat.splat 0.5 : tensor<8x8xf32>
  %2 = xplat.mul %1, %c : tensor<8x8xf32>, tensor<8x8xf32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention}}
  %3 = xplat.softmax %2 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %4 = xplat.matmul %3, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  %5 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  %6 = xplat.softmax %5 dim 0 : tensor<8x8xf32> -> tensor<8x8xf32>
  %7 = xplat.matmul %6, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  return %4, %7 : tensor<8x4xf32>, tensor<8x4xf32>
}

// -----

// Two nodes of the chain share a number.
// CHECK-LABEL: func.func @shared_number
// CHECK-SAME: (%[[Q:.*]]: tensor<1x4x8x4xf32>, %[[K:.*]]: tensor<1x4x8x4xf32>, %[[V:.*]]: tensor<1x4x8x4xf32>)
// CHECK-NEXT: %[[R:.*]] = xplat.attention %[[Q]], %[[K]], %[[V]] scale 2.500000e-01 :
// CHECK-NEXT: return %[[R]]
func.func @shared_number(%q: tensor<1x4x8x4xf32>, %k: tensor<1x4x8x4xf32>, %v: tensor<1x4x8x4xf32>) -> tensor<1x4x8x4xf32> {
  %s = xplat.splat 0.5 : tensor<1x4x8x8xf32>
  %0 = xplat.matmul %q, %k transposed : tensor<1x4x8x4xf32>, tensor<1x4x8x4xf32> -> tensor<1x4x8x8xf32>
  %1 = xplat.mul %0, %s : tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  %2 = xplat.mul %1, %s : tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  %3 = xplat.softmax %2 dim 3 : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  %4 = xplat.matmul %3, %v : tensor<1x4x8x8xf32>, tensor<1x4x8x4xf32> -> tensor<1x4x8x4xf32>
  return %4 : tensor<1x4x8x4xf32>
}

// -----

// A mask that is added where the scores have five dimensions.
// CHECK-LABEL: func.func @mask_of_rank_5
// CHECK-SAME: %[[M:[a-z0-9]*]]: tensor<1x2x2x8x8xf32>)
// CHECK: %[[N:.*]] = xplat.reshape %[[M]] : tensor<1x2x2x8x8xf32> -> tensor<1x4x8x8xf32>
// CHECK: xplat.attention %{{.*}} mask %[[N]] scale 1.000000e+00
func.func @mask_of_rank_5(%q: tensor<1x4x8x4xf32>, %k: tensor<1x4x8x4xf32>, %v: tensor<1x4x8x4xf32>, %m: tensor<1x2x2x8x8xf32>) -> tensor<1x4x8x4xf32> {
  %0 = xplat.matmul %q, %k transposed : tensor<1x4x8x4xf32>, tensor<1x4x8x4xf32> -> tensor<1x4x8x8xf32>
  %1 = xplat.reshape %0 : tensor<1x4x8x8xf32> -> tensor<1x2x2x8x8xf32>
  %2 = xplat.add %1, %m : tensor<1x2x2x8x8xf32>, tensor<1x2x2x8x8xf32> -> tensor<1x2x2x8x8xf32>
  %3 = xplat.reshape %2 : tensor<1x2x2x8x8xf32> -> tensor<1x4x8x8xf32>
  %4 = xplat.softmax %3 dim 3 : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  %5 = xplat.matmul %4, %v : tensor<1x4x8x8xf32>, tensor<1x4x8x4xf32> -> tensor<1x4x8x4xf32>
  return %5 : tensor<1x4x8x4xf32>
}

// -----

// A mask of integers is no mask of attention.
// CHECK-LABEL: func.func @mask_of_integers
// CHECK-NOT: xplat.attention
func.func @mask_of_integers(%q: tensor<8x4xf32>, %m: tensor<8x8xi32>) -> tensor<8x4xf32> {
  %0 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  %1 = xplat.add %0, %m : tensor<8x8xf32>, tensor<8x8xi32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention}}
  %2 = xplat.softmax %1 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %3 = xplat.matmul %2, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  return %3 : tensor<8x4xf32>
}

// -----

// Queries stay of f32: a cast from integers is no factor.
// CHECK-LABEL: func.func @integer_queries
// CHECK: %[[Q:.*]] = xplat.cast %{{.*}} : tensor<1x4x8x4xi32> -> tensor<1x4x8x4xf32>
// CHECK: xplat.attention %[[Q]],
func.func @integer_queries(%x: tensor<1x4x8x4xi32>, %k: tensor<1x4x8x4xf32>) -> tensor<1x4x8x4xf32> {
  %q = xplat.cast %x : tensor<1x4x8x4xi32> -> tensor<1x4x8x4xf32>
  %0 = xplat.matmul %q, %k transposed : tensor<1x4x8x4xf32>, tensor<1x4x8x4xf32> -> tensor<1x4x8x8xf32>
  %1 = xplat.softmax %0 dim 3 : tensor<1x4x8x8xf32> -> tensor<1x4x8x8xf32>
  %2 = xplat.matmul %1, %k : tensor<1x4x8x8xf32>, tensor<1x4x8x4xf32> -> tensor<1x4x8x4xf32>
  return %2 : tensor<1x4x8x4xf32>
}

// -----

// Values with a requested format stay: scores, weights, and scaled queries. A request for f32 does not count, and that of
// the last node is kept.
// CHECK-LABEL: func.func @rounded_scores
// CHECK: xplat.cast
// CHECK: xplat.softmax
func.func @rounded_scores(%q: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  // expected-note @+1 {{requested here}}
  %1 = xplat.cast %0 {quantization = #xplat.quantization<value = i4>} : tensor<8x8xf32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention: a format is requested for a value between the products}}
  %2 = xplat.softmax %1 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %3 = xplat.matmul %2, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  return %3 : tensor<8x4xf32>
}

// -----

// CHECK-LABEL: func.func @rounded_weights
// CHECK: xplat.softmax
func.func @rounded_weights(%q: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  // expected-remark @+2 {{not fused into attention: a format is requested for a value between the products}}
  // expected-note @+1 {{requested here}}
  %1 = xplat.softmax %0 dim 1 {quantization = #xplat.quantization<value = i4>} : tensor<8x8xf32> -> tensor<8x8xf32>
  %2 = xplat.matmul %1, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  return %2 : tensor<8x4xf32>
}

// -----

// CHECK-LABEL: func.func @rounded_queries
// CHECK: %[[Q:.*]] = xplat.mul {{.*}} {quantization = #xplat.quantization<value = i4>}
// CHECK: xplat.attention %[[Q]], {{.*}} scale 1.000000e+00 {quantization = #xplat.quantization<value = i8>}
func.func @rounded_queries(%q: tensor<1x1x8x4xf32>) -> tensor<1x1x8x4xf32> {
  %s = xplat.splat 0.5 : tensor<1x1x8x4xf32>
  %0 = xplat.mul %q, %s {quantization = #xplat.quantization<value = i4>} : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x4xf32>
  %1 = xplat.matmul %0, %q transposed {quantization = #xplat.quantization<value = f32>} : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x8xf32>
  %2 = xplat.softmax %1 dim 3 {quantization = #xplat.quantization<value = f32>} : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %3 = xplat.matmul %2, %q {quantization = #xplat.quantization<value = i8>} : tensor<1x1x8x8xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x4xf32>
  return %3 : tensor<1x1x8x4xf32>
}

// -----

// A mask is read as it is, rounded or not.
// CHECK-LABEL: func.func @rounded_mask
// CHECK: %[[M:.*]] = xplat.neg {{.*}} {quantization = #xplat.quantization<value = i4>}
// CHECK: xplat.attention %{{.*}} mask %[[M]] scale 1.000000e+00
func.func @rounded_mask(%q: tensor<1x1x8x4xf32>, %m: tensor<1x1x8x8xf32>) -> tensor<1x1x8x4xf32> {
  %0 = xplat.matmul %q, %q transposed : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x8xf32>
  %1 = xplat.neg %m {quantization = #xplat.quantization<value = i4>} : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %2 = xplat.add %1, %0 : tensor<1x1x8x8xf32>, tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %3 = xplat.softmax %2 dim 3 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %4 = xplat.matmul %3, %q : tensor<1x1x8x8xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x4xf32>
  return %4 : tensor<1x1x8x4xf32>
}

// -----

// Rows without keys are those of the softmax.
// CHECK-LABEL: func.func @blind
// CHECK: xplat.attention %{{.*}} mask %{{.*}} scale 1.000000e+00 blind_zero
func.func @blind(%q: tensor<1x1x8x4xf32>, %m: tensor<1x1x8x8xf32>) -> tensor<1x1x8x4xf32> {
  %0 = xplat.matmul %q, %q transposed : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x8xf32>
  %1 = xplat.add %0, %m : tensor<1x1x8x8xf32>, tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %2 = xplat.softmax %1 dim 3 blind_zero : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %3 = xplat.matmul %2, %q : tensor<1x1x8x8xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x4xf32>
  return %3 : tensor<1x1x8x4xf32>
}

// -----

// Scores that have been integers are rounded.
// CHECK-LABEL: func.func @through_integers
// CHECK: xplat.softmax
func.func @through_integers(%q: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  %1 = xplat.cast %0 : tensor<8x8xf32> -> tensor<8x8xi32>
  %2 = xplat.cast %1 : tensor<8x8xi32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention: its operand is not a · q · kᵀ + mask}}
  %3 = xplat.softmax %2 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %4 = xplat.matmul %3, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  return %4 : tensor<8x4xf32>
}

// -----

// So are queries: the factor before stays where it is.
// CHECK-LABEL: func.func @queries_through_integers
// CHECK: xplat.mul
// CHECK: xplat.attention {{.*}} scale 1.000000e+00
func.func @queries_through_integers(%q: tensor<1x1x8x4xf32>) -> tensor<1x1x8x4xf32> {
  %s = xplat.splat 0.5 : tensor<1x1x8x4xf32>
  %0 = xplat.mul %q, %s : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x4xf32>
  %1 = xplat.cast %0 : tensor<1x1x8x4xf32> -> tensor<1x1x8x4xi32>
  %2 = xplat.cast %1 : tensor<1x1x8x4xi32> -> tensor<1x1x8x4xf32>
  %3 = xplat.matmul %2, %q transposed : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x8xf32>
  %4 = xplat.softmax %3 dim 3 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %5 = xplat.matmul %4, %q : tensor<1x1x8x8xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x4xf32>
  return %5 : tensor<1x1x8x4xf32>
}

// -----

// Two factors whose product is infinite in f32, though the third makes it a number again.
// CHECK-LABEL: func.func @beyond_f32
// CHECK: xplat.softmax
func.func @beyond_f32(%q: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %c = xplat.splat 1.0e20 : tensor<8x8xf32>
  %d = xplat.splat 1.0e-30 : tensor<8x8xf32>
  %0 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  %1 = xplat.mul %0, %c : tensor<8x8xf32>, tensor<8x8xf32> -> tensor<8x8xf32>
  // expected-note @+1 {{from here on}}
  %2 = xplat.mul %1, %c : tensor<8x8xf32>, tensor<8x8xf32> -> tensor<8x8xf32>
  %3 = xplat.mul %2, %d : tensor<8x8xf32>, tensor<8x8xf32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention: f32 cannot represent the product of the factors on the scores}}
  %4 = xplat.softmax %3 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %5 = xplat.matmul %4, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  return %5 : tensor<8x4xf32>
}

// -----

// A factor on the queries with which the scale would vanish stays with them.
// CHECK-LABEL: func.func @beyond_f32_on_queries
// CHECK: %[[Q:.*]] = xplat.mul
// CHECK: xplat.attention %[[Q]], {{.*}} scale 1.000000e-30
func.func @beyond_f32_on_queries(%q: tensor<1x1x8x4xf32>) -> tensor<1x1x8x4xf32> {
  %s = xplat.splat 1.0e-30 : tensor<1x1x8x4xf32>
  %t = xplat.splat 1.0e-30 : tensor<1x1x8x8xf32>
  %0 = xplat.mul %q, %s : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x4xf32>
  %1 = xplat.matmul %0, %q transposed : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x8xf32>
  %2 = xplat.mul %1, %t : tensor<1x1x8x8xf32>, tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %3 = xplat.softmax %2 dim 3 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %4 = xplat.matmul %3, %q : tensor<1x1x8x8xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x4xf32>
  return %4 : tensor<1x1x8x4xf32>
}

// -----

// Scores that are filled before the softmax are hidden: by a triangle, by a mask, after what is added and scaled.
// CHECK-LABEL: func.func @filled
// CHECK-SAME: (%[[Q:.*]]: tensor<1x1x8x4xf32>, %[[M:.*]]: tensor<1x1x8x8xf32>, %[[H:.*]]: tensor<1x1x8x8xf32>)
// CHECK: %[[A:.*]] = xplat.attention %[[Q]], %[[Q]], %[[Q]] mask %[[M]] hidden %[[H]] scale 1.000000e+00 causal blind_zero :
// CHECK-NEXT: return %[[A]]
func.func @filled(%q: tensor<1x1x8x4xf32>, %m: tensor<1x1x8x8xf32>, %h: tensor<1x1x8x8xf32>) -> tensor<1x1x8x4xf32> {
  %0 = xplat.matmul %q, %q transposed : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x8xf32>
  %1 = xplat.add %0, %m : tensor<1x1x8x8xf32>, tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %2 = xplat.masked_fill %1 mask %h fill -1.0e9 : tensor<1x1x8x8xf32>, tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %3 = xplat.tril %2 diagonal 0 fill -1.0e9 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %4 = xplat.softmax %3 dim 3 : tensor<1x1x8x8xf32> -> tensor<1x1x8x8xf32>
  %5 = xplat.matmul %4, %q : tensor<1x1x8x8xf32>, tensor<1x1x8x4xf32> -> tensor<1x1x8x4xf32>
  return %5 : tensor<1x1x8x4xf32>
}

// -----

// A fill that leaves some weight, another diagonal, a value that is read elsewhere.
// CHECK-LABEL: func.func @not_hidden
// CHECK-COUNT-3: xplat.softmax
// CHECK-NOT: xplat.attention
func.func @not_hidden(%q: tensor<8x4xf32>, %h: tensor<8x8xf32>)
    -> (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x8xf32>) {
  %0 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  %1 = xplat.masked_fill %0 mask %h fill -10.0 : tensor<8x8xf32>, tensor<8x8xf32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention: its operand is not a · q · kᵀ + mask, or another node reads}}
  %2 = xplat.softmax %1 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %3 = xplat.matmul %2, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  %4 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  %5 = xplat.tril %4 diagonal 1 fill -1.0e9 : tensor<8x8xf32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention: its operand is not a · q · kᵀ + mask, or another node reads}}
  %6 = xplat.softmax %5 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %7 = xplat.matmul %6, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  %8 = xplat.matmul %q, %q transposed : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<8x8xf32>
  %9 = xplat.tril %8 diagonal 0 fill -1.0e9 : tensor<8x8xf32> -> tensor<8x8xf32>
  // expected-remark @+1 {{not fused into attention: its operand is not a · q · kᵀ + mask, or another node reads}}
  %10 = xplat.softmax %9 dim 1 : tensor<8x8xf32> -> tensor<8x8xf32>
  %11 = xplat.matmul %10, %q : tensor<8x8xf32>, tensor<8x4xf32> -> tensor<8x4xf32>
  return %3, %7, %11, %9 : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x8xf32>
}

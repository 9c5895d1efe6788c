// RUN: xplat-opt --xplat-decompose-attention --split-input-file --verify-diagnostics %s | FileCheck %s
// RUN: xplat-opt --xplat-decompose-attention --xplat-fuse-attention --canonicalize --split-input-file %s | FileCheck %s --check-prefix=BACK

// The documentation's example.
// CHECK-LABEL: func.func @forward
// CHECK-SAME: (%[[Q:.*]]: tensor<1x2x8x4xf32>, %[[K:.*]]: tensor<1x2x8x4xf32>, %[[V:.*]]: tensor<1x2x8x4xf32>)
// CHECK-DAG: %[[Q1:.*]] = xplat.reshape %[[Q]] : {{.*}} -> tensor<2x8x4xf32>
// CHECK-DAG: %[[K1:.*]] = xplat.reshape %[[K]] : {{.*}} -> tensor<2x8x4xf32>
// CHECK-DAG: %[[V1:.*]] = xplat.reshape %[[V]] : {{.*}} -> tensor<2x8x4xf32>
// CHECK: %[[P:.*]] = xplat.matmul %[[Q1]], %[[K1]] transposed : {{.*}} -> tensor<2x8x8xf32>
// CHECK: %[[C:.*]] = xplat.splat 5.000000e-01 : tensor<2x8x8xf32>
// CHECK: %[[S:.*]] = xplat.mul %[[P]], %[[C]]
// CHECK: %[[W:.*]] = xplat.softmax %[[S]] dim 2 causal :
// CHECK: %[[M:.*]] = xplat.matmul %[[W]], %[[V1]]
// CHECK: %[[R:.*]] = xplat.reshape %[[M]] : {{.*}} -> tensor<1x2x8x4xf32>
// CHECK: return %[[R]]
// BACK-LABEL: func.func @forward
// BACK-SAME: (%[[Q:.*]]: tensor<1x2x8x4xf32>, %[[K:.*]]: tensor<1x2x8x4xf32>, %[[V:.*]]: tensor<1x2x8x4xf32>)
// BACK-NEXT: %[[R:.*]] = xplat.attention %[[Q]], %[[K]], %[[V]] scale 5.000000e-01 causal
// BACK-NEXT: return %[[R]]
func.func @forward(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %v: tensor<1x2x8x4xf32>)
    -> tensor<1x2x8x4xf32> {
  %0 = xplat.attention %q, %k, %v scale 0.5 causal
      : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
  return %0 : tensor<1x2x8x4xf32>
}

// -----

// Shared heads, a mask for all heads, another depth of the values, a scale of one; range and requested format go to the result.
// CHECK-LABEL: func.func @grouped
// CHECK-DAG: %[[K1:.*]] = xplat.reshape %{{.*}} : tensor<1x2x5x4xf32> -> tensor<1x2x1x5x4xf32>
// CHECK-DAG: %[[K2:.*]] = xplat.broadcast %[[K1]] : {{.*}} -> tensor<1x2x3x5x4xf32>
// CHECK-DAG: %[[K3:.*]] = xplat.reshape %[[K2]] : {{.*}} -> tensor<1x6x5x4xf32>
// CHECK-DAG: %[[V3:.*]] = xplat.reshape %{{.*}} : tensor<1x2x3x5x7xf32> -> tensor<1x6x5x7xf32>
// CHECK-DAG: %[[K4:.*]] = xplat.reshape %[[K3]] : {{.*}} -> tensor<6x5x4xf32>
// CHECK-DAG: %[[V4:.*]] = xplat.reshape %[[V3]] : {{.*}} -> tensor<6x5x7xf32>
// CHECK: %[[P:.*]] = xplat.matmul %{{.*}}, %[[K4]] transposed
// CHECK: %[[M:.*]] = xplat.broadcast %{{.*}} : tensor<1x1x8x5xf32> -> tensor<1x6x8x5xf32>
// CHECK: %[[M1:.*]] = xplat.reshape %[[M]]
// CHECK: %[[S:.*]] = xplat.add %[[P]], %[[M1]]
// CHECK: %[[W:.*]] = xplat.softmax %[[S]] dim 2 blind_zero :
// CHECK: %[[R:.*]] = xplat.matmul %[[W]], %[[V4]] {absmax = 2.000000e+00 : f64, quantization = #xplat.quantization<value = i4>}
// CHECK: xplat.reshape %[[R]] : {{.*}} -> tensor<1x6x8x7xf32>
// BACK-LABEL: func.func @grouped
// BACK-SAME: (%[[Q:.*]]: tensor<1x6x8x4xf32>, %[[K:.*]]: tensor<1x2x5x4xf32>, %[[V:.*]]: tensor<1x2x5x7xf32>, %[[M:.*]]: tensor<1x1x8x5xf32>)
// BACK-NEXT: xplat.attention %[[Q]], %[[K]], %[[V]] mask %[[M]] scale 1.000000e+00 {absmax = 2.000000e+00 : f64, quantization = #xplat.quantization<value = i4>}
func.func @grouped(%q: tensor<1x6x8x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x7xf32>, %m: tensor<1x1x8x5xf32>)
    -> tensor<1x6x8x7xf32> {
  %0 = xplat.attention %q, %k, %v mask %m scale 1.0 {absmax = 2.0 : f64, quantization = #xplat.quantization<value = i4>}
      : (tensor<1x6x8x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x7xf32>, tensor<1x1x8x5xf32>) -> tensor<1x6x8x7xf32>
  return %0 : tensor<1x6x8x7xf32>
}

// -----

!q = tensor<1x2x8x4x!quant.uniform<i8:f32, 0.125>>
// CHECK-LABEL: func.func @quantized
// CHECK: xplat.attention
func.func @quantized(%q: !q) -> !q {
  // expected-remark @+1 {{not decomposed: it is quantized or mapped already}}
  %0 = xplat.attention %q, %q, %q scale 0.5 : (!q, !q, !q) -> !q
  return %0 : !q
}

// -----

// What shall stay f32 stays f32 in between too.
// CHECK-LABEL: func.func @unrounded
// CHECK: xplat.matmul %{{.*}} {quantization = #xplat.quantization<value = f32>}
// CHECK: xplat.splat 5.000000e-01 {quantization = #xplat.quantization<value = f32>}
// CHECK: xplat.mul %{{.*}} {quantization = #xplat.quantization<value = f32>}
// CHECK: xplat.softmax %{{.*}} {quantization = #xplat.quantization<value = f32>}
// CHECK: xplat.matmul %{{.*}} {quantization = #xplat.quantization<value = f32>}
// BACK-LABEL: func.func @unrounded
// BACK: xplat.attention %{{.*}} {quantization = #xplat.quantization<value = f32>}
func.func @unrounded(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %v: tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32> {
  %0 = xplat.attention %q, %k, %v scale 0.5 {quantization = #xplat.quantization<value = f32>}
      : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
  return %0 : tensor<1x2x8x4xf32>
}

// -----

// A mask may hide every key, also from what is causal: zeros then, as attention gives.
// CHECK-LABEL: func.func @masked_and_causal
// CHECK: xplat.softmax %{{.*}} dim 2 causal blind_zero :
// BACK-LABEL: func.func @masked_and_causal
// BACK: xplat.attention %{{.*}} mask %{{.*}} scale 5.000000e-01 causal
func.func @masked_and_causal(%q: tensor<1x2x8x4xf32>, %m: tensor<1x1x8x8xf32>) -> tensor<1x2x8x4xf32> {
  %0 = xplat.attention %q, %q, %q mask %m scale 0.5 causal
      : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x1x8x8xf32>) -> tensor<1x2x8x4xf32>
  return %0 : tensor<1x2x8x4xf32>
}

// -----

// 2^42 scores are no tensor.
// CHECK-LABEL: func.func @too_many_scores
// CHECK-NEXT: xplat.attention
func.func @too_many_scores(%q: tensor<1x1x2097152x1xf32>) -> tensor<1x1x2097152x1xf32> {
  // expected-remark @+1 {{not decomposed: a value between the new nodes would have more than 1099511627776 elements}}
  %0 = xplat.attention %q, %q, %q scale 0.5 causal
      : (tensor<1x1x2097152x1xf32>, tensor<1x1x2097152x1xf32>, tensor<1x1x2097152x1xf32>) -> tensor<1x1x2097152x1xf32>
  return %0 : tensor<1x1x2097152x1xf32>
}

// -----

// Nor are 2^42 elements of keys, one for each head.
// CHECK-LABEL: func.func @too_many_keys
// CHECK-NEXT: xplat.attention
func.func @too_many_keys(%q: tensor<1x2097152x1x524288xf32>, %k: tensor<1x1x4x524288xf32>, %v: tensor<1x1x4x1xf32>)
    -> tensor<1x2097152x1x1xf32> {
  // expected-remark @+1 {{not decomposed: a value between the new nodes would have more than}}
  %0 = xplat.attention %q, %k, %v scale 0.5
      : (tensor<1x2097152x1x524288xf32>, tensor<1x1x4x524288xf32>, tensor<1x1x4x1xf32>) -> tensor<1x2097152x1x1xf32>
  return %0 : tensor<1x2097152x1x1xf32>
}

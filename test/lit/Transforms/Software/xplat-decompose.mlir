// RUN: xplat-opt --xplat-decompose --split-input-file --verify-diagnostics %s | FileCheck %s
// RUN: xplat-opt --xplat-decompose --xplat-fuse-attention --canonicalize --split-input-file %s | FileCheck %s --check-prefix=BACK

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
// CHECK: %[[W:.*]] = xplat.softmax %[[S]] dim 2 :
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

// A mask may hide every key, also from what is causal: zeros then, where attention says so.
// CHECK-LABEL: func.func @masked_and_causal
// CHECK: xplat.softmax %{{.*}} dim 2 causal blind_zero :
// BACK-LABEL: func.func @masked_and_causal
// BACK: xplat.attention %{{.*}} mask %{{.*}} scale 5.000000e-01 causal blind_zero
func.func @masked_and_causal(%q: tensor<1x2x8x4xf32>, %m: tensor<1x1x8x8xf32>) -> tensor<1x2x8x4xf32> {
  %0 = xplat.attention %q, %q, %q mask %m scale 0.5 causal blind_zero
      : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x1x8x8xf32>) -> tensor<1x2x8x4xf32>
  return %0 : tensor<1x2x8x4xf32>
}

// -----

// What is hidden is filled after what is added.
// CHECK-LABEL: func.func @added_and_hidden
// CHECK-SAME: (%{{.*}}, %[[M:.*]]: tensor<1x2x8x8xf32>, %[[H:.*]]: tensor<1x1x8x8xf32>)
// CHECK: %[[A:.*]] = xplat.add
// CHECK: %[[B:.*]] = xplat.broadcast %[[H]] : tensor<1x1x8x8xf32> -> tensor<1x2x8x8xf32>
// CHECK: %[[R:.*]] = xplat.reshape %[[B]]
// CHECK: %[[F:.*]] = xplat.masked_fill %[[A]] mask %[[R]] fill 0xFFF0000000000000 :
// CHECK: xplat.softmax %[[F]] dim 2 :
// BACK-LABEL: func.func @added_and_hidden
// BACK-SAME: (%{{.*}}, %[[M:.*]]: tensor<1x2x8x8xf32>, %[[H:.*]]: tensor<1x1x8x8xf32>)
// BACK: xplat.attention %{{.*}} mask %[[M]] hidden %[[H]] scale 5.000000e-01 blind_zero
func.func @added_and_hidden(%q: tensor<1x2x8x4xf32>, %m: tensor<1x2x8x8xf32>, %h: tensor<1x1x8x8xf32>)
    -> tensor<1x2x8x4xf32> {
  %0 = xplat.attention %q, %q, %q mask %m hidden %h scale 0.5
      : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x8xf32>, tensor<1x1x8x8xf32>)
      -> tensor<1x2x8x4xf32>
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

// -----

// A kernel of 3 x 2 at stride 2: two taps of rows and one of columns, zeros where the kernel ends. The result has no first
// row of the squares, as the padding cuts it off, and three of their columns.
// CHECK: func.func private @"w:function"(%[[W:.*]]: tensor<3x2x3x2xf32>)
// CHECK: %[[P:.*]] = xplat.pad %[[W]] low [0, 0, 0, 0] high [0, 0, 1, 0]
// CHECK: xplat.reshape %[[P]] : {{.*}} -> tensor<1x3x2x2x2x1x2xf32>
// CHECK: xplat.transpose %{{.*}} permutation [0, 2, 4, 6, 1, 3, 5]
// CHECK: xplat.param @"w:decomposed" = <evaluate(@w) function = @"w:function"> : tensor<8x3x2x1xf32>
// CHECK: xplat.param @"b:decomposed" = <evaluate(@b) function = @"b:function"> : tensor<8xf32>
// CHECK-LABEL: func.func @transposed
// CHECK: %[[C:.*]] = xplat.conv2d %{{.*}} weight @"w:decomposed" bias @"b:decomposed" stride [1, 1] padding [1, 0] groups 1 {absmax = 3.000000e+00 : f64, quantization = #xplat.quantization<value = i4, weight = i6>} : tensor<1x3x4x5xf32> -> tensor<1x8x5x5xf32>
// CHECK: %[[A:.*]] = xplat.reshape %[[C]] : {{.*}} -> tensor<1x2x2x2x5x5xf32>
// CHECK: %[[T:.*]] = xplat.transpose %[[A]] permutation [0, 1, 4, 2, 5, 3]
// CHECK: %[[R:.*]] = xplat.reshape %[[T]] : {{.*}} -> tensor<1x2x10x10xf32>
// CHECK: xplat.slice %[[R]] starts [0, 0, 1, 0] steps [1, 1, 1, 1] : {{.*}} -> tensor<1x2x7x10xf32>
xplat.param @w : tensor<3x2x3x2xf32>
xplat.param @b : tensor<2xf32>
func.func @transposed(%x: tensor<1x3x4x5xf32>) -> tensor<1x2x7x10xf32> {
  %0 = xplat.conv_transpose2d %x weight @w bias @b stride [2, 2] padding [1, 0] groups 1
      {absmax = 3.0 : f64, quantization = #xplat.quantization<value = i4, weight = i6>}
      : tensor<1x3x4x5xf32> -> tensor<1x2x7x10xf32>
  return %0 : tensor<1x2x7x10xf32>
}

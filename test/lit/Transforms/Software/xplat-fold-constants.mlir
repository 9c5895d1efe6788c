// RUN: xplat-opt --xplat-fold-constants --split-input-file --verify-diagnostics %s | FileCheck %s

// The documentation's example.
// CHECK: func.func private @"xplat.slice:function"(%[[P:.*]]: tensor<1x16x4xf32>) -> tensor<1x8x4xf32>
// CHECK-NEXT: %[[S:.*]] = xplat.slice %[[P]] starts [0, 0, 0] steps [1, 1, 1]
// CHECK-NEXT: return %[[S]]
// CHECK: xplat.param @"xplat.slice:constant" = <evaluate(@positions) function = @"xplat.slice:function"> : tensor<1x8x4xf32>
// CHECK-LABEL: func.func @forward
// CHECK-NEXT: %[[C:.*]] = xplat.constant @"xplat.slice:constant" : tensor<1x8x4xf32>
// CHECK-NEXT: xplat.add %{{.*}}, %[[C]]
xplat.param @positions : tensor<1x16x4xf32>
func.func @forward(%x: tensor<1x8x4xf32>) -> tensor<1x8x4xf32> {
  %0 = xplat.constant @positions : tensor<1x16x4xf32>
  %1 = xplat.slice %0 starts [0, 0, 0] steps [1, 1, 1] : tensor<1x16x4xf32> -> tensor<1x8x4xf32>
  %2 = xplat.add %x, %1 : tensor<1x8x4xf32>, tensor<1x8x4xf32> -> tensor<1x8x4xf32>
  return %2 : tensor<1x8x4xf32>
}

// -----

// One parameter, read once, whatever reads it; a number goes in as it is; a
// table of indices is read by its symbol; names come from the location.
// CHECK: func.func private @"emb:function"(%[[I:.*]]: tensor<1x4xi64>, %[[A:.*]]: tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
// CHECK-DAG: %[[E:.*]] = xplat.embedding %[[I]] table @table
// CHECK-DAG: %[[H:.*]] = xplat.splat 5.000000e-01
// CHECK-DAG: %[[M:.*]] = xplat.mul %[[A]], %[[H]]
// CHECK: xplat.add %[[E]], %[[M]]
// CHECK: xplat.param @"emb:constant" = <evaluate(@ids, @a) function = @"emb:function"> : tensor<1x4x2xf32>
// CHECK-LABEL: func.func @several
// CHECK: %[[C:.*]] = xplat.constant @"emb:constant"
// CHECK: xplat.add %{{.*}}, %[[C]]
// CHECK: xplat.mul %{{.*}}, %[[C]]
xplat.param @ids : tensor<1x4xi64>
xplat.param @a : tensor<1x4x2xf32>
xplat.param @table : tensor<9x2xf32>
func.func @several(%x: tensor<1x4x2xf32>) -> tensor<1x4x2xf32> {
  %0 = xplat.constant @ids : tensor<1x4xi64>
  %1 = xplat.embedding %0 table @table : tensor<1x4xi64> -> tensor<1x4x2xf32>
  %2 = xplat.constant @a : tensor<1x4x2xf32>
  %3 = xplat.splat 5.0e-01 : tensor<1x4x2xf32>
  %4 = xplat.mul %2, %3 : tensor<1x4x2xf32>, tensor<1x4x2xf32> -> tensor<1x4x2xf32>
  %5 = xplat.add %1, %4 : tensor<1x4x2xf32>, tensor<1x4x2xf32> -> tensor<1x4x2xf32> loc("emb")
  %6 = xplat.add %x, %5 : tensor<1x4x2xf32>, tensor<1x4x2xf32> -> tensor<1x4x2xf32>
  %7 = xplat.mul %6, %5 : tensor<1x4x2xf32>, tensor<1x4x2xf32> -> tensor<1x4x2xf32>
  return %7 : tensor<1x4x2xf32>
}

// -----

// Numbers that are the same everywhere stay numbers: exp(-0) · 3 = 3, in other shapes too.
// CHECK-LABEL: func.func @uniform
// CHECK-NOT: private
// CHECK: %[[S:.*]] = xplat.splat 3.000000e+00 : tensor<2x3xf32>
// CHECK: xplat.mul %{{.*}}, %[[S]]
// CHECK-NOT: xplat.exp
func.func @uniform(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = xplat.splat 0.0 : tensor<3xf32>
  %1 = xplat.neg %0 : tensor<3xf32> -> tensor<3xf32>
  %2 = xplat.exp %1 : tensor<3xf32> -> tensor<3xf32>
  %3 = xplat.splat 3.0 : tensor<3xf32>
  %4 = xplat.mul %2, %3 : tensor<3xf32>, tensor<3xf32> -> tensor<3xf32>
  %5 = xplat.broadcast %4 : tensor<3xf32> -> tensor<2x3xf32>
  %6 = xplat.mul %x, %5 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  return %6 : tensor<2x3xf32>
}

// -----

// A lone constant stays; so does what a sample changes, and the boundary.
// CHECK-LABEL: func.func @nothing
// CHECK-NOT: private
// CHECK: xplat.constant @a
// CHECK: xplat.host_output
xplat.param @a : tensor<1x4xf32>
func.func @nothing(%x: tensor<1x4xf32>) -> (tensor<1x4xf32>, tensor<1x4xf32>) {
  %0 = xplat.constant @a : tensor<1x4xf32>
  %1 = xplat.add %x, %0 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = xplat.host_output %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1, %2 : tensor<1x4xf32>, tensor<1x4xf32>
}

// -----

// A large result from a small parameter is not stored; what it comes from is.
// CHECK: func.func private @"xplat.exp:function"
// CHECK-LABEL: func.func @too_large
// CHECK: %[[C:.*]] = xplat.constant @"xplat.exp:constant" : tensor<1x512xf32>
// CHECK: %[[B:.*]] = xplat.broadcast %[[C]]
// CHECK: xplat.add %{{.*}}, %[[B]]
xplat.param @row : tensor<1x512xf32>
func.func @too_large(%x: tensor<256x512xf32>) -> tensor<256x512xf32> {
  %0 = xplat.constant @row : tensor<1x512xf32>
  %1 = xplat.exp %0 : tensor<1x512xf32> -> tensor<1x512xf32>
  // expected-remark @+1 {{not folded: its result of 131072 elements is much larger than the 512 elements that it is computed from; 'max-growth' allows more}}
  %2 = xplat.broadcast %1 : tensor<1x512xf32> -> tensor<256x512xf32>
  %3 = xplat.add %x, %2 : tensor<256x512xf32>, tensor<256x512xf32> -> tensor<256x512xf32>
  return %3 : tensor<256x512xf32>
}

// -----

// What a table holds counts too.
// CHECK: func.func private @"xplat.embedding:function"(%{{.*}}: tensor<512xi64>) -> tensor<512x768xf32>
// CHECK: xplat.param @"xplat.embedding:constant" = <evaluate(@ids) function = @"xplat.embedding:function"> : tensor<512x768xf32>
// CHECK-LABEL: func.func @looked_up
// CHECK: xplat.constant @"xplat.embedding:constant"
xplat.param @ids : tensor<512xi64>
xplat.param @table : tensor<512x768xf32>
func.func @looked_up(%x: tensor<512x768xf32>) -> tensor<512x768xf32> {
  %0 = xplat.constant @ids : tensor<512xi64>
  %1 = xplat.embedding %0 table @table : tensor<512xi64> -> tensor<512x768xf32>
  %2 = xplat.add %x, %1 : tensor<512x768xf32>, tensor<512x768xf32> -> tensor<512x768xf32>
  return %2 : tensor<512x768xf32>
}

// -----

// A requested rounding takes place before other nodes compute with the value; moved elements take their request along.
// CHECK-DAG: xplat.param @"xplat.cast:constant" = <evaluate(@p)
// CHECK-DAG: xplat.param @"xplat.transpose:constant" = <evaluate(@p)
// CHECK-LABEL: func.func @rounded
// CHECK-DAG: %[[C:.*]] = xplat.constant @"xplat.cast:constant" {quantization = #xplat.quantization<value = i4>}
// CHECK-DAG: %[[E:.*]] = xplat.exp %[[C]]
// CHECK-DAG: %[[T:.*]] = xplat.constant @"xplat.transpose:constant" {quantization = #xplat.quantization<value = i4>}
// CHECK-DAG: %[[P:.*]] = xplat.constant @p {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>}
// CHECK-DAG: xplat.transpose %[[P]]
// CHECK-DAG: %[[S:.*]] = xplat.splat 3.000000e-01 {quantization = #xplat.quantization<value = i4>}
// CHECK-DAG: xplat.neg %[[S]]
xplat.param @p : tensor<2x4xf32>
func.func @rounded() -> (tensor<2x4xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4xf32>) {
  %0 = xplat.constant @p : tensor<2x4xf32>
  %1 = xplat.cast %0 {quantization = #xplat.quantization<value = i4>} : tensor<2x4xf32> -> tensor<2x4xf32>
  %2 = xplat.exp %1 : tensor<2x4xf32> -> tensor<2x4xf32>
  %3 = xplat.constant @p {quantization = #xplat.quantization<value = i4>} : tensor<2x4xf32>
  %4 = xplat.transpose %3 permutation [1, 0] : tensor<2x4xf32> -> tensor<4x2xf32>
  %5 = xplat.constant @p {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>} : tensor<2x4xf32>
  %6 = xplat.transpose %5 permutation [1, 0] : tensor<2x4xf32> -> tensor<4x2xf32>
  %7 = xplat.splat 0.3 {quantization = #xplat.quantization<value = i4>} : tensor<4xf32>
  %8 = xplat.neg %7 : tensor<4xf32> -> tensor<4xf32>
  return %2, %4, %6, %8 : tensor<2x4xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4xf32>
}

// -----

// A request for f32 prevents nothing, and stays with the result that it is for.
// CHECK-LABEL: func.func @left_as_it_is
// CHECK: xplat.constant @"xplat.transpose:constant" {quantization = #xplat.quantization<value = f32>}
// CHECK-NOT: xplat.transpose
xplat.param @p : tensor<2x4xf32>
func.func @left_as_it_is() -> tensor<4x2xf32> {
  %0 = xplat.constant @p {quantization = #xplat.quantization<value = f32>} : tensor<2x4xf32>
  %1 = xplat.exp %0 {quantization = #xplat.quantization<value = f32>} : tensor<2x4xf32> -> tensor<2x4xf32>
  %2 = xplat.transpose %1 permutation [1, 0] : tensor<2x4xf32> -> tensor<4x2xf32>
  return %2 : tensor<4x2xf32>
}

// -----

// A constant of another format than its parameter's rounds on the way: it is no argument.
// CHECK: func.func private @"xplat.neg:function"() -> tensor<4xf32>
// CHECK: %[[C:.*]] = xplat.constant @p : tensor<4xf32>
// CHECK: xplat.neg %[[C]]
// CHECK: xplat.param @"xplat.neg:constant" = <evaluate() function = @"xplat.neg:function"> : tensor<4xf32>
// CHECK-LABEL: func.func @other_format
xplat.param @p : tensor<4x!xplat.minifloat<4, 3>>
func.func @other_format(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = xplat.constant @p : tensor<4xf32>
  %1 = xplat.neg %0 : tensor<4xf32> -> tensor<4xf32>
  %2 = xplat.mul %1, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// -----

// Blocks of the result run along its last dimension, those of a constant of rank 4 along dimension 1.
// CHECK-LABEL: func.func @blocks
// CHECK: %[[E:.*]] = xplat.constant @"xplat.exp:constant"
// CHECK: xplat.softmax %[[E]] dim 3 {quantization
xplat.param @p : tensor<1x4x2x8xf32>
func.func @blocks(%x: tensor<1x4x2x8xf32>) -> tensor<1x4x2x8xf32> {
  %0 = xplat.constant @p : tensor<1x4x2x8xf32>
  %1 = xplat.exp %0 : tensor<1x4x2x8xf32> -> tensor<1x4x2x8xf32>
  // expected-remark @+1 {{not folded: in a constant, the blocks of the requested format would run along another dimension}}
  %2 = xplat.softmax %1 dim 3 {quantization = #xplat.quantization<value = !xplat.msfp<4, 4>>} : tensor<1x4x2x8xf32> -> tensor<1x4x2x8xf32>
  %3 = xplat.mul %2, %x : tensor<1x4x2x8xf32>, tensor<1x4x2x8xf32> -> tensor<1x4x2x8xf32>
  return %3 : tensor<1x4x2x8xf32>
}

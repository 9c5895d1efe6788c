// RUN: xplat-opt %s -canonicalize | FileCheck %s

// A reshape to the same shape is its operand; others stay, and so does what is used.

// CHECK-LABEL: func.func @same_shape
func.func @same_shape(%arg0: tensor<1x4x2x2xf32>) -> tensor<1x4x2x2xf32> {
  // CHECK-NOT: xplat.reshape
  // CHECK: return %arg0
  %0 = xplat.reshape %arg0 : tensor<1x4x2x2xf32> -> tensor<1x4x2x2xf32>
  return %0 : tensor<1x4x2x2xf32>
}

// CHECK-LABEL: func.func @other_shape
func.func @other_shape(%arg0: tensor<1x4x2x2xf32>) -> (tensor<1x16xf32>, tensor<1x16xf32>) {
  // CHECK: xplat.reshape %arg0 : tensor<1x4x2x2xf32>
  // CHECK: xplat.reshape %arg0 order channels_last
  %0 = xplat.reshape %arg0 : tensor<1x4x2x2xf32> -> tensor<1x16xf32>
  %1 = xplat.reshape %arg0 order channels_last : tensor<1x4x2x2xf32> -> tensor<1x16xf32>
  return %0, %1 : tensor<1x16xf32>, tensor<1x16xf32>
}

// CHECK-LABEL: func.func @unused
func.func @unused(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // CHECK-NEXT: return
  %0 = xplat.relu %arg0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %arg0 : tensor<1x4xf32>
}

// Shapes: no node is left that another one of its kind undoes or could do as well.

// CHECK-LABEL: func.func @shapes
func.func @shapes(%x: tensor<1x4x2x3xf32>) -> (tensor<1x4x2x3xf32>, tensor<1x4x2x3xf32>, tensor<4x1x6xf32>, tensor<3x4x1x2xf32>) {
  // CHECK-SAME: (%[[X:.*]]: tensor<1x4x2x3xf32>)
  // CHECK-DAG: %[[A:.*]] = xplat.reshape %[[X]] : tensor<1x4x2x3xf32> -> tensor<4x1x6xf32>
  // CHECK-DAG: %[[B:.*]] = xplat.transpose %[[X]] permutation [3, 1, 0, 2]
  // CHECK: return %[[X]], %[[X]], %[[A]], %[[B]]
  %0 = xplat.reshape %x : tensor<1x4x2x3xf32> -> tensor<4x6xf32>
  %1 = xplat.reshape %0 : tensor<4x6xf32> -> tensor<1x4x2x3xf32>
  %2 = xplat.transpose %x permutation [0, 2, 3, 1] : tensor<1x4x2x3xf32> -> tensor<1x2x3x4xf32>
  %3 = xplat.transpose %2 permutation [0, 3, 1, 2] : tensor<1x2x3x4xf32> -> tensor<1x4x2x3xf32>
  %4 = xplat.reshape %x : tensor<1x4x2x3xf32> -> tensor<1x4x6xf32>
  %5 = xplat.transpose %4 permutation [1, 0, 2] : tensor<1x4x6xf32> -> tensor<4x1x6xf32>
  %6 = xplat.transpose %2 permutation [2, 3, 0, 1] : tensor<1x2x3x4xf32> -> tensor<3x4x1x2xf32>
  return %1, %3, %5, %6 : tensor<1x4x2x3xf32>, tensor<1x4x2x3xf32>, tensor<4x1x6xf32>, tensor<3x4x1x2xf32>
}

// CHECK-LABEL: func.func @repeated
func.func @repeated(%x: tensor<3xf32>) -> (tensor<1x1x3xf32>, tensor<4x2x3xf32>, tensor<5x3xf32>) {
  // CHECK-SAME: (%[[X:.*]]: tensor<3xf32>)
  // CHECK-DAG: %[[A:.*]] = xplat.reshape %[[X]] : tensor<3xf32> -> tensor<1x1x3xf32>
  // CHECK-DAG: %[[B:.*]] = xplat.broadcast %[[X]] : tensor<3xf32> -> tensor<4x2x3xf32>
  // CHECK-DAG: %[[C:.*]] = xplat.broadcast %[[X]] : tensor<3xf32> -> tensor<5x3xf32>
  // CHECK: return %[[A]], %[[B]], %[[C]]
  %0 = xplat.broadcast %x : tensor<3xf32> -> tensor<1x1x3xf32>
  %1 = xplat.broadcast %x : tensor<3xf32> -> tensor<2x3xf32>
  %2 = xplat.broadcast %1 : tensor<2x3xf32> -> tensor<4x2x3xf32>
  %3 = xplat.reshape %x : tensor<3xf32> -> tensor<1x3xf32>
  %4 = xplat.broadcast %3 : tensor<1x3xf32> -> tensor<5x3xf32>
  return %0, %2, %4 : tensor<1x1x3xf32>, tensor<4x2x3xf32>, tensor<5x3xf32>
}

// CHECK-LABEL: func.func @parts
func.func @parts(%x: tensor<8x3xf32>, %y: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<4x3xf32>, tensor<12x3xf32>, tensor<8x3xf32>) {
  // CHECK-SAME: (%[[X:.*]]: tensor<8x3xf32>, %[[Y:.*]]: tensor<2x3xf32>)
  // CHECK-DAG: %[[A:.*]] = xplat.slice %[[X]] starts [3, 0] steps [4, 1] : tensor<8x3xf32> -> tensor<2x3xf32>
  // CHECK-DAG: %[[C:.*]] = xplat.slice %[[X]] starts [2, 0] steps [1, 1] : tensor<8x3xf32> -> tensor<4x3xf32>
  // CHECK-DAG: %[[D:.*]] = xplat.concat %[[Y]], %[[X]], %[[Y]] dim 0
  // CHECK: return %[[A]], %[[Y]], %[[C]], %[[D]], %[[X]]
  %0 = xplat.slice %x starts [1, 0] steps [2, 1] : tensor<8x3xf32> -> tensor<4x3xf32>
  %1 = xplat.slice %0 starts [1, 0] steps [2, 1] : tensor<4x3xf32> -> tensor<2x3xf32>
  %2 = xplat.concat %y, %x dim 0 : (tensor<2x3xf32>, tensor<8x3xf32>) -> tensor<10x3xf32>
  %3 = xplat.slice %2 starts [0, 0] steps [1, 1] : tensor<10x3xf32> -> tensor<2x3xf32>
  %4 = xplat.slice %2 starts [4, 0] steps [1, 1] : tensor<10x3xf32> -> tensor<4x3xf32>
  %5 = xplat.concat %2, %y dim 0 : (tensor<10x3xf32>, tensor<2x3xf32>) -> tensor<12x3xf32>
  %6 = xplat.concat %x dim 0 : (tensor<8x3xf32>) -> tensor<8x3xf32>
  return %1, %3, %4, %5, %6 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<4x3xf32>, tensor<12x3xf32>, tensor<8x3xf32>
}

// CHECK-LABEL: func.func @around
func.func @around(%x: tensor<1x1x2x2xf32>) -> (tensor<1x1x8x2xf32>, tensor<1x1x3x4xf32>, tensor<1x1x2x2xf32>) {
  // CHECK-SAME: (%[[X:.*]]: tensor<1x1x2x2xf32>)
  // CHECK-DAG: %[[A:.*]] = xplat.upsample %[[X]] : tensor<1x1x2x2xf32> -> tensor<1x1x8x2xf32>
  // CHECK-DAG: %[[B:.*]] = xplat.pad %[[X]] low [0, 0, 1, 1] high [0, 0, 0, 1] value 0.000000e+00
  // CHECK: return %[[A]], %[[B]], %[[X]]
  %0 = xplat.upsample %x : tensor<1x1x2x2xf32> -> tensor<1x1x4x2xf32>
  %1 = xplat.upsample %0 : tensor<1x1x4x2xf32> -> tensor<1x1x8x2xf32>
  %2 = xplat.pad %x low [0, 0, 1, 0] high [0, 0, 0, 0] value 0.0 : tensor<1x1x2x2xf32> -> tensor<1x1x3x2xf32>
  %3 = xplat.pad %2 low [0, 0, 0, 1] high [0, 0, 0, 1] value 0.0 : tensor<1x1x3x2xf32> -> tensor<1x1x3x4xf32>
  %4 = xplat.upsample %x : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
  return %1, %3, %4 : tensor<1x1x8x2xf32>, tensor<1x1x3x4xf32>, tensor<1x1x2x2xf32>
}

// CHECK-LABEL: func.func @reduced
func.func @reduced(%x: tensor<1x3x1xf32>) -> (tensor<3xf32>, tensor<1x1x1xf32>) {
  // CHECK-SAME: (%[[X:.*]]: tensor<1x3x1xf32>)
  // CHECK-DAG: %[[A:.*]] = xplat.reshape %[[X]] : tensor<1x3x1xf32> -> tensor<3xf32>
  // CHECK-DAG: %[[B:.*]] = xplat.reduce %[[X]] mean over [1]
  // CHECK: return %[[A]], %[[B]]
  %0 = xplat.reduce %x sum over [0, 2] : tensor<1x3x1xf32> -> tensor<3xf32>
  %1 = xplat.reduce %x mean over [0, 1, 2] : tensor<1x3x1xf32> -> tensor<1x1x1xf32>
  return %0, %1 : tensor<3xf32>, tensor<1x1x1xf32>
}

// Numbers that are the same everywhere have any shape.

// CHECK-LABEL: func.func @numbers
func.func @numbers(%x: tensor<2x3xf32>) -> (tensor<6xf32>, tensor<2x3xf32>) {
  // CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>)
  // CHECK: %[[A:.*]] = xplat.splat 1.000000e+00 : tensor<6xf32>
  // CHECK: return %[[A]], %[[X]]
  %0 = xplat.splat 1.0 : tensor<3xf32>
  %1 = xplat.broadcast %0 : tensor<3xf32> -> tensor<2x3xf32>
  %2 = xplat.transpose %1 permutation [1, 0] : tensor<2x3xf32> -> tensor<3x2xf32>
  %3 = xplat.reshape %2 : tensor<3x2xf32> -> tensor<6xf32>
  %4 = xplat.splat 0.0 : tensor<2x3xf32>
  %5 = xplat.mul %1, %x : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  %6 = xplat.div %5, %1 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  %7 = xplat.add %4, %6 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  %8 = xplat.sub %7, %4 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  %9 = xplat.maximum %8, %8 : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<2x3xf32>
  %10 = xplat.neg %9 : tensor<2x3xf32> -> tensor<2x3xf32>
  %11 = xplat.neg %10 : tensor<2x3xf32> -> tensor<2x3xf32>
  return %3, %11 : tensor<6xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @bounds
func.func @bounds(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  // CHECK-SAME: (%[[X:.*]]: tensor<3xf32>)
  // CHECK-DAG: %[[A:.*]] = xplat.clamp %[[X]] to 0.000000e+00, 4.000000e+00
  // CHECK-DAG: %[[B:.*]] = xplat.relu %[[X]]
  // CHECK-DAG: %[[C:.*]] = xplat.clamp %[[X]] to 0.000000e+00, 6.000000e+00
  // CHECK: return %[[A]], %[[B]], %[[C]], %[[X]]
  %0 = xplat.clamp %x to -1.0, 4.0 : tensor<3xf32> -> tensor<3xf32>
  %1 = xplat.clamp %0 to 0.0, 6.0 : tensor<3xf32> -> tensor<3xf32>
  %2 = xplat.clamp %x to 0.0, 0x7FF0000000000000 : tensor<3xf32> -> tensor<3xf32>
  %3 = xplat.relu %2 : tensor<3xf32> -> tensor<3xf32>
  %4 = xplat.clamp %3 to -2.0, 6.0 : tensor<3xf32> -> tensor<3xf32>
  %5 = xplat.clamp %x to 0xFFF0000000000000, 0x7FF0000000000000 : tensor<3xf32> -> tensor<3xf32>
  return %1, %3, %4, %5 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// Rounding is never dropped: the first cast loses nothing, the second does. Neither is a move that re-blocks.

!i8 = !quant.uniform<i8:f32, 0.125>
!i12 = !quant.uniform<i12:f32, 0.0625>
!i6 = !quant.uniform<i6:f32, 0.5>
!mx = !xplat.mx<i8, 32>
// CHECK-LABEL: func.func @formats
func.func @formats(%x: tensor<4x!i8>, %y: tensor<2x2x!mx>) -> (tensor<4x!i6>, tensor<4x!i12>, tensor<2x2x!mx>) {
  // CHECK-SAME: (%[[X:.*]]: tensor<4x!quant.uniform<i8:f32, 1.250000e-01>>, %[[Y:.*]]:
  // CHECK: %[[A:.*]] = xplat.cast %[[X]] : {{.*}} -> tensor<4x!quant.uniform<i6:f32, 5.000000e-01>>
  // CHECK: %[[B:.*]] = xplat.cast %[[A]]
  // CHECK: xplat.transpose
  // CHECK: xplat.transpose
  %0 = xplat.cast %x : tensor<4x!i8> -> tensor<4x!i12>
  %1 = xplat.cast %0 : tensor<4x!i12> -> tensor<4x!i6>
  %2 = xplat.cast %1 : tensor<4x!i6> -> tensor<4x!i12>
  %3 = xplat.transpose %y permutation [1, 0] : tensor<2x2x!mx> -> tensor<2x2x!mx>
  %4 = xplat.transpose %3 permutation [1, 0] : tensor<2x2x!mx> -> tensor<2x2x!mx>
  return %1, %2, %4 : tensor<4x!i6>, tensor<4x!i12>, tensor<2x2x!mx>
}

// CHECK-LABEL: func.func @products
func.func @products(%x: tensor<2x3x4xf32>) -> tensor<2x3x3xf32> {
  // CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>)
  // CHECK-NEXT: %[[A:.*]] = xplat.matmul %[[X]], %[[X]] transposed
  // CHECK-NEXT: return %[[A]]
  %0 = xplat.transpose %x permutation [0, 2, 1] : tensor<2x3x4xf32> -> tensor<2x4x3xf32>
  %1 = xplat.matmul %x, %0 : tensor<2x3x4xf32>, tensor<2x4x3xf32> -> tensor<2x3x3xf32>
  return %1 : tensor<2x3x3xf32>
}

// Heads and masks are not repeated where attention shares them.

// CHECK-LABEL: func.func @attention
func.func @attention(%q: tensor<1x6x8x4xf32>, %k: tensor<1x2x8x4xf32>, %m: tensor<8x8xf32>) -> tensor<1x6x8x4xf32> {
  // CHECK-SAME: (%[[Q:.*]]: tensor<1x6x8x4xf32>, %[[K:.*]]: tensor<1x2x8x4xf32>, %[[M:.*]]: tensor<8x8xf32>)
  // CHECK-NEXT: %[[N:.*]] = xplat.reshape %[[M]] : tensor<8x8xf32> -> tensor<1x1x8x8xf32>
  // CHECK-NEXT: xplat.attention %[[Q]], %[[K]], %[[K]] mask %[[N]]
  %0 = xplat.reshape %k : tensor<1x2x8x4xf32> -> tensor<1x2x1x8x4xf32>
  %1 = xplat.broadcast %0 : tensor<1x2x1x8x4xf32> -> tensor<1x2x3x8x4xf32>
  %2 = xplat.reshape %1 : tensor<1x2x3x8x4xf32> -> tensor<1x6x8x4xf32>
  %3 = xplat.broadcast %m : tensor<8x8xf32> -> tensor<1x6x8x8xf32>
  %4 = xplat.attention %q, %2, %2 mask %3 scale 0.5 : (tensor<1x6x8x4xf32>, tensor<1x6x8x4xf32>, tensor<1x6x8x4xf32>, tensor<1x6x8x8xf32>) -> tensor<1x6x8x4xf32>
  return %4 : tensor<1x6x8x4xf32>
}

// The steps of a single element do not matter.

// CHECK-LABEL: func.func @long_steps
func.func @long_steps(%x: tensor<4x8xf32>) -> tensor<1x2xf32> {
  // CHECK-NEXT: xplat.slice %{{.*}} starts [1, 0] steps [1, 4] : tensor<4x8xf32> -> tensor<1x2xf32>
  %0 = xplat.slice %x starts [1, 0] steps [4611686018427387904, 2] : tensor<4x8xf32> -> tensor<1x4xf32>
  %1 = xplat.slice %0 starts [0, 0] steps [4, 2] : tensor<1x4xf32> -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// A mask of truth values is not the mask of numbers that a node makes of it.

// CHECK-LABEL: func.func @mask_of_truth
func.func @mask_of_truth(%q: tensor<1x4x8x4xf32>, %m: tensor<8x8xi1>) -> tensor<1x4x8x4xf32> {
  // CHECK: %[[M:.*]] = xplat.broadcast
  // CHECK: xplat.attention {{.*}} mask %[[M]]
  %0 = xplat.broadcast %m : tensor<8x8xi1> -> tensor<1x4x8x8xf32>
  %1 = xplat.attention %q, %q, %q mask %0 scale 1.0 : (tensor<1x4x8x4xf32>, tensor<1x4x8x4xf32>, tensor<1x4x8x4xf32>, tensor<1x4x8x8xf32>) -> tensor<1x4x8x4xf32>
  return %1 : tensor<1x4x8x4xf32>
}

// Requested formats: a node with one stays, and a node that replaces another has its range and request.

#i4 = #xplat.quantization<value = i4>
#i8 = #xplat.quantization<value = i8>
#f32 = #xplat.quantization<value = f32>
// CHECK-LABEL: func.func @requests_stay
func.func @requests_stay(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<2xf32>) {
  // CHECK: %[[A:.*]] = xplat.relu %{{.*}} {quantization = #xplat.quantization<value = i4>}
  // CHECK: %[[B:.*]] = xplat.clamp %[[A]] to 0.000000e+00, 6.000000e+00 {quantization = #xplat.quantization<value = i8>}
  // CHECK: %[[C:.*]] = xplat.relu %[[A]] {quantization = #xplat.quantization<value = i8>}
  // CHECK: %[[D:.*]] = xplat.reduce %{{.*}} sum over [0] {quantization = #xplat.quantization<value = i4>}
  // CHECK: %[[E:.*]] = xplat.concat {{.*}} {quantization = #xplat.quantization<value = i4>}
  // CHECK: %[[F:.*]] = xplat.slice %[[E]]
  // CHECK: return %[[B]], %[[C]], %[[D]], %[[F]]
  %0 = xplat.relu %x {quantization = #i4} : tensor<3xf32> -> tensor<3xf32>
  %1 = xplat.clamp %0 to 0.0, 6.0 {quantization = #i8} : tensor<3xf32> -> tensor<3xf32>
  %2 = xplat.relu %0 {quantization = #i8} : tensor<3xf32> -> tensor<3xf32>
  %3 = xplat.reshape %x : tensor<3xf32> -> tensor<1x3xf32>
  %4 = xplat.reduce %3 sum over [0] {quantization = #i4} : tensor<1x3xf32> -> tensor<3xf32>
  %5 = xplat.concat %x, %x dim 0 {quantization = #i4} : (tensor<3xf32>, tensor<3xf32>) -> tensor<6xf32>
  %6 = xplat.slice %5 starts [0] steps [1] : tensor<6xf32> -> tensor<2xf32>
  return %1, %2, %4, %6 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<2xf32>
}

// CHECK-LABEL: func.func @requests_go_on
func.func @requests_go_on(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<2xf32>) {
  // CHECK-DAG: %[[A:.*]] = xplat.relu %{{.*}} {absmax = 3.000000e+00 : f64, quantization = #xplat.quantization<value = i4>}
  // CHECK-DAG: %[[B:.*]] = xplat.clamp %{{.*}} to 0.000000e+00, 4.000000e+00 {absmax = 2.000000e+00 : f64, quantization = #xplat.quantization<value = i8>}
  // CHECK-DAG: %[[C:.*]] = xplat.clamp %{{.*}} to 0.000000e+00, 4.000000e+00 {quantization = #xplat.quantization<value = f32>}
  // CHECK-DAG: %[[D:.*]] = xplat.splat 3.000000e-01 {quantization = #xplat.quantization<value = i4>} : tensor<2xf32>
  // CHECK: return %[[A]], %[[B]], %[[C]], %[[D]]
  %0 = xplat.clamp %x to 0.0, 0x7FF0000000000000 {absmax = 3.0 : f64, quantization = #i4} : tensor<3xf32> -> tensor<3xf32>
  %1 = xplat.clamp %x to -1.0, 4.0 {absmax = 3.0 : f64, quantization = #f32} : tensor<3xf32> -> tensor<3xf32>
  %2 = xplat.relu %1 {absmax = 2.0 : f64, quantization = #i8} : tensor<3xf32> -> tensor<3xf32>
  %3 = xplat.clamp %x to -2.0, 4.0 {quantization = #f32} : tensor<3xf32> -> tensor<3xf32>
  %4 = xplat.relu %3 : tensor<3xf32> -> tensor<3xf32>
  %5 = xplat.splat 0.3 {quantization = #i4} : tensor<3xf32>
  %6 = xplat.slice %5 starts [0] steps [1] : tensor<3xf32> -> tensor<2xf32>
  return %0, %2, %4, %6 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<2xf32>
}

// A concatenation that is read twice is not written out for each: 2^n operands of n nodes.
// CHECK-LABEL: func.func @doubled
func.func @doubled(%x: tensor<1xf32>) -> tensor<8xf32> {
  // CHECK-SAME: (%[[X:.*]]: tensor<1xf32>)
  // CHECK-NEXT: %[[A:.*]] = xplat.concat %[[X]], %[[X]] dim 0
  // CHECK-NEXT: %[[B:.*]] = xplat.concat %[[A]], %[[A]] dim 0
  // CHECK-NEXT: xplat.concat %[[B]], %[[B]] dim 0
  %0 = xplat.concat %x, %x dim 0 : (tensor<1xf32>, tensor<1xf32>) -> tensor<2xf32>
  %1 = xplat.concat %0, %0 dim 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %2 = xplat.concat %1, %1 dim 0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}

// Queries, keys and values are taken before they are moved: fewer elements move, and each part by itself.
// CHECK-LABEL: func.func @parts_of_a_projection
func.func @parts_of_a_projection(%x: tensor<32x1x192xf32>) -> (tensor<1x32x1x64xf32>, tensor<1x32x1x64xf32>) {
  // CHECK: %[[Y:.*]] = xplat.relu
  // CHECK-DAG: xplat.slice %[[Y]] starts [0, 0, 0] steps [1, 1, 1] : tensor<32x1x192xf32> -> tensor<32x1x64xf32>
  // CHECK-DAG: xplat.slice %[[Y]] starts [0, 0, 128] steps [1, 1, 1] : tensor<32x1x192xf32> -> tensor<32x1x64xf32>
  // CHECK-NOT: tensor<3x32
  %y = xplat.relu %x : tensor<32x1x192xf32> -> tensor<32x1x192xf32>
  %0 = xplat.reshape %y : tensor<32x1x192xf32> -> tensor<1x32x1x3x64xf32>
  %1 = xplat.transpose %0 permutation [3, 1, 2, 0, 4] : tensor<1x32x1x3x64xf32> -> tensor<3x32x1x1x64xf32>
  %2 = xplat.reshape %1 : tensor<3x32x1x1x64xf32> -> tensor<3x32x1x64xf32>
  %3 = xplat.slice %2 starts [0, 0, 0, 0] steps [1, 1, 1, 1] : tensor<3x32x1x64xf32> -> tensor<1x32x1x64xf32>
  %4 = xplat.slice %2 starts [2, 0, 0, 0] steps [1, 1, 1, 1] : tensor<3x32x1x64xf32> -> tensor<1x32x1x64xf32>
  return %3, %4 : tensor<1x32x1x64xf32>, tensor<1x32x1x64xf32>
}

// A range of the outermost dimension of several that are joined or split; steps where nothing is.
// CHECK-LABEL: func.func @slices_first
func.func @slices_first(%x: tensor<4x6x5xf32>) -> (tensor<2x5xf32>, tensor<12x2xf32>, tensor<2x3x5xf32>) {
  // CHECK: %[[Y:.*]] = xplat.relu
  // CHECK-DAG: xplat.slice %[[Y]] starts [1, 0, 1] steps [1, 1, 3] : tensor<4x6x5xf32> -> tensor<2x6x2xf32>
  // CHECK-DAG: xplat.slice %{{.*}} starts [7, 0] steps [1, 1] : tensor<24x5xf32> -> tensor<2x5xf32>
  // CHECK-DAG: xplat.slice %[[Y]] starts [1, 3, 0] steps [2, 1, 1] : tensor<4x6x5xf32> -> tensor<2x3x5xf32>
  %y = xplat.relu %x : tensor<4x6x5xf32> -> tensor<4x6x5xf32>
  %0 = xplat.reshape %y : tensor<4x6x5xf32> -> tensor<24x5xf32>
  // Two rows of 24 are no whole rows of 6.
  %1 = xplat.slice %0 starts [7, 0] steps [1, 1] : tensor<24x5xf32> -> tensor<2x5xf32>
  %2 = xplat.slice %0 starts [6, 1] steps [1, 3] : tensor<24x5xf32> -> tensor<12x2xf32>
  %3 = xplat.reshape %y : tensor<4x6x5xf32> -> tensor<4x2x3x5xf32>
  %4 = xplat.slice %3 starts [1, 1, 0, 0] steps [2, 1, 1, 1] : tensor<4x2x3x5xf32> -> tensor<2x1x3x5xf32>
  %5 = xplat.reshape %4 : tensor<2x1x3x5xf32> -> tensor<2x3x5xf32>
  return %1, %2, %5 : tensor<2x5xf32>, tensor<12x2xf32>, tensor<2x3x5xf32>
}

// What the host moves for nothing stays, and what another node reads whole is not moved twice.
// CHECK-LABEL: func.func @slices_last
func.func @slices_last(%x: tensor<4x6xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<6x4xf32>) {
  // CHECK: %[[A:.*]] = xplat.transpose %{{.*}} permutation [1, 0]
  // CHECK: xplat.slice %[[A]]
  // CHECK: %[[B:.*]] = xplat.transpose %{{.*}} permutation [1, 0]
  // CHECK: xplat.slice %[[B]]
  %0 = xplat.transpose %x permutation [1, 0] : tensor<4x6xf32> -> tensor<6x4xf32>
  %1 = xplat.slice %0 starts [1, 0] steps [2, 1] : tensor<6x4xf32> -> tensor<2x4xf32>
  %y = xplat.tanh %x : tensor<4x6xf32> -> tensor<4x6xf32>
  %2 = xplat.transpose %y permutation [1, 0] : tensor<4x6xf32> -> tensor<6x4xf32>
  %3 = xplat.slice %2 starts [1, 0] steps [2, 1] : tensor<6x4xf32> -> tensor<2x4xf32>
  %4 = xplat.relu %2 : tensor<6x4xf32> -> tensor<6x4xf32>
  return %1, %3, %4 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<6x4xf32>
}

// RUN: xplat-opt --xplat-cast-blocks --split-input-file %s | FileCheck %s
// RUN: xplat-opt --xplat-cast-blocks=bits=8 --split-input-file %s | FileCheck %s --check-prefix=EIGHT

// The documentation's example. Two layers read one value, whose cast they share; the ReLU has fixed point.
// CHECK-LABEL: func.func @forward
// CHECK-SAME: (%[[X:.*]]: tensor<1x32xf32>)
// CHECK: %[[CAST:.*]] = xplat.cast %[[X]] {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>}
// CHECK: xplat.linear %[[CAST]] weight @w {quantization = #xplat.quantization<value = i12, weight = !xplat.msfp<4, 16>>}
// CHECK: xplat.linear %[[CAST]] weight @w {quantization = #xplat.quantization<value = i12, weight = !xplat.msfp<4, 16>>}
// CHECK: xplat.mul {{.*}} {quantization = #xplat.quantization<value = i12>}
// EIGHT: xplat.linear {{.*}} {quantization = #xplat.quantization<value = i8, weight = !xplat.msfp<4, 16>>}
#blocks = #xplat.quantization<value = !xplat.msfp<4, 16>, weight = !xplat.msfp<4, 16>>
xplat.param @w : tensor<8x32xf32>
func.func @forward(%x: tensor<1x32xf32>) -> tensor<1x8xf32> {
  %0 = xplat.linear %x weight @w {quantization = #blocks} : tensor<1x32xf32> -> tensor<1x8xf32>
  %1 = xplat.linear %x weight @w {quantization = #blocks} : tensor<1x32xf32> -> tensor<1x8xf32>
  %2 = xplat.mul %0, %1 {quantization = #xplat.quantization<value = !xplat.msfp<4, 16>>} : tensor<1x8xf32>, tensor<1x8xf32> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

// -----

// Both operands of a product whose right one is transposed; where it is not, its blocks would run across the stream. A
// weight with blocks of another size, and a convolution, have fixed point. Other requests stay as they are.
// CHECK-LABEL: func.func @others
// CHECK-COUNT-2: xplat.cast {{.*}} {quantization = #xplat.quantization<value = !xplat.mx<i8, 32>>}
// CHECK: xplat.matmul {{.*}} transposed {quantization = #xplat.quantization<value = i12>}
// CHECK-NOT: xplat.cast
// CHECK: xplat.matmul {{.*}} {quantization = #xplat.quantization<value = i12>}
// CHECK: xplat.linear {{.*}} {quantization = #xplat.quantization<value = i12, weight = i12>}
// CHECK: xplat.linear {{.*}} {quantization = #xplat.quantization<value = i6, weight = !xplat.msfp<4, 16>>}
// CHECK: xplat.linear {{.*}} {quantization = #xplat.quantization<value = f8E4M3FN>}
#mx = #xplat.quantization<value = !xplat.mx<i8, 32>>
xplat.param @w : tensor<8x8xf32>
func.func @others(%x: tensor<3x8x8xf32>, %y: tensor<3x8x8xf32>) -> tensor<3x8x8xf32> {
  %0 = xplat.matmul %x, %y transposed {quantization = #mx} : tensor<3x8x8xf32>, tensor<3x8x8xf32> -> tensor<3x8x8xf32>
  %1 = xplat.matmul %0, %y {quantization = #mx} : tensor<3x8x8xf32>, tensor<3x8x8xf32> -> tensor<3x8x8xf32>
  %2 = xplat.linear %1 weight @w {quantization = #xplat.quantization<value = !xplat.mx<i8, 32>, weight = !xplat.msfp<4, 16>>}
      : tensor<3x8x8xf32> -> tensor<3x8x8xf32>
  %3 = xplat.linear %2 weight @w {quantization = #xplat.quantization<value = i6, weight = !xplat.msfp<4, 16>>}
      : tensor<3x8x8xf32> -> tensor<3x8x8xf32>
  %4 = xplat.linear %3 weight @w {quantization = #xplat.quantization<value = f8E4M3FN>} : tensor<3x8x8xf32> -> tensor<3x8x8xf32>
  return %4 : tensor<3x8x8xf32>
}

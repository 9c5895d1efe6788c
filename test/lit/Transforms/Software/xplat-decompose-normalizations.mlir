// RUN: xplat-opt --xplat-decompose-normalizations --split-input-file --verify-diagnostics %s | FileCheck %s

// The documentation's example.
// CHECK-LABEL: func.func @forward
// CHECK-SAME: (%[[X:.*]]: tensor<1x8x16xf32>)
// CHECK: %[[M:.*]] = xplat.reduce %[[X]] maximum over [2] : tensor<1x8x16xf32> -> tensor<1x8x1xf32>
// CHECK: %[[MB:.*]] = xplat.broadcast %[[M]] : tensor<1x8x1xf32> -> tensor<1x8x16xf32>
// CHECK: %[[D:.*]] = xplat.sub %[[X]], %[[MB]] {quantization = #xplat.quantization<value = !quant.uniform<i10:f32, 3.125000e-02>>}
// CHECK: %[[E:.*]] = xplat.exp %[[D]] {quantization = #xplat.quantization<value = !quant.uniform<i12:f32, 9.765625E-4>>}
// CHECK: %[[S:.*]] = xplat.reduce %[[E]] sum over [2] {quantization = #xplat.quantization<value = !quant.uniform<i16:f32, 9.765625E-4>>}
// CHECK: %[[SB:.*]] = xplat.broadcast %[[S]]
// CHECK: %[[Y:.*]] = xplat.div %[[E]], %[[SB]] {quantization = #xplat.quantization<value = i8>}
// CHECK: return %[[Y]]
func.func @forward(%x: tensor<1x8x16xf32>) -> tensor<1x8x16xf32> {
  %0 = xplat.softmax %x dim 2 : tensor<1x8x16xf32> -> tensor<1x8x16xf32>
  return %0 : tensor<1x8x16xf32>
}

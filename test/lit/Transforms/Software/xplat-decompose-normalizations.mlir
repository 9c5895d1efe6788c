// RUN: xplat-opt --xplat-decompose-normalizations --split-input-file --verify-diagnostics %s | FileCheck %s

// The documentation's example.
// CHECK-LABEL: func.func @forward
// CHECK-SAME: (%[[X:.*]]: tensor<1x8x16xf32>)
// CHECK: %[[M:.*]] = xplat.reduce %[[X]] maximum over [2] : tensor<1x8x16xf32> -> tensor<1x8x1xf32>
// CHECK: %[[MB:.*]] = xplat.broadcast %[[M]] : tensor<1x8x1xf32> -> tensor<1x8x16xf32>
// CHECK: %[[D:.*]] = xplat.sub %[[X]], %[[MB]] {quantization = #xplat.quantization<value = !quant.uniform<i10:f32, 3.125000e-02>>}
// CHECK: %[[E:.*]] = xplat.exp %[[D]] {quantization = #xplat.quantization<value = !quant.uniform<u12:f32, 4.8828125E-4>>}
// CHECK: %[[S:.*]] = xplat.reduce %[[E]] sum over [2] {quantization = #xplat.quantization<value = !quant.uniform<u16:f32, 4.8828125E-4>>}
// CHECK: %[[SB:.*]] = xplat.broadcast %[[S]]
// CHECK: %[[Y:.*]] = xplat.div %[[E]], %[[SB]] {quantization = #xplat.quantization<value = i8>}
// CHECK: return %[[Y]]
func.func @forward(%x: tensor<1x8x16xf32>) -> tensor<1x8x16xf32> {
  %0 = xplat.softmax %x dim 2 : tensor<1x8x16xf32> -> tensor<1x8x16xf32>
  return %0 : tensor<1x8x16xf32>
}

// -----

// Range and requested format go to the quotient; formats in between follow from those of operand and result.
// CHECK-LABEL: func.func @requested
// CHECK: %[[X:.*]] = xplat.relu
// CHECK: xplat.sub %[[X]], {{.*}} {quantization = #xplat.quantization<value = !quant.uniform<i6:f32, 5.000000e-01>>}
// CHECK: xplat.exp {{.*}} {quantization = #xplat.quantization<value = !quant.uniform<u10:f32, 0.001953125>>}
// CHECK: xplat.div {{.*}} {absmax = 1.000000e+00 : f64, quantization = #xplat.quantization<value = i6>}
func.func @requested(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.relu %x {quantization = #xplat.quantization<value = i4>} : tensor<1x16xf32> -> tensor<1x16xf32>
  %1 = xplat.softmax %0 dim 1 {absmax = 1.0 : f64, quantization = #xplat.quantization<value = i6>}
      : tensor<1x16xf32> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}

// -----

// CHECK-LABEL: func.func @layer_norm
// CHECK-SAME: (%[[X:.*]]: tensor<1x8x16xf32>)
// CHECK: %[[M:.*]] = xplat.reduce %[[X]] mean over [2] {quantization = #xplat.quantization<value = i16>}
// CHECK: %[[MB:.*]] = xplat.broadcast %[[M]]
// CHECK: %[[C:.*]] = xplat.sub %[[X]], %[[MB]] {quantization = #xplat.quantization<value = i16>}
// CHECK: %[[S:.*]] = xplat.mul %[[C]], %[[C]] {quantization = #xplat.quantization<value = i16>}
// CHECK: %[[V:.*]] = xplat.reduce %[[S]] mean over [2] {quantization = #xplat.quantization<value = i16>}
// CHECK: %[[E:.*]] = xplat.splat 1.000000e-05
// CHECK: %[[P:.*]] = xplat.add %[[V]], %[[E]] {quantization = #xplat.quantization<value = i16>}
// CHECK: %[[D:.*]] = xplat.sqrt %[[P]] {quantization = #xplat.quantization<value = i16>}
// CHECK: %[[DB:.*]] = xplat.broadcast %[[D]]
// CHECK: %[[N:.*]] = xplat.div %[[C]], %[[DB]] {quantization = #xplat.quantization<value = i8>}
// CHECK: %[[Y:.*]] = xplat.channel_affine %[[N]] dim 2 weight @gamma bias @beta
// CHECK: return %[[Y]]
xplat.param @gamma : tensor<16xf32>
xplat.param @beta : tensor<16xf32>
func.func @layer_norm(%x: tensor<1x8x16xf32>) -> tensor<1x8x16xf32> {
  %0 = xplat.layer_norm %x gamma @gamma beta @beta axes 1 epsilon 1.0e-5 : tensor<1x8x16xf32> -> tensor<1x8x16xf32>
  return %0 : tensor<1x8x16xf32>
}

// -----

// Over several dimensions, gamma and beta are values.
// CHECK-LABEL: func.func @several
// CHECK: xplat.reduce {{.*}} mean over [1, 2]
// CHECK: %[[N:.*]] = xplat.div
// CHECK: %[[G:.*]] = xplat.constant @gamma : tensor<8x16xf32>
// CHECK: %[[GB:.*]] = xplat.broadcast %[[G]] : tensor<8x16xf32> -> tensor<1x8x16xf32>
// CHECK: %[[S:.*]] = xplat.mul %[[N]], %[[GB]]
// CHECK: %[[B:.*]] = xplat.constant @beta
// CHECK: %[[BB:.*]] = xplat.broadcast %[[B]]
// CHECK: %[[Y:.*]] = xplat.add %[[S]], %[[BB]]
// CHECK: return %[[Y]]
xplat.param @gamma : tensor<8x16xf32>
xplat.param @beta : tensor<8x16xf32>
func.func @several(%x: tensor<1x8x16xf32>) -> tensor<1x8x16xf32> {
  %0 = xplat.layer_norm %x gamma @gamma beta @beta axes 2 epsilon 1.0e-5 : tensor<1x8x16xf32> -> tensor<1x8x16xf32>
  return %0 : tensor<1x8x16xf32>
}

// -----

// CHECK-LABEL: func.func @rms_norm
// CHECK-SAME: (%[[X:.*]]: tensor<1x8x16xf32>)
// CHECK: %[[S:.*]] = xplat.mul %[[X]], %[[X]]
// CHECK: %[[M:.*]] = xplat.reduce %[[S]] mean over [2]
// CHECK: xplat.sqrt
// CHECK: %[[N:.*]] = xplat.div %[[X]],
// CHECK: return %[[N]]
func.func @rms_norm(%x: tensor<1x8x16xf32>) -> tensor<1x8x16xf32> {
  %0 = xplat.rms_norm %x axes 1 epsilon 1.0e-5 : tensor<1x8x16xf32> -> tensor<1x8x16xf32>
  return %0 : tensor<1x8x16xf32>
}

// -----

// CHECK-LABEL: func.func @stay
// CHECK-COUNT-3: xplat.softmax
// CHECK-NOT: xplat.div
!t = tensor<1x8x8xf32>
func.func @stay(%x: !t) -> (!t, !t, !t) {
  // expected-remark @+1 {{not decomposed: a number is added to its operand that may be minus infinity, and no number format has that}}
  %1 = xplat.softmax %x dim 2 blind_zero : !t -> !t
  // expected-remark @+1 {{not decomposed: its result is not to be fixed point}}
  %2 = xplat.softmax %x dim 2 {quantization = #xplat.quantization<value = f32>} : !t -> !t
  // expected-remark @+1 {{not decomposed: its operand is not to be fixed point}}
  %3 = xplat.softmax %2 dim 2 : !t -> !t
  return %1, %2, %3 : !t, !t, !t
}

// -----

// Neither the maximum nor the sum counts what a row does not see.
// CHECK-LABEL: func.func @causal
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x4xf32>)
// CHECK: %[[V:.*]] = xplat.tril %[[X]] diagonal 0 fill -1.2676506002282294E+30 :
// CHECK: %[[M:.*]] = xplat.reduce %[[V]] maximum over [2]
// CHECK: %[[MB:.*]] = xplat.broadcast %[[M]]
// CHECK: %[[D:.*]] = xplat.sub %[[V]], %[[MB]]
// CHECK: %[[E:.*]] = xplat.exp %[[D]]
// CHECK: %[[W:.*]] = xplat.tril %[[E]] diagonal 0 fill 0.000000e+00 :
// CHECK: %[[S:.*]] = xplat.reduce %[[W]] sum over [2]
// CHECK: %[[SB:.*]] = xplat.broadcast %[[S]]
// CHECK: xplat.div %[[W]], %[[SB]]
func.func @causal(%x: tensor<2x4x4xf32>) -> tensor<2x4x4xf32> {
  %0 = xplat.softmax %x dim 2 causal : tensor<2x4x4xf32> -> tensor<2x4x4xf32>
  return %0 : tensor<2x4x4xf32>
}

// -----

// So it is where a mask fills scores before the softmax; a row that sees nothing divides zero by one.
// CHECK-LABEL: func.func @masked
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x4xf32>, %[[H:.*]]: tensor<2x4x4xf32>)
// CHECK: %[[V:.*]] = xplat.masked_fill %[[X]] mask %[[H]] fill -1.2676506002282294E+30 :
// CHECK: xplat.reduce %[[V]] maximum over [2]
// CHECK: %[[E:.*]] = xplat.exp
// CHECK: %[[W:.*]] = xplat.masked_fill %[[E]] mask %[[H]] fill 0.000000e+00 :
// CHECK: %[[S:.*]] = xplat.reduce %[[W]] sum over [2]
// CHECK: %[[O:.*]] = xplat.splat 1.000000e+00
// CHECK: %[[P:.*]] = xplat.maximum %[[S]], %[[O]]
// CHECK: %[[B:.*]] = xplat.broadcast %[[P]]
// CHECK: xplat.div %[[W]], %[[B]]
func.func @masked(%x: tensor<2x4x4xf32>, %h: tensor<2x4x4xf32>) -> tensor<2x4x4xf32> {
  %0 = xplat.masked_fill %x mask %h fill -1.0e4 : tensor<2x4x4xf32>, tensor<2x4x4xf32> -> tensor<2x4x4xf32>
  %1 = xplat.softmax %0 dim 2 blind_zero : tensor<2x4x4xf32> -> tensor<2x4x4xf32>
  return %1 : tensor<2x4x4xf32>
}

// -----

// CHECK-LABEL: func.func @long
// CHECK: xplat.softmax
func.func @long(%x: tensor<1x1048577xf32>) -> tensor<1x1048577xf32> {
  // expected-remark @+1 {{not decomposed: a sum of 1048577 exponentials needs more than 32 bits}}
  %0 = xplat.softmax %x dim 1 : tensor<1x1048577xf32> -> tensor<1x1048577xf32>
  return %0 : tensor<1x1048577xf32>
}

// -----

!q = tensor<1x8x!quant.uniform<i8:f32, 0.125>>
// CHECK-LABEL: func.func @quantized
// CHECK: xplat.softmax
func.func @quantized(%x: !q) -> !q {
  // expected-remark @+1 {{not decomposed: it is quantized or mapped already}}
  %0 = xplat.softmax %x dim 1 : !q -> !q
  return %0 : !q
}

// -----

// Pixels are averaged first, then the channels of a group; beta without gamma is added.
// CHECK-LABEL: func.func @groups
// CHECK-SAME: (%[[X:.*]]: tensor<1x6x3x2xf32>)
// CHECK: %[[P:.*]] = xplat.reduce %[[X]] mean over [2, 3] {{.*}} -> tensor<1x6x1x1xf32>
// CHECK: %[[G:.*]] = xplat.reshape %[[P]] : {{.*}} -> tensor<1x2x3xf32>
// CHECK: %[[M:.*]] = xplat.reduce %[[G]] mean over [2] {{.*}} -> tensor<1x2x1xf32>
// CHECK: xplat.broadcast %[[M]] : {{.*}} -> tensor<1x2x3xf32>
// CHECK: %[[D:.*]] = xplat.div
// CHECK: %[[B:.*]] = xplat.constant @b : tensor<6xf32>
// CHECK: %[[R:.*]] = xplat.reshape %[[B]] : {{.*}} -> tensor<6x1x1xf32>
// CHECK: %[[S:.*]] = xplat.broadcast %[[R]] : {{.*}} -> tensor<1x6x3x2xf32>
// CHECK: %[[Y:.*]] = xplat.add %[[D]], %[[S]]
// CHECK: return %[[Y]]
xplat.param @b : tensor<6xf32>
func.func @groups(%x: tensor<1x6x3x2xf32>) -> tensor<1x6x3x2xf32> {
  %0 = xplat.group_norm %x beta @b groups 2 epsilon 0.01 : tensor<1x6x3x2xf32> -> tensor<1x6x3x2xf32>
  return %0 : tensor<1x6x3x2xf32>
}

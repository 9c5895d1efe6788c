// RUN: xplat-opt --xplat-quantize --split-input-file %s | FileCheck %s

// What cannot be negative has no sign: by its own arithmetic, or because its operands cannot.
// CHECK-LABEL: func.func @arithmetic
// CHECK: %[[X:.*]] = xplat.host_input {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: %[[A:.*]] = xplat.sigmoid %[[X]] {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: %[[B:.*]] = xplat.mul %[[X]], %[[X]] {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.mul %[[X]], %[[A]] {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: %[[S:.*]] = xplat.add %[[A]], %[[B]] {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 7.812500e-03>>
// CHECK: xplat.sub %[[A]], %[[B]] {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.clamp %[[X]] to 0.000000e+00, 6.000000e+00 {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.clamp %[[X]] to -1.000000e+00, 6.000000e+00 {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.silu %[[X]] {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.gelu %[[S]] {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 7.812500e-03>>
// CHECK: xplat.pow %[[X]] to 2.000000e+00 {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.pow %[[X]] to 3.000000e+00 {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
func.func @arithmetic(%x: tensor<1x4xf32>) {
  %0 = xplat.host_input %x {absmax = 0.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %a = xplat.sigmoid %0 {absmax = 0.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %b = xplat.mul %0, %0 {absmax = 0.9 : f64} : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %c = xplat.mul %0, %a {absmax = 0.9 : f64} : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %d = xplat.add %a, %b {absmax = 1.8 : f64} : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %e = xplat.sub %a, %b {absmax = 0.9 : f64} : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %f = xplat.clamp %0 to 0.0, 6.0 {absmax = 0.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %g = xplat.clamp %0 to -1.0, 6.0 {absmax = 0.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %h = xplat.silu %0 {absmax = 0.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %i = xplat.gelu %d {absmax = 1.8 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %j = xplat.pow %0 to 2.0 {absmax = 0.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %k = xplat.pow %0 to 3.0 {absmax = 0.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// -----

// Sums, means, products and copies of such values; one operand that may be negative is enough for a sign.
// CHECK-LABEL: func.func @others
// CHECK: %[[X:.*]] = xplat.host_input {{.*}} -> tensor<1x4x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: %[[S:.*]] = xplat.softmax %[[X]] {{.*}} -> tensor<1x4x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.matmul %[[S]], %[[S]] {{.*}} -> tensor<1x4x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.matmul %[[S]], %[[X]] {{.*}} -> tensor<1x4x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.reduce %[[S]] mean {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.reduce %[[S]] maximum {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.concat %[[S]], %[[S]] {{.*}} -> tensor<1x8x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.concat %[[S]], %[[X]] {{.*}} -> tensor<1x8x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.pad %[[S]] {{.*}} value 5.000000e-01 {{.*}} -> tensor<1x5x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.pad %[[S]] {{.*}} value -5.000000e-01 {{.*}} -> tensor<1x5x4x!quant.uniform<i8:f32, 7.812500e-03>>
func.func @others(%x: tensor<1x4x4xf32>) {
  %0 = xplat.host_input %x {absmax = 0.9 : f64} : tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  %s = xplat.softmax %0 dim 2 {absmax = 0.9 : f64} : tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  %a = xplat.matmul %s, %s {absmax = 0.9 : f64} : tensor<1x4x4xf32>, tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  %b = xplat.matmul %s, %0 {absmax = 0.9 : f64} : tensor<1x4x4xf32>, tensor<1x4x4xf32> -> tensor<1x4x4xf32>
  %c = xplat.reduce %s mean over [2] {absmax = 0.9 : f64} : tensor<1x4x4xf32> -> tensor<1x4xf32>
  %d = xplat.reduce %s maximum over [2] {absmax = 0.9 : f64} : tensor<1x4x4xf32> -> tensor<1x4xf32>
  %e = xplat.concat %s, %s dim 1 {absmax = 0.9 : f64} : (tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<1x8x4xf32>
  %f = xplat.concat %s, %0 dim 1 {absmax = 0.9 : f64} : (tensor<1x4x4xf32>, tensor<1x4x4xf32>) -> tensor<1x8x4xf32>
  %g = xplat.pad %s low [0, 1, 0] high [0, 0, 0] value 0.5 {absmax = 0.9 : f64} : tensor<1x4x4xf32> -> tensor<1x5x4xf32>
  %h = xplat.pad %s low [0, 1, 0] high [0, 0, 0] value -0.5 {absmax = 0.9 : f64} : tensor<1x4x4xf32> -> tensor<1x5x4xf32>
  return
}

// -----

// A value loses its sign, too, when all that read it drop what is negative: through pooling, and to zero padding.
// One other reader keeps it; then the relu has nothing to gain either.
// CHECK-LABEL: func.func @clipped
// CHECK: %[[X:.*]] = xplat.host_input {{.*}} -> tensor<1x2x4x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: %[[A:.*]] = xplat.neg %[[X]] {{.*}} -> tensor<1x2x4x4x!quant.uniform<u8:f32, 0.001953125>>
// CHECK: %[[P:.*]] = xplat.max_pool2d %[[A]] {{.*}} -> tensor<1x2x2x2x!quant.uniform<u8:f32, 0.001953125>>
// CHECK-NOT: xplat.relu %[[P]]
// CHECK: xplat.reshape %[[P]] {{.*}} -> tensor<1x8x!quant.uniform<u8:f32, 0.001953125>>
// CHECK: %[[B:.*]] = xplat.neg %[[X]] {{.*}} -> tensor<1x2x4x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.relu %[[B]] {{.*}} -> tensor<1x2x4x4x!quant.uniform<i8:f32, 7.812500e-03>>
func.func @clipped(%x: tensor<1x2x4x4xf32>) {
  %0 = xplat.host_input %x {absmax = 0.9 : f64} : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %a = xplat.neg %0 {absmax = 0.9 : f64} : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %p = xplat.max_pool2d %a window [2, 2] stride [2, 2] padding [0, 0] {absmax = 0.9 : f64} : tensor<1x2x4x4xf32> -> tensor<1x2x2x2xf32>
  %r = xplat.relu %p {absmax = 0.4 : f64} : tensor<1x2x2x2xf32> -> tensor<1x2x2x2xf32>
  %f = xplat.reshape %r {absmax = 0.4 : f64} : tensor<1x2x2x2xf32> -> tensor<1x8xf32>
  %b = xplat.neg %0 {absmax = 0.9 : f64} : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %s = xplat.relu %b {absmax = 0.4 : f64} : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %t = xplat.add %b, %s {absmax = 0.9 : f64} : tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  return
}

// -----

// A request may say it: with a sign where none is needed, and without one where values are cut off at zero.
// CHECK-LABEL: func.func @requested
// CHECK: %[[X:.*]] = xplat.host_input {{.*}} -> tensor<1x4x!quant.uniform<u8:f32, 3.906250e-03>>
// CHECK: xplat.sigmoid %[[X]] {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: %[[A:.*]] = xplat.neg %[[X]] {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.relu %[[A]] {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.neg %[[X]] {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: xplat.relu {{.*}} -> tensor<1x4x!quant.uniform<u4:f32, 6.250000e-02>>
#signed = #xplat.quantization<value = si8>
#unsigned = #xplat.quantization<value = ui8>
#narrow = #xplat.quantization<value = ui4>
func.func @requested(%x: tensor<1x4xf32>) {
  %0 = xplat.host_input %x {absmax = 0.9 : f64, quantization = #unsigned} : tensor<1x4xf32> -> tensor<1x4xf32>
  %a = xplat.sigmoid %0 {absmax = 0.9 : f64, quantization = #signed} : tensor<1x4xf32> -> tensor<1x4xf32>
  %b = xplat.neg %0 {absmax = 0.9 : f64, quantization = #signed} : tensor<1x4xf32> -> tensor<1x4xf32>
  %c = xplat.relu %b {absmax = 0.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %d = xplat.neg %0 {absmax = 0.9 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %e = xplat.relu %d {absmax = 0.9 : f64, quantization = #narrow} : tensor<1x4xf32> -> tensor<1x4xf32>
  return
}

// RUN: xplat-opt --xplat-quantize --split-input-file %s | FileCheck %s

// The documentation's example. The linear node takes the range of the relu
// behind it and does its work (1.5 fits 8 bits without a sign at F = 7); bias formats are those of the accumulator.
// CHECK-DAG: @"w:i8" = <quantize(@w)> : tensor<2x4x!quant.uniform<i8:f32:0, {7.812500e-03,0.001953125}>>
// CHECK-DAG: @"b:i32" = <quantize(@b)> : tensor<2x!quant.uniform<i32:f32:0, {1.220703125E-4,3.0517578125E-5}>>
// CHECK-LABEL: func.func @forward(
// CHECK-SAME: %{{.*}}: tensor<1x4xf32>) -> tensor<1x2xf32>
// CHECK: xplat.host_input %{{.*}} : tensor<1x4xf32> -> tensor<1x4x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK-NEXT: %[[Y:.*]] = xplat.linear %{{.*}} weight @"w:i8" bias @"b:i32" {{.*}} -> tensor<1x2x!quant.uniform<u8:f32, 7.812500e-03>>
// CHECK-NEXT: xplat.host_output %[[Y]] : tensor<1x2x!quant.uniform<u8:f32, 7.812500e-03>> -> tensor<1x2xf32>
xplat.param @w {absmax = array<f64: 0.9, 0.2>} : tensor<2x4xf32>
xplat.param @b {absmax = array<f64: 0.5>} : tensor<2xf32>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.linear %0 weight @w bias @b {absmax = 3.0 : f64} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.relu %1 {absmax = 1.5 : f64} : tensor<1x2xf32> -> tensor<1x2xf32>
  %3 = xplat.host_output %2 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %3 : tensor<1x2xf32>
}

// -----

// absmax exactly at the largest value of a format still fits it: 127 * 2^-7.
// A value with two kinds of readers keeps its own range; sharing readers follow it.
// CHECK-LABEL: func.func @shared
// CHECK: xplat.host_input {{.*}} -> tensor<1x2x4x4x!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: %[[A:.*]] = xplat.add {{.*}} -> tensor<1x2x4x4x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK: %[[P:.*]] = xplat.max_pool2d %[[A]] {{.*}} -> tensor<1x2x2x2x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK: xplat.reshape %[[P]] : {{.*}} -> tensor<1x8x!quant.uniform<i8:f32, 1.562500e-02>>
// CHECK: xplat.global_avg_pool2d %[[A]] {{.*}} -> tensor<1x2x!quant.uniform<i8:f32, 3.906250e-03>>
func.func @shared(%x: tensor<1x2x4x4xf32>) -> (tensor<1x8xf32>, tensor<1x2xf32>) {
  %0 = xplat.host_input %x {absmax = 0.9921875 : f64} : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %1 = xplat.add %0, %0 {absmax = 1.984375 : f64} : tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32>
  %2 = xplat.max_pool2d %1 window [2, 2] stride [2, 2] padding [0, 0] {absmax = 0.1 : f64} : tensor<1x2x4x4xf32> -> tensor<1x2x2x2xf32>
  %3 = xplat.reshape %2 : tensor<1x2x2x2xf32> -> tensor<1x8xf32>
  %4 = xplat.global_avg_pool2d %1 {absmax = 0.4 : f64} : tensor<1x2x4x4xf32> -> tensor<1x2xf32>
  %5 = xplat.host_output %3 : tensor<1x8xf32> -> tensor<1x8xf32>
  %6 = xplat.host_output %4 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %5, %6 : tensor<1x8xf32>, tensor<1x2xf32>
}

// -----

// Zeros: a value that is always zero, a slice of zeros (which takes the whole's
// format), and a slice so small that only its bias and the shift bound its F.
// CHECK-DAG: @"w:i8" = <quantize(@w)> : tensor<3x1x!quant.uniform<i8:f32:0, {7.812500e-03,7.812500e-03,{{.*}}}>>
// CHECK-DAG: @"b:i32" = <quantize(@b)> : tensor<3x!quant.uniform<i32:f32:0, {6.103515625E-5,6.103515625E-5,4.6566128730773926E-10}>>
// CHECK-LABEL: func.func @zeros
// CHECK: xplat.host_input {{.*}} -> tensor<1x1x!quant.uniform<i8:f32, 7.812500e-03>>
xplat.param @w {absmax = array<f64: 0.5, 0.0, 1.0e-09>} : tensor<3x1xf32>
xplat.param @b {absmax = array<f64: 0.5, 0.5, 0.5>} : tensor<3xf32>
func.func @zeros(%x: tensor<1x1xf32>) -> tensor<1x3xf32> {
  %0 = xplat.host_input %x {absmax = 0.0 : f64} : tensor<1x1xf32> -> tensor<1x1xf32>
  %1 = xplat.linear %0 weight @w bias @b {absmax = 0.5 : f64} : tensor<1x1xf32> -> tensor<1x3xf32>
  %2 = xplat.host_output %1 : tensor<1x3xf32> -> tensor<1x3xf32>
  return %2 : tensor<1x3xf32>
}

// -----

// Formats requested for nodes: 4 bits for values, 6 for weights, of one scale.
// CHECK-DAG: @"w:i6" = <quantize(@w)> : tensor<2x4x!quant.uniform<i6:f32, 3.125000e-02>>
// CHECK-DAG: @"b:i32" = <quantize(@b)> : tensor<2x!quant.uniform<i32:f32, 7.812500e-03>>
// CHECK-LABEL: func.func @narrow
// CHECK: xplat.linear {{.*}} -> tensor<1x2x!quant.uniform<u4:f32, 1.250000e-01>>
#narrow = #xplat.quantization<value = i4, weight = i6, per_channel = false>
xplat.param @w {absmax = array<f64: 0.9, 0.2>} : tensor<2x4xf32>
xplat.param @b {absmax = array<f64: 0.5>} : tensor<2xf32>
func.func @narrow(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {absmax = 1.0 : f64, quantization = #narrow} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.linear %0 weight @w bias @b {absmax = 3.0 : f64, quantization = #narrow} : tensor<1x4xf32> -> tensor<1x2xf32>
  %2 = xplat.relu %1 {absmax = 1.5 : f64, quantization = #narrow} : tensor<1x2xf32> -> tensor<1x2xf32>
  %3 = xplat.host_output %2 : tensor<1x2xf32> -> tensor<1x2xf32>
  return %3 : tensor<1x2xf32>
}

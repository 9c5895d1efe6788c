// RUN: xplat-opt %s -canonicalize | FileCheck %s
// RUN: xplat-opt %s -xplat-fuse-elementwise | FileCheck %s --check-prefix=FUSED

// What folds, and what does not because the values or their formats would be others.

!q = !quant.uniform<i8:f32, 7.8125e-03>

// CHECK-LABEL: @twice_negative
// CHECK-NEXT: return %arg0
func.func @twice_negative(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.neg %arg0 : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.neg %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// CHECK-LABEL: @integers_are_converted
// CHECK-COUNT-2: xplat.neg
func.func @integers_are_converted(%arg0: tensor<1x4xi32>) -> tensor<1x4xf32> {
  %0 = xplat.neg %arg0 : tensor<1x4xi32> -> tensor<1x4xf32>
  %1 = xplat.neg %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// Values are rounded into the format requested in between.
// CHECK-LABEL: @requests_stay
// CHECK: xplat.neg
// CHECK: xplat.neg
// CHECK: xplat.add
// CHECK: xplat.maximum
// CHECK: xplat.clamp
func.func @requests_stay(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.neg %arg0 {quantization = #xplat.quantization<value = i4>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.neg %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = xplat.splat 0.0 : tensor<1x4xf32>
  %3 = xplat.add %1, %2 {quantization = #xplat.quantization<value = i3>} : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %4 = xplat.maximum %3, %3 {quantization = #xplat.quantization<value = i5>} : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
  %5 = xplat.clamp %4 to 0xFFF0000000000000, 0x7FF0000000000000 {quantization = #xplat.quantization<value = i6>} : tensor<1x4xf32> -> tensor<1x4xf32>
  return %5 : tensor<1x4xf32>
}

// 1.0 saturates to 127/128, 0.0 is in every format.
// CHECK-LABEL: @saturated_one
// CHECK: xplat.mul
// CHECK-NOT: xplat.add
func.func @saturated_one(%arg0: tensor<1x4x!q>) -> tensor<1x4x!q> {
  %0 = xplat.splat 1.0 : tensor<1x4x!q>
  %1 = xplat.mul %arg0, %0 : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q>
  %2 = xplat.splat 0.0 : tensor<1x4x!q>
  %3 = xplat.add %1, %2 : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q>
  return %3 : tensor<1x4x!q>
}

// FUSED-LABEL: @infinite_limits
// FUSED: arith.maximumf
// FUSED-NEXT: arith.negf
func.func @infinite_limits(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.clamp %arg0 to 0x7FF0000000000000, 0x7FF0000000000000 : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.neg %0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// A padding by nothing rounds where a format is requested for it: its value is in no other node's range. By zeros, it has
// the format of its operand.
// CHECK-LABEL: @pads_nothing
// CHECK-SAME: (%[[X:.*]]: tensor<1x4xf32>)
// CHECK-NEXT: %[[P:.*]] = xplat.pad %[[X]] low [0, 0] high [0, 0] value 1.000000e+00 {quantization
// CHECK-NEXT: return %[[P]], %[[X]], %[[X]]
func.func @pads_nothing(%arg0: tensor<1x4xf32>) -> (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>) {
  %0 = xplat.pad %arg0 low [0, 0] high [0, 0] value 1.0 {quantization = #xplat.quantization<value = i3>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %1 = xplat.pad %arg0 low [0, 0] high [0, 0] value 0.0 {quantization = #xplat.quantization<value = i3>} : tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = xplat.pad %arg0 low [0, 0] high [0, 0] value 1.0 : tensor<1x4xf32> -> tensor<1x4xf32>
  return %0, %1, %2 : tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>
}

// RUN: xplat-opt %s -split-input-file -xplat-bind-kernels -verify-diagnostics | FileCheck %s

// RTL for nodes that have a body binds to those that compute what its contract says: here x · (1 + x), whatever the
// order of its operations. It is printed as it is read.

!q = !quant.uniform<i8:f32, 6.25e-02>

// CHECK: xplat.kernel @mine implements "xplat.fused" rtl "mine" files ["mine.sv"] {
// CHECK: computes {
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32):
// CHECK-NEXT: %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-NEXT: %[[SUM:.*]] = arith.addf %[[X]], %[[ONE]] : f32
// CHECK-NEXT: %[[Y:.*]] = arith.mulf %[[SUM]], %[[X]] : f32
// CHECK-NEXT: xplat.yield %[[Y]] : f32
// CHECK-NEXT: }
// CHECK-NEXT: cycles
xplat.kernel @mine implements "xplat.fused" rtl "mine" files ["mine.sv"] {
  computes {
  ^bb0(%x: f32):
    %one = arith.constant 1.0 : f32
    %sum = arith.addf %x, %one : f32
    %y = arith.mulf %sum, %x : f32
    xplat.yield %y : f32
  }
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
// CHECK-LABEL: func.func @same
func.func @same(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // CHECK: xplat.fused {{.*}} {
  // CHECK: kernel = @mine
  %0 = xplat.fused %x {
  ^bb0(%a: f32):
    %one = arith.constant 1.0 : f32
    %sum = arith.addf %one, %a : f32
    %y = arith.mulf %a, %sum : f32
    xplat.yield %y : f32
  } : (tensor<1x4x!q>) -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// expected-note @below {{kernel @mine does not fit: it computes mulf (addf (arg0, 1.000000e+00), arg0), but the node mulf (addf (arg0, 2.000000e+00), arg0)}}
xplat.kernel @mine implements "xplat.fused" rtl "mine" files ["mine.sv"] {
  computes {
  ^bb0(%x: f32):
    %one = arith.constant 1.0 : f32
    %sum = arith.addf %x, %one : f32
    %y = arith.mulf %sum, %x : f32
    xplat.yield %y : f32
  }
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
func.func @other(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{no kernel implements 'xplat.fused'}}
  %0 = xplat.fused %x {
  ^bb0(%a: f32):
    %two = arith.constant 2.0 : f32
    %sum = arith.addf %a, %two : f32
    %y = arith.mulf %sum, %a : f32
    xplat.yield %y : f32
  } : (tensor<1x4x!q>) -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

// -----

// An attribute is part of the function.

!q = !quant.uniform<i8:f32, 6.25e-02>

// expected-note @below {{kernel @to_one does not fit: it computes minimumf (maximumf (arg0, 0.000000e+00), 1.000000e+00), but the node minimumf (maximumf (arg0, 0.000000e+00), 6.000000e+00)}}
xplat.kernel @to_one implements "xplat.clamp" rtl "to_one" files ["to_one.sv"] {
  computes {
  ^bb0(%x: f32):
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %low = arith.maximumf %x, %zero : f32
    %y = arith.minimumf %low, %one : f32
    xplat.yield %y : f32
  }
  streams in ["in"] out ["out"]
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
func.func @clamps(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  %0 = xplat.clamp %x to 0.0, 1.0 : tensor<1x4x!q> -> tensor<1x4x!q>
  // expected-error @below {{no kernel implements 'xplat.clamp'}}
  %1 = xplat.clamp %0 to 0.0, 6.0 : tensor<1x4x!q> -> tensor<1x4x!q>
  return %1 : tensor<1x4x!q>
}

// -----

// RTL that knows nothing of a constant fits nodes alone in which it changes nothing.

!q = !quant.uniform<i8:f32, 6.25e-02>

// expected-note @below {{kernel @pool does not fit: its contract says nothing of 'pad_w', which is 1 in the node: give it to the RTL as a parameter, or say in 'where' what it has to be}}
xplat.kernel @pool implements "xplat.max_pool2d" rtl "pool" files ["pool.sv"] {
  parameter StrideH (stride_h)
  parameter StrideW (stride_w)
  streams in ["in"] out ["out"]
  cycles (oh * ow * c) latency (1) buffer (1) area lut (p_c)
}
func.func @pools(%x: tensor<1x4x4x4x!q>) -> tensor<1x4x2x3x!q> {
  %0 = xplat.max_pool2d %x window [1, 1] stride [1, 1] padding [0, 0] : tensor<1x4x4x4x!q> -> tensor<1x4x4x4x!q>
  // expected-error @below {{no kernel implements 'xplat.max_pool2d'}}
  %1 = xplat.max_pool2d %0 window [2, 2] stride [2, 2] padding [0, 1] : tensor<1x4x4x4x!q> -> tensor<1x4x2x3x!q>
  return %1 : tensor<1x4x2x3x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// expected-note @below {{kernel @norm does not fit: its contract says nothing of 'epsilon', which is 925353388 in the node}}
xplat.kernel @norm implements "xplat.rms_norm" rtl "norm" files ["norm.sv"] {
  streams in ["in"] out ["out"]
  cycles (n * c) latency (1) buffer (1) area lut (p_c)
}
func.func @norms(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{no kernel implements 'xplat.rms_norm'}}
  %0 = xplat.rms_norm %x axes 1 epsilon 1.0e-05 : tensor<1x4x!q> -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

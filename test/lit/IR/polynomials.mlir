// RUN: xplat-opt %s | xplat-opt | FileCheck %s

!q = !quant.uniform<i3:f32, 5.0e-01>
!r = !quant.uniform<u5:f32, 2.5e-01>

// CHECK-LABEL: func.func @forward
func.func @forward(%x: tensor<4x!q>) -> (tensor<4x!r>, tensor<4x!r>) {
  // CHECK: xplat.exp %{{.*}} {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.000000e+00 : f64, segments = [2, 1], length_bits = [1, 2], coefficients = [0, 3, 12, 3, 40, -1]>}
  %0 = xplat.exp %x {polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2, 1], length_bits = [1, 2], coefficients = [0, 3, 12, 3, 40, -1]>}
      : tensor<4x!q> -> tensor<4x!r>
  // CHECK: xplat.fused
  // CHECK: } {polynomials = #xplat.polynomials<degree = 2,
  %1 = xplat.fused %x {
  ^bb0(%a: f32):
    %e = math.exp %a : f32
    xplat.yield %e : f32
  } {polynomials = #xplat.polynomials<degree = 2, guard_bits = 0, within = 0.75 : f64, segments = [2], length_bits = [2], coefficients = [0, 3, 1, 40, -1, 0]>}
      : (tensor<4x!q>) -> tensor<4x!r>
  return %0, %1 : tensor<4x!r>, tensor<4x!r>
}

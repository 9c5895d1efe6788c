// RUN: xplat-opt %s -split-input-file -verify-diagnostics -xplat-annotate-cost | FileCheck %s

// The documentation's example.
!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n * (c floordiv p_c), 7)
  latency (3)
  buffer (1)
  area lut (10 * p_c) ff (bits_y * p_c + 1)
}

// CHECK-LABEL: func.func @forward
func.func @forward(%x: tensor<1x4x2x2x!q>) -> tensor<1x4x2x2x!q> {
  // The largest of the cycles formulas.
  // CHECK: xplat.relu {{.*}}area = #xplat.resources<lut = 10, ff = 9>{{.*}}rate = #xplat.rate<cycles = 16, latency = 3>
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu>} : tensor<1x4x2x2x!q> -> tensor<1x4x2x2x!q>
  // CHECK: xplat.relu {{.*}}area = #xplat.resources<lut = 40, ff = 33>{{.*}}rate = #xplat.rate<cycles = 7, latency = 3>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>>} : tensor<1x4x2x2x!q> -> tensor<1x4x2x2x!q>
  return %1 : tensor<1x4x2x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @relu implements "xplat.relu" generated {
  where (2 - p_c >= 0)
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  // expected-error @below {{'xplat.relu' is not bound to a kernel; run 'xplat-bind-kernels' first}}
  %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
  // expected-error @below {{kernel @relu does not fit 'xplat.relu' under unroll factors [1, 4]: it needs 2 - p_c >= 0, but p_c = 4}}
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>>} : tensor<1x4x!q> -> tensor<1x4x!q>
  return %1 : tensor<1x4x!q>
}

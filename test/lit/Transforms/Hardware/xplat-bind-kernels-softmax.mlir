// RUN: xplat-opt %s -xplat-bind-kernels=partial | FileCheck %s

// A kernel for rows says that it sums along what travels innermost, and all of it.

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @rows implements "xplat.softmax" rtl "rows" files ["rows.sv"] {
  where (outer == 0, causal == 0)
  streams in ["in"] out ["out"]
  cycles (n * c)
  latency (9)
  buffer (2 * c + 2)
  area lut (1)
}
func.func @forward(%x: tensor<1x4x4x!q>, %y: tensor<1x4x6x8x!q>) -> (tensor<1x4x4x!q>, tensor<1x4x6x8x!q>) {
  // CHECK: xplat.softmax %{{.*}} dim 2 {config = #xplat.config<kernel = @rows>} : tensor<1x4x4x
  %0 = xplat.softmax %x dim 2 : tensor<1x4x4x!q> -> tensor<1x4x4x!q>
  // CHECK: xplat.softmax %{{.*}} dim 1 : tensor<1x4x4x
  %1 = xplat.softmax %0 dim 1 : tensor<1x4x4x!q> -> tensor<1x4x4x!q>
  // CHECK: xplat.softmax %{{.*}} dim 2 causal : tensor<1x4x4x
  %2 = xplat.softmax %1 dim 2 causal : tensor<1x4x4x!q> -> tensor<1x4x4x!q>
  // CHECK: xplat.softmax %{{.*}} dim 1 {config = #xplat.config<kernel = @rows>} : tensor<1x4x6x8x
  %3 = xplat.softmax %y dim 1 : tensor<1x4x6x8x!q> -> tensor<1x4x6x8x!q>
  // CHECK: xplat.softmax %{{.*}} dim 3 : tensor<1x4x6x8x
  %4 = xplat.softmax %3 dim 3 : tensor<1x4x6x8x!q> -> tensor<1x4x6x8x!q>
  return %2, %4 : tensor<1x4x4x!q>, tensor<1x4x6x8x!q>
}

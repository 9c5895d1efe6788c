// RUN: xplat-opt %s -xplat-bind-kernels=open | FileCheck %s
// RUN: not xplat-opt %s -xplat-bind-kernels 2>&1 | FileCheck %s --check-prefix=ONES
// RUN: sed 's/unroll = <1, ?>/unroll = <1, 2>/' %s | not xplat-opt -xplat-bind-kernels=open 2>&1 | FileCheck %s --check-prefix=FIXED

// A kernel that fits under some unroll factors, and not under factors of one. Which factors a node has may be open.

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @four implements "xplat.abs" generated {
  let lanes (p_c)
  where (lanes == 4)
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
xplat.kernel @never implements "xplat.abs" generated {
  where (c > 99, p_c == 4)
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
// CHECK: xplat.abs %{{[^ ]*}} : tensor
// CHECK: xplat.abs %{{.*}}kernel = @four
// ONES: error: {{.*}} is bound to kernel @four, which does not fit: it needs lanes == 4, but lanes = 1
// FIXED: error: {{.*}} is bound to kernel @four, which does not fit: it needs lanes == 4, but lanes = 2
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  %0 = xplat.abs %x : tensor<1x4x!q> -> tensor<1x4x!q>
  %1 = xplat.abs %0 {fixed = #xplat.config<kernel = @four, unroll = <1, ?>>} : tensor<1x4x!q> -> tensor<1x4x!q>
  return %1 : tensor<1x4x!q>
}

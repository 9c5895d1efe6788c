// RUN: xplat-opt %s -xplat-bind-kernels=partial | FileCheck %s

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
// What no kernel fits stays unbound.
// CHECK: xplat.relu %{{.*}} {kernel = @relu}
// CHECK: xplat.neg %{{[^ ]*}} : tensor
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
  %1 = xplat.neg %0 : tensor<1x4x!q> -> tensor<1x4x!q>
  return %1 : tensor<1x4x!q>
}

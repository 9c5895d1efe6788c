// RUN: xplat-opt %s -xplat-bind-kernels=partial | FileCheck %s
// RUN: xplat-opt %s -xplat-bind-kernels="partial open" | FileCheck %s --check-prefix=OPEN

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.kernel @relu implements "xplat.relu" generated {
  cycles (n) latency (1) buffer (1) area lut (p_c)
}
xplat.kernel @cast_a implements "xplat.cast" generated {
  cycles (n) latency (1) buffer (1) area lut (2 * p_c)
}
xplat.kernel @cast_b implements "xplat.cast" generated {
  cycles (2 * n) latency (1) buffer (1) area lut (p_c)
}
// What no kernel fits stays unbound.
// CHECK: xplat.relu %{{.*}} {config = #xplat.config<kernel = @relu>}
// CHECK: xplat.cast %{{.*}} {config = #xplat.config<kernel = @cast_a>}
// CHECK: xplat.neg %{{[^ ]*}} : tensor
// So does, if that is asked for, what several kernels fit.
// OPEN: xplat.relu %{{.*}} {config = #xplat.config<kernel = @relu>}
// OPEN: xplat.cast %{{[^ ]*}} : tensor
// OPEN: xplat.neg %{{[^ ]*}} : tensor
func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
  %1 = xplat.cast %0 : tensor<1x4x!q> -> tensor<1x4x!q>
  %2 = xplat.neg %1 : tensor<1x4x!q> -> tensor<1x4x!q>
  return %2 : tensor<1x4x!q>
}

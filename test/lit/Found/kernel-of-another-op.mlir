// RUN: not xplat-opt %s -xplat-annotate-cost 2>&1 | FileCheck %s
// RUN: not xplat-opt %s -xplat-bind-kernels 2>&1 | FileCheck %s --check-prefix=BIND

// A kernel's formulas have symbols of the op that it implements: they cannot be evaluated for another one.
// CHECK: error: 'xplat.relu' is not bound to a kernel; run 'xplat-bind-kernels' first
// BIND: error: 'xplat.relu' is bound to kernel @norm, which implements 'xplat.batch_norm'
!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.kernel @norm implements "xplat.batch_norm" generated {
  cycles (c)
  latency (3)
  buffer (1)
  area lut (10) ff (bits_y)
}
func.func @forward(%x: tensor<1x4x2x2x!q>) -> tensor<1x4x2x2x!q> {
  %0 = xplat.relu %x {fixed = #xplat.config<kernel = @norm>} : tensor<1x4x2x2x!q> -> tensor<1x4x2x2x!q>
  return %0 : tensor<1x4x2x2x!q>
}

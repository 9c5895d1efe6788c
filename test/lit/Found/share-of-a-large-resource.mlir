// RUN: not xplat-opt -xplat-link-library=files=%S/../Inputs/mapping.mlir "-xplat-hardware=system=alone max-utilization=0.1" %s 2>&1 | FileCheck %s

// A hundred times what the nodes need is too large for a number of 64 bits; what part of the device they need is not.
// CHECK: error: does not fit system '@alone': it needs {{[0-9]+}} lut but 461168601842738{{[0-9]+}} may be used
// CHECK: it would fit with a 'max-utilization' of 13 percent
!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.device @large fpga part "p" clock_mhz 100.0 resources <lut = 4611686018427387904> source "s" {
  xplat.memory @ddr capacity_mib 1 bandwidth_mb_per_s 4000.0 source "s"
}
xplat.system @alone {
  xplat.instance @b of @large
}
xplat.kernel @vast implements "xplat.relu" generated {
  cycles (1)
  latency (1)
  buffer (1)
  area lut (288230376151711744)
}
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q> loc("x")
  %1 = xplat.relu %0 {fixed = #xplat.config<kernel = @vast>} : tensor<1x16x!q> -> tensor<1x16x!q> loc("act")
  %2 = xplat.relu %1 {fixed = #xplat.config<kernel = @vast>} : tensor<1x16x!q> -> tensor<1x16x!q> loc("act2")
  %3 = xplat.host_output %2 : tensor<1x16x!q> -> tensor<1x16xf32> loc("y")
  return %3 : tensor<1x16xf32>
}

// RUN: not xplat-opt -xplat-link-library=files=%S/../Inputs/mapping.mlir "-xplat-hardware=system=mixed max-utilization=1 target-cycles=200" %s 2>&1 | FileCheck %s

// The sum of two amounts is too large for a number of 64 bits.
// CHECK: error: found no placement on system '@mixed' at 200 cycles per sample
!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.device @edge fpga part "p" clock_mhz 100.0 resources <lut = 0x7FFFFFFFFFFFFFFF, ff = 0, dsp = 16, bram36 = 4> source "s" {
}
xplat.device @plain fpga part "p" clock_mhz 100.0 resources <lut = 0x7FFFFFFFFFFFFFFF, ff = 0, dsp = 16, bram36 = 4> source "s" {
}
xplat.cost_table @bench of @edge source "for tests" {
}
xplat.system @mixed {
  xplat.instance @e of @edge
  xplat.instance @b of @plain
}
xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 {fixed = #xplat.config<place = <@mixed::@e>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w2 {fixed = #xplat.config<place = <@mixed::@b>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.host_output %2 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %3 : tensor<1x16xf32>
}

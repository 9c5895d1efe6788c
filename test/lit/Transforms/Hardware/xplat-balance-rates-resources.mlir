// RUN: xplat-opt %s -xplat-hardware="system=lab max-utilization=1" | FileCheck %s
// RUN: not xplat-opt %s -xplat-hardware="system=poor max-utilization=1" 2>&1 | FileCheck %s --check-prefix=POOR
// RUN: not xplat-opt %s -xplat-hardware="system=bare max-utilization=1" 2>&1 | FileCheck %s --check-prefix=BARE

// Resources are the names that devices and families use. An area has them in the order of the device, whose budget
// stays as it is written.
// CHECK-LABEL: func.func @forward
// CHECK: xplat.linear {{.*}}area = #xplat.resources<cell = 14, mac = 4>, {{.*}}rate = #xplat.rate<cycles = 32,
// CHECK: xplat.mapping
// CHECK-SAME: needs 32 cycles at the largest unroll that one device holds
// CHECK-SAME: used = <cell = 18, mac = 4>, budget = <cell = 1000, mac = 4, block = 0>

// A device that does not name a resource has none of it.
// POOR: error: 'xplat.linear' fits no device of system '@poor': it needs 1 mac but 0 may be used, 1 too many
// POOR: it would fit with a device with more mac

// Without a family a part is an amount of a resource, and nobody says what another one takes.
// BARE: error: no kernel implements 'xplat.linear' for
// BARE: note: kernel @linear does not fit: it is made of 'product', and the device names no family that says what this takes

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.family @other source "for tests" {
  part product (terms) cell (3 * terms) mac (terms)
  resource mac (mac)
  resource cell (2 + cell)
}
xplat.device @board fpga part "p" family @other clock_mhz 100.0 resources <cell = 1000, mac = 4, block = 0> source "s" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 1000.0 source "s"
}
xplat.device @small fpga part "p" family @other clock_mhz 100.0 resources <cell = 1000> source "s" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 1000.0 source "s"
}
xplat.device @loner fpga part "p" clock_mhz 100.0 resources <cell = 1000> source "s" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 1000.0 source "s"
}
xplat.system @lab {
  xplat.instance @a of @board
}
xplat.system @poor {
  xplat.instance @a of @small
}
xplat.system @bare {
  xplat.instance @a of @loner
}
xplat.kernel @input implements "xplat.host_input" port {
  cycles (n ceildiv p_n) latency (1) buffer (1)
}
xplat.kernel @output implements "xplat.host_output" port {
  cycles (n ceildiv p_n) latency (1) buffer (1)
}
xplat.kernel @linear implements "xplat.linear" rtl "m" files ["m.sv"] {
  streams in ["in"] out ["out"]
  cycles (n floordiv p_n * (k floordiv p_k)) latency (7) buffer (k floordiv p_k)
  area product (p_n * p_k)
}
xplat.param @w : tensor<8x16x!q>
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w : tensor<1x16x!q> -> tensor<1x8x!q>
  %2 = xplat.host_output %1 : tensor<1x8x!q> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

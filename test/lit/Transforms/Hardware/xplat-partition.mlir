// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-partition="system=pair max-utilization=1" | FileCheck %s
// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-partition="system=pair max-utilization=1 solver=path" | FileCheck %s
// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-partition="system=ring max-utilization=1" | FileCheck %s --check-prefix=RING

// The documentation's example.
!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<4x16x!q>
xplat.param @w3 : tensor<16x4x!q>

// 18 multipliers do not fit one device with 16. Of the legal cuts the one behind the second layer crosses 4
// elements instead of 16. The bound: 256 products take 16 cycles on the 16 multipliers of one device.
// CHECK-LABEL: func.func @forward
// CHECK: xplat.host_input {{.*}}place = <@pair::@a>
// CHECK: xplat.linear {{.*}}place = <@pair::@a>
// CHECK: xplat.linear {{.*}}place = <@pair::@a>
// CHECK: xplat.linear {{.*}}place = <@pair::@b>
// CHECK: xplat.host_output {{.*}}place = <@pair::@b>
// CHECK: xplat.mapping @forward on @pair clock_mhz 1.000000e+02 cycles 32
// CHECK-SAME: bound_cycles 16
// CHECK-SAME: bound_kind node bound_reason "'xplat.linear' needs 16 cycles at the largest unroll that one device holds"
// CHECK-SAME: bottleneck "xplat.linear"
// CHECK-SAME: <@pair::@a, used = <lut = {{[0-9]+}}, dsp = 10>, budget = <lut = 1000, ff = 1000, dsp = 16, bram36 = 4>>
// CHECK-SAME: <@pair::@b, used = <lut = {{[0-9]+}}, dsp = 8>
// RING: xplat.mapping @forward on @ring
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 8>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w2 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 2>>} : tensor<1x16x!q> -> tensor<1x4x!q>
  %3 = xplat.linear %2 weight @w3 {config = #xplat.config<kernel = @linear, unroll = <1, 8, 1>>} : tensor<1x4x!q> -> tensor<1x16x!q>
  %4 = xplat.host_output %3 {config = #xplat.config<kernel = @host_output>} : tensor<1x16x!q> -> tensor<1x16xf32>
  return %4 : tensor<1x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>

// A skip edge crosses with the result that it skips: two streams of eight bits in 32 cycles take four bits each.
// CHECK-LABEL: func.func @residual
// CHECK: xplat.linear {{.*}}place = <@pair::@[[A:.]]>
// CHECK: xplat.linear {{.*}}place = <@pair::@[[B:.]]>
// CHECK: xplat.mapping @residual on @pair clock_mhz 1.000000e+02 cycles 32
// RING: xplat.mapping @residual on @ring clock_mhz 1.000000e+02 cycles 32
func.func @residual(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w2 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 8>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.add %2, %0 {config = #xplat.config<kernel = @add>} : tensor<1x16x!q>, tensor<1x16x!q> -> tensor<1x16x!q>
  %4 = xplat.host_output %3 {config = #xplat.config<kernel = @host_output>} : tensor<1x16x!q> -> tensor<1x16xf32>
  return %4 : tensor<1x16xf32>
}

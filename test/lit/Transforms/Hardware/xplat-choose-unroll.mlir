// RUN: xplat-opt %s -split-input-file -verify-diagnostics -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-choose-unroll="target-cycles=16 system=one" -xplat-annotate-cost | FileCheck %s

!q = !quant.uniform<i8:f32, 6.25e-02>
!b = !quant.uniform<i32:f32, 4.8828125e-04>

xplat.param @w : tensor<8x16x!q>

// 8 · 16 products in 16 cycles take eight multipliers; every node is as cheap as 16 cycles allow, and the lanes of
// neighbours agree where that costs no more than a width converter would.
// CHECK-LABEL: func.func @forward
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x8xf32> {
  // CHECK: xplat.host_input {{.*}}unroll = #xplat.unroll<1, [[IN:[0-9]+]]>
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  // CHECK: xplat.linear {{.*}}dsp = 8>{{.*}}rate = #xplat.rate<cycles = 16,{{.*}}unroll = #xplat.unroll<1, [[OUT:[0-9]+]], [[IN]]>
  %1 = xplat.linear %0 weight @w : tensor<1x16x!q> -> tensor<1x8x!q>
  // CHECK: xplat.relu {{.*}}unroll = #xplat.unroll<1, [[OUT]]>
  %2 = xplat.relu %1 : tensor<1x8x!q> -> tensor<1x8x!q>
  // CHECK: xplat.host_output {{.*}}unroll = #xplat.unroll<1, [[OUT]]>
  %3 = xplat.host_output %2 : tensor<1x8x!q> -> tensor<1x8xf32>
  return %3 : tensor<1x8xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x2x17x1xf32>) -> tensor<1x2x17x1xf32> {
  // expected-error @below {{'xplat.host_input' needs at least 17 cycles per sample, at its largest unroll, but the target is 16; give a larger 'target-cycles'}}
  %0 = xplat.host_input %x : tensor<1x2x17x1xf32> -> tensor<1x2x17x1x!q>
  %1 = xplat.host_output %0 : tensor<1x2x17x1x!q> -> tensor<1x2x17x1xf32>
  return %1 : tensor<1x2x17x1xf32>
}

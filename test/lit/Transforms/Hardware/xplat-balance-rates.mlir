// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=one max-utilization=1" -xplat-annotate-cost | FileCheck %s --check-prefixes=CHECK,ONE
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=one" -xplat-annotate-cost | FileCheck %s --check-prefixes=CHECK,SHARE
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=pair max-utilization=1" -xplat-annotate-cost | FileCheck %s --check-prefixes=CHECK,PAIR
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=pair target-cycles=100" -xplat-annotate-cost | FileCheck %s --check-prefixes=CHECK,TARGET
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=pair target-per-second=1e6" -xplat-annotate-cost | FileCheck %s --check-prefixes=CHECK,TARGET
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=pair target-cycles=100 objective=area" -xplat-annotate-cost | FileCheck %s --check-prefixes=CHECK,TARGET
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=one objective=area" -xplat-annotate-cost | FileCheck %s --check-prefixes=CHECK,AREA
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=one max-utilization=1 objective=latency" -xplat-annotate-cost | FileCheck %s --check-prefixes=CHECK,ONE

// The documentation's example.
!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>

// Two layers of 256 products each. 16 multipliers: eight each, 32 cycles; 12 of them: four each, 64 cycles.
// 32 on two devices, but the memory takes 16 cycles for 16 samples: 16 each, 16 cycles. At leisure, 100 cycles or a million samples a
// second at 100 MHz: four each. The least area: one each.
// CHECK-LABEL: func.func @forward
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  // ONE: xplat.linear {{.*}}dsp = 8>{{.*}}cycles = 32,
  // SHARE: xplat.linear {{.*}}dsp = 4>{{.*}}cycles = 64,
  // PAIR: xplat.linear {{.*}}dsp = 16>{{.*}}cycles = 16,
  // TARGET: xplat.linear {{.*}}dsp = 4>{{.*}}cycles = 64,
  // AREA: xplat.linear {{.*}}dsp = 1>{{.*}}cycles = 256,
  %1 = xplat.linear %0 weight @w1 : tensor<1x16x!q> -> tensor<1x16x!q>
  // ONE: xplat.linear {{.*}}dsp = 8>{{.*}}cycles = 32,
  // SHARE: xplat.linear {{.*}}dsp = 4>{{.*}}cycles = 64,
  // PAIR: xplat.linear {{.*}}dsp = 16>{{.*}}cycles = 16,
  // TARGET: xplat.linear {{.*}}dsp = 4>{{.*}}cycles = 64,
  // AREA: xplat.linear {{.*}}dsp = 1>{{.*}}cycles = 256,
  %2 = xplat.linear %1 weight @w2 : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.host_output %2 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %3 : tensor<1x16xf32>
}

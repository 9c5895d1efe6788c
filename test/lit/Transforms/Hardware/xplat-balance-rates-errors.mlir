// RUN: xplat-opt %s -split-input-file -verify-diagnostics=only-expected -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=pair max-utilization=0.5 target-cycles=16"
// RUN: not xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=pair max-utilization=0.5 target-cycles=16" 2>&1 | FileCheck %s --check-prefix=REMEDY
// RUN: not xplat-opt %S/xplat-balance-rates.mlir -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=headless" 2>&1 | FileCheck %s --check-prefix=HEADLESS
// RUN: not xplat-opt %S/xplat-balance-rates.mlir -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=gone" 2>&1 | FileCheck %s --check-prefix=GONE
// RUN: not xplat-opt %S/xplat-balance-rates.mlir -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates 2>&1 | FileCheck %s --check-prefix=AMBIGUOUS
// RUN: not xplat-opt %S/xplat-balance-rates.mlir -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=one max-utilization=1.5" 2>&1 | FileCheck %s --check-prefix=SHARE
// RUN: not xplat-opt %S/xplat-balance-rates.mlir -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=one target-cycles=9 target-per-second=9" 2>&1 | FileCheck %s --check-prefix=BOTH
// RUN: not xplat-opt %S/xplat-balance-rates.mlir -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=one target-per-second=2e8" 2>&1 | FileCheck %s --check-prefix=CLOCK
// RUN: not xplat-opt %S/xplat-balance-rates.mlir -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=one target-per-second=-1" 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// RUN: echo "func.func @f(%%x: tensor<1x4xf32>) -> tensor<1x4xf32> { %%0 = xplat.gelu %%x : tensor<1x4xf32> -> tensor<1x4xf32> return %%0 : tensor<1x4xf32> }" | not xplat-opt -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-balance-rates="system=one" 2>&1 | FileCheck %s --check-prefix=UNBOUND

// HEADLESS: error: found no placement on system '@headless': in the best one '@a' would exchange samples with the host but its device has no memory
// REMEDY: note: it would fit with a 'max-utilization' of 75 percent, 3 of '@board' instead of 2, a device with more dsp, or fewer bits per weight and value
// GONE: error: unknown system '@gone'; known are: @one @pair @apart @headless @ring
// AMBIGUOUS: error: expected a 'system' option that names one of the module's systems; known are: @one @pair @apart @headless @ring
// SHARE: error: expected a 'max-utilization' above 0 and up to 1 but got 1.5
// BOTH: error: expected 'target-cycles' or 'target-per-second' but got both
// CLOCK: error: the target of 200000000 samples per second is more than one sample in each cycle of the clock of 100 MHz; give a lower target
// NEGATIVE: error: expected 'target-per-second' of at least 0 but got -1
// UNBOUND: error: no kernel implements 'xplat.gelu'

!q = !quant.uniform<i8:f32, 6.25e-02>

// Eight multipliers for each layer, of which half of two times 16 may be used.
xplat.param @w1 : tensor<16x8x!q>
xplat.param @w2 : tensor<8x16x!q>
xplat.param @w3 : tensor<16x8x!q>
// expected-error @below {{does not fit system '@pair' at 16 cycles per sample: it needs 24 dsp but 16 may be used, 8 too many}}
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x8xf32> -> tensor<1x8x!q>
  // expected-note @below {{'xplat.linear' needs 8 dsp}}
  %1 = xplat.linear %0 weight @w1 : tensor<1x8x!q> -> tensor<1x16x!q>
  // expected-note @below {{'xplat.linear' needs 8 dsp}}
  %2 = xplat.linear %1 weight @w2 : tensor<1x16x!q> -> tensor<1x8x!q>
  // expected-note @below {{'xplat.linear' needs 8 dsp}}
  %3 = xplat.linear %2 weight @w3 : tensor<1x8x!q> -> tensor<1x16x!q>
  %4 = xplat.host_output %3 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %4 : tensor<1x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w : tensor<16x32x!q>
func.func @forward(%x: tensor<1x32xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x32xf32> -> tensor<1x32x!q>
  // expected-error @below {{'xplat.linear' needs at least 64 cycles per sample on any one device of system '@pair' but the target is 16; give a larger 'target-cycles' or a larger device}}
  %1 = xplat.linear %0 weight @w : tensor<1x32x!q> -> tensor<1x16x!q>
  %2 = xplat.host_output %1 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}

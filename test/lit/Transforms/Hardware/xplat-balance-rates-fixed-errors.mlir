// RUN: xplat-opt %s -split-input-file -verify-diagnostics=only-expected -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-bind-kernels -xplat-balance-rates="system=pair max-utilization=1 target-per-second=4e6"

!q = !quant.uniform<i8:f32, 6.25e-02>

// 64 products one after another take 64 cycles; 4 million samples a second at 100 MHz leave 25.
xplat.param @w : tensor<8x8x!q>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x : tensor<1x8xf32> -> tensor<1x8x!q>
  // expected-error @below {{'xplat.linear' needs at least 64 cycles per sample, with the unroll factors fixed for it, but the target is 25 (4000000 samples per second); give a lower target}}
  %1 = xplat.linear %0 weight @w {fixed = #xplat.config<unroll = <1, 1, 1>>} : tensor<1x8x!q> -> tensor<1x8x!q>
  %2 = xplat.host_output %1 : tensor<1x8x!q> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w : tensor<8x8x!q>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x : tensor<1x8xf32> -> tensor<1x8x!q>
  // expected-error @below {{'xplat.linear' is fixed to '@ring::@a', which is not an instance of system '@pair'; it has '@a' '@b'}}
  %1 = xplat.linear %0 weight @w {fixed = #xplat.config<place = <@ring::@a>>} : tensor<1x8x!q> -> tensor<1x8x!q>
  %2 = xplat.host_output %1 : tensor<1x8x!q> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w : tensor<16x16x!q>
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  // expected-error @below {{'xplat.linear' does not fit '@b', to which it is fixed: it needs 32 dsp but 16 may be used, 16 too many}}
  %1 = xplat.linear %0 weight @w {fixed = #xplat.config<unroll = <1, 2, 16>, place = <@pair::@b>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.host_output %1 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// Both layers need 32 multipliers for 25 cycles, and both are fixed to a device with 16.
xplat.param @w : tensor<16x16x!q>
// expected-error @below {{found no placement on system '@pair' at 25 cycles per sample: in the best one '@a' would need 32 dsp but 16 may be used}}
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w {fixed = #xplat.config<place = <@pair::@a>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w {fixed = #xplat.config<place = <@pair::@a>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.host_output %2 : tensor<1x16x!q> -> tensor<1x16xf32>
  return %3 : tensor<1x16xf32>
}

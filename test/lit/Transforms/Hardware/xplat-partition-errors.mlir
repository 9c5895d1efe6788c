// RUN: xplat-opt %s -split-input-file -verify-diagnostics=only-expected -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-partition="system=apart max-utilization=1"

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w1 : tensor<16x16x!q>
xplat.param @w2 : tensor<16x16x!q>

// Both would fit, each on a device of its own, but no cable connects the two.
// expected-error @below {{found no placement on system '@apart': in the best one the result of 'xplat.linear' would go from '@a' to '@b', which no cables connect}}
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w1 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w2 {config = #xplat.config<kernel = @linear, unroll = <1, 1, 8>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output>} : tensor<1x16x!q> -> tensor<1x16xf32>
  return %3 : tensor<1x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w : tensor<16x16x!q>

// expected-error @below {{does not fit system '@apart': it needs 48 dsp but 32 may be used, 16 too many}}
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.linear %1 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %3 = xplat.linear %2 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 1, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %4 = xplat.host_output %3 {config = #xplat.config<kernel = @host_output>} : tensor<1x16x!q> -> tensor<1x16xf32>
  return %4 : tensor<1x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.param @w : tensor<16x16x!q>

func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x16xf32> -> tensor<1x16x!q>
  // expected-error @below {{'xplat.linear' fits no device of system '@apart': it needs 32 dsp but 16 may be used, 16 too many}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 2, 16>>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output>} : tensor<1x16x!q> -> tensor<1x16xf32>
  return %2 : tensor<1x16xf32>
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// expected-note @below {{the first one}}
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output>} : tensor<1x16x!q> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}
// expected-error @below {{expected one function with nodes but got a second one}}
func.func @again(%x: tensor<1x16xf32>) -> tensor<1x16xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output>} : tensor<1x16x!q> -> tensor<1x16xf32>
  return %1 : tensor<1x16xf32>
}

// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-convert-to-dataflow -verify-diagnostics

// expected-error@+1 {{expected one 'xplat.mapping', which 'xplat-hardware' writes, but got 0}}
module {}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error@+1 {{expected a node that is bound to a kernel; run 'xplat-bind-kernels' first}}
  %0 = xplat.host_input %x {config = #xplat.config<place = <@rack::@a>>} : tensor<1x4xf32> -> tensor<1x4x!q>
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = <@rack::@a>>} : tensor<1x4x!q> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 8 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error@+1 {{expected a node that is placed on a device; run 'xplat-partition' first}}
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input>} : tensor<1x4xf32> -> tensor<1x4x!q>
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = <@rack::@a>>} : tensor<1x4x!q> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 8 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4x!q> {
  // expected-error@+1 {{expected only nodes to read its result but got 'func.return'; 'xplat.host_output' takes a result out of the system}}
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = <@rack::@a>>} : tensor<1x4xf32> -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 8 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error@+1 {{its result goes from @rack::@a to @rack::@c, but no cables of '@rack' connect them}}
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = <@rack::@a>>} : tensor<1x4xf32> -> tensor<1x4x!q>
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = <@rack::@c>>} : tensor<1x4x!q> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 8 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
xplat.device @narrow fpga part "x" clock_mhz 100.0 resources <lut = 100> source "for tests" {
  xplat.port @link count 1 rate_gbps 1.6 latency_ns 40.0 source "for tests"
}
xplat.system @pair {
  xplat.instance @a of @narrow
  xplat.instance @b of @narrow
  // expected-note@+1 {{cable declared here}}
  xplat.cable @ab @a port @link to @b port @link
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error@+1 {{its result needs 32 bits a cycle from @pair::@a to @pair::@b to reach 1 cycles per sample, but 16 of the 16 bits of cable @ab are free; place fewer streams across it or give a larger 'target-cycles'}}
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = <@pair::@a>>} : tensor<1x4xf32> -> tensor<1x4x!q>
  %1 = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, unroll = <1, 4>, place = <@pair::@b>>} : tensor<1x4x!q> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 1 latency_cycles 0 bound_cycles 1 bound_kind node
    bound_reason "" bottleneck "" usage []

// RUN: xplat-opt %s -split-input-file -verify-diagnostics -xplat-link-library="files=%S/../../Inputs/mapping.mlir" -xplat-verify-mapping="max-utilization=0.5"

// Everything holds.
!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %1 : tensor<1x16x!q>
}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 16 latency_cycles 10 bound_cycles 4 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@pair::@a, used = <lut = 80>, budget = <>>, #xplat.usage<@pair::@b, used = <>, budget = <>>]

// -----

// Bound.
!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  // expected-error @below {{'xplat.relu' is not bound to a kernel of the module}}
  %0 = xplat.relu %x {config = #xplat.config<unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %1 : tensor<1x16x!q>
}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 16 latency_cycles 10 bound_cycles 4 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@pair::@a, used = <lut = 80>, budget = <>>, #xplat.usage<@pair::@b, used = <>, budget = <>>]

// -----

// Unrolled.
!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  // expected-error @below {{'xplat.relu' has no unroll factors}}
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu, place = <@pair::@a>>, rate = #xplat.rate<cycles = 16, latency = 1>, area = #xplat.resources<lut = 10>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %1 : tensor<1x16x!q>
}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 16 latency_cycles 10 bound_cycles 4 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@pair::@a, used = <lut = 80>, budget = <>>, #xplat.usage<@pair::@b, used = <>, budget = <>>]

// -----

// Rate and area are the kernel's.
!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  // expected-error @below {{expected a rate of 4 cycles and a latency of 1 for 'xplat.relu' but got '#xplat.rate<cycles = 3, latency = 1>'}}
  // expected-error @below {{expected the area '#xplat.resources<lut = 40>' for 'xplat.relu' but got '#xplat.resources<lut = 39>'}}
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 3, latency = 1>, area = #xplat.resources<lut = 39>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %1 : tensor<1x16x!q>
}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 16 latency_cycles 10 bound_cycles 4 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@pair::@a, used = <lut = 80>, budget = <>>, #xplat.usage<@pair::@b, used = <>, budget = <>>]

// -----

// Placed on the system's instances.
!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  // expected-error @below {{'xplat.relu' is not placed on an instance of '@pair'}}
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@one::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %1 : tensor<1x16x!q>
}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 16 latency_cycles 10 bound_cycles 4 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@pair::@a, used = <lut = 80>, budget = <>>, #xplat.usage<@pair::@b, used = <>, budget = <>>]

// -----

// A placement without a cable.
!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  // expected-error @below {{the result of 'xplat.relu' goes from @apart::@a to @apart::@b, which no cables connect}}
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@apart::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@apart::@b>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %1 : tensor<1x16x!q>
}
xplat.mapping @forward on @apart clock_mhz 100.0 cycles 16 latency_cycles 10 bound_cycles 4 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@apart::@a, used = <lut = 40>, budget = <>>, #xplat.usage<@apart::@b, used = <lut = 40>, budget = <>>]

// -----

// The mapping: no faster than its nodes, the system's clock, at least what the nodes use.
!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %1 : tensor<1x16x!q>
}
// expected-error @below {{expected a clock of 1.000000e+02 MHz, that of the devices or the lowest common multiple of theirs, but got 9.000000e+01}}
// expected-error @below {{the mapping says that @pair::@a uses 70 lut but its nodes need 80}}
xplat.mapping @forward on @pair clock_mhz 90.0 cycles 4 latency_cycles 10 bound_cycles 4 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@pair::@a, used = <lut = 70>, budget = <>>, #xplat.usage<@pair::@b, used = <>, budget = <>>]

// -----

// The mapping: of this graph and this system.
!q = !quant.uniform<i8:f32, 6.25e-02>

func.func @forward(%x: tensor<1x16x!q>) -> tensor<1x16x!q> {
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = <@pair::@a>>, rate = #xplat.rate<cycles = 4, latency = 1>, area = #xplat.resources<lut = 40>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %1 : tensor<1x16x!q>
}
// expected-error @below {{expected a mapping of '@forward' but got '@other'}}
// expected-error @below {{expected the usage of 2 devices but got 1}}
xplat.mapping @other on @pair clock_mhz 100.0 cycles 16 latency_cycles 10 bound_cycles 4 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@pair::@a, used = <lut = 80>, budget = <>>]

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// expected-error @below {{expected one 'xplat.mapping' but got 0}}
module {
  func.func @forward(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
    %0 = xplat.relu %x : tensor<1x4x!q> -> tensor<1x4x!q>
    return %0 : tensor<1x4x!q>
  }
}

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>

// Budgets, cables and memories.
xplat.device @tiny fpga part "p" clock_mhz 100.0 resources <lut = 79> source "for tests" {
  xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 100.0 source "for tests"
  xplat.port @link count 2 rate_gbps 0.8 latency_ns 40.0 source "for tests"
}
xplat.system @tight {
  // expected-error @below {{the memories of '@a' move 128 bits per sample but can move 64 in 8 cycles}}
  // expected-error @below {{'@a' needs 80 lut but 39 may be used}}
  xplat.instance @a of @tiny
  xplat.instance @b of @tiny
  // expected-error @below {{cable '@ab' carries 16 bits a cycle to @tight::@b but has 8}}
  xplat.cable @ab @a port @link to @b port @link
}
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x16x!q> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 8>, place = <@tight::@a>>, rate = #xplat.rate<cycles = 2, latency = 0>, area = #xplat.resources<>} : tensor<1x16xf32> -> tensor<1x16x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 8>, place = <@tight::@a>>, rate = #xplat.rate<cycles = 2, latency = 1>, area = #xplat.resources<lut = 80>} : tensor<1x16x!q> -> tensor<1x16x!q>
  %2 = xplat.relu %1 {config = #xplat.config<kernel = @relu, unroll = <1, 1>, place = <@tight::@b>>, rate = #xplat.rate<cycles = 16, latency = 1>, area = #xplat.resources<lut = 10>} : tensor<1x16x!q> -> tensor<1x16x!q>
  return %2 : tensor<1x16x!q>
}
// expected-error @below {{the mapping promises 8 cycles per sample but a node needs 16}}
xplat.mapping @forward on @tight clock_mhz 100.0 cycles 8 latency_cycles 10 bound_cycles 4 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@tight::@a, used = <lut = 80>, budget = <>>, #xplat.usage<@tight::@b, used = <lut = 10>, budget = <>>]

// -----

// The ports at a switch, together: 24 bits a sample in 2 cycles are 12 a cycle, in each direction, but 8 go.
!q = !quant.uniform<i8:f32, 6.25e-02>

xplat.device @tiny fpga part "p" clock_mhz 100.0 resources <lut = 1000> source "for tests" {
  xplat.port @link count 2 rate_gbps 0.8 latency_ns 40.0 source "for tests"
}
xplat.system @switched {
  // expected-error @below {{'@a' sends 12 bits a cycle over a switch but its ports there carry 8}}
  xplat.instance @a of @tiny
  // expected-error @below {{'@b' receives 12 bits a cycle over a switch but its ports there carry 8}}
  xplat.instance @b of @tiny
  xplat.switch @net latency_ns 300.0 source "for tests"
  xplat.cable @an @a port @link to @net
  xplat.cable @bn @b port @link to @net
}
func.func @forward(%x: tensor<1x3x!q>) -> tensor<1x3x!q> {
  %0 = xplat.relu %x {config = #xplat.config<kernel = @relu, unroll = <1, 3>, place = <@switched::@a>>, rate = #xplat.rate<cycles = 1, latency = 1>, area = #xplat.resources<lut = 30>} : tensor<1x3x!q> -> tensor<1x3x!q>
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = <1, 3>, place = <@switched::@b>>, rate = #xplat.rate<cycles = 1, latency = 1>, area = #xplat.resources<lut = 30>} : tensor<1x3x!q> -> tensor<1x3x!q>
  return %1 : tensor<1x3x!q>
}
xplat.mapping @forward on @switched clock_mhz 100.0 cycles 2 latency_cycles 10 bound_cycles 1 bound_kind node bound_reason ""
    bottleneck "" usage [#xplat.usage<@switched::@a, used = <lut = 30>, budget = <>>, #xplat.usage<@switched::@b, used = <lut = 30>, budget = <>>]

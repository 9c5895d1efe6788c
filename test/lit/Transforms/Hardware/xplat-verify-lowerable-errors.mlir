// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-verify-lowerable -verify-diagnostics

// A node that is no node.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func private @f()
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L1] expected only nodes in the graph}}
  call @f() : () -> ()
  %out = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <>>]

// -----

// Tensors.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error@+1 {{[lowerable L2] expected a stream as result but got 'tensor<1x4x!quant.uniform<i8:f32, 6.250000e-02>>'; run 'xplat-convert-to-dataflow' first}}
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> tensor<1x4x!q>
  // expected-error@+1 {{[lowerable L2] expected a stream as operand but got 'tensor<1x4x!quant.uniform<i8:f32, 6.250000e-02>>'; run 'xplat-convert-to-dataflow' first}}
  %out = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : tensor<1x4x!q> -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <>>]

// -----

// Two readers.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error@+1 {{[lowerable L3] expected one reader of each result but got 2; 'xplat.fork' copies a stream}}
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  %1 = xplat.add %0, %0 {config = #xplat.config<kernel = @add, place = #a>, rate = #one, area = #xplat.resources<lut = 20>} : !s, !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <lut = 20>, budget = <lut = 1000>>]

// -----

// Unbound.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L4] is not bound to a kernel; run 'xplat-bind-kernels' first}}
  %1 = xplat.relu %0 {config = #xplat.config<place = #a>, rate = #one, area = #xplat.resources<lut = 10>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <lut = 10>, budget = <lut = 1000>>]

// -----

// A kernel that does not fit.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
xplat.kernel @narrow implements "xplat.relu" generated {
  where (4 - bits_x >= 0)
  cycles (n * (c floordiv p_c))
  latency (1)
  buffer (1)
  area lut (10)
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L4] kernel @narrow does not fit: }}
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @narrow, place = #a>, rate = #one, area = #xplat.resources<lut = 10>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <lut = 10>, budget = <lut = 1000>>]

// -----

// No place, and a place that there is not.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L5] is not placed on a device; run 'xplat-partition' first}}
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu>, rate = #one, area = #xplat.resources<lut = 10>} : !s -> !s
  // expected-error@+1 {{[lowerable L5] is placed on @rack::@z, which is not an instance of '@rack'}}
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = <@rack::@z>>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <>>, #xplat.usage<@rack::@z, used = <>, budget = <>>]

// -----

// No link.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-note@+1 {{produced here}}
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L6] operand 0 is on @rack::@a but the node is on @rack::@b; 'xplat.link' carries a stream over}}
  %out = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = #b>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <>>, #xplat.usage<@rack::@b, used = <>, budget = <>>]

// -----

// No area; a rate that is not true.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L7] has no rate or no area; run 'xplat-annotate-cost' first}}
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, place = #a>, rate = #one} : !s -> !s
  // expected-error@+1 {{[lowerable L7] its rate and area are not those of kernel @relu under its unroll factors; run 'xplat-annotate-cost' again}}
  %2 = xplat.relu %1 {config = #xplat.config<kernel = @relu, place = #a>, rate = #xplat.rate<cycles = 3, latency = 1>, area = #xplat.resources<lut = 10>} : !s -> !s
  %out = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <lut = 10>, budget = <lut = 1000>>]

// -----

// A memory without contents, one of another size, one that the kernel does not have.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
xplat.param @w : tensor<4x4x!q>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L8] memory "weight" of 16 words of 8 bits has no 'xplat.rom'; run 'xplat-place-parameters' first}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, place = #a>, rate = #xplat.rate<cycles = 16, latency = 13>, area = #xplat.resources<dsp = 1>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <dsp = 1>, budget = <dsp = 10>>]

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
xplat.param @w : tensor<4x4x!q>
xplat.rom @r of @w permutation [0, 1] tile [2, 1] element_bits 8 word_bits 16 depth 8
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L8] expected 16 words of 8 bits in memory "weight" but @r has 8 of 16}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, place = #a, roms = [#xplat.rom_use<"weight", @r>]>, rate = #xplat.rate<cycles = 16, latency = 13>, area = #xplat.resources<dsp = 1>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <dsp = 1>, budget = <dsp = 10>>]

// -----

// Who reads at addresses needs a ROM.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#io = #xplat.rate<cycles = 4, latency = 0>
#none = #xplat.resources<>
xplat.kernel @looking implements "xplat.linear" rtl "linear" files ["linear.sv"] {
  streams in ["in"] out ["out"]
  lookup weight (bits_weight) x (16)
  cycles (16) latency (13) buffer (4) area dsp (1)
}
xplat.param @w : tensor<4x4x!q>
xplat.rom @r of @w permutation [0, 1] tile [1, 1] element_bits 8 word_bits 8 depth 16 kind outside
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L8] expected 'rom' behind memory "weight", as the node's area has it, but @r is 'outside'}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @looking, place = #a, roms = [#xplat.rom_use<"weight", @r>]>, rate = #xplat.rate<cycles = 16, latency = 13>, area = #xplat.resources<dsp = 1>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <dsp = 1>, budget = <dsp = 10>>]

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
xplat.param @w : tensor<4x4x!q>
xplat.rom @r of @w permutation [0, 1] tile [1, 1] element_bits 8 word_bits 8 depth 16
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+2 {{[lowerable L8] memory "bias" has no words, but @r is given}}
  // expected-error@+1 {{[lowerable L8] kernel @linear has no memory "gamma" for @r}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, place = #a, roms = [#xplat.rom_use<"weight", @r>, #xplat.rom_use<"bias", @r>, #xplat.rom_use<"gamma", @r>]>, rate = #xplat.rate<cycles = 16, latency = 13>, area = #xplat.resources<dsp = 1>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <dsp = 1>, budget = <dsp = 10>>]

// -----

// A link that is faster than its cable.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@pair::@a>
#b = #xplat.place<@pair::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
xplat.device @narrow fpga part "x" clock_mhz 100.0 resources <lut = 1000> source "for tests" {
  xplat.port @link count 1 rate_gbps 1.6 latency_ns 40.0 source "for tests"
}
xplat.system @pair {
  xplat.instance @a of @narrow
  xplat.instance @b of @narrow
  xplat.cable @ab @a port @link to @b port @link
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L9] expected a latency of at least 4 cycles over @pair::@ab but got 2}}
  %1 = xplat.link %0 over @pair::@ab to <@pair::@b> phit_bits 8 latency_cycles 2 credits 20 {config = #xplat.config<kernel = @link, place = #a>, rate = #xplat.rate<cycles = 4, latency = 4>, area = #xplat.resources<lut = 100>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #b>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@pair::@a, used = <lut = 100>, budget = <lut = 1000>>, #xplat.usage<@pair::@b, used = <lut = 100>, budget = <lut = 1000>>]

// -----

// Too much on a device, and usage that is not its sum.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, place = #a>, rate = #one, area = #xplat.resources<lut = 10>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
// expected-error@+1 {{[lowerable L10] @rack::@a needs 10 lut but has 7, 3 too many; give a larger 'target-cycles' or 'max-utilization'}}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <lut = 10>, budget = <lut = 7>>]

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, place = #a>, rate = #one, area = #xplat.resources<lut = 10>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
// expected-error@+1 {{[lowerable L10] expected the usage of @rack::@a to be the sum over its nodes; run 'xplat-size-fifos' again}}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <lut = 9>, budget = <lut = 70>>]

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, place = #a>, rate = #one, area = #xplat.resources<lut = 10>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
// expected-error@+1 {{[lowerable L10] expected a budget for @rack::@a}}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

// Too much on a cable.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@pair::@a>
#b = #xplat.place<@pair::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#one = #xplat.rate<cycles = 4, latency = 1>
#none = #xplat.resources<>
xplat.device @narrow fpga part "x" clock_mhz 100.0 resources <lut = 1000> source "for tests" {
  xplat.port @link count 1 rate_gbps 1.6 latency_ns 40.0 source "for tests"
}
xplat.system @pair {
  xplat.instance @a of @narrow
  xplat.instance @b of @narrow
  // expected-note@+1 {{cable declared here}}
  xplat.cable @ab @a port @link to @b port @link
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  %1 = xplat.link %0 over @pair::@ab to <@pair::@b> phit_bits 17 latency_cycles 4 credits 20 {config = #xplat.config<kernel = @link, place = #a>, rate = #xplat.rate<cycles = 4, latency = 6>, area = #xplat.resources<lut = 100>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #b>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
// expected-error@+1 {{[lowerable L10] cable @pair::@ab carries 16 bits a cycle to @pair::@b but its streams need 17, 1 too many; place fewer streams across it}}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@pair::@a, used = <lut = 100>, budget = <lut = 1000>>, #xplat.usage<@pair::@b, used = <lut = 100>, budget = <lut = 1000>>]

// -----

// A link that is faster than the ports and the switch: 40 + 300 ns are 34 cycles.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@star::@a>
#b = #xplat.place<@star::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#none = #xplat.resources<>
xplat.device @narrow fpga part "x" clock_mhz 100.0 resources <lut = 1000> source "for tests" {
  xplat.port @link count 1 rate_gbps 1.6 latency_ns 40.0 source "for tests"
}
xplat.system @star {
  xplat.instance @a of @narrow
  xplat.instance @b of @narrow
  xplat.switch @net latency_ns 300.0 source "for tests"
  xplat.cable @an @a port @link to @net
  xplat.cable @bn @b port @link to @net
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L9] expected a latency of at least 34 cycles through @net but got 33}}
  %1 = xplat.link %0 over @star::@an and @star::@bn to <@star::@b> phit_bits 8 latency_cycles 33 credits 100 {config = #xplat.config<kernel = @link, place = #a>, rate = #xplat.rate<cycles = 4, latency = 35>, area = #xplat.resources<lut = 100>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #b>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @star clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@star::@a, used = <lut = 100>, budget = <lut = 1000>>, #xplat.usage<@star::@b, used = <lut = 100>, budget = <lut = 1000>>]

// -----

// Each port at a switch counts what leaves it and what enters it.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@star::@a>
#b = #xplat.place<@star::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#none = #xplat.resources<>
xplat.device @narrow fpga part "x" clock_mhz 100.0 resources <lut = 1000> source "for tests" {
  xplat.port @link count 1 rate_gbps 1.6 latency_ns 40.0 source "for tests"
}
xplat.system @star {
  xplat.instance @a of @narrow
  xplat.instance @b of @narrow
  xplat.switch @net latency_ns 300.0 source "for tests"
  // expected-note@+1 {{cable declared here}}
  xplat.cable @an @a port @link to @net
  // expected-note@+1 {{cable declared here}}
  xplat.cable @bn @b port @link to @net
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  %1 = xplat.link %0 over @star::@an and @star::@bn to <@star::@b> phit_bits 17 latency_cycles 34 credits 100 {config = #xplat.config<kernel = @link, place = #a>, rate = #xplat.rate<cycles = 4, latency = 36>, area = #xplat.resources<lut = 100>} : !s -> !s
  %out = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #b>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
// expected-error@+2 {{[lowerable L10] cable @star::@an carries 16 bits a cycle to the switch but its streams need 17, 1 too many; place fewer streams across it}}
// expected-error@+1 {{[lowerable L10] cable @star::@bn carries 16 bits a cycle from the switch but its streams need 17, 1 too many; place fewer streams across it}}
xplat.mapping @forward on @star clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@star::@a, used = <lut = 100>, budget = <lut = 1000>>, #xplat.usage<@star::@b, used = <lut = 100>, budget = <lut = 1000>>]

// -----

// A stream comes with the clock of the device that sends it.
!q = !quant.uniform<i8:f32, 6.25e-02>
!s = !xplat.stream<1x4x!q>
#a = #xplat.place<@mixed::@a>
#b = #xplat.place<@mixed::@b>
#io = #xplat.rate<cycles = 4, latency = 0>
#none = #xplat.resources<>
xplat.device @steady fpga part "x" clock_mhz 100.0 resources <lut = 1000> source "for tests" {
  xplat.port @link count 1 rate_gbps 1.6 latency_ns 40.0 source "for tests"
}
xplat.device @swift fpga part "x" clock_mhz 250.0 resources <lut = 1000> source "for tests" {
  xplat.port @link count 1 rate_gbps 1.6 latency_ns 40.0 source "for tests"
}
xplat.system @mixed {
  xplat.instance @a of @steady
  xplat.instance @b of @swift
  xplat.cable @ab @a port @link to @b port @link
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>, rate = #io, area = #none} : tensor<1x4xf32> -> !s
  // expected-error@+1 {{[lowerable L11] expected an operand from a device with another clock}}
  %1 = xplat.cdc %0 depth 16 {config = #xplat.config<kernel = @cdc, place = #a>, rate = #xplat.rate<cycles = 4, latency = 4>, area = #xplat.resources<lut = 10>} : !s -> !s
  %2 = xplat.link %1 over @mixed::@ab to <@mixed::@b> phit_bits 8 latency_cycles 4 credits 20 {config = #xplat.config<kernel = @link, place = #a>, rate = #xplat.rate<cycles = 4, latency = 6>, area = #xplat.resources<lut = 100>} : !s -> !s
  // expected-error@+1 {{[lowerable L11] expected an 'xplat.cdc' to read what comes with the clock of @mixed::@a}}
  %out = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, place = #b>, rate = #io, area = #none} : !s -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}
xplat.mapping @forward on @mixed clock_mhz 500.0 cycles 20 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@mixed::@a, used = <lut = 110>, budget = <lut = 1000>>, #xplat.usage<@mixed::@b, used = <lut = 100>, budget = <lut = 1000>>]

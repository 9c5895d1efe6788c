// RUN: xplat-opt %s -xplat-outline-devices -xplat-lower-to-circt -split-input-file -verify-diagnostics

// What has to be done before the lowering, one complaint each.

xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
func.func @forward(%arg0: tensor<1x8xf32>) {
  // expected-error @below {{'xplat.host_input' op expected a node that is bound to a kernel of this module}}
  %in = xplat.host_input %arg0 {config = #xplat.config<place = <@one::@fpga0>>} : tensor<1x8xf32> -> !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
  return
}

// -----

xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
func.func @forward(%arg0: tensor<1x8xf32>) {
  // expected-error @below {{'xplat.host_input' op expected streams, which 'xplat-convert-to-dataflow' makes, but got 'tensor<1x8x!quant.uniform<i8:f32, 6.250000e-02>>'}}
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = <@one::@fpga0>>} : tensor<1x8xf32> -> tensor<1x8x!quant.uniform<i8:f32, 6.25e-02>>
  return
}

// -----

xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
func.func @forward(%arg0: tensor<1x8xf32>) {
  // expected-error @below {{'xplat.host_input' op expected one reader of each stream but got 0; a fork copies a stream}}
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = <@one::@fpga0>>} : tensor<1x8xf32> -> !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
  return
}

// -----

// A memory without its rom, and one with another shape.

xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @linear implements "xplat.linear" rtl "xplat_linear" files ["linear.sv"] {
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  cycles (n) latency (1) buffer (1) area lut (0)
}
xplat.param @w : tensor<8x8x!quant.uniform<i8:f32, 6.25e-02>>
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = <@one::@fpga0>>} : tensor<1x8xf32> -> !s
  // expected-error @below {{'xplat.linear' op expected an 'xplat.rom' for memory 'weight' of its kernel; 'xplat-place-parameters' makes it}}
  %0 = xplat.linear %in weight @w {config = #xplat.config<kernel = @linear, place = <@one::@fpga0>>} : !s -> !s
  %out = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = <@one::@fpga0>>} : !s -> tensor<1x8xf32>
  return %out : tensor<1x8xf32>
}

// -----

xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @linear implements "xplat.linear" rtl "xplat_linear" files ["linear.sv"] {
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  cycles (n) latency (1) buffer (1) area lut (0)
}
xplat.param @w : tensor<8x8x!quant.uniform<i8:f32, 6.25e-02>>
// expected-note @below {{memory declared here}}
xplat.rom @r of @w permutation [0, 1] tile [1, 2] element_bits 8 word_bits 16 depth 32
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = <@one::@fpga0>>} : tensor<1x8xf32> -> !s
  // expected-error @below {{'xplat.linear' op expected 64 words of 8 bits in memory 'weight' but got 32 of 16}}
  %0 = xplat.linear %in weight @w {config = #xplat.config<kernel = @linear, place = <@one::@fpga0>, roms = [#xplat.rom_use<"weight", @r>]>} : !s -> !s
  %out = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = <@one::@fpga0>>} : !s -> tensor<1x8xf32>
  return %out : tensor<1x8xf32>
}

// -----

// A kernel that the lowering cannot use for the node.

xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @pool implements "xplat.global_avg_pool2d" generated { cycles (1) latency (1) buffer (1) area lut (0) }
!s = !xplat.stream<1x8x1x1x!quant.uniform<i8:f32, 6.25e-02>, order = (0, 2, 3, 1)>
func.func @forward(%arg0: tensor<1x8x1x1xf32>) -> tensor<1x8x1x1xf32> {
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = <@one::@fpga0>>} : tensor<1x8x1x1xf32> -> !s
  // expected-error @below {{'xplat.global_avg_pool2d' op is bound to a 'generated' kernel but has no element-wise datapath}}
  %0 = xplat.global_avg_pool2d %in {config = #xplat.config<kernel = @pool, place = <@one::@fpga0>>} : !s -> !s
  %out = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = <@one::@fpga0>>} : !s -> tensor<1x8x1x1xf32>
  return %out : tensor<1x8x1x1xf32>
}

// -----

xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @lookup_table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
  streams in ["in"] out ["out"]
  lookup table (bits_y) x (4) copies (n - c)
  cycles (n) latency (1) buffer (1) area lut (0)
}
!q = !quant.uniform<i2:f32, 6.25e-02>
!s = !xplat.stream<1x8x!q>
xplat.rom @t values [0, 1, 1, 0] permutation [0] tile [1] element_bits 2 word_bits 2 depth 4
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = <@one::@fpga0>>} : tensor<1x8xf32> -> !s
  // expected-error @below {{'xplat.exp' op expected 1 to 8388607 copies of memory 'table' of its kernel but got -7}}
  %0 = xplat.exp %in {config = #xplat.config<kernel = @lookup_table, place = <@one::@fpga0>, roms = [#xplat.rom_use<"table", @t>]>} : !s -> !s
  %out = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, place = <@one::@fpga0>>} : !s -> tensor<1x8xf32>
  return %out : tensor<1x8xf32>
}

// -----

// What is generated has as many stages as its datapath; the contract must know.

xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @pow implements "xplat.pow" generated { cycles (n) latency (1) buffer (2) area lut (0) }
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>>
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, place = <@one::@fpga0>>} : tensor<1x8xf32> -> !s
  // expected-error @below {{'xplat.pow' op has a datapath of 4 stages with room for 5 beats, but kernel @pow promises a latency of 1 and a buffer of 2; write 'latency (stages)' and 'buffer (stages + 1)'}}
  %square = xplat.pow %in to 2.0 {config = #xplat.config<kernel = @pow, place = <@one::@fpga0>>} : !s -> !s
  %out = xplat.host_output %square {config = #xplat.config<kernel = @host_output, place = <@one::@fpga0>>} : !s -> tensor<1x8xf32>
  return %out : tensor<1x8xf32>
}

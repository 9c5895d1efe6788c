// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-place-parameters | FileCheck %s

// The documentation's example.
!q = !quant.uniform<i8:f32, 6.25e-02>
!acc = !quant.uniform<i32:f32, 3.90625e-03>
#a = #xplat.place<@rack::@a>

// A word holds two rows by four columns of the weight; the biases lie two by two; nothing for the shift, which is
// the same for all channels.
// CHECK-DAG: xplat.rom @layer_fc_weight of @w permutation [0, 1] tile [2, 4] element_bits 8 word_bits 64 depth 4
// CHECK-DAG: xplat.rom @layer_fc_bias of @b permutation [0] tile [2] element_bits 32 word_bits 64 depth 2
// CHECK-NOT: shift
// CHECK: xplat.linear
// CHECK-SAME: roms = [#xplat.rom_use<"weight", @layer_fc_weight>, #xplat.rom_use<"bias", @layer_fc_bias>]
xplat.param @w : tensor<4x8x!q>
xplat.param @b : tensor<4x!acc>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x8xf32> -> tensor<1x8x!q> loc("x")
  %1 = xplat.linear %0 weight @w bias @b {config = #xplat.config<kernel = @linear, unroll = <1, 2, 4>, place = #a>}
      : tensor<1x8x!q> -> tensor<1x4x!q> loc("layer.fc")
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x4x!q> -> tensor<1x4xf32> loc("y")
  return %2 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
!w = !quant.uniform<i8:f32:0, {6.25e-02, 3.125e-02, 1.5625e-02, 1.25e-01}>
#a = #xplat.place<@rack::@a>

// Loops are (oh, ow, oc, kh, kw, ic): input channels innermost. Shifts are F_x + F_weight(c) - F_y = 4 + F_weight(c) - 4.
// Names differ from those that are taken.
// CHECK-DAG: xplat.rom @conv_weight_1 of @conv_weight permutation [0, 2, 3, 1] tile [2, 3, 1, 1] element_bits 8 word_bits 48 depth 12
// CHECK-DAG: xplat.rom @conv_shift values [4, 5, 6, 3] permutation [0] tile [2] element_bits 6 word_bits 12 depth 2
// CHECK: roms = [#xplat.rom_use<"weight", @conv_weight_1>, #xplat.rom_use<"shift", @conv_shift>]
xplat.param @conv_weight : tensor<4x2x3x3x!w>
func.func @forward(%x: tensor<1x2x3x3xf32>) -> tensor<1x4x1x1xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x2x3x3xf32> -> tensor<1x2x3x3x!q>
  %1 = xplat.conv2d %0 weight @conv_weight stride [1, 1] padding [0, 0] groups 1
      {config = #xplat.config<kernel = @conv2d, unroll = <1, 1, 2, 3, 1, 1>, place = #a>}
      : tensor<1x2x3x3x!q> -> tensor<1x4x1x1x!q> loc("conv")
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x4x1x1x!q> -> tensor<1x4x1x1xf32>
  return %2 : tensor<1x4x1x1xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>

// A kernel with a memory of indices skips weights: two of each group of four lie in its words, two groups a word.
// CHECK-DAG: xplat.param @"w:kept_weights" = <compress(@w)> : tensor<4x2x4x!quant.uniform<i8:f32, 6.250000e-02>>
// CHECK-DAG: xplat.param @"w:index" = <compress_index(@w)> : tensor<4x2x4xi2>
// CHECK-DAG: xplat.rom @fc_weight of @"w:kept_weights" permutation [0, 1, 2] tile [2, 2, 2] element_bits 8 word_bits 64 depth 4
// CHECK-DAG: xplat.rom @fc_index of @"w:index" permutation [0, 1, 2] tile [2, 2, 2] element_bits 2 word_bits 16 depth 4
// CHECK: roms = [#xplat.rom_use<"weight", @fc_weight>, #xplat.rom_use<"index", @fc_index>]
xplat.param @w {sparsity = #xplat.sparsity<n = 2, m = 4, nonzeros = 30>} : tensor<4x16x!q>
func.func @forward(%x: tensor<1x16xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x16xf32> -> tensor<1x16x!q> loc("x")
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear_sparse, unroll = <1, 2, 8>, place = #a>}
      : tensor<1x16x!q> -> tensor<1x4x!q> loc("fc")
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x4x!q> -> tensor<1x4xf32> loc("y")
  return %2 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>

// Memories become files: names that differ only in case, which some file systems ignore, are no two names.
// CHECK-DAG: xplat.rom @Fc_weight of @w
// CHECK-DAG: xplat.rom @fc_weight_1 of @v
// CHECK: roms = [#xplat.rom_use<"weight", @Fc_weight>]
// CHECK: roms = [#xplat.rom_use<"weight", @fc_weight_1>]
xplat.param @w : tensor<8x8x!q>
xplat.param @v : tensor<8x8x!q>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x8xf32> -> tensor<1x8x!q>
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 2, 4>, place = #a>}
      : tensor<1x8x!q> -> tensor<1x8x!q> loc("Fc")
  %2 = xplat.linear %1 weight @v {config = #xplat.config<kernel = @linear, unroll = <1, 2, 4>, place = #a>}
      : tensor<1x8x!q> -> tensor<1x8x!q> loc("fc")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x8x!q> -> tensor<1x8xf32>
  return %3 : tensor<1x8xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i4:f32, 6.25e-02>
!r = !quant.uniform<i8:f32, 3.125e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @lookup_table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
  streams in ["in"] out ["out"]
  lookup table (bits_y) x (exp2 (bits_x)) copies (p_c)
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}

// A table holds the node's result for every number of its operand's format: a function of the node alone, which has
// neither mapping nor stream.
// CHECK: func.func private @"act:function"(%[[X:.*]]: tensor<16x![[Q:.*]]>) -> tensor<16x![[R:.*]]> {
// CHECK-NEXT: %[[Y:.*]] = xplat.gelu %[[X]] tanh : tensor<16x![[Q]]> -> tensor<16x![[R]]>
// CHECK-NEXT: return %[[Y]]
// CHECK-DAG: xplat.param @"act:inputs" = <every_number()> : tensor<16x![[Q]]>
// CHECK-DAG: xplat.param @"act:table" = <evaluate(@"act:inputs") function = @"act:function"> : tensor<16x![[R]]>
// What is read by addresses is a ROM, whatever is asked for.
// CHECK-DAG: xplat.rom @act_table of @"act:table" permutation [0] tile [1] element_bits 8 word_bits 8 depth 16{{$}}
// CHECK: xplat.gelu
// CHECK-SAME: roms = [#xplat.rom_use<"table", @act_table>]
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = #a>} : tensor<1x8xf32> -> !xplat.stream<1x8x!q, beat = (4)>
  %1 = xplat.gelu %0 tanh {config = #xplat.config<kernel = @lookup_table, unroll = <1, 4>, place = #a>, fixed = #xplat.config<unroll = <1, 4>, memories = ram>}
      : !xplat.stream<1x8x!q, beat = (4)> -> !xplat.stream<1x8x!r, beat = (4)> loc("act")
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 4>, place = #a>} : !xplat.stream<1x8x!r, beat = (4)> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i4:f32, 6.25e-02>
!r = !quant.uniform<i8:f32, 3.125e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @polynomial implements "ElementwiseOpInterface" rtl "xplat_polynomial" files ["polynomial.sv"] {
  streams in ["in"] out ["out"]
  lookup range (clog2 (segments) + clog2 (longest - shortest + 1)) x (ranges) copies (p_c)
  lookup coefficient (bits_0 + bits_1 + bits_2) x (segments) copies (p_c)
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}

// The words of polynomials are numbers of the attribute. Of each half of the operand's numbers: in the low three bits
// where its segments begin, above them by how many bits these are shorter than the longest. Of each segment: seven bits
// for the constant, three for the linear coefficient.
// CHECK: xplat.rom @act_range values [16, 4] permutation [0] tile [1] element_bits 5 word_bits 5 depth 2
// CHECK: xplat.rom @act_coefficient values [384, 396, 936, 5, 377] permutation [0] tile [1] element_bits 10 word_bits 10 depth 5
// CHECK: roms = [#xplat.rom_use<"range", @act_range>, #xplat.rom_use<"coefficient", @act_coefficient>]
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = #a>} : tensor<1x8xf32> -> !xplat.stream<1x8x!q, beat = (4)>
  %1 = xplat.gelu %0 tanh {config = #xplat.config<kernel = @polynomial, unroll = <1, 4>, place = #a>,
      polynomials = #xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [4, 1], length_bits = [1, 3], coefficients = [0, 3, 12, 3, 40, -1, 5, 0, -7, 2]>}
      : !xplat.stream<1x8x!q, beat = (4)> -> !xplat.stream<1x8x!r, beat = (4)> loc("act")
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 4>, place = #a>} : !xplat.stream<1x8x!r, beat = (4)> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

// What holds the words that a kernel takes in order, the fixed configuration says.
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>

// CHECK-DAG: xplat.rom @near_weight {{.*}} depth 4{{$}}
// CHECK-DAG: xplat.rom @filled_weight {{.*}} depth 4 kind ultra_ram
// CHECK-DAG: xplat.rom @far_weight {{.*}} depth 4 kind outside
xplat.param @w : tensor<8x8x!q>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x8xf32> -> tensor<1x8x!q> loc("x")
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 4, 4>, place = #a>}
      : tensor<1x8x!q> -> tensor<1x8x!q> loc("near")
  // CHECK: xplat.linear {{.*}} fixed = #xplat.config<memories = ultra_ram>
  %2 = xplat.linear %1 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 4, 4>, place = #a>,
                                  fixed = #xplat.config<memories = ultra_ram>}
      : tensor<1x8x!q> -> tensor<1x8x!q> loc("filled")
  %3 = xplat.linear %2 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 4, 4>, place = #a>,
                                  fixed = #xplat.config<kernel = @linear, memories = outside>}
      : tensor<1x8x!q> -> tensor<1x8x!q> loc("far")
  %4 = xplat.host_output %3 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x8x!q> -> tensor<1x8xf32> loc("y")
  return %4 : tensor<1x8xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-place-parameters -verify-diagnostics

!q = !quant.uniform<i8:f32, 6.25e-02>
!w = !quant.uniform<i8:f32:0, {6.25e-02, 3.637978807091713e-12}>
#a = #xplat.place<@rack::@a>
xplat.param @w : tensor<2x4x!w>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x4xf32> -> tensor<1x4x!q>
  // expected-error@+1 {{channel 1 of @w needs a shift by 38, but a shift has 6 bits, signed; request for the weight a number of bits such as i8, so that xplat-quantize chooses its scale}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, place = #a>} : tensor<1x4x!q> -> tensor<1x2x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x2x!q> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.param @w : tensor<2x4x!q>
xplat.kernel @wrong implements "xplat.linear" rtl "linear" files ["linear.sv"] {
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x (n * k + 1)
  cycles (m * n * k)
  latency (10)
  buffer (2 * k)
  area dsp (1)
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x4xf32> -> tensor<1x4x!q>
  // expected-error@+1 {{memory 'weight' of its kernel has 9 words of 8 bits, but its contents are 8 words of 8 bits}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @wrong, place = #a>} : tensor<1x4x!q> -> tensor<1x2x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x2x!q> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.param @w : tensor<2x4x!q>
xplat.kernel @shifting implements "xplat.linear" rtl "linear" files ["linear.sv"] {
  streams in ["in"] out ["out"]
  memory shift (p_n * 6) x (n)
  cycles (m * n * k)
  latency (10)
  buffer (2 * k)
  area dsp (1)
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x4xf32> -> tensor<1x4x!q>
  // expected-error@+1 {{its kernel has a memory of shifts, but no parameter has a scale per channel}}
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @shifting, place = #a>} : tensor<1x4x!q> -> tensor<1x2x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x2x!q> -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i4:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @lookup_table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
  streams in ["a", "b"] out ["out"]
  lookup table (bits_y) x (exp2 (input_bits))
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x4xf32> -> tensor<1x4x!q>
  // expected-error@+1 {{its kernel has a table of results, but it is not element-wise with one fixed-point operand of at most 20 bits}}
  %1 = xplat.mul %0, %0 {config = #xplat.config<kernel = @lookup_table, place = #a>} : tensor<1x4x!q>, tensor<1x4x!q> -> tensor<1x4x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x4x!q> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

// -----

!q = !quant.uniform<i4:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @polynomial implements "ElementwiseOpInterface" rtl "xplat_polynomial" files ["polynomial.sv"] {
  streams in ["in"] out ["out"]
  lookup coefficient (8) x (16)
  cycles (n * (c floordiv p_c)) latency (1) buffer (1) area lut (p_c)
}
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, place = #a>} : tensor<1x4xf32> -> tensor<1x4x!q>
  // expected-error@+1 {{its kernel has a memory 'coefficient', but the node has no polynomials}}
  %1 = xplat.exp %0 {config = #xplat.config<kernel = @polynomial, place = #a>} : tensor<1x4x!q> -> tensor<1x4x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, place = #a>} : tensor<1x4x!q> -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

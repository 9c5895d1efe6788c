// RUN: xplat-opt %s -split-input-file -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-annotate-cost -xplat-convert-to-dataflow -xplat-size-fifos -mlir-print-debuginfo -mlir-print-local-scope | FileCheck %s

// The documentation's example.
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>

// A residual block: the sum waits for the convolution, which needs a row and a pixel before it begins. What the
// other branch sends in the meantime waits in a FIFO; without it the fork could not go on and all would stand
// still. Neither side of the sum waits for long, nor does anything else.
// CHECK-LABEL: func.func @forward
// CHECK-NOT: xplat.fifo
// CHECK: %[[F:.*]]:2 = xplat.fork
// CHECK-NOT: xplat.fifo
// CHECK: %[[C:.*]] = xplat.conv2d
// CHECK: %[[Q:.*]] = xplat.fifo %[[F]]#1 depth 29 {area = #xplat.resources<lut = 29>, config = #xplat.config<kernel = @fifo, place = <@rack::@a>>, rate = #xplat.rate<cycles = 64, latency = 1>}
// CHECK-SAME: loc("x.fork.to.sum.fifo"
// CHECK: xplat.add %[[C]], %[[Q]]
// CHECK-NOT: xplat.fifo
// CHECK: xplat.mapping @forward on @rack clock_mhz 1.000000e+02 cycles 128 latency_cycles 163
// CHECK-SAME: bottleneck "conv" usage [#xplat.usage<@rack::@a, used = <lut = 58, dsp = 18>, budget = <lut = 1000, dsp = 100>>]
xplat.param @w : tensor<4x4x3x3x!q>
func.func @forward(%x: tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>}
      : tensor<1x4x4x4xf32> -> tensor<1x4x4x4x!q> loc("x")
  %1 = xplat.conv2d %0 weight @w stride [1, 1] padding [1, 1] groups 1
      {config = #xplat.config<kernel = @conv2d, unroll = <1, 1, 1, 3, 3, 2>, place = #a>}
      : tensor<1x4x4x4x!q> -> tensor<1x4x4x4x!q> loc("conv")
  %2 = xplat.add %1, %0 {config = #xplat.config<kernel = @add, unroll = <1, 1>, place = #a>}
      : tensor<1x4x4x4x!q>, tensor<1x4x4x4x!q> -> tensor<1x4x4x4x!q> loc("sum")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>}
      : tensor<1x4x4x4x!q> -> tensor<1x4x4x4xf32> loc("y")
  return %3 : tensor<1x4x4x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 200 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <lut = 1000, dsp = 100>>]

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>

// A chain over two devices: kernels hold what they need, and the slower link sets the pace. Its area counts twice.
// CHECK-LABEL: func.func @forward
// CHECK-NOT: xplat.fifo
// CHECK: xplat.link
// CHECK-SAME: phit_bits 2 latency_cycles 4 credits 4
// CHECK-NOT: xplat.fifo
// CHECK: xplat.mapping @forward on @rack clock_mhz 1.000000e+02 cycles 16 latency_cycles
// CHECK-SAME: bottleneck "fc"
// CHECK-SAME: #xplat.usage<@rack::@a, used = <lut = 100, dsp = 2>
// CHECK-SAME: #xplat.usage<@rack::@b, used = <lut = 110>
xplat.param @w : tensor<4x8x!q>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x4xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 2>, place = #a>}
      : tensor<1x8xf32> -> tensor<1x8x!q> loc("x")
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @linear, unroll = <1, 1, 2>, place = #a>}
      : tensor<1x8x!q> -> tensor<1x4x!q> loc("fc")
  %2 = xplat.relu %1 {config = #xplat.config<kernel = @relu, unroll = <1, 1>, place = #b>}
      : tensor<1x4x!q> -> tensor<1x4x!q> loc("act")
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #b>}
      : tensor<1x4x!q> -> tensor<1x4xf32> loc("y")
  return %3 : tensor<1x4xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 16 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <lut = 1000, dsp = 100>>,
                                         #xplat.usage<@rack::@b, used = <>, budget = <lut = 1000, dsp = 100>>]

// -----

!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>

// Kernels whose `ready` is combinational: a FIFO between two of them keeps the path of `ready` short, although no beat
// ever waits. Elsewhere none is needed.
// CHECK-LABEL: func.func @forward
// CHECK-NOT: xplat.fifo
// CHECK: %[[R:.*]] = xplat.relu
// CHECK-NEXT: %[[Q:.*]] = xplat.fifo %[[R]] depth 2
// CHECK-NEXT: %[[S:.*]] = xplat.relu %[[Q]]
// CHECK-NEXT: xplat.relu %[[S]]
// CHECK-NOT: xplat.fifo
// CHECK: xplat.mapping @forward on @rack clock_mhz 1.000000e+02 cycles 8 latency_cycles 11
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>}
      : tensor<1x8xf32> -> tensor<1x8x!q> loc("x")
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu_direct, unroll = <1, 1>, place = #a>}
      : tensor<1x8x!q> -> tensor<1x8x!q> loc("first")
  %2 = xplat.relu %1 {config = #xplat.config<kernel = @relu_direct, unroll = <1, 1>, place = #a>}
      : tensor<1x8x!q> -> tensor<1x8x!q> loc("second")
  %3 = xplat.relu %2 {config = #xplat.config<kernel = @relu, unroll = <1, 1>, place = #a>}
      : tensor<1x8x!q> -> tensor<1x8x!q> loc("third")
  %4 = xplat.host_output %3 {config = #xplat.config<kernel = @host_output, unroll = <1, 1>, place = #a>}
      : tensor<1x8x!q> -> tensor<1x8xf32> loc("y")
  return %4 : tensor<1x8xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 8 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage [#xplat.usage<@rack::@a, used = <>, budget = <lut = 1000, dsp = 100>>]

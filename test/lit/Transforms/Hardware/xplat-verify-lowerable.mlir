// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-annotate-cost -xplat-convert-to-dataflow -xplat-size-fifos -xplat-place-parameters -xplat-verify-lowerable | FileCheck %s
// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-annotate-cost -xplat-dataflow | FileCheck %s

// The documentation's example.
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
#b = #xplat.place<@rack::@b>

// What the dataflow passes make is lowerable.
// CHECK-LABEL: func.func @forward
// CHECK: xplat.link
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

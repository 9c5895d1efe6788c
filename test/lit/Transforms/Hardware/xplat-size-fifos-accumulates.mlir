// RUN: xplat-opt %s -xplat-link-library="files=%S/../../Inputs/dataflow.mlir" -xplat-size-fifos="size=false" | FileCheck %s

// Sums that take up each beat as it comes: a buffer of two beats does for rows of four, and results begin with the last
// beat of their row.
// CHECK: xplat.mapping @forward on @rack clock_mhz 1.000000e+02 cycles 4 latency_cycles
!q = !quant.uniform<i8:f32, 6.25e-02>
#a = #xplat.place<@rack::@a>
xplat.kernel @sums implements "xplat.linear" rtl "sums" files ["sums.sv"] {
  streams in ["in"] out ["out"]
  memory weight (bits_weight * n) x (k)
  cycles (m, m * k)
  latency (12)
  buffer (2)
  accumulates
  area lut (1)
}
xplat.param @w : tensor<8x4x!q>
func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = <1, 1>, place = #a>} : tensor<1x4xf32> -> tensor<1x4x!q>
  %1 = xplat.linear %0 weight @w {config = #xplat.config<kernel = @sums, unroll = <1, 8, 1>, place = #a>} : tensor<1x4x!q> -> tensor<1x8x!q>
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = <1, 8>, place = #a>} : tensor<1x8x!q> -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
xplat.mapping @forward on @rack clock_mhz 100.0 cycles 4 latency_cycles 0 bound_cycles 4 bound_kind node
    bound_reason "" bottleneck "" usage []

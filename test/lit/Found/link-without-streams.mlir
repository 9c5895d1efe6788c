// RUN: not xplat-opt %s -xplat-outline-devices -xplat-lower-to-circt 2>&1 | FileCheck %s

// A kernel that carries a stream to another device names the streams on both of its sides.
// CHECK: error: 'xplat.link' op expected kernel @link to name one stream 'out' but it names 0
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 8 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.system @s {
  xplat.instance @a of @board
  xplat.instance @b of @board
  xplat.cable @cable @a port @link to @b port @link
}
xplat.mapping @forward on @s clock_mhz 100.0 cycles 2 latency_cycles 1 bound_cycles 2 bound_kind node
    bound_reason "relu" bottleneck "relu" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @link implements "xplat.link" rtl "xplat_link" files ["link.sv"] {
  streams in ["in"] out []
  cycles (n) latency (1) buffer (1) area lut (0)
}
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>, beat = (4)>
#l = #xplat.unroll<1, 4>
#a = #xplat.place<@s::@a>
#b = #xplat.place<@s::@b>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = #l, place = #a>} : tensor<1x8xf32> -> !s
  %1 = xplat.link %0 over @s::@cable to <@s::@b> phit_bits 32 latency_cycles 8 credits 16
      {config = #xplat.config<kernel = @link, place = #a>} : !s -> !s
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = #l, place = #b>} : !s -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

// RUN: xplat-opt %s -xplat-lower-to-circt -mlir-print-op-generic > %t.hw
// RUN: FileCheck %s < %t.hw
// RUN: xplat-opt %t.hw -mlir-print-op-generic | diff %t.hw -

// The documentation's example. One device, no link, one top.

// CHECK: "hw.instance"(%{{.*}}, %{{.*}}, %[[IN:.*]]) {argNames = ["clk_i", "rst_ni", "x"], instanceName = "xplat_relu", moduleName = @relu_i8f4_i8f4_x4,
// CHECK: input in0 : !esi.channel<i32>, output out0 : !esi.channel<i32>>, parameters = [], sym_name = "fpga0"}
// CHECK: sym_name = "relu_i8f4_i8f4_x4"}
// CHECK: moduleName = @fpga0
// CHECK: input in0 : !esi.channel<i32>, output out0 : !esi.channel<i32>>, parameters = [], sym_name = "xplat_system"}
// CHECK-NOT: xplat_system_direct

xplat.device @board fpga part "xc7z020clg484-1" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 2 latency_cycles 1 bound_cycles 2 bound_kind node
    bound_reason "relu" bottleneck "relu" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
!stream = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>, beat = (4)>
#lanes = #xplat.unroll<1, 4>
#fpga0 = #xplat.place<@one::@fpga0>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> attributes {xplat.target = #xplat.target<host>} {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = #lanes, place = #fpga0>} : tensor<1x8xf32> -> !stream
  xplat.send %0 to @x : !stream
  %1 = xplat.receive @y : !stream
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = #lanes, place = #fpga0>} : !stream -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
func.func private @forward_fpga0() attributes {xplat.place = #fpga0, xplat.target = #xplat.target<rtl>} {
  %0 = xplat.receive @x : !stream
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = #lanes, place = #fpga0>} : !stream -> !stream
  xplat.send %1 to @y : !stream
  return
}

// RUN: xplat-opt %s -xplat-outline-devices -xplat-lower-to-circt -mlir-print-op-generic | FileCheck %s

// Two devices with clocks of their own. The tops have a clock and a reset for each. The end of the link on the device
// that receives, its cable and the operand of the clock crossing have those of the device that sends.

// CHECK-DAG: argNames = ["clk_i", "rst_ni", "in_clk_i", "in_rst_ni", "in_valid_i", "in_data_i", "out_ready_i"], instanceName = "xplat_cdc"
// CHECK-DAG: input clk_i : !seq.clock, input rst_ni : i1, input slow_clk_i : !seq.clock, input slow_rst_ni : i1, {{.*}}sym_name = "fast_core"
// CHECK-DAG: input clk_i : !seq.clock, input rst_ni : i1, input slow_clk_i : !seq.clock, input slow_rst_ni : i1, {{.*}}sym_name = "fast"
// CHECK-DAG: input slow_clk_i : !seq.clock, input slow_rst_ni : i1, input fast_clk_i : !seq.clock, input fast_rst_ni : i1, {{.*}}sym_name = "xplat_system"
// CHECK-DAG: input slow_clk_i : !seq.clock, input slow_rst_ni : i1, input fast_clk_i : !seq.clock, input fast_rst_ni : i1, {{.*}}sym_name = "xplat_system_direct"
// CHECK-DAG: xplat.devices = {fast = {clock = "fast_clk_i", link_clocks = {slow_clk_i = 1.000000e+02 : f64}, link_ports = {slow_rst_ni = "slow_clk_i", xplat_link_credit_o = "slow_clk_i", xplat_link_phit_data_i = "slow_clk_i", xplat_link_phit_valid_i = "slow_clk_i"}, mhz = 2.500000e+02 : f64, module = "fast", reset = "fast_rst_ni", ticks = 2 : i64, words = {}}, slow = {clock = "slow_clk_i", link_clocks = {}, link_ports = {}, mhz = 1.000000e+02 : f64, module = "slow", reset = "slow_rst_ni", ticks = 5 : i64, words = {}}}

xplat.device @steady fpga part "xc7z020clg484-1" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.device @swift fpga part "xcu250" clock_mhz 250.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.system @mixed {
  xplat.instance @slow of @steady
  xplat.instance @fast of @swift
  xplat.cable @cable @slow port @link to @fast port @link
}
xplat.mapping @forward on @mixed clock_mhz 500.0 cycles 20 latency_cycles 1 bound_cycles 2 bound_kind node
    bound_reason "link" bottleneck "link" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @cdc implements "xplat.cdc" rtl "xplat_cdc" files ["cdc.sv"] {
  streams in ["in"] out ["out"]
  cycles (n) latency (4) buffer (16) area lut (0)
}
xplat.kernel @link implements "xplat.link" rtl "xplat_link" files ["link.sv"] {
  streams in ["in"] out ["out"]
  cycles (n) latency (1) buffer (1) area lut (0)
}
!stream = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>, beat = (4)>
#lanes = #xplat.unroll<1, 4>
#slow = #xplat.place<@mixed::@slow>
#fast = #xplat.place<@mixed::@fast>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = #lanes, place = #slow>} : tensor<1x8xf32> -> !stream
  %1 = xplat.link %0 over @mixed::@cable to <@mixed::@fast> phit_bits 16 latency_cycles 8 credits 12 {config = #xplat.config<kernel = @link, place = #slow>} : !stream -> !stream
  %2 = xplat.cdc %1 depth 16 {config = #xplat.config<kernel = @cdc, place = #fast>} : !stream -> !stream
  %3 = xplat.host_output %2 {config = #xplat.config<kernel = @host_output, unroll = #lanes, place = #fast>} : !stream -> tensor<1x8xf32>
  return %3 : tensor<1x8xf32>
}

// RUN: xplat-opt %s -xplat-outline-devices -xplat-lower-to-circt -mlir-print-op-generic -mlir-print-debuginfo | FileCheck %s

// Names of the model and its files become comments: one line of plain text, and no directive to a tool. Devices are
// modules, and so files: no keyword, no name of a cell's, none that differs from another only in case. The module says
// which is which.

// CHECK-DAG: loc("x_y"
// CHECK-DAG: loc("_verilator lint_off WIDTH"
// CHECK-DAG: loc("a _/_ b_ ___ __"
// CHECK-DAG: "_synopsys_/model.py":7:0
// CHECK: xplat.devices = {"FPGA\0A$finish;" = {{{.*}}module = "FPGA__finish_"{{.*}}"fpga\0A$finish;" = {{{.*}}module = "fpga__finish__1"{{.*}}module = {{{.*}}module = "module_0"{{.*}}xplat_fifo = {{{.*}}module = "nxplat_fifo"

xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 8 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.system @s {
  xplat.instance @"FPGA\0A$finish;" of @board
  xplat.instance @"fpga\0A$finish;" of @board
  xplat.instance @module of @board
  xplat.instance @xplat_fifo of @board
  xplat.cable @a @"FPGA\0A$finish;" port @link to @"fpga\0A$finish;" port @link
  xplat.cable @b @"fpga\0A$finish;" port @link to @module port @link
  xplat.cable @c @module port @link to @xplat_fifo port @link
}
xplat.mapping @forward on @s clock_mhz 100.0 cycles 2 latency_cycles 1 bound_cycles 2 bound_kind node
    bound_reason "relu" bottleneck "relu" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
xplat.kernel @link implements "xplat.link" rtl "xplat_link" files ["link.sv"] {
  streams in ["in"] out ["out"]
  cycles (n) latency (1) buffer (1) area lut (0)
}
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>, beat = (4)>
#l = #xplat.unroll<1, 4>
#p0 = #xplat.place<@s::@"FPGA\0A$finish;">
#p1 = #xplat.place<@s::@"fpga\0A$finish;">
#p2 = #xplat.place<@s::@module>
#p3 = #xplat.place<@s::@xplat_fifo>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = #l, place = #p0>} : tensor<1x8xf32> -> !s
  %1 = xplat.relu %0 {config = #xplat.config<kernel = @relu, unroll = #l, place = #p0>} : !s -> !s loc("x\0Ay"("synopsys\0A/model.py":7:0))
  %2 = xplat.link %1 over @s::@a to <@s::@"fpga\0A$finish;"> phit_bits 32 latency_cycles 8 credits 16 {config = #xplat.config<kernel = @link, place = #p0>} : !s -> !s
  %3 = xplat.relu %2 {config = #xplat.config<kernel = @relu, unroll = #l, place = #p1>} : !s -> !s loc("verilator lint_off WIDTH")
  %4 = xplat.link %3 over @s::@b to <@s::@module> phit_bits 32 latency_cycles 8 credits 16 {config = #xplat.config<kernel = @link, place = #p1>} : !s -> !s
  %5 = xplat.relu %4 {config = #xplat.config<kernel = @relu, unroll = #l, place = #p2>} : !s -> !s loc("a */* b\\ \E5\90\8D`\E2\80\AE \00\E9")
  %6 = xplat.link %5 over @s::@c to <@s::@xplat_fifo> phit_bits 32 latency_cycles 8 credits 16 {config = #xplat.config<kernel = @link, place = #p2>} : !s -> !s
  %7 = xplat.relu %6 {config = #xplat.config<kernel = @relu, unroll = #l, place = #p3>} : !s -> !s loc("x")
  %8 = xplat.host_output %7 {config = #xplat.config<kernel = @host_output, unroll = #l, place = #p3>} : !s -> tensor<1x8xf32>
  return %8 : tensor<1x8xf32>
}

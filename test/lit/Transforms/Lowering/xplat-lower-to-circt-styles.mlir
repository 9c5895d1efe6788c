// RUN: xplat-opt %s -xplat-outline-devices -xplat-lower-to-circt -split-input-file -mlir-print-op-generic -verify-diagnostics | FileCheck %s

// The family of the device says what a memory of a kernel is made of: the first style whose condition holds, by bits
// and words of the memory; what it does not choose is left to tools.

xplat.family @small source "for tests" {
  part logic (luts) lut (luts)
  style ram (bits, words) registers (words <= 4) distributed (bits * words <= 2048) block (words <= 1024)
  resource lut (lut)
}
xplat.device @board fpga part "p" family @small clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 2 latency_cycles 1 bound_cycles 2 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @fifo implements "xplat.fifo" rtl "my_fifo" files ["fifo.sv"] {
  streams in ["in"] out ["out"]
  parameter Depth (depth)
  parameter RamStyle style ram (beat_bits, depth)
  cycles (n) latency (1) buffer (depth) area lut (0)
}
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>, beat = (4)>
#lanes = #xplat.unroll<1, 4>
#c = #xplat.config<kernel = @fifo, place = <@one::@fpga0>>
// CHECK: "Depth": si32 = 4> : si32, #hw.param.decl<"RamStyle": none = "registers">
// CHECK: "Depth": si32 = 64> : si32, #hw.param.decl<"RamStyle": none = "distributed">
// CHECK: "Depth": si32 = 65> : si32, #hw.param.decl<"RamStyle": none = "block">
// CHECK: "Depth": si32 = 1025> : si32, #hw.param.decl<"RamStyle": none = "auto">
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = #lanes, place = <@one::@fpga0>>} : tensor<1x8xf32> -> !s
  %1 = xplat.fifo %0 depth 4 {config = #c} : !s -> !s
  %2 = xplat.fifo %1 depth 64 {config = #c} : !s -> !s
  %3 = xplat.fifo %2 depth 65 {config = #c} : !s -> !s
  %4 = xplat.fifo %3 depth 1025 {config = #c} : !s -> !s
  %5 = xplat.host_output %4 {config = #xplat.config<kernel = @host_output, unroll = #lanes, place = <@one::@fpga0>>} : !s -> tensor<1x8xf32>
  return %5 : tensor<1x8xf32>
}

// -----

// A family that chooses nothing, and one that chooses by other numbers.

xplat.family @small source "for tests" {
  part logic (luts) lut (luts)
  resource lut (lut)
}
xplat.device @board fpga part "p" family @small clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 2 latency_cycles 1 bound_cycles 2 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @fifo implements "xplat.fifo" rtl "my_fifo" files ["fifo.sv"] {
  streams in ["in"] out ["out"]
  parameter Depth (depth)
  parameter RamStyle style ram (beat_bits, depth)
  cycles (n) latency (1) buffer (depth) area lut (0)
}
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>, beat = (4)>
#lanes = #xplat.unroll<1, 4>
#c = #xplat.config<kernel = @fifo, place = <@one::@fpga0>>
// CHECK: "Depth": si32 = 4> : si32, #hw.param.decl<"RamStyle": none = "auto">
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = #lanes, place = <@one::@fpga0>>} : tensor<1x8xf32> -> !s
  %1 = xplat.fifo %0 depth 4 {config = #c} : !s -> !s
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = #lanes, place = <@one::@fpga0>>} : !s -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

// -----

xplat.family @small source "for tests" {
  part logic (luts) lut (luts)
  style ram (bits) block (1)
  resource lut (lut)
}
xplat.device @board fpga part "p" family @small clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.mapping @forward on @one clock_mhz 100.0 cycles 2 latency_cycles 1 bound_cycles 2 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @fifo implements "xplat.fifo" rtl "my_fifo" files ["fifo.sv"] {
  streams in ["in"] out ["out"]
  parameter Depth (depth)
  parameter RamStyle style ram (beat_bits, depth)
  cycles (n) latency (1) buffer (depth) area lut (0)
}
!s = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>, beat = (4)>
#lanes = #xplat.unroll<1, 4>
#c = #xplat.config<kernel = @fifo, place = <@one::@fpga0>>
func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = xplat.host_input %x {config = #xplat.config<kernel = @host_input, unroll = #lanes, place = <@one::@fpga0>>} : tensor<1x8xf32> -> !s
  // expected-error @below {{'xplat.fifo' op expected device family @small to choose a style of 'ram' by 2 number(s), here (32, 4)}}
  %1 = xplat.fifo %0 depth 4 {config = #c} : !s -> !s
  %2 = xplat.host_output %1 {config = #xplat.config<kernel = @host_output, unroll = #lanes, place = <@one::@fpga0>>} : !s -> tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}

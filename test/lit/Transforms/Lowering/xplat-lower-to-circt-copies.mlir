// RUN: xplat-opt %s -xplat-outline-devices -xplat-lower-to-circt -mlir-print-op-generic | FileCheck %s

// A memory with a copy for each lane: one port with all addresses and words side by side, and a ROM for each.

xplat.mapping @forward on @one clock_mhz 100.0 cycles 8 latency_cycles 8 bound_cycles 8 bound_kind node
    bound_reason "x" bottleneck "x" usage []
xplat.device @board fpga part "p" clock_mhz 100.0 resources <lut = 1> source "data sheet" {}
xplat.system @one { xplat.instance @fpga0 of @board }
xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @lookup_table implements "ElementwiseOpInterface" rtl "xplat_table" files ["table.sv"] {
  streams in ["in"] out ["out"]
  lookup table (bits_y) x (exp2 (bits_x)) copies (p_c)
  parameter Lanes (p_c)
  cycles (n) latency (1) buffer (1) area lut (0)
}
!x = !quant.uniform<i3:f32, 6.25e-02>
!y = !quant.uniform<i5:f32, 6.25e-02>
xplat.param @results : tensor<8x!y>
xplat.rom @act_table of @results permutation [0] tile [1] element_bits 5 word_bits 5 depth 8

// CHECK: output table_en_o : i2, output table_addr_o : i6, input table_data_i : i10, {{.*}}sym_name = "[[TABLE:.*]]", verilogName = "xplat_table"
// CHECK: %[[ACT:.*]]:5 = "hw.instance"({{.*}}, %[[WORDS:.*]], %{{.*}}) {{.*}}instanceName = "act", moduleName = @[[TABLE]], parameters = [#hw.param.decl<"Lanes": si32 = 2> : si32]
// CHECK: %[[E0:.*]] = "comb.extract"(%[[ACT]]#1) {lowBit = 0 : i32} : (i2) -> i1
// CHECK: %[[A0:.*]] = "comb.extract"(%[[ACT]]#2) {lowBit = 0 : i32} : (i6) -> i3
// CHECK: %[[W0:.*]] = "hw.instance"(%{{.*}}, %[[E0]], %[[A0]]) {{.*}}instanceName = "act_table_0", {{.*}}#hw.param.decl<"MemFile": none = "act_table.mem">
// CHECK: %[[E1:.*]] = "comb.extract"(%[[ACT]]#1) {lowBit = 1 : i32} : (i2) -> i1
// CHECK: %[[A1:.*]] = "comb.extract"(%[[ACT]]#2) {lowBit = 3 : i32} : (i6) -> i3
// CHECK: %[[W1:.*]] = "hw.instance"(%{{.*}}, %[[E1]], %[[A1]]) {{.*}}instanceName = "act_table_1", {{.*}}#hw.param.decl<"MemFile": none = "act_table.mem">
// CHECK: %[[WORDS]] = "comb.concat"(%[[W1]], %[[W0]])
func.func @forward(%arg0: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, unroll = <1, 2>, place = <@one::@fpga0>>} : tensor<1x4xf32> -> !xplat.stream<1x4x!x, beat = (2)>
  %0 = xplat.exp %in {config = #xplat.config<kernel = @lookup_table, unroll = <1, 2>, place = <@one::@fpga0>, roms = [#xplat.rom_use<"table", @act_table>]>}
      : !xplat.stream<1x4x!x, beat = (2)> -> !xplat.stream<1x4x!y, beat = (2)> loc("act")
  %out = xplat.host_output %0 {config = #xplat.config<kernel = @host_output, unroll = <1, 2>, place = <@one::@fpga0>>} : !xplat.stream<1x4x!y, beat = (2)> -> tensor<1x4xf32>
  return %out : tensor<1x4xf32>
}

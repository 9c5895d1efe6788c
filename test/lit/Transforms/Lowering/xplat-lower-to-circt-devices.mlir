// RUN: xplat-opt %s -xplat-outline-devices -xplat-lower-to-circt -mlir-print-op-generic > %t.hw
// RUN: FileCheck %s < %t.hw
// RUN: xplat-opt %t.hw -mlir-print-op-generic | diff %t.hw -
// RUN: sed 's/word_bits 64 depth 8/& kind outside/' %s | xplat-opt -xplat-outline-devices -xplat-lower-to-circt \
// RUN:     -mlir-print-op-generic | FileCheck %s --check-prefix=OUTSIDE

// A residual block over two devices: every backend of kernels, and both tops.

xplat.device @board fpga part "xc7z020clg484-1" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {
  xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "data sheet"
}
xplat.system @pair {
  xplat.instance @fpga0 of @board
  xplat.instance @fpga1 of @board
  xplat.cable @cable @fpga0 port @link to @fpga1 port @link
}
xplat.mapping @forward on @pair clock_mhz 100.0 cycles 8 latency_cycles 40 bound_cycles 8 bound_kind node
    bound_reason "fc" bottleneck "fc" usage []

xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
xplat.kernel @add implements "xplat.add" generated {
  cycles (n) latency (stages) buffer (stages + 1) area lut (0)
}
xplat.kernel @reshape implements "xplat.reshape" wire { cycles (n) latency (0) buffer (0) area lut (0) }
xplat.kernel @fork implements "xplat.fork" rtl "xplat_fork" files ["fork.sv"] {
  streams in ["in"] out ["out"]
  parameter DataWidth (p_n * bits_x)
  parameter NumOut (outs)
  cycles (n) latency (1) buffer (1) area lut (0)
}
xplat.kernel @rewidth implements "xplat.convert_stream" rtl "xplat_rewidth" files ["rewidth.sv"] {
  streams in ["in"] out ["out"]
  cycles (n) latency (1) buffer (1) area lut (0)
}
xplat.kernel @link implements "xplat.link" rtl "xplat_link" files ["tx.sv", "rx.sv"] {
  streams in ["in"] out ["out"]
  parameter DataWidth (p_n * bits_x)
  parameter PhitWidth (phit_bits)
  cycles (n) latency (1) buffer (1) area lut (0)
}
xplat.kernel @linear implements "xplat.linear" rtl "xplat_linear" files ["linear.sv"] {
  streams in ["in"] out ["out"]
  memory weight (p_n * p_k * bits_weight) x ((n floordiv p_n) * (k floordiv p_k))
  memory bias (p_n * 2) x (0)
  parameter In (k)
  parameter Shift (frac_x + frac_weight - frac_y - 16)
  cycles (n) latency (1) buffer (1) area lut (0)
}

xplat.param @fc.weight : tensor<8x8x!quant.uniform<i8:f32, 6.25e-02>>
xplat.rom @fc_weight of @fc.weight permutation [0, 1] tile [2, 4] element_bits 8 word_bits 64 depth 8

!f8 = !quant.uniform<i8:f32, 6.25e-02>
!s4 = !xplat.stream<1x8x!f8, beat = (4)>
!s2a = !xplat.stream<1x8x!f8, beat = (2)>
!s2 = !xplat.stream<1x8x!quant.uniform<i8:f32, 1.25e-01>, beat = (2)>
!s2x = !xplat.stream<8x!quant.uniform<i8:f32, 1.25e-01>, beat = (2)>
#d0 = #xplat.place<@pair::@fpga0>
#d1 = #xplat.place<@pair::@fpga1>

// Externs: one for each RTL module and set of ports, with the parameters of the contract.
// CHECK: verilogName = "xplat_wire_delay"}
// CHECK-DAG: verilogName = "xplat_link_tx"}
// CHECK-DAG: verilogName = "xplat_link_rx"}
// CHECK-DAG: verilogName = "xplat_rom_stream"}
// CHECK-DAG: module_type = !hw.modty<input clk_i : !seq.clock, input rst_ni : i1, input in_valid_i : i1, output in_ready_o : i1, input in_data_i : i32, output weight_ready_o : i1, input weight_valid_i : i1, input weight_data_i : i64, output bias_ready_o : i1, input bias_valid_i : i1, input bias_data_i : i4, output out_valid_o : i1, input out_ready_i : i1, output out_data_o : i16>, parameters = [#hw.param.decl<"In": si32> : si32, #hw.param.decl<"Shift": si32> : si32, #hw.param.decl<"Late": si32> : si32], sym_name = "[[LINEAR:.*]]", verilogName = "xplat_linear"}
// CHECK-DAG: module_type = !hw.modty<input clk_i : !seq.clock, input rst_ni : i1, input in_valid_i : i1, output in_ready_o : i1, input in_data_i : i32, output out_valid_o : i2, input out_ready_i : i2, output out_data_o : i64>, parameters = [#hw.param.decl<"DataWidth": si32> : si32, #hw.param.decl<"NumOut": si32> : si32], sym_name = "[[FORK:.*]]", verilogName = "xplat_fork"}

// The first device: channels in and out, nodes called as in the model, a memory behind the port. Each node has a leaf of
// the reset tree, its memories too. No beat enters or leaves while a reset is on its way.
// CHECK: "hw.module"()
// CHECK-NEXT: ^bb0(%[[CLOCK:.*]]: !seq.clock, %[[RESET:.*]]: i1, %[[IN:.*]]: !esi.channel<i32>):
// CHECK-NEXT: %[[ENTERS:.*]]:2 = "esi.unwrap.vr"(%[[IN]], %[[MAY_ENTER:[0-9]+]])
// CHECK-NEXT: %[[ENTERED:.*]]:2 = "esi.wrap.vr"(%[[ENTERS]]#0, %[[ENTERS]]#1)
// CHECK-NEXT: %[[MAY_ENTER]] = "comb.and"(%[[ENTERED]]#1, %[[TREE:[0-9]+]]#0)
// CHECK-NEXT: %[[RELU:.*]] = "hw.instance"(%[[CLOCK]], %[[LEAF0:[0-9]+]], %[[ENTERED]]#0) {argNames = ["clk_i", "rst_ni", "x"], instanceName = "block_relu", moduleName = @relu_i8f4_i8f4_x4, parameters = [], resultNames = ["y"]}
// CHECK-NEXT: %[[BEAT:.*]]:2 = "esi.unwrap.vr"(%[[RELU]], %[[SPLIT:.*]]#0)
// CHECK-NEXT: %[[SPLIT]]:3 = "hw.instance"(%[[CLOCK]], %[[LEAF1:[0-9]+]], %[[BEAT]]#1, %[[BEAT]]#0, %[[TAKEN:.*]]) {{.*}}instanceName = "split", moduleName = @[[FORK]], parameters = [#hw.param.decl<"DataWidth": si32 = 32> : si32, #hw.param.decl<"NumOut": si32 = 2> : si32]
// CHECK: %[[TAKEN]] = "comb.concat"
// CHECK: %[[WEIGHT:.*]]:2 = "hw.instance"(%[[CLOCK]], %[[LEAF2:[0-9]+]], %[[FC:.*]]#1) {{.*}}instanceName = "fc_weight", {{.*}}#hw.param.decl<"MemFile": none = "fc_weight.mem">
// CHECK-NEXT: %[[NONE:.*]] = "sv.verbatim.expr"() {format_string = "'0"
// CHECK-NEXT: %[[ZERO:.*]] = "sv.verbatim.expr"() {format_string = "'0"
// CHECK-NEXT: %[[FC]]:5 = "hw.instance"(%[[CLOCK]], %[[LEAF2]], {{.*}}, %[[WEIGHT]]#0, %[[WEIGHT]]#1, %[[NONE]], %[[ZERO]], %{{.*}}) {{.*}}instanceName = "fc", moduleName = @[[LINEAR]], parameters = [#hw.param.decl<"In": si32 = 8> : si32, #hw.param.decl<"Shift": si32 = -11> : si32, #hw.param.decl<"Late": si32 = 0> : si32]
// CHECK: "sv.verbatim"({{.*}}) {format_string = "final $display(\22XPLAT_STREAM %m in0 %0d %0d\22, {{[{][{]}}0}}, {{[{][{]}}1}});
// CHECK: %[[LEAVES:.*]]:2 = "esi.unwrap.vr"({{.*}}) : (!esi.channel<i16>
// CHECK-NEXT: %[[MAY_LEAVE:.*]] = "comb.and"(%[[LEAVES]]#1, %[[TREE]]#0)
// CHECK-NEXT: "esi.wrap.vr"(%[[LEAVES]]#0, %[[MAY_LEAVE]])
// CHECK: %[[TREE]]:2 = "hw.instance"(%[[CLOCK]], %[[RESET]]) {{.*}}instanceName = "reset_tree", {{.*}}#hw.param.decl<"Leaves": si32 = 3>
// CHECK-NEXT: %[[LEAF0]] = "comb.extract"(%[[TREE]]#1) {lowBit = 0 : i32}
// CHECK-NEXT: %[[LEAF1]] = "comb.extract"(%[[TREE]]#1) {lowBit = 1 : i32}
// CHECK-NEXT: %[[LEAF2]] = "comb.extract"(%[[TREE]]#1) {lowBit = 2 : i32}
// CHECK: module_type = !hw.modty<input clk_i : !seq.clock, input rst_ni : i1, input in0 : !esi.channel<i32>, output fc : !esi.channel<i16>, output skip : !esi.channel<i32>>, parameters = [], sym_name = "fpga0_core"}

// A generated module: datapath, one rounding, one register and a spare one. `ready` is that the spare one is empty.
// CHECK: "hw.module"()
// CHECK-NEXT: ^bb0(%[[CLOCK:.*]]: !seq.clock, %{{.*}}: i1, %[[IN:.*]]: !esi.channel<i32>):
// CHECK: %[[BEAT:.*]]:2 = "esi.unwrap.vr"(%[[IN]], %[[READY:.*]]) : (!esi.channel<i32>, i1) -> (i32, i1)
// CHECK: "comb.extract"(%[[BEAT]]#0) {lowBit = 24 : i32} : (i32) -> i8
// CHECK: %[[READY]] = "comb.xor"(%[[SPARE:.*]], %{{.*}}) : (i1, i1) -> i1
// CHECK: %[[SOME:.*]] = "comb.or"(%[[SPARE]], %[[BEAT]]#1)
// CHECK: %[[VALID:.*]] = "seq.compreg.ce"(%[[SOME]], %[[CLOCK]], %[[FREE:.*]], %{{.*}}, %{{.*}}) {name = "valid_q", operandSegmentSizes = array<i32: 1, 1, 1, 1, 1, 0>}
// CHECK: %[[SECOND:.*]] = "seq.compreg.ce"(%[[RESULT:.*]], %[[CLOCK]], %[[READY]]) {name = "spare_data_q", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>}
// CHECK: %[[NEXT:.*]] = "comb.mux"(%[[SPARE]], %[[SECOND]], %[[RESULT]])
// CHECK: %[[DATA:.*]] = "seq.compreg.ce"(%[[NEXT]], %[[CLOCK]], %[[FREE]]) {name = "data_q", operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0>}
// CHECK: "esi.wrap.vr"(%[[DATA]], %[[VALID]]) : (i32, i1) -> (!esi.channel<i32>, i1)
// CHECK: %[[FREE]] = "comb.or"
// CHECK: %[[SPARE]] = "seq.compreg"({{.*}}) {name = "spare_valid_q"
// CHECK: sym_name = "relu_i8f4_i8f4_x4"

// The shell of the first device holds the sending ends, that of the second the receiving ends.
// CHECK: instanceName = "core", moduleName = @fpga0_core
// CHECK: instanceName = "fc_tx"
// CHECK: instanceName = "skip_tx"
// CHECK: output fc_phit_valid_o : i1, output fc_phit_data_o : i8, input fc_credit_i : i1
// CHECK-SAME: sym_name = "fpga0"}
// CHECK: sym_name = "fpga1_core"

// A generated module of two stages: the sums of both lanes, then rounding, into a result FIFO. Its credits say when beats
// may enter; the beat that enters has a result when the stage behind it is done.
// CHECK: %[[A:[0-9]+]]:2 = "esi.unwrap.vr"(%{{[0-9a-z]+}}, %[[A_READY:[0-9]+]])
// CHECK: %[[B:[0-9]+]]:2 = "esi.unwrap.vr"(%{{[0-9a-z]+}}, %[[B_READY:[0-9]+]])
// CHECK: %[[SUM:[0-9]+]] = "comb.add"
// CHECK: "seq.compreg"(%[[SUM]], %[[CLOCK:[0-9a-z]+]]) {name = "stage_q", operandSegmentSizes = array<i32: 1, 1, 0, 0, 0>}
// CHECK: %[[BEGIN:[0-9]+]] = "comb.and"(%[[FIFO:[0-9]+]]#0, %[[A]]#1, %[[B]]#1)
// CHECK: %[[DONE:[0-9]+]] = "seq.compreg"(%[[BEGIN]], %[[CLOCK]], %{{.*}}, %{{.*}}) {name = "valid_q", operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>}
// CHECK: %[[FIFO]]:3 = "hw.instance"(%[[CLOCK]], %{{.*}}, %[[BEGIN]], %[[DONE]], %{{.*}}, %{{.*}}) {{.*}}instanceName = "results", {{.*}}#hw.param.decl<"DataWidth": si32 = 16> : si32, #hw.param.decl<"Depth": si32 = 3> : si32]
// CHECK: %[[A_READY]] = "comb.and"(%[[FIFO]]#0, %[[B]]#1)
// CHECK: %[[B_READY]] = "comb.and"(%[[FIFO]]#0, %[[A]]#1)
// CHECK: sym_name = "add_i8f3_i8f4_i8f3_x2"
// CHECK: instanceName = "fc_rx"
// CHECK: instanceName = "skip_rx"
// CHECK: instanceName = "core", moduleName = @fpga1_core
// CHECK: sym_name = "fpga1"}

// Both tops.
// CHECK: instanceName = "fc_phit_cable", {{.*}}parameters = [#hw.param.decl<"Width": si32 = 9> : si32, #hw.param.decl<"Cycles": si32 = 3> : si32]
// CHECK: instanceName = "fc_credit_cable"
// CHECK: input in0 : !esi.channel<i32>, output out0 : !esi.channel<i16>{{.*}}sym_name = "xplat_system"}
// CHECK: %[[CORE:.*]]:2 = "hw.instance"{{.*}}moduleName = @fpga0_core
// CHECK: %[[OUT:.*]] = "hw.instance"(%{{.*}}, %{{.*}}, %[[CORE]]#0, %[[CORE]]#1) {{.*}}moduleName = @fpga1_core
// CHECK: "hw.output"(%[[OUT]])
// CHECK: sym_name = "xplat_system_direct"}
// CHECK: circt.loweringOptions

// With a memory outside, its words come in at a port of the device and of the system, and may be late.
// OUTSIDE: %[[WORD:.*]]:2 = "esi.unwrap.vr"(%{{.*}}, %[[FC:.*]]#1) : (!esi.channel<i64>, i1) -> (i64, i1)
// OUTSIDE: %[[FC]]:5 = "hw.instance"({{.*}}, %[[WORD]]#1, %[[WORD]]#0, {{.*}}instanceName = "fc", {{.*}}#hw.param.decl<"Late": si32 = 1>
// OUTSIDE: input fc_weight : !esi.channel<i64>{{.*}}sym_name = "fpga0"}
// OUTSIDE: input fc_weight : !esi.channel<i64>{{.*}}sym_name = "xplat_system"}
// OUTSIDE: words = {fc_weight = "fc_weight"}
func.func @forward(%arg0: tensor<1x8xf32>) -> tensor<8xf32> {
  %in = xplat.host_input %arg0 {config = #xplat.config<kernel = @host_input, unroll = <1, 4>, place = #d0>} : tensor<1x8xf32> -> !s4
  %relu = xplat.relu %in {config = #xplat.config<kernel = @relu, unroll = <1, 4>, place = #d0>} : !s4 -> !s4 loc("block.relu"("model.py":7:0))
  %split:2 = xplat.fork %relu {config = #xplat.config<kernel = @fork, place = #d0>} : !s4 -> !s4, !s4 loc("split"("model.py":8:0))
  %fc = xplat.linear %split#0 weight @fc.weight {config = #xplat.config<kernel = @linear, unroll = <1, 2, 4>, place = #d0, roms = [#xplat.rom_use<"weight", @fc_weight>]>} : !s4 -> !s2 loc("fc"("model.py":9:0))
  %left = xplat.link %fc over @pair::@cable to <@pair::@fpga1> phit_bits 8 latency_cycles 3 credits 8
      {config = #xplat.config<kernel = @link, place = #d0>} : !s2 -> !s2 loc("fc"("model.py":9:0))
  %right = xplat.link %split#1 over @pair::@cable to <@pair::@fpga1> phit_bits 8 latency_cycles 3 credits 8
      {config = #xplat.config<kernel = @link, place = #d0>} : !s4 -> !s4 loc("skip"("model.py":8:0))
  %narrow = xplat.convert_stream %right {config = #xplat.config<kernel = @rewidth, place = #d1>} : !s4 -> !s2a
  %sum = xplat.add %left, %narrow {config = #xplat.config<kernel = @add, unroll = <1, 2>, place = #d1>} : !s2, !s2a -> !s2
  %flat = xplat.reshape %sum {config = #xplat.config<kernel = @reshape, unroll = <1, 2>, place = #d1>} : !s2 -> !s2x
  %out = xplat.host_output %flat {config = #xplat.config<kernel = @host_output, unroll = <1, 2>, place = #d1>} : !s2x -> tensor<8xf32>
  return %out : tensor<8xf32>
}

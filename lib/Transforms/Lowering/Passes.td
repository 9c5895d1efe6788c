//===- Passes.td - Passes that write CIRCT ------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_LOWERING_PASSES_TD
#define XPLAT_LOWERING_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerToCirct : Pass<"xplat-lower-to-circt", "::mlir::ModuleOp"> {
  let summary = "turn the dataflow form into hw, comb, seq and esi for CIRCT";
  let description = [{
    Reads the graph that the module's `xplat.mapping` names: streams between
    bound and placed nodes, with the roms of their parameters. Replaces the
    contents of the module by hardware in CIRCT's generic form:

    - `<device>`: one `hw.module` for each device instance with work, its streams
      to the host `!esi.channel` ports `in0, in1, …` and `out0, out1, …`. With
      streams that cross, it wraps `<device>_core` with the ends of the links,
      which have the ports `<link>_phit_valid`, `<link>_phit_data` and
      `<link>_credit`.
    - `xplat_system`: the devices joined by cables of the links' latency.
    - `xplat_system_direct`, when streams cross: the cores joined by channels.

    The kernel of a node decides: `rtl` becomes an instance of its module with a
    memory behind each memory port, `generated` a module of comb and seq from the
    node's datapath, `wire` nothing, `port` a port of the system. Locations are
    kept, so Verilog names the model's lines.

    ```mlir
    xplat.device @board fpga part "xc7z020clg484-1" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {}
    xplat.system @one { xplat.instance @fpga0 of @board }
    xplat.mapping @forward on @one clock_mhz 100.0 cycles 2 latency_cycles 1 bound_cycles 2 bound_kind node
        bound_reason "relu" bottleneck "relu" usage []
    xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
    xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
    xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
    !stream = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>, 4>
    #lanes = #xplat.unroll<1, 4>
    #fpga0 = #xplat.place<@one::@fpga0>
    func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
      %0 = xplat.host_input %x {kernel = @host_input, unroll = #lanes, place = #fpga0} : tensor<1x8xf32> -> !stream
      %1 = xplat.relu %0 {kernel = @relu, unroll = #lanes, place = #fpga0} : !stream -> !stream
      %2 = xplat.host_output %1 {kernel = @host_output, unroll = #lanes, place = #fpga0} : !stream -> tensor<1x8xf32>
      return %2 : tensor<1x8xf32>
    }
    ```

    Fails when there is no single mapping, when a node is unbound, unplaced or
    not on streams, when a stream has not exactly one reader or changes device
    without a link, and when a memory lacks its rom.
  }];
  let dependentDialects = ["circt::HWDialect", "circt::CombDialect", "circt::SeqDialect", "circt::ESIDialect",
                           "circt::SVDialect", "circt::CirctDialect"];
  let statistics = [
    Statistic<"numDevices", "devices", "device modules built">,
    Statistic<"numNodes", "nodes", "nodes turned into hardware">
  ];
}

#endif // XPLAT_LOWERING_PASSES_TD

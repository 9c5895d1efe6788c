//===- Passes.td - Passes that write CIRCT ------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_LOWERING_PASSES_TD
#define XPLAT_LOWERING_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerToCirct : Pass<"xplat-lower-to-circt", "::mlir::ModuleOp"> {
  let summary = "turn the dataflow form into hw, comb, seq and esi for CIRCT";
  let description = [{
    Reads the graph that the module's `xplat.mapping` names and the function of
    each device, which `xplat-outline-devices` makes: streams between bound and
    placed nodes, with the roms of their parameters. Replaces the contents of the
    module by hardware in CIRCT's generic form:

    - `<device>`: one `hw.module` for the function of each device, its streams
      to the host `!esi.channel` ports `in0, in1, …` and `out0, out1, …`. With
      streams that cross, it wraps `<device>_core` with the ends of the links,
      which have the ports `<link>_phit_valid`, `<link>_phit_data` and
      `<link>_credit`.
    - `xplat_system`: the devices joined by cables of the links' latency.
    - `xplat_system_direct`, when streams cross: the cores joined by channels.

    Where the clocks of the devices differ, the tops have a clock and a reset for
    each device, `<device>_clk_i` and `<device>_rst_ni`. A link has the clock of
    the device that sends: the device that receives takes it and its reset as
    ports of these names, and an `xplat.cdc` there brings the stream to its own.

    The kernel of a node decides: `rtl` becomes an instance of its module with a
    memory behind each memory port, `generated` a module of comb and seq from the
    node's datapath, `wire` nothing, `port` a port of the system. Locations are
    kept, so Verilog names the model's lines.

    Fails when there is no single mapping, when there are no functions of devices
    or one has another target than `rtl`, when a node is unbound, not on the device
    of its function or not on streams, when a stream has not exactly one reader or
    changes device without a link, and when a memory lacks its rom.
  }];
  let dependentDialects = ["circt::HWDialect", "circt::CombDialect", "circt::SeqDialect", "circt::ESIDialect",
                           "circt::SVDialect", "circt::CirctDialect"];
  let statistics = [
    Statistic<"numDevices", "devices", "device modules built">,
    Statistic<"numNodes", "nodes", "nodes turned into hardware">
  ];
}

#endif // XPLAT_LOWERING_PASSES_TD

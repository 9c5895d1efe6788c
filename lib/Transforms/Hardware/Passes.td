//===- Passes.td - Passes that map a graph ------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_HARDWARE_PASSES_TD
#define XPLAT_HARDWARE_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Hardware: from nodes to kernels on devices
//===----------------------------------------------------------------------===//

def LinkLibrary : Pass<"xplat-link-library", "::mlir::ModuleOp"> {
  let summary = "merge the symbols of other files into the module";
  let description = [{
    Parses each of `files` (kernel contracts, device families, devices, systems,
    cost tables) and moves what it defines into the module. Where a contract
    includes a fragment, the clauses of the fragment take its place; the fragment
    may be in any of the files, or in the module, and does not stay. Ops keep the
    location of their file; the `files` of a kernel are relative to it. A symbol
    that the module has already must be defined identically. Fails when a file is
    missing or cannot be parsed, when a symbol has two different definitions, or
    when an included fragment is missing.
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let options = [ListOption<"files", "files", "std::string", "files to merge, in order; a byte of a path may be written as % and two hexadecimal "
                                   "digits">];
  let statistics = [Statistic<"numSymbols", "num-symbols", "Symbols merged">];
}

def RoundOperands : Pass<"xplat-round-operands", "::mlir::ModuleOp"> {
  let summary = "give nodes that copy elements operands of their own number format";
  let description = [{
    Some nodes, such as `xplat.concat`, only copy elements of their operands and round
    each into the result's format. Where an operand of such a node has another format,
    the pass puts an `xplat.cast` before it, and the node copies what comes. That is
    the same result: every element is rounded once. Nodes that round one value into
    one format share the cast. Never fails.
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let statistics = [Statistic<"numRounded", "num-rounded", "Operands that got a cast">];
}

def ChooseLayouts : Pass<"xplat-choose-layouts", "::mlir::ModuleOp"> {
  let summary = "choose the order in which every tensor travels";
  let description = [{
    Reads `#xplat.order`, with which a tensor between two nodes fixes its order. An
    order that is fixed stays. Element-wise nodes, constants and the host interface
    need one order for all their streams and take any, so the pass writes a fixed
    order on every tensor that such nodes connect with it. All other tensors travel
    in the default order, for which no attribute is written: channels innermost for
    rank 4, else row-major.

    Fails where two fixed orders meet at a node, and where a node that works in the
    default order alone has a tensor of another one. The error names the node and
    the tensor whose order is fixed.
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let statistics = [Statistic<"numChosen", "num-chosen", "Tensors that got an order because a neighbour's is fixed">];
}

def BindKernels : Pass<"xplat-bind-kernels", "::mlir::ModuleOp"> {
  let summary = "give every node a kernel that implements it";
  let description = [{
    Considers, for each node without a kernel, the kernels whose `formats` and
    `where` clauses hold for it, and binds the one with the fewest cycles under the node's unroll
    factors. Of kernels with equal cycles it takes the first in the module. Nodes
    that have a kernel keep it, if it fits. With `open` a node that several kernels
    fit, or may fit under factors that are still to be chosen, stays unbound, so that
    `xplat-balance-rates` chooses among them.

    Fails when no kernel implements a node. The error lists all such nodes, with
    the reason why each candidate does not fit; with `partial` they stay unbound
    instead. Constants that only such nodes read are not listed.
  }];
  let options = [
    Option<"partial", "partial", "bool", "false", "leave nodes that no kernel fits unbound">,
    Option<"open", "open", "bool", "false", "leave nodes that several kernels fit unbound: they compete in the search">
  ];
  let statistics = [Statistic<"numBound", "num-bound", "Nodes bound">];
}

def AnnotateCost : Pass<"xplat-annotate-cost", "::mlir::ModuleOp"> {
  let summary = "write rate and area of every node";
  let description = [{
    Reads kernel, unroll factors and place of each node; writes `rate` and `area`:
    what the kernel costs on the device, by its contract or by the device's cost
    table. Without a place, the contract counts. Fails when a node is not bound, or
    its kernel has no cost there.
  }];
}

def BalanceRates : Pass<"xplat-balance-rates", "::mlir::ModuleOp"> {
  let summary = "choose kernels and unroll factors for an objective, within the system";
  let description = [{
    All kernels that fit a node compete, each with all its unroll factors; a choice
    is a kernel with factors. For the objective `throughput` the pass finds the
    smallest number of cycles per sample for which the cheapest choices that reach it
    can be placed on the system, and writes these kernels and factors. The slowest node determines the cycles;
    every other node gets the cheapest factors that are fast enough. With a target
    the cheapest factors that reach it are written. `area` asks for the cheapest
    factors in any case: without a target, those that fit at any rate. `latency`
    begins with the highest throughput and then gives nodes more area where that
    lowers the estimated latency of a sample most; with a target, only factors
    that reach it.

    Reads what is `fixed` for a node and the system; writes kernel and unroll factors into its `config`. A fixed kernel
    and fixed factors stay, and a node whose place is fixed gets factors that
    its device holds. What an earlier mapping chose does not count. Fails when nothing fits. The error says which resource is
    exceeded, by how much, and what would make the graph fit.
  }];
  let options = [
    Option<"system", "system", "std::string", "\"\"", "system to map to; default: the module's only one">,
    Option<"maxUtilization", "max-utilization", "double", "0.8", "share of each resource that may be used">,
    Option<"objective", "objective", "::xplat::Objective", "::xplat::Objective::throughput", "what to optimise",
           [{::llvm::cl::values(
             clEnumValN(::xplat::Objective::throughput, "throughput", "samples per second; with a target, area"),
             clEnumValN(::xplat::Objective::latency, "latency", "time from the first input to the last result of a sample"),
             clEnumValN(::xplat::Objective::area, "area", "weighted resources"))}]>,
    Option<"targetCycles", "target-cycles", "int64_t", "0", "most cycles per sample; 0: no target">,
    Option<"targetPerSecond", "target-per-second", "double", "0", "least samples per second, instead of cycles; 0: no target">
  ];
  let statistics = [Statistic<"numConfigurations", "num-configurations", "Choices considered">,
                    Statistic<"numSets", "num-sets", "Sets of choices computed; nodes that are alike share one">,
                    Statistic<"numTargets", "num-targets", "Numbers of cycles tried">];
}

def Partition : Pass<"xplat-partition", "::mlir::ModuleOp"> {
  let summary = "place every node on a device of the system";
  let description = [{
    Reads kernels, unroll factors, fixed places and the system; writes the place of every node
    into its `config`, and `xplat.mapping`: what was asked for, predicted cycles and latency, the bound on cycles that
    no mapping of this graph to this system can beat, whatever is fixed, and the use of each
    device. Every device keeps within its budget. Nodes of the host interface
    keep within their device's memory bandwidth. Streams cross only between
    devices that a cable connects, each in a slice of the cable's bits that
    keeps up; with a target, at the target's rate at least. Among the placements that satisfy this, the pass minimises the
    bits that cross, then the utilization of the fullest device. Fails when it
    finds no such placement. The error says which resource is exceeded, by how
    much, and what would make the graph fit.
  }];
  let options = [
    Option<"system", "system", "std::string", "\"\"", "system to map to; default: the module's only one">,
    Option<"maxUtilization", "max-utilization", "double", "0.8", "share of each resource that may be used">,
    Option<"solver", "solver", "::xplat::PartitionSolver", "::xplat::PartitionSolver::automatic",
           "how to search for a placement", [{::llvm::cl::values(
             clEnumValN(::xplat::PartitionSolver::automatic, "automatic", "cuts for few devices, else path"),
             clEnumValN(::xplat::PartitionSolver::cuts, "cuts", "every cut of the graph's order, every order of devices"),
             clEnumValN(::xplat::PartitionSolver::path, "path", "dynamic programming along paths of cables"))}]>,
    Option<"objective", "objective", "::xplat::Objective", "::xplat::Objective::throughput", "what unroll factors were chosen for",
           [{::llvm::cl::values(
             clEnumValN(::xplat::Objective::throughput, "throughput", "samples per second; with a target, area"),
             clEnumValN(::xplat::Objective::latency, "latency", "time from the first input to the last result of a sample"),
             clEnumValN(::xplat::Objective::area, "area", "weighted resources"))}]>,
    Option<"targetCycles", "target-cycles", "int64_t", "0", "most cycles per sample; 0: no target">,
    Option<"targetPerSecond", "target-per-second", "double", "0", "least samples per second, instead of cycles; 0: no target">
  ];
}

def VerifyMapping : Pass<"xplat-verify-mapping", "::mlir::ModuleOp"> {
  let summary = "check that a mapping is complete and within all budgets (contract 2)";
  let description = [{
    Recomputes the mapping from attributes alone and reports every violation:
    - Every node has a kernel that fits it, legal unroll factors, a placement on
      an instance of the system, and the rate and area that its kernel gives.
    - Every device has the resources that its nodes need, every stream between
      devices a cable with enough bits, every node of the host interface the
      memory bandwidth.
    - `xplat.mapping` states the same figures.
    Changes nothing.
  }];
  let options = [
    Option<"maxUtilization", "max-utilization", "double", "1.0", "share of each resource that may be used">
  ];
}

//===----------------------------------------------------------------------===//
// Dataflow: the mapped graph as streams
//===----------------------------------------------------------------------===//

def ConvertToDataflow : Pass<"xplat-convert-to-dataflow", "::mlir::ModuleOp"> {
  let summary = "make streams of tensors, and forks, width converters and links explicit";
  let description = [{
    Reads the graph of the module's `xplat.mapping`, whose nodes are bound to
    kernels and placed. Every tensor between nodes becomes a stream in the tensor's
    order, with the lanes that its producer has under its unroll factors along the
    innermost dimension. The host interface keeps its tensors. The pass inserts

    - an `xplat.fork` for a value with several readers
    - an `xplat.convert_stream` before readers with other lanes
    - an `xplat.link` to readers on another device, one for all readers there. It
      has the narrowest slice of the cable that meets the mapping's cycles, and
      the credits that sustain full rate. A width converter beside a link is put
      on the side that makes the slice narrower.

    These structure ops are bound, placed and named after the edge. Preserves the
    values on the streams. Nodes that nothing reads are removed.

    Fails at nodes that are not bound or placed, at streams between devices that
    no cable connects, and at cables with too few bits.
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let statistics = [Statistic<"numStructureOps", "num-structure-ops", "Forks, width converters and links inserted">];
}

def SizeFifos : Pass<"xplat-size-fifos", "::mlir::ModuleOp"> {
  let summary = "insert the FIFOs that let streams flow at full rate, and prove that they do";
  let description = [{
    Reads the dataflow form, every node bound. The period T is the largest
    `cycles` of a node. Finds a periodic schedule in which sources offer one
    sample in T cycles and every node works as early as it can, and verifies it
    against the constraints of `docs/Model.md`. Inserts an `xplat.fifo` on each
    stream where beats wait, deep enough for the schedule. Simulation then
    searches smaller depths that keep T, up to `effort`.

    Simulates the result with sources as fast as they can be: it must not
    deadlock and must reach exactly T cycles per sample. Where the depths are
    those of the verified schedule, which proves both, the simulation stops at
    `simulation-limit`, or does not begin where the limit is too low; the
    statistic `num-not-simulated` counts that. With
    `size=false` nothing is inserted and the simulation always runs to its end.
    Updates the cycles, latency, bottleneck and usage of `xplat.mapping`.
    Preserves the values that travel.

    Fails when a node is not bound, when the buffer of a kernel cannot hold what
    a result needs, on deadlock (naming the nodes that wait for one another),
    and when T is not reached (naming the stream where beats wait longest).
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let options = [
    Option<"size", "size", "bool", "true", "insert FIFOs; otherwise check those that there are">,
    Option<"effort", "effort", "int64_t", "5000000", "steps of nodes to simulate in search of smaller FIFOs">,
    Option<"simulationLimit", "simulation-limit", "int64_t", "5000000",
           "steps of nodes to simulate in the check of depths that a schedule proves">
  ];
  let statistics = [Statistic<"numFifos", "num-fifos", "FIFOs inserted">,
                    Statistic<"numBeats", "num-beats", "Beats that they hold">,
                    Statistic<"numNotSimulated", "num-not-simulated", "Designs proven but not simulated to the end">];
}

def PlaceParameters : Pass<"xplat-place-parameters", "::mlir::ModuleOp"> {
  let summary = "give every parameter memory of a kernel its contents";
  let description = [{
    Reads the nodes of the mapping's graph with their kernels, unroll factors
    and parameters. For each memory of a kernel that has words, creates an
    `xplat.rom` called `<node>_<memory>`. It states which dimensions of the
    parameter select the word and which the position in the word; these follow
    from the loops that index the parameter. The memory `shift` holds the values
    F_x + F_weight(c) - F_y per output channel c instead. The memory `table` holds the
    results of an element-wise node of one operand: the parameter `<node>:table`, which a
    private function with a copy of the node computes from every number of the operand's
    format. The `roms` of the node's `config` refer to the memories. The `memories` of its
    `fixed` configuration say what holds the words of those that its kernel reads in order;
    memories for look-ups are ROMs.

    Fails when a parameter is unknown, when its size differs from that of the
    kernel's memory, when a shift does not fit its six bits, and when a table would be
    of another node or of more than 2^20 words.
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let statistics = [Statistic<"numMemories", "num-memories", "Memories made">,
                    Statistic<"numBits", "num-bits", "Bits in them">];
}

def VerifyLowerable : Pass<"xplat-verify-lowerable", "::mlir::ModuleOp"> {
  let summary = "check that the dataflow form can become hardware that fits";
  let description = [{
    Reads the mapping and its graph and changes nothing. Fails, naming every
    violation, unless:
    - (L1) the graph has only nodes, and results leave through the host interface
    - (L2) streams lead from node to node
    - (L3) every stream has one reader
    - (L4) every node is bound to a kernel that fits it
    - (L5) every node is placed on an instance of the system
    - (L6) operands are on the node's device
    - (L7) rate and area are those of the kernel
    - (L8) each memory of a kernel that has words has an `xplat.rom` of its size, of the kind that the node asks for; one for look-ups is a ROM
    - (L9) streams between devices follow a cable that leads there, or two with a switch between them, no faster
      than these are
    - (L10) the resources of devices and the bits of cables suffice; at a switch each port counts what it sends and
      what it receives
    - (L11) what comes from a device with another clock is read by a clock crossing, and nothing else is
  }];
}

def OutlineDevices : Pass<"xplat-outline-devices", "::mlir::ModuleOp"> {
  let summary = "make a function of the nodes of each device instance";
  let description = [{
    Reads the dataflow form as the other dataflow passes leave it. For each
    instance with work it makes a private function `<graph>_<instance>`, which
    says its place (`xplat.place`) and what becomes of it (`xplat.target`, from
    the kind of the device), and moves the nodes of the instance there, in order.
    The graph keeps its name, its signature, the nodes of the host interface and
    those that carry streams between devices; its target is `host`.

    Where a stream passes from one function to the other, an `xplat.send` and an
    `xplat.receive` of one name stand in its place. The name is that of the node
    in the graph; of a link, with `_tx` behind it where it sends and `_rx` where
    it receives. A stream that only passes through a device is received and sent
    there.

    Passes that need the system as a whole run before: the depths of FIFOs and
    the budgets of cables belong to all devices together.

    Fails at ops that are no nodes, at nodes without a place, at operands that are
    on another device, and when the graph has been split before.
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let statistics = [Statistic<"numFunctions", "num-functions", "Functions of devices made">,
                    Statistic<"numStreams", "num-streams", "Streams between functions">];
}

#endif // XPLAT_HARDWARE_PASSES_TD

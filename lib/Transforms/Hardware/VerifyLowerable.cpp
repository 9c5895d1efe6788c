//===- VerifyLowerable.cpp - The contract of the dataflow form ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks every condition under which the lowering makes hardware that fits;
// shares no code with the passes that establish them beyond the cost model, of
// which it has one of its own.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/CablePlan.h"
#include "Transforms/Hardware/DataflowSupport.h"
#include "Transforms/Hardware/Passes.h"

#include "llvm/ADT/MapVector.h"

#include <cmath>

namespace xplat {
#define GEN_PASS_DEF_VERIFYLOWERABLE
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
class Verifier {
public:
  Verifier(ModuleOp module, MappedGraph mapped, const SystemClocks &clocks)
      : module(module), mapped(mapped), symbols(module), costs(module), clocks(clocks), cables(mapped.system, clocks) {}

  /// Reports every violation, not only the first.
  bool run();

private:
  void checkStreams(NodeOpInterface node);
  void checkMapping(NodeOpInterface node);
  void checkPlace(NodeOpInterface node, PlaceAttr place);
  void checkClock(NodeOpInterface node);
  void checkMemories(NodeOpInterface node, KernelOp kernel);
  void checkCrossing(NodeOpInterface node);
  void checkSwitchCrossing(NodeOpInterface node, CrossingOpInterface crossing);
  PortOp getSwitchPort(CableOp cable);
  void checkSwitchPorts();
  void checkBudgets();
  InFlightDiagnostic error(Operation *op) {
    ok = false;
    return op->emitOpError();
  }

  ModuleOp module;
  MappedGraph mapped;
  SymbolScope symbols;
  CostModel costs;
  const SystemClocks &clocks;
  CablePlan cables;
  /// Bits a cycle on each cable to a switch, towards it and back.
  llvm::MapVector<Operation *, int64_t> sent, received;
  bool ok = true;
};

struct VerifyLowerablePass : xplat::impl::VerifyLowerableBase<VerifyLowerablePass> {
  void runOnOperation() override {
    markAllAnalysesPreserved();
    FailureOr<MappedGraph> mapped = getMappedGraph(getOperation());
    if (failed(mapped))
      return signalPassFailure();
    FailureOr<SystemClocks> clocks = SystemClocks::get(mapped->system);
    if (failed(clocks) || !Verifier(getOperation(), *mapped, *clocks).run())
      signalPassFailure();
  }
};
} // namespace

bool Verifier::run() {
  for (Operation &op : mapped.graph.getBody().front().without_terminator()) {
    auto node = dyn_cast<NodeOpInterface>(op);
    if (!node) {
      error(&op) << "[lowerable L1] expected only nodes in the graph";
      continue;
    }
    checkStreams(node);
    checkMapping(node);
    checkCrossing(node);
  }
  for (Value result : mapped.graph.getBody().front().getTerminator()->getOperands()) {
    auto boundary = dyn_cast_or_null<HostBoundaryOpInterface>(result.getDefiningOp());
    if (!boundary || boundary.isInput())
      error(mapped.graph) << "[lowerable L1] expected each result to leave the system through a host interface node";
  }
  checkBudgets();
  return ok;
}

/// L2: streams between nodes; L3: one reader each.
void Verifier::checkStreams(NodeOpInterface node) {
  auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation());
  if (!boundary || !boundary.isInput())
    for (Value operand : node->getOperands())
      if (!isa<StreamType>(operand.getType()))
        error(node) << "[lowerable L2] expected a stream as operand but got " << operand.getType()
                    << "; run 'xplat-convert-to-dataflow' first";
  if (boundary && !boundary.isInput())
    return;
  for (Value result : node->getResults()) {
    if (!isa<StreamType>(result.getType()))
      error(node) << "[lowerable L2] expected a stream as result but got " << result.getType()
                  << "; run 'xplat-convert-to-dataflow' first";
    if (!result.hasOneUse())
      error(node) << "[lowerable L3] expected one reader of each result but got "
                  << std::distance(result.use_begin(), result.use_end()) << "; 'xplat.fork' copies a stream";
  }
}

/// L4: a kernel that fits; L5: a placement; L6: operands on the same device; L7: rate and area as the kernel says.
void Verifier::checkMapping(NodeOpInterface node) {
  checkPlace(node, node.getPlacement());
  if (node.getResultPlacement() != node.getPlacement())
    checkPlace(node, node.getResultPlacement());
  for (auto [index, operand] : llvm::enumerate(node->getOperands())) {
    auto producer = dyn_cast_or_null<NodeOpInterface>(operand.getDefiningOp());
    if (!producer || !node.getPlacement() || !producer.getResultPlacement() ||
        producer.getResultPlacement() == node.getPlacement())
      continue;
    auto diagnostic = error(node);
    diagnostic << "[lowerable L6] operand " << index << " is on " << producer.getResultPlacement().getDevice()
               << " but the node is on " << node.getPlacement().getDevice() << "; 'xplat.link' carries a stream over";
    diagnostic.attachNote(producer->getLoc()) << "produced here";
  }
  checkClock(node);
  KernelOp kernel = costs.getLibrary().getKernel(node);
  if (!kernel) {
    error(node) << "[lowerable L4] is not bound to a kernel; run 'xplat-bind-kernels' first";
    return;
  }
  SmallVector<int64_t> unroll = node.getUnrollFactors();
  if (std::optional<std::string> misfit = costs.explainMisfit(node, kernel, unroll, costs.getDevice(node))) {
    error(node) << "[lowerable L4] kernel @" << kernel.getSymName() << " does not fit: " << *misfit;
    return;
  }
  Cost cost = *costs.evaluate(node);
  RateAttr rate = node.getNodeRate();
  ResourcesAttr area = node.getNodeArea();
  if (!rate || !area)
    error(node) << "[lowerable L7] has no rate or no area; run 'xplat-annotate-cost' first";
  else if (rate.getCycles() != cost.cycles || rate.getLatency() != cost.latency ||
           costs.getResources().getArea(area) != cost.area)
    error(node) << "[lowerable L7] its rate and area are not those of kernel @" << kernel.getSymName()
                << " under its unroll factors; run 'xplat-annotate-cost' again";
  checkMemories(node, kernel);
}

/// L11: what comes from a device with another clock is brought to this one's.
void Verifier::checkClock(NodeOpInterface node) {
  bool crosses = isa<ClockCrossingOpInterface>(node.getOperation());
  for (Value operand : node->getOperands()) {
    auto producer = dyn_cast_or_null<NodeOpInterface>(operand.getDefiningOp());
    if (!producer || !producer.getPlacement() || !node.getPlacement())
      continue;
    bool foreign = clocks.getTicks(producer.getPlacement()) != clocks.getTicks(node.getPlacement());
    if (foreign && !crosses)
      error(node) << "[lowerable L11] expected an 'xplat.cdc' to read what comes with the clock of "
                  << producer.getPlacement().getDevice();
    if (!foreign && crosses)
      error(node) << "[lowerable L11] expected an operand from a device with another clock";
  }
}

void Verifier::checkPlace(NodeOpInterface node, PlaceAttr place) {
  if (!place) {
    error(node) << "[lowerable L5] is not placed on a device; run 'xplat-partition' first";
    return;
  }
  SymbolRefAttr device = place.getDevice();
  bool known = device.getRootReference() == mapped.system.getSymNameAttr() &&
               device.getNestedReferences().size() == 1 &&
               isa_and_present<InstanceOp>(SymbolTable::lookupSymbolIn(mapped.system, device.getLeafReference()));
  if (!known)
    error(node) << "[lowerable L5] is placed on " << device << ", which is not an instance of '@"
                << mapped.system.getSymName() << "'";
}

/// L8: a memory of the right size at each memory port that has words.
void Verifier::checkMemories(NodeOpInterface node, KernelOp kernel) {
  ArrayAttr roms = node.getNodeRoms();
  llvm::SmallDenseMap<StringAttr, FlatSymbolRefAttr> given;
  if (roms)
    for (auto use : roms.getAsRange<RomUseAttr>())
      if (!given.try_emplace(use.getMemory(), use.getRom()).second)
        error(node) << "[lowerable L8] memory " << use.getMemory() << " is given twice";
  for (auto memory : kernel.getMemories().getAsRange<MemoryPortAttr>()) {
    auto [bits, words, copies] = evaluateMemory(kernel, memory, node);
    FlatSymbolRefAttr symbol = given.lookup(memory.getName());
    given.erase(memory.getName());
    if (words == 0) {
      if (symbol)
        error(node) << "[lowerable L8] memory " << memory.getName() << " has no words, but " << symbol << " is given";
      continue;
    }
    auto rom = symbols.lookup<RomOp>(symbol);
    if (!rom)
      error(node) << "[lowerable L8] memory " << memory.getName() << " of " << words << " words of " << bits
                  << " bits has no 'xplat.rom'; run 'xplat-place-parameters' first";
    else if (MemoryKind wanted = getMemoryKind(node, memory); rom.getKind() != wanted)
      error(node) << "[lowerable L8] expected '" << stringifyMemoryKind(wanted) << "' behind memory "
                  << memory.getName() << ", as the node's area has it, but " << symbol << " is '"
                  << stringifyMemoryKind(rom.getKind()) << "'";
    else if (static_cast<int64_t>(rom.getWordBits()) != bits || static_cast<int64_t>(rom.getDepth()) != words)
      error(node) << "[lowerable L8] expected " << words << " words of " << bits << " bits in memory "
                  << memory.getName() << " but " << symbol << " has " << rom.getDepth() << " of " << rom.getWordBits();
  }
  for (auto &[name, symbol] : given)
    error(node) << "[lowerable L8] kernel @" << kernel.getSymName() << " has no memory " << name << " for " << symbol;
}

/// L9: the link has at least the latency of its cable, and its slice counts towards the cable's bits.
void Verifier::checkCrossing(NodeOpInterface node) {
  auto crossing = dyn_cast<CrossingOpInterface>(node.getOperation());
  if (!crossing)
    return;
  if (crossing.getArrivalCable())
    return checkSwitchCrossing(node, crossing);
  std::optional<Hop> hop =
      cables.find(crossing.getCable(), SymbolRefAttr(), node.getPlacement(), node.getResultPlacement());
  if (!hop) {
    error(node) << "[lowerable L9] " << crossing.getCable() << " does not lead to its destination";
    return;
  }
  if (crossing.getCableCycles() < hop->latency)
    error(node) << "[lowerable L9] expected a latency of at least " << hop->latency << " cycles over "
                << crossing.getCable() << " but got " << crossing.getCableCycles();
  hop->take(crossing.getCableBits());
}

/// The port at which a cable to a switch begins.
PortOp Verifier::getSwitchPort(CableOp cable) {
  auto instance = cast<InstanceOp>(SymbolTable::lookupSymbolIn(mapped.system, cable.getSource()));
  auto device = cast<DeviceOp>(module.lookupSymbol(instance.getDevice()));
  return cast<PortOp>(SymbolTable::lookupSymbolIn(device, cable.getSourcePort()));
}

/// L9 for a link through a switch: two cables that meet there, each at a port of its own.
void Verifier::checkSwitchCrossing(NodeOpInterface node, CrossingOpInterface crossing) {
  SmallVector<CableOp> ends;
  for (SymbolRefAttr symbol : {crossing.getCable(), crossing.getArrivalCable()})
    ends.push_back(dyn_cast_or_null<CableOp>(SymbolTable::lookupSymbolIn(mapped.system, symbol.getLeafReference())));
  PlaceAttr from = node.getPlacement(), to = node.getResultPlacement();
  bool leads = from && to && ends[0] && ends[1] && !ends[0].getTargetPort() && !ends[1].getTargetPort() &&
               ends[0].getTarget() == ends[1].getTarget() &&
               ends[0].getSource() == from.getDevice().getLeafReference().getValue() &&
               ends[1].getSource() == to.getDevice().getLeafReference().getValue();
  if (!leads) {
    error(node) << "[lowerable L9] " << crossing.getCable() << " and " << crossing.getArrivalCable()
                << " do not lead to its destination";
    return;
  }
  auto middle = cast<SwitchOp>(SymbolTable::lookupSymbolIn(mapped.system, ends[0].getTarget()));
  double ns =
      middle.getLatencyNs().convertToDouble() + std::max(getSwitchPort(ends[0]).getLatencyNs().convertToDouble(),
                                                         getSwitchPort(ends[1]).getLatencyNs().convertToDouble());
  auto cycles = static_cast<int64_t>(std::ceil(ns * clocks.getMhz(from) / 1000 - 1e-9));
  if (crossing.getCableCycles() < cycles)
    error(node) << "[lowerable L9] expected a latency of at least " << cycles << " cycles through @"
                << middle.getSymName() << " but got " << crossing.getCableCycles();
  int64_t bits = crossing.getCableBits() * (clocks.getWindow() / clocks.getTicks(from));
  sent[ends[0]] += bits;
  received[ends[1]] += bits;
}

/// L10 for the ports at switches: what leaves each, and what enters it.
void Verifier::checkSwitchPorts() {
  double windowMhz = clocks.getTickMhz() / static_cast<double>(clocks.getWindow());
  for (auto *loads : {&sent, &received})
    for (auto &[op, load] : *loads) {
      auto cable = cast<CableOp>(op);
      double gbps = getSwitchPort(cable).getRateGbps().convertToDouble();
      auto bits = static_cast<int64_t>(std::floor(gbps * 1000 / windowMhz + 1e-9));
      if (load <= bits)
        continue;
      auto diagnostic = error(mapped.mapping);
      diagnostic << "[lowerable L10] cable " << cables.getSymbol(cable) << " carries " << bits << " bits a cycle "
                 << (loads == &sent ? "to" : "from") << " the switch but its streams need " << load << ", "
                 << load - bits << " too many; place fewer streams across it";
      diagnostic.attachNote(cable.getLoc()) << "cable declared here";
    }
}

/// L10: the budgets of devices and the bits of cables.
void Verifier::checkBudgets() {
  checkSwitchPorts();
  for (Cable &cable : cables.getCables())
    if (cable.free < 0 && !cable.switchOp) {
      auto diagnostic = error(mapped.mapping);
      int64_t perWindow = clocks.getWindow() / clocks.getTicks(cable.from), bits = cable.bits / perWindow;
      int64_t needed = (cable.bits - cable.free) / perWindow;
      diagnostic << "[lowerable L10] cable " << cables.getSymbol(cable.op) << " carries " << bits << " bits a cycle to "
                 << cable.to.getDevice() << " but its streams need " << needed << ", " << needed - bits
                 << " too many; place fewer streams across it";
      diagnostic.attachNote(cable.op.getLoc()) << "cable declared here";
    }
  llvm::MapVector<PlaceAttr, Area> areas = sumAreas(mapped.graph, costs.getResources());
  for (auto usage : mapped.mapping.getUsage().getAsRange<UsageAttr>()) {
    Area used = areas[PlaceAttr::get(module.getContext(), usage.getDevice())];
    if (used != costs.getResources().getArea(usage.getUsed()))
      error(mapped.mapping) << "[lowerable L10] expected the usage of " << usage.getDevice()
                            << " to be the sum over its nodes; run 'xplat-size-fifos' again";
    Area budget = costs.getResources().getArea(usage.getBudget());
    for (unsigned kind = 0; kind < used.size(); ++kind)
      if (used[kind] > budget[kind])
        error(mapped.mapping) << "[lowerable L10] " << usage.getDevice() << " needs " << used[kind] << " "
                              << costs.getResources().getName(kind) << " but has " << budget[kind] << ", "
                              << used[kind] - budget[kind]
                              << " too many; give a larger 'target-cycles' or 'max-utilization'";
    areas.erase(PlaceAttr::get(module.getContext(), usage.getDevice()));
  }
  for (auto &[place, area] : areas)
    error(mapped.mapping) << "[lowerable L10] expected a budget for " << place.getDevice();
}

//===- VerifyMapping.cpp - Contract 2: a complete mapping within budgets --===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An independent check of the mapping passes: everything is computed again from
// attributes, kernels and the system, by direct sums, with none of the solvers'
// code and with a cost model of its own, which knows nothing that these have asked
// before. Areas are those of the nodes; forks, width converters and links are
// counted once they exist.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/MappingGraph.h"
#include "Transforms/Hardware/Passes.h"

#include "llvm/ADT/MapVector.h"

#include <cmath>
#include <set>

namespace xplat {
#define GEN_PASS_DEF_VERIFYMAPPING
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
class Verifier {
public:
  Verifier(MappingGraph &graph, CostModel &costs, MappingOp mapping, const SystemModel &system, double maxUtilization)
      : graph(graph), costs(costs), mapping(mapping), system(system), maxUtilization(maxUtilization),
        used(system.instances.size()), memoryBits(system.instances.size(), 0) {}

  LogicalResult run() {
    for (NodeOpInterface node : graph.nodes)
      checkNode(node);
    if (ok) { // what follows needs places and rates
      checkCrossings();
      checkBudgets();
      checkMapping();
    }
    return success(ok);
  }

private:
  InFlightDiagnostic fail(Location loc) {
    ok = false;
    return emitError(loc);
  }
  void checkNode(NodeOpInterface node);
  void checkCrossings();
  void checkSwitchPorts();
  void checkBudgets();
  void checkMapping();

  MappingGraph &graph;
  CostModel &costs;
  MappingOp mapping;
  const SystemModel &system;
  double maxUtilization;
  std::vector<Area> used;
  SmallVector<int64_t> memoryBits;
  /// Bits a cycle of each instance over switches.
  llvm::DenseMap<PlaceAttr, int64_t> sent, received;
  int64_t slowest = 0;
  bool ok = true;
};

struct VerifyMapping : xplat::impl::VerifyMappingBase<VerifyMapping> {
  using VerifyMappingBase::VerifyMappingBase;

  void runOnOperation() override {
    if (failed(run()))
      return signalPassFailure();
    markAllAnalysesPreserved();
  }

  LogicalResult run() {
    ModuleOp module = getOperation();
    SmallVector<MappingOp> mappings(module.getOps<MappingOp>());
    if (mappings.size() != 1)
      return emitError(module.getLoc(), "expected one 'xplat.mapping' but got ") << mappings.size();
    FailureOr<MappingGraph> graph = MappingGraph::get(module);
    if (failed(graph))
      return failure();
    FailureOr<SystemModel> system = SystemModel::get(module, mappings.front().getSystem());
    if (failed(system))
      return failure();
    SymbolScope symbols(module);
    CostModel costs(module);
    return Verifier(*graph, costs, mappings.front(), *system, maxUtilization).run();
  }
};
} // namespace

void Verifier::checkNode(NodeOpInterface node) {
  KernelOp kernel = costs.getLibrary().getKernel(node);
  if (!kernel) {
    fail(node->getLoc()) << "'" << getNodeName(node) << "' is not bound to a kernel of the module";
    return;
  }
  SmallVector<int64_t> unroll = node.getUnrollFactors();
  if (!node.hasUnroll())
    fail(node->getLoc()) << "'" << getNodeName(node) << "' has no unroll factors";
  if (std::optional<std::string> reason = costs.explainMisfit(node, kernel, unroll, costs.getDevice(node))) {
    fail(node->getLoc()) << "kernel @" << kernel.getSymName() << " does not fit '" << getNodeName(node)
                         << "': " << *reason;
    return;
  }
  Cost cost = *costs.evaluate(node);
  RateAttr rate = node.getNodeRate();
  if (!rate || rate.getCycles() != cost.cycles || rate.getLatency() != cost.latency)
    fail(node->getLoc()) << "expected a rate of " << cost.cycles << " cycles and a latency of " << cost.latency
                         << " for '" << getNodeName(node) << "' but got '" << rate << "'";
  ResourcesAttr area = node.getNodeArea();
  if (!area || costs.getResources().getArea(area) != cost.area)
    fail(node->getLoc()) << "expected the area '" << costs.getResources().getAttr(cost.area) << "' for '"
                         << getNodeName(node) << "' but got '" << area << "'";
  std::optional<unsigned> instance = node.getPlacement() ? system.find(node.getPlacement()) : std::optional<unsigned>();
  if (!instance) {
    fail(node->getLoc()) << "'" << getNodeName(node) << "' is not placed on an instance of '@" << mapping.getSystem()
                         << "'";
    return;
  }
  slowest = std::max(slowest, cost.cycles * system.instances[*instance].ticks);
  used[*instance] += cost.area;
  if (auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation()))
    memoryBits[*instance] += boundary.getBitsPerSample();
}

void Verifier::checkCrossings() {
  CablePlan cables(system.op, system.clocks);
  auto getCycles = [&](PlaceAttr place) {
    return static_cast<int64_t>(mapping.getCycles()) / system.clocks.getTicks(place);
  };
  for (unsigned producer = 0; producer < graph.nodes.size(); ++producer) {
    NodeOpInterface node = graph.nodes[producer];
    std::set<unsigned> seen;
    for (const MappingGraph::Use &use : graph.uses[producer]) {
      NodeOpInterface reader = graph.nodes[use.node];
      unsigned to = *system.find(reader.getPlacement());
      if (reader.getPlacement() == node.getPlacement() || !seen.insert(to).second)
        continue;
      SmallVector<Hop> route = cables.route(node.getPlacement(), reader.getPlacement());
      if (route.empty()) {
        fail(node->getLoc()) << "the result of '" << getNodeName(node) << "' goes from "
                             << node.getPlacement().getDevice() << " to " << reader.getPlacement().getDevice()
                             << ", which no cables connect";
        continue;
      }
      SmallVector<int64_t> lanes = {node.getResultLanes(0, node.getUnrollFactors())};
      for (const MappingGraph::Use &other : graph.uses[producer])
        if (graph.nodes[other.node].getPlacement() == reader.getPlacement())
          lanes.push_back(
              graph.nodes[other.node].getOperandLanes(other.operand, graph.nodes[other.node].getUnrollFactors()));
      for (const Hop &hop : route) {
        // The narrowest slice over the lanes of both sides: no link needs fewer bits.
        int64_t phit = std::numeric_limits<int64_t>::max(), cycles = getCycles(hop.from());
        for (int64_t l : lanes) {
          StreamType stream = graph.getStream(producer, l);
          if (stream.getNumBeats() <= cycles)
            phit = std::min(phit, getSmallestPhit(stream.getNumBeats(), stream.getBeatBits(), cycles));
        }
        if (phit == std::numeric_limits<int64_t>::max())
          continue; // a node is too slow for its streams, which is reported
        hop.take(phit);
        if (hop.in) {
          sent[hop.from()] += phit * hop.cycles;
          received[hop.to()] += phit * hop.cycles;
        }
      }
    }
  }
  for (Cable &cable : cables.getCables())
    if (cable.free < 0 && !cable.switchOp) {
      int64_t perWindow = system.clocks.getWindow() / system.clocks.getTicks(cable.from);
      fail(cable.op.getLoc()) << "cable '@" << cable.op.getSymName() << "' carries "
                              << (cable.bits - cable.free) / perWindow << " bits a cycle to " << cable.to.getDevice()
                              << " but has " << cable.bits / perWindow;
    }
  checkSwitchPorts();
  for (auto [index, instance] : llvm::enumerate(system.instances))
    if (int64_t cycles = getCycles(instance.place); memoryBits[index] > cycles * instance.memoryBits)
      fail(InstanceOp(instance.op).getLoc())
          << "the memories of '@" << InstanceOp(instance.op).getSymName() << "' move " << memoryBits[index]
          << " bits per sample but can move " << cycles * instance.memoryBits << " in " << cycles << " cycles";
}

/// Which port a stream takes to a switch is known once links exist; until then the ports of a device count together.
void Verifier::checkSwitchPorts() {
  double windowMhz = system.clocks.getTickMhz() / static_cast<double>(system.clocks.getWindow());
  for (const SystemModel::Instance &instance : system.instances) {
    InstanceOp op = instance.op;
    int64_t bits = 0;
    for (auto cable : SystemOp(system.op).getBody().getOps<CableOp>())
      for (auto port : DeviceOp(instance.device).getBody().getOps<PortOp>())
        if (cable.getSource() == op.getSymName() && !cable.getTargetPort() &&
            cable.getSourcePort() == port.getSymName())
          bits += std::floor(port.getRateGbps().convertToDouble() * 1000 / windowMhz + 1e-9);
    for (auto [load, verb] :
         {std::pair(sent.lookup(instance.place), "sends"), std::pair(received.lookup(instance.place), "receives")})
      if (load > bits)
        fail(op.getLoc()) << "'@" << op.getSymName() << "' " << verb << " " << load << " bits "
                          << (system.clocks.areEqual() ? "a cycle" : "in a common multiple of all cycles")
                          << " over a switch but its ports there carry " << bits;
  }
}

void Verifier::checkBudgets() {
  for (auto [index, instance] : llvm::enumerate(system.instances)) {
    Area budget = system.getBudget(index, maxUtilization);
    for (unsigned kind = 0; kind < used[index].size(); ++kind)
      if (used[index][kind] > budget[kind])
        fail(InstanceOp(instance.op).getLoc())
            << "'@" << InstanceOp(instance.op).getSymName() << "' needs " << used[index][kind] << " "
            << costs.getResources().getName(kind) << " but " << budget[kind] << " may be used";
  }
}

void Verifier::checkMapping() {
  if (static_cast<int64_t>(mapping.getCycles()) < slowest)
    fail(mapping.getLoc()) << "the mapping promises " << mapping.getCycles() << " cycles per sample but a node needs "
                           << slowest;
  if (mapping.getGraph() != FlatSymbolRefAttr::get(graph.function.getSymNameAttr()).getValue())
    fail(mapping.getLoc()) << "expected a mapping of '@" << graph.function.getSymName() << "' but got '@"
                           << mapping.getGraph() << "'";
  if (mapping.getClockMhz().convertToDouble() != system.clocks.getTickMhz())
    fail(mapping.getLoc()) << "expected a clock of " << system.clocks.getTickMhz()
                           << " MHz, that of the devices or the lowest common multiple of theirs, but got "
                           << mapping.getClockMhz().convertToDouble();
  auto usage = llvm::to_vector(mapping.getUsage().getAsRange<UsageAttr>());
  if (usage.size() != system.instances.size()) {
    fail(mapping.getLoc()) << "expected the usage of " << system.instances.size() << " devices but got "
                           << usage.size();
    return;
  }
  for (auto [index, instance] : llvm::enumerate(system.instances)) {
    if (usage[index].getDevice() != instance.place.getDevice()) {
      fail(mapping.getLoc()) << "expected the usage of " << instance.place.getDevice() << " but got "
                             << usage[index].getDevice();
      continue;
    }
    Area claimed = costs.getResources().getArea(usage[index].getUsed());
    for (unsigned kind = 0; kind < used[index].size(); ++kind)
      if (claimed[kind] < used[index][kind])
        fail(mapping.getLoc()) << "the mapping says that " << instance.place.getDevice() << " uses " << claimed[kind]
                               << " " << costs.getResources().getName(kind) << " but its nodes need "
                               << used[index][kind];
  }
}

//===- MappingGraph.cpp - What the mapping passes work on -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/MappingGraph.h"

#include <cmath>

using namespace mlir;
using namespace xplat;

//===----------------------------------------------------------------------===//
// Graph
//===----------------------------------------------------------------------===//

FailureOr<MappingGraph> MappingGraph::get(ModuleOp module) {
  MappingGraph graph;
  for (auto function : module.getOps<func::FuncOp>()) {
    bool hasNodes = false;
    function.walk([&](NodeOpInterface) { hasNodes = true; });
    if (!hasNodes || function.isPrivate())
      continue;
    if (graph.function) {
      auto diagnostic = emitError(function->getLoc(), "expected one function with nodes but got a second one");
      diagnostic.attachNote(graph.function.getLoc()) << "the first one";
      return diagnostic;
    }
    graph.function = function;
  }
  if (!graph.function)
    return emitError(module->getLoc(), "expected a function with nodes but got none");
  llvm::DenseMap<Operation *, int> index;
  for (Operation &op : graph.function.getBody().front())
    if (auto node = dyn_cast<NodeOpInterface>(op)) {
      if (op.getNumResults() != 1 || !isa<RankedTensorType>(op.getResult(0).getType()))
        return emitError(op.getLoc(), "expected a node with one tensor as result; the graph is on streams already");
      index[&op] = graph.nodes.size();
      graph.nodes.push_back(node);
    }
  graph.uses.resize(graph.nodes.size());
  graph.producers.resize(graph.nodes.size());
  for (auto [consumer, node] : llvm::enumerate(graph.nodes))
    for (auto [operand, value] : llvm::enumerate(node->getOperands())) {
      auto found = value.getDefiningOp() ? index.find(value.getDefiningOp()) : index.end();
      int producer = found == index.end() ? -1 : found->second;
      graph.producers[consumer].push_back(producer);
      if (producer >= 0)
        graph.uses[producer].push_back({static_cast<unsigned>(consumer), static_cast<unsigned>(operand)});
    }
  return graph;
}

StreamType MappingGraph::getStream(unsigned node, int64_t lanes) {
  auto boundary = dyn_cast<HostBoundaryOpInterface>(nodes[node].getOperation());
  // What leaves the system travels up to the node; the host's tensor may have another shape.
  bool leaves = boundary && !boundary.isInput();
  return xplat::getStream((leaves ? nodes[node]->getOperand(0) : nodes[node]->getResult(0)).getType(), lanes);
}

//===----------------------------------------------------------------------===//
// System
//===----------------------------------------------------------------------===//

FailureOr<SystemModel> SystemModel::get(ModuleOp module, StringRef name) {
  SmallVector<SystemOp> systems(module.getOps<SystemOp>());
  SystemModel model(module);
  for (SystemOp system : systems)
    if (name.empty() ? systems.size() == 1 : system.getSymName() == name)
      model.op = system;
  if (!model.op) {
    InFlightDiagnostic diagnostic = emitError(module.getLoc());
    if (name.empty())
      diagnostic << "expected a 'system' option that names one of the module's systems";
    else
      diagnostic << "unknown system '@" << name << "'";
    diagnostic << "; known are:";
    for (SystemOp system : systems)
      diagnostic << " @" << system.getSymName();
    return diagnostic << (systems.empty() ? " none" : "");
  }
  FailureOr<SystemClocks> clocks = SystemClocks::get(model.op);
  if (failed(clocks))
    return failure();
  model.clocks = std::move(*clocks);
  SymbolTable symbols(module);
  for (auto instance : model.op.getBody().getOps<InstanceOp>()) {
    auto device = symbols.lookup<DeviceOp>(instance.getDevice());
    model.instances.push_back({instance, device, model.op.getPlace(instance.getSymNameAttr()),
                               model.resources.getArea(device.getResources())});
  }
  for (Instance &instance : model.instances) {
    double bandwidth = 0;
    for (auto memory : instance.device.getBody().getOps<MemoryOp>())
      bandwidth += memory.getBandwidthMbPerS().convertToDouble();
    instance.ticks = model.clocks.getTicks(instance.place);
    instance.clock = llvm::find(model.clocks.getAllTicks(), instance.ticks) - model.clocks.getAllTicks().begin();
    instance.memoryBits =
        static_cast<int64_t>(std::floor(bandwidth * 8.0 / model.clocks.getMhz(instance.place) + 1e-9));
  }
  return model;
}

std::optional<unsigned> SystemModel::find(PlaceAttr place) const {
  for (auto [index, instance] : llvm::enumerate(instances))
    if (instance.place == place)
      return index;
  return std::nullopt;
}

std::optional<unsigned> SystemModel::getFixedInstance(NodeOpInterface node) const {
  return node.getFixedPlacement() ? find(node.getFixedPlacement()) : std::nullopt;
}

LogicalResult SystemModel::checkFixedInstances(const MappingGraph &graph) const {
  for (NodeOpInterface node : graph.nodes)
    if (node.getFixedPlacement() && !getFixedInstance(node)) {
      auto diagnostic = emitError(node->getLoc(), "'")
                        << getNodeName(node) << "' is fixed to '" << node.getFixedPlacement().getDevice()
                        << "', which is not an instance of system '@" << SystemOp(op).getSymName() << "'; it has";
      for (const Instance &instance : instances)
        diagnostic << " '@" << InstanceOp(instance.op).getSymName() << "'";
      return diagnostic;
    }
  return success();
}

SmallVector<Area> SystemModel::getBudgets(double maxUtilization) const {
  SmallVector<Area> budgets;
  for (unsigned instance = 0; instance < instances.size(); ++instance)
    budgets.push_back(getBudget(instance, maxUtilization));
  return budgets;
}

SmallVector<unsigned> SystemModel::getInstances(NodeOpInterface node) const {
  if (std::optional<unsigned> fixed = getFixedInstance(node))
    return {*fixed};
  return llvm::to_vector(llvm::seq<unsigned>(0, instances.size()));
}

Area SystemModel::getTotal() const {
  Area total = {};
  for (const Instance &instance : instances)
    total += instance.resources;
  return total;
}

Area SystemModel::getBudget(unsigned instance, double maxUtilization) const {
  Area budget = instances[instance].resources;
  if (maxUtilization >= 1)
    return budget; // exactly: not every amount is a double
  for (int64_t &amount : budget)
    amount = static_cast<int64_t>(std::floor(amount * maxUtilization + 1e-9));
  return budget;
}

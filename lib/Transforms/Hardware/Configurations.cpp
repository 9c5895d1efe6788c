//===- Configurations.cpp - The choices of a node -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/Configurations.h"

using namespace mlir;
using namespace xplat;

DeviceKinds::DeviceKinds(const SystemModel &system, CostModel &costs) {
  for (const SystemModel::Instance &instance : system.instances) {
    DeviceOp device = instance.device;
    auto found = llvm::find_if(devices, [&](DeviceOp other) { return costs.haveEqualCosts(device, other); });
    ofInstance.push_back(found - devices.begin());
    if (found == devices.end())
      devices.push_back(device);
  }
}

namespace {
/// Whether `a` is as good as `b` in cycles and in every resource, on every kind of device that can have `b`.
bool dominates(const Configuration &a, const Configuration &b) {
  return a.cycles <= b.cycles && llvm::all_of(llvm::zip(a.areas, b.areas), [](auto pair) {
           auto &[mine, other] = pair;
           return !other || (mine && mine->isWithin(*other));
         });
}

/// Evaluates one node under many unroll factors of one kernel, on the kinds of devices from `first` to before `end`.
class NodeEvaluator {
public:
  NodeEvaluator(NodeOpInterface node, KernelOp kernel, const DeviceKinds &kinds, unsigned first, unsigned end,
                CostModel &costs)
      : node(node), geometry(node), kernel(kernel), order(kernel.getLoopOrder()), costs(costs), first(first),
        numKinds(kinds.devices.size()) {
    SmallVector<int64_t> ones(node.getDimensionNames().size(), 1);
    for (unsigned kind = first; kind < end; ++kind)
      queries.emplace_back(kernel, node, ones, kinds.devices[kind]);
  }

  /// Nothing when the kernel fits on none of the kinds.
  std::optional<Configuration> evaluate(ArrayRef<int64_t> unroll) {
    if (geometry.explainUnroll(unroll))
      return std::nullopt;
    Configuration choice;
    choice.resultLanes = geometry.getResultLanes(0, unroll);
    for (auto [index, query] : llvm::enumerate(queries)) {
      query.setUnroll(unroll, choice.resultLanes);
      std::optional<Cost> cost = costs.evaluate(query);
      if (!cost)
        continue;
      choice.cycles = std::max(choice.cycles, cost->cycles);
      choice.latency = std::max(choice.latency, cost->latency);
      choice.areas.resize(numKinds);
      choice.areas[first + index] = cost->area;
    }
    if (choice.areas.empty() || geometry.explainOrder(order, unroll))
      return std::nullopt;
    choice.kernel = kernel;
    choice.unroll.assign(unroll.begin(), unroll.end());
    for (unsigned operand = 0; operand < node->getNumOperands(); ++operand)
      choice.operandLanes.push_back(geometry.getOperandLanes(operand, unroll));
    return choice;
  }

private:
  NodeOpInterface node;
  Geometry geometry;
  KernelOp kernel;
  SmallVector<int64_t> order;
  CostModel &costs;
  unsigned first, numKinds;
  SmallVector<CostQuery, 1> queries;
};

/// The factors of each loop that mapping may choose from.
SmallVector<SmallVector<int64_t>> getFactors(NodeOpInterface node, bool keepFixed) {
  Geometry geometry(node);
  SmallVector<SmallVector<int64_t>> legal;
  for (auto [dim, fixed] : llvm::enumerate(node.getFixedUnroll()))
    legal.push_back(keepFixed && fixed ? SmallVector<int64_t>{fixed} : geometry.getLegalUnroll(dim));
  return legal;
}

/// Those of them that the kernel may have.
SmallVector<SmallVector<int64_t>> keepPossible(ArrayRef<SmallVector<int64_t>> factors, NodeOpInterface node,
                                               KernelOp kernel) {
  Geometry geometry(node);
  SmallVector<SmallVector<int64_t>> possible(factors);
  for (auto [loop, legal] : llvm::enumerate(possible))
    if (!canUnroll(kernel, geometry, loop))
      llvm::erase_if(legal, [](int64_t factor) { return factor > 1; });
  return possible;
}

/// Every combination of factors under which the kernel fits.
Configurations evaluateAll(NodeEvaluator &evaluator, ArrayRef<SmallVector<int64_t>> factors) {
  Configurations all;
  SmallVector<size_t> position(factors.size(), 0);
  SmallVector<int64_t> unroll;
  for (ArrayRef<int64_t> legal : factors)
    unroll.push_back(legal.front());
  while (true) {
    if (std::optional<Configuration> choice = evaluator.evaluate(unroll))
      all.push_back(std::move(*choice));
    // The next combination of factors, last loop fastest.
    size_t dim = factors.size();
    while (dim > 0 && ++position[dim - 1] == factors[dim - 1].size()) {
      position[dim - 1] = 0;
      unroll[dim - 1] = factors[dim - 1].front();
      --dim;
    }
    if (dim == 0)
      return all;
    unroll[dim - 1] = factors[dim - 1][position[dim - 1]];
  }
}

/// The choices that no other one with the same lanes dominates; of equal ones the first.
Configurations keepBest(Configurations all) {
  std::map<std::pair<SmallVector<int64_t, 2>, int64_t>, Configurations> byLanes;
  for (Configuration &choice : all)
    byLanes[{choice.operandLanes, choice.resultLanes}].push_back(std::move(choice));
  Configurations choices;
  for (auto &[lanes, group] : byLanes) {
    llvm::stable_sort(group, [](const Configuration &a, const Configuration &b) {
      return std::tie(a.cycles, a.areas) < std::tie(b.cycles, b.areas);
    });
    size_t first = choices.size();
    for (Configuration &choice : group)
      if (llvm::none_of(ArrayRef(choices).drop_front(first),
                        [&](const Configuration &kept) { return dominates(kept, choice); }))
        choices.push_back(std::move(choice));
  }
  llvm::stable_sort(choices, [](const Configuration &a, const Configuration &b) { return a.cycles < b.cycles; });
  return choices;
}
} // namespace

ConfigurationSpace::ConfigurationSpace(ModuleOp module, AnalysisManager &analyses)
    : costs(analyses.getAnalysis<CostModel, ModuleOp>()) {}

/// The kernels among which mapping may choose.
static SmallVector<KernelOp> getCandidates(NodeOpInterface node, const KernelLibrary &library, bool keepFixed) {
  SmallVector<KernelOp> kernels = llvm::to_vector(library.getKernels(node->getName()));
  if (FlatSymbolRefAttr fixed = keepFixed ? node.getFixedKernel() : FlatSymbolRefAttr())
    llvm::erase_if(kernels, [&](KernelOp kernel) { return kernel.getSymNameAttr() != fixed.getAttr(); });
  return kernels;
}

const Configurations &ConfigurationSpace::get(NodeOpInterface node, const DeviceKinds &kinds, unsigned first,
                                              unsigned end, bool keepFixed) {
  SmallVector<KernelOp> candidates = getCandidates(node, costs.getLibrary(), keepFixed);
  llvm::erase_if(candidates, [&](KernelOp kernel) { return explainUnsuited(kernel, node).has_value(); });
  SmallVector<SmallVector<int64_t>> factors = getFactors(node, keepFixed);
  // Nodes are alike when the kernels that suit them, costs, factors and lanes are: lanes are products of the factors of
  // some of the loops.
  Key key;
  auto &[names, numbers] = key;
  names.push_back(node->getName().getAsOpaquePointer());
  for (KernelOp kernel : candidates)
    names.push_back(kernel.getOperation());
  for (unsigned kind = first; kind < end; ++kind)
    names.push_back(DeviceOp(kinds.devices[kind]).getOperation());
  for (Type type : node->getOperandTypes())
    names.push_back(type.getAsOpaquePointer());
  names.push_back(node->getResult(0).getType().getAsOpaquePointer());
  SmallVector<int64_t> ones(factors.size(), 1);
  numbers = node.getKernelSymbolValues(ones);
  numbers.push_back(static_cast<int64_t>(node.getMemoryKind()));
  for (auto [dim, legal] : llvm::enumerate(factors)) {
    numbers.push_back(legal.size());
    llvm::append_range(numbers, legal);
    SmallVector<int64_t> unroll = ones;
    unroll[dim] = legal.back();
    for (unsigned operand = 0; operand < node->getNumOperands(); ++operand)
      numbers.push_back(node.getOperandLanes(operand, unroll));
    numbers.push_back(node.getResultLanes(0, unroll));
  }
  auto [entry, isNew] = known.try_emplace(std::move(key));
  if (!isNew)
    return entry->second;
  Configurations all;
  for (KernelOp kernel : candidates) {
    SmallVector<SmallVector<int64_t>> possible = keepPossible(factors, node, kernel);
    if (llvm::any_of(possible, [](ArrayRef<int64_t> loop) { return loop.empty(); }))
      continue;
    NodeEvaluator evaluator(node, kernel, kinds, first, end, costs);
    llvm::append_range(all, evaluateAll(evaluator, possible));
  }
  return entry->second = keepBest(std::move(all));
}

LogicalResult ConfigurationSpace::reportNone(NodeOpInterface node, const DeviceKinds &kinds, bool keepFixed) {
  SmallVector<Rejection> rejections;
  for (KernelOp kernel : getCandidates(node, costs.getLibrary(), keepFixed)) {
    std::optional<std::string> reason;
    for (DeviceOp device : kinds.devices)
      if (!reason)
        reason = costs.explainMisfit(node, kernel, node.getUnrollFactors(), device);
    rejections.push_back({kernel, reason.value_or("no value")});
  }
  if (!keepFixed || !node.getFixedKernel())
    return reportNoKernel(node, rejections);
  if (rejections.empty())
    return emitError(node->getLoc(), "'") << getNodeName(node) << "' is fixed to kernel " << node.getFixedKernel()
                                          << ", but the module has no such kernel for '" << node->getName() << "'";
  auto diagnostic = emitError(node->getLoc(), "kernel @") << rejections.front().kernel.getSymName() << " does not fit '"
                                                          << getNodeName(node) << "' at any unroll";
  if (node.hasFixedUnroll())
    diagnostic << " that keeps the factors fixed for it";
  return diagnostic << ": " << rejections.front().reason;
}

FailureOr<std::vector<Configurations>> ConfigurationSpace::enumerate(MappingGraph &graph, const DeviceKinds &kinds) {
  std::vector<Configurations> all;
  for (NodeOpInterface node : graph.nodes) {
    all.push_back(get(node, kinds, 0, kinds.devices.size(), /*keepFixed=*/true));
    if (all.back().empty())
      return reportNone(node, kinds, /*keepFixed=*/true);
  }
  return all;
}

FailureOr<std::vector<Configurations>> ConfigurationSpace::enumerateFree(MappingGraph &graph,
                                                                         const DeviceKinds &kinds) {
  std::vector<Configurations> all(graph.nodes.size());
  for (auto [node, choices] : llvm::zip(graph.nodes, all)) {
    for (unsigned kind = 0; kind < kinds.devices.size(); ++kind)
      llvm::append_range(choices, get(node, kinds, kind, kind + 1, /*keepFixed=*/false));
    if (choices.empty())
      return reportNone(node, kinds, /*keepFixed=*/false);
    llvm::stable_sort(choices, [](const Configuration &a, const Configuration &b) { return a.cycles < b.cycles; });
  }
  return all;
}

FailureOr<Configuration> ConfigurationSpace::getPresent(NodeOpInterface node, const DeviceKinds &kinds) {
  KernelOp kernel = costs.getLibrary().getKernel(node);
  if (!kernel)
    return emitError(node->getLoc(), "'")
           << getNodeName(node) << "' is not bound to a kernel; run 'xplat-bind-kernels' first";
  SmallVector<int64_t> unroll = node.getUnrollFactors();
  NodeEvaluator evaluator(node, kernel, kinds, 0, kinds.devices.size(), costs);
  if (std::optional<Configuration> choice = evaluator.evaluate(unroll))
    return *choice;
  return emitError(node->getLoc(), "kernel @")
         << kernel.getSymName() << " does not fit '" << getNodeName(node) << "' under unroll factors [" << unroll
         << "]: " << costs.explainMisfit(node, kernel, unroll, kinds.devices.front()).value_or("no value");
}

Configurations xplat::keepPlaceable(const Configurations &choices, const DeviceKinds &kinds,
                                    ArrayRef<unsigned> instances, ArrayRef<Area> budgets) {
  Configurations placeable;
  llvm::copy_if(choices, std::back_inserter(placeable), [&](const Configuration &choice) {
    return llvm::any_of(instances, [&](unsigned instance) {
      const std::optional<Area> &area = choice.areas[kinds.ofInstance[instance]];
      return area && area->isWithin(budgets[instance]);
    });
  });
  return placeable;
}

std::optional<Area> xplat::getLeastAreas(const Configurations &choices, int64_t cycles) {
  std::optional<Area> least;
  for (const Configuration &choice : choices) {
    if (choice.cycles > cycles)
      break;
    for (const std::optional<Area> &area : choice.areas) {
      if (!area)
        continue;
      if (!least)
        least = area;
      for (unsigned resource = 0; resource < least->size(); ++resource)
        (*least)[resource] = std::min((*least)[resource], (*area)[resource]);
    }
  }
  return least;
}

LatencyModel::LatencyModel(MappingGraph &graph) : needs(graph.nodes.size()) {
  for (auto [index, node] : llvm::enumerate(graph.nodes)) {
    Geometry geometry(node);
    for (auto [operand, producer] : llvm::enumerate(graph.producers[index]))
      if (producer >= 0)
        needs[index].push_back({static_cast<unsigned>(producer),
                                static_cast<uint64_t>(geometry.getPrefixes(operand).getRequired(0)),
                                static_cast<uint64_t>(graph.getStream(producer, 1).getNumElements())});
  }
}

int64_t LatencyModel::estimate(ArrayRef<const Configuration *> choices, ArrayRef<int64_t> ticks) const {
  // Saturating: extents of a tensor may be of any size.
  using llvm::SaturatingAdd;
  SmallVector<uint64_t> first(choices.size(), 0), pace(choices.size(), 0);
  uint64_t last = 0;
  for (auto [index, choice] : llvm::enumerate(choices)) {
    pace[index] = llvm::SaturatingMultiply<uint64_t>(choice->cycles, ticks[index]);
    for (const Need &need : needs[index]) {
      uint64_t wait = llvm::divideCeil(llvm::SaturatingMultiply(need.required, pace[need.producer]), need.elements);
      first[index] = std::max(first[index], SaturatingAdd(first[need.producer], wait));
      pace[index] = std::max(pace[index], pace[need.producer]);
    }
    first[index] = SaturatingAdd(first[index], llvm::SaturatingMultiply<uint64_t>(choice->latency, ticks[index]));
    last = std::max(last, SaturatingAdd(first[index], pace[index]));
  }
  return std::min<uint64_t>(last, std::numeric_limits<int64_t>::max());
}

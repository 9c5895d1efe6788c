//===- Configurations.cpp - The unroll choices of a node ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/Configurations.h"

#include <map>

using namespace mlir;
using namespace xplat;

namespace {
/// Whether `a` is as good as `b` in cycles and every resource.
bool dominates(const Configuration &a, const Configuration &b) {
  if (a.cycles > b.cycles)
    return false;
  for (unsigned kind = 0; kind < numResourceKinds; ++kind)
    if (a.area[kind] > b.area[kind])
      return false;
  return true;
}

/// Evaluates one node many times: all but the unroll factors is looked up once.
class NodeEvaluator {
public:
  NodeEvaluator(NodeOpInterface node, const CostEvaluator &kernel) : node(node), kernel(kernel) {
    SmallVector<int64_t> ones(node.getIterationDomain().size(), 1);
    symbols = node.getKernelSymbolValues(ones);
    firstFactor = ones.size() + node.getConstants().size();
    elements = xplat::detail::product(getDataShape(node->getResult(0).getType()));
  }

  /// Nothing when the kernel does not fit.
  std::optional<Configuration> evaluate(ArrayRef<int64_t> unroll) {
    llvm::copy(unroll, symbols.begin() + firstFactor);
    Configuration choice;
    choice.resultLanes = node.getResultLanes(0, unroll);
    std::optional<Cost> cost = kernel.evaluate(symbols, node->getNumOperands(), elements / choice.resultLanes);
    if (!cost || !cost->isDefined())
      return std::nullopt;
    choice.unroll.assign(unroll.begin(), unroll.end());
    for (unsigned operand = 0; operand < node->getNumOperands(); ++operand)
      choice.operandLanes.push_back(node.getOperandLanes(operand, unroll));
    choice.cycles = cost->cycles;
    choice.latency = cost->latency;
    choice.area = cost->area;
    return choice;
  }

private:
  NodeOpInterface node;
  const CostEvaluator &kernel;
  SmallVector<int64_t> symbols;
  size_t firstFactor;
  int64_t elements;
};
} // namespace

static Configurations enumerate(NodeOpInterface node, const CostEvaluator &kernel, bool keepFixed) {
  NodeEvaluator evaluator(node, kernel);
  SmallVector<SmallVector<int64_t>> legal;
  for (auto [dim, fixed] : llvm::enumerate(node.getFixedUnroll()))
    legal.push_back(keepFixed && fixed ? SmallVector<int64_t>{fixed} : node.getLegalUnroll(dim));
  std::map<std::pair<SmallVector<int64_t, 2>, int64_t>, Configurations> byLanes;
  SmallVector<size_t> position(legal.size(), 0);
  SmallVector<int64_t> unroll;
  for (ArrayRef<int64_t> factors : legal)
    unroll.push_back(factors.front());
  while (true) {
    if (std::optional<Configuration> choice = evaluator.evaluate(unroll))
      byLanes[{choice->operandLanes, choice->resultLanes}].push_back(std::move(*choice));
    // The next combination of factors, last loop fastest.
    size_t dim = legal.size();
    while (dim > 0 && ++position[dim - 1] == legal[dim - 1].size()) {
      position[dim - 1] = 0;
      unroll[dim - 1] = legal[dim - 1].front();
      --dim;
    }
    if (dim == 0)
      break;
    unroll[dim - 1] = legal[dim - 1][position[dim - 1]];
  }
  Configurations choices;
  for (auto &[lanes, group] : byLanes) {
    llvm::stable_sort(group, [](const Configuration &a, const Configuration &b) {
      return std::tie(a.cycles, a.area) < std::tie(b.cycles, b.area);
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

FailureOr<std::vector<Configurations>> xplat::enumerateConfigurations(MappingGraph &graph, const KernelLibrary &library,
                                                                      bool keepFixed) {
  std::vector<Configurations> all;
  llvm::DenseMap<Operation *, CostEvaluator> evaluators;
  for (NodeOpInterface node : graph.nodes) {
    KernelOp kernel = library.getKernel(node);
    if (!kernel)
      return emitError(node->getLoc(), "'")
             << getNodeName(node) << "' is not bound to a kernel; run 'xplat-bind-kernels' first";
    const CostEvaluator &evaluator = evaluators.try_emplace(kernel, kernel).first->second;
    all.push_back(enumerate(node, evaluator, keepFixed));
    if (!all.back().empty())
      continue;
    auto diagnostic = emitError(node->getLoc(), "kernel @")
                      << kernel.getSymName() << " does not fit '" << getNodeName(node) << "' at any unroll";
    if (keepFixed && node.hasUnroll())
      diagnostic << " that keeps the factors fixed for it";
    return diagnostic << ": " << explainMisfit(kernel, node, node.getUnrollFactors()).value_or("no value");
  }
  return all;
}

Configurations xplat::keepPlaceable(const Configurations &choices, ArrayRef<Area> budgets) {
  auto fitsOne = [&](const Configuration &choice) {
    return llvm::any_of(budgets, [&](const Area &budget) {
      for (unsigned kind = 0; kind < numResourceKinds; ++kind)
        if (choice.area[kind] > budget[kind])
          return false;
      return true;
    });
  };
  Configurations placeable;
  llvm::copy_if(choices, std::back_inserter(placeable), fitsOne);
  return placeable;
}

FailureOr<Configuration> xplat::getPresentConfiguration(NodeOpInterface node, const KernelLibrary &library) {
  KernelOp kernel = library.getKernel(node);
  if (!kernel)
    return emitError(node->getLoc(), "'")
           << getNodeName(node) << "' is not bound to a kernel; run 'xplat-bind-kernels' first";
  CostEvaluator evaluator(kernel);
  SmallVector<int64_t> unroll = node.getUnrollFactors();
  if (std::optional<Configuration> choice = NodeEvaluator(node, evaluator).evaluate(unroll))
    return *choice;
  return emitError(node->getLoc(), "kernel @")
         << kernel.getSymName() << " does not fit '" << getNodeName(node) << "' under unroll factors [" << unroll
         << "]: " << explainMisfit(kernel, node, unroll).value_or("no value");
}

std::optional<Area> xplat::getLeastAreas(const Configurations &choices, int64_t cycles) {
  std::optional<Area> least;
  for (const Configuration &choice : choices) {
    if (choice.cycles > cycles)
      break;
    if (!least)
      least = choice.area;
    for (unsigned kind = 0; kind < numResourceKinds; ++kind)
      (*least)[kind] = std::min((*least)[kind], choice.area[kind]);
  }
  return least;
}

LatencyModel::LatencyModel(MappingGraph &graph) : needs(graph.nodes.size()) {
  for (auto [index, node] : llvm::enumerate(graph.nodes))
    for (auto [operand, producer] : llvm::enumerate(graph.producers[index]))
      if (producer >= 0)
        needs[index].push_back({static_cast<unsigned>(producer),
                                static_cast<uint64_t>(node.getRequiredElements(operand, 0)),
                                static_cast<uint64_t>(graph.getStream(producer, 1).getNumElements())});
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

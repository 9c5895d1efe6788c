//===- BalanceProblem.cpp - Choices for a given rate ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/BalanceProblem.h"

#include <map>

using namespace mlir;
using namespace xplat;

Weights xplat::getWeights(const Area &total, unsigned numResources) {
  Weights weights(numResources, 1.0);
  for (unsigned kind = 0; kind < numResources; ++kind)
    if (total[kind] > 0) // a resource that the system lacks keeps weight 1
      weights[kind] = 1.0 / total[kind];
  return weights;
}

double xplat::weigh(const Area &area, const Weights &weights) {
  double sum = 0;
  for (unsigned kind = 0; kind < weights.size(); ++kind)
    sum += area[kind] * weights[kind];
  return sum;
}

/// The weighted area of a width converter on the stream from `producer`; 0 for equal lanes. Where no kernel converts,
/// as much as a million devices: other lanes are chosen if there are any.
static double weighConverter(const BalanceProblem &problem, unsigned producer, int64_t from, int64_t to) {
  if (from == to)
    return 0;
  constexpr double noConverter = 1e6;
  const auto &area = problem.structure.converter(problem.graph.getStream(producer, from), to, problem.device);
  return area ? weigh(*area, problem.weights) : noConverter;
}

SmallVector<unsigned> xplat::solveByDescent(const BalanceProblem &problem) {
  size_t numNodes = problem.graph.nodes.size();
  // The lightest choice for each combination of lanes.
  std::vector<SmallVector<std::pair<double, unsigned>>> lightest(numNodes);
  SmallVector<unsigned> solution(numNodes, 0);
  for (unsigned node = 0; node < numNodes; ++node) {
    std::map<std::pair<SmallVector<int64_t, 2>, int64_t>, std::pair<double, unsigned>> byLanes;
    for (auto [index, choice] : llvm::enumerate(problem.choices[node])) {
      if (choice.cycles > problem.cycles)
        break;
      double weight = weigh(choice.getArea(), problem.weights);
      auto [entry, isNew] = byLanes.try_emplace({choice.operandLanes, choice.resultLanes}, weight, index);
      if (!isNew && weight < entry->second.first)
        entry->second = {weight, static_cast<unsigned>(index)};
    }
    if (byLanes.empty()) {
      solution[node] = noChoice;
      continue;
    }
    for (auto &[lanes, entry] : byLanes)
      lightest[node].push_back(entry);
    solution[node] = llvm::min_element(lightest[node])->second;
  }
  // The weight of a choice with the converters to its neighbours.
  auto weighInPlace = [&](unsigned node, double weight, const Configuration &choice) {
    for (auto [operand, producer] : llvm::enumerate(problem.graph.producers[node]))
      if (producer >= 0 && solution[producer] != noChoice)
        weight += weighConverter(problem, producer, problem.choices[producer][solution[producer]].resultLanes,
                                 choice.operandLanes[operand]);
    for (const MappingGraph::Use &use : problem.graph.uses[node])
      if (solution[use.node] != noChoice)
        weight += weighConverter(problem, node, choice.resultLanes,
                                 problem.choices[use.node][solution[use.node]].operandLanes[use.operand]);
    return weight;
  };
  auto improve = [&](unsigned node) {
    double best = std::numeric_limits<double>::infinity();
    unsigned bestIndex = solution[node];
    for (auto [weight, index] : lightest[node]) {
      double here = weighInPlace(node, weight, problem.choices[node][index]);
      // The present choice wins a tie, so that the descent ends.
      if (here < best - 1e-12 || (here < best + 1e-12 && index == solution[node])) {
        best = std::min(best, here);
        bestIndex = index;
      }
    }
    return std::exchange(solution[node], bestIndex) != bestIndex;
  };
  constexpr unsigned maxSweeps = 8;
  for (unsigned sweep = 0; sweep < maxSweeps; ++sweep) {
    bool changed = false;
    for (unsigned i = 0; i < numNodes; ++i)
      changed |= improve(sweep % 2 ? numNodes - 1 - i : i);
    if (!changed)
      break;
  }
  return solution;
}

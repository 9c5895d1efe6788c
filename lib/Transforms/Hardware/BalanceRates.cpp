//===- BalanceRates.cpp - The highest throughput that fits ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Searches over the numbers of cycles per sample that nodes and links can have.
// For each, the balance problem gives the cheapest unroll factors, and the
// partition problem says whether they fit. If they do not, the resource that is
// short gets more weight, and other factors are tried. A solution for one number
// mostly means one for every larger number, so the search gallops and bisects,
// then tries the numbers just below its answer.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/BalanceProblem.h"
#include "Transforms/Hardware/ThroughputBound.h"
#include "Transforms/Passes.h"
#include "xplat/Analysis/Names.h"

namespace xplat {
#define GEN_PASS_DEF_BALANCERATES
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
class Balancer {
public:
  /// Chooses among `choices`, those of `all` that some device holds.
  Balancer(MappingGraph &graph, const std::vector<Configurations> &all, const std::vector<Configurations> &choices,
           const SystemModel &system, StructureCosts &structure, double maxUtilization)
      : graph(graph), all(all), choices(choices), system(system), balance{graph, choices, structure},
        partition(graph, system, structure, maxUtilization), maxUtilization(maxUtilization) {}

  /// Choices whose nodes and links have at most `cycles`, placed legally.
  std::optional<SmallVector<unsigned>> attempt(int64_t cycles);
  /// The fastest such choices; reports an error when there are none.
  FailureOr<SmallVector<unsigned>> findFastest();
  FailureOr<SmallVector<unsigned>> reach(int64_t cycles);
  unsigned numTargets = 0;

private:
  std::vector<int64_t> getTargets();

  MappingGraph &graph;
  const std::vector<Configurations> &all, &choices;
  const SystemModel &system;
  BalanceProblem balance;
  PartitionProblem partition;
  double maxUtilization;
  NearMiss nearMiss;
};

struct BalanceRates : xplat::impl::BalanceRatesBase<BalanceRates> {
  using BalanceRatesBase::BalanceRatesBase;

  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    ModuleOp module = getOperation();
    if (targetCycles < 0)
      return emitError(module->getLoc(), "expected 'target-cycles' of at least 0 but got ") << targetCycles.getValue();
    if (!(maxUtilization > 0 && maxUtilization <= 1))
      return emitError(module->getLoc(), "expected a 'max-utilization' above 0 and up to 1 but got ")
             << maxUtilization.getValue();
    FailureOr<MappingGraph> graph = MappingGraph::get(module);
    if (failed(graph))
      return failure();
    FailureOr<SystemModel> model = SystemModel::get(module, decodeOption(system));
    if (failed(model))
      return failure();
    SymbolScope symbols(module);
    KernelLibrary library(module);
    FailureOr<std::vector<Configurations>> choices = enumerateConfigurations(*graph, library);
    if (failed(choices))
      return failure();
    for (const Configurations &node : *choices)
      numConfigurations += node.size();
    SmallVector<Area> budgets;
    for (unsigned instance = 0; instance < model->instances.size(); ++instance)
      budgets.push_back(model->getBudget(instance, maxUtilization));
    std::vector<Configurations> placeable = keepPlaceable(*choices, budgets);
    if (llvm::any_of(placeable, [](const Configurations &node) { return node.empty(); }))
      return reportMisfit(*graph, *choices, *model, maxUtilization, undefinedValue, NearMiss());
    StructureCosts structure(library, &getContext());
    Balancer balancer(*graph, *choices, placeable, *model, structure, maxUtilization);
    FailureOr<SmallVector<unsigned>> solution =
        targetCycles > 0 ? balancer.reach(targetCycles) : balancer.findFastest();
    numTargets += balancer.numTargets;
    if (failed(solution))
      return failure();
    for (auto [index, node] : llvm::enumerate(graph->nodes))
      node.setUnrollFactors(placeable[index][(*solution)[index]].unroll);
    return success();
  }
};
} // namespace

std::optional<SmallVector<unsigned>> Balancer::attempt(int64_t cycles) {
  ++numTargets;
  Area budget = {};
  for (const Area &here : partition.budgets)
    budget += here;
  std::optional<Area> least = sumLeastAreas(choices, cycles);
  if (!least)
    return std::nullopt;
  for (unsigned kind = 0; kind < numResourceKinds; ++kind)
    if ((*least)[kind] > budget[kind])
      return std::nullopt;
  balance.cycles = cycles;
  balance.weights = getWeights(system.getTotal());
  SmallVector<unsigned> previous;
  std::optional<ResourceKind> shortage;
  constexpr unsigned maxRounds = 6;
  for (unsigned round = 0; round < maxRounds; ++round) {
    std::optional<SmallVector<unsigned>> solution = solveByDescent(balance);
    if (!solution)
      return std::nullopt;
    if (*solution != previous) {
      SmallVector<const Configuration *> chosen;
      for (auto [node, index] : llvm::enumerate(*solution))
        chosen.push_back(&choices[node][index]);
      partition.configure(chosen, cycles);
      PartitionSolution placed = solve(partition, PartitionSolver::automatic, /*anyLegal=*/true);
      if (!placed.evaluation.violation)
        return solution;
      nearMiss.offer(partition, placed.evaluation);
      shortage = placed.evaluation.violation->resource;
    }
    if (!shortage)
      return std::nullopt;
    balance.weights[static_cast<unsigned>(*shortage)] *= 3;
    previous = std::move(*solution);
  }
  return std::nullopt;
}

std::vector<int64_t> Balancer::getTargets() {
  std::vector<int64_t> targets = getCycleCounts(choices);
  if (system.instances.size() > 1) {
    // Links, too, set the pace: so many phits a beat. Beyond a certain number
    // of phits the steps are too fine to matter.
    constexpr int64_t maxPhits = 64;
    for (unsigned node = 0; node < choices.size(); ++node) {
      if (graph.uses[node].empty())
        continue;
      llvm::SmallDenseSet<int64_t> lanes;
      for (const Configuration &choice : choices[node])
        if (lanes.insert(choice.resultLanes).second) {
          StreamType stream = graph.getStream(node, choice.resultLanes);
          for (int64_t phits = 1; phits <= std::min(stream.getBeatBits(), maxPhits); ++phits)
            targets.push_back(stream.getNumBeats() * phits);
        }
    }
    for (const SystemModel::Instance &instance : system.instances)
      for (NodeOpInterface node : graph.nodes)
        if (auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation()); boundary && instance.memoryBits)
          targets.push_back(llvm::divideCeil(boundary.getBitsPerSample(), instance.memoryBits));
  }
  int64_t bound = getThroughputBound(graph, all, system, /*maxUtilization=*/1).cycles;
  targets.push_back(bound);
  llvm::sort(targets);
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  targets.erase(targets.begin(), llvm::lower_bound(targets, bound));
  return targets;
}

FailureOr<SmallVector<unsigned>> Balancer::findFastest() {
  std::vector<int64_t> targets = getTargets();
  std::optional<SmallVector<unsigned>> solution;
  size_t low = 0, high = 0, step = 1; // targets below `low` were not reached
  while (!(solution = attempt(targets[high]))) {
    low = high + 1;
    if (low == targets.size()) {
      // The last resort: no target at all.
      return reportMisfit(graph, choices, system, maxUtilization, undefinedValue, nearMiss);
    }
    high = std::min(high + step, targets.size() - 1);
    step *= 2;
  }
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (std::optional<SmallVector<unsigned>> faster = attempt(targets[middle])) {
      solution = faster;
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  constexpr unsigned maxProbes = 6;
  for (unsigned probe = 0; probe < maxProbes && high > 0; ++probe)
    if (std::optional<SmallVector<unsigned>> faster = attempt(targets[--high])) {
      solution = faster;
      probe = 0;
    }
  return *solution;
}

FailureOr<SmallVector<unsigned>> Balancer::reach(int64_t cycles) {
  if (failed(BalanceProblem{graph, all, balance.structure, cycles}.check()))
    return failure();
  for (auto [index, node] : llvm::enumerate(graph.nodes))
    if (choices[index].front().cycles > cycles)
      return emitError(node->getLoc(), "'")
             << getNodeName(node) << "' needs at least " << choices[index].front().cycles
             << " cycles per sample on any one device of system '@" << SystemOp(system.op).getSymName()
             << "' but the target is " << cycles << "; give a larger 'target-cycles' or a larger device";
  if (std::optional<SmallVector<unsigned>> solution = attempt(cycles))
    return *solution;
  return reportMisfit(graph, choices, system, maxUtilization, cycles, nearMiss);
}

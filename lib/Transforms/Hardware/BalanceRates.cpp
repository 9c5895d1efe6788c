//===- BalanceRates.cpp - Kernels and factors for an objective ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Searches over the ticks per sample that nodes and links can have (`Clocks.h`; cycles, where clocks do not differ).
// For each, the balance problem gives the cheapest choices, each a kernel with
// unroll factors, and the partition problem says whether they fit. If they do not,
// the resource that is short gets more weight, and other choices are tried. A solution for one number
// mostly means one for every larger number, so the search gallops and bisects,
// then tries the numbers just below its answer.
//
// For the lowest latency it begins with the fastest solution and a few slower
// ones, and gives nodes more area, those first that save most for it, while a
// placement remains legal.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/BalanceProblem.h"
#include "Transforms/Hardware/Goal.h"
#include "Transforms/Hardware/Passes.h"
#include "Transforms/Hardware/ThroughputBound.h"
#include "xplat/Analysis/Names.h"

#include <set>

namespace xplat {
#define GEN_PASS_DEF_BALANCERATES
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
class Balancer {
public:
  /// The choice of each node, and the ticks of a cycle where it was placed.
  struct Solution {
    SmallVector<unsigned> choices;
    SmallVector<int64_t> ticks;
  };

  /// Chooses among `choices`, those of `all` that some device holds, to reach `target` ticks, 0 for no target.
  Balancer(MappingGraph &graph, const std::vector<Configurations> &all, const std::vector<Configurations> &choices,
           const SystemModel &system, const DeviceKinds &kinds, StructureCosts &structure, double maxUtilization,
           const Goal &goal, int64_t target)
      : graph(graph), all(all), choices(choices), system(system), kinds(kinds),
        balance{graph, choices, structure, kinds.devices.front()},
        partition(graph, system, kinds, structure, maxUtilization), maxUtilization(maxUtilization), goal(goal),
        target(target) {}

  /// The best choices by the goal; reports an error when there are none.
  FailureOr<Solution> run();
  unsigned numTargets = 0;

private:
  /// Choices whose nodes and links have at most `ticks`, placed legally.
  std::optional<Solution> attempt(int64_t ticks);
  FailureOr<Solution> findFastest();
  FailureOr<Solution> findSmallest();
  FailureOr<Solution> findShortest();
  FailureOr<Solution> reach(int64_t ticks);
  /// Lowers the latency of `solution` while its nodes and links have at most `ticks`; returns the latency.
  int64_t shorten(Solution &solution, int64_t ticks, const LatencyModel &model);
  /// Null where there is no choice.
  SmallVector<const Configuration *> getChosen(ArrayRef<unsigned> solution) const;
  SmallVector<int64_t> getTicks(ArrayRef<unsigned> placement) const;
  std::vector<int64_t> getTargets();

  MappingGraph &graph;
  const std::vector<Configurations> &all, &choices;
  const SystemModel &system;
  const DeviceKinds &kinds;
  BalanceProblem balance;
  PartitionProblem partition;
  double maxUtilization;
  Goal goal;
  int64_t target;
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
    if (!(maxUtilization > 0 && maxUtilization <= 1))
      return emitError(module->getLoc(), "expected a 'max-utilization' above 0 and up to 1 but got ")
             << maxUtilization.getValue();
    FailureOr<MappingGraph> graph = MappingGraph::get(module);
    if (failed(graph))
      return failure();
    FailureOr<SystemModel> model = SystemModel::get(module, decodeOption(system));
    if (failed(model) || failed(model->checkFixedInstances(*graph)))
      return failure();
    Goal goal{objective, targetCycles, targetPerSecond};
    FailureOr<int64_t> target = goal.getTicks(module->getLoc(), model->clocks);
    if (failed(target))
      return failure();
    SymbolScope symbols(module);
    auto &costs = getAnalysis<CostModel>();
    auto &space = getAnalysis<ConfigurationSpace>();
    markAnalysesPreserved<CostModel, ConfigurationSpace>();
    DeviceKinds kinds(*model, costs);
    FailureOr<std::vector<Configurations>> choices = space.enumerate(*graph, kinds);
    if (failed(choices))
      return failure();
    for (const Configurations &node : *choices)
      numConfigurations += node.size();
    numSets += space.getNumSets();
    SmallVector<Area> budgets = model->getBudgets(maxUtilization);
    std::vector<Configurations> placeable;
    for (auto [node, all] : llvm::zip(graph->nodes, *choices))
      placeable.push_back(keepPlaceable(all, kinds, model->getInstances(node), budgets));
    if (llvm::any_of(placeable, [](const Configurations &node) { return node.empty(); }))
      return reportMisfit(*graph, *choices, *model, kinds, maxUtilization, undefinedValue, NearMiss());
    StructureCosts structure(costs, &getContext());
    Balancer balancer(*graph, *choices, placeable, *model, kinds, structure, maxUtilization, goal, *target);
    FailureOr<Balancer::Solution> solution = balancer.run();
    numTargets += balancer.numTargets;
    if (failed(solution))
      return failure();
    for (auto [index, node] : llvm::enumerate(graph->nodes)) {
      Configuration &choice = placeable[index][solution->choices[index]];
      node.setKernelRef(FlatSymbolRefAttr::get(choice.kernel.getSymNameAttr()));
      node.setUnrollFactors(choice.unroll);
    }
    return success();
  }
};
} // namespace

FailureOr<Balancer::Solution> Balancer::run() {
  if (goal.objective == Objective::latency)
    return findShortest();
  if (target > 0)
    return reach(target);
  return goal.objective == Objective::area ? findSmallest() : findFastest();
}

SmallVector<const Configuration *> Balancer::getChosen(ArrayRef<unsigned> solution) const {
  SmallVector<const Configuration *> chosen;
  for (auto [node, index] : llvm::enumerate(solution))
    chosen.push_back(index == noChoice ? nullptr : &choices[node][index]);
  return chosen;
}

SmallVector<int64_t> Balancer::getTicks(ArrayRef<unsigned> placement) const {
  return llvm::map_to_vector(placement, [&](unsigned instance) { return system.instances[instance].ticks; });
}

std::optional<Balancer::Solution> Balancer::attempt(int64_t ticks) {
  ++numTargets;
  Area budget = {};
  for (const Area &here : partition.budgets)
    budget += here;
  std::optional<Area> least = sumLeastAreas(choices, system.getMostCycles(ticks));
  if (!least)
    return std::nullopt;
  if (!least->isWithin(budget))
    return std::nullopt;
  balance.weights = getWeights(system.getTotal(), system.resources.size());
  std::vector<SmallVector<unsigned>> previous;
  std::optional<unsigned> shortage;
  constexpr unsigned maxRounds = 6;
  for (unsigned round = 0; round < maxRounds; ++round) {
    // With each clock, since no node has a place yet.
    std::vector<SmallVector<unsigned>> solutions;
    std::vector<SmallVector<const Configuration *>> chosen;
    for (int64_t cycle : system.clocks.getAllTicks()) {
      balance.cycles = ticks / cycle;
      solutions.push_back(solveByDescent(balance));
      chosen.push_back(getChosen(solutions.back()));
    }
    // The fastest clock comes first: what is too slow with it is too slow with all.
    if (llvm::is_contained(solutions.front(), noChoice))
      return std::nullopt;
    if (solutions != previous) {
      partition.configure(std::move(chosen), ticks);
      PartitionSolution placed = solve(partition, PartitionSolver::automatic, /*anyLegal=*/true);
      if (!placed.evaluation.violation) {
        Solution solution;
        for (auto [node, instance] : llvm::enumerate(placed.placement))
          solution.choices.push_back(solutions[system.instances[instance].clock][node]);
        solution.ticks = getTicks(placed.placement);
        return solution;
      }
      nearMiss.offer(partition, placed.evaluation);
      shortage = placed.evaluation.violation->resource;
    }
    if (!shortage)
      return std::nullopt;
    balance.weights[*shortage] *= 3;
    previous = std::move(solutions);
  }
  return std::nullopt;
}

std::vector<int64_t> Balancer::getTargets() {
  std::vector<int64_t> targets, counts = getCycleCounts(choices);
  ArrayRef<int64_t> clocks = system.clocks.getAllTicks();
  for (int64_t cycle : clocks)
    for (int64_t count : counts)
      targets.push_back(count * cycle);
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
            for (int64_t cycle : clocks)
              targets.push_back(stream.getNumBeats() * phits * cycle);
        }
    }
    for (const SystemModel::Instance &instance : system.instances)
      for (NodeOpInterface node : graph.nodes)
        if (auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation()); boundary && instance.memoryBits)
          targets.push_back(llvm::divideCeil(boundary.getBitsPerSample(), instance.memoryBits) * instance.ticks);
  }
  int64_t bound = getThroughputBound(graph, all, system, kinds, /*maxUtilization=*/1).cycles;
  targets.push_back(bound);
  llvm::sort(targets);
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  targets.erase(targets.begin(), llvm::lower_bound(targets, bound));
  return targets;
}

FailureOr<Balancer::Solution> Balancer::findFastest() {
  std::vector<int64_t> targets = getTargets();
  std::optional<Solution> solution;
  size_t low = 0, high = 0, step = 1; // targets below `low` were not reached
  while (!(solution = attempt(targets[high]))) {
    low = high + 1;
    if (low == targets.size()) {
      // The last resort: no target at all.
      return reportMisfit(graph, choices, system, kinds, maxUtilization, undefinedValue, nearMiss);
    }
    high = std::min(high + step, targets.size() - 1);
    step *= 2;
  }
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (std::optional<Solution> faster = attempt(targets[middle])) {
      solution = faster;
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  constexpr unsigned maxProbes = 6;
  for (unsigned probe = 0; probe < maxProbes && high > 0; ++probe)
    if (std::optional<Solution> faster = attempt(targets[--high])) {
      solution = faster;
      probe = 0;
    }
  return *solution;
}

FailureOr<Balancer::Solution> Balancer::reach(int64_t ticks) {
  int64_t cycle = system.clocks.getAllTicks().front();
  for (auto [index, node] : llvm::enumerate(graph.nodes))
    if (int64_t needed = all[index].front().cycles * cycle; needed > ticks)
      return emitError(node->getLoc(), "'")
             << getNodeName(node) << "' needs at least " << system.clocks.describe(needed) << " per sample, "
             << (node.hasFixedUnroll() ? "with the unroll factors fixed for it" : "at its largest unroll")
             << ", but the target is " << goal.describe(ticks, system.clocks) << "; " << goal.getRemedy();
  for (auto [index, node] : llvm::enumerate(graph.nodes))
    if (int64_t needed = choices[index].front().cycles * cycle; needed > ticks)
      return emitError(node->getLoc(), "'")
             << getNodeName(node) << "' needs at least " << system.clocks.describe(needed)
             << " per sample on any one device of system '@" << SystemOp(system.op).getSymName()
             << "' but the target is " << goal.describe(ticks, system.clocks) << "; " << goal.getRemedy()
             << " or a larger device";
  if (std::optional<Solution> solution = attempt(ticks))
    return *solution;
  return reportMisfit(graph, choices, system, kinds, maxUtilization, ticks, nearMiss);
}

FailureOr<Balancer::Solution> Balancer::findSmallest() {
  std::vector<int64_t> targets = getTargets();
  if (std::optional<Solution> solution = attempt(targets.back()))
    return *solution;
  return reportMisfit(graph, choices, system, kinds, maxUtilization, undefinedValue, nearMiss);
}

FailureOr<Balancer::Solution> Balancer::findShortest() {
  if (target > 0 && failed(reach(target)))
    return failure();
  FailureOr<Solution> best = findFastest();
  if (failed(best))
    return failure();
  auto slowest = [&](const Solution &solution) {
    int64_t slowest = 1;
    for (auto [choice, cycle] : llvm::zip(getChosen(solution.choices), solution.ticks))
      slowest = std::max(slowest, choice->cycles * cycle);
    return slowest;
  };
  int64_t fastest = slowest(*best);
  LatencyModel model(graph);
  int64_t latency = shorten(*best, fastest, model);
  // A slower bottleneck leaves resources to the nodes whose first result others wait for.
  for (int64_t quarters : {5, 6, 8}) {
    int64_t ticks = llvm::divideCeil(fastest, 4) * quarters;
    if (target > 0 && ticks > target)
      break;
    std::optional<Solution> solution = attempt(ticks);
    if (!solution)
      continue;
    if (int64_t other = shorten(*solution, ticks, model); other < latency) {
      latency = other;
      best = *solution;
    }
  }
  return best;
}

int64_t Balancer::shorten(Solution &solution, int64_t ticks, const LatencyModel &model) {
  Weights weights = getWeights(system.getTotal(), system.resources.size());
  // For each node the choices that are faster than every lighter one.
  std::vector<SmallVector<unsigned>> candidates(choices.size());
  for (auto [node, all] : llvm::enumerate(choices)) {
    SmallVector<unsigned> order = llvm::to_vector(llvm::seq<unsigned>(0, all.size()));
    llvm::stable_sort(order, [&](unsigned a, unsigned b) {
      return weigh(all[a].getArea(), weights) < weigh(all[b].getArea(), weights);
    });
    int64_t least = std::numeric_limits<int64_t>::max();
    for (unsigned index : order)
      if (int64_t time = llvm::SaturatingAdd<uint64_t>(all[index].cycles, all[index].latency);
          all[index].cycles <= system.getMostCycles(ticks) && time < least) {
        least = time;
        candidates[node].push_back(index);
      }
  }
  SmallVector<const Configuration *> chosen = getChosen(solution.choices);
  int64_t latency = model.estimate(chosen, solution.ticks);
  std::set<std::pair<unsigned, unsigned>> illegal;
  constexpr unsigned maxSteps = 256;
  for (unsigned step = 0; step < maxSteps; ++step) {
    double best = 0;
    std::optional<std::pair<unsigned, unsigned>> change;
    for (unsigned node = 0; node < chosen.size(); ++node) {
      const Configuration *present = chosen[node];
      for (unsigned index : candidates[node]) {
        chosen[node] = &choices[node][index];
        int64_t saved = latency - model.estimate(chosen, solution.ticks);
        if (saved <= 0 || illegal.count({node, index}))
          continue;
        double price = weigh(chosen[node]->getArea(), weights) - weigh(present->getArea(), weights);
        double worth = saved / std::max(price, 1e-9);
        if (worth > best) {
          best = worth;
          change = {node, index};
        }
      }
      chosen[node] = present;
    }
    if (!change)
      break;
    auto [node, index] = *change;
    const Configuration *present = std::exchange(chosen[node], &choices[node][index]);
    partition.configure(chosen, ticks);
    PartitionSolution placed = solve(partition, PartitionSolver::automatic, /*anyLegal=*/true);
    // Where another clock made the sample later, the change is none.
    if (placed.evaluation.violation || model.estimate(chosen, getTicks(placed.placement)) >= latency) {
      chosen[node] = present;
      illegal.insert(*change);
      continue;
    }
    solution.choices[node] = index;
    solution.ticks = getTicks(placed.placement);
    latency = model.estimate(chosen, solution.ticks);
  }
  return latency;
}

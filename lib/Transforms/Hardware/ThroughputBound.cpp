//===- ThroughputBound.cpp - What no mapping can beat ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/ThroughputBound.h"

#include "llvm/Support/Format.h"

#include <cmath>

using namespace mlir;
using namespace xplat;

std::optional<Area> xplat::sumLeastAreas(const std::vector<Configurations> &choices, int64_t cycles) {
  Area sum = {};
  for (const Configurations &node : choices) {
    std::optional<Area> least = getLeastAreas(node, cycles);
    if (!least)
      return std::nullopt;
    sum += *least;
  }
  return sum;
}

std::vector<int64_t> xplat::getCycleCounts(const std::vector<Configurations> &choices) {
  std::vector<int64_t> counts;
  for (const Configurations &node : choices)
    for (const Configuration &choice : node)
      counts.push_back(choice.cycles);
  llvm::sort(counts);
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

/// The resource that `need` exceeds most, relative to `available`.
static std::optional<unsigned> findShortage(const Area &need, const Area &available) {
  std::optional<unsigned> worst;
  double worstLoad = 1;
  for (unsigned kind = 0; kind < need.size(); ++kind) {
    double load = need[kind] / std::max<double>(available[kind], 0.5);
    if (need[kind] > available[kind] && load > worstLoad) {
      worst = kind;
      worstLoad = load;
    }
  }
  return worst;
}

ThroughputBound xplat::getThroughputBound(MappingGraph &graph, const std::vector<Configurations> &allChoices,
                                          const SystemModel &system, const DeviceKinds &kinds, double maxUtilization) {
  SmallVector<Area> budgets = system.getBudgets(maxUtilization);
  SmallVector<unsigned> instances = llvm::to_vector(llvm::seq<unsigned>(0, budgets.size()));
  Area available = {};
  for (const Area &budget : budgets)
    available += budget;
  bool whole = maxUtilization >= 1;
  std::string device;
  llvm::raw_string_ostream stream(device);
  if (!whole)
    stream << llvm::format("%g%% of ", 100 * maxUtilization);
  stream << "one device";
  std::vector<Configurations> choices;
  for (const Configurations &node : allChoices)
    choices.push_back(keepPlaceable(node, kinds, instances, budgets));
  ThroughputBound bound;
  int64_t fastestTicks = system.clocks.getAllTicks().front();
  for (auto [index, node] : llvm::enumerate(graph.nodes)) {
    if (choices[index].empty())
      choices[index] = allChoices[index]; // it fits nowhere, which is for others to report
    int64_t atBest = allChoices[index].front().cycles * fastestTicks;
    int64_t cycles = std::numeric_limits<int64_t>::max();
    for (auto [number, instance] : llvm::enumerate(system.instances))
      for (const Configuration &choice : choices[index])
        if (const std::optional<Area> &area = choice.areas[kinds.ofInstance[number]];
            area && !findShortage(*area, budgets[number])) {
          cycles = std::min(cycles, choice.cycles * instance.ticks);
          break; // they come by ascending cycles
        }
    if (cycles == std::numeric_limits<int64_t>::max())
      cycles = atBest;
    if (cycles <= bound.cycles && !bound.reason.empty())
      continue;
    bool fastest = cycles == atBest;
    bound = {cycles, BoundKind::node,
             "'" + getNodeName(node) + "' needs " + system.clocks.describe(cycles) + " at " +
                 (fastest ? "its largest unroll" : "the largest unroll that " + device + " holds")};
  }

  // Samples pass the memories: each node's through one, all of them through the sum.
  // Bits in `window` ticks, which are whole cycles of every clock.
  int64_t window = system.clocks.getWindow(), largest = 0, total = 0, hostBits = 0;
  for (const SystemModel::Instance &instance : system.instances) {
    int64_t bits = instance.memoryBits * (window / instance.ticks);
    largest = std::max(largest, bits);
    total += bits;
  }
  auto raise = [&](int64_t bits, int64_t bandwidth, const Twine &what) {
    int64_t scaled;
    if (bandwidth == 0 || llvm::MulOverflow(bits, window, scaled))
      return;
    int64_t cycles = llvm::divideCeil(scaled, bandwidth);
    std::string interval = window == 1 ? "a cycle" : "in " + system.clocks.describe(window);
    if (cycles > bound.cycles)
      bound = {
          cycles, BoundKind::memory,
          (what + " moves " + Twine(bits) + " bits per sample, memory " + Twine(bandwidth) + " " + interval).str()};
  };
  for (NodeOpInterface node : graph.nodes)
    if (auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation())) {
      hostBits += boundary.getBitsPerSample();
      raise(boundary.getBitsPerSample(), largest, "'" + getNodeName(node) + "'");
    }
  raise(hostBits, total, "the host");

  // Resources: the first count from which on everything fits, were every device as fast as the fastest.
  std::vector<int64_t> counts = getCycleCounts(choices);
  auto fits = [&](int64_t cycles) {
    std::optional<Area> need = sumLeastAreas(choices, cycles);
    return need && !findShortage(*need, available);
  };
  auto first = std::partition_point(counts.begin(), counts.end(), [&](int64_t cycles) { return !fits(cycles); });
  if (first == counts.end() || first == counts.begin() || *first * fastestTicks <= bound.cycles)
    return bound;
  int64_t faster = *std::prev(first);
  Area need = *sumLeastAreas(choices, faster);
  unsigned kind = *findShortage(need, available);
  std::string has = std::to_string(available[kind]);
  has += whole ? " in the system" : " of " + std::to_string(system.getTotal()[kind]) + " in the system may be used";
  return {*first * fastestTicks, BoundKind::resource,
          (system.resources.getName(kind) + ": " + Twine(need[kind]) + " needed at " +
           system.clocks.describe(faster * fastestTicks) + ", " + has)
              .str()};
}

//===----------------------------------------------------------------------===//
// Misfits
//===----------------------------------------------------------------------===//

void NearMiss::offer(const PartitionProblem &problem, const PartitionProblem::Evaluation &other) {
  if (areas.empty() || other.isBetterThan(evaluation)) {
    evaluation = other;
    areas.clear();
    for (unsigned node = 0; node < problem.getNumNodes(); ++node)
      areas.push_back(problem.getArea(node));
  }
}

/// Notes the nodes that need most of a resource.
static void noteLargest(InFlightDiagnostic &diagnostic, MappingGraph &graph, ArrayRef<Area> areas, unsigned kind,
                        StringRef name) {
  SmallVector<std::pair<int64_t, unsigned>> needs;
  for (unsigned node = 0; node < areas.size(); ++node)
    needs.push_back({-areas[node][kind], node});
  llvm::sort(needs);
  for (auto [negative, node] : ArrayRef(needs).take_front(3))
    if (negative)
      diagnostic.attachNote(graph.nodes[node]->getLoc())
          << "'" << getNodeName(graph.nodes[node]) << "' needs " << -negative << " " << name;
}

/// Notes what would make `need` of a resource fit.
static void noteRemedy(InFlightDiagnostic &diagnostic, const SystemModel &system, unsigned kind, int64_t need,
                       double maxUtilization) {
  Diagnostic &note = diagnostic.attachNote(SystemOp(system.op).getLoc()) << "it would fit with ";
  if (need <= system.getTotal()[kind])
    note << "a 'max-utilization' of " << static_cast<int64_t>(std::ceil(100.0 * need / system.getTotal()[kind]))
         << " percent, ";
  int64_t largest = 0;
  unsigned device = 0;
  for (unsigned instance = 0; instance < system.instances.size(); ++instance)
    if (int64_t amount = system.getBudget(instance, maxUtilization)[kind]; amount > largest) {
      largest = amount;
      device = instance;
    }
  if (largest > 0)
    note << llvm::divideCeil(need, largest) << " of '@" << DeviceOp(system.instances[device].device).getSymName()
         << "' instead of " << system.instances.size() << ", ";
  note << "a device with more " << system.resources.getName(kind) << ", or fewer bits per weight and value";
}

/// `it needs at least 412 dsp but 352 may be used, 60 too many`
static void describeShortage(InFlightDiagnostic &diagnostic, StringRef name, int64_t need, int64_t budget) {
  diagnostic << "it needs " << need << " " << name << " but " << budget << " may be used, " << need - budget
             << " too many";
}

namespace {
struct Shortage {
  double load;
  unsigned kind;
  int64_t need, available;
};
} // namespace

/// The smallest shortage of a node over all devices and choices; none when a
/// device has enough resources.
static std::optional<Shortage> findSmallestShortage(const Configurations &choices, ArrayRef<unsigned> instances,
                                                    const DeviceKinds &kinds, ArrayRef<Area> budgets, int64_t cycles) {
  std::optional<Shortage> smallest;
  for (const Configuration &choice : choices)
    for (unsigned instance : instances) {
      if (choice.cycles > cycles)
        return smallest;
      const std::optional<Area> &area = choice.areas[kinds.ofInstance[instance]];
      if (!area)
        continue;
      const Area &available = budgets[instance];
      std::optional<unsigned> kind = findShortage(*area, available);
      if (!kind)
        return std::nullopt;
      double load = (*area)[*kind] / std::max<double>(available[*kind], 0.5);
      if (!smallest || load < smallest->load)
        smallest = Shortage{load, *kind, (*area)[*kind], available[*kind]};
    }
  return smallest;
}

LogicalResult xplat::reportMisfit(MappingGraph &graph, const std::vector<Configurations> &choices,
                                  const SystemModel &system, const DeviceKinds &kinds, double maxUtilization,
                                  int64_t ticks, const NearMiss &nearMiss) {
  std::string goal = ticks == undefinedValue ? "" : " at " + system.clocks.describe(ticks) + " per sample";
  int64_t cycles = system.getMostCycles(ticks);
  StringRef name = SystemOp(system.op).getSymName();
  SmallVector<Area> budgets = system.getBudgets(maxUtilization);
  Area budget = {};
  for (const Area &here : budgets)
    budget += here;
  // A node that no device holds alone.
  std::vector<Area> least;
  Area need = {};
  for (unsigned node = 0; node < choices.size(); ++node) {
    least.push_back(getLeastAreas(choices[node], cycles).value_or(Area{}));
    need += least.back();
    std::optional<Shortage> shortage =
        findSmallestShortage(choices[node], system.getInstances(graph.nodes[node]), kinds, budgets, cycles);
    if (!shortage)
      continue;
    auto diagnostic = emitError(graph.nodes[node]->getLoc(), "'") << getNodeName(graph.nodes[node]) << "' ";
    if (std::optional<unsigned> fixed = system.getFixedInstance(graph.nodes[node]))
      diagnostic << "does not fit '@" << InstanceOp(system.instances[*fixed].op).getSymName()
                 << "', to which it is fixed" << goal << ": ";
    else
      diagnostic << "fits no device of system '@" << name << "'" << goal << ": ";
    StringRef resource = system.resources.getName(shortage->kind);
    describeShortage(diagnostic, resource, shortage->need, shortage->available);
    diagnostic.attachNote(SystemOp(system.op).getLoc())
        << "it would fit with a device with more " << resource << ", or fewer bits per weight and value";
    return diagnostic;
  }
  // A resource that is short in the whole system: whatever the choices, or in the best ones that were found.
  ArrayRef<Area> areas = least;
  std::optional<unsigned> kind = findShortage(need, budget);
  if (!kind && nearMiss.evaluation.violation) {
    need = {};
    for (const Area &usage : nearMiss.evaluation.usage)
      need += usage;
    areas = nearMiss.areas;
    kind = findShortage(need, budget);
  }
  if (kind) {
    auto diagnostic = emitError(graph.function->getLoc(), "does not fit system '@") << name << "'" << goal << ": ";
    describeShortage(diagnostic, system.resources.getName(*kind), need[*kind], budget[*kind]);
    noteLargest(diagnostic, graph, areas, *kind, system.resources.getName(*kind));
    noteRemedy(diagnostic, system, *kind, need[*kind], maxUtilization);
    return diagnostic;
  }
  auto diagnostic = emitError(graph.function->getLoc(), "found no placement on system '@") << name << "'" << goal;
  if (!nearMiss.evaluation.violation)
    return diagnostic;
  diagnostic << ": in the best one " << nearMiss.evaluation.violation->reason;
  if (std::optional<unsigned> resource = nearMiss.evaluation.violation->resource) {
    StringRef resourceName = system.resources.getName(*resource);
    noteLargest(diagnostic, graph, nearMiss.areas, *resource, resourceName);
    diagnostic.attachNote(SystemOp(system.op).getLoc()) << "it would fit with one more device, a device with more "
                                                        << resourceName << ", or fewer bits per weight and value";
  }
  return diagnostic;
}

//===- ThroughputBound.cpp - What no mapping can beat ---------------------===//
#include "Transforms/Hardware/ThroughputBound.h"

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
  for (unsigned kind = 0; kind < numResourceKinds; ++kind) {
    double load = need[kind] / std::max<double>(available[kind], 0.5);
    if (need[kind] > available[kind] && load > worstLoad) {
      worst = kind;
      worstLoad = load;
    }
  }
  return worst;
}

static StringRef nameOf(unsigned kind) { return stringifyResourceKind(static_cast<ResourceKind>(kind)); }

ThroughputBound xplat::getThroughputBound(MappingGraph &graph, const std::vector<Configurations> &choices,
                                          const SystemModel &system) {
  ThroughputBound bound;
  for (auto [index, node] : llvm::enumerate(graph.nodes))
    if (choices[index].front().cycles > bound.cycles || bound.reason.empty())
      bound = {choices[index].front().cycles, BoundKind::node,
               "'" + getNodeName(node) + "' needs " + std::to_string(choices[index].front().cycles) +
                   " cycles at its largest unroll"};

  // Samples pass the memories: each node's through one, all of them through the sum.
  int64_t largest = 0, total = 0, hostBits = 0;
  for (const SystemModel::Instance &instance : system.instances) {
    largest = std::max(largest, instance.memoryBits);
    total += instance.memoryBits;
  }
  auto raise = [&](int64_t bits, int64_t bandwidth, const Twine &what) {
    int64_t cycles = bandwidth > 0 ? llvm::divideCeil(bits, bandwidth) : 0;
    if (cycles > bound.cycles)
      bound = {cycles, BoundKind::memory,
               (what + " moves " + Twine(bits) + " bits per sample, memory " + Twine(bandwidth) + " a cycle").str()};
  };
  for (NodeOpInterface node : graph.nodes)
    if (auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation())) {
      hostBits += boundary.getBitsPerSample();
      raise(boundary.getBitsPerSample(), largest, "'" + getNodeName(node) + "'");
    }
  raise(hostBits, total, "the host");

  // Resources: the first count from which on everything fits.
  std::vector<int64_t> counts = getCycleCounts(choices);
  Area available = system.getTotal();
  auto fits = [&](int64_t cycles) {
    std::optional<Area> need = sumLeastAreas(choices, cycles);
    return need && !findShortage(*need, available);
  };
  auto first = std::partition_point(counts.begin(), counts.end(), [&](int64_t cycles) { return !fits(cycles); });
  if (first == counts.end() || first == counts.begin() || *first <= bound.cycles)
    return bound;
  int64_t faster = *std::prev(first);
  Area need = *sumLeastAreas(choices, faster);
  unsigned kind = *findShortage(need, available);
  return {*first, BoundKind::resource,
          (nameOf(kind) + ": " + Twine(need[kind]) + " needed at " + Twine(faster) + " cycles, " +
           Twine(available[kind]) + " in the system")
              .str()};
}

//===----------------------------------------------------------------------===//
// Misfits
//===----------------------------------------------------------------------===//

/// Notes the nodes that need most of a resource.
static void noteLargest(InFlightDiagnostic &diagnostic, MappingGraph &graph, const std::vector<Configurations> &choices,
                        unsigned kind, int64_t cycles) {
  SmallVector<std::pair<int64_t, unsigned>> needs;
  for (unsigned node = 0; node < choices.size(); ++node)
    if (std::optional<Area> least = getLeastAreas(choices[node], cycles))
      needs.push_back({-(*least)[kind], node});
  llvm::sort(needs);
  for (auto [negative, node] : ArrayRef(needs).take_front(3))
    if (negative)
      diagnostic.attachNote(graph.nodes[node]->getLoc())
          << "'" << getNodeName(graph.nodes[node]) << "' needs at least " << -negative << " " << nameOf(kind);
}

/// Notes what would make `need` of a resource fit.
static void noteRemedy(InFlightDiagnostic &diagnostic, const SystemModel &system, unsigned kind, int64_t need,
                       double maxUtilization) {
  Diagnostic &note = diagnostic.attachNote(SystemOp(system.op).getLoc()) << "it would fit with ";
  if (need <= system.getTotal()[kind])
    note << "a 'max-utilization' of " << llvm::divideCeil(100 * need, system.getTotal()[kind]) << " percent, ";
  int64_t largest = 0;
  unsigned device = 0;
  for (unsigned instance = 0; instance < system.instances.size(); ++instance)
    if (int64_t amount = system.getBudget(instance, maxUtilization)[kind]; amount > largest) {
      largest = amount;
      device = instance;
    }
  if (largest > 0)
    note << llvm::divideCeil(need, largest) << " of '@"
         << DeviceOp(system.instances[device].device).getSymName() << "' instead of " << system.instances.size()
         << ", ";
  note << "a device with more " << nameOf(kind) << ", or fewer bits per weight and value";
}

LogicalResult xplat::reportMisfit(MappingGraph &graph, const std::vector<Configurations> &choices,
                                  const SystemModel &system, double maxUtilization, int64_t cycles,
                                  const PartitionProblem::Evaluation *best) {
  std::string goal = cycles == undefinedValue ? "" : (" at " + Twine(cycles) + " cycles per sample").str();
  std::optional<Area> need = sumLeastAreas(choices, cycles);
  Area budget = {}, largest = {};
  for (unsigned instance = 0; instance < system.instances.size(); ++instance) {
    Area here = system.getBudget(instance, maxUtilization);
    budget += here;
    for (unsigned kind = 0; kind < numResourceKinds; ++kind)
      largest[kind] = std::max(largest[kind], here[kind]);
  }
  StringRef name = SystemOp(system.op).getSymName();
  if (std::optional<unsigned> kind = need ? findShortage(*need, budget) : std::nullopt) {
    auto diagnostic = emitError(graph.function->getLoc(), "does not fit system '@")
                      << name << "'" << goal << ": it needs at least " << (*need)[*kind] << " " << nameOf(*kind)
                      << " but " << budget[*kind] << " may be used, " << (*need)[*kind] - budget[*kind]
                      << " too many";
    noteLargest(diagnostic, graph, choices, *kind, cycles);
    noteRemedy(diagnostic, system, *kind, (*need)[*kind], maxUtilization);
    return diagnostic;
  }
  for (unsigned node = 0; node < choices.size(); ++node) {
    std::optional<Area> least = getLeastAreas(choices[node], cycles);
    std::optional<unsigned> kind = least ? findShortage(*least, largest) : std::nullopt;
    if (!kind)
      continue;
    auto diagnostic = emitError(graph.nodes[node]->getLoc(), "'")
                      << getNodeName(graph.nodes[node]) << "' fits no device of system '@" << name << "'" << goal
                      << ": it needs at least " << (*least)[*kind] << " " << nameOf(*kind) << " but "
                      << largest[*kind] << " may be used, " << (*least)[*kind] - largest[*kind] << " too many";
    diagnostic.attachNote(SystemOp(system.op).getLoc())
        << "it would fit with a device with more " << nameOf(*kind) << ", or fewer bits per weight and value";
    return diagnostic;
  }
  auto diagnostic = emitError(graph.function->getLoc(), "found no placement on system '@") << name << "'" << goal;
  if (best && best->violation) {
    diagnostic << ": in the best one " << best->violation->reason;
    if (best->violation->resource) {
      unsigned kind = static_cast<unsigned>(*best->violation->resource);
      int64_t used = 0;
      for (const Area &usage : best->usage)
        used += usage[kind];
      noteLargest(diagnostic, graph, choices, kind, cycles);
      noteRemedy(diagnostic, system, kind, std::max(used, budget[kind] + 1), maxUtilization);
    }
  }
  return diagnostic;
}

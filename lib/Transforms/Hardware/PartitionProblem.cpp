//===- PartitionProblem.cpp - Which node runs on which device -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/PartitionProblem.h"

#include "llvm/ADT/MapVector.h"

#include <numeric>

using namespace mlir;
using namespace xplat;

bool PartitionProblem::Evaluation::isBetterThan(const Evaluation &other) const {
  if (violation.has_value() != other.violation.has_value())
    return !violation;
  if (violation)
    return violation->load < other.violation->load;
  return std::tie(crossingBits, utilization) < std::tie(other.crossingBits, other.utilization);
}

PartitionProblem::PartitionProblem(MappingGraph &graph, const SystemModel &system, const DeviceKinds &kinds,
                                   StructureCosts &structure, double maxUtilization)
    : graph(graph), system(system), kinds(kinds), budgets(system.getBudgets(maxUtilization)),
      maxUtilization(maxUtilization), structure(structure), cables(system.op, system.clocks),
      window(system.clocks.getWindow()) {
  unsigned numInstances = system.instances.size();
  lastFixed.assign(numInstances, -1);
  for (auto [index, node] : llvm::enumerate(graph.nodes)) {
    fixed.push_back(system.getFixedInstance(node));
    if (fixed.back())
      lastFixed[*fixed.back()] = index;
    auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation());
    memoryBits.push_back(boundary ? boundary.getBitsPerSample() : 0);
  }
  // Rate and latency of the cables from each instance to each other one, or to each switch, sorted.
  using Link = std::tuple<int64_t, double>;
  std::vector<std::vector<SmallVector<Link>>> direct(numInstances, std::vector<SmallVector<Link>>(numInstances));
  std::vector<llvm::MapVector<Operation *, SmallVector<Link>>> uplinks(numInstances);
  std::vector<SmallVector<int64_t>> portBits(numInstances);
  for (Cable &cable : cables.getCables()) {
    if (!cable.from)
      continue; // the other direction has the same
    unsigned from = *system.find(cable.from);
    Link link = {cable.bits, cable.latencyNs};
    portBits[from].push_back(cable.bits);
    if (cable.to)
      direct[from][*system.find(cable.to)].push_back(link);
    else
      uplinks[from][cable.switchOp].push_back(link);
  }
  auto hasLinks = [&](unsigned instance, unsigned other) {
    if (uplinks[instance].size() != uplinks[other].size())
      return false;
    return llvm::all_of(uplinks[instance], [&](auto &entry) {
      return uplinks[other].contains(entry.first) && uplinks[other][entry.first] == entry.second;
    });
  };
  for (auto &row : direct)
    for (auto &pair : row)
      llvm::sort(pair);
  for (auto &row : uplinks)
    for (auto &entry : row)
      llvm::sort(entry.second);
  connected.resize(numInstances);
  interchangeable.resize(numInstances);
  for (unsigned a = 0; a < numInstances; ++a) {
    totalPortBits.push_back(std::accumulate(portBits[a].begin(), portBits[a].end(), int64_t(0)));
    connected[a].resize(numInstances, false);
    for (const Hop &hop : cables.hopsFrom(system.instances[a].place))
      connected[a][*system.find(hop.to())] = true;
    for (unsigned b = 0; b < numInstances; ++b) {
      bool same = haveEqualAreas(a, b) && budgets[a] == budgets[b] &&
                  system.instances[a].memoryBits == system.instances[b].memoryBits && hasLinks(a, b) &&
                  (a == b || (lastFixed[a] < 0 && lastFixed[b] < 0));
      for (unsigned other = 0; same && other < numInstances; ++other)
        same = other == a || other == b || direct[a][other] == direct[b][other];
      interchangeable[a].push_back(same);
    }
  }
}

void PartitionProblem::configure(ArrayRef<const Configuration *> newChoices, int64_t newTicks) {
  std::vector<SmallVector<const Configuration *>> byClock;
  for (int64_t cycle : system.clocks.getAllTicks())
    byClock.push_back(llvm::map_to_vector(newChoices, [&](const Configuration *choice) {
      return choice->cycles <= newTicks / cycle ? choice : nullptr;
    }));
  configure(std::move(byClock), newTicks);
}

void PartitionProblem::configure(std::vector<SmallVector<const Configuration *>> newChoices, int64_t newTicks) {
  choices = std::move(newChoices);
  ticks = newTicks;
}

Area PartitionProblem::getArea(unsigned node) const {
  auto found = llvm::find_if(choices, [&](ArrayRef<const Configuration *> ofClock) { return ofClock[node]; });
  return found == choices.end() ? Area{} : (*found)[node]->getArea();
}

LogicalResult PartitionProblem::check() const {
  if (!(maxUtilization > 0 && maxUtilization <= 1))
    return emitError(graph.function->getLoc(), "expected a 'max-utilization' above 0 and up to 1 but got ")
           << maxUtilization;
  if (choices.empty() || choices.front().size() != graph.nodes.size() || ticks < 1)
    return emitError(graph.function->getLoc(), "expected a choice for each node and at least one cycle per sample");
  return success();
}

/// Keeps the worse of two violations.
static void note(PartitionProblem::Evaluation &result, double load, std::optional<unsigned> resource,
                 function_ref<std::string()> reason) {
  if (!result.violation || load > result.violation->load)
    result.violation = PartitionProblem::Violation{load, resource, reason()};
}

void PartitionProblem::placeStream(unsigned producer, ArrayRef<unsigned> placement, CablePlan &free,
                                   Evaluation &result) const {
  if (graph.uses[producer].empty())
    return;
  SmallVector<StreamReader> readers;
  for (const MappingGraph::Use &use : graph.uses[producer])
    readers.push_back({placement[use.node], getChoice(use.node, placement[use.node])->operandLanes[use.operand]});
  unsigned home = placement[producer];
  StreamType stream = graph.getStream(producer, getChoice(producer, home)->resultLanes);
  StructurePlan plan = planStructure(stream, home, readers, system, free, ticks);
  for (unsigned remote : plan.unreachable)
    note(result, 1e6, std::nullopt, [&] {
      return "the result of '" + getNodeName(graph.nodes[producer]) + "' would go from '@" +
             InstanceOp(system.instances[home].op).getSymName().str() + "' to '@" +
             InstanceOp(system.instances[remote].op).getSymName().str() + "', which no cables connect";
    });
  for (const StructurePlan::Part &part : plan.parts) {
    result.usage[part.instance] += structure.get(part, system.instances[part.instance].device).value_or(Area());
    if (part.kind != StructurePlan::Kind::link)
      continue;
    unsigned to = *system.find(part.hop->to());
    result.usage[to] += structure.get(part, system.instances[to].device).value_or(Area());
    result.crossingBits += part.result.getNumBeats() * part.result.getBeatBits();
    if (int64_t linkCycles = part.getLinkCycles() * system.instances[part.instance].ticks;
        linkCycles > result.linkCycles) {
      result.linkCycles = linkCycles;
      result.linkNode = producer;
    }
    if (part.freeBits >= 0)
      continue;
    int64_t bits = part.tightest->bits / part.hop->cycles, needed = bits - part.freeBits;
    note(result, static_cast<double>(needed) / std::max<int64_t>(bits, 1), std::nullopt, [&] {
      return "cable '@" + CableOp(part.tightest->op).getSymName().str() + "' would carry " + std::to_string(needed) +
             " bits a cycle of the " + std::to_string(bits) + " that it has in each direction, to reach " +
             system.clocks.describe(ticks) + " per sample";
    });
  }
}

PartitionProblem::Evaluation PartitionProblem::evaluate(ArrayRef<unsigned> placement) const {
  Evaluation result;
  result.usage.resize(budgets.size());
  SmallVector<int64_t> bits(budgets.size(), 0);
  CablePlan free = cables;
  for (unsigned node = 0; node < placement.size(); ++node) {
    if (!getChoice(node, placement[node])) {
      note(result, 1e8, std::nullopt, [&] {
        return "'" + getNodeName(graph.nodes[node]) + "' is too slow on '@" +
               InstanceOp(system.instances[placement[node]].op).getSymName().str() + "' for " +
               system.clocks.describe(ticks) + " per sample";
      });
      return result; // lanes of its streams are not known
    }
    if (fixed[node] && *fixed[node] != placement[node])
      note(result, 1e7, std::nullopt, [&] {
        return "'" + getNodeName(graph.nodes[node]) + "' would not be on '@" +
               InstanceOp(system.instances[*fixed[node]].op).getSymName().str() + "', to which it is fixed";
      });
  }
  for (unsigned node = 0; node < placement.size(); ++node) {
    if (const Area *area = getArea(node, placement[node]))
      result.usage[placement[node]] += *area;
    else
      note(result, 1e7, std::nullopt, [&] {
        return "'" + getNodeName(graph.nodes[node]) + "' would be on '@" +
               InstanceOp(system.instances[placement[node]].op).getSymName().str() +
               "', where its kernel does not exist with its unroll factors";
      });
    bits[placement[node]] += memoryBits[node];
    placeStream(node, placement, free, result);
  }
  for (auto [instance, budget] : llvm::enumerate(budgets)) {
    const Area &used = result.usage[instance];
    std::string name = InstanceOp(system.instances[instance].op).getSymName().str();
    for (unsigned kind = 0; kind < used.size(); ++kind) {
      if (used[kind] == 0)
        continue;
      double load = static_cast<double>(used[kind]) / std::max<double>(budget[kind], 0.5);
      result.utilization = std::max(result.utilization, load);
      if (used[kind] > budget[kind])
        note(result, load, kind, [&] {
          return "'@" + name + "' would need " + std::to_string(used[kind]) + " " +
                 system.resources.getName(kind).str() + " but " + std::to_string(budget[kind]) + " may be used";
        });
    }
    if (bits[instance] == 0)
      continue;
    int64_t memory = system.instances[instance].memoryBits, cycle = system.instances[instance].ticks;
    int64_t cycles = ticks / cycle;
    if (memory == 0) {
      note(result, 1e6, std::nullopt,
           [&] { return "'@" + name + "' would exchange samples with the host but its device has no memory"; });
      continue;
    }
    result.memoryCycles = std::max<int64_t>(result.memoryCycles, llvm::divideCeil(bits[instance], memory) * cycle);
    if (bits[instance] > cycles * memory)
      note(result, static_cast<double>(bits[instance]) / (static_cast<double>(cycles) * memory), std::nullopt, [&] {
        return "the memory of '@" + name + "' would move " + std::to_string(bits[instance]) +
               " bits per sample but moves " + std::to_string(cycles * memory) + " in " + std::to_string(cycles) +
               " cycles";
      });
  }
  return result;
}

LogicalResult PartitionProblem::verify(ArrayRef<unsigned> placement) const {
  if (placement.size() != graph.nodes.size() ||
      llvm::any_of(placement, [&](unsigned instance) { return instance >= budgets.size(); }))
    return emitError(graph.function->getLoc(), "expected an instance of the system for each node");
  Evaluation result = evaluate(placement);
  if (result.violation)
    return emitError(graph.function->getLoc(), "the placement is not legal: ") << result.violation->reason;
  return success();
}

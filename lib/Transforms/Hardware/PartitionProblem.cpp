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

PartitionProblem::PartitionProblem(MappingGraph &graph, const SystemModel &system, StructureCosts &structure,
                                   double maxUtilization)
    : graph(graph), system(system), maxUtilization(maxUtilization), structure(structure),
      cables(system.op, system.clocks), window(system.clocks.getWindow()) {
  unsigned numInstances = system.instances.size();
  for (unsigned instance = 0; instance < numInstances; ++instance)
    budgets.push_back(system.getBudget(instance, maxUtilization));
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
      bool same = budgets[a] == budgets[b] && system.instances[a].clock == system.instances[b].clock &&
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
  areas.clear();
  for (ArrayRef<const Configuration *> ofClock : choices) {
    areas.emplace_back();
    for (const Configuration *choice : ofClock)
      areas.back().push_back(choice ? choice->area : Area{});
  }
}

std::vector<Area> PartitionProblem::getAreas() const {
  std::vector<Area> result;
  for (unsigned node = 0; node < getNumNodes(); ++node) {
    auto found = llvm::find_if(choices, [&](ArrayRef<const Configuration *> ofClock) { return ofClock[node]; });
    result.push_back(found == choices.end() ? Area{} : (*found)[node]->area);
  }
  return result;
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
static void note(PartitionProblem::Evaluation &result, double load, std::optional<ResourceKind> resource,
                 function_ref<std::string()> reason) {
  if (!result.violation || load > result.violation->load)
    result.violation = PartitionProblem::Violation{load, resource, reason()};
}

void PartitionProblem::distribute(StreamType stream, unsigned at, ArrayRef<Reader> readers, Evaluation &result) const {
  int64_t lanes = readers.front().lanes;
  if (readers.size() > 1) {
    if (llvm::all_of(readers, [&](const Reader &reader) { return reader.lanes == lanes; })) {
      result.usage[at] += structure.rewidth(stream, lanes);
      stream = stream.withLanes(lanes);
    }
    result.usage[at] += structure.fork(stream, readers.size());
  }
  for (const Reader &reader : readers)
    result.usage[at] += structure.rewidth(stream, reader.lanes);
}

void PartitionProblem::placeStream(unsigned producer, ArrayRef<unsigned> placement, CablePlan &free,
                                   Evaluation &result) const {
  unsigned home = placement[producer];
  StreamType stream = graph.getStream(producer, getChoice(producer, home)->resultLanes);
  int64_t cycle = system.instances[home].ticks, cycles = ticks / cycle;
  SmallVector<Reader> readers;
  llvm::MapVector<unsigned, SmallVector<Reader>> remotes;
  for (const MappingGraph::Use &use : graph.uses[producer]) {
    Reader reader{getChoice(use.node, placement[use.node])->operandLanes[use.operand], {}};
    (placement[use.node] == home ? readers : remotes[placement[use.node]]).push_back(reader);
  }
  for (auto &[remote, beyond] : remotes) {
    SmallVector<int64_t> candidates = {stream.getLanes()};
    for (const Reader &reader : beyond)
      candidates.push_back(reader.lanes);
    llvm::sort(candidates);
    auto phit = [&](int64_t lanes) {
      StreamType type = stream.withLanes(lanes);
      return getSmallestPhit(type.getNumBeats(), type.getBeatBits(), cycles);
    };
    int64_t lanes = *llvm::min_element(candidates, [&](int64_t a, int64_t b) { return phit(a) < phit(b); });
    readers.push_back({lanes, remote});
  }
  if (readers.empty())
    return;
  distribute(stream, home, readers, result);
  for (const Reader &reader : readers) {
    if (!reader.remote)
      continue;
    StreamType crossing = stream.withLanes(reader.lanes);
    const SystemModel::Instance &to = system.instances[*reader.remote];
    SmallVector<Hop> route = free.route(system.instances[home].place, to.place);
    if (route.empty())
      note(result, 1e6, std::nullopt, [&] {
        return "the result of '" + getNodeName(graph.nodes[producer]) + "' would go from '@" +
               InstanceOp(system.instances[home].op).getSymName().str() + "' to '@" +
               InstanceOp(to.op).getSymName().str() + "', which no cables connect";
      });
    for (const Hop &hop : route) {
      // The clock of the device that sends.
      unsigned sender = *system.find(hop.from()), receiver = *system.find(hop.to());
      cycle = system.instances[sender].ticks;
      int64_t phit = getSmallestPhit(crossing.getNumBeats(), crossing.getBeatBits(), ticks / cycle);
      int64_t linkCycles = crossing.getNumBeats() * llvm::divideCeil(crossing.getBeatBits(), phit) * cycle;
      if (linkCycles > result.linkCycles) {
        result.linkCycles = linkCycles;
        result.linkNode = producer;
      }
      hop.take(phit);
      if (hop.free() < 0) {
        const Cable &cable = hop.tightest();
        note(result, static_cast<double>(cable.bits - cable.free) / std::max<int64_t>(cable.bits, 1), std::nullopt,
             [&] {
               return "cable '@" + CableOp(cable.op).getSymName().str() + "' would carry " +
                      std::to_string((cable.bits - cable.free) / hop.cycles) + " bits a cycle of the " +
                      std::to_string(cable.bits / hop.cycles) + " that it has in each direction, to reach " +
                      system.clocks.describe(ticks) + " per sample";
             });
      }
      const Area &end = structure.link(crossing, phit, hop.latency);
      result.usage[sender] += end;
      result.usage[receiver] += end;
      if (system.instances[sender].clock != system.instances[receiver].clock)
        result.usage[receiver] += structure.cdc(crossing);
      result.crossingBits += crossing.getNumBeats() * crossing.getBeatBits();
    }
    distribute(crossing, *reader.remote, remotes[*reader.remote], result);
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
    if (!allows(node, placement[node]))
      note(result, 1e7, std::nullopt, [&] {
        return "'" + getNodeName(graph.nodes[node]) + "' would not be on '@" +
               InstanceOp(system.instances[*fixed[node]].op).getSymName().str() + "', to which it is fixed";
      });
  }
  for (unsigned node = 0; node < placement.size(); ++node) {
    result.usage[placement[node]] += getAreas(placement[node])[node];
    bits[placement[node]] += memoryBits[node];
    placeStream(node, placement, free, result);
  }
  for (auto [instance, budget] : llvm::enumerate(budgets)) {
    const Area &used = result.usage[instance];
    std::string name = InstanceOp(system.instances[instance].op).getSymName().str();
    for (unsigned kind = 0; kind < numResourceKinds; ++kind) {
      if (used[kind] == 0)
        continue;
      double load = static_cast<double>(used[kind]) / std::max<double>(budget[kind], 0.5);
      result.utilization = std::max(result.utilization, load);
      if (used[kind] > budget[kind])
        note(result, load, static_cast<ResourceKind>(kind), [&] {
          return "'@" + name + "' would need " + std::to_string(used[kind]) + " " +
                 stringifyResourceKind(static_cast<ResourceKind>(kind)).str() + " but " + std::to_string(budget[kind]) +
                 " may be used";
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

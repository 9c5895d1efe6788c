//===- SizeFifos.cpp - FIFO depths that keep the period -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The depths come from a periodic schedule, which a checker of its own verifies:
// it proves that no actor ever stalls (docs/Model.md). Simulation then searches
// smaller depths, and checks the IR that came out, its FIFOs being actors like
// all others, with sources as fast as they can be.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/DataflowSupport.h"
#include "Transforms/Hardware/MappingGraph.h"
#include "Transforms/Hardware/Passes.h"
#include "xplat/Analysis/FirstSample.h"
#include "xplat/Analysis/PeriodicSchedule.h"
#include "xplat/Analysis/TokenSimulation.h"
#include "xplat/IR/StructureOps.h"

#include "llvm/Support/FormatVariadic.h"

namespace xplat {
#define GEN_PASS_DEF_SIZEFIFOS
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
/// Samples after which a simulation gives up waiting for a state to come back.
constexpr int64_t samplesUntilSteady = 64;

int64_t countBeats(const DataflowGraph &graph) {
  int64_t beats = 0;
  for (const Actor &actor : graph.getActors())
    beats += actor.beats;
  return beats;
}

/// How often actors may be looked at in one simulation: as much as `samplesUntilSteady` samples are worth, so that
/// it takes time in proportion to the graph, and no more than `limit`.
int64_t getSimulationLimit(const DataflowGraph &graph, int64_t limit) {
  return std::min(limit, samplesUntilSteady * std::max<int64_t>(countBeats(graph), 64));
}

/// How often actors are looked at, at least, until a state comes back: two samples have left then, so that each actor
/// has passed on the beats of two, at most one whenever it is looked at.
int64_t getLeastWork(const DataflowGraph &graph) { return 2 * countBeats(graph); }

/// The same where sources keep the period and FIFOs have the depths of the schedule: no beat passes later than the
/// schedule says, so that actors at the front have passed on the beats of many samples when the second one leaves.
int64_t getLeastWork(const DataflowGraph &graph, const PeriodicSchedule &schedule) {
  std::optional<int64_t> latency = findLeastLatency(graph);
  if (!latency)
    return getLeastWork(graph);
  int64_t end = schedule.period + *latency, work = 0;
  for (auto [actor, offered] : llvm::zip(graph.getActors(), schedule.offered)) {
    int64_t samples = 2;
    if (actor.flow != Flow::source && actor.flow != Flow::sink && offered.back() <= end)
      samples = std::max(samples, (end - offered.back()) / schedule.period + 1);
    work += samples * actor.beats;
  }
  return work;
}

/// Searches smaller depths under which simulation still keeps the period.
class FifoShrinker {
public:
  FifoShrinker(const DataflowGraph &graph, const PeriodicSchedule &schedule, int64_t effort)
      : graph(graph), schedule(schedule), effort(effort), limit(getSimulationLimit(graph, effort)) {}
  void shrink(SmallVectorImpl<int64_t> &depths);

private:
  bool keepsPeriod(ArrayRef<int64_t> depths);

  const DataflowGraph &graph;
  const PeriodicSchedule &schedule;
  int64_t effort, limit;
};

struct SizeFifosPass : xplat::impl::SizeFifosBase<SizeFifosPass> {
  using SizeFifosBase::SizeFifosBase;
  void runOnOperation() override;

  FailureOr<SmallVector<int64_t>> findDepths(MappedGraph mapped, const DataflowGraph &graph);
  LogicalResult deepenCrossings(MappedGraph mapped, DataflowGraph &graph, SmallVector<int64_t> &depths,
                                CostModel &costs);
  LogicalResult insertFifos(const DataflowGraph &graph, ArrayRef<int64_t> depths, CostModel &costs);
  LogicalResult simulateResult(MappedGraph mapped, const DataflowGraph &graph);
  FailureOr<int64_t> findLatency(MappedGraph mapped, const DataflowGraph &graph);
  LogicalResult noteResult(MappedGraph mapped, const DataflowGraph &graph, ResourceNames &resources);

  SystemClocks clocks;
  /// The depths are those of a schedule that has been verified.
  bool proven = false;
  /// The latency of the first sample, where `simulateResult` came as far as that.
  std::optional<int64_t> simulatedLatency;
};
} // namespace

bool FifoShrinker::keepsPeriod(ArrayRef<int64_t> depths) {
  SimulationOptions options;
  options.depths.assign(depths.begin(), depths.end());
  options.maxSamples = samplesUntilSteady;
  options.maxWork = std::min(limit, effort);
  // A state comes back soonest with sources that are no faster than the slowest actor; actors are monotone, so
  // faster ones reach the same period.
  options.sourcePeriod = schedule.period;
  SimulationResult result = simulate(graph, options);
  effort -= result.work;
  return !result.gaveUp && result.deadlock.empty() && result.seemsToHavePeriod(schedule.period);
}

void FifoShrinker::shrink(SmallVectorImpl<int64_t> &depths) {
  // The largest first: they free the most.
  SmallVector<unsigned> order;
  for (auto [index, depth] : llvm::enumerate(depths))
    if (depth)
      order.push_back(index);
  if (order.empty() || effort <= 0)
    return;
  // Where even the depths of the schedule take too long to simulate, nothing can be found.
  if (getLeastWork(graph) > limit || getLeastWork(graph, schedule) > limit || !keepsPeriod(depths))
    return;
  ArrayRef<Edge> edges = graph.getEdges();
  auto bits = [&](unsigned index) { return depths[index] * edges[index].bits; };
  llvm::stable_sort(order, [&](unsigned a, unsigned b) { return bits(a) > bits(b); });
  for (unsigned index : order) {
    int64_t enough = depths[index];
    SmallVector<int64_t> candidate(depths.begin(), depths.end());
    auto suffices = [&](int64_t depth) {
      candidate[index] = depth;
      return effort > 0 && keepsPeriod(candidate);
    };
    if (!graph.needsCut(edges[index]) && suffices(0)) {
      enough = 0;
    } else {
      for (int64_t tooSmall = 1; enough - tooSmall > 1;) {
        int64_t middle = tooSmall + (enough - tooSmall) / 2;
        (suffices(middle) ? enough : tooSmall) = middle;
      }
    }
    depths[index] = enough;
  }
}

FailureOr<SmallVector<int64_t>> SizeFifosPass::findDepths(MappedGraph mapped, const DataflowGraph &graph) {
  unsigned slow = 0;
  FailureOr<PeriodicSchedule> schedule = findPeriodicSchedule(graph, graph.getPeriod(), slow);
  if (failed(schedule)) {
    const Actor &actor = graph.getActors()[slow];
    return emitError(actor.op ? actor.op->getLoc() : mapped.graph.getLoc(), "expected '")
           << actor.name << "' to take a sample in " << clocks.describe(graph.getPeriod())
           << ", but its kernel needs more: its buffer cannot hold what a result needs";
  }
  if (llvm::Error error = verifyPeriodicSchedule(graph, *schedule))
    return emitError(mapped.graph.getLoc(), "expected a schedule that satisfies the dataflow model, but an actor ")
           << llvm::toString(std::move(error));
  SmallVector<int64_t> depths = schedule->depths;
  // The schedule holds however clocks lie to each other, a simulation for one way alone.
  if (!graph.crossesClocks())
    FifoShrinker(graph, *schedule, effort).shrink(depths);
  proven = depths == schedule->depths;
  return depths;
}

/// Beats that wait before a clock crossing wait in its own memory: a FIFO there would need the sender's clock. Ends
/// with depths that have none on such edges.
LogicalResult SizeFifosPass::deepenCrossings(MappedGraph mapped, DataflowGraph &graph, SmallVector<int64_t> &depths,
                                             CostModel &costs) {
  while (true) {
    bool deepened = false;
    for (auto [edge, depth] : llvm::zip(graph.getEdges(), depths))
      if (auto crossing = edge.use ? dyn_cast<ClockCrossingOpInterface>(edge.use->getOwner()) : nullptr;
          crossing && depth) {
        crossing.deepen(depth);
        deepened = true;
        if (failed(bindStructure(cast<NodeOpInterface>(crossing.getOperation()), costs)))
          return failure();
      }
    if (!deepened)
      return success();
    FailureOr<DataflowGraph> deeper = DataflowGraph::build(mapped.graph, costs, clocks, std::move(graph));
    if (failed(deeper))
      return failure();
    graph = std::move(*deeper);
    FailureOr<SmallVector<int64_t>> found = findDepths(mapped, graph);
    if (failed(found))
      return failure();
    depths = std::move(*found);
  }
}

LogicalResult SizeFifosPass::insertFifos(const DataflowGraph &graph, ArrayRef<int64_t> depths, CostModel &costs) {
  for (auto [edge, depth] : llvm::zip(graph.getEdges(), depths)) {
    if (depth == 0 || !edge.use)
      continue;
    auto consumer = cast<NodeOpInterface>(edge.use->getOwner());
    Value stream = edge.use->get();
    OpBuilder builder(consumer);
    std::string name = getNodeName(stream.getDefiningOp()) + ".to." + getNodeName(consumer) + ".fifo";
    auto fifo = FifoOp::create(builder, getNamedLocation(consumer, name), stream.getType(), stream, depth,
                               ConfigAttr::get(&getContext(), {}, {}, consumer.getPlacement(), {}, {}), RateAttr(),
                               ResourcesAttr());
    if (failed(bindStructure(cast<NodeOpInterface>(fifo.getOperation()), costs)))
      return failure();
    edge.use->set(fifo);
    ++numFifos;
    numBeats += depth;
  }
  return success();
}

/// Ticks per sample that the busiest memory needs to exchange samples with the host.
static FailureOr<int64_t> getMemoryCycles(MappedGraph mapped) {
  auto module = mapped.system->getParentOfType<ModuleOp>();
  FailureOr<SystemModel> system = SystemModel::get(module, mapped.mapping.getSystem());
  if (failed(system))
    return failure();
  SmallVector<int64_t> bits(system->instances.size(), 0);
  for (NodeOpInterface node : getNodes(mapped.graph))
    if (auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation()))
      if (std::optional<unsigned> instance = system->find(node.getPlacement()))
        bits[*instance] += boundary.getBitsPerSample();
  int64_t cycles = 0;
  for (auto [instance, moved] : llvm::zip(system->instances, bits))
    if (instance.memoryBits)
      cycles = std::max<int64_t>(cycles, llvm::divideCeil(moved, instance.memoryBits) * instance.ticks);
  return cycles;
}

/// Simulates the graph with sources as fast as they can go: an error unless it reaches the period. A design whose
/// depths are proven is simulated as far as `simulation-limit` allows.
LogicalResult SizeFifosPass::simulateResult(MappedGraph mapped, const DataflowGraph &graph) {
  int64_t period = graph.getPeriod();
  SimulationOptions options;
  options.maxSamples = samplesUntilSteady;
  // A pipeline that stops as a whole is not monotone, so that the schedule proves nothing.
  bool monotone = llvm::none_of(graph.getActors(),
                                [](const Actor &actor) { return actor.flow == Flow::direct && !actor.isStore(); });
  if (proven && monotone)
    options.maxWork = getSimulationLimit(graph, simulationLimit);
  if (getLeastWork(graph) > options.maxWork) {
    ++numNotSimulated;
    return success();
  }
  SimulationResult greedy = simulate(graph, options);
  if (greedy.samples > 0)
    simulatedLatency = greedy.firstLatency;
  if (greedy.gaveUp) {
    ++numNotSimulated;
    return success();
  }
  if (!greedy.deadlock.empty()) {
    auto diagnostic = emitError(mapped.graph.getLoc(), "the streams deadlock: each of these nodes waits for the next");
    for (unsigned actor : greedy.deadlock) {
      Operation *op = graph.getActors()[actor].op;
      diagnostic.attachNote(op ? op->getLoc() : mapped.graph.getLoc()) << "'" << graph.getActors()[actor].name << "'";
    }
    return diagnostic;
  }
  if (!greedy.seemsToHavePeriod(period)) {
    const Actor &slowest = graph.getBottleneck();
    auto diagnostic = emitError(mapped.graph.getLoc(), "expected ")
                      << clocks.describe(period) << " per sample, as '" << slowest.name << "' needs, but the streams ";
    if (greedy.repeats())
      diagnostic << "reach " << llvm::formatv("{0:F2}", greedy.getPeriod()).str();
    else
      diagnostic << "are not steady after " << greedy.samples << " samples, the last " << greedy.evenCycles
                 << " cycles after the one before";
    if (std::optional<unsigned> edge = greedy.mostBlocked)
      diagnostic.attachNote(graph.getEdges()[*edge].use ? graph.getEdges()[*edge].use->getOwner()->getLoc()
                                                        : mapped.graph.getLoc())
          << "beats wait longest on '" << graph.getEdges()[*edge].name << "'";
    return diagnostic;
  }
  return success();
}

/// Ticks until the first sample has left. No later sample delays it, so it alone is looked at.
FailureOr<int64_t> SizeFifosPass::findLatency(MappedGraph mapped, const DataflowGraph &graph) {
  std::optional<FirstSample> first = findFirstSample(graph);
  if (first && simulatedLatency && first->latency != *simulatedLatency)
    return emitError(mapped.graph.getLoc(), "expected the first sample to leave after ")
           << clocks.describe(first->latency) << ", but in simulation it leaves after "
           << clocks.describe(*simulatedLatency);
  if (first)
    return first->latency;
  if (simulatedLatency)
    return *simulatedLatency;
  SimulationOptions one;
  one.sourceSamples = one.maxSamples = 1;
  return simulate(graph, one).firstLatency;
}

/// Notes what the graph achieves.
LogicalResult SizeFifosPass::noteResult(MappedGraph mapped, const DataflowGraph &graph, ResourceNames &resources) {
  FailureOr<int64_t> memoryCycles = getMemoryCycles(mapped);
  FailureOr<int64_t> latency = findLatency(mapped, graph);
  if (failed(memoryCycles) || failed(latency))
    return failure();
  MappingOp mapping = mapped.mapping;
  mapping.setCycles(std::max(graph.getPeriod(), *memoryCycles));
  mapping.setLatencyCycles(*latency);
  mapping.setBottleneck(graph.getBottleneck().name);
  llvm::MapVector<PlaceAttr, Area> areas = sumAreas(mapped.graph, resources);
  SmallVector<Attribute> usage;
  for (auto entry : mapping.getUsage().getAsRange<UsageAttr>()) {
    Area used = areas.lookup(PlaceAttr::get(&getContext(), entry.getDevice()));
    usage.push_back(UsageAttr::get(&getContext(), entry.getDevice(), resources.getAttr(used), entry.getBudget()));
  }
  mapping.setUsageAttr(ArrayAttr::get(&getContext(), usage));
  return success();
}

void SizeFifosPass::runOnOperation() {
  proven = false;
  simulatedLatency.reset();
  FailureOr<MappedGraph> mapped = getMappedGraph(getOperation());
  if (failed(mapped))
    return signalPassFailure();
  SymbolScope symbols(getOperation());
  auto &costs = getAnalysis<CostModel>();
  markAnalysesPreserved<CostModel>();
  FailureOr<SystemClocks> found = SystemClocks::get(mapped->system);
  if (failed(found))
    return signalPassFailure();
  clocks = std::move(*found);
  FailureOr<DataflowGraph> graph = DataflowGraph::build(mapped->graph, costs, clocks);
  if (failed(graph))
    return signalPassFailure();
  if (size) {
    for (const Edge &edge : graph->getEdges())
      if (!edge.use || !isa<StreamType>(edge.use->get().getType())) {
        emitError(mapped->graph.getLoc(), "expected streams on '")
            << edge.name << "'; run 'xplat-convert-to-dataflow' first";
        return signalPassFailure();
      }
    FailureOr<SmallVector<int64_t>> depths = findDepths(*mapped, *graph);
    if (failed(depths) || failed(deepenCrossings(*mapped, *graph, *depths, costs)) ||
        failed(insertFifos(*graph, *depths, costs)))
      return signalPassFailure();
    graph = DataflowGraph::build(mapped->graph, costs, clocks, std::move(*graph)); // with the FIFOs as actors
    if (failed(graph))
      return signalPassFailure();
  }
  if (failed(simulateResult(*mapped, *graph)) || failed(noteResult(*mapped, *graph, costs.getResources())))
    signalPassFailure();
}

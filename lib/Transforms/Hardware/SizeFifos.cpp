//===- SizeFifos.cpp - FIFOs with which nothing ever waits ----------------===//
//
// The depths come from a run in which every edge has room without end and the
// sources keep the period, so that nothing ever waits for room (docs/Model.md).
// The check is a run of the IR that came out, its FIFOs being actors like all
// others, with sources as fast as they can be.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/DataflowSupport.h"
#include "Transforms/Hardware/MappingGraph.h"
#include "Transforms/Passes.h"
#include "xplat/Analysis/TokenSimulation.h"

#include "llvm/Support/FormatVariadic.h"

namespace xplat {
#define GEN_PASS_DEF_SIZEFIFOS
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
/// Samples after which a simulation gives up waiting for a state to come back.
constexpr int64_t samplesUntilSteady = 64;

/// Finds the depth of the FIFO on each edge.
class FifoSizer {
public:
  FifoSizer(const DataflowGraph &graph, int64_t period, int64_t effort)
      : graph(graph), period(period), effort(effort), depths(graph.getEdges().size(), 0) {}

  /// The unbounded run: a FIFO wherever a beat waits, as deep as beats ever wait there.
  void measure();
  /// FIFOs on every edge, and deeper ones, when those measured do not keep the period.
  void widen();
  /// Smaller depths under which the period is still kept.
  void shrink();
  ArrayRef<int64_t> getDepths() const { return depths; }

private:
  /// Whatever waits in front of the first node waits outside the system.
  bool isOutside(const Edge &edge) const { return graph.getActors()[edge.producer].flow == Flow::source; }
  bool keepsPeriod(ArrayRef<int64_t> candidate);

  const DataflowGraph &graph;
  int64_t period, effort;
  SmallVector<int64_t> depths;
};

struct SizeFifosPass : xplat::impl::SizeFifosBase<SizeFifosPass> {
  using SizeFifosBase::SizeFifosBase;
  void runOnOperation() override;

  LogicalResult insertFifos(const DataflowGraph &graph, ArrayRef<int64_t> depths, const KernelLibrary &library);
  LogicalResult check(MappedGraph mapped, const KernelLibrary &library);
};
} // namespace

void FifoSizer::measure() {
  SimulationOptions options;
  options.sourcePeriod = period;
  options.countWaiting = true;
  options.maxSamples = samplesUntilSteady;
  options.depths.assign(depths.size(), 0);
  // A FIFO delays its beats by a cycle, so that others may have to wait: until no edge is new.
  for (bool isNew = true; isNew;) {
    isNew = false;
    SimulationResult result = simulate(graph, options);
    for (auto [index, edge] : llvm::enumerate(graph.getEdges())) {
      if (isOutside(edge) || result.peaks[index] == 0)
        continue;
      depths[index] = std::max<int64_t>(result.peaks[index], 2);
      isNew |= options.depths[index] == 0;
      options.depths[index] = unboundedDepth;
    }
  }
}

bool FifoSizer::keepsPeriod(ArrayRef<int64_t> candidate) {
  SimulationOptions options;
  options.depths.assign(candidate.begin(), candidate.end());
  options.maxSamples = samplesUntilSteady;
  // As fast as the sources can go, and throttled: neither follows from the other.
  for (int64_t sourcePeriod : {int64_t(0), period}) {
    options.sourcePeriod = sourcePeriod;
    SimulationResult result = simulate(graph, options);
    effort -= result.work;
    if (!result.deadlock.empty() || !result.seemsToHavePeriod(period))
      return false;
  }
  return true;
}

// Depths are measured where nothing ever waits for room. With rooms that are just full a kernel's pipeline may
// stand still for a cycle as a whole, which waiting beats alone do not show; the slowest node can never make up
// for it. Room around every node absorbs that.
void FifoSizer::widen() {
  constexpr int attempts = 5;
  for (int attempt = 0; attempt < attempts && !keepsPeriod(depths); ++attempt)
    for (auto [index, edge] : llvm::enumerate(graph.getEdges()))
      if (!isOutside(edge))
        depths[index] = attempt == 0 ? std::max<int64_t>(depths[index], 2) : 2 * depths[index];
}

void FifoSizer::shrink() {
  if (effort <= 0 || !keepsPeriod(depths))
    return;
  // The largest first: they free the most.
  SmallVector<unsigned> order;
  for (auto [index, depth] : llvm::enumerate(depths))
    if (depth)
      order.push_back(index);
  ArrayRef<Edge> edges = graph.getEdges();
  auto bits = [&](unsigned index) { return depths[index] * edges[index].bits; };
  llvm::stable_sort(order, [&](unsigned a, unsigned b) { return bits(a) > bits(b); });
  for (unsigned index : order) {
    int64_t enough = depths[index];
    SmallVector<int64_t> candidate = depths;
    auto suffices = [&](int64_t depth) {
      candidate[index] = depth;
      return effort > 0 && keepsPeriod(candidate);
    };
    if (suffices(0)) {
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

LogicalResult SizeFifosPass::insertFifos(const DataflowGraph &graph, ArrayRef<int64_t> depths,
                                         const KernelLibrary &library) {
  for (auto [edge, depth] : llvm::zip(graph.getEdges(), depths)) {
    if (depth == 0 || !edge.use)
      continue;
    auto consumer = cast<NodeOpInterface>(edge.use->getOwner());
    Value stream = edge.use->get();
    OpBuilder builder(consumer);
    std::string name = getNodeName(stream.getDefiningOp()) + ".to." + getNodeName(consumer) + ".fifo";
    auto fifo = FifoOp::create(builder, getNamedLocation(consumer, name), stream.getType(), stream, depth,
                               FlatSymbolRefAttr(), consumer.getPlacement(), RateAttr(), ResourcesAttr());
    if (failed(bindStructure(cast<NodeOpInterface>(fifo.getOperation()), library)))
      return failure();
    edge.use->set(fifo);
    ++numFifos;
    numBeats += depth;
  }
  return success();
}

/// Cycles per sample that the busiest memory needs to exchange samples with the host.
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
      cycles = std::max<int64_t>(cycles, llvm::divideCeil(moved, instance.memoryBits));
  return cycles;
}

/// Runs what came out as fast as its sources can go, and notes what that achieves.
LogicalResult SizeFifosPass::check(MappedGraph mapped, const KernelLibrary &library) {
  FailureOr<DataflowGraph> graph = DataflowGraph::build(mapped.graph, library);
  if (failed(graph))
    return failure();
  int64_t period = graph->getPeriod();
  SimulationOptions options;
  options.maxSamples = samplesUntilSteady;
  SimulationResult greedy = simulate(*graph, options);
  if (!greedy.deadlock.empty()) {
    auto diagnostic = emitError(mapped.graph.getLoc(), "the streams deadlock: each of these nodes waits for the next");
    for (unsigned actor : greedy.deadlock) {
      Operation *op = graph->getActors()[actor].op;
      diagnostic.attachNote(op ? op->getLoc() : mapped.graph.getLoc()) << "'" << graph->getActors()[actor].name << "'";
    }
    return diagnostic;
  }
  if (!greedy.seemsToHavePeriod(period)) {
    const Actor &slowest = graph->getBottleneck();
    auto diagnostic = emitError(mapped.graph.getLoc(), "expected ")
                      << period << " cycles per sample, as '" << slowest.name << "' needs, but the streams ";
    if (greedy.repeats())
      diagnostic << "reach " << llvm::formatv("{0:F2}", greedy.getPeriod()).str();
    else
      diagnostic << "are not steady after " << greedy.samples << " samples, the last " << greedy.evenCycles
                 << " cycles after the one before";
    if (std::optional<unsigned> edge = greedy.mostBlocked)
      diagnostic.attachNote(graph->getEdges()[*edge].use ? graph->getEdges()[*edge].use->getOwner()->getLoc()
                                                         : mapped.graph.getLoc())
          << "beats wait longest on '" << graph->getEdges()[*edge].name << "'";
    return diagnostic;
  }

  FailureOr<int64_t> memoryCycles = getMemoryCycles(mapped);
  if (failed(memoryCycles))
    return failure();
  MappingOp mapping = mapped.mapping;
  mapping.setCycles(std::max(period, *memoryCycles));
  mapping.setLatencyCycles(greedy.firstLatency);
  mapping.setBottleneck(graph->getBottleneck().name);
  llvm::MapVector<PlaceAttr, Area> areas = sumAreas(mapped.graph);
  SmallVector<Attribute> usage;
  for (auto entry : mapping.getUsage().getAsRange<UsageAttr>()) {
    Area used = areas.lookup(PlaceAttr::get(&getContext(), entry.getDevice()));
    usage.push_back(UsageAttr::get(&getContext(), entry.getDevice(), ResourcesAttr::fromArray(&getContext(), used),
                                   entry.getBudget()));
  }
  mapping.setUsageAttr(ArrayAttr::get(&getContext(), usage));
  return success();
}

void SizeFifosPass::runOnOperation() {
  FailureOr<MappedGraph> mapped = getMappedGraph(getOperation());
  if (failed(mapped))
    return signalPassFailure();
  SymbolScope symbols(getOperation());
  KernelLibrary library(getOperation());
  FailureOr<DataflowGraph> graph = DataflowGraph::build(mapped->graph, library);
  if (failed(graph))
    return signalPassFailure();
  if (size) {
    for (const Edge &edge : graph->getEdges())
      if (!edge.use || !isa<StreamType>(edge.use->get().getType())) {
        emitError(mapped->graph.getLoc(), "expected streams on '") << edge.name
                                                                   << "'; run 'xplat-convert-to-dataflow' first";
        return signalPassFailure();
      }
    FifoSizer sizer(*graph, graph->getPeriod(), effort);
    sizer.measure();
    sizer.widen();
    sizer.shrink();
    if (failed(insertFifos(*graph, sizer.getDepths(), library)))
      return signalPassFailure();
  }
  if (failed(check(*mapped, library)))
    signalPassFailure();
}

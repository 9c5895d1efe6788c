//===- Partition.cpp - Place every node on a device -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/Goal.h"
#include "Transforms/Hardware/Passes.h"
#include "Transforms/Hardware/ThroughputBound.h"
#include "xplat/Analysis/Names.h"

namespace xplat {
#define GEN_PASS_DEF_PARTITION
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct Partition : xplat::impl::PartitionBase<Partition> {
  using PartitionBase::PartitionBase;

  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run();
  FailureOr<PartitionSolution> place(PartitionProblem &problem, ArrayRef<const Configuration *> present,
                                     MappingGraph &graph, const SystemModel &model, const DeviceKinds &kinds,
                                     int64_t target);
  MappingOp writeMapping(MappingGraph &graph, const SystemModel &model, ArrayRef<Configuration> present,
                         const PartitionSolution &solution, const ThroughputBound &bound,
                         const ThroughputBound &wholeBound);
};
} // namespace

LogicalResult Partition::run() {
  ModuleOp module = getOperation();
  FailureOr<MappingGraph> graph = MappingGraph::get(module);
  if (failed(graph))
    return failure();
  FailureOr<SystemModel> model = SystemModel::get(module, decodeOption(system));
  if (failed(model) || failed(model->checkFixedInstances(*graph)))
    return failure();
  FailureOr<int64_t> target = Goal{objective, targetCycles, targetPerSecond}.getTicks(module->getLoc(), model->clocks);
  if (failed(target))
    return failure();
  SymbolScope symbols(module);
  auto &costs = getAnalysis<CostModel>();
  auto &space = getAnalysis<ConfigurationSpace>();
  markAnalysesPreserved<CostModel, ConfigurationSpace>();
  DeviceKinds kinds(*model, costs);
  SmallVector<Configuration> present;
  for (NodeOpInterface node : graph->nodes) {
    FailureOr<Configuration> choice = space.getPresent(node, kinds);
    if (failed(choice))
      return failure();
    present.push_back(std::move(*choice));
  }
  // The bound is that of all kernels and factors: what is fixed by now includes what was chosen.
  FailureOr<std::vector<Configurations>> choices = space.enumerateFree(*graph, kinds);
  if (failed(choices))
    return failure();
  SmallVector<const Configuration *> pointers;
  for (const Configuration &choice : present)
    pointers.push_back(&choice);
  StructureCosts structure(costs, &getContext());
  PartitionProblem problem(*graph, *model, kinds, structure, maxUtilization);
  FailureOr<PartitionSolution> solution = place(problem, pointers, *graph, *model, kinds, *target);
  if (failed(solution) || failed(problem.verify(solution->placement)))
    return failure();
  for (auto [index, node, choice] : llvm::enumerate(graph->nodes, present)) {
    node.setPlacement(model->instances[solution->placement[index]].place);
    Cost cost = *costs.evaluate(node);
    choice.cycles = cost.cycles;
    choice.latency = cost.latency;
  }
  writeMapping(*graph, *model, present, *solution, getThroughputBound(*graph, *choices, *model, kinds, maxUtilization),
               getThroughputBound(*graph, *choices, *model, kinds, /*maxUtilization=*/1));
  return success();
}

/// The best placement for the fewest ticks per sample at which nodes, links and
/// memories keep up; mostly those of the slowest node.
FailureOr<PartitionSolution> Partition::place(PartitionProblem &problem, ArrayRef<const Configuration *> present,
                                              MappingGraph &graph, const SystemModel &model, const DeviceKinds &kinds,
                                              int64_t target) {
  ArrayRef<int64_t> clocks = model.clocks.getAllTicks();
  int64_t slowest = 1;
  for (auto [node, choice] : llvm::zip(graph.nodes, present)) {
    int64_t needed = choice->cycles * clocks.front();
    slowest = std::max(slowest, needed);
    if (target && needed > target)
      return emitError(node->getLoc(), "'")
             << getNodeName(node) << "' needs " << model.clocks.describe(needed)
             << " per sample under its unroll factors, but the target is "
             << (clocks.size() == 1 ? std::to_string(target) : model.clocks.describe(target));
  }
  problem.configure(present, slowest);
  if (failed(problem.check()))
    return failure();
  PartitionSolution found = solve(problem, solver, /*anyLegal=*/false);
  if (!found.evaluation.violation)
    return found;
  // Slower clocks, links and memories: every number of phits per beat.
  std::vector<int64_t> targets;
  for (unsigned node = 0; node < present.size(); ++node) {
    for (int64_t cycle : clocks)
      targets.push_back(present[node]->cycles * cycle);
    StreamType stream = graph.getStream(node, present[node]->resultLanes);
    for (int64_t lanes : getDivisors(getInnermostExtent(stream)))
      for (int64_t bits = getStream(stream, lanes).getBeatBits(), phits = 1; phits <= bits; ++phits)
        for (int64_t cycle : clocks)
          targets.push_back(getStream(stream, lanes).getNumBeats() * phits * cycle);
    if (auto boundary = dyn_cast<HostBoundaryOpInterface>(graph.nodes[node].getOperation()))
      for (const SystemModel::Instance &instance : model.instances)
        if (instance.memoryBits)
          targets.push_back(llvm::divideCeil(boundary.getBitsPerSample(), instance.memoryBits) * instance.ticks);
  }
  if (target)
    targets.push_back(target);
  llvm::sort(targets);
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  targets.erase(targets.begin(), llvm::upper_bound(targets, slowest));
  if (target)
    targets.erase(llvm::upper_bound(targets, target), targets.end());
  auto isLegal = [&](int64_t cycles) {
    problem.configure(present, cycles);
    return !solve(problem, solver, /*anyLegal=*/true).evaluation.violation;
  };
  auto first = std::partition_point(targets.begin(), targets.end(), [&](int64_t cycles) { return !isLegal(cycles); });
  if (first == targets.end()) {
    // Judge the factors in force, not others.
    std::vector<Configurations> fixed;
    for (const Configuration *choice : present)
      fixed.push_back({*choice});
    NearMiss nearMiss;
    nearMiss.offer(problem, found.evaluation);
    return reportMisfit(graph, fixed, model, kinds, maxUtilization, target ? target : undefinedValue, nearMiss);
  }
  problem.configure(present, *first);
  return solve(problem, solver, /*anyLegal=*/false);
}

MappingOp Partition::writeMapping(MappingGraph &graph, const SystemModel &model, ArrayRef<Configuration> present,
                                  const PartitionSolution &solution, const ThroughputBound &bound,
                                  const ThroughputBound &wholeBound) {
  MLIRContext *context = &getContext();
  ModuleOp module = getOperation();
  for (auto mapping : llvm::make_early_inc_range(module.getOps<MappingOp>()))
    mapping.erase();
  int64_t cycles = 0;
  std::string bottleneck;
  auto raise = [&](int64_t value, const Twine &name) {
    if (value > cycles) {
      cycles = value;
      bottleneck = name.str();
    }
  };
  SmallVector<int64_t> ticks;
  for (auto [index, node] : llvm::enumerate(graph.nodes)) {
    ticks.push_back(model.instances[solution.placement[index]].ticks);
    raise(present[index].cycles * ticks.back(), getNodeName(node));
  }
  raise(solution.evaluation.linkCycles, "link after " + getNodeName(graph.nodes[solution.evaluation.linkNode]));
  raise(solution.evaluation.memoryCycles, "memory of the host's samples");

  SmallVector<Attribute> usage;
  for (auto [index, instance] : llvm::enumerate(model.instances))
    usage.push_back(UsageAttr::get(context, instance.place.getDevice(),
                                   model.resources.getAttr(solution.evaluation.usage[index]),
                                   DeviceOp(instance.device).getResources()));
  bool isWhole = maxUtilization >= 1;
  SmallVector<const Configuration *> chosen;
  for (const Configuration &choice : present)
    chosen.push_back(&choice);
  auto builder = OpBuilder::atBlockEnd(module.getBody());
  return MappingOp::create(
      builder, graph.function.getLoc(), FlatSymbolRefAttr::get(graph.function.getSymNameAttr()),
      FlatSymbolRefAttr::get(SystemOp(model.op).getSymNameAttr()), builder.getF64FloatAttr(model.clocks.getTickMhz()),
      builder.getI64IntegerAttr(cycles), builder.getI64IntegerAttr(LatencyModel(graph).estimate(chosen, ticks)),
      builder.getI64IntegerAttr(bound.cycles), BoundKindAttr::get(context, bound.kind),
      builder.getStringAttr(bound.reason), isWhole ? FloatAttr() : builder.getF64FloatAttr(maxUtilization),
      isWhole ? IntegerAttr() : builder.getI64IntegerAttr(wholeBound.cycles), builder.getStringAttr(bottleneck),
      objective == Objective::throughput ? ObjectiveAttr() : ObjectiveAttr::get(context, objective),
      targetCycles > 0 ? builder.getI64IntegerAttr(targetCycles) : IntegerAttr(),
      targetPerSecond > 0 ? builder.getF64FloatAttr(targetPerSecond) : FloatAttr(), builder.getArrayAttr(usage));
}

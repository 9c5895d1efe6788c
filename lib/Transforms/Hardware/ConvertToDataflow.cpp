//===- ConvertToDataflow.cpp - Tensors become streams ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every tensor between nodes becomes a stream with the lanes of its producer.
// Structure ops between producer and readers do the rest: copies, other lanes,
// other devices. StructurePlan says which; this pass builds them.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/DataflowSupport.h"
#include "Transforms/Hardware/Passes.h"
#include "Transforms/Hardware/StructurePlan.h"
#include "xplat/IR/StructureOps.h"

namespace xplat {
#define GEN_PASS_DEF_CONVERTTODATAFLOW
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
class Converter {
public:
  Converter(MappedGraph mapped, const SystemModel &system, CostModel &costs)
      : mapped(mapped), system(system), costs(costs), cables(mapped.system, system.clocks),
        builder(mapped.mapping.getContext()) {}

  LogicalResult run();
  unsigned numStructureOps = 0;

private:
  LogicalResult check(NodeOpInterface node);
  LogicalResult connect(NodeOpInterface producer, OpResult result);
  /// The operands that read a value, in the order of the graph.
  SmallVector<OpOperand *> getReaders(Value value);
  LogicalResult checkPlan(NodeOpInterface producer, const StructurePlan &plan);
  /// Builds a part on `input`.
  Operation *build(NodeOpInterface producer, const StructurePlan::Part &part, Value input,
                   ArrayRef<OpOperand *> readers);
  /// The name of a part: the stream, the reader that it leads to, what it is.
  std::string getPartName(NodeOpInterface producer, const StructurePlan::Part &part, ArrayRef<OpOperand *> readers);

  MappedGraph mapped;
  const SystemModel &system;
  CostModel &costs;
  CablePlan cables;
  OpBuilder builder;
  /// Of the nodes in the graph, before structure ops stand between them.
  llvm::DenseMap<Operation *, unsigned> positions;
  bool ok = true;
};

struct ConvertToDataflowPass : xplat::impl::ConvertToDataflowBase<ConvertToDataflowPass> {
  void runOnOperation() override {
    FailureOr<MappedGraph> mapped = getMappedGraph(getOperation());
    if (failed(mapped))
      return signalPassFailure();
    FailureOr<SystemModel> system = SystemModel::get(getOperation(), mapped->mapping.getSystem());
    if (failed(system))
      return signalPassFailure();
    SymbolScope symbols(getOperation());
    auto &costs = getAnalysis<CostModel>();
    markAnalysesPreserved<CostModel>();
    Converter converter(*mapped, *system, costs);
    if (failed(converter.run()))
      return signalPassFailure();
    numStructureOps += converter.numStructureOps;
  }
};
} // namespace

static bool entersSystem(Operation *op) {
  auto boundary = dyn_cast<HostBoundaryOpInterface>(op);
  return boundary && boundary.isInput();
}

LogicalResult Converter::check(NodeOpInterface node) {
  if (!costs.getLibrary().getKernel(node))
    return node->emitOpError("expected a node that is bound to a kernel; run 'xplat-bind-kernels' first");
  if (!node.getPlacement())
    return node->emitOpError("expected a node that is placed on a device; run 'xplat-partition' first");
  if (!system.find(node.getPlacement()) || !system.find(node.getResultPlacement()))
    return node->emitOpError("expected a node that is placed on an instance of '@")
           << mapped.system.getSymName() << "'";
  if (!entersSystem(node))
    for (Value operand : node->getOperands())
      if (!isa_and_present<NodeOpInterface>(operand.getDefiningOp()))
        return node->emitOpError("expected an operand that another node produces; 'xplat.host_input' brings a "
                                 "function's argument into the system");
  if (!leavesSystem(node))
    for (Operation *user : node->getUsers())
      if (!isa<NodeOpInterface>(user))
        return node->emitOpError("expected only nodes to read its result but got '")
               << user->getName() << "'; 'xplat.host_output' takes a result out of the system";
  return success();
}

LogicalResult Converter::run() {
  SmallVector<NodeOpInterface> nodes = getNodes(mapped.graph);
  // Nodes without readers do not become hardware.
  for (NodeOpInterface node : llvm::reverse(nodes))
    if (isOpTriviallyDead(node))
      node->erase();
  nodes = getNodes(mapped.graph);
  for (auto [position, node] : llvm::enumerate(nodes)) {
    if (failed(check(node)))
      return failure();
    positions[node] = position;
  }
  for (NodeOpInterface node : nodes) {
    if (leavesSystem(node))
      continue;
    for (OpResult result : node->getResults()) {
      if (!isa<RankedTensorType>(result.getType()))
        continue; // a stream already
      int64_t lanes = node.getResultLanes(result.getResultNumber(), node.getUnrollFactors());
      result.setType(getStream(result.getType(), lanes));
      if (failed(connect(node, result)))
        return failure();
    }
  }
  return success(ok);
}

SmallVector<OpOperand *> Converter::getReaders(Value value) {
  // Uses come in no particular order.
  SmallVector<OpOperand *> uses = llvm::to_vector(llvm::make_pointer_range(value.getUses()));
  // Not by `isBeforeInBlock`, which numbers the block anew after every op that is made here.
  llvm::sort(uses, [&](OpOperand *a, OpOperand *b) {
    return std::pair(positions.at(a->getOwner()), a->getOperandNumber()) <
           std::pair(positions.at(b->getOwner()), b->getOperandNumber());
  });
  return uses;
}

LogicalResult Converter::connect(NodeOpInterface producer, OpResult result) {
  SmallVector<OpOperand *> uses = getReaders(result);
  SmallVector<StreamReader> readers;
  for (OpOperand *use : uses) {
    auto node = cast<NodeOpInterface>(use->getOwner());
    readers.push_back(
        {*system.find(node.getPlacement()), node.getOperandLanes(use->getOperandNumber(), node.getUnrollFactors())});
  }
  StructurePlan plan = planStructure(cast<StreamType>(result.getType()), *system.find(producer.getResultPlacement()),
                                     readers, system, cables, mapped.mapping.getCycles());
  if (failed(checkPlan(producer, plan)))
    return failure();
  builder.setInsertionPointAfter(producer);
  SmallVector<Operation *> built;
  auto lookup = [&](StructurePlan::Source source) -> Value {
    return source.part < 0 ? Value(result) : Value(built[source.part]->getResult(source.result));
  };
  for (const StructurePlan::Part &part : plan.parts) {
    built.push_back(build(producer, part, lookup(part.source), uses));
    auto node = cast<NodeOpInterface>(built.back());
    node.setPlacement(system.instances[part.instance].place);
    ok &= succeeded(bindStructure(node, costs));
    ++numStructureOps;
  }
  for (auto [use, source] : llvm::zip(uses, plan.sources))
    use->set(lookup(source));
  return success();
}

LogicalResult Converter::checkPlan(NodeOpInterface producer, const StructurePlan &plan) {
  for (unsigned remote : plan.unreachable)
    return producer->emitOpError("its result goes from ")
           << producer.getResultPlacement().getDevice() << " to " << system.instances[remote].place.getDevice()
           << ", but no cables of '@" << mapped.system.getSymName() << "' connect them";
  for (const StructurePlan::Part &part : plan.parts) {
    if (part.kind != StructurePlan::Kind::link || part.freeBits >= 0)
      continue;
    CableOp cable = part.tightest->op;
    auto diagnostic = producer->emitOpError("its result needs ")
                      << part.phitBits << " bits a cycle from " << part.hop->from().getDevice() << " to "
                      << part.hop->to().getDevice() << " to reach "
                      << system.clocks.describe(mapped.mapping.getCycles()) << " per sample, but "
                      << part.freeBits + part.phitBits << " of the " << part.tightest->bits / part.hop->cycles
                      << " bits of cable @" << cable.getSymName()
                      << " are free; place fewer streams across it or give a larger 'target-cycles'";
    diagnostic.attachNote(cable.getLoc()) << "cable declared here";
    return diagnostic;
  }
  return success();
}

Operation *Converter::build(NodeOpInterface producer, const StructurePlan::Part &part, Value input,
                            ArrayRef<OpOperand *> readers) {
  Location loc = getNamedLocation(producer, getPartName(producer, part, readers));
  switch (part.kind) {
  case StructurePlan::Kind::converter:
    return ConvertStreamOp::create(builder, loc, part.result, input, ConfigAttr(), RateAttr(), ResourcesAttr());
  case StructurePlan::Kind::fork:
    return ForkOp::create(builder, loc, SmallVector<Type>(part.copies, part.result), input, ConfigAttr(), RateAttr(),
                          ResourcesAttr());
  case StructurePlan::Kind::link: {
    const Hop &hop = *part.hop;
    int64_t phits = llvm::divideCeil(part.result.getBeatBits(), part.phitBits);
    return LinkOp::create(builder, loc, part.result, input, cables.getSymbol(hop.out->op),
                          hop.in ? cables.getSymbol(hop.in->op) : SymbolRefAttr(), hop.to(), part.phitBits, hop.latency,
                          getFullRateCredits(phits, hop.latency), ConfigAttr(), RateAttr(), ResourcesAttr());
  }
  case StructurePlan::Kind::cdc:
    return CdcOp::create(builder, loc, part.result, input, CdcOp::leastDepth, ConfigAttr(), RateAttr(),
                         ResourcesAttr());
  }
  llvm_unreachable("all kinds are handled");
}

std::string Converter::getPartName(NodeOpInterface producer, const StructurePlan::Part &part,
                                   ArrayRef<OpOperand *> readers) {
  auto nameOf = [&](unsigned instance) {
    return system.instances[instance].place.getDevice().getLeafReference().str();
  };
  std::string name = getNodeName(producer);
  if (system.instances[part.origin].place != producer.getResultPlacement())
    name += ".at." + nameOf(part.origin);
  if (part.reader >= 0)
    name += ".to." + getNodeName(readers[part.reader]->getOwner());
  else if (part.remote)
    name += ".to." + nameOf(*part.remote);
  std::string link = ".link" + (part.steps == 1 ? "" : std::to_string(part.step));
  switch (part.kind) {
  case StructurePlan::Kind::converter:
    return name + ".rewidth";
  case StructurePlan::Kind::fork:
    return name + ".fork";
  case StructurePlan::Kind::link:
    return name + link;
  case StructurePlan::Kind::cdc:
    return name + link + ".cdc";
  }
  llvm_unreachable("all kinds are handled");
}

//===- OutlineDevices.cpp - A function for each device --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes of the host interface and nodes that carry streams between devices stay
// in the graph; every other node moves to the function of its device. A stream
// from a node that stays, or to one, is cut where it enters or leaves the device.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/DataflowSupport.h"
#include "Transforms/Hardware/MappingGraph.h"
#include "Transforms/Hardware/Passes.h"
#include "xplat/Analysis/Names.h"
#include "xplat/IR/StructureOps.h"

namespace xplat {
#define GEN_PASS_DEF_OUTLINEDEVICES
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
class Outliner {
public:
  Outliner(MappedGraph mapped, const SystemModel &system)
      : mapped(mapped), system(system), builder(mapped.mapping.getContext()), functions(system.instances.size()),
        used(system.instances.size()) {}

  LogicalResult run();
  unsigned numFunctions = 0, numStreams = 0;

private:
  LogicalResult check(Operation *op);
  LogicalResult checkOperand(NodeOpInterface node, Value operand);
  LogicalResult checkResults();
  void addFunctions();
  void cutOperand(NodeOpInterface node, OpOperand &operand);
  void cutResult(NodeOpInterface node, OpResult result);
  std::string getStreamName(NodeOpInterface node, StringRef end);
  Block *getBody(PlaceAttr place) { return &functions[*system.find(place)].getBody().front(); }

  MappedGraph mapped;
  const SystemModel &system;
  OpBuilder builder;
  Names names;
  /// By instance; null for those without work.
  SmallVector<func::FuncOp> functions;
  SmallVector<bool> used;
};

struct OutlineDevicesPass : xplat::impl::OutlineDevicesBase<OutlineDevicesPass> {
  void runOnOperation() override {
    FailureOr<MappedGraph> mapped = getMappedGraph(getOperation());
    if (failed(mapped))
      return signalPassFailure();
    FailureOr<SystemModel> system = SystemModel::get(getOperation(), mapped->mapping.getSystem());
    if (failed(system))
      return signalPassFailure();
    Outliner outliner(*mapped, *system);
    if (failed(outliner.run()))
      return signalPassFailure();
    numFunctions += outliner.numFunctions;
    numStreams += outliner.numStreams;
  }
};
} // namespace

static Target getTarget(DeviceKind kind) {
  switch (kind) {
  case DeviceKind::fpga:
    return Target::rtl;
  }
  llvm_unreachable("every kind is handled");
}

/// Whether a node belongs to no device alone.
static bool isOfSystem(Operation *op) { return isa<HostBoundaryOpInterface, CrossingOpInterface>(op); }

LogicalResult Outliner::checkOperand(NodeOpInterface node, Value operand) {
  auto producer = operand.getDefiningOp<NodeOpInterface>();
  if (!producer)
    return node->emitOpError("expected the result of a node as operand");
  if (producer.getResultPlacement() != node.getPlacement())
    return node->emitOpError("expected its operand on ")
           << node.getPlacement().getDevice() << " but it is on " << producer.getResultPlacement().getDevice()
           << "; a link must carry it over";
  if ((isOfSystem(node) || isOfSystem(producer)) && !isa<StreamType>(operand.getType()))
    return node->emitOpError("expected streams, which 'xplat-convert-to-dataflow' makes, but got ")
           << operand.getType();
  return success();
}

LogicalResult Outliner::check(Operation *op) {
  auto node = dyn_cast<NodeOpInterface>(op);
  if (!node)
    return op->emitOpError("is not a node, so it belongs to no device");
  for (PlaceAttr place : {node.getPlacement(), node.getResultPlacement()}) {
    std::optional<unsigned> instance = place ? system.find(place) : std::nullopt;
    if (!instance)
      return op->emitOpError("expected a node placed on an instance of @") << mapped.system.getSymName();
    used[*instance] = true;
  }
  auto boundary = dyn_cast<HostBoundaryOpInterface>(op);
  if (boundary && boundary.isInput()) {
    if (llvm::all_of(op->getOperands(), llvm::IsaPred<BlockArgument>))
      return success();
    return op->emitOpError("expected an argument of @") << mapped.graph.getSymName() << " as operand";
  }
  for (Value operand : op->getOperands())
    if (failed(checkOperand(node, operand)))
      return failure();
  return success();
}

/// What the graph returns stays there.
LogicalResult Outliner::checkResults() {
  for (Value result : mapped.graph.getBody().front().getTerminator()->getOperands())
    if (Operation *producer = result.getDefiningOp(); producer && !leavesSystem(producer))
      return producer->emitOpError("expected each result of @")
             << mapped.graph.getSymName() << " to leave the system through a host interface node";
  return success();
}

void Outliner::addFunctions() {
  SymbolTable symbols(mapped.graph->getParentOp());
  MLIRContext *context = builder.getContext();
  XplatDialect::TargetAttrHelper target(context);
  XplatDialect::PlaceAttrHelper place(context);
  target.setAttr(mapped.graph, TargetAttr::get(context, Target::host));
  Operation *last = mapped.graph;
  for (auto [index, instance] : llvm::enumerate(system.instances)) {
    if (!used[index])
      continue;
    InstanceOp op = instance.op;
    DeviceOp device = instance.device;
    std::string name = (mapped.graph.getSymName() + "_" + op.getSymName()).str();
    auto function = func::FuncOp::create(op->getLoc(), name, builder.getFunctionType({}, {}));
    function.setPrivate();
    target.setAttr(function, TargetAttr::get(context, getTarget(device.getKind())));
    place.setAttr(function, instance.place);
    symbols.insert(function, std::next(Block::iterator(last)));
    builder.setInsertionPointToStart(function.addEntryBlock());
    func::ReturnOp::create(builder, function.getLoc());
    last = functions[index] = function;
    ++numFunctions;
  }
}

std::string Outliner::getStreamName(NodeOpInterface node, StringRef end) {
  ++numStreams;
  return names.unique((getNodeName(node) + end).str());
}

/// `operand`, which is a value of the device's function already, comes to the node from there.
void Outliner::cutOperand(NodeOpInterface node, OpOperand &operand) {
  std::string name = getStreamName(node, isa<CrossingOpInterface>(*node) ? ".tx" : "");
  builder.setInsertionPoint(getBody(node.getPlacement())->getTerminator());
  SendOp::create(builder, node->getLoc(), operand.get(), name);
  builder.setInsertionPoint(node);
  operand.set(ReceiveOp::create(builder, node->getLoc(), operand.get().getType(), name));
}

/// All that read `result` do so in the device's function.
void Outliner::cutResult(NodeOpInterface node, OpResult result) {
  if (result.use_empty())
    return;
  std::string name = getStreamName(node, isa<CrossingOpInterface>(*node) ? ".rx" : "");
  builder.setInsertionPoint(getBody(node.getResultPlacement())->getTerminator());
  result.replaceAllUsesWith(ReceiveOp::create(builder, node->getLoc(), result.getType(), name));
  builder.setInsertionPointAfter(node);
  SendOp::create(builder, node->getLoc(), result, name);
}

LogicalResult Outliner::run() {
  if (XplatDialect::TargetAttrHelper(builder.getContext()).isAttrPresent(mapped.graph))
    return mapped.graph.emitOpError("has a function for each device already");
  Block &body = mapped.graph.getBody().front();
  for (Operation &op : body.without_terminator())
    if (failed(check(&op)))
      return failure();
  if (failed(checkResults()))
    return failure();
  addFunctions();
  for (Operation &op : llvm::make_early_inc_range(body.without_terminator())) {
    auto node = cast<NodeOpInterface>(op);
    if (!isOfSystem(node)) {
      node->moveBefore(getBody(node.getPlacement())->getTerminator());
      continue;
    }
    for (OpOperand &operand : node->getOpOperands())
      if (!isa<BlockArgument>(operand.get()))
        cutOperand(node, operand);
    for (OpResult result : node->getResults())
      if (!leavesSystem(node))
        cutResult(node, result);
  }
  return success();
}

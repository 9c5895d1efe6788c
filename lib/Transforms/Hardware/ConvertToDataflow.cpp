//===- ConvertToDataflow.cpp - Tensors become streams ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every tensor between nodes becomes a stream with the lanes of its producer.
// Structure ops between producer and readers do the rest: copies, other lanes,
// other devices.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/CablePlan.h"
#include "Transforms/Hardware/DataflowSupport.h"
#include "Transforms/Hardware/Passes.h"
#include "xplat/IR/StructureOps.h"

namespace xplat {
#define GEN_PASS_DEF_CONVERTTODATAFLOW
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
/// Someone who reads the stream on one device: an operand, or a cable to other readers.
struct Reader {
  int64_t lanes = 0;
  std::string name;
  OpOperand *operand = nullptr;
  PlaceAttr remote;
};

class Converter {
public:
  Converter(MappedGraph mapped, const KernelLibrary &library, const SystemClocks &clocks)
      : mapped(mapped), library(library), clocks(clocks), cables(mapped.system, clocks),
        builder(mapped.mapping.getContext()) {}

  LogicalResult run();
  unsigned numStructureOps = 0;

private:
  LogicalResult check(NodeOpInterface node);
  LogicalResult connect(NodeOpInterface producer, OpResult result);
  LogicalResult distribute(Value stream, PlaceAttr place, SmallVector<Reader> readers,
                           llvm::MapVector<PlaceAttr, SmallVector<Reader>> &remotes);
  Value rewidth(Value stream, int64_t lanes, PlaceAttr place, const Twine &name);
  FailureOr<Value> cross(Value stream, PlaceAttr to, const Twine &name);
  /// Lanes with which a stream crosses from `from` to its readers in the narrowest slice.
  int64_t chooseLinkLanes(StreamType stream, PlaceAttr from, ArrayRef<Reader> readers);
  /// Cycles per sample of the mapping at a place.
  int64_t getCycles(PlaceAttr place) {
    return static_cast<int64_t>(mapped.mapping.getCycles()) / clocks.getTicks(place);
  }
  template <typename OpT> OpT bound(OpT op, PlaceAttr place) {
    op.setPlaceAttr(place);
    ok &= succeeded(bindStructure(cast<NodeOpInterface>(op.getOperation()), library));
    ++numStructureOps;
    return op;
  }

  MappedGraph mapped;
  const KernelLibrary &library;
  const SystemClocks &clocks;
  CablePlan cables;
  OpBuilder builder;
  /// Of the nodes in the graph, before structure ops stand between them.
  llvm::DenseMap<Operation *, unsigned> positions;
  std::string producerName;
  Operation *origin = nullptr;
  bool ok = true;
};

struct ConvertToDataflowPass : xplat::impl::ConvertToDataflowBase<ConvertToDataflowPass> {
  void runOnOperation() override {
    FailureOr<MappedGraph> mapped = getMappedGraph(getOperation());
    if (failed(mapped))
      return signalPassFailure();
    SymbolScope symbols(getOperation());
    KernelLibrary library(getOperation());
    FailureOr<SystemClocks> clocks = SystemClocks::get(mapped->system);
    if (failed(clocks))
      return signalPassFailure();
    Converter converter(*mapped, library, *clocks);
    if (failed(converter.run()))
      return signalPassFailure();
    numStructureOps += converter.numStructureOps;
  }
};
} // namespace

static bool leavesSystem(Operation *op) {
  auto boundary = dyn_cast<HostBoundaryOpInterface>(op);
  return boundary && !boundary.isInput();
}

static bool entersSystem(Operation *op) {
  auto boundary = dyn_cast<HostBoundaryOpInterface>(op);
  return boundary && boundary.isInput();
}

LogicalResult Converter::check(NodeOpInterface node) {
  if (!library.getKernel(node))
    return node->emitOpError("expected a node that is bound to a kernel; run 'xplat-bind-kernels' first");
  if (!node.getPlacement())
    return node->emitOpError("expected a node that is placed on a device; run 'xplat-partition' first");
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
      auto tensor = dyn_cast<RankedTensorType>(result.getType());
      if (!tensor)
        continue; // a stream already
      int64_t lanes = node.getResultLanes(result.getResultNumber(), node.getUnrollFactors());
      result.setType(StreamType::get(node->getContext(), tensor.getShape(), tensor.getElementType(), lanes));
      if (failed(connect(node, result)))
        return failure();
    }
  }
  return success(ok);
}

LogicalResult Converter::connect(NodeOpInterface producer, OpResult result) {
  origin = producer;
  producerName = getNodeName(producer);
  builder.setInsertionPointAfter(producer);
  PlaceAttr place = producer.getResultPlacement();
  SmallVector<Reader> readers;
  llvm::MapVector<PlaceAttr, SmallVector<Reader>> remotes;
  // Uses come in no particular order: take the readers as they stand.
  SmallVector<OpOperand *> uses = llvm::to_vector(llvm::make_pointer_range(result.getUses()));
  // Not by `isBeforeInBlock`, which numbers the block anew after every op that is made here.
  llvm::sort(uses, [&](OpOperand *a, OpOperand *b) {
    return std::pair(positions.at(a->getOwner()), a->getOperandNumber()) <
           std::pair(positions.at(b->getOwner()), b->getOperandNumber());
  });
  for (OpOperand *use : uses) {
    auto node = cast<NodeOpInterface>(use->getOwner());
    Reader reader{node.getOperandLanes(use->getOperandNumber(), node.getUnrollFactors()), getNodeName(node), use, {}};
    if (node.getPlacement() == place)
      readers.push_back(reader);
    else
      remotes[node.getPlacement()].push_back(reader);
  }
  for (auto &[remote, beyond] : remotes) {
    std::string name = beyond.size() == 1 ? beyond.front().name : remote.getDevice().getLeafReference().str();
    readers.push_back({chooseLinkLanes(cast<StreamType>(result.getType()), place, beyond), name, nullptr, remote});
  }
  return distribute(result, place, readers, remotes);
}

LogicalResult Converter::distribute(Value stream, PlaceAttr place, SmallVector<Reader> readers,
                                    llvm::MapVector<PlaceAttr, SmallVector<Reader>> &remotes) {
  // One converter does when all readers want the same lanes.
  int64_t lanes = readers.front().lanes;
  if (readers.size() > 1 && llvm::all_of(readers, [&](const Reader &reader) { return reader.lanes == lanes; }))
    stream = rewidth(stream, lanes, place, producerName + ".rewidth");
  SmallVector<Value> copies(readers.size(), stream);
  if (readers.size() > 1) {
    SmallVector<Type> types(readers.size(), stream.getType());
    auto fork = ForkOp::create(builder, getNamedLocation(origin, producerName + ".fork"), types, stream,
                               FlatSymbolRefAttr(), PlaceAttr(), RateAttr(), ResourcesAttr());
    bound(fork, place);
    llvm::copy(fork.getResults(), copies.begin());
  }
  for (auto [reader, copy] : llvm::zip(readers, copies)) {
    std::string edge = producerName + ".to." + reader.name;
    Value value = rewidth(copy, reader.lanes, place, edge + ".rewidth");
    if (reader.operand) {
      reader.operand->set(value);
      continue;
    }
    FailureOr<Value> crossed = cross(value, reader.remote, edge + ".link");
    if (failed(crossed))
      return failure();
    std::string far = producerName + ".at." + reader.remote.getDevice().getLeafReference().str();
    std::string near = std::exchange(producerName, far);
    llvm::MapVector<PlaceAttr, SmallVector<Reader>> none;
    if (failed(distribute(*crossed, reader.remote, remotes[reader.remote], none)))
      return failure();
    producerName = near;
  }
  return success();
}

Value Converter::rewidth(Value stream, int64_t lanes, PlaceAttr place, const Twine &name) {
  auto type = cast<StreamType>(stream.getType());
  if (type.getLanes() == lanes)
    return stream;
  return bound(RewidthOp::create(builder, getNamedLocation(origin, name), type.withLanes(lanes), stream,
                                 FlatSymbolRefAttr(), PlaceAttr(), RateAttr(), ResourcesAttr()),
               place);
}

int64_t Converter::chooseLinkLanes(StreamType stream, PlaceAttr from, ArrayRef<Reader> readers) {
  SmallVector<int64_t> candidates = {stream.getLanes()};
  for (const Reader &reader : readers)
    candidates.push_back(reader.lanes);
  // Narrow beats before wide ones: the far end holds fewer bits for the same credits.
  llvm::sort(candidates);
  auto phit = [&](int64_t lanes) {
    StreamType type = stream.withLanes(lanes);
    return getSmallestPhit(type.getNumBeats(), type.getBeatBits(), getCycles(from));
  };
  return *llvm::min_element(candidates, [&](int64_t a, int64_t b) { return phit(a) < phit(b); });
}

FailureOr<Value> Converter::cross(Value stream, PlaceAttr to, const Twine &name) {
  auto type = cast<StreamType>(stream.getType());
  PlaceAttr from = cast<NodeOpInterface>(stream.getDefiningOp()).getResultPlacement();
  SmallVector<Hop> route = cables.route(from, to);
  if (route.empty())
    return origin->emitOpError("its result goes from ")
           << from.getDevice() << " to " << to.getDevice() << ", but no cables of '@" << mapped.system.getSymName()
           << "' connect them";
  for (auto [index, hop] : llvm::enumerate(route)) {
    int64_t phit = getSmallestPhit(type.getNumBeats(), type.getBeatBits(), getCycles(hop.from()));
    if (hop.free() < phit) {
      CableOp cable = hop.tightest().op;
      auto diagnostic = origin->emitOpError("its result needs ")
                        << phit << " bits a cycle from " << hop.from().getDevice() << " to " << hop.to().getDevice()
                        << " to reach " << clocks.describe(mapped.mapping.getCycles()) << " per sample, but "
                        << hop.free() << " of the " << hop.tightest().bits / hop.cycles << " bits of cable @"
                        << cable.getSymName()
                        << " are free; place fewer streams across it or give a larger 'target-cycles'";
      diagnostic.attachNote(cable.getLoc()) << "cable declared here";
      return diagnostic;
    }
    hop.take(phit);
    int64_t phits = llvm::divideCeil(type.getBeatBits(), phit);
    std::string hopName = route.size() == 1 ? name.str() : (name + Twine(index)).str();
    auto link = LinkOp::create(builder, getNamedLocation(origin, hopName), type, stream, cables.getSymbol(hop.out->op),
                               hop.in ? cables.getSymbol(hop.in->op) : SymbolRefAttr(), hop.to(), phit, hop.latency,
                               getFullRateCredits(phits, hop.latency), FlatSymbolRefAttr(), PlaceAttr(), RateAttr(),
                               ResourcesAttr());
    stream = bound(link, hop.from());
    if (clocks.getTicks(hop.from()) != clocks.getTicks(hop.to()))
      stream = bound(CdcOp::create(builder, getNamedLocation(origin, hopName + ".cdc"), type, stream,
                                   FlatSymbolRefAttr(), PlaceAttr(), RateAttr(), ResourcesAttr()),
                     hop.to());
  }
  return stream;
}

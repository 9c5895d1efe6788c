//===- ChooseLayouts.cpp - The order in which every tensor travels --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Orders that somebody has fixed spread through nodes that take any order, until
// they reach nodes that do not. Everything else keeps the default order.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Hardware/Passes.h"

namespace xplat {
#define GEN_PASS_DEF_CHOOSELAYOUTS
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct ChooseLayouts : xplat::impl::ChooseLayoutsBase<ChooseLayouts> {
  void runOnOperation() override {
    SmallVector<Value> fixed;
    walkGraph<NodeOpInterface>(getOperation(), [&](NodeOpInterface node) {
      for (Value stream : getStreams(node))
        if (stream.getDefiningOp() == node && hasOrder(stream.getType())) {
          origins[stream] = stream;
          fixed.push_back(stream);
        }
    });
    bool ok = true;
    while (!fixed.empty() && ok)
      ok = spread(fixed.pop_back_val(), fixed);
    walkGraph<NodeOpInterface>(getOperation(), [&](NodeOpInterface node) { ok &= check(node); });
    if (!ok)
      signalPassFailure();
  }

private:
  /// What travels into the node and out of it: of a node of the host interface, the side of the device.
  static SmallVector<Value> getStreams(NodeOpInterface node) {
    auto host = dyn_cast<HostBoundaryOpInterface>(node.getOperation());
    SmallVector<Value> streams;
    if (!host || !host.isInput())
      llvm::append_range(streams, node->getOperands());
    if (!host || host.isInput())
      llvm::append_range(streams, node->getResults());
    return streams;
  }

  /// Gives the neighbours of `stream` its order; false when one has another.
  bool spread(Value stream, SmallVectorImpl<Value> &todo) {
    SmallVector<Operation *> around(stream.getUsers());
    around.push_back(stream.getDefiningOp());
    for (Operation *op : around) {
      auto node = dyn_cast<NodeOpInterface>(op);
      if (!node || node.getLayoutRule() != LayoutRule::equal)
        continue;
      for (Value other : getStreams(node)) {
        if (hasOrder(other.getType())) {
          if (getOrder(other.getType()) != getOrder(stream.getType()))
            return refuse(node, stream, other);
          continue;
        }
        // What no node gives is no stream; a later pass says so.
        if (!isa_and_present<NodeOpInterface>(other.getDefiningOp()))
          continue;
        auto type = cast<RankedTensorType>(other.getType());
        auto order = OrderAttr::get(&getContext(), getOrder(stream.getType()));
        other.setType(RankedTensorType::get(type.getShape(), type.getElementType(), order));
        origins[other] = origins[stream];
        todo.push_back(other);
        ++numChosen;
      }
    }
    return true;
  }

  /// Whether a node of the default layout has that.
  bool check(NodeOpInterface node) {
    if (node.getLayoutRule() != LayoutRule::standard)
      return true;
    for (Value stream : getStreams(node)) {
      SmallVector<int64_t> order = getOrder(stream.getType());
      SmallVector<int64_t> standard = getDefaultOrder(order.size());
      if (order == standard)
        continue;
      auto diagnostic = node->emitOpError("expected its streams to travel in the default order (")
                        << ArrayRef<int64_t>(standard) << "), the only one that it can work in, but got ("
                        << ArrayRef<int64_t>(order) << ")";
      if (Value origin = origins.lookup(stream))
        diagnostic.attachNote(origin.getLoc()) << "the order is fixed here";
      return false;
    }
    return true;
  }

  bool refuse(NodeOpInterface node, Value stream, Value other) {
    auto diagnostic = node->emitOpError("expected one order for all its streams but got (")
                      << ArrayRef<int64_t>(getOrder(stream.getType())) << ") and ("
                      << ArrayRef<int64_t>(getOrder(other.getType())) << ")";
    for (Value value : {stream, other})
      if (Value origin = origins.lookup(value))
        diagnostic.attachNote(origin.getLoc()) << "one order is fixed here";
    return false;
  }

  /// Where the order of each tensor was fixed.
  llvm::DenseMap<Value, Value> origins;
};
} // namespace

//===- Decompose.cpp - Composite nodes in simpler nodes -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Asks every node that can be decomposed to build the nodes that replace it. The
// calibrated range and the requested format of the result go to the new node that
// computes it. Weights that the node computes from its own become derived
// parameters.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Software/ConstantFunctions.h"
#include "Transforms/Software/Passes.h"

namespace xplat {
#define GEN_PASS_DEF_DECOMPOSE
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct Decompose : xplat::impl::DecomposeBase<Decompose> {
  using DecomposeBase::DecomposeBase;

  void runOnOperation() override {
    SymbolScope scope(getOperation());
    symbols = &scope.getTable();
    SmallVector<DecomposableOpInterface> nodes;
    walkGraph<DecomposableOpInterface>(getOperation(), [&](DecomposableOpInterface node) { nodes.push_back(node); });
    for (DecomposableOpInterface node : nodes)
      if (!llvm::is_contained(keep, node->getName().getStringRef()))
        decompose(node);
  }

private:
  void decompose(DecomposableOpInterface node) {
    if (!isUnquantized(cast<NodeOpInterface>(node.getOperation()))) {
      node->emitRemark("not decomposed: it is quantized or mapped already, and no formats are known for the values "
                       "between the new nodes");
      return;
    }
    OpBuilder builder(node);
    Operation *before = node->getPrevNode();
    Value result = node.decompose(builder, [&](Value value, StringRef name) { return makeParam(value, name); });
    if (!result) {
      node->emitRemark("not decomposed: a value between the new nodes would have more than ")
          << xplat::detail::maxElements << " elements";
      return;
    }
    // Moving elements changes no value: range and format belong to the node that computes them.
    Operation *after = result.getDefiningOp();
    while (isa_and_present<MovementOpInterface>(after))
      after = after->getOperand(0).getDefiningOp();
    if (after)
      copyCalibration(node, after);
    keepUnrounded(node, before ? before->getNextNode() : &node->getBlock()->front());
    node->getResult(0).replaceAllUsesWith(result);
    node->erase();
    ++numDecomposed;
  }

  /// Makes a parameter of `value` and removes the nodes that compute it.
  FlatSymbolRefAttr makeParam(Value value, StringRef name) {
    Operation *root = value.getDefiningOp();
    SmallVector<Operation *> nodes = ConstantFunctions::collect(root);
    FlatSymbolRefAttr symbol = ConstantFunctions(*symbols).outline(root, name, ":decomposed");
    for (Operation *op : llvm::reverse(nodes))
      op->erase();
    return symbol;
  }

  /// If f32 was requested for the original node, requests f32 for all ops that replace it, from `first` on.
  static void keepUnrounded(DecomposableOpInterface node, Operation *first) {
    auto calibrated = dyn_cast<CalibratedOpInterface>(node.getOperation());
    QuantizationAttr request = calibrated ? calibrated.getRequestedFormats() : QuantizationAttr();
    if (!request || !request.getValue() || !request.getValue().isF32())
      return;
    for (Operation *part = first; part != node.getOperation(); part = part->getNextNode())
      if (auto inner = dyn_cast<CalibratedOpInterface>(part); inner && !inner.getRequestedFormats())
        inner.setRequestedFormats(request);
  }

  SymbolTable *symbols = nullptr;
};
} // namespace

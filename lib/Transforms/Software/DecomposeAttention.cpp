//===- DecomposeAttention.cpp - Attention in simpler nodes ----------------===//
//
// Asks every node that knows simpler ones to build them. What belongs to the
// result (its range, the wish for its format) goes to the node that computes it.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Passes.h"

namespace xplat {
#define GEN_PASS_DEF_DECOMPOSEATTENTION
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct DecomposeAttention : xplat::impl::DecomposeAttentionBase<DecomposeAttention> {
  void runOnOperation() override {
    SmallVector<DecomposableOpInterface> nodes;
    walkGraph<DecomposableOpInterface>(getOperation(), [&](DecomposableOpInterface node) { nodes.push_back(node); });
    for (DecomposableOpInterface node : nodes)
      decompose(node);
  }

private:
  void decompose(DecomposableOpInterface node) {
    if (!isUnquantized(cast<NodeOpInterface>(node.getOperation()))) {
      node->emitRemark("not decomposed: it is quantized or mapped already, and nothing says in which formats what lies "
                       "between its nodes would be");
      return;
    }
    OpBuilder builder(node);
    Value result = node.decompose(builder);
    auto before = dyn_cast<CalibratedOpInterface>(node.getOperation());
    auto after = result.getDefiningOp<CalibratedOpInterface>();
    if (before && after) {
      if (FloatAttr absmax = before.getCalibratedAbsmax())
        after.setCalibratedAbsmax(absmax);
      if (QuantizationAttr wish = before.getWishedFormats())
        after.setWishedFormats(wish);
    }
    node->getResult(0).replaceAllUsesWith(result);
    node->erase();
    ++numDecomposed;
  }
};
} // namespace

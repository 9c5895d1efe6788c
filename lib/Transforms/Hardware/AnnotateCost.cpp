//===- AnnotateCost.cpp - Rate and area of every node ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Graph.h"
#include "Transforms/Hardware/Passes.h"
#include "xplat/Analysis/CostSources.h"

namespace xplat {
#define GEN_PASS_DEF_ANNOTATECOST
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct AnnotateCost : xplat::impl::AnnotateCostBase<AnnotateCost> {
  using AnnotateCostBase::AnnotateCostBase;

  void runOnOperation() override {
    SymbolScope symbols(getOperation());
    auto &costs = getAnalysis<CostModel>();
    markAnalysesPreserved<CostModel>();
    bool failed = false;
    walkGraph<NodeOpInterface>(getOperation(),
                               [&](NodeOpInterface node) { failed |= mlir::failed(annotate(node, costs)); });
    if (failed)
      signalPassFailure();
  }

  LogicalResult annotate(NodeOpInterface node, CostModel &costs) {
    KernelOp kernel = costs.getLibrary().getKernel(node);
    if (!kernel)
      return emitError(node->getLoc(), "'")
             << getNodeName(node) << "' is not bound to a kernel; run 'xplat-bind-kernels' first";
    SmallVector<int64_t> unroll = node.getUnrollFactors();
    std::optional<Cost> cost = costs.evaluate(node);
    if (!cost)
      return emitError(node->getLoc(), "kernel @")
             << kernel.getSymName() << " does not fit '" << getNodeName(node) << "' under unroll factors [" << unroll
             << "]: " << costs.explainNone(node, kernel, unroll, costs.getDevice(node));
    node.setNodeRate(RateAttr::get(&getContext(), cost->cycles, cost->latency));
    node.setNodeArea(costs.getResources().getAttr(cost->area));
    return success();
  }
};
} // namespace

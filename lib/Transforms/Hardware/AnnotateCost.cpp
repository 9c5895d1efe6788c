//===- AnnotateCost.cpp - Rate and area of every node ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Graph.h"
#include "Transforms/Hardware/Passes.h"
#include "xplat/Analysis/CostModel.h"
#include "xplat/Analysis/KernelLibrary.h"

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
    KernelLibrary library(getOperation());
    bool failed = false;
    walkGraph<NodeOpInterface>(getOperation(),
                               [&](NodeOpInterface node) { failed |= mlir::failed(annotate(node, library)); });
    if (failed)
      signalPassFailure();
  }

  LogicalResult annotate(NodeOpInterface node, const KernelLibrary &library) {
    KernelOp kernel = library.getKernel(node);
    if (!kernel)
      return emitError(node->getLoc(), "'")
             << getNodeName(node) << "' is not bound to a kernel; run 'xplat-bind-kernels' first";
    SmallVector<int64_t> unroll = node.getUnrollFactors();
    Cost cost = evaluateCost(kernel, node, unroll);
    if (!cost.isDefined())
      return emitError(node->getLoc(), "kernel @")
             << kernel.getSymName() << " does not fit '" << getNodeName(node) << "' under unroll factors [" << unroll
             << "]: " << explainMisfit(kernel, node, unroll).value_or("no value");
    node.setNodeRate(RateAttr::get(&getContext(), cost.cycles, cost.latency));
    node.setNodeArea(ResourcesAttr::fromArray(&getContext(), cost.area));
    return success();
  }
};
} // namespace

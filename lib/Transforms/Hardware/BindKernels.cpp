//===- BindKernels.cpp - A kernel for every node --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a kernel fits is a matter of its contract here: a device may have it under
// some unroll factors only, which are chosen later.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Hardware/Passes.h"
#include "xplat/Analysis/CostSources.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace xplat {
#define GEN_PASS_DEF_BINDKERNELS
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct BindKernels : xplat::impl::BindKernelsBase<BindKernels> {
  using BindKernelsBase::BindKernelsBase;

  using Unbound = llvm::MapVector<Operation *, SmallVector<Rejection>>;

  void runOnOperation() override {
    SymbolScope symbols(getOperation());
    auto &costs = getAnalysis<CostModel>();
    markAnalysesPreserved<CostModel>();
    bool failed = false;
    Unbound unbound;
    walkGraph<NodeOpInterface>(getOperation(), [&](NodeOpInterface node) {
      if (FlatSymbolRefAttr kernel = node.getFixedKernel(); kernel && !node.getKernelRef())
        node.setKernelRef(kernel);
      if (node.getKernelRef()) {
        failed |= mlir::failed(checkBound(node, costs));
        return;
      }
      SmallVector<Rejection> rejections;
      FailureOr<KernelOp> kernel = costs.findKernel(node, DeviceOp(), rejections);
      ArrayRef<KernelOp> all = costs.getLibrary().getKernels(node->getName());
      if (open && rejections.size() + mlir::succeeded(kernel) < all.size())
        return; // others fit, too
      if (open && llvm::any_of(rejections, [&](Rejection &other) { return !explainNeverFits(other.kernel, node); }))
        return; // others may fit under factors that are chosen later
      if (mlir::failed(kernel)) {
        unbound[node] = std::move(rejections);
        return;
      }
      node.setKernelRef(FlatSymbolRefAttr::get(kernel->getSymNameAttr()));
      ++numBound;
    });
    if (!partial && !unbound.empty()) {
      DenseSet<Operation *> operands = findOperandsOfUnbound(unbound);
      for (auto &[op, rejections] : unbound)
        if (!operands.contains(op)) {
          reportNoKernel(cast<NodeOpInterface>(op), rejections);
          failed = true;
        }
    }
    if (failed)
      signalPassFailure();
  }

  /// Nodes that depend on no sample and that only nodes without a kernel read, directly or through other such nodes:
  /// with those they go, so they are no failures of their own.
  DenseSet<Operation *> findOperandsOfUnbound(const Unbound &unbound) {
    llvm::SetVector<Operation *> constants;
    walkGraph<NodeOpInterface>(getOperation(), [&](NodeOpInterface node) {
      if (llvm::all_of(node->getOperands(), [&](Value operand) { return constants.contains(operand.getDefiningOp()); }))
        constants.insert(node);
    });
    DenseSet<Operation *> found;
    for (Operation *op : llvm::reverse(constants))
      if (!op->use_empty() &&
          llvm::all_of(op->getUsers(), [&](Operation *user) { return unbound.contains(user) || found.contains(user); }))
        found.insert(op);
    return found;
  }

  LogicalResult checkBound(NodeOpInterface node, CostModel &costs) {
    KernelOp kernel = costs.getLibrary().getNamedKernel(node);
    if (!kernel)
      return emitError(node->getLoc(), "'") << getNodeName(node) << "' is bound to kernel " << node.getKernelRef()
                                            << ", which the module does not have";
    if (!kernel.canImplement(node->getName()))
      return emitError(node->getLoc(), "'") << getNodeName(node) << "' is bound to kernel " << node.getKernelRef()
                                            << ", which implements '" << kernel.getImplements() << "'";
    std::optional<std::string> reason =
        open ? explainNeverFits(kernel, node) : costs.explainMisfit(node, kernel, node.getUnrollFactors(), DeviceOp());
    if (reason)
      return emitError(node->getLoc(), "'") << getNodeName(node) << "' is bound to kernel " << node.getKernelRef()
                                            << ", which does not fit: " << *reason;
    return success();
  }
};
} // namespace

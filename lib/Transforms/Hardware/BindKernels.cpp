//===- BindKernels.cpp - A kernel for every node --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Graph.h"
#include "Transforms/Hardware/Passes.h"
#include "xplat/Analysis/KernelLibrary.h"

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
    KernelLibrary library(getOperation());
    bool failed = false;
    Unbound unbound;
    walkGraph<NodeOpInterface>(getOperation(), [&](NodeOpInterface node) {
      if (node.getKernelRef()) {
        failed |= mlir::failed(checkBound(node, library));
        return;
      }
      SmallVector<Rejection> rejections;
      FailureOr<KernelOp> kernel = library.findKernel(node, rejections);
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
          report(cast<NodeOpInterface>(op), rejections);
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

  static void report(NodeOpInterface node, ArrayRef<Rejection> rejections) {
    InFlightDiagnostic diagnostic = emitError(node->getLoc(), "no kernel implements '") << node->getName() << "' for ";
    llvm::interleaveComma(node->getOperandTypes(), diagnostic);
    diagnostic << " -> " << node->getResult(0).getType();
    for (const Rejection &rejection : rejections)
      diagnostic.attachNote(KernelOp(rejection.kernel).getLoc())
          << "kernel @" << KernelOp(rejection.kernel).getSymName() << " does not fit: " << rejection.reason;
    if (rejections.empty())
      diagnostic.attachNote() << "the library has no kernel for this op; a folder with a kernel.mlir that implements '"
                              << node->getName() << "' adds one";
  }

  static LogicalResult checkBound(NodeOpInterface node, const KernelLibrary &library) {
    KernelOp kernel = library.getNamedKernel(node);
    if (!kernel)
      return emitError(node->getLoc(), "'") << getNodeName(node) << "' is bound to kernel " << node.getKernelRef()
                                            << ", which the module does not have";
    if (kernel.getImplementsAttr() != node->getName().getIdentifier())
      return emitError(node->getLoc(), "'") << getNodeName(node) << "' is bound to kernel " << node.getKernelRef()
                                            << ", which implements '" << kernel.getImplements() << "'";
    if (std::optional<std::string> reason = explainMisfit(kernel, node, node.getUnrollFactors()))
      return emitError(node->getLoc(), "'") << getNodeName(node) << "' is bound to kernel " << node.getKernelRef()
                                            << ", which does not fit: " << *reason;
    return success();
  }
};
} // namespace

//===- BindKernels.cpp - A kernel for every node --------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Passes.h"
#include "xplat/Analysis/KernelLibrary.h"

#include "llvm/ADT/MapVector.h"

namespace xplat {
#define GEN_PASS_DEF_BINDKERNELS
#include "Transforms/Passes.h.inc"
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
    if (!partial)
      for (auto &[op, rejections] : unbound)
        if (!isOperandOfUnbound(op, unbound)) {
          report(cast<NodeOpInterface>(op), rejections);
          failed = true;
        }
    if (failed)
      signalPassFailure();
  }

  /// Whether `op` depends on no sample and only nodes without a kernel read it: with them it goes, so it is no failure
  /// of its own.
  static bool isOperandOfUnbound(Operation *op, const Unbound &unbound) {
    return !op->use_empty() && isConstant(op) &&
           llvm::all_of(op->getUsers(), [&](Operation *user) { return unbound.contains(user); });
  }

  static bool isConstant(Operation *op) {
    return llvm::all_of(op->getOperands(), [](Value operand) {
      Operation *before = operand.getDefiningOp();
      return before && isConstant(before);
    });
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
    KernelOp kernel = library.getKernel(node);
    if (!kernel)
      return emitError(node->getLoc(), "'") << getNodeName(node) << "' is bound to kernel " << node.getKernelRef() << ", which the module does not have";
    if (kernel.getImplementsAttr() != node->getName().getIdentifier())
      return emitError(node->getLoc(), "'") << getNodeName(node) << "' is bound to kernel "
             << node.getKernelRef() << ", which implements '" << kernel.getImplements() << "'";
    if (std::optional<std::string> reason = explainMisfit(kernel, node, node.getUnrollFactors()))
      return emitError(node->getLoc(), "'") << getNodeName(node) << "' is bound to kernel " << node.getKernelRef() << ", which does not fit: " << *reason;
    return success();
  }
};
} // namespace

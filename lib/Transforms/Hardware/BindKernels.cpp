//===- BindKernels.cpp - A kernel for every node --------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Passes.h"
#include "xplat/Analysis/KernelLibrary.h"

namespace xplat {
#define GEN_PASS_DEF_BINDKERNELS
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct BindKernels : xplat::impl::BindKernelsBase<BindKernels> {
  using BindKernelsBase::BindKernelsBase;

  void runOnOperation() override {
    SymbolScope symbols(getOperation());
    KernelLibrary library(getOperation());
    bool failed = false;
    walkGraph<NodeOpInterface>(getOperation(),
                               [&](NodeOpInterface node) { failed |= mlir::failed(bind(node, library)); });
    if (failed)
      signalPassFailure();
  }

  LogicalResult bind(NodeOpInterface node, const KernelLibrary &library) {
    if (node.getKernelRef())
      return checkBound(node, library);
    SmallVector<Rejection> rejections;
    FailureOr<KernelOp> kernel = library.findKernel(node, rejections);
    if (succeeded(kernel)) {
      node.setKernelRef(FlatSymbolRefAttr::get(kernel->getSymNameAttr()));
      ++numBound;
      return success();
    }
    if (partial)
      return success();
    InFlightDiagnostic diagnostic = emitError(node->getLoc(), "no kernel implements '") << node->getName() << "' for ";
    llvm::interleaveComma(node->getOperandTypes(), diagnostic);
    diagnostic << " -> " << node->getResult(0).getType();
    for (Rejection &rejection : rejections)
      diagnostic.attachNote(rejection.kernel.getLoc())
          << "kernel @" << rejection.kernel.getSymName() << " does not fit: " << rejection.reason;
    if (rejections.empty())
      diagnostic.attachNote() << "the library has no kernel for this op; a folder with a kernel.mlir that implements '"
                              << node->getName() << "' adds one";
    return diagnostic;
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

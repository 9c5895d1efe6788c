//===- KernelLibrary.cpp - Which kernels implement a node -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/KernelLibrary.h"

#include "xplat/Analysis/CostModel.h"
#include "xplat/IR/Datapath.h"

using namespace mlir;
using namespace xplat;

KernelLibrary::KernelLibrary(ModuleOp module) {
  for (auto kernel : module.getOps<KernelOp>()) {
    byOp[kernel.getImplementsAttr()].push_back(kernel);
    bySymbol[kernel.getSymNameAttr()] = kernel;
  }
}

ArrayRef<KernelOp> KernelLibrary::getKernels(OperationName op) const {
  auto found = byOp.find(op.getIdentifier());
  return found == byOp.end() ? ArrayRef<KernelOp>() : ArrayRef<KernelOp>(found->second);
}

KernelOp KernelLibrary::getKernel(NodeOpInterface node) const {
  KernelOp kernel = getNamedKernel(node);
  return kernel && kernel.getImplementsAttr() == node->getName().getIdentifier() ? kernel : KernelOp();
}

KernelOp KernelLibrary::getNamedKernel(NodeOpInterface node) const {
  FlatSymbolRefAttr symbol = node.getKernelRef();
  return symbol ? bySymbol.lookup(symbol.getAttr()) : KernelOp();
}

/// The symbols that occur in `formula`, with their values: `bits_x = 32, k = 64`.
static std::string describeSymbols(AffineExpr formula, ArrayRef<std::string> names, ArrayRef<int64_t> values) {
  SmallVector<bool> used(names.size());
  formula.walk([&](AffineExpr expr) {
    if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
      used[symbol.getPosition()] = true;
  });
  std::string text;
  llvm::raw_string_ostream os(text);
  for (size_t i = 0; i < names.size(); ++i)
    if (used[i])
      os << (text.empty() ? "" : ", ") << names[i] << " = " << values[i];
  return text;
}

std::optional<std::string> xplat::explainMisfit(KernelOp kernel, NodeOpInterface node, ArrayRef<int64_t> unroll) {
  SmallVector<std::string> names = node.getKernelSymbolNames();
  SmallVector<int64_t> values = node.getKernelSymbolValues(unroll);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (std::optional<IntegerSet> set = kernel.getCondition())
    for (unsigned i = 0; i < set->getNumConstraints(); ++i) {
      AffineExpr condition = set->getConstraint(i);
      int64_t value = evaluateFormula(condition, values);
      if (set->isEq(i) ? value == 0 : value >= 0 && value != undefinedValue)
        continue;
      os << "it needs ";
      printFormula(os, condition, names);
      os << (set->isEq(i) ? " == 0" : " >= 0") << ", but " << describeSymbols(condition, names, values);
      return text;
    }
  auto elementwise = dyn_cast<ElementwiseOpInterface>(node.getOperation());
  if (elementwise && kernel.getBackend() == Backend::generated)
    if (std::optional<std::string> reason = explainNoDatapath(elementwise))
      return reason;
  // Contracts describe formats by bit width only, and all RTL kernels assume fixed point.
  if (kernel.getBackend() == Backend::rtl && isa<CalibratedOpInterface>(node.getOperation()))
    for (auto [port, format] : llvm::zip(node.getPortNames(), node.getPortFormats()))
      if (auto number = dyn_cast_if_present<NumberFormatTypeInterface>(format); number && !number.isFixedPoint()) {
        os << "it needs fixed point, but port '" << port << "' has " << number.getFormatName();
        return text;
      }
  Cost cost = evaluateCost(kernel, node, unroll);
  if (cost.isDefined())
    return std::nullopt;
  auto explain = [&](AffineMap map, StringRef clause, int64_t least) {
    for (AffineExpr formula : map.getResults()) {
      int64_t value = evaluateFormula(formula, values);
      if (!text.empty() || (value != undefinedValue && value >= least))
        continue;
      os << "its '" << clause << "' formula ";
      printFormula(os, formula, names);
      os << (value == undefinedValue ? " has no value" : " is less than ");
      if (value != undefinedValue)
        os << least;
      os << " with " << describeSymbols(formula, names, values);
    }
  };
  explain(kernel.getCycles(), "cycles", 1);
  explain(kernel.getLatency(), "latency", 0);
  explain(kernel.getBuffer(), "buffer", 0);
  explain(kernel.getArea(), "area", 0);
  return text.empty() ? "its formulas have no value here" : text;
}

InFlightDiagnostic xplat::reportNoKernel(NodeOpInterface node, ArrayRef<Rejection> rejections) {
  InFlightDiagnostic diagnostic = emitError(node->getLoc(), "no kernel implements '") << node->getName() << "' for ";
  llvm::interleaveComma(node->getOperandTypes(), diagnostic);
  diagnostic << " -> " << node->getResult(0).getType();
  for (const Rejection &rejection : rejections)
    diagnostic.attachNote(KernelOp(rejection.kernel).getLoc())
        << "kernel @" << KernelOp(rejection.kernel).getSymName() << " does not fit: " << rejection.reason;
  if (rejections.empty())
    diagnostic.attachNote() << "the library has no kernel for this op; a folder with a kernel.mlir that implements '"
                            << node->getName() << "' adds one";
  return diagnostic;
}

//===- KernelLibrary.cpp - Which kernels implement a node -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/KernelLibrary.h"

#include "xplat/Analysis/CostModel.h"
#include "xplat/IR/Datapath.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace xplat;

KernelLibrary::KernelLibrary(ModuleOp module) {
  for (auto kernel : module.getOps<KernelOp>()) {
    byOp[kernel.getImplementsAttr()].push_back(kernel);
    // What is not linked yet has no cost and no memories; nothing can be bound to it.
    if (kernel.getIncludes().empty())
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

/// The names that occur in a formula of the kernel, with their values: `bits_x = 32, folds = 64`.
static std::string describeNames(KernelOp kernel, FormulaAttr formula, ArrayRef<int64_t> symbols) {
  MLIRContext *context = kernel.getContext();
  llvm::SetVector<FormulaAttr> names;
  walkNames(formula, [&](StringAttr name) { names.insert(FormulaAttr::get(context, FormulaKind::name, 0, name, {})); });
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(llvm::zip(names, evaluateFormulas(kernel, names.getArrayRef(), symbols)), os, [&](auto entry) {
    auto [name, value] = entry;
    os << name.getName().getValue() << " = ";
    if (value == undefinedValue)
      os << "no value";
    else
      os << value;
  });
  return text;
}

/// Why a formula that has to be at least `least` is not; nothing when it is.
static std::optional<std::string> explainValue(KernelOp kernel, FormulaAttr formula, StringRef clause, int64_t least,
                                               ArrayRef<int64_t> symbols) {
  int64_t value = evaluateFormulas(kernel, formula, symbols).front();
  if (value != undefinedValue && value >= least)
    return std::nullopt;
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "its '" << clause << "' formula ";
  printFormula(os, formula);
  if (value == undefinedValue)
    os << " has no value";
  else
    os << " is less than " << least;
  if (std::string names = describeNames(kernel, formula, symbols); !names.empty())
    os << " with " << names;
  return text;
}

std::optional<std::string> xplat::explainMisfit(KernelOp kernel, NodeOpInterface node, ArrayRef<int64_t> unroll) {
  if (SmallVector<FlatSymbolRefAttr> includes = kernel.getIncludes(); !includes.empty())
    return "it includes @" + includes.front().getValue().str() + ", which is not linked; run 'xplat-link-library'";
  if (std::optional<std::string> reason = explainFormats(kernel, node))
    return reason;
  SmallVector<int64_t> symbols = node.getKernelSymbolValues(unroll);
  std::string text;
  llvm::raw_string_ostream os(text);
  for (auto condition : kernel.getConditions().getAsRange<FormulaAttr>()) {
    int64_t value = evaluateFormulas(kernel, condition, symbols).front();
    if (value != 0 && value != undefinedValue)
      continue;
    os << "it needs ";
    printFormula(os, condition);
    os << ", but " << describeNames(kernel, condition, symbols);
    return text;
  }
  auto elementwise = dyn_cast<ElementwiseOpInterface>(node.getOperation());
  if (elementwise && kernel.getBackend() == Backend::generated)
    if (std::optional<std::string> reason = explainNoDatapath(elementwise))
      return reason;
  Cost cost = evaluateCost(kernel, node, unroll);
  // What parts take is said by the device (CostModel).
  cost.area.fill(0);
  if (cost.isDefined())
    return std::nullopt;
  for (auto formula : kernel.getCycles().getAsRange<FormulaAttr>())
    if (auto reason = explainValue(kernel, formula, "cycles", 1, symbols))
      return reason;
  if (auto reason = explainValue(kernel, kernel.getLatency(), "latency", 0, symbols))
    return reason;
  for (auto formula : kernel.getBuffer().getAsRange<FormulaAttr>())
    if (auto reason = explainValue(kernel, formula, "buffer", 0, symbols))
      return reason;
  return "its formulas have no value here";
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

//===- KernelLibrary.cpp - Which kernels implement a node -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/KernelLibrary.h"

#include "xplat/Analysis/CostModel.h"
#include "xplat/IR/Datapath.h"
#include "xplat/IR/KernelSubject.h"
#include "xplat/IR/ScalarFunction.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace xplat;

KernelLibrary::KernelLibrary(ModuleOp module) {
  ArrayRef<RegisteredOperationName> ops = module.getContext()->getRegisteredOperations();
  for (auto kernel : module.getOps<KernelOp>()) {
    std::optional<KernelSubject> subject = KernelSubject::get(kernel.getImplements(), module.getContext());
    for (OperationName op : ops)
      if (subject->includes(op))
        byOp[op].push_back(kernel);
    // What is not linked yet has no cost and no memories; nothing can be bound to it.
    if (kernel.getIncludes().empty())
      bySymbol[kernel.getSymNameAttr()] = kernel;
  }
}

ArrayRef<KernelOp> KernelLibrary::getKernels(OperationName op) const {
  auto found = byOp.find(op);
  return found == byOp.end() ? ArrayRef<KernelOp>() : ArrayRef<KernelOp>(found->second);
}

KernelOp KernelLibrary::getKernel(NodeOpInterface node) const {
  KernelOp kernel = getNamedKernel(node);
  return kernel && kernel.canImplement(node->getName()) ? kernel : KernelOp();
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

static bool suits(FormatAttr wanted, NumberFormatTypeInterface format) {
  int64_t bits = format.getBitsPerElement();
  StringRef name = wanted.getFormat();
  return (name == "any" || StringRef(format.getFormatName()).starts_with(name)) && bits >= wanted.getLeast() &&
         bits <= wanted.getMost();
}

/// Whether fewer bits of the same kind of format would suit.
static bool isTooWide(FormatAttr wanted, NumberFormatTypeInterface format) {
  return StringRef(format.getFormatName()).starts_with(wanted.getFormat()) &&
         format.getBitsPerElement() > wanted.getMost();
}

/// What the kernel says of the formats of a port.
static SmallVector<FormatAttr> getFormatsOf(KernelOp kernel, StringRef port) {
  SmallVector<FormatAttr> clauses;
  for (Attribute clause : kernel.getFormats())
    if (auto format = dyn_cast<FormatAttr>(clause); format && format.getPort() == port)
      clauses.push_back(format);
  return clauses;
}

/// Why a port's format does not suit the kernel; nothing when all do.
static std::optional<std::string> explainFormats(KernelOp kernel, NodeOpInterface node) {
  for (auto [port, type] : kernel.getPorts(node)) {
    auto format = dyn_cast_if_present<NumberFormatTypeInterface>(type);
    if (!format)
      continue;
    SmallVector<FormatAttr> clauses = getFormatsOf(kernel, port);
    // RTL takes the bits of an element for signed fixed point unless it says otherwise.
    bool hasSign = format.isFixedPoint() && !format.isUnsigned() && !format.holdsSigns();
    if (clauses.empty() ? kernel.getBackend() != Backend::rtl || hasSign
                        : llvm::any_of(clauses, [&](FormatAttr clause) { return suits(clause, format); }))
      continue;
    std::string needed = clauses.empty() ? "fixed" : "";
    for (FormatAttr clause : clauses) {
      needed += (needed.empty() ? "" : " or ") + clause.getFormat().str();
      if (clause.getMost() != undefinedValue)
        needed += " of " + std::to_string(clause.getLeast()) + " to " + std::to_string(clause.getMost()) + " bits";
    }
    std::string reason = "port '" + port.str() + "' needs " + needed + ", but has " + format.getFormatName();
    if (llvm::any_of(clauses, [&](FormatAttr clause) { return isTooWide(clause, format); }))
      reason += "; request a narrower format for it";
    int64_t bits = format.getBitsPerElement();
    auto takesSign = [&](FormatAttr clause) {
      return clause.getFormat() == "fixed" && bits >= clause.getLeast() && bits <= clause.getMost();
    };
    if (format.isUnsigned() && (clauses.empty() || llvm::any_of(clauses, takesSign)))
      reason += "; request a format with a sign for it: sint" + std::to_string(bits);
    return reason;
  }
  return std::nullopt;
}

/// Why blocks of a stream do not suit a kernel that reads them; nothing when they do.
static std::optional<std::string> explainBlocks(KernelOp kernel, NodeOpInterface node) {
  bool passesOn = llvm::any_of(kernel.getFormats(), [](Attribute clause) {
    auto format = dyn_cast<FormatAttr>(clause);
    return format && format.getFormat() == "any";
  });
  if (passesOn || kernel.getBackend() != Backend::rtl)
    return std::nullopt;
  auto check = [](Type type) -> std::optional<std::string> {
    auto format = dyn_cast<NumberFormatTypeInterface>(getDataElement(type));
    if (!format || format.getBlockSize() <= 1 || hasInnermostBlocks(type))
      return std::nullopt;
    return "it needs blocks along dimension " + std::to_string(getInnermostDim(type)) +
           ", which is innermost in the stream, but those of " + format.getFormatName() + " run along dimension " +
           std::to_string(getBlockDim(format, getDataShape(type).size()));
  };
  for (Type type : llvm::concat<const Type>(node->getOperandTypes(), node->getResultTypes()))
    if (std::optional<std::string> reason = check(type))
      return reason;
  return std::nullopt;
}

/// Which constant decides what the node computes while the contract of RTL does not use it; nothing when there is none.
static std::optional<std::string> explainConstants(KernelOp kernel, NodeOpInterface node) {
  if (kernel.getBackend() != Backend::rtl || kernel.getImplements() != node->getName().getStringRef())
    return std::nullopt;
  SmallVector<StringRef> names = node.getConstantNames();
  SmallVector<int64_t> values = node.getConstants();
  for (auto [name, plain] : node.getPlainConstants()) {
    int64_t value = values[llvm::find(names, name) - names.begin()];
    if (value != plain && !kernel.mentions(name))
      return ("its contract says nothing of '" + name + "', which is " + Twine(value) +
              " in the node: give it to the RTL as a parameter, or say in 'where' what it has to be")
          .str();
  }
  return std::nullopt;
}

std::optional<std::string> xplat::explainUnsuited(KernelOp kernel, NodeOpInterface node) {
  if (SmallVector<FlatSymbolRefAttr> includes = kernel.getIncludes(); !includes.empty())
    return "it includes @" + includes.front().getValue().str() + ", which is not linked; run 'xplat-link-library'";
  // Before the formats, which no request for others would make fit. One name may stand for operands that have no names
  // of their own.
  size_t operands = node->getNumOperands(), ports = node.getPortNames().size();
  ArrayAttr streams = kernel.getInStreamsAttr();
  bool gathers = streams && streams.size() == 1 && ports < operands + node->getNumResults();
  if (streams && streams.size() != operands && !gathers)
    return "it takes " + std::to_string(streams.size()) + " input stream(s), but the node has " +
           std::to_string(operands);
  if (std::optional<std::string> reason = explainFormats(kernel, node))
    return reason;
  if (std::optional<std::string> reason = explainBlocks(kernel, node))
    return reason;
  if (std::optional<std::string> reason = explainConstants(kernel, node))
    return reason;
  // From their coefficients, or from a table of their results.
  if (getPolynomials(node) && !kernel.computesFromMemory())
    return "it computes the exact result, but the node has polynomials";
  auto elementwise = dyn_cast<ElementwiseOpInterface>(node.getOperation());
  if (elementwise && !kernel.getFunction().empty())
    if (std::optional<std::string> reason = explainOtherFunction(kernel.getFunction(), elementwise))
      return reason;
  if (elementwise && kernel.getBackend() == Backend::generated)
    return explainNoDatapath(elementwise);
  return explainOrder(kernel, node, {});
}

std::optional<std::string> xplat::explainOrder(KernelOp kernel, NodeOpInterface node, ArrayRef<int64_t> unroll) {
  SmallVector<int64_t> order = kernel.getLoopOrder();
  return order.empty() ? std::nullopt : Geometry(node).explainOrder(order, unroll);
}

bool xplat::canUnroll(KernelOp kernel, const Geometry &geometry, unsigned loop) {
  return !geometry.walksFibers(loop) || kernel.mentions(("p_" + geometry.getLoopName(loop)).str());
}

std::optional<std::string> xplat::explainUnroll(KernelOp kernel, NodeOpInterface node, ArrayRef<int64_t> unroll) {
  if (llvm::all_of(unroll, [](int64_t factor) { return factor == 1; }))
    return std::nullopt;
  Geometry geometry(node);
  for (auto [loop, factor] : llvm::enumerate(unroll))
    if (factor > 1 && !canUnroll(kernel, geometry, loop))
      return ("it does not unroll loop " + geometry.getLoopName(loop) + ": its contract says nothing of p_" +
              geometry.getLoopName(loop))
          .str();
  return geometry.explainUnroll(unroll);
}

static bool usesAny(FormulaAttr formula, const DenseSet<StringAttr> &names) {
  bool found = false;
  walkNames(formula, [&](StringAttr name) { found |= names.contains(name); });
  return found;
}

/// Why the kernel does not fit the node under `unroll`, but for what depends on the names in `open`.
static std::optional<std::string> explainMisfit(KernelOp kernel, NodeOpInterface node, ArrayRef<int64_t> unroll,
                                                const DenseSet<StringAttr> &open) {
  if (std::optional<std::string> reason = explainUnsuited(kernel, node))
    return reason;
  SmallVector<int64_t> symbols = kernel.getSymbolValues(node, unroll);
  std::string text;
  llvm::raw_string_ostream os(text);
  for (auto condition : kernel.getConditions().getAsRange<FormulaAttr>()) {
    if (usesAny(condition, open))
      continue;
    int64_t value = evaluateFormulas(kernel, condition, symbols).front();
    if (value != 0 && value != undefinedValue)
      continue;
    os << "it needs ";
    printFormula(os, condition);
    os << ", but " << describeNames(kernel, condition, symbols);
    return text;
  }
  if (std::optional<std::string> reason = explainUnroll(kernel, node, unroll))
    return reason;
  if (std::optional<std::string> reason = explainOrder(kernel, node, unroll))
    return reason;
  auto explain = [&](FormulaAttr formula, StringRef clause, int64_t least) -> std::optional<std::string> {
    return usesAny(formula, open) ? std::nullopt : explainValue(kernel, formula, clause, least, symbols);
  };
  for (auto formula : kernel.getCycles().getAsRange<FormulaAttr>())
    if (auto reason = explain(formula, "cycles", 1))
      return reason;
  if (auto reason = explain(kernel.getLatency(), "latency", 0))
    return reason;
  for (auto formula : kernel.getBuffer().getAsRange<FormulaAttr>())
    if (auto reason = explain(formula, "buffer", 0))
      return reason;
  return std::nullopt;
}

std::optional<std::string> xplat::explainMisfit(KernelOp kernel, NodeOpInterface node, ArrayRef<int64_t> unroll) {
  return ::explainMisfit(kernel, node, unroll, {});
}

std::optional<std::string> xplat::explainNeverFits(KernelOp kernel, NodeOpInterface node) {
  DenseSet<StringAttr> open;
  SmallVector<int64_t> unroll = node.getUnrollFactors();
  Geometry geometry(node);
  for (auto [dim, loop, factor] : llvm::enumerate(node.getDimensionNames(), node.getFixedUnroll()))
    if (factor == 0) {
      open.insert(StringAttr::get(kernel.getContext(), "p_" + loop));
      // What an order of loops needs of factors, the largest ones give. No kernel has to have beats of several fibers.
      unroll[dim] = geometry.walksFibers(dim) ? 1 : node.getLegalUnroll(dim).back();
    }
  for (Attribute clause : kernel.getLets())
    if (auto let = dyn_cast<LetAttr>(clause); let && usesAny(let.getFormula(), open))
      open.insert(let.getName());
  return ::explainMisfit(kernel, node, unroll, open);
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

//===- Kernel.cpp - Assembly and checks of kernels and fragments ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Contract.h"
#include "xplat/IR/KernelSubject.h"
#include "xplat/IR/ScalarFunction.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::isIdentifier;

static constexpr StringLiteral unknownSubject =
    "' is neither a registered op that implements NodeOpInterface nor 'ElementwiseOpInterface'";

/// What the kernel implements; its verifier has seen that there is such a thing.
static KernelSubject getSubject(KernelOp kernel) {
  return *KernelSubject::get(kernel.getImplements(), kernel.getContext());
}

bool KernelOp::takesWordsInOrder() {
  return llvm::any_of(getMemories(), [](Attribute clause) {
    auto memory = dyn_cast<MemoryPortAttr>(clause);
    return memory && memory.getAccess() == MemoryAccess::in_order;
  });
}

bool KernelOp::canImplement(OperationName op) { return getSubject(*this).includes(op); }
SmallVector<std::string> KernelOp::getSymbolNames() { return getSubject(*this).getSymbols(); }
SmallVector<int64_t> KernelOp::getSymbolValues(NodeOpInterface node, ArrayRef<int64_t> unroll) {
  return getSubject(*this).getSymbolValues(node, unroll);
}
size_t KernelOp::getFirstFactor() { return getSubject(*this).getFirstFactor(); }
SmallVector<std::pair<StringRef, Type>> KernelOp::getPorts(NodeOpInterface node) {
  KernelSubject subject = getSubject(*this);
  SmallVector<std::pair<StringRef, Type>> ports;
  for (auto [name, format] : llvm::zip_first(subject.getPorts(), subject.getPortFormats(node)))
    ports.push_back({name, format});
  return ports;
}
bool KernelOp::computesFromMemory() {
  return llvm::any_of(getMemories(), [](Attribute clause) {
    auto memory = dyn_cast<MemoryPortAttr>(clause);
    return memory && llvm::is_contained({coefficientMemoryName, tableMemoryName}, memory.getName().getValue());
  });
}

bool KernelOp::mentions(StringRef name) {
  bool found = false;
  AttrTypeWalker walker;
  walker.addWalk(
      [&](FormulaAttr formula) { found |= formula.getKind() == FormulaKind::name && formula.getName() == name; });
  for (NamedAttribute clauses : (*this)->getAttrs())
    walker.walk(clauses.getValue());
  return found;
}

SmallVector<FlatSymbolRefAttr> KernelOp::getIncludes() { return ContractClauses::of(getProperties()).getIncludes(); }

SmallVector<int64_t> KernelOp::getLoopOrder() {
  SmallVector<int64_t> order;
  if (ArrayAttr names = getOrderAttr()) {
    SmallVector<StringRef> loops = getSubject(*this).getLoops();
    for (auto name : names.getAsValueRange<StringAttr>())
      order.push_back(llvm::find(loops, name) - loops.begin());
  }
  return order;
}

//===----------------------------------------------------------------------===//
// Assembly
//===----------------------------------------------------------------------===//

ParseResult FragmentOp::parse(OpAsmParser &parser, OperationState &state) {
  StringAttr name;
  if (parser.parseSymbolName(name) || parser.parseOptionalAttrDictWithKeyword(state.attributes) || parser.parseLBrace())
    return failure();
  ContractParser contract(parser, {}, /*anyName=*/true);
  if (contract.parse({}, [](StringRef) -> ParseResult { llvm_unreachable("a fragment has shared clauses alone"); }))
    return failure();
  auto &properties = state.getOrAddProperties<Properties>();
  properties.sym_name = name;
  contract.clauses.store(properties, parser.getContext());
  return success();
}

void FragmentOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer.printOptionalAttrDictWithKeyword(llvm::to_vector((*this)->getDiscardableAttrs()));
  printer << " {";
  printer.increaseIndent();
  ContractClauses::of(getProperties()).print(printer, [] {});
  printer.decreaseIndent();
  printer.printNewline();
  printer << '}';
}

/// `(m, k, n)`
static ParseResult parseNames(OpAsmParser &parser, ArrayAttr &names) {
  SmallVector<StringRef> keywords;
  auto parseName = [&] { return parser.parseKeyword(&keywords.emplace_back()); };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseName))
    return failure();
  names = parser.getBuilder().getStrArrayAttr(keywords);
  return success();
}

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &state) {
  Builder &builder = parser.getBuilder();
  MLIRContext *context = parser.getContext();
  StringAttr name;
  std::string implements;
  if (parser.parseSymbolName(name) || parser.parseKeyword("implements"))
    return failure();
  SMLoc opLoc = parser.getCurrentLocation();
  StringRef keyword;
  if (parser.parseString(&implements))
    return failure();
  SMLoc backendLoc = parser.getCurrentLocation();
  if (parser.parseKeyword(&keyword))
    return failure();
  std::optional<Backend> backend = symbolizeBackend(keyword);
  if (!backend)
    return parser.emitError(backendLoc, "expected a backend: rtl, generated, port or wire");
  auto &properties = state.getOrAddProperties<Properties>();
  properties.sym_name = name;
  properties.implements = builder.getStringAttr(implements);
  properties.backend = BackendAttr::get(context, *backend);

  std::optional<KernelSubject> subject = KernelSubject::get(implements, context);
  if (!subject)
    return parser.emitError(opLoc) << "[kernel C1] '" << implements << unknownSubject;
  std::string moduleName;
  if (succeeded(parser.parseOptionalString(&moduleName)))
    properties.rtl_module = builder.getStringAttr(moduleName);
  if (succeeded(parser.parseOptionalKeyword("files")) && parseStrings(parser, properties.files))
    return failure();
  if (parser.parseOptionalAttrDictWithKeyword(state.attributes) || parser.parseLBrace())
    return failure();

  ContractParser contract(parser, subject->getSymbols(), /*anyName=*/false);
  Region *function = state.addRegion();
  llvm::StringSet<> seen;
  auto toArray = [&](ArrayRef<FormulaAttr> formulas) {
    return builder.getArrayAttr(SmallVector<Attribute>(formulas.begin(), formulas.end()));
  };
  auto parseClause = [&](StringRef clause) -> ParseResult {
    if (!seen.insert(clause).second)
      return parser.emitError(parser.getCurrentLocation()) << "clause '" << clause << "' appears twice";
    if (clause == "streams")
      return failure(parser.parseKeyword("in") || parseStrings(parser, properties.in_streams) ||
                     parser.parseKeyword("out") || parseStrings(parser, properties.out_streams));
    if (clause == "order")
      return parseNames(parser, properties.order);
    if (clause == "computes")
      return parser.parseRegion(*function);
    if (clause == "latency")
      return contract.parseOne(properties.latency, "'latency'");
    SmallVector<FormulaAttr> formulas;
    if (contract.parseList(formulas))
      return failure();
    (clause == "cycles" ? properties.cycles : properties.buffer) = toArray(formulas);
    return success();
  };
  if (contract.parse(kernelClauses, parseClause))
    return failure();
  for (auto [clause, present] : {std::pair("cycles", static_cast<bool>(properties.cycles)),
                                 {"latency", static_cast<bool>(properties.latency)},
                                 {"buffer", static_cast<bool>(properties.buffer)}})
    if (!present)
      return parser.emitError(parser.getNameLoc())
             << "the contract of @" << name.getValue() << " lacks its '" << clause << "' clause";
  contract.clauses.store(properties, context);
  return success();
}

void KernelOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << " implements " << getImplementsAttr() << ' ' << stringifyBackend(getBackend());
  if (getRtlModuleAttr())
    printer << ' ' << getRtlModuleAttr();
  if (getFilesAttr()) {
    printer << " files ";
    printStrings(printer, getFilesAttr());
  }
  printer.printOptionalAttrDictWithKeyword(llvm::to_vector((*this)->getDiscardableAttrs()));
  printer << " {";
  printer.increaseIndent();
  ContractClauses::of(getProperties()).print(printer, [&] {
    if (getInStreamsAttr() && getOutStreamsAttr()) {
      printer.printNewline();
      printer << "streams in ";
      printStrings(printer, getInStreamsAttr());
      printer << " out ";
      printStrings(printer, getOutStreamsAttr());
    }
    if (!getFunction().empty()) {
      printer.printNewline();
      printer << "computes ";
      printer.printRegion(getFunction());
    }
    auto clause = [&](StringRef name, ArrayRef<FormulaAttr> formulas) {
      printer.printNewline();
      printer << name;
      printFormulas(printer, formulas);
    };
    clause("cycles", llvm::to_vector(getCycles().getAsRange<FormulaAttr>()));
    clause("latency", getLatency());
    clause("buffer", llvm::to_vector(getBuffer().getAsRange<FormulaAttr>()));
    if (ArrayAttr order = getOrderAttr()) {
      printer.printNewline();
      printer << "order (";
      llvm::interleaveComma(order.getAsValueRange<StringAttr>(), printer);
      printer << ')';
    }
  });
  printer.decreaseIndent();
  printer.printNewline();
  printer << '}';
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

namespace {
/// Names that go into SystemVerilog unchanged, each for one thing.
class NameCheck {
public:
  NameCheck(Operation *op, StringRef constraint) : op(op), constraint(constraint) {}

  LogicalResult identifier(StringRef name, StringRef what) {
    if (isIdentifier(name))
      return success();
    return op->emitOpError("[") << constraint << "] expected an identifier as name of " << what << " but got '" << name
                                << "'";
  }
  /// Of each of `clauses` that is no include.
  template <typename ClauseT> LogicalResult distinct(ArrayAttr clauses, StringRef what) {
    llvm::StringSet<> seen;
    for (Attribute clause : clauses) {
      auto named = dyn_cast<ClauseT>(clause);
      if (!named)
        continue;
      StringRef name = named.getName().getValue();
      if (failed(identifier(name, ("a " + what).str())))
        return failure();
      if (!seen.insert(name).second)
        return op->emitOpError("[") << constraint << "] " << what << " '" << name << "' is named twice";
    }
    return success();
  }

private:
  Operation *op;
  StringRef constraint;
};
} // namespace

LogicalResult FragmentOp::verify() {
  NameCheck names(*this, "fragment C1");
  return failure(failed(names.distinct<MemoryPortAttr>(getMemories(), "memory")) ||
                 failed(names.distinct<ParameterAttr>(getParameters(), "parameter")));
}

/// C2: every formula, with the names that stand before it.
static LogicalResult checkFormulas(KernelOp kernel, ArrayRef<std::string> symbols) {
  FormulaScope scope;
  for (const std::string &symbol : symbols)
    scope.add(symbol);
  scope.anyName = !kernel.getIncludes().empty();
  auto check = [&](FormulaAttr formula, const Twine &what) -> LogicalResult {
    if (auto wrong = scope.explain(formula))
      return kernel.emitOpError("[kernel C2] ") << *wrong << ", in " << what;
    return success();
  };
  for (Attribute clause : kernel.getLets())
    if (auto let = dyn_cast<LetAttr>(clause)) {
      if (scope.contains(let.getName()))
        return kernel.emitOpError("[kernel C5] ") << let.getName() << " is defined twice";
      if (!let.getArguments().empty())
        return kernel.emitOpError("[kernel C5] expected no arguments of ") << let.getName();
      if (failed(check(let.getFormula(), "'" + let.getName().getValue() + "'")))
        return failure();
      scope.add(let.getName());
    }
  for (Attribute clause : kernel.getConditions())
    if (auto condition = dyn_cast<FormulaAttr>(clause); condition && failed(check(condition, "a condition")))
      return failure();
  for (Attribute clause : kernel.getMemories())
    if (auto memory = dyn_cast<MemoryPortAttr>(clause))
      for (FormulaAttr formula : {memory.getBits(), memory.getWords(), memory.getCopies()})
        if (formula && failed(check(formula, "memory '" + memory.getName().getValue() + "'")))
          return failure();
  for (Attribute clause : kernel.getParameters())
    if (auto parameter = dyn_cast<ParameterAttr>(clause))
      for (FormulaAttr formula : parameter.getFormulas())
        if (failed(check(formula, "parameter '" + parameter.getName().getValue() + "'")))
          return failure();
  for (ArrayAttr list : {kernel.getCycles(), kernel.getBuffer()})
    for (auto formula : list.getAsRange<FormulaAttr>())
      if (failed(check(formula, list == kernel.getCycles() ? "'cycles'" : "'buffer'")))
        return failure();
  for (Attribute clause : kernel.getArea())
    if (auto part = dyn_cast<PartAttr>(clause)) {
      SmallVector<FormulaAttr> formulas(part.getArguments());
      formulas.push_back(part.getCount());
      for (FormulaAttr formula : formulas)
        if (failed(check(formula, "part '" + part.getName().getValue() + "'")))
          return failure();
    }
  return check(kernel.getLatency(), "'latency'");
}

/// C7: the order has each loop once.
static LogicalResult checkOrder(KernelOp kernel) {
  ArrayAttr order = kernel.getOrderAttr();
  if (!order)
    return success();
  SmallVector<StringRef> loops = getSubject(kernel).getLoops(),
                         named = llvm::to_vector(order.getAsValueRange<StringAttr>());
  if (named.size() == loops.size() &&
      llvm::all_of(loops, [&](StringRef loop) { return llvm::is_contained(named, loop); }))
    return success();
  auto diagnostic = kernel.emitOpError("[kernel C7] expected each of the loops ");
  llvm::interleaveComma(loops, diagnostic);
  diagnostic << " of '" << kernel.getImplements() << "' once in 'order' but got (";
  llvm::interleaveComma(named, diagnostic);
  return diagnostic << ")";
}

/// C9: RTL says what it computes, where the op's name does not.
static LogicalResult checkFunction(KernelOp kernel) {
  KernelSubject subject = getSubject(kernel);
  Region &function = kernel.getFunction();
  bool rtl = kernel.getBackend() == Backend::rtl;
  if (!function.empty()) {
    if (!rtl || !subject.isElementwise() || subject.isNamedFunction() || kernel.computesFromMemory())
      return kernel.emitOpError("[kernel C9] expected 'computes' of RTL for element-wise nodes alone, whose name does "
                                "not say what they compute, and without a memory of results or coefficients");
    return verifyScalarFunction(kernel, function, kernel.getInStreams()->size(), "kernel C9", "kernel C9");
  }
  // What is not linked yet may lack memories.
  if (rtl && subject.isElementwise() && !subject.isNamedFunction() && !kernel.computesFromMemory() &&
      kernel.getIncludes().empty())
    return kernel.emitOpError("[kernel C9] expected a clause 'computes' with the function of RTL for '")
           << kernel.getImplements() << "', which other functions have, too";
  return success();
}

LogicalResult KernelOp::verify() {
  std::optional<KernelSubject> subject = KernelSubject::get(getImplements(), getContext());
  if (!subject)
    return emitOpError("[kernel C1] '") << getImplements() << unknownSubject;
  if (failed(checkFormulas(*this, subject->getSymbols())))
    return failure();
  if (getCycles().empty() || getBuffer().empty())
    return emitOpError("[kernel C4] expected a formula in cycles and in buffer");

  bool rtl = getBackend() == Backend::rtl;
  bool hasRtl = getRtlModule().value_or("") != "" && getFilesAttr() && !getFilesAttr().empty() && getInStreamsAttr() &&
                getOutStreamsAttr();
  bool hasAny = getRtlModuleAttr() || getFilesAttr() || getInStreamsAttr() || getOutStreamsAttr();
  if (rtl ? !hasRtl : hasAny)
    return emitOpError("[kernel C3] ") << (rtl ? "an 'rtl' kernel needs a module, files and streams"
                                               : "only an 'rtl' kernel has a module, files and streams");

  NameCheck names(*this, "kernel C5");
  if (rtl && failed(names.identifier(*getRtlModule(), "the module")))
    return failure();
  for (ArrayAttr streams : {getInStreamsAttr(), getOutStreamsAttr()})
    if (streams)
      for (auto stream : streams.getAsRange<StringAttr>())
        if (failed(names.identifier(stream, "a stream")))
          return failure();
  if (failed(names.distinct<MemoryPortAttr>(getMemories(), "memory")) ||
      failed(names.distinct<ParameterAttr>(getParameters(), "parameter")))
    return failure();

  llvm::StringSet<> ports;
  for (StringRef port : subject->getPorts())
    ports.insert(port);
  for (Attribute clause : getFormats())
    if (auto format = dyn_cast<FormatAttr>(clause)) {
      if (!ports.contains(format.getPort()))
        return emitOpError("[kernel C6] expected a format of a port of '")
               << getImplements() << "' but got one of " << format.getPort();
      if (format.getLeast() < 0 || format.getMost() < format.getLeast())
        return emitOpError("[kernel C6] expected a range of bits at ")
               << format.getPort() << " but got " << format.getLeast() << " to " << format.getMost();
    }
  for (Attribute clause : getMemories())
    if (auto memory = dyn_cast<MemoryPortAttr>(clause)) {
      StringRef name = memory.getName();
      bool ofElement = llvm::is_contained({tableMemoryName, coefficientMemoryName, rangeMemoryName}, name);
      if (ofElement && !subject->isElementwise() && !ports.contains(name))
        return emitOpError("[kernel C5] memory '")
               << name << "' holds " << (name == tableMemoryName ? "results" : "polynomials")
               << " of element-wise nodes, but '" << getImplements() << "' is none";
      if (!llvm::is_contained({shiftMemoryName, indexMemoryName, exponentMemoryName}, name) && !ofElement &&
          !ports.contains(name))
        return emitOpError("[kernel C5] memory '") << name
                                                   << "' is neither 'shift' nor 'index' nor 'exponent' nor 'table' nor "
                                                      "'coefficient' nor 'range' nor a port "
                                                      "of '"
                                                   << getImplements() << "'";
    }
  for (Attribute clause : getMemories())
    if (auto memory = dyn_cast<MemoryPortAttr>(clause);
        memory && memory.getAccess() == MemoryAccess::in_order && memory.getCopies())
      return emitOpError("[kernel C8] memory ") << memory.getName() << " is read in order, so it has no copies";
  for (Attribute clause : getParameters())
    if (auto parameter = dyn_cast<ParameterAttr>(clause);
        parameter && takesWordsInOrder() && parameter.getName() == lateParameter)
      return emitOpError("[kernel C8] expected no formula of ")
             << parameter.getName() << ", which what holds the parameters decides";
  return failure(failed(checkFunction(*this)) || failed(checkOrder(*this)));
}

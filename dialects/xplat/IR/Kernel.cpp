//===- Kernel.cpp - Assembly and checks of kernel contracts ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formulas are stored as affine maps and sets over positional symbols; text has
// the names that the op implementing `NodeOpInterface` gives them.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Formula.h"
#include "xplat/IR/Xplat.h"

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace xplat;

namespace {
/// The kernel symbols of the op called `opName`; none when it is no node.
SmallVector<std::string> symbolNames(StringRef opName, MLIRContext *context) {
  auto info = RegisteredOperationName::lookup(opName, context);
  if (!info || !info->hasInterface<NodeOpInterface>())
    return {};
  return NodeOpInterface::getKernelSymbolNames(*info);
}

constexpr StringLiteral resourceNames[] = {"lut", "ff", "dsp", "bram36", "uram"};

/// Reads the clauses of a contract.
class ContractParser {
public:
  ContractParser(OpAsmParser &parser, ArrayRef<std::string> names) : parser(parser), numSymbols(names.size()) {
    for (auto [index, name] : llvm::enumerate(names))
      symbols.push_back({name, getAffineSymbolExpr(index, parser.getContext())});
  }

  /// `( e0 , e1 … )`
  ParseResult parseFormulas(SmallVectorImpl<AffineExpr> &formulas) {
    return parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] { return parseFormula(formulas); });
  }
  ParseResult parseMap(AffineMap &map) {
    SmallVector<AffineExpr> formulas;
    if (parseFormulas(formulas))
      return failure();
    map = makeMap(formulas);
    return success();
  }
  /// `( e0 >= 0, e1 == 0 … )`
  ParseResult parseConditions(IntegerSet &set) {
    SmallVector<AffineExpr> conditions;
    SmallVector<bool> equalities;
    auto parseOne = [&]() -> ParseResult {
      if (parseFormula(conditions))
        return failure();
      bool equality = succeeded(parser.parseOptionalEqual());
      if ((!equality && parser.parseGreater()) || parser.parseEqual())
        return failure();
      int64_t zero;
      SMLoc loc = parser.getCurrentLocation();
      if (parser.parseInteger(zero))
        return failure();
      if (zero != 0)
        return parser.emitError(loc, "expected 0 on the right of a condition");
      equalities.push_back(equality);
      return success();
    };
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseOne))
      return failure();
    if (conditions.empty())
      return parser.emitError(loc, "expected a condition; leave the clause out when there is none");
    set = IntegerSet::get(0, numSymbols, conditions, equalities);
    return success();
  }
  AffineMap makeMap(ArrayRef<AffineExpr> formulas) {
    return AffineMap::get(0, numSymbols, formulas, parser.getContext());
  }
  /// `let name ( e )` or `let name function ( e, … )`: later formulas may use the name. The definition itself is
  /// not kept: formulas are stored, and printed, with what it stands for.
  ParseResult parseDefinition() {
    SMLoc loc = parser.getCurrentLocation();
    StringRef name, function;
    if (parser.parseKeyword(&name))
      return failure();
    SMLoc functionLoc = parser.getCurrentLocation();
    bool calls = succeeded(parser.parseOptionalKeyword(&function));
    SmallVector<AffineExpr> formulas;
    if (parseFormulas(formulas))
      return failure();
    if (calls) {
      FailureOr<AffineExpr> value =
          applyFormulaFunction(function, formulas, [&] { return parser.emitError(functionLoc); });
      if (failed(value))
        return failure();
      formulas = {*value};
    }
    if (formulas.size() != 1)
      return parser.emitError(loc) << "expected one formula for '" << name << "' but got " << formulas.size();
    if (llvm::any_of(symbols, [&](auto &symbol) { return symbol.first == name; }))
      return parser.emitError(loc) << "'" << name << "' is defined already";
    symbols.push_back({name.str(), formulas.front()});
    return success();
  }

private:
  ParseResult parseFormula(SmallVectorImpl<AffineExpr> &formulas) {
    SmallVector<std::pair<StringRef, AffineExpr>> table;
    for (auto &[name, expr] : symbols)
      table.push_back({name, expr});
    AffineExpr expr;
    if (parser.parseAffineExpr(table, expr))
      return failure();
    formulas.push_back(associateLeft(expr));
    return success();
  }

  OpAsmParser &parser;
  unsigned numSymbols;
  SmallVector<std::pair<std::string, AffineExpr>> symbols;
};
} // namespace

//===----------------------------------------------------------------------===//
// Assembly
//===----------------------------------------------------------------------===//

static ParseResult parseStrings(OpAsmParser &parser, ArrayAttr &result) {
  SmallVector<Attribute> strings;
  auto parseOne = [&]() -> ParseResult {
    std::string value;
    if (parser.parseString(&value))
      return failure();
    strings.push_back(parser.getBuilder().getStringAttr(value));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne))
    return failure();
  result = parser.getBuilder().getArrayAttr(strings);
  return success();
}

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &state) {
  Builder &builder = parser.getBuilder();
  MLIRContext *context = parser.getContext();
  StringAttr name;
  std::string implements;
  if (parser.parseSymbolName(name, SymbolTable::getSymbolAttrName(), state.attributes) ||
      parser.parseKeyword("implements"))
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
  state.attributes.erase(SymbolTable::getSymbolAttrName());

  SmallVector<std::string> names = symbolNames(implements, context);
  if (names.empty())
    return parser.emitError(opLoc) << "[kernel C1] '" << implements
                                   << "' is not a registered op that implements NodeOpInterface";
  std::string moduleName;
  if (succeeded(parser.parseOptionalString(&moduleName)))
    properties.rtl_module = builder.getStringAttr(moduleName);
  if (succeeded(parser.parseOptionalKeyword("files")) && parseStrings(parser, properties.files))
    return failure();
  if (parser.parseOptionalAttrDictWithKeyword(state.attributes) || parser.parseLBrace())
    return failure();

  ContractParser contract(parser, names);
  llvm::StringSet<> clauses;
  SmallVector<Attribute> memories, parameters;
  AffineExpr zero = getAffineConstantExpr(0, context);
  while (failed(parser.parseOptionalRBrace())) {
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&keyword))
      return failure();
    if (llvm::is_contained({"where", "streams", "cycles", "latency", "buffer", "area"}, keyword) &&
        !clauses.insert(keyword).second)
      return parser.emitError(loc) << "clause '" << keyword << "' appears twice";
    AffineMap map;
    if (keyword == "let") {
      if (contract.parseDefinition())
        return failure();
    } else if (keyword == "where") {
      IntegerSet set;
      if (contract.parseConditions(set))
        return failure();
      properties.condition = IntegerSetAttr::get(set);
    } else if (keyword == "streams") {
      if (parser.parseKeyword("in") || parseStrings(parser, properties.in_streams) || parser.parseKeyword("out") ||
          parseStrings(parser, properties.out_streams))
        return failure();
    } else if (keyword == "memory") {
      StringRef memory;
      SmallVector<AffineExpr> size, depth;
      SMLoc sizeLoc = parser.getCurrentLocation();
      if (parser.parseKeyword(&memory) || contract.parseFormulas(size) || parser.parseKeyword("x") ||
          contract.parseFormulas(depth))
        return failure();
      if (size.size() != 1 || depth.size() != 1)
        return parser.emitError(sizeLoc) << "expected '(bits of a word) x (number of words)' for memory '" << memory
                                         << "'";
      size.append(depth);
      memories.push_back(MemoryPortAttr::get(context, builder.getStringAttr(memory), contract.makeMap(size)));
    } else if (keyword == "parameter") {
      StringRef parameter;
      if (parser.parseKeyword(&parameter) || contract.parseMap(map))
        return failure();
      parameters.push_back(ParameterAttr::get(context, builder.getStringAttr(parameter), map));
    } else if (keyword == "cycles") {
      if (contract.parseMap(map))
        return failure();
      properties.cycles = AffineMapAttr::get(map);
    } else if (keyword == "latency") {
      if (contract.parseMap(map))
        return failure();
      properties.latency = AffineMapAttr::get(map);
    } else if (keyword == "buffer") {
      if (contract.parseMap(map))
        return failure();
      properties.buffer = AffineMapAttr::get(map);
    } else if (keyword == "area") {
      SmallVector<AffineExpr> amounts(std::size(resourceNames), zero);
      for (auto [kind, resource] : llvm::enumerate(resourceNames)) {
        SmallVector<AffineExpr> amount;
        if (failed(parser.parseOptionalKeyword(resource)))
          continue;
        SMLoc amountLoc = parser.getCurrentLocation();
        if (contract.parseFormulas(amount))
          return failure();
        if (amount.size() != 1)
          return parser.emitError(amountLoc)
                 << "expected one formula for '" << resource << "' but got " << amount.size();
        amounts[kind] = amount.front();
      }
      properties.area = AffineMapAttr::get(contract.makeMap(amounts));
    } else {
      return parser.emitError(loc)
             << "unknown clause '" << keyword
             << "'; a contract has let, where, streams, memory, parameter, cycles, latency, buffer "
                "and area";
    }
  }
  for (auto [clause, present] : {std::pair("cycles", static_cast<bool>(properties.cycles)),
                                 {"latency", static_cast<bool>(properties.latency)},
                                 {"buffer", static_cast<bool>(properties.buffer)},
                                 {"area", static_cast<bool>(properties.area)}})
    if (!present)
      return parser.emitError(parser.getNameLoc())
             << "the contract of @" << name.getValue() << " lacks its '" << clause << "' clause";
  properties.memories = builder.getArrayAttr(memories);
  properties.parameters = builder.getArrayAttr(parameters);
  return success();
}

void KernelOp::print(OpAsmPrinter &printer) {
  SmallVector<std::string> names = symbolNames(getImplements(), getContext());
  auto formula = [&](AffineExpr expr) { printFormula(printer.getStream(), expr, names); };
  auto formulas = [&](ArrayRef<AffineExpr> exprs) {
    printer << " (";
    llvm::interleaveComma(exprs, printer, formula);
    printer << ')';
  };
  auto strings = [&](ArrayAttr values) {
    printer << '[';
    llvm::interleaveComma(values, printer, [&](Attribute value) { printer << value; });
    printer << ']';
  };
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << " implements " << getImplementsAttr() << ' ' << stringifyBackend(getBackend());
  if (getRtlModuleAttr())
    printer << ' ' << getRtlModuleAttr();
  if (getFilesAttr()) {
    printer << " files ";
    strings(getFilesAttr());
  }
  printer.printOptionalAttrDictWithKeyword(llvm::to_vector((*this)->getDiscardableAttrs()));
  printer << " {";
  printer.increaseIndent();
  if (getCondition()) {
    printer.printNewline();
    IntegerSet set = *getCondition();
    printer << "where (";
    for (unsigned i = 0; i < set.getNumConstraints(); ++i) {
      printer << (i ? ", " : "");
      formula(set.getConstraint(i));
      printer << (set.isEq(i) ? " == 0" : " >= 0");
    }
    printer << ')';
  }
  if (getInStreamsAttr() && getOutStreamsAttr()) {
    printer.printNewline();
    printer << "streams in ";
    strings(getInStreamsAttr());
    printer << " out ";
    strings(getOutStreamsAttr());
  }
  for (auto memory : getMemories().getAsRange<MemoryPortAttr>()) {
    printer.printNewline();
    printer << "memory " << memory.getName().getValue();
    formulas(memory.getSize().getResults().take_front(1));
    printer << " x";
    formulas(memory.getSize().getResults().drop_front(1));
  }
  for (auto parameter : getParameters().getAsRange<ParameterAttr>()) {
    printer.printNewline();
    printer << "parameter " << parameter.getName().getValue();
    formulas(parameter.getValue().getResults());
  }
  for (auto [clause, map] : {std::pair("cycles", getCycles()), {"latency", getLatency()}, {"buffer", getBuffer()}}) {
    printer.printNewline();
    printer << clause;
    formulas(map.getResults());
  }
  printer.printNewline();
  printer << "area";
  for (auto [resource, amount] : llvm::zip(resourceNames, getArea().getResults())) {
    printer << ' ' << resource;
    formulas(amount);
  }
  printer.decreaseIndent();
  printer.printNewline();
  printer << '}';
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

using xplat::detail::isIdentifier;

LogicalResult KernelOp::verify() {
  SmallVector<std::string> names = symbolNames(getImplements(), getContext());
  if (names.empty())
    return emitOpError("[kernel C1] '") << getImplements()
                                        << "' is not a registered op that implements NodeOpInterface";
  auto checkMap = [&](AffineMap map, StringRef what, size_t results) -> LogicalResult {
    if (map.getNumDims() != 0 || map.getNumSymbols() != names.size())
      return emitOpError("[kernel C2] expected ")
             << what << " over the " << names.size() << " kernel symbols of '" << getImplements() << "'";
    if (results && map.getNumResults() != results)
      return emitOpError("[kernel C4] expected ")
             << results << " formula(s) in " << what << " but got " << map.getNumResults();
    return success();
  };
  if (getCondition() && (getCondition()->getNumDims() != 0 || getCondition()->getNumSymbols() != names.size()))
    return emitOpError("[kernel C2] expected conditions over the ")
           << names.size() << " kernel symbols of '" << getImplements() << "'";
  if (failed(checkMap(getCycles(), "cycles", 0)) || failed(checkMap(getLatency(), "latency", 1)) ||
      failed(checkMap(getBuffer(), "buffer", 0)) || failed(checkMap(getArea(), "area", std::size(resourceNames))))
    return failure();
  if (getCycles().getNumResults() == 0 || getBuffer().getNumResults() == 0)
    return emitOpError("[kernel C4] expected a formula in cycles and in buffer");

  bool rtl = getBackend() == Backend::rtl;
  bool hasRtl = getRtlModule().value_or("") != "" && getFilesAttr() && !getFilesAttr().empty() && getInStreamsAttr() &&
                getOutStreamsAttr();
  bool hasAny = getRtlModuleAttr() || getFilesAttr() || getInStreamsAttr() || getOutStreamsAttr();
  if (rtl ? !hasRtl : hasAny)
    return emitOpError("[kernel C3] ") << (rtl ? "an 'rtl' kernel needs a module, files and streams"
                                               : "only an 'rtl' kernel has a module, files and streams");

  llvm::StringSet<> known = {"shift", "index"}, seen;
  auto *concept_ = RegisteredOperationName::lookup(getImplements(), getContext())->getInterface<NodeOpInterface>();
  for (StringRef port : concept_->getPortNames())
    known.insert(port);
  for (auto memory : getMemories().getAsRange<MemoryPortAttr>()) {
    StringRef name = memory.getName().getValue();
    if (!known.contains(name))
      return emitOpError("[kernel C5] memory '")
             << name << "' is neither 'shift' nor 'index' nor a port of '" << getImplements() << "'";
    if (!seen.insert(name).second)
      return emitOpError("[kernel C5] memory '") << name << "' is named twice";
    if (failed(checkMap(memory.getSize(), "a memory's size", 2)))
      return failure();
  }
  // Names that go into SystemVerilog unchanged.
  auto checkIdentifier = [&](StringRef name, StringRef what) -> LogicalResult {
    if (isIdentifier(name))
      return success();
    return emitOpError("[kernel C5] expected an identifier as name of ") << what << " but got '" << name << "'";
  };
  if (rtl && failed(checkIdentifier(*getRtlModule(), "the module")))
    return failure();
  for (ArrayAttr streams : {getInStreamsAttr(), getOutStreamsAttr()})
    if (streams)
      for (auto stream : streams.getAsRange<StringAttr>())
        if (failed(checkIdentifier(stream, "a stream")))
          return failure();
  seen.clear();
  for (auto parameter : getParameters().getAsRange<ParameterAttr>()) {
    StringRef name = parameter.getName().getValue();
    if (failed(checkIdentifier(name, "a parameter")))
      return failure();
    if (!seen.insert(name).second)
      return emitOpError("[kernel C5] parameter '") << name << "' is named twice";
    if (failed(checkMap(parameter.getValue(), "a parameter", 1)))
      return failure();
  }
  return success();
}

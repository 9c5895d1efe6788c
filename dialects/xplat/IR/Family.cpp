//===- Family.cpp - Assembly and checks of device families ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Contract.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace xplat;

//===----------------------------------------------------------------------===//
// Assembly
//===----------------------------------------------------------------------===//

namespace {
class FamilyParser {
public:
  explicit FamilyParser(OpAsmParser &parser) : parser(parser) {}

  /// All clauses up to the closing brace.
  ParseResult parse() {
    if (advance())
      return failure();
    while (!word.empty()) {
      ParseResult (FamilyParser::*parseClause)() = getParserOfClause();
      if (!parseClause)
        return parser.emitError(wordLoc) << "unknown clause '" << word
                                         << "'; a family has function, part, style and resource";
      StringRef name;
      if (parser.parseKeyword(&name))
        return failure();
      clauseName = parser.getBuilder().getStringAttr(name);
      if ((this->*parseClause)())
        return failure();
    }
    return success();
  }

  SmallVector<Attribute> functions, parts, styles, resources;

private:
  /// Reads the word with which a clause or a unit begins; empty after the closing brace.
  ParseResult advance() {
    word.clear();
    if (succeeded(parser.parseOptionalRBrace()))
      return success();
    wordLoc = parser.getCurrentLocation();
    StringRef keyword;
    if (parser.parseKeyword(&keyword))
      return failure();
    word = keyword.str();
    return success();
  }

  ParseResult (FamilyParser::*getParserOfClause() const)() {
    return word == "function"   ? &FamilyParser::parseFunction
           : word == "part"     ? &FamilyParser::parsePart
           : word == "style"    ? &FamilyParser::parseStyle
           : word == "resource" ? &FamilyParser::parseResource
                                : nullptr;
  }

  /// `(arguments…) (formula)`
  ParseResult parseFunction() {
    FormulaScope scope;
    SmallVector<StringAttr> arguments;
    FormulaAttr formula;
    if (parseArguments(scope, arguments) || parseFormulaOver(scope, formula))
      return failure();
    functions.push_back(LetAttr::get(parser.getContext(), clauseName, arguments, formula));
    functionScope.addFunction(clauseName, arguments.size());
    return advance();
  }

  /// `(arguments…) unit (formula) …`
  ParseResult parsePart() {
    if (parseNamedFormulas(parts))
      return failure();
    for (LetAttr unit : cast<PartCostAttr>(parts.back()).getAmounts())
      unitScope.add(unit.getName());
    return success();
  }

  /// `(arguments…) style (condition) …`
  ParseResult parseStyle() { return parseNamedFormulas(styles); }

  ParseResult parseNamedFormulas(SmallVectorImpl<Attribute> &list) {
    FormulaScope scope;
    SmallVector<StringAttr> arguments;
    SmallVector<LetAttr> formulas;
    StringAttr name = clauseName;
    if (parseArguments(scope, arguments) || advance())
      return failure();
    while (!word.empty() && !getParserOfClause()) {
      StringAttr formulaName = parser.getBuilder().getStringAttr(word);
      FormulaAttr formula;
      if (parseFormulaOver(scope, formula) || advance())
        return failure();
      formulas.push_back(LetAttr::get(parser.getContext(), formulaName, {}, formula));
    }
    list.push_back(PartCostAttr::get(parser.getContext(), name, arguments, formulas));
    return success();
  }

  /// `(formula)`
  ParseResult parseResource() {
    FormulaAttr formula;
    if (parseFormulaOver(unitScope, formula))
      return failure();
    resources.push_back(LetAttr::get(parser.getContext(), clauseName, {}, formula));
    return advance();
  }

  /// Names that become known in `scope`, beside the functions.
  ParseResult parseArguments(FormulaScope &scope, SmallVectorImpl<StringAttr> &arguments) {
    scope = functionScope;
    return parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&]() -> ParseResult {
      StringRef name;
      if (parser.parseKeyword(&name))
        return failure();
      arguments.push_back(parser.getBuilder().getStringAttr(name));
      scope.add(name);
      return success();
    });
  }

  ParseResult parseFormulaOver(const FormulaScope &scope, FormulaAttr &result) {
    if (parser.parseLParen())
      return failure();
    FailureOr<FormulaAttr> formula = parseFormula(parser, &scope);
    if (failed(formula) || parser.parseRParen())
      return failure();
    result = *formula;
    return success();
  }

  OpAsmParser &parser;
  std::string word;
  SMLoc wordLoc;
  StringAttr clauseName;
  /// Functions alone, and with them the units of all parts.
  FormulaScope functionScope, unitScope;
};
} // namespace

ParseResult FamilyOp::parse(OpAsmParser &parser, OperationState &state) {
  StringAttr name, source;
  std::string text;
  if (parser.parseSymbolName(name) || parser.parseKeyword("source") || parser.parseString(&text) ||
      parser.parseOptionalAttrDictWithKeyword(state.attributes) || parser.parseLBrace())
    return failure();
  FamilyParser family(parser);
  if (family.parse())
    return failure();
  Builder &builder = parser.getBuilder();
  auto &properties = state.getOrAddProperties<Properties>();
  properties.sym_name = name;
  properties.source = builder.getStringAttr(text);
  properties.functions = builder.getArrayAttr(family.functions);
  properties.parts = builder.getArrayAttr(family.parts);
  properties.styles = builder.getArrayAttr(family.styles);
  properties.resources = builder.getArrayAttr(family.resources);
  return success();
}

void FamilyOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << " source " << getSourceAttr();
  printer.printOptionalAttrDictWithKeyword(llvm::to_vector((*this)->getDiscardableAttrs()));
  printer << " {";
  printer.increaseIndent();
  auto begin = [&](StringRef clause, StringAttr name, std::optional<ArrayRef<StringAttr>> arguments) {
    printer.printNewline();
    printer << clause << ' ' << name.getValue();
    if (!arguments)
      return;
    printer << " (";
    llvm::interleaveComma(*arguments, printer, [&](StringAttr argument) { printer << argument.getValue(); });
    printer << ')';
  };
  for (auto function : getFunctions().getAsRange<LetAttr>()) {
    begin("function", function.getName(), function.getArguments());
    printFormulas(printer, function.getFormula());
  }
  auto printAll = [&](StringRef clause, ArrayAttr list) {
    for (auto part : list.getAsRange<PartCostAttr>()) {
      begin(clause, part.getName(), part.getArguments());
      for (LetAttr amount : part.getAmounts()) {
        printer << ' ' << amount.getName().getValue();
        printFormulas(printer, amount.getFormula());
      }
    }
  };
  printAll("part", getParts());
  printAll("style", getStyles());
  for (auto resource : getResources().getAsRange<LetAttr>()) {
    begin("resource", resource.getName(), std::nullopt);
    printFormulas(printer, resource.getFormula());
  }
  printer.decreaseIndent();
  printer.printNewline();
  printer << '}';
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

LogicalResult FamilyOp::verify() {
  if (getSource().trim().empty())
    return emitOpError("[family C1] expected 'source' to say what the figures are from");
  llvm::StringSet<> seen;
  auto checkName = [&](StringAttr name, StringRef what) -> LogicalResult {
    if (!xplat::detail::isIdentifier(name))
      return emitOpError("[family C2] expected an identifier as name of a ") << what << " but got " << name;
    if (!seen.insert((what + " " + name.getValue()).str()).second)
      return emitOpError("[family C2] ") << what << " " << name << " is named twice";
    return success();
  };
  FormulaScope functions, units;
  auto check = [&](FormulaAttr formula, const FormulaScope &scope, StringAttr where) -> LogicalResult {
    if (auto wrong = scope.explain(formula))
      return emitOpError("[family C3] ") << *wrong << ", in " << where;
    return success();
  };
  for (auto function : getFunctions().getAsRange<LetAttr>()) {
    FormulaScope scope = functions;
    for (StringAttr argument : function.getArguments())
      scope.add(argument);
    if (findBuiltinFunction(function.getName()))
      return emitOpError("[family C2] ") << function.getName() << " is a function of every formula";
    if (failed(checkName(function.getName(), "function")) ||
        failed(check(function.getFormula(), scope, function.getName())))
      return failure();
    functions.addFunction(function.getName(), function.getArguments().size());
  }
  // A part with its units, or a memory with its styles.
  auto checkAll = [&](PartCostAttr part, StringRef what, StringRef amounts) -> LogicalResult {
    FormulaScope scope = functions;
    for (StringAttr argument : part.getArguments())
      scope.add(argument);
    if (failed(checkName(part.getName(), what)))
      return failure();
    llvm::StringSet<> own;
    for (LetAttr amount : part.getAmounts()) {
      if (!xplat::detail::isIdentifier(amount.getName()) || !own.insert(amount.getName().getValue()).second)
        return emitOpError("[family C2] expected distinct identifiers as ")
               << amounts << " of " << what << " " << part.getName() << " but got " << amount.getName();
      if (failed(check(amount.getFormula(), scope, part.getName())))
        return failure();
    }
    return success();
  };
  units = functions;
  for (auto part : getParts().getAsRange<PartCostAttr>()) {
    if (failed(checkAll(part, "part", "units")))
      return failure();
    if (isContractClause(part.getName()))
      return emitOpError("[family C2] ") << part.getName() << " is a clause of contracts and names no part";
    for (LetAttr unit : part.getAmounts())
      units.add(unit.getName());
  }
  for (auto style : getStyles().getAsRange<PartCostAttr>())
    if (failed(checkAll(style, "memory", "styles")))
      return failure();
  for (auto resource : getResources().getAsRange<LetAttr>()) {
    if (failed(checkName(resource.getName(), "resource")) ||
        failed(check(resource.getFormula(), units, resource.getName())))
      return failure();
  }
  return success();
}

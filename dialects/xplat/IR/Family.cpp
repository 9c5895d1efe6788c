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

  ParseResult parse() {
    while (failed(parser.parseOptionalRBrace())) {
      SMLoc loc = parser.getCurrentLocation();
      StringRef keyword, name;
      if (parser.parseKeyword(&keyword))
        return failure();
      std::string clause = keyword.str();
      // After the arguments of a part come its units.
      bool isUnit = !parts.empty() && inPart && clause != "function" && clause != "part" && clause != "resource";
      if (!isUnit && clause != "function" && clause != "part" && clause != "resource")
        return parser.emitError(loc) << "unknown clause '" << clause << "'; a family has function, part and resource";
      if (isUnit) {
        if (parseFormulaOf(clause, scope, units.emplace_back()))
          return failure();
        allUnits.insert(clause);
        continue;
      }
      finishPart();
      if (parser.parseKeyword(&name))
        return failure();
      std::string named = name.str();
      inPart = clause == "part";
      if (clause == "resource") {
        FormulaScope sums = functionScope;
        for (auto &unit : allUnits)
          sums.add(unit.getKey());
        LetAttr resource;
        if (parseFormulaOf(named, sums, resource))
          return failure();
        resources.push_back(resource);
        continue;
      }
      scope = functionScope;
      arguments.clear();
      if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] { return parseArgument(); }))
        return failure();
      if (inPart) {
        parts.push_back({});
        part = getString(named);
        continue;
      }
      LetAttr value;
      if (parseFormulaOf(named, scope, value))
        return failure();
      functions.push_back(LetAttr::get(parser.getContext(), value.getName(), arguments, value.getFormula()));
      functionScope.addFunction(named, arguments.size());
    }
    finishPart();
    return success();
  }

  SmallVector<Attribute> functions, parts, resources;

private:
  StringAttr getString(StringRef text) { return parser.getBuilder().getStringAttr(text); }

  ParseResult parseArgument() {
    StringRef name;
    if (parser.parseKeyword(&name))
      return failure();
    arguments.push_back(getString(name));
    scope.add(name);
    return success();
  }

  /// `( e )`, called `name`.
  ParseResult parseFormulaOf(StringRef name, const FormulaScope &names, LetAttr &result) {
    if (parser.parseLParen())
      return failure();
    FailureOr<FormulaAttr> formula = parseFormula(parser, &names);
    if (failed(formula) || parser.parseRParen())
      return failure();
    result = LetAttr::get(parser.getContext(), getString(name), {}, *formula);
    return success();
  }

  void finishPart() {
    if (inPart)
      parts.back() = PartCostAttr::get(parser.getContext(), part, arguments, units);
    units.clear();
    inPart = false;
  }

  OpAsmParser &parser;
  FormulaScope functionScope, scope;
  SmallVector<StringAttr> arguments;
  StringAttr part;
  SmallVector<LetAttr> units;
  llvm::StringSet<> allUnits;
  bool inPart = false;
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
  for (auto part : getParts().getAsRange<PartCostAttr>()) {
    begin("part", part.getName(), part.getArguments());
    for (LetAttr unit : part.getAmounts()) {
      printer << ' ' << unit.getName().getValue();
      printFormulas(printer, unit.getFormula());
    }
  }
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
  units = functions;
  for (auto part : getParts().getAsRange<PartCostAttr>()) {
    FormulaScope scope = functions;
    for (StringAttr argument : part.getArguments())
      scope.add(argument);
    if (failed(checkName(part.getName(), "part")))
      return failure();
    if (isContractClause(part.getName()))
      return emitOpError("[family C2] ") << part.getName() << " is a clause of contracts and names no part";
    llvm::StringSet<> own;
    for (LetAttr unit : part.getAmounts()) {
      if (!xplat::detail::isIdentifier(unit.getName()) || !own.insert(unit.getName().getValue()).second)
        return emitOpError("[family C2] expected distinct identifiers as units of part ")
               << part.getName() << " but got " << unit.getName();
      if (failed(check(unit.getFormula(), scope, part.getName())))
        return failure();
      units.add(unit.getName());
    }
  }
  for (auto resource : getResources().getAsRange<LetAttr>())
    if (failed(checkName(resource.getName(), "resource")) ||
        failed(check(resource.getFormula(), units, resource.getName())))
      return failure();
  return success();
}

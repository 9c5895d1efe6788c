//===- Contract.cpp - Clauses of kernels and fragments --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Contract.h"

#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <limits>

using namespace mlir;
using namespace xplat;

static constexpr StringLiteral sharedClauses[] = {"include", "let",    "formats",   "where",
                                                  "memory",  "lookup", "parameter", "area"};
static constexpr int64_t anyBits = std::numeric_limits<int64_t>::max();

bool xplat::isContractClause(StringRef name) {
  return llvm::is_contained(sharedClauses, name) || llvm::is_contained(kernelClauses, name);
}

//===----------------------------------------------------------------------===//
// Parameters of modules
//===----------------------------------------------------------------------===//

FormulaAttr ParameterAttr::getFormula() const { return dyn_cast<FormulaAttr>(getValue()); }

PartAttr ParameterAttr::getMemory() const { return dyn_cast<PartAttr>(getValue()); }

SmallVector<FormulaAttr> ParameterAttr::getFormulas() const {
  if (FormulaAttr formula = getFormula())
    return {formula};
  return SmallVector<FormulaAttr>(getMemory().getArguments());
}

LogicalResult ParameterAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringAttr, Attribute value) {
  auto memory = dyn_cast<PartAttr>(value);
  if (isa<FormulaAttr>(value) || (memory && memory.getCount() == FormulaAttr::getConstant(value.getContext(), 1)))
    return success();
  return emitError() << "expected a formula or one memory as value of a parameter but got " << value;
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

void ContractClauses::include(FlatSymbolRefAttr fragment) {
  auto place = IncludeAttr::get(fragment.getContext(), fragment);
  forEach(*this, *this, [&](List &list, List &) { list.push_back(place); });
}

SmallVector<FlatSymbolRefAttr> ContractClauses::getIncludes() const {
  SmallVector<FlatSymbolRefAttr> fragments;
  forEach(*this, *this, [&](const List &list, const List &) {
    for (Attribute clause : list)
      if (auto place = dyn_cast<IncludeAttr>(clause); place && !llvm::is_contained(fragments, place.getFragment()))
        fragments.push_back(place.getFragment());
  });
  return fragments;
}

void ContractClauses::insert(FragmentOp fragment) {
  ContractClauses own = of(fragment.getProperties());
  forEach(*this, own, [&](List &list, List &inserted) {
    List result;
    for (Attribute clause : list) {
      auto place = dyn_cast<IncludeAttr>(clause);
      if (place && place.getFragment().getAttr() == fragment.getSymNameAttr())
        result.append(inserted);
      else
        result.push_back(clause);
    }
    list = std::move(result);
  });
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

void xplat::printStrings(OpAsmPrinter &printer, ArrayAttr strings) {
  printer << '[';
  llvm::interleaveComma(strings, printer, [&](Attribute value) { printer << value; });
  printer << ']';
}

void xplat::printFormulas(OpAsmPrinter &printer, ArrayRef<FormulaAttr> formulas) {
  printer << " (";
  llvm::interleaveComma(formulas, printer, [&](FormulaAttr formula) { printFormula(printer.getStream(), formula); });
  printer << ')';
}

static void printFormats(OpAsmPrinter &printer, ArrayRef<Attribute> formats) {
  printer.printNewline();
  printer << "formats";
  StringAttr port;
  for (auto format : llvm::map_range(formats, llvm::CastTo<FormatAttr>)) {
    if (format.getPort() == port)
      printer << " |";
    else
      printer << (port ? ", " : " ") << format.getPort().getValue();
    port = format.getPort();
    printer << ' ' << format.getFormat().getValue();
    if (format.getLeast() != 0 || format.getMost() != anyBits)
      printer << " (" << format.getLeast() << " to " << format.getMost() << ')';
  }
}

static void printParts(OpAsmPrinter &printer, ArrayRef<Attribute> parts) {
  printer.printNewline();
  printer << "area";
  for (auto part : llvm::map_range(parts, llvm::CastTo<PartAttr>)) {
    printer << ' ' << part.getName().getValue();
    printFormulas(printer, part.getArguments());
    if (part.getCount() != FormulaAttr::getConstant(part.getContext(), 1)) {
      printer << " x";
      printFormulas(printer, part.getCount());
    }
  }
}

/// The clauses before the first include, which `list` then begins with.
static ArrayRef<Attribute> takeSegment(ArrayRef<Attribute> &list) {
  const auto *end = llvm::find_if(list, llvm::IsaPred<IncludeAttr>);
  ArrayRef<Attribute> segment = list.take_front(end - list.begin());
  list = list.drop_front(segment.size());
  return segment;
}

void ContractClauses::print(OpAsmPrinter &printer, function_ref<void()> printOther) const {
  ArrayRef<Attribute> formats = this->formats, lets = this->lets, conditions = this->conditions,
                      memories = this->memories, parameters = this->parameters, area = this->area;
  auto line = [&](StringRef clause, StringAttr name = {}) {
    printer.printNewline();
    printer << clause;
    if (name)
      printer << ' ' << name.getValue();
  };
  while (true) {
    if (ArrayRef<Attribute> segment = takeSegment(formats); !segment.empty())
      printFormats(printer, segment);
    for (auto let : llvm::map_range(takeSegment(lets), llvm::CastTo<LetAttr>)) {
      line("let", let.getName());
      printFormulas(printer, let.getFormula());
    }
    if (ArrayRef<Attribute> segment = takeSegment(conditions); !segment.empty()) {
      line("where");
      printFormulas(printer, llvm::map_to_vector(segment, llvm::CastTo<FormulaAttr>));
    }
    for (auto memory : llvm::map_range(takeSegment(memories), llvm::CastTo<MemoryPortAttr>)) {
      line(memory.getAccess() == MemoryAccess::lookup ? "lookup" : "memory", memory.getName());
      printFormulas(printer, memory.getBits());
      printer << " x";
      printFormulas(printer, memory.getWords());
      if (FormulaAttr copies = memory.getCopies()) {
        printer << " copies";
        printFormulas(printer, copies);
      }
    }
    for (auto parameter : llvm::map_range(takeSegment(parameters), llvm::CastTo<ParameterAttr>)) {
      line("parameter", parameter.getName());
      if (PartAttr memory = parameter.getMemory())
        printer << " style " << memory.getName().getValue();
      printFormulas(printer, parameter.getFormulas());
    }
    ArrayRef<Attribute> parts = takeSegment(area);
    if (area.empty())
      printOther();
    if (!parts.empty())
      printParts(printer, parts);
    if (area.empty())
      return;
    line("include");
    printer << ' ' << cast<IncludeAttr>(area.front()).getFragment();
    // Every list has the same includes.
    for (ArrayRef<Attribute> *list : {&formats, &lets, &conditions, &memories, &parameters, &area})
      *list = list->drop_front(!list->empty());
  }
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

ParseResult xplat::parseStrings(OpAsmParser &parser, ArrayAttr &result) {
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

ContractParser::ContractParser(OpAsmParser &parser, ArrayRef<std::string> names, bool anyName) : parser(parser) {
  for (const std::string &name : names)
    scope.add(name);
  scope.anyName = anyName;
}

ParseResult ContractParser::parseList(SmallVectorImpl<FormulaAttr> &formulas) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&]() -> ParseResult {
    FailureOr<FormulaAttr> formula = parseFormula(parser, &scope);
    if (failed(formula))
      return failure();
    formulas.push_back(*formula);
    return success();
  });
}

ParseResult ContractParser::parseOne(FormulaAttr &formula, const Twine &what) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<FormulaAttr> formulas;
  if (parseList(formulas))
    return failure();
  if (formulas.size() != 1)
    return parser.emitError(loc) << "expected one formula for " << what << " but got " << formulas.size();
  formula = formulas.front();
  return success();
}

ParseResult ContractParser::parse(ArrayRef<StringLiteral> others, function_ref<ParseResult(StringRef)> parseOther) {
  bool inArea = false;
  while (failed(parser.parseOptionalRBrace())) {
    SMLoc loc = parser.getCurrentLocation();
    StringRef keyword;
    if (parser.parseKeyword(&keyword))
      return failure();
    std::string clause = keyword.str();
    bool shared = llvm::is_contained(sharedClauses, clause);
    if (inArea && !isContractClause(clause)) {
      if (parsePart(clause))
        return failure();
      continue;
    }
    inArea = clause == "area";
    if (inArea)
      continue;
    if (shared ? parseClause(clause) : ParseResult(success()))
      return failure();
    if (shared)
      continue;
    if (!llvm::is_contained(others, clause)) {
      auto diagnostic = parser.emitError(loc) << "unknown clause '" << clause << "'; there are";
      for (StringRef known : sharedClauses)
        diagnostic << " " << known;
      for (StringRef known : others)
        diagnostic << " " << known;
      return diagnostic;
    }
    if (parseOther(clause))
      return failure();
  }
  return success();
}

ParseResult ContractParser::parseClause(StringRef clause) {
  if (clause == "let")
    return parseLet();
  if (clause == "formats")
    return parser.parseCommaSeparatedList([&] { return parseFormats(); });
  MLIRContext *context = parser.getContext();
  if (clause == "include") {
    StringAttr name;
    if (parser.parseSymbolName(name))
      return failure();
    clauses.include(FlatSymbolRefAttr::get(name));
    // From here on names may be the fragment's.
    scope.anyName = true;
    return success();
  }
  if (clause == "where") {
    SMLoc loc = parser.getCurrentLocation();
    SmallVector<FormulaAttr> conditions;
    if (parseList(conditions))
      return failure();
    if (conditions.empty())
      return parser.emitError(loc, "expected a condition; leave the clause out when there is none");
    clauses.conditions.append(conditions.begin(), conditions.end());
    return success();
  }
  StringRef keyword;
  if (parser.parseKeyword(&keyword))
    return failure();
  StringAttr name = getString(keyword);
  FormulaAttr first, second, copies;
  if (clause == "parameter")
    return parseParameter(name);
  if (parseOne(first, "the bits of a word of memory '" + name.getValue() + "'") || parser.parseKeyword("x") ||
      parseOne(second, "the words of memory '" + name.getValue() + "'"))
    return failure();
  MemoryAccess access = clause == "lookup" ? MemoryAccess::lookup : MemoryAccess::in_order;
  if (access == MemoryAccess::lookup && succeeded(parser.parseOptionalKeyword("copies")) &&
      parseOne(copies, "the copies of memory '" + name.getValue() + "'"))
    return failure();
  clauses.memories.push_back(MemoryPortAttr::get(context, name, access, first, second, copies));
  return success();
}

/// `(formula)`, or `style ram (bits, words)`
ParseResult ContractParser::parseParameter(StringAttr name) {
  MLIRContext *context = parser.getContext();
  Attribute value;
  if (succeeded(parser.parseOptionalKeyword("style"))) {
    StringRef memory;
    SmallVector<FormulaAttr> size;
    if (parser.parseKeyword(&memory))
      return failure();
    StringAttr memoryName = getString(memory);
    if (parseList(size))
      return failure();
    value = PartAttr::get(context, memoryName, size, FormulaAttr::getConstant(context, 1));
  } else {
    FormulaAttr formula;
    if (parseOne(formula, "parameter '" + name.getValue() + "'"))
      return failure();
    value = formula;
  }
  clauses.parameters.push_back(ParameterAttr::get(context, name, value));
  return success();
}

ParseResult ContractParser::parseLet() {
  SMLoc loc = parser.getCurrentLocation();
  StringRef keyword;
  if (parser.parseKeyword(&keyword))
    return failure();
  StringAttr name = getString(keyword);
  FormulaAttr formula;
  if (parseOne(formula, "'" + name.getValue() + "'"))
    return failure();
  if (scope.contains(name))
    return parser.emitError(loc) << name << " is defined already";
  scope.add(name);
  clauses.lets.push_back(LetAttr::get(parser.getContext(), name, {}, formula));
  return success();
}

/// `x fixed (2 to 16) | msfp`
ParseResult ContractParser::parseFormats() {
  StringRef port;
  if (parser.parseKeyword(&port))
    return failure();
  StringAttr name = getString(port);
  do {
    if (parseFormat(name))
      return failure();
  } while (succeeded(parser.parseOptionalVerticalBar()));
  return success();
}

ParseResult ContractParser::parseFormat(StringAttr port) {
  StringRef format;
  if (parser.parseKeyword(&format))
    return failure();
  StringAttr name = getString(format);
  int64_t least = 0, most = anyBits;
  if (succeeded(parser.parseOptionalLParen()) &&
      (parser.parseInteger(least) || parser.parseKeyword("to") || parser.parseInteger(most) || parser.parseRParen()))
    return failure();
  clauses.formats.push_back(FormatAttr::get(parser.getContext(), port, name, least, most));
  return success();
}

/// `ram (bits, words) x (copies)`
ParseResult ContractParser::parsePart(StringRef name) {
  SmallVector<FormulaAttr> arguments;
  FormulaAttr count = FormulaAttr::getConstant(parser.getContext(), 1);
  if (parseList(arguments))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("x")) && parseOne(count, "the number of parts '" + name + "'"))
    return failure();
  clauses.area.push_back(PartAttr::get(parser.getContext(), getString(name), arguments, count));
  return success();
}

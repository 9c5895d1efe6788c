//===- Formula.cpp - Reading, printing and checking formulas --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Formula.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace xplat;

FormulaAttr FormulaAttr::getConstant(MLIRContext *context, int64_t value) {
  return get(context, FormulaKind::constant, value, StringAttr::get(context, ""), {});
}

//===----------------------------------------------------------------------===//
// Functions and scopes
//===----------------------------------------------------------------------===//

static constexpr BuiltinFunction builtinFunctions[] = {
    {"max", BuiltinFunction::Kind::max, 0},
    {"min", BuiltinFunction::Kind::min, 0},
    {"select", BuiltinFunction::Kind::select, 3},
    {"clog", BuiltinFunction::Kind::clog, 2},
    {"clog2", BuiltinFunction::Kind::clog2, 1},
    {"exp2", BuiltinFunction::Kind::exp2, 1},
    {"is_power_of_two", BuiltinFunction::Kind::isPowerOfTwo, 1},
    {"bank_count", BuiltinFunction::Kind::bankCount, 2},
};

const BuiltinFunction *xplat::findBuiltinFunction(StringRef name) {
  for (const BuiltinFunction &function : builtinFunctions)
    if (function.name == name)
      return &function;
  return nullptr;
}

std::optional<std::string> FormulaScope::explainName(StringRef name) const {
  if (anyName || names.contains(name))
    return std::nullopt;
  // The closest name that is known, if one is close; else all of them.
  SmallVector<StringRef> known(names.size());
  for (auto &entry : names)
    known[entry.getValue()] = entry.getKey();
  std::string text = ("unknown name '" + name + "'").str();
  const auto *closest =
      llvm::min_element(known, [&](StringRef a, StringRef b) { return name.edit_distance(a) < name.edit_distance(b); });
  if (closest == known.end())
    return text;
  unsigned distance = name.edit_distance(*closest);
  if (distance <= (name.size() + 2) / 3 && distance < name.size())
    return text + "; did you mean '" + closest->str() + "'?";
  return text + "; there are " + llvm::join(known, " ");
}

std::optional<std::string> FormulaScope::explainCall(StringRef name, unsigned numArguments) const {
  const BuiltinFunction *builtin = findBuiltinFunction(name);
  auto known = functions.find(name);
  if (!builtin && known == functions.end()) {
    std::string text = ("unknown function '" + name + "'; there are").str();
    for (const BuiltinFunction &function : builtinFunctions)
      text += (" " + function.name).str();
    SmallVector<StringRef> own(functions.keys());
    llvm::sort(own);
    for (StringRef function : own)
      text += (" " + function).str();
    return text;
  }
  bool takesMore = builtin && builtin->arity == 0;
  unsigned arity = takesMore ? 1 : builtin ? builtin->arity : known->second;
  if (takesMore ? numArguments >= arity : numArguments == arity)
    return std::nullopt;
  return "expected " + std::to_string(arity) + (takesMore ? " or more" : "") + " argument(s) of '" + name.str() +
         "' but got " + std::to_string(numArguments);
}

std::optional<std::string> FormulaScope::explain(FormulaAttr formula) const {
  if (formula.getKind() == FormulaKind::name)
    return explainName(formula.getName());
  if (formula.getKind() == FormulaKind::call)
    if (auto wrong = explainCall(formula.getName(), formula.getOperands().size()))
      return wrong;
  for (unsigned index = 0; index < formula.getOperands().size(); ++index)
    if (auto wrong = explain(formula.getOperand(index)))
      return wrong;
  return std::nullopt;
}

void xplat::walkNames(FormulaAttr formula, function_ref<void(StringAttr)> visit) {
  if (formula.getKind() == FormulaKind::name)
    visit(formula.getName());
  for (unsigned index = 0; index < formula.getOperands().size(); ++index)
    walkNames(formula.getOperand(index), visit);
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

namespace {
/// How tightly an operator binds, and its text.
struct Operator {
  FormulaKind kind;
  unsigned level;
  StringLiteral text;
};
constexpr unsigned comparison = 2, sum = 3, product = 4, leaf = 5;
constexpr Operator operators[] = {
    {FormulaKind::either, 0, "or"},
    {FormulaKind::both, 1, "and"},
    {FormulaKind::equal, comparison, "=="},
    {FormulaKind::less, comparison, "<"},
    {FormulaKind::less_equal, comparison, "<="},
    {FormulaKind::greater, comparison, ">"},
    {FormulaKind::greater_equal, comparison, ">="},
    {FormulaKind::add, sum, "+"},
    {FormulaKind::subtract, sum, "-"},
    {FormulaKind::multiply, product, "*"},
    {FormulaKind::floor_divide, product, "floordiv"},
    {FormulaKind::ceil_divide, product, "ceildiv"},
    {FormulaKind::modulo, product, "mod"},
};
constexpr StringLiteral reservedWords[] = {"or", "and", "floordiv", "ceildiv", "mod", "x"};

const Operator *findOperator(FormulaKind kind) {
  return llvm::find_if(operators, [&](const Operator &op) { return op.kind == kind; });
}

/// Angle brackets have to pair within an attribute, so that there these comparisons are written as calls.
bool isCallInAttribute(FormulaKind kind) {
  return kind == FormulaKind::less || kind == FormulaKind::less_equal || kind == FormulaKind::greater ||
         kind == FormulaKind::greater_equal;
}

/// Parentheses wherever the text would be read as another tree.
void printTree(raw_ostream &os, FormulaAttr formula, unsigned least, bool inAttribute) {
  if (formula.getKind() == FormulaKind::constant) {
    os << formula.getValue();
    return;
  }
  if (formula.getKind() == FormulaKind::name) {
    os << formula.getName().getValue();
    return;
  }
  bool comparesByCall = inAttribute && isCallInAttribute(formula.getKind());
  if (formula.getKind() == FormulaKind::call || comparesByCall) {
    os << (comparesByCall ? stringifyFormulaKind(formula.getKind()) : formula.getName().getValue());
    os << " (";
    llvm::interleaveComma(llvm::seq<unsigned>(0, formula.getOperands().size()), os,
                          [&](unsigned index) { printTree(os, formula.getOperand(index), 0, inAttribute); });
    os << ')';
    return;
  }
  const Operator *op = findOperator(formula.getKind());
  bool parens = op->level < least;
  os << (parens ? "(" : "");
  // Comparisons do not follow one another; all others associate to the left. Quotients in a product have parentheses
  // for the reader.
  FormulaAttr lhs = formula.getOperand(0);
  unsigned leastOfLhs = op->level == comparison                             ? sum
                        : op->level == product && lhs.getKind() != op->kind ? leaf
                                                                            : op->level;
  printTree(os, lhs, leastOfLhs, inAttribute);
  os << ' ' << op->text << ' ';
  printTree(os, formula.getOperand(1), op->level + 1, inAttribute);
  os << (parens ? ")" : "");
}
} // namespace

void xplat::printFormula(raw_ostream &os, FormulaAttr formula) { printTree(os, formula, 0, /*inAttribute=*/false); }

void FormulaAttr::print(AsmPrinter &printer) const {
  printer << "<(";
  printTree(printer.getStream(), *this, 0, /*inAttribute=*/true);
  printer << ")>";
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

namespace {
/// More than any contract needs, and few enough that a walk over a tree cannot exhaust the stack.
constexpr unsigned maxSize = 2000;

class FormulaParser {
public:
  FormulaParser(AsmParser &parser, const FormulaScope *scope) : parser(parser), scope(scope) {}

  FailureOr<FormulaAttr> parse(unsigned level) {
    if (level == leaf)
      return parseLeaf();
    FailureOr<FormulaAttr> lhs = parse(level + 1);
    while (succeeded(lhs)) {
      SMLoc loc = parser.getCurrentLocation();
      const Operator *op = parseOperator(level);
      if (!op)
        return lhs;
      FailureOr<FormulaAttr> rhs = parse(level + 1);
      if (failed(rhs))
        return failure();
      lhs = make(loc, op->kind, 0, "", {*lhs, *rhs});
      if (level == comparison)
        return lhs;
    }
    return failure();
  }

private:
  FailureOr<FormulaAttr> make(SMLoc loc, FormulaKind kind, int64_t value, StringRef name,
                              ArrayRef<Attribute> operands) {
    if (++size > maxSize)
      return parser.emitError(loc, "expected a formula of at most ") << maxSize << " terms; name parts of it with let";
    MLIRContext *context = parser.getContext();
    return FormulaAttr::get(context, kind, value, StringAttr::get(context, name), operands);
  }

  FailureOr<FormulaAttr> makeConstant(SMLoc loc, ParseResult parsed, int64_t value) {
    if (failed(parsed))
      return failure();
    return make(loc, FormulaKind::constant, value, "", {});
  }

  /// The operator of a level that comes next, if one does.
  const Operator *parseOperator(unsigned level) {
    auto found = [](FormulaKind kind) { return findOperator(kind); };
    if (level == comparison) {
      if (succeeded(parser.parseOptionalEqual()))
        return succeeded(parser.parseEqual()) ? found(FormulaKind::equal) : nullptr;
      if (succeeded(parser.parseOptionalLess()))
        return found(succeeded(parser.parseOptionalEqual()) ? FormulaKind::less_equal : FormulaKind::less);
      if (succeeded(parser.parseOptionalGreater()))
        return found(succeeded(parser.parseOptionalEqual()) ? FormulaKind::greater_equal : FormulaKind::greater);
      return nullptr;
    }
    if (level == sum && succeeded(parser.parseOptionalPlus()))
      return found(FormulaKind::add);
    if (level == sum && succeeded(parser.parseOptionalMinus()))
      return found(FormulaKind::subtract);
    if (level == product && succeeded(parser.parseOptionalStar()))
      return found(FormulaKind::multiply);
    for (const Operator &op : operators)
      if (op.level == level && llvm::isAlpha(op.text.front()) && succeeded(parser.parseOptionalKeyword(op.text)))
        return &op;
    return nullptr;
  }

  FailureOr<FormulaAttr> parseLeaf() {
    SMLoc loc = parser.getCurrentLocation();
    if (succeeded(parser.parseOptionalMinus())) {
      int64_t value;
      OptionalParseResult number = parser.parseOptionalInteger(value);
      if (number.has_value())
        return makeConstant(loc, *number, -value);
      FailureOr<FormulaAttr> operand = parseNested([&] { return parseLeaf(); });
      if (failed(operand))
        return failure();
      return make(loc, FormulaKind::subtract, 0, "", {FormulaAttr::getConstant(parser.getContext(), 0), *operand});
    }
    int64_t value;
    OptionalParseResult number = parser.parseOptionalInteger(value);
    if (number.has_value())
      return makeConstant(loc, *number, value);
    if (succeeded(parser.parseOptionalLParen())) {
      FailureOr<FormulaAttr> inner = parseNested([&] { return parse(0); });
      if (failed(inner) || parser.parseRParen())
        return failure();
      return inner;
    }
    StringRef name;
    if (failed(parser.parseOptionalKeyword(&name)) || llvm::is_contained(reservedWords, name))
      return parser.emitError(loc, "expected a number, a name or '(' in a formula");
    std::string text = name.str();
    if (failed(parser.parseOptionalLParen())) {
      if (auto wrong = scope ? scope->explainName(text) : std::nullopt)
        return parser.emitError(loc) << *wrong;
      return make(loc, FormulaKind::name, 0, text, {});
    }
    SmallVector<Attribute> arguments;
    if (failed(parser.parseOptionalRParen())) {
      do {
        FailureOr<FormulaAttr> argument = parseNested([&] { return parse(0); });
        if (failed(argument))
          return failure();
        arguments.push_back(*argument);
      } while (succeeded(parser.parseOptionalComma()));
      if (parser.parseRParen())
        return failure();
    }
    if (auto wrong = scope ? scope->explainCall(text, arguments.size()) : std::nullopt)
      return parser.emitError(loc) << *wrong;
    if (std::optional<FormulaKind> kind = scope ? std::nullopt : symbolizeFormulaKind(text);
        kind && isCallInAttribute(*kind) && arguments.size() == 2)
      return make(loc, *kind, 0, "", arguments);
    return make(loc, FormulaKind::call, 0, text, arguments);
  }

  /// Parentheses count, too: what is nested deeply is refused before the stack ends.
  FailureOr<FormulaAttr> parseNested(function_ref<FailureOr<FormulaAttr>()> parseInner) {
    if (++depth > maxDepth)
      return parser.emitError(parser.getCurrentLocation(), "expected a formula nested less deeply");
    FailureOr<FormulaAttr> inner = parseInner();
    --depth;
    return inner;
  }

  static constexpr unsigned maxDepth = 200;
  AsmParser &parser;
  const FormulaScope *scope;
  unsigned size = 0, depth = 0;
};
} // namespace

FailureOr<FormulaAttr> xplat::parseFormula(AsmParser &parser, const FormulaScope *scope) {
  return FormulaParser(parser, scope).parse(0);
}

Attribute FormulaAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess() || parser.parseLParen())
    return {};
  FailureOr<FormulaAttr> formula = parseFormula(parser, nullptr);
  if (failed(formula) || parser.parseRParen() || parser.parseGreater())
    return {};
  return *formula;
}

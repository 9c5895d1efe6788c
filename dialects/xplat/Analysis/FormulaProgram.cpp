//===- FormulaProgram.cpp - Formulas as straight-line code ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/FormulaProgram.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace xplat;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

FormulaProgram::FormulaProgram(ArrayRef<std::string> symbols) {
  for (auto [position, symbol] : llvm::enumerate(symbols))
    names[symbol] = emit(Op::symbol, position);
}

void FormulaProgram::define(ArrayAttr lets, ArrayRef<FormulaAttr> wanted) {
  llvm::StringSet<> needed;
  auto need = [&](StringAttr name) { needed.insert(name); };
  for (FormulaAttr formula : wanted)
    walkNames(formula, need);
  // A definition uses what stands before it. So from the last one backwards all that are needed are known.
  SmallVector<LetAttr> used;
  for (Attribute clause : llvm::reverse(lets))
    if (auto let = dyn_cast<LetAttr>(clause); let && needed.contains(let.getName())) {
      walkNames(let.getFormula(), need);
      used.push_back(let);
    }
  for (LetAttr let : llvm::reverse(used)) {
    Index value = add(let.getFormula());
    names.try_emplace(let.getName(), value);
  }
}

FormulaProgram::Index FormulaProgram::emit(Op op, int64_t value, Index a, Index b, Index c) {
  auto [found, isNew] = known.try_emplace(Key(static_cast<unsigned>(op), value, a, b, c), instructions.size());
  if (isNew)
    instructions.push_back({op, value, a, b, c});
  return found->second;
}

FormulaProgram::Index FormulaProgram::add(FormulaAttr formula, const Scope &scope, ArrayRef<LetAttr> functions) {
  if (formula.getKind() == FormulaKind::constant)
    return addConstant(formula.getValue());
  if (formula.getKind() == FormulaKind::name) {
    auto found = scope.find(formula.getName());
    return found == scope.end() ? addConstant(undefinedValue) : found->second;
  }
  SmallVector<Index> operands;
  for (unsigned index = 0; index < formula.getOperands().size(); ++index)
    operands.push_back(add(formula.getOperand(index), scope, functions));
  if (formula.getKind() == FormulaKind::call)
    return addCall(formula, operands, functions);
  if (operands.size() != 2)
    return addConstant(undefinedValue);
  Index a = operands[0], b = operands[1];
  switch (formula.getKind()) {
  case FormulaKind::add:
    return emit(Op::add, 0, a, b);
  case FormulaKind::subtract:
    return emit(Op::subtract, 0, a, b);
  case FormulaKind::multiply:
    return emit(Op::multiply, 0, a, b);
  case FormulaKind::floor_divide:
    return emit(Op::floorDivide, 0, a, b);
  case FormulaKind::ceil_divide:
    return emit(Op::ceilDivide, 0, a, b);
  case FormulaKind::modulo:
    return emit(Op::modulo, 0, a, b);
  case FormulaKind::equal:
    return emit(Op::equal, 0, a, b);
  case FormulaKind::less:
    return emit(Op::less, 0, a, b);
  case FormulaKind::less_equal:
    return emit(Op::lessEqual, 0, a, b);
  case FormulaKind::greater:
    return emit(Op::less, 0, b, a);
  case FormulaKind::greater_equal:
    return emit(Op::lessEqual, 0, b, a);
  case FormulaKind::both:
    return emit(Op::both, 0, a, b);
  case FormulaKind::either:
    return emit(Op::either, 0, a, b);
  default:
    llvm_unreachable("leaves and calls are handled above");
  }
}

FormulaProgram::Index FormulaProgram::addCall(FormulaAttr call, ArrayRef<Index> arguments,
                                              ArrayRef<LetAttr> functions) {
  if (const BuiltinFunction *builtin = findBuiltinFunction(call.getName())) {
    if (builtin->arity ? arguments.size() != builtin->arity : arguments.empty())
      return addConstant(undefinedValue);
    switch (builtin->kind) {
    case BuiltinFunction::Kind::max:
    case BuiltinFunction::Kind::min: {
      Op op = builtin->kind == BuiltinFunction::Kind::max ? Op::max : Op::min;
      Index result = arguments.front();
      for (Index argument : arguments.drop_front())
        result = emit(op, 0, result, argument);
      return result;
    }
    case BuiltinFunction::Kind::select:
      return emit(Op::select, 0, arguments[0], arguments[1], arguments[2]);
    case BuiltinFunction::Kind::clog:
      return emit(Op::clog, 0, arguments[0], arguments[1]);
    case BuiltinFunction::Kind::clog2:
      return emit(Op::clog, 0, arguments[0], addConstant(2));
    case BuiltinFunction::Kind::exp2:
      return emit(Op::exp2, 0, arguments[0]);
    case BuiltinFunction::Kind::isPowerOfTwo:
      return emit(Op::isPowerOfTwo, 0, arguments[0]);
    case BuiltinFunction::Kind::bankCount:
      return emit(Op::bankCount, 0, arguments[0], arguments[1]);
    }
  }
  for (auto [position, function] : llvm::enumerate(functions)) {
    if (function.getName() != call.getName() || function.getArguments().size() != arguments.size())
      continue;
    Scope scope;
    for (auto [name, value] : llvm::zip(function.getArguments(), arguments))
      scope[name] = value;
    // A function calls those before it alone, so that calls end.
    return add(function.getFormula(), scope, functions.take_front(position));
  }
  return addConstant(undefinedValue);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

/// The least e with base^e >= x.
static std::optional<int64_t> ceilLog(int64_t x, int64_t base) {
  if (base < 2)
    return std::nullopt;
  int64_t exponent = 0;
  for (int64_t power = 1; power < x; ++exponent)
    if (llvm::MulOverflow(power, base, power))
      power = std::numeric_limits<int64_t>::max();
  return exponent;
}

/// The least modulus in which 0, step, … (count - 1) · step differ.
static std::optional<int64_t> leastModulus(int64_t count, int64_t step) {
  // The search ends after `step` numbers at most: one of them is one more than a multiple of the step.
  constexpr int64_t most = 1 << 20;
  if (count < 1 || count > most || step < 1 || step > most)
    return std::nullopt;
  int64_t modulus = count;
  while (modulus / std::gcd(modulus, step) < count)
    ++modulus;
  return modulus;
}

/// The value of an operation on values that exist, or nothing when it has none.
std::optional<int64_t> FormulaProgram::apply(Op op, int64_t a, int64_t b) {
  int64_t result;
  switch (op) {
  case Op::add:
    return llvm::AddOverflow(a, b, result) ? std::nullopt : std::optional(result);
  case Op::subtract:
    return llvm::SubOverflow(a, b, result) ? std::nullopt : std::optional(result);
  case Op::multiply:
    return llvm::MulOverflow(a, b, result) ? std::nullopt : std::optional(result);
  case Op::floorDivide:
    return b > 0 ? std::optional(llvm::divideFloorSigned(a, b)) : std::nullopt;
  case Op::ceilDivide:
    return b > 0 ? std::optional(llvm::divideCeilSigned(a, b)) : std::nullopt;
  case Op::modulo:
    return b > 0 ? std::optional(llvm::mod(a, b)) : std::nullopt;
  case Op::equal:
    return a == b;
  case Op::less:
    return a < b;
  case Op::lessEqual:
    return a <= b;
  case Op::both:
    return a != 0 && b != 0;
  case Op::either:
    return a != 0 || b != 0;
  case Op::max:
    return std::max(a, b);
  case Op::min:
    return std::min(a, b);
  case Op::clog:
    return ceilLog(a, b);
  case Op::exp2:
    return a >= 0 && a <= 62 ? std::optional(int64_t(1) << a) : std::nullopt;
  case Op::isPowerOfTwo:
    return a > 0 && llvm::isPowerOf2_64(a);
  case Op::bankCount:
    return leastModulus(a, b);
  default:
    llvm_unreachable("the caller handles leaves and select");
  }
}

void FormulaProgram::run(ArrayRef<int64_t> symbols, SmallVectorImpl<int64_t> &values) const {
  values.resize(instructions.size());
  for (auto [index, instruction] : llvm::enumerate(instructions)) {
    int64_t &value = values[index];
    switch (instruction.op) {
    case Op::constant:
      value = instruction.value;
      break;
    case Op::symbol:
      value = symbols[instruction.value];
      break;
    case Op::select:
      // The other value need not exist.
      value = values[instruction.a];
      if (value != undefinedValue)
        value = values[value ? instruction.b : instruction.c];
      break;
    default:
      int64_t a = values[instruction.a], b = values[instruction.b];
      bool isUnary = instruction.op == Op::exp2 || instruction.op == Op::isPowerOfTwo;
      bool defined = a != undefinedValue && (b != undefinedValue || isUnary);
      value = defined ? apply(instruction.op, a, b).value_or(undefinedValue) : undefinedValue;
    }
  }
}

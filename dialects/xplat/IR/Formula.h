//===- Formula.h - Formulas of contracts and families -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A formula is a tree over names that is kept as it was written. Reading it,
// printing it and checking its names are here; FormulaProgram (Analysis)
// computes it.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_FORMULA_H
#define XPLAT_IR_FORMULA_H

#include "xplat/IR/Xplat.h"

#include "llvm/ADT/StringMap.h"

namespace xplat {

/// A function that every formula may call:
/// - `max(a, …)`, `min(a, …)`
/// - `select(condition, a, b)`: `a` where the condition is not 0, else `b`
/// - `clog(x, base)`: the least e with base^e >= x; `clog2(x)` is `clog(x, 2)`
/// - `exp2(x)`: 2 to the power of x, which has a value for x from 0 to 62
/// - `is_power_of_two(x)`: 1 or 0
/// - `bank_count(count, step)`: the least modulus in which 0, step, … (count - 1) · step differ
struct BuiltinFunction {
  enum class Kind { max, min, select, clog, clog2, exp2, isPowerOfTwo, bankCount };
  llvm::StringLiteral name;
  Kind kind;
  unsigned arity; // 0: one argument or more
};
const BuiltinFunction *findBuiltinFunction(llvm::StringRef name);

/// Names that formulas may use, in the order in which they became known, and functions by their number of arguments.
class FormulaScope {
public:
  void add(llvm::StringRef name) { names.try_emplace(name, names.size()); }
  void addFunction(llvm::StringRef name, unsigned arity) { functions.try_emplace(name, arity); }
  bool contains(llvm::StringRef name) const { return names.contains(name); }
  /// What is wrong with a name, or with a call of so many arguments; nothing when it is known. With `anyName`, names
  /// may be defined elsewhere.
  std::optional<std::string> explainName(llvm::StringRef name) const;
  std::optional<std::string> explainCall(llvm::StringRef name, unsigned numArguments) const;
  /// What is wrong with the first wrong name or call in `formula`.
  std::optional<std::string> explain(FormulaAttr formula) const;
  bool anyName = false;

private:
  llvm::StringMap<unsigned> names, functions;
};

/// Reads a formula; with a scope, every name is checked where it stands.
mlir::FailureOr<FormulaAttr> parseFormula(mlir::AsmParser &parser, const FormulaScope *scope);

/// As it was written.
void printFormula(llvm::raw_ostream &os, FormulaAttr formula);

/// Calls `visit` for each name that occurs in the formula, calls excepted.
void walkNames(FormulaAttr formula, llvm::function_ref<void(mlir::StringAttr)> visit);

} // namespace xplat

#endif // XPLAT_IR_FORMULA_H

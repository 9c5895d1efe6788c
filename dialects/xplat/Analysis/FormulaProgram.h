//===- FormulaProgram.h - Formulas as straight-line code --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Mapping evaluates a contract for every legal unroll of every node. So its
// formulas become a list of operations, in which equal ones stand once and a
// name costs nothing.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_FORMULAPROGRAM_H
#define XPLAT_ANALYSIS_FORMULAPROGRAM_H

#include "xplat/IR/Formula.h"

#include "llvm/ADT/DenseMap.h"

#include <limits>
#include <tuple>

namespace xplat {

/// Value of a formula that has none: it divides by zero, overflows or uses an unknown name.
inline constexpr int64_t undefinedValue = std::numeric_limits<int64_t>::max();

class FormulaProgram {
public:
  /// Index of a value.
  using Index = unsigned;
  using Scope = llvm::StringMap<Index>;

  /// A program over `symbols`, whose values come in this order.
  explicit FormulaProgram(llvm::ArrayRef<std::string> symbols);

  /// Makes the names of `lets` known as far as `wanted` needs them; includes in the list are left out.
  void define(mlir::ArrayAttr lets, llvm::ArrayRef<FormulaAttr> wanted);
  /// A formula over symbols and defined names.
  Index add(FormulaAttr formula) { return add(formula, names, {}); }
  /// A formula over the names in `scope` that may call `functions`.
  Index add(FormulaAttr formula, const Scope &scope, llvm::ArrayRef<LetAttr> functions);
  Index addConstant(int64_t value) { return emit(Op::constant, value); }
  Index addSum(Index a, Index b) { return emit(Op::add, 0, a, b); }
  Index addProduct(Index a, Index b) { return emit(Op::multiply, 0, a, b); }
  Index addMax(Index a, Index b) { return emit(Op::max, 0, a, b); }

  void run(llvm::ArrayRef<int64_t> symbols, llvm::SmallVectorImpl<int64_t> &values) const;

private:
  enum class Op : unsigned char {
    constant,
    symbol,
    add,
    subtract,
    multiply,
    floorDivide,
    ceilDivide,
    modulo,
    equal,
    less,
    lessEqual,
    both,
    either,
    max,
    min,
    select,
    clog,
    exp2,
    isPowerOfTwo,
    bankCount
  };
  struct Instruction {
    Op op;
    int64_t value; // of a constant; position of a symbol
    Index a, b, c;
  };
  using Key = std::tuple<unsigned, int64_t, Index, Index, Index>;

  Index emit(Op op, int64_t value, Index a = 0, Index b = 0, Index c = 0);
  Index addCall(FormulaAttr call, llvm::ArrayRef<Index> arguments, llvm::ArrayRef<LetAttr> functions);
  static std::optional<int64_t> apply(Op op, int64_t a, int64_t b);

  Scope names;
  llvm::SmallVector<Instruction> instructions;
  llvm::DenseMap<Key, Index> known;
};

} // namespace xplat

#endif // XPLAT_ANALYSIS_FORMULAPROGRAM_H

//===- CostModel.h - What a kernel costs on a node --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluates the formulas of a kernel's contract. Every number of cycles and
// every area in xplat comes from here.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_COSTMODEL_H
#define XPLAT_ANALYSIS_COSTMODEL_H

#include "xplat/IR/Xplat.h"

#include "llvm/ADT/DenseMap.h"

#include <array>
#include <limits>
#include <optional>

namespace xplat {

/// An amount of each ResourceKind, in enum order.
using Area = std::array<int64_t, 5>;
inline constexpr unsigned numResourceKinds = std::tuple_size_v<Area>;

/// Value of a formula that divides by zero or overflows.
inline constexpr int64_t undefinedValue = std::numeric_limits<int64_t>::max();

struct Cost {
  /// Clock cycles per sample: the largest of the kernel's `cycles` formulas.
  int64_t cycles = 0;
  /// Cycles from one result beat to the next: the first `cycles` formula over the beats of the result.
  int64_t beatCycles = 0;
  /// Cycles from the last input beat that the first result beat needs to that result beat.
  int64_t latency = 0;
  /// Beats of each operand stream that the kernel holds.
  llvm::SmallVector<int64_t> buffer;
  /// Of the kernel and its parameter memories.
  Area area = {};

  /// Whether every formula has a value, with at least one cycle and no negative amount.
  bool isDefined() const;
};

/// Value of a formula over kernel symbols; `undefinedValue` when it divides by
/// zero or overflows.
int64_t evaluateFormula(mlir::AffineExpr formula, llvm::ArrayRef<int64_t> symbols);

/// What `kernel` costs on `node` under `unroll`; undefined where its `where` clause does not hold.
Cost evaluateCost(KernelOp kernel, NodeOpInterface node, llvm::ArrayRef<int64_t> unroll);

/// Bits of a word and number of words of a kernel's memory on `node` under its unroll factors.
std::pair<int64_t, int64_t> evaluateMemory(MemoryPortAttr memory, NodeOpInterface node);

/// Formulas as straight-line code, shared subexpressions once: for many evaluations.
class FormulaProgram {
public:
  /// Index of the formula's value.
  unsigned add(mlir::AffineExpr formula);
  void run(llvm::ArrayRef<int64_t> symbols, llvm::SmallVectorImpl<int64_t> &values) const;

private:
  struct Instruction {
    mlir::AffineExprKind kind;
    int64_t value; // of a constant; position of a symbol
    unsigned lhs, rhs;
  };
  llvm::SmallVector<Instruction> instructions;
  llvm::DenseMap<mlir::AffineExpr, unsigned> indices;
};

/// `evaluateCost` for one kernel and many nodes or unroll factors.
class CostEvaluator {
public:
  explicit CostEvaluator(KernelOp kernel);
  /// Nothing when the kernel's `where` clause does not hold.
  std::optional<Cost> evaluate(NodeOpInterface node, llvm::ArrayRef<int64_t> unroll) const;
  /// The same, given the kernel symbols, the number of operands and the beats of the first result.
  std::optional<Cost> evaluate(llvm::ArrayRef<int64_t> symbols, unsigned numOperands, int64_t resultBeats) const;

private:
  FormulaProgram program;
  llvm::SmallVector<unsigned> cycles, latency, buffer, area;
  llvm::SmallVector<std::pair<unsigned, bool>> conditions; // index, equality
};

/// `a += b`.
Area &operator+=(Area &a, const Area &b);

} // namespace xplat

#endif // XPLAT_ANALYSIS_COSTMODEL_H

//===- CostModel.h - What a kernel costs on a node --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Evaluates the formulas of a kernel's contract. Every number of cycles and
// every area in xplat comes from here.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_COSTMODEL_H
#define XPLAT_ANALYSIS_COSTMODEL_H

#include "xplat/Analysis/FormulaProgram.h"

#include <array>
#include <optional>

namespace xplat {

/// An amount of each ResourceKind, in enum order.
using Area = std::array<int64_t, 5>;
inline constexpr unsigned numResourceKinds = std::tuple_size_v<Area>;

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

/// Values of formulas of a kernel's contract, given the kernel symbols; `undefinedValue` for one that divides by zero
/// or overflows, or that uses a name that the contract does not define.
llvm::SmallVector<int64_t> evaluateFormulas(KernelOp kernel, llvm::ArrayRef<FormulaAttr> formulas,
                                            llvm::ArrayRef<int64_t> symbols);

/// Bits of a word and number of words of a kernel's memory on `node` under its unroll factors.
std::pair<int64_t, int64_t> evaluateMemory(KernelOp kernel, MemoryPortAttr memory, NodeOpInterface node);

/// A part of the kernel of which the family, null where there is none, does not say what it takes; nothing when it says
/// so of all.
std::optional<std::string> explainParts(KernelOp kernel, FamilyOp family);

/// The costs of one kernel for many nodes and unroll factors. With several families an area is the largest of them,
/// resource by resource.
class CostEvaluator {
public:
  CostEvaluator(KernelOp kernel, llvm::ArrayRef<FamilyOp> families);
  /// For a node whose formats suit the kernel, given the kernel symbols, the number of operands and the beats of the
  /// first result. Nothing when the kernel's `where` clause does not hold.
  std::optional<Cost> evaluate(llvm::ArrayRef<int64_t> symbols, unsigned numOperands, int64_t resultBeats) const;

private:
  FormulaProgram program;
  llvm::SmallVector<unsigned> cycles, buffer, conditions;
  unsigned latency;
  std::array<unsigned, numResourceKinds> area;
};

/// `a += b` of areas without negative amounts; a sum that is too large is the largest number.
Area &operator+=(Area &a, const Area &b);

} // namespace xplat

#endif // XPLAT_ANALYSIS_COSTMODEL_H

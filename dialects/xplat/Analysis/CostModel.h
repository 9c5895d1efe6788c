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
#include "xplat/Analysis/Resources.h"

#include <optional>

namespace xplat {

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
  Area area;

  /// Whether every formula has a value, with at least one cycle and no negative amount.
  bool isDefined() const;
  /// Whether the kernel has no place for an operand beat but in the result that it becomes: then it takes beats when
  /// results leave, and `ready` of its operands depends on that of its result.
  bool hasCombinationalReady() const {
    return beatCycles <= 1 && llvm::all_of(buffer, [](int64_t beats) { return beats <= 1; });
  }
};

/// Values of formulas of a kernel's contract, given the kernel symbols; `undefinedValue` for one that divides by zero
/// or overflows, or that uses a name that the contract does not define.
llvm::SmallVector<int64_t> evaluateFormulas(KernelOp kernel, llvm::ArrayRef<FormulaAttr> formulas,
                                            llvm::ArrayRef<int64_t> symbols);

/// How large a memory of a kernel is, and how often it stands there.
struct MemorySize {
  int64_t wordBits = 0, words = 0, copies = 1;
};

/// What holds the words of a kernel's memory on `node`: a ROM where they are read at addresses, else what is asked for.
inline MemoryKind getMemoryKind(NodeOpInterface node, MemoryPortAttr memory) {
  return memory.getAccess() == MemoryAccess::lookup ? MemoryKind::rom : node.getMemoryKind();
}

/// How families call a memory that holds the words of parameters, in their parts and styles.
std::string getMemoryPart(MemoryAccess access, MemoryKind kind);

/// A kernel's memory on `node` under its unroll factors.
MemorySize evaluateMemory(KernelOp kernel, MemoryPortAttr memory, NodeOpInterface node);

/// What a memory called `name`, a part of kernels or one that holds parameters, is made of on devices of the family, as
/// tools know it in the attributes `ram_style` and `rom_style`; "auto", where tools choose, if it is null or says
/// nothing of such a memory. Fails if the family takes another number of arguments, or a condition has no value.
mlir::FailureOr<llvm::StringRef> chooseMemoryStyle(FamilyOp family, llvm::StringRef name, llvm::ArrayRef<int64_t> size);

/// A part of the kernel, or of its memories, of which the family does not say what it takes; nothing when it says so of
/// all. Where there is no family, null, a part is an amount of one of `resources`, in which memories are counted.
std::optional<std::string> explainParts(KernelOp kernel, MemoryKind memories, FamilyOp family,
                                        const ResourceNames &resources);

/// The costs of one kernel for many nodes and unroll factors. With several families an area is the largest of them,
/// resource by resource.
class CostEvaluator {
public:
  /// `memories`: what holds the words that the kernel takes in order.
  CostEvaluator(KernelOp kernel, MemoryKind memories, llvm::ArrayRef<FamilyOp> families,
                const ResourceNames &resources);
  /// For a node whose formats suit the kernel, given the kernel symbols, the number of operands and the beats of the
  /// first result. Nothing when the kernel's `where` clause does not hold.
  std::optional<Cost> evaluate(llvm::ArrayRef<int64_t> symbols, unsigned numOperands, int64_t resultBeats) const;

private:
  FormulaProgram program;
  llvm::SmallVector<unsigned> cycles, buffer, conditions, area;
  unsigned latency;
};

} // namespace xplat

#endif // XPLAT_ANALYSIS_COSTMODEL_H

//===- PipelinedDatapath.h - A datapath in pipeline stages ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_IR_PIPELINEDDATAPATH_H
#define XPLAT_IR_PIPELINEDDATAPATH_H

#include "xplat/IR/Support.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/SmallVector.h"

#include <deque>

namespace xplat {

/// Cuts a datapath into pipeline stages by the estimated delay of its operations, as early as possible: an operation
/// that would end after the time of its stage begins the next one, and what it reads comes from registers. Products of
/// wide numbers become sums of products that a multiplier of a device has.
///
/// Another builder builds the operations. The numbers of this one are its own: `operand` makes them, `finish` gives one
/// back.
class PipelinedDatapath : public DatapathBuilder {
public:
  explicit PipelinedDatapath(StageBuilder &inner) : inner(inner) {}

  /// A number of the inner builder that comes into the first stage.
  FixedPoint operand(FixedPoint number);
  /// The result, a number of the inner builder. It comes out of the last stage.
  FixedPoint finish(FixedPoint result);
  /// Stages up to the result that finished.
  int64_t getNumStages() const { return numStages; }

  // What it is made of (DatapathCost).
  int64_t getMultiplierBits() const { return multiplierBits; }
  int64_t getAdderBits() const { return adderBits; }
  int64_t getLogicBits() const { return logicBits; }
  int64_t getNumProducts() const { return numProducts; }

  FixedPoint constant(int64_t value, int64_t fractionalBits) override;
  FixedPoint add(FixedPoint a, FixedPoint b) override;
  FixedPoint subtract(FixedPoint a, FixedPoint b) override;
  FixedPoint multiply(FixedPoint a, FixedPoint b) override;
  FixedPoint chooseGreater(FixedPoint a, FixedPoint b, FixedPoint then, FixedPoint other) override;
  std::pair<FixedPoint, FixedPoint> split(FixedPoint a, int64_t low) override;
  FixedPoint round(FixedPoint a, int64_t fractionalBits) override;
  FixedPoint saturate(FixedPoint a, int64_t width, bool isUnsigned) override;

private:
  /// A number, and when it is there: its stage, and the time from the beginning of the stage, in picoseconds. Constants
  /// are always there.
  struct Number {
    /// Of the inner builder, as it is in `stage` and in later ones.
    llvm::SmallVector<FixedPoint, 2> inner;
    int64_t stage = 0, arrival = 0;
    std::optional<int64_t> constant;
    /// Stages before which its register has a multiplier on one side.
    llvm::SmallSet<int64_t, 2> besideMultiplier;
  };
  using Numbers = llvm::ArrayRef<FixedPoint>;

  static Number &get(FixedPoint x) { return *static_cast<Number *>(x.value); }
  static bool isZero(FixedPoint x) { return get(x).constant == 0; }
  FixedPoint note(FixedPoint number, int64_t stage, int64_t arrival, std::optional<int64_t> constant = std::nullopt);
  /// The number in a stage, behind as many registers as it needs.
  FixedPoint at(FixedPoint x, int64_t stage);
  /// A sum, a difference, …
  FixedPoint applyCarry(FixedPoint a, FixedPoint b, llvm::function_ref<FixedPoint(Numbers)> build);
  /// The result of an operation of `delay` picoseconds on `operands`, in the first stage that has time for it.
  FixedPoint apply(Numbers operands, int64_t delay, llvm::function_ref<FixedPoint(Numbers)> build);

  StageBuilder &inner;
  std::deque<Number> numbers;
  int64_t numStages = 1, adderBits = 0, logicBits = 0, numProducts = 0, multiplierBits = 0;
};

} // namespace xplat

#endif // XPLAT_IR_PIPELINEDDATAPATH_H

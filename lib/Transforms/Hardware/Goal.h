//===- Goal.h - What is asked of a mapping ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_HARDWARE_GOAL_H
#define XPLAT_TRANSFORMS_HARDWARE_GOAL_H

#include "xplat/Analysis/Clocks.h"

namespace xplat {

/// What a mapping optimises, and the throughput that it must reach: as cycles per sample or as samples per second, 0
/// where there is no such target.
struct Goal {
  Objective objective = Objective::throughput;
  int64_t targetCycles = 0;
  double targetPerSecond = 0;

  bool hasTarget() const { return targetCycles != 0 || targetPerSecond != 0; }
  /// The most ticks per sample that the target allows, 0 without a target; reports a target that makes no sense, as
  /// cycles where clocks differ.
  mlir::FailureOr<int64_t> getTicks(mlir::Location loc, const SystemClocks &clocks) const;
  /// The target for a message, `ticks` being what `getTicks` gave: `16`, or `16 (6250000 samples per second)`.
  std::string describe(int64_t ticks, const SystemClocks &clocks) const;
  /// What the user may do where the target cannot be reached: `give a larger 'target-cycles'`.
  llvm::StringRef getRemedy() const;
};

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_GOAL_H

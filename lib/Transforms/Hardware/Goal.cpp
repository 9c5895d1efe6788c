//===- Goal.cpp - What is asked of a mapping ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/Goal.h"

#include <cmath>

using namespace mlir;
using namespace xplat;

FailureOr<int64_t> Goal::getTicks(Location loc, const SystemClocks &clocks) const {
  if (targetCycles < 0)
    return emitError(loc, "expected 'target-cycles' of at least 0 but got ") << targetCycles;
  if (!(targetPerSecond >= 0 && std::isfinite(targetPerSecond)))
    return emitError(loc, "expected 'target-per-second' of at least 0 but got ") << printNumber(targetPerSecond);
  if (targetCycles && targetPerSecond > 0)
    return emitError(loc, "expected 'target-cycles' or 'target-per-second' but got both");
  if (targetCycles && !clocks.areEqual())
    return emitError(loc, "expected 'target-per-second' but got 'target-cycles': the devices' clocks differ, so that "
                          "cycles are no time");
  if (targetPerSecond == 0)
    return targetCycles;
  double perSecond = clocks.getTickMhz() * 1e6;
  if (targetPerSecond > perSecond)
    return emitError(loc, "the target of ")
           << printNumber(targetPerSecond)
           << " samples per second is more than one sample in each cycle of the clock of "
           << printNumber(clocks.getTickMhz()) << " MHz; " << getRemedy();
  // The largest double that an int64_t holds is far beyond any number of cycles of a node.
  return static_cast<int64_t>(std::min(std::floor(perSecond / targetPerSecond * (1 + 1e-12)), 1e18));
}

std::string Goal::describe(int64_t ticks, const SystemClocks &clocks) const {
  std::string text = clocks.areEqual() ? std::to_string(ticks) : clocks.describe(ticks);
  return targetPerSecond > 0 ? text + " (" + printNumber(targetPerSecond) + " samples per second)" : text;
}

StringRef Goal::getRemedy() const {
  return targetPerSecond > 0 ? "give a lower target" : "give a larger 'target-cycles'";
}

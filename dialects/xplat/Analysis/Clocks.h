//===- Clocks.h - The clocks of a system in one unit of time ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every device instance has a clock of its own. A *tick* is the longest time of
// which a cycle of each of them is a whole number: a cycle of the lowest common
// multiple of the clocks. So times in a system are integers and compare exactly. In a system of one clock
// a tick is a cycle.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_CLOCKS_H
#define XPLAT_ANALYSIS_CLOCKS_H

#include "xplat/IR/Xplat.h"

#include "llvm/ADT/MapVector.h"

namespace xplat {

/// For a message: ten digits, without zeros at the end.
std::string printNumber(double number);

class SystemClocks {
public:
  /// The clocks of the instances, each rounded to a whole number of hertz; reports clocks that have no common multiple
  /// up to 10^13 Hz, and instances of no device.
  static mlir::FailureOr<SystemClocks> get(SystemOp system);

  /// Ticks of a cycle at `place`; 1 where there is no such instance.
  int64_t getTicks(PlaceAttr place) const { return std::max<int64_t>(1, clocks.lookup(place).ticks); }
  /// The clock at `place`.
  double getMhz(PlaceAttr place) const { return clocks.lookup(place).mhz; }
  /// The clock whose cycles are ticks.
  double getTickMhz() const { return tickMhz; }
  /// Ticks of a cycle of each clock, ascending: the fastest comes first.
  llvm::ArrayRef<int64_t> getAllTicks() const { return allTicks; }
  /// Ticks after which all clocks have run a whole number of cycles.
  int64_t getWindow() const;
  bool areEqual() const { return allTicks.size() == 1; }
  /// A time for a message: `40 cycles`, in a system of several clocks `0.16 us`.
  std::string describe(int64_t ticks) const;

private:
  struct Clock {
    double mhz = 0;
    int64_t hertz = 0, ticks = 0;
  };
  llvm::MapVector<PlaceAttr, Clock> clocks;
  llvm::SmallVector<int64_t> allTicks;
  double tickMhz = 0;
};

} // namespace xplat

#endif // XPLAT_ANALYSIS_CLOCKS_H

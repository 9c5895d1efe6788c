//===- PeriodicSchedule.h - FIFO depths from a schedule ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A periodic schedule says for one sample when each beat is offered and when it
// is taken; every later sample follows `period` ticks after the one before. If
// a schedule satisfies all constraints of the actors, no run with sources that
// are as early as the schedule's is later than it: the actors are monotone
// (docs/Model.md). So a schedule with the FIFO depths that it needs proves that
// these depths reach the period, without simulating the graph.
//
// Where clocks differ, times of the schedule need not be edges of a clock. Rounded up to the next edge of its own
// clock, however the clocks lie to each other, an event still satisfies every constraint: inside a clock they are whole
// cycles apart, and a clock crossing is given the cycles that rounding may cost.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_PERIODICSCHEDULE_H
#define XPLAT_ANALYSIS_PERIODICSCHEDULE_H

#include "xplat/Analysis/DataflowGraph.h"

#include "llvm/Support/Error.h"

namespace xplat {

/// Leaves the elements of a vector as they are until they are set.
template <typename T> struct LazyAllocator : std::allocator<T> {
  template <typename OtherT> struct rebind {
    using other = LazyAllocator<OtherT>;
  };
  void construct(T *element) { ::new (element) T; }
  template <typename... ArgsT> void construct(T *element, ArgsT &&...args) {
    ::new (element) T(std::forward<ArgsT>(args)...);
  }
};
/// The times of the beats of a sample.
using BeatTimes = std::vector<int64_t, LazyAllocator<int64_t>>;

/// Times are ticks; beat `j` of the sample after this one has the time of beat `j` plus `period`.
struct PeriodicSchedule {
  int64_t period = 0;
  /// When each actor offers each result beat.
  std::vector<BeatTimes> offered;
  /// When the consumer takes each beat of an edge.
  std::vector<BeatTimes> taken;
  /// Depth of the FIFO on each edge, 0 for none.
  llvm::SmallVector<int64_t> depths;
};

/// The schedule in which sources offer one sample in `period` ticks, beats evenly spaced, and every actor does
/// everything as early as it can. Time and memory grow with the beats of a sample. An edge gets a FIFO where a beat
/// ever waits, as deep as beats ever wait; edges that leave sources get none, since the source itself can wait.
/// Fails when an actor cannot keep the period; `slow` then names it.
mlir::FailureOr<PeriodicSchedule> findPeriodicSchedule(const DataflowGraph &graph, int64_t period, unsigned &slow);

/// Checks a schedule against every constraint of the model, independently of how it was found. The error names the
/// constraint, the actor or edge, and the beat.
llvm::Error verifyPeriodicSchedule(const DataflowGraph &graph, const PeriodicSchedule &schedule);

} // namespace xplat

#endif // XPLAT_ANALYSIS_PERIODICSCHEDULE_H

//===- FirstSample.h - When the beats of the first sample pass --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The times of a run with one sample, whose sources are as fast as they can be,
// without stepping through its cycles. Every time is the maximum of earlier
// times plus constants (docs/Model.md), so the run is the least solution of
// these equations. It is found actor by actor: an actor's beats in one loop,
// with the times at which its neighbours offer and take as known so far. These
// times only rise, from no stalls at all, until no equation is violated
// (docs/Rationale/0028). `simulate` finds the same times cycle by cycle.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_FIRSTSAMPLE_H
#define XPLAT_ANALYSIS_FIRSTSAMPLE_H

#include "xplat/Analysis/DataflowGraph.h"

#include <optional>

namespace xplat {

/// Times are ticks, counted from the first cycle of the run.
struct FirstSample {
  /// When the consumer takes each beat of an edge.
  std::vector<std::vector<int64_t>> taken;
  /// When the last beat is taken by a sink.
  int64_t latency = 0;
  /// Beats computed, those that were computed again counted again.
  int64_t work = 0;
};

/// The run of the first sample. None where the equations do not describe the graph: where clocks differ, an actor
/// stops as a whole while its result is not taken (`Flow::direct` with a pipeline), or a beat leaves on no edge. None
/// either where the times go on rising, as they do in a deadlock.
std::optional<FirstSample> findFirstSample(const DataflowGraph &graph);

/// At least how long the first sample takes, whatever FIFOs there are: its latency if no beat had to wait for its
/// consumer. None where there is no `FirstSample`.
std::optional<int64_t> findLeastLatency(const DataflowGraph &graph);

} // namespace xplat

#endif // XPLAT_ANALYSIS_FIRSTSAMPLE_H

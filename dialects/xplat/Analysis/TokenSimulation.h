//===- TokenSimulation.h - Runs a dataflow graph beat by beat ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cycle-accurate at the granularity of beats; cycles in which nothing can
// happen are skipped. Edges may carry FIFOs that are not in the IR (yet). Where
// clocks differ, all have an edge at tick 0, and synchronizers are never late.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_TOKENSIMULATION_H
#define XPLAT_ANALYSIS_TOKENSIMULATION_H

#include "xplat/Analysis/DataflowGraph.h"

#include <cstdlib>
#include <limits>
#include <optional>

namespace xplat {

struct SimulationOptions {
  /// Ticks per sample that sources keep, beats spread evenly; 0: as fast as beats are taken.
  int64_t sourcePeriod = 0;
  /// Depth of the FIFO on each edge, 0 for none; empty: none anywhere.
  llvm::SmallVector<int64_t> depths;
  /// Samples that sources offer.
  int64_t sourceSamples = std::numeric_limits<int64_t>::max();
  /// Samples after which the simulation gives up finding a repetition.
  int64_t maxSamples = 256;
  /// Ticks after which it gives up.
  int64_t maxCycles = int64_t(1) << 40;
  /// How often actors are looked at until it gives up.
  int64_t maxWork = std::numeric_limits<int64_t>::max();
  /// Where to note, for each edge, when its consumer takes each beat; null: nowhere.
  std::vector<std::vector<int64_t>> *taken = nullptr;
};

/// Cycles are ticks here: those of the clocks' lowest common multiple.
struct SimulationResult {
  /// Actors that wait for one another when nothing can move any more; empty otherwise.
  llvm::SmallVector<unsigned> deadlock;
  /// Cycles from the first beat of the first sample to its last result beat.
  int64_t firstLatency = 0;
  /// The steady state, once the state has repeated: `periodCycles` for `periodSamples` samples.
  int64_t periodCycles = 0, periodSamples = 0;
  /// Samples that left, and cycles that went by, before the state repeated or the limit was reached.
  int64_t samples = 0, cycles = 0;
  /// How often an actor was looked at, and whether the simulation gave up because of that.
  int64_t work = 0;
  bool gaveUp = false;
  /// How many of the last samples left at one distance, the last of these distances, and their sum. Where clocks
  /// differ, distances that are less than a cycle of the slowest apart count as one.
  int64_t evenSamples = 0, evenCycles = 0, evenSum = 0;
  /// Ticks by which the sum may differ from a number of periods.
  int64_t slack = 0;
  /// The edge inside the system that refused its producer's beat most often.
  std::optional<unsigned> mostBlocked;

  bool repeats() const { return periodSamples > 0; }
  /// Whether the steady state takes exactly `cycles` per sample.
  bool hasPeriod(int64_t cycles) const { return repeats() && periodCycles == cycles * periodSamples; }
  /// Whether it does, as far as a state that does not repeat in time can tell: room before the
  /// slowest node may take thousands of samples to fill, which nothing after it notices.
  bool seemsToHavePeriod(int64_t cycles) const {
    return repeats() ? hasPeriod(cycles) : evenSamples >= 8 && std::abs(evenSum - evenSamples * cycles) <= slack;
  }
  double getPeriod() const { return repeats() ? double(periodCycles) / double(periodSamples) : 0; }
};

SimulationResult simulate(const DataflowGraph &graph, const SimulationOptions &options);

} // namespace xplat

#endif // XPLAT_ANALYSIS_TOKENSIMULATION_H

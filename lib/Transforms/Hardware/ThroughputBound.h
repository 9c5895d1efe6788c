//===- ThroughputBound.h - What no mapping can beat -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A lower bound on cycles per sample that does not depend on any solver, and
// why a graph does not fit a system at all.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_THROUGHPUTBOUND_H
#define XPLAT_TRANSFORMS_HARDWARE_THROUGHPUTBOUND_H

#include "Transforms/Hardware/PartitionProblem.h"

namespace xplat {

/// Cycles are ticks here: those of the system's clock, or of the lowest common multiple where clocks differ.
struct ThroughputBound {
  int64_t cycles = 1;
  BoundKind kind = BoundKind::node;
  std::string reason;
};

/// The smallest number of cycles per sample for which, of every resource, the
/// least that each node needs to be that fast adds up to no more than may be
/// used in the system; and no less than any node needs at the fastest that may
/// be used of one device holds, or than the host's samples take through the
/// memories. `maxUtilization`: share of each device's resources that may be
/// used, rounded down; 1 for the bound of the whole devices.
ThroughputBound getThroughputBound(MappingGraph &graph, const std::vector<Configurations> &choices,
                                   const SystemModel &system, const DeviceKinds &kinds, double maxUtilization);

/// Sum over all nodes of the least amounts that reach `cycles`; none when a node cannot.
std::optional<Area> sumLeastAreas(const std::vector<Configurations> &choices, int64_t cycles);

/// All numbers of cycles that some choice of some node has, ascending.
std::vector<int64_t> getCycleCounts(const std::vector<Configurations> &choices);

/// The placement that came nearest to a legal one, with the area of each node in it.
struct NearMiss {
  PartitionProblem::Evaluation evaluation;
  std::vector<Area> areas;

  /// Keeps the nearer one.
  void offer(const PartitionProblem &problem, const PartitionProblem::Evaluation &other);
};

/// Reports why no mapping with at most `ticks` per sample exists or was found: which
/// resource is short, by how much, which nodes need it, what would make it fit.
mlir::LogicalResult reportMisfit(MappingGraph &graph, const std::vector<Configurations> &choices,
                                 const SystemModel &system, const DeviceKinds &kinds, double maxUtilization,
                                 int64_t ticks, const NearMiss &nearMiss);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_THROUGHPUTBOUND_H

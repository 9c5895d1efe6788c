//===- BalanceProblem.h - Choices for a given rate --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One choice, a kernel with unroll factors, per node, so that every node has at most a given
// number of cycles, and the weighted area of nodes and width converters is least.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_BALANCEPROBLEM_H
#define XPLAT_TRANSFORMS_HARDWARE_BALANCEPROBLEM_H

#include "Transforms/Hardware/Configurations.h"
#include "Transforms/Hardware/StructurePlan.h"

namespace xplat {

/// How much one unit of each resource counts.
using Weights = llvm::SmallVector<double, 6>;

/// Each resource is weighted by the inverse of its amount in `total`.
Weights getWeights(const Area &total, unsigned numResources);
double weigh(const Area &area, const Weights &weights);

struct BalanceProblem {
  MappingGraph &graph;
  const std::vector<Configurations> &choices;
  StructureCosts &structure;
  /// What width converters are on.
  DeviceOp device;
  /// Most cycles per sample that a node may have.
  int64_t cycles = 0;
  Weights weights = {};
};

/// Stands for the choice of a node that has none that is fast enough.
inline constexpr unsigned noChoice = ~0u;

/// The choice of each node.
/// Starts from the lightest choice of each node and lets one node after the
/// other follow the lanes of its neighbours until nothing gets lighter.
llvm::SmallVector<unsigned> solveByDescent(const BalanceProblem &problem);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_BALANCEPROBLEM_H

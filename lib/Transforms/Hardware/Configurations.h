//===- Configurations.h - The unroll choices of a node ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All legal unroll factors of a node with their costs, without those that another
// choice with the same lanes beats in cycles and in every resource.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_CONFIGURATIONS_H
#define XPLAT_TRANSFORMS_HARDWARE_CONFIGURATIONS_H

#include "Transforms/Hardware/MappingGraph.h"

namespace xplat {

struct Configuration {
  llvm::SmallVector<int64_t, 6> unroll;
  llvm::SmallVector<int64_t, 2> operandLanes;
  int64_t resultLanes = 1;
  int64_t cycles = 0;
  Area area = {};
};

/// The choices of one node, by ascending cycles.
using Configurations = std::vector<Configuration>;

/// The choices of every node of the graph; reports an error for nodes that are
/// not bound and for those whose kernel fits at no unroll.
mlir::FailureOr<std::vector<Configurations>> enumerateConfigurations(MappingGraph &graph, const KernelLibrary &library);

/// Those choices whose area is within one of `budgets`, one budget per device:
/// a node runs on one device.
std::vector<Configurations> keepPlaceable(const std::vector<Configurations> &choices, llvm::ArrayRef<Area> budgets);

/// The choice that the node's attributes make, in the same form.
mlir::FailureOr<Configuration> getPresentConfiguration(NodeOpInterface node, const KernelLibrary &library);

/// The least amount of each resource that a node needs to have at most `cycles`
/// cycles: one minimum for each kind, over all choices.
std::optional<Area> getLeastAreas(const Configurations &choices, int64_t cycles);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_CONFIGURATIONS_H

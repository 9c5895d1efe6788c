//===- Configurations.h - The unroll choices of a node ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All legal unroll factors of a node with their costs, without those that another
// choice with the same lanes beats in cycles and in every resource. Factors that the
// node's attribute fixes are kept.
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
  /// Cycles from the last input beat that the first result beat needs to that result beat.
  int64_t latency = 0;
  Area area = {};
};

/// The choices of one node, by ascending cycles.
using Configurations = std::vector<Configuration>;

/// The choices of every node of the graph, those alone that agree with its fixed factors if `keepFixed`; reports an
/// error for nodes that are not bound and for those whose kernel fits at no unroll.
mlir::FailureOr<std::vector<Configurations>> enumerateConfigurations(MappingGraph &graph, const KernelLibrary &library,
                                                                     bool keepFixed);

/// Those choices whose area is within one of `budgets`, one budget per device:
/// a node runs on one device.
Configurations keepPlaceable(const Configurations &choices, llvm::ArrayRef<Area> budgets);

/// The choice that the node's attributes make, in the same form.
mlir::FailureOr<Configuration> getPresentConfiguration(NodeOpInterface node, const KernelLibrary &library);

/// The least amount of each resource that a node needs to have at most `cycles`
/// cycles: one minimum for each kind, over all choices.
std::optional<Area> getLeastAreas(const Configurations &choices, int64_t cycles);

/// Ticks from the first input beat to the last result beat of one sample, when nothing but the slowest node before it
/// slows a node down.
class LatencyModel {
public:
  explicit LatencyModel(MappingGraph &graph);
  /// `ticks`: of a cycle of each node's clock.
  int64_t estimate(llvm::ArrayRef<const Configuration *> choices, llvm::ArrayRef<int64_t> ticks) const;

private:
  /// What the first result element of a node needs of one operand.
  struct Need {
    unsigned producer;
    uint64_t required, elements;
  };
  std::vector<llvm::SmallVector<Need>> needs;
};

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_CONFIGURATIONS_H

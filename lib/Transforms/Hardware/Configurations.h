//===- Configurations.h - The choices of a node -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A configuration is a kernel with unroll factors. All kernels of the library that
// fit a node compete: its choices are those of every kernel, with their costs,
// without those that another choice with the same lanes beats in cycles and in every
// resource. A kernel and factors that the node's attributes fix are kept.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_CONFIGURATIONS_H
#define XPLAT_TRANSFORMS_HARDWARE_CONFIGURATIONS_H

#include "Transforms/Hardware/MappingGraph.h"

#include "mlir/Pass/AnalysisManager.h"

#include <map>

namespace xplat {

/// The devices of a system in kinds: what a node costs is the same on all devices of a kind.
struct DeviceKinds {
  DeviceKinds(const SystemModel &system, CostModel &costs);

  /// A device of each kind.
  llvm::SmallVector<DeviceOp> devices;
  /// The kind of each instance.
  llvm::SmallVector<unsigned> ofInstance;
};

struct Configuration {
  KernelOp kernel;
  llvm::SmallVector<int64_t, 6> unroll;
  llvm::SmallVector<int64_t, 2> operandLanes;
  int64_t resultLanes = 1;
  /// The most on any kind of device that can have it.
  int64_t cycles = 0;
  /// Cycles from the last input beat that the first result beat needs to that result beat.
  int64_t latency = 0;
  /// The area on each kind of device; none on a kind that cannot have it.
  llvm::SmallVector<std::optional<Area>, 1> areas;

  /// The area on the first kind of device that can have it.
  const Area &getArea() const {
    return **llvm::find_if(areas, [](auto &area) { return area.has_value(); });
  }
};

/// The choices of one node, by ascending cycles.
using Configurations = std::vector<Configuration>;

/// The choices of nodes, found once for all nodes that are alike. An analysis, which lives as long as the cost model.
class ConfigurationSpace {
public:
  ConfigurationSpace(mlir::ModuleOp module, mlir::AnalysisManager &analyses);
  bool isInvalidated(const mlir::AnalysisManager::PreservedAnalyses &preserved) {
    return !preserved.isPreserved<ConfigurationSpace>() || !preserved.isPreserved<CostModel>();
  }

  /// The choices of every node of the graph that agree with what its attributes fix; reports an error for nodes that no
  /// kernel fits.
  mlir::FailureOr<std::vector<Configurations>> enumerate(MappingGraph &graph, const DeviceKinds &kinds);
  /// The same as if nothing was fixed, for a bound: a configuration is one choice for each kind of device that can have
  /// it, with its cycles and its area there.
  mlir::FailureOr<std::vector<Configurations>> enumerateFree(MappingGraph &graph, const DeviceKinds &kinds);
  /// The choice that the node's attributes make, in the same form; reports an error when there is none.
  mlir::FailureOr<Configuration> getPresent(NodeOpInterface node, const DeviceKinds &kinds);
  /// Sets of choices that were found anew.
  unsigned getNumSets() const { return known.size(); }

private:
  using Key = std::pair<llvm::SmallVector<const void *>, llvm::SmallVector<int64_t>>;

  /// The choices on the kinds from `first` to before `end`.
  const Configurations &get(NodeOpInterface node, const DeviceKinds &kinds, unsigned first, unsigned end,
                            bool keepFixed);
  mlir::LogicalResult reportNone(NodeOpInterface node, const DeviceKinds &kinds, bool keepFixed);

  CostModel &costs;
  std::map<Key, Configurations> known;
};

/// Those choices whose area is within the budget of one of `instances`: a node runs on one device.
Configurations keepPlaceable(const Configurations &choices, const DeviceKinds &kinds,
                             llvm::ArrayRef<unsigned> instances, llvm::ArrayRef<Area> budgets);

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

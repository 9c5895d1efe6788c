//===- MappingGraph.h - What the mapping passes work on ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The nodes of a graph on tensors with their streams, and the system with its
// budgets, both by index. Invariant: nodes stand in the function's order, so
// every stream leads from a lower index to higher ones.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_MAPPINGGRAPH_H
#define XPLAT_TRANSFORMS_HARDWARE_MAPPINGGRAPH_H

#include "Transforms/Hardware/CablePlan.h"
#include "xplat/Analysis/Clocks.h"
#include "xplat/Analysis/CostSources.h"

#include <vector>

namespace xplat {

struct MappingGraph {
  /// An operand that reads a node's result.
  struct Use {
    unsigned node, operand;
  };
  mlir::func::FuncOp function;
  llvm::SmallVector<NodeOpInterface> nodes;
  /// Readers of each node's result.
  std::vector<llvm::SmallVector<Use>> uses;
  /// Producer of each operand of each node; -1 for an argument of the function.
  std::vector<llvm::SmallVector<int>> producers;

  /// The one function of the module that has nodes; reports an error when there is not exactly one.
  static mlir::FailureOr<MappingGraph> get(mlir::ModuleOp module);
  /// The result of a node as a stream of `lanes` lanes; of a node that leaves the system, what it takes out.
  StreamType getStream(unsigned node, int64_t lanes);
};

struct SystemModel {
  struct Instance {
    InstanceOp op;
    DeviceOp device;
    PlaceAttr place;
    Area resources;
    /// Ticks of a cycle of its clock, and which of the system's clocks that is.
    int64_t ticks = 1;
    unsigned clock = 0;
    /// Bits a cycle of its clock between all the device's memories and the device.
    int64_t memoryBits = 0;
  };
  SystemOp op;
  /// Times of the whole system are counted in their ticks.
  SystemClocks clocks;
  /// What areas have amounts of.
  ResourceNames resources;
  llvm::SmallVector<Instance> instances;

  explicit SystemModel(mlir::ModuleOp module) : resources(module) {}

  /// The system called `name`, or the module's only one when `name` is empty;
  /// reports an error that lists the systems there are.
  static mlir::FailureOr<SystemModel> get(mlir::ModuleOp module, llvm::StringRef name);
  std::optional<unsigned> find(PlaceAttr place) const;
  /// Cycles of the fastest clock in `ticks`; `undefinedValue` for that.
  int64_t getMostCycles(int64_t ticks) const {
    return ticks == undefinedValue ? ticks : ticks / clocks.getAllTicks().front();
  }
  /// The instance that is fixed for the node; none when placement may choose.
  std::optional<unsigned> getFixedInstance(NodeOpInterface node) const;
  /// Reports nodes that are fixed to no instance of this system.
  mlir::LogicalResult checkFixedInstances(const MappingGraph &graph) const;
  /// Sum over all instances.
  Area getTotal() const;
  /// What may be used of an instance: `maxUtilization` of each resource, rounded down.
  Area getBudget(unsigned instance, double maxUtilization) const;
  /// The budget of each instance.
  llvm::SmallVector<Area> getBudgets(double maxUtilization) const;
  /// The instances on which the node may be.
  llvm::SmallVector<unsigned> getInstances(NodeOpInterface node) const;
};

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_MAPPINGGRAPH_H

//===- DataflowSupport.h - What the dataflow passes share -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_HARDWARE_DATAFLOWSUPPORT_H
#define XPLAT_TRANSFORMS_HARDWARE_DATAFLOWSUPPORT_H

#include "xplat/Analysis/CostSources.h"
#include "xplat/IR/Xplat.h"

#include "llvm/ADT/MapVector.h"

namespace xplat {

/// The answer of the hardware passes: the mapping, its graph and its system.
struct MappedGraph {
  MappingOp mapping;
  mlir::func::FuncOp graph;
  SystemOp system;
};

/// The module's mapping; reports an error when there is not exactly one or its symbols are unknown.
mlir::FailureOr<MappedGraph> getMappedGraph(mlir::ModuleOp module);

/// The nodes of the graph, in order.
llvm::SmallVector<NodeOpInterface> getNodes(mlir::func::FuncOp graph);

/// Whether `op` is a node at which a result leaves the system.
bool leavesSystem(mlir::Operation *op);

/// Binds a structure op to the first kernel that fits and notes rate and area; reports why none fits.
mlir::LogicalResult bindStructure(NodeOpInterface node, CostModel &costs);

/// The resources of each instance that the graph's nodes use. A node with results
/// on another device counts on both.
llvm::MapVector<PlaceAttr, Area> sumAreas(mlir::func::FuncOp graph, ResourceNames &resources);

/// `origin`'s location under the name `name`.
mlir::Location getNamedLocation(mlir::Operation *origin, const llvm::Twine &name);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_DATAFLOWSUPPORT_H

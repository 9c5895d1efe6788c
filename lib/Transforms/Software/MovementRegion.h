//===- MovementRegion.h - Nodes that may follow any order -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_SOFTWARE_MOVEMENTREGION_H
#define XPLAT_TRANSFORMS_SOFTWARE_MOVEMENTREGION_H

#include "Transforms/Graph.h"

#include "llvm/ADT/SetVector.h"

#include <memory>

namespace xplat {

/// Where a region's values come from or go to, and the order in which elements travel there.
struct Neighbour {
  mlir::Operation *op;
  Rearrangement order;
  /// Whether `op` can take, or give, any order.
  bool follows;
};

/// Nodes that move elements, element-wise nodes and scales of channels, as far as they hang together. All values have
/// equally many elements.
struct MovementRegion {
  llvm::SetVector<mlir::Operation *> nodes;
  /// Where each value has the elements of the first one; see `locate`.
  llvm::SmallDenseMap<mlir::Value, std::shared_ptr<const Rearrangement>> places;
  /// Values of other nodes that the region reads, without constants.
  llvm::SetVector<mlir::Value> inputs;
  /// Its readers outside.
  llvm::SmallVector<mlir::OpOperand *> outputs;

  /// The region around `start`, which can join one.
  static MovementRegion grow(mlir::Operation *start);
  /// Fills `places`; false when an element-wise node reads the same elements in two orders, or extents do not nest.
  bool locate();
  /// All neighbours but constants, inputs first, with the order in which elements travel there; none when extents do
  /// not nest. Orders are of the elements of the first value.
  llvm::SmallVector<Neighbour> getNeighbours() const;
};

/// Whether a node can be part of a region: it moves elements, is element-wise or scales channels, on f32 without
/// blocks, and nobody has chosen the order of its result.
bool canJoinRegion(mlir::Operation *op);
/// Whether elements share bits with their neighbours in the format of the result of `op`, in the one requested for it,
/// or in that of the node whose elements it moves, so that another order changes values.
bool hasBlocks(mlir::Operation *op);
/// The rearrangement of a node that only moves elements; none for other nodes, and for those that round.
std::optional<Rearrangement> getMoves(mlir::Operation *op);
/// Whether the node changes the order of the elements in the stream.
bool changesOrder(mlir::Operation *op);
/// Whether a weight of f32 may be permuted along dimension `dim`: no requested scales or blocks depend on the order.
bool canPermute(WeightedOpInterface op, int64_t dim);
/// The node that computes `value` if it can give a vector in any order, by the rows of its weight.
WeightedOpInterface getRowNode(mlir::Value value);
/// The reader of `use` if it can take a vector in any order, by the columns of its weight.
WeightedOpInterface getColumnNode(mlir::OpOperand &use);
/// The op as a node of the host interface; null for others.
HostBoundaryOpInterface getHost(mlir::Operation *op);
/// Whether `value` depends on no sample.
inline bool isConstant(mlir::Value value) { return llvm::isa_and_nonnull<ConstantOpInterface>(value.getDefiningOp()); }
inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) { return getDataShape(value.getType()); }

} // namespace xplat

#endif // XPLAT_TRANSFORMS_SOFTWARE_MOVEMENTREGION_H

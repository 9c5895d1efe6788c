//===- Layout.h - In which order elements travel ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stream says in its type in which order its dimensions travel and which tile
// of them is a beat. A tensor says its order in its encoding, `#xplat.order`,
// once somebody has chosen one; until then it has the default order.
//
// Included before the generated declarations.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_LAYOUT_H
#define XPLAT_IR_LAYOUT_H

#include "xplat/IR/Rearrangement.h"

#include "mlir/IR/Operation.h"
#include "mlir/IR/Types.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace xplat {

class StreamType;

/// How the layouts of a node's streams hang together.
enum class LayoutRule {
  /// Every stream travels in the default order, and the lanes of a beat lie along its innermost dimension.
  standard,
  /// All streams have one layout, whichever it is.
  equal,
  /// The op's own constraints say.
  own,
};

/// The dimensions of a tensor of this rank, outermost first, in the order in which they travel when nobody chooses
/// another: channels innermost in rank 4 (N, C, H, W), else row-major. This is the only place that knows a rule by
/// rank.
llvm::SmallVector<int64_t> getDefaultOrder(int64_t rank);
/// The dimension that holds a tensor's channels, whatever its layout: innermost in the default order; -1 for rank 0.
int64_t getChannelsDim(llvm::ArrayRef<int64_t> shape);
/// Extent of that dimension; 1 for rank 0.
int64_t getChannelsExtent(llvm::ArrayRef<int64_t> shape);

/// The dimensions of a tensor or a stream, outermost first, in the order in which they travel.
llvm::SmallVector<int64_t> getOrder(mlir::Type tensorOrStream);
/// Whether the type itself says its order: a stream, or a tensor for which somebody has chosen one.
bool hasOrder(mlir::Type tensorOrStream);
/// The dimension that travels innermost; -1 for rank 0.
int64_t getInnermostDim(mlir::Type tensorOrStream);
/// Its extent; 1 for rank 0.
int64_t getInnermostExtent(mlir::Type tensorOrStream);
/// From row-major positions in a tensor of shape `shape` to its default order.
Rearrangement getDefaultTravelOrder(llvm::ArrayRef<int64_t> shape);
/// From row-major positions to the sequence in which the elements travel. The elements of a beat count from lane 0.
Rearrangement getTravelOrder(mlir::Type tensorOrStream);
/// The tile of `lanes` elements that is a beat of a tensor that travels in `order`: along the innermost dimension, or,
/// where these are more than it has, whole fibers along it.
llvm::SmallVector<int64_t> getBeat(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> order, int64_t lanes);
/// The stream of a tensor or another stream: in its order, with such a beat.
StreamType getStream(mlir::Type tensorOrStream, int64_t lanes);
/// Bits of a sample at rest, where every block has its shared bits once.
int64_t getStoredBits(mlir::Type tensorOrStream);

namespace detail {
/// Bits of `runs` runs of `run` elements each along a dimension of `extent` elements in which the blocks of `format`
/// run: the elements, and with each run the shared bits of every block that it touches, as many as any run of the
/// stream touches.
int64_t getBeatBits(mlir::Type format, int64_t extent, int64_t run, int64_t runs);
/// The rule of a node for which its op has none.
LayoutRule getDefaultLayoutRule(mlir::Operation *node);
/// Whether elements travel in the same sequence before `moves`, as `in` does, and after it, as `out` does.
bool keepsTravelOrder(const Rearrangement &moves, mlir::Type in, mlir::Type out);
/// Constraint N5 of docs/Spec.md.
mlir::LogicalResult verifyLayouts(mlir::Operation *node);
} // namespace detail

} // namespace xplat

#endif // XPLAT_IR_LAYOUT_H

//===- Nodes.h - Helpers shared by the ops' implementations -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_IR_NODES_H
#define XPLAT_IR_NODES_H

#include "xplat/IR/Xplat.h"

namespace xplat::detail {

/// How a window slides along one dimension of its operand. `before` and `after`: elements of padding.
struct WindowDim {
  int64_t kernel, stride, dilation, before, after;

  /// Elements from the first to the last of a window, and of a padded operand; the largest number where it would be
  /// larger than that.
  int64_t getExtent() const;
  int64_t getPadded(int64_t in) const;
  /// Extent of the result, 0 when no window fits.
  int64_t getResult(int64_t in) const {
    int64_t padded = getPadded(in), extent = getExtent();
    return padded < extent ? 0 : (padded - extent) / stride + 1;
  }
};
/// Along height and width.
using Window = std::array<WindowDim, 2>;

/// A tensor or stream has at most this many elements, so that no count overflows.
constexpr int64_t maxElements = int64_t(1) << 40;

/// Operations of a softmax on each element: compare, subtract, exponential, add, divide.
constexpr int64_t softmaxOperations = 5;

/// Static, positive extents and at most `maxElements` elements.
bool isBoundedShape(llvm::ArrayRef<int64_t> shape);
/// Whether a number format has one scale for all elements, as what streams must.
bool isStreamFormat(mlir::Type type);
/// Whether blocks of the number format run along a dimension of a tensor of `rank`.
bool hasBlockAxis(mlir::Type type, size_t rank);
/// `(expected … but got …)` when two shapes differ.
mlir::LogicalResult verifySameShape(mlir::Operation *op, mlir::Type a, mlir::Type b, llvm::StringRef constraint);
/// The parameter exists and has `shape`.
mlir::LogicalResult verifyParam(mlir::Operation *op, mlir::FlatSymbolRefAttr symbol, llvm::ArrayRef<int64_t> shape,
                                llvm::StringRef role, llvm::StringRef constraint, mlir::SymbolTableCollection &symbols);
/// Formats of the ports (x, y) of a node with any number of operands: of the first and of the result.
llvm::SmallVector<mlir::Type> getFirstPortFormats(mlir::Operation *node);
/// Kernel symbols of a node that only moves elements, and their values. `digits`: how many the map has, -1 for none.
/// `windows`, `window`, `offset`: windows, positions in each, and the first position. `extent_0`, `stride_0`, …: the
/// digits, innermost first; the others have the extent 1. All in elements.
llvm::SmallVector<llvm::StringRef> getTravelNames();
llvm::SmallVector<int64_t> getTravelConstants(const std::optional<TravelMap> &map);
/// A real number as a kernel symbol: the bits of the IEEE 754 single that is nearest to it.
int64_t getSingleBits(const llvm::APFloat &value);
/// Whether a format other than f32 is requested for the result of `op` or its weight. Whoever removes such a node has
/// to move the request to the node that replaces it.
bool hasOwnFormat(mlir::Operation *op);
/// The node whose requested format is that of the result of `op`: itself or, where it keeps its operand's format, a
/// preceding one; null when no format can be requested for `op`.
CalibratedOpInterface getFormatSource(mlir::Operation *op);
/// Gives `to`, which replaces `from`, the calibrated range and the requested format of `from`.
void copyCalibration(mlir::Operation *from, mlir::Operation *to);
/// Element type of the parameter; null when the symbol is null or unknown.
mlir::Type paramFormat(mlir::Operation *op, mlir::FlatSymbolRefAttr symbol);

/// The location of a node that takes a part of the work of `node`: it is called `part` of that node, or like the node
/// itself when `part` is empty.
mlir::Location getPartLoc(mlir::Operation *node, llvm::StringRef part);

/// Builds a node of one result with the given properties; the mapping and calibration are absent.
template <typename OpT>
mlir::Value createNode(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, mlir::ValueRange operands,
                       const typename OpT::Properties &properties = {}) {
  return OpT::create(builder, loc, mlir::TypeRange(type), operands, properties)->getResult(0);
}

} // namespace xplat::detail

/// A node whose channels are its last dimension.
#define XPLAT_CHANNELS_LAST(OpT)                                                                                       \
  int64_t OpT::getChannelDim() { return static_cast<int64_t>(::xplat::getDataShape(getType()).size()) - 1; }

/// A node without symbols to look up.
#define XPLAT_NO_SYMBOLS(OpT)                                                                                          \
  ::mlir::LogicalResult OpT::verifySymbolUses(::mlir::SymbolTableCollection &) { return ::mlir::success(); }

#endif // XPLAT_IR_NODES_H

//===- CanonicalizeSupport.h - What canonicalizations share -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_IR_CANONICALIZESUPPORT_H
#define XPLAT_IR_CANONICALIZESUPPORT_H

#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

#include "mlir/IR/PatternMatch.h"

namespace xplat::detail {

inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) { return getDataShape(value.getType()); }

inline bool isF32(mlir::Value value) { return getDataElement(value.getType()).isF32(); }

/// A node of the graph, not of the mapping.
inline bool isUnmapped(mlir::Operation *op) {
  auto node = mlir::cast<NodeOpInterface>(op);
  return mlir::isa<mlir::RankedTensorType>(op->getResult(0).getType()) && !node.isMapped();
}

/// A node of the graph that returns elements unchanged: operand and result share a format without blocks.
inline bool isExactMove(mlir::Operation *op) {
  mlir::Type element = getDataElement(op->getResult(0).getType());
  auto format = mlir::dyn_cast<NumberFormatTypeInterface>(element);
  return isUnmapped(op) && format && format.getBlockSize() == 1 &&
         llvm::all_of(op->getOperandTypes(), [&](mlir::Type type) { return getDataElement(type) == element; });
}

/// The operation of class OpT before `value`, when both only move elements and it may be passed by.
template <typename OpT> OpT moveBefore(mlir::Operation *op, mlir::Value value) {
  auto before = value.getDefiningOp<OpT>();
  return before && isExactMove(op) && isExactMove(before) && !hasOwnFormat(before) ? before : OpT();
}

/// Replaces `op` by a node of class OpT, which computes the same, with the range and the requested format of `op`.
template <typename OpT>
void replaceNode(mlir::PatternRewriter &rewriter, mlir::Operation *op, mlir::ValueRange operands,
                 const typename OpT::Properties &properties = {}) {
  mlir::Value value = createNode<OpT>(rewriter, op->getLoc(), op->getResult(0).getType(), operands, properties);
  copyCalibration(op, value.getDefiningOp());
  rewriter.replaceOp(op, value);
}

/// Replaces a node that moves elements of a uniform constant by that constant in the new shape.
mlir::LogicalResult moveUniform(mlir::Operation *op, mlir::PatternRewriter &rewriter);

} // namespace xplat::detail

#endif // XPLAT_IR_CANONICALIZESUPPORT_H

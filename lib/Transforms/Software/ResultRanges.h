//===- ResultRanges.h - Magnitudes and signs of results ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formats flow backwards through nodes that only select among the elements of
// their first operand (relu, max_pool2d, reshape), because these commute with
// rounding and saturation. So a convolution before a relu spends no range on
// values that the relu drops, and nothing is rounded twice.
//
// Fixed point of a requested width has no sign where no value can be negative,
// whatever the samples and the parameters are (`isNeverNegative`). Where all that
// read a value select from it what is never negative, such as relus, it has no
// sign either: what is negative saturates at zero, which is what they make of it.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_SOFTWARE_RESULTRANGES_H
#define XPLAT_TRANSFORMS_SOFTWARE_RESULTRANGES_H

#include "xplat/IR/Xplat.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <optional>

namespace xplat {

/// The formats that a node shall have: those requested for it, or else 8 bits of fixed point.
struct FormatRequest {
  mlir::Type value, weight;
  bool perChannel, ownValue; // whether the node itself says the value's format

  static FormatRequest of(CalibratedOpInterface node);
};

/// What the results of a graph of f32 have to hold.
class ResultRanges {
public:
  ResultRanges() = default;
  /// `nodes`: all of the graph, in order.
  explicit ResultRanges(llvm::ArrayRef<NodeOpInterface> nodes);

  /// Largest magnitude that the format of a result has to hold; none when not known.
  std::optional<double> getMagnitude(mlir::Value result) const;
  /// Whether a result needs no sign.
  bool needsNoSign(mlir::Value result) const { return neverNegative.contains(result) || clipped.contains(result); }

private:
  void collectMagnitude(NodeOpInterface node);
  void collectSign(NodeOpInterface node);
  bool isClipped(mlir::Value value) const;

  llvm::DenseMap<mlir::Value, double> magnitudes;
  /// Values without negative elements, and those that lose theirs to all who read them.
  llvm::DenseSet<mlir::Value> neverNegative, clipped;
};

} // namespace xplat

#endif // XPLAT_TRANSFORMS_SOFTWARE_RESULTRANGES_H

//===- AffineArithmetic.h - Element-wise nodes that scale and shift -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_SOFTWARE_AFFINEARITHMETIC_H
#define XPLAT_TRANSFORMS_SOFTWARE_AFFINEARITHMETIC_H

#include "Transforms/Graph.h"

namespace xplat {

/// Builds nodes on constants: tensors of f32 that depend on no sample.
class ConstantBuilder {
public:
  ConstantBuilder(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  mlir::Value number(double value, llvm::ArrayRef<int64_t> shape);
  mlir::Value param(mlir::FlatSymbolRefAttr symbol, llvm::ArrayRef<int64_t> shape);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value subtract(mlir::Value a, mlir::Value b);
  mlir::Value multiply(mlir::Value a, mlir::Value b);
  mlir::Value divide(mlir::Value a, mlir::Value b);
  mlir::Value negate(mlir::Value a);
  mlir::Value reshape(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  mlir::Value broadcast(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  /// Sum over dimensions, which disappear.
  mlir::Value sum(mlir::Value value, llvm::ArrayRef<int64_t> dims);

private:
  mlir::Type type(llvm::ArrayRef<int64_t> shape);
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

/// x · scale + shift as constants of one shape; null stands for one and for zero.
struct ScaleAndShift {
  mlir::Value scale, shift;
};

/// An element-wise node that scales and shifts one operand by constants that differ along one dimension at most.
struct AffineNode {
  ElementwiseOpInterface node;
  mlir::Value operand;
  /// The dimension along which constants differ; none when each is one element.
  std::optional<int64_t> dim;
  /// Whether every constant is a number, and no parameter.
  bool isNumeric = true;
  /// Whether it divides.
  bool divides = false;

  /// The scale and the shift for each of `channels` elements along the dimension.
  ScaleAndShift build(ConstantBuilder &builder, int64_t channels) const;
  /// The result for the element `x` of the operand, if every constant is a number.
  std::optional<double> evaluate(double x) const;
};

/// Values of a module's graph that depend on no sample and of which nothing is rounded. They are found once; none of
/// their nodes may be erased while this is used.
class ExactConstants {
public:
  explicit ExactConstants(mlir::ModuleOp module);
  bool contains(mlir::Value value) const { return nodes.contains(value.getDefiningOp()); }

private:
  llvm::DenseSet<mlir::Operation *> nodes;
};

/// Reads the scalar arithmetic of a node on f32; none for other nodes, or if a format is requested for a constant of
/// it.
std::optional<AffineNode> findAffineNode(ElementwiseOpInterface node, const ExactConstants &constants);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_SOFTWARE_AFFINEARITHMETIC_H

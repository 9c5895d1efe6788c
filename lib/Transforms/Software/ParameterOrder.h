//===- ParameterOrder.h - Parameters in another order -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_SOFTWARE_PARAMETERORDER_H
#define XPLAT_TRANSFORMS_SOFTWARE_PARAMETERORDER_H

#include "Transforms/Graph.h"

namespace xplat {

/// Derives parameters that hold the elements of others in another order. Users that agree share one.
class ParameterOrder {
public:
  explicit ParameterOrder(mlir::SymbolTable &symbols) : symbols(symbols) {}

  /// Permutes the slices of the node's weight along dimension `dim` of two; along dimension 0 those of its bias too.
  void permute(WeightedOpInterface node, int64_t dim, const Rearrangement &moves);
  /// The constant with its elements moved, in the shape of `type`.
  mlir::Value moveConstant(mlir::OpBuilder &builder, mlir::Value constant, const Rearrangement &moves,
                           mlir::RankedTensorType type);

private:
  /// `symbol`, seen in the shape `outer` x factors of `moves` x `inner`, with the factors permuted, in shape `shape`.
  mlir::FlatSymbolRefAttr derive(mlir::Operation *user, mlir::FlatSymbolRefAttr symbol, llvm::ArrayRef<int64_t> outer,
                                 const Rearrangement &moves, llvm::ArrayRef<int64_t> inner,
                                 llvm::ArrayRef<int64_t> shape);
  mlir::FlatSymbolRefAttr step(mlir::Operation *user, mlir::FlatSymbolRefAttr symbol, llvm::StringRef suffix,
                               DerivationKind kind, mlir::DenseI64ArrayAttr argument, llvm::ArrayRef<int64_t> shape);

  mlir::SymbolTable &symbols;
  llvm::DenseMap<std::pair<mlir::Attribute, mlir::Type>, mlir::FlatSymbolRefAttr> derived;
};

} // namespace xplat

#endif // XPLAT_TRANSFORMS_SOFTWARE_PARAMETERORDER_H

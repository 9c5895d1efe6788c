//===- ConstantFunctions.h - Constants as functions of parameters -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_SOFTWARE_CONSTANTFUNCTIONS_H
#define XPLAT_TRANSFORMS_SOFTWARE_CONSTANTFUNCTIONS_H

#include "Transforms/Graph.h"

namespace xplat {

/// Makes parameters of nodes that depend on no sample: a private function holds the nodes, and the parameter is
/// derived by `evaluate`. Values are known in Python alone, and stay differentiable there.
class ConstantFunctions {
public:
  explicit ConstantFunctions(mlir::SymbolTable &symbols) : symbols(symbols) {}

  /// The nodes that compute the operands of `root`, and itself, in order.
  static llvm::SmallVector<mlir::Operation *> collect(mlir::Operation *root);
  /// The parameter that a constant node returns unchanged; null for other nodes.
  static ParamOp getParam(mlir::Operation *node);
  /// Declares a parameter called `name` + `suffix` with the value of `root`, which depends on constants alone, beside
  /// the graph. The parameters that constants stand for become arguments of the function, so that they stay trainable;
  /// those of other nodes it reads by their symbols.
  mlir::FlatSymbolRefAttr outline(mlir::Operation *root, llvm::StringRef name, llvm::StringRef suffix,
                                  SparsityAttr sparsity = {});

private:
  mlir::SymbolTable &symbols;
};

} // namespace xplat

#endif // XPLAT_TRANSFORMS_SOFTWARE_CONSTANTFUNCTIONS_H

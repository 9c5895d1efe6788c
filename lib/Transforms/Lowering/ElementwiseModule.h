//===- ElementwiseModule.h - Hardware of element-wise nodes -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_LOWERING_ELEMENTWISEMODULE_H
#define XPLAT_TRANSFORMS_LOWERING_ELEMENTWISEMODULE_H

#include "Transforms/Lowering/CirctBuilder.h"
#include "xplat/IR/Xplat.h"

namespace xplat::circt {

/// The hardware of an element-wise node.
struct ElementwiseModule {
  Module module;
  int64_t stages = 1;
  /// Beats of each operand that it takes while no result is taken: as many as it has places for results.
  int64_t places = 2;
};

/// Makes the modules of nodes whose kernel is generated from their datapath;
/// nodes with equal hardware share a module.
class ElementwiseModules {
public:
  explicit ElementwiseModules(CirctBuilder &builder) : builder(builder) {}

  /// The module of `node`: clk_i, rst_ni, one channel for each operand and the
  /// result, called as the node calls its ports. Fails with a diagnostic when a
  /// format is not fixed-point.
  mlir::FailureOr<ElementwiseModule> get(NodeOpInterface node, ElementwiseOpInterface elementwise);

private:
  CirctBuilder &builder;
  llvm::StringMap<ElementwiseModule> byFingerprint;
};

} // namespace xplat::circt

#endif // XPLAT_TRANSFORMS_LOWERING_ELEMENTWISEMODULE_H

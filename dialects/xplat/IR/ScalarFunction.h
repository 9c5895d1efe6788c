//===- ScalarFunction.h - What one element is computed by -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_IR_SCALARFUNCTION_H
#define XPLAT_IR_SCALARFUNCTION_H

#include "xplat/IR/Xplat.h"

namespace xplat {

/// The body takes `arguments` numbers of f32, holds operations of `arith` and `math` alone, and yields one f32. `owner`
/// reports what is wrong, under the two constraints.
mlir::LogicalResult verifyScalarFunction(mlir::Operation *owner, mlir::Region &body, size_t arguments,
                                         llvm::StringRef argumentsConstraint, llvm::StringRef bodyConstraint);

/// Why the function that `body` holds is not that of the node; nothing when both are the same operations on the same
/// arguments. The order in which they stand, and that of the operands of a commutative one, make no difference.
std::optional<std::string> explainOtherFunction(mlir::Region &body, ElementwiseOpInterface node);

} // namespace xplat

#endif // XPLAT_IR_SCALARFUNCTION_H

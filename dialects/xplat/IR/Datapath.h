//===- Datapath.h - An element-wise node as a datapath ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_IR_DATAPATH_H
#define XPLAT_IR_DATAPATH_H

#include "xplat/IR/Xplat.h"

namespace xplat {

/// Builds the exact result of `node` from one element of each operand. Nothing
/// when the node needs an operation that is not exact on fixed point (exp, a
/// division, …); `reason` then says which.
std::optional<FixedPoint> buildDatapath(ElementwiseOpInterface node, DatapathBuilder &builder,
                                        llvm::ArrayRef<FixedPoint> operands, std::string *reason = nullptr);

/// Whether there is such a result, whatever the formats of its operands; `constants`: for each of them the number that
/// it is, or none for a stream.
bool hasExactArithmetic(ElementwiseOpInterface node, llvm::ArrayRef<std::optional<double>> constants);

/// Why `node` has no such datapath in its formats; none when it has one.
std::optional<std::string> explainNoDatapath(ElementwiseOpInterface node);

} // namespace xplat

#endif // XPLAT_IR_DATAPATH_H

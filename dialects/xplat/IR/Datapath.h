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

/// The stored bits of `x` in a fixed-point format: rounded once, half to even, and saturated.
FixedPoint quantize(FixedPoint x, NumberFormatTypeInterface format, DatapathBuilder &builder);

/// What the datapath of a node becomes, for one element. See PipelinedDatapath.h.
struct DatapathCost {
  int64_t stages = 1;
  /// Bits of the registers between the stages: those with a multiplier on one side, and the others.
  int64_t multiplierBits = 0, registerBits = 0;
  /// Bits of carry chains, and inputs of other logic for each three of which a look-up table is counted.
  int64_t adderBits = 0, logicBits = 0;
  /// Products that take a multiplier each.
  int64_t products = 0;
};

/// Of `node` in its formats; one stage and nothing else when it has no datapath in them.
DatapathCost getDatapathCost(ElementwiseOpInterface node);

} // namespace xplat

#endif // XPLAT_IR_DATAPATH_H

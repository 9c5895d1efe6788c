//===- Accumulators.h - Accumulators of products of blocks -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_SOFTWARE_ACCUMULATORS_H
#define XPLAT_TRANSFORMS_SOFTWARE_ACCUMULATORS_H

#include "xplat/IR/Xplat.h"

namespace xplat {

/// Gives a product of two factors in block formats the accumulator for its result, whose format is chosen, and returns
/// it; null when the node is no such product, or its result is not fixed point. Every term is cut off, by less than one
/// place, so that the sum of all is less than a quarter of the result's last place too small.
NumberFormatTypeInterface setAccumulator(NodeOpInterface node);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_SOFTWARE_ACCUMULATORS_H

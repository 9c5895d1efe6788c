//===- Accumulators.cpp - Accumulators of products of blocks --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Software/Accumulators.h"

#include "Transforms/Software/RequestedFormats.h"

using namespace mlir;
using namespace xplat;

/// Places below the result's last one, beside those for the number of blocks, and above its highest one.
constexpr int64_t guardBits = 2, headroomBits = 2;

NumberFormatTypeInterface xplat::setAccumulator(NodeOpInterface node) {
  auto product = dyn_cast<ProductOpInterface>(node.getOperation());
  auto result = asFixedPoint(getDataElement(node->getResult(0).getType()));
  if (!product || !result)
    return {};
  auto [left, right] = product.getFactorFormats();
  int64_t block = cast<NumberFormatTypeInterface>(left).getBlockSize();
  if (block <= 1 || block != cast<NumberFormatTypeInterface>(right).getBlockSize())
    return {};
  std::optional<int64_t> blocks = product.countSummedBlocks(block);
  if (!blocks)
    return {};
  int64_t below = guardBits + llvm::Log2_64_Ceil(*blocks);
  FixedWidth width(result.getBitsPerElement() + result.isUnsigned() + below + headroomBits);
  Type format = makeFormat(node.getContext(), width, result.getFractionalBits(0) + below, false);
  product.setAccumulatorFormat(format);
  return cast<NumberFormatTypeInterface>(format);
}

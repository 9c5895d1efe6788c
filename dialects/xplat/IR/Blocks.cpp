//===- Blocks.cpp - Block formats in nodes and streams --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where blocks of a shared exponent run in a stream, and on which grid products
// of blocks are summed.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;

constexpr int64_t minAccumulatorBits = 2, maxAccumulatorBits = 48;

int64_t xplat::getBlockDim(Type format, int64_t rank) {
  int64_t axis = cast<NumberFormatTypeInterface>(format).getBlockAxis();
  return axis < 0 ? rank - 1 : axis;
}

bool xplat::hasInnermostBlocks(Type tensorOrStream) {
  auto format = dyn_cast<NumberFormatTypeInterface>(getDataElement(tensorOrStream));
  int64_t rank = getDataShape(tensorOrStream).size();
  return format && format.getBlockSize() > 1 && rank > 0 &&
         getBlockDim(format, rank) == getInnermostDim(tensorOrStream);
}

/// The accumulator of a product of blocks; null when its sums are exact.
static NumberFormatTypeInterface getAccumulator(Operation *op) {
  return dyn_cast_if_present<NumberFormatTypeInterface>(cast<ProductOpInterface>(op).getAccumulatorFormat());
}

int64_t xplat::detail::getAccumulatorBits(Operation *op) {
  NumberFormatTypeInterface accumulator = getAccumulator(op);
  return accumulator ? accumulator.getBitsPerElement() : 0;
}

int64_t xplat::detail::getAccumulatorFraction(Operation *op) {
  NumberFormatTypeInterface accumulator = getAccumulator(op);
  return accumulator ? accumulator.getFractionalBits(0) : 0;
}

LogicalResult xplat::detail::verifyAccumulator(Operation *op, ArrayRef<SummedDim> summed, StringRef constraint) {
  auto product = cast<ProductOpInterface>(op);
  Type type = product.getAccumulatorFormat();
  if (!type)
    return success();
  auto accumulator = dyn_cast<NumberFormatTypeInterface>(type);
  if (!accumulator || !accumulator.isFixedPoint() || accumulator.isUnsigned() || accumulator.isPerChannel() ||
      accumulator.getBitsPerElement() < minAccumulatorBits || accumulator.getBitsPerElement() > maxAccumulatorBits)
    return op->emitOpError() << "[" << constraint << "] expected signed fixed point of " << minAccumulatorBits << " to "
                             << maxAccumulatorBits << " bits with one scale as accumulator but got " << type;
  auto [left, right] = product.getFactorFormats();
  int64_t block = 0;
  for (auto [factor, along] : llvm::zip(std::array{left, right}, summed)) {
    auto format = dyn_cast_if_present<NumberFormatTypeInterface>(factor);
    if (!format || format.getBlockSize() <= 1 || (block && format.getBlockSize() != block) ||
        getBlockDim(format, along.rank) != along.dim)
      return op->emitOpError() << "[" << constraint
                               << "] expected two factors with blocks of one size along the dimension that is summed, "
                                  "as there is an accumulator, but got "
                               << left << " and " << right;
    block = format.getBlockSize();
  }
  if (!product.countSummedBlocks(block))
    return op->emitOpError() << "[" << constraint
                             << "] expected blocks of elements that are summed with each other, as "
                             << "there is an accumulator, but blocks of " << block << " hold others";
  auto result = dyn_cast<NumberFormatTypeInterface>(getDataElement(op->getResult(0).getType()));
  if (!result || !result.isFixedPoint())
    return op->emitOpError() << "[" << constraint << "] expected a result in fixed point, as there is an accumulator, "
                             << "but got " << op->getResult(0).getType();
  return success();
}

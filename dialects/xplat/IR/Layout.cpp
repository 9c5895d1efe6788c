//===- Layout.cpp - In which order elements travel ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Nodes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;
using namespace xplat;

SmallVector<int64_t> xplat::getDefaultOrder(int64_t rank) {
  return rank == 4 ? SmallVector<int64_t>{0, 2, 3, 1} : llvm::to_vector(llvm::seq<int64_t>(0, rank));
}

int64_t xplat::getChannelsDim(ArrayRef<int64_t> shape) {
  return shape.empty() ? -1 : getDefaultOrder(shape.size()).back();
}

int64_t xplat::getChannelsExtent(ArrayRef<int64_t> shape) { return shape.empty() ? 1 : shape[getChannelsDim(shape)]; }

static OrderAttr getChosenOrder(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? dyn_cast_or_null<OrderAttr>(tensor.getEncoding()) : OrderAttr();
}

bool xplat::hasOrder(Type type) { return isa<StreamType>(type) || getChosenOrder(type); }

SmallVector<int64_t> xplat::getOrder(Type type) {
  if (auto stream = dyn_cast<StreamType>(type))
    return SmallVector<int64_t>(stream.getOrder());
  if (OrderAttr chosen = getChosenOrder(type))
    return SmallVector<int64_t>(chosen.getDims());
  return getDefaultOrder(getDataShape(type).size());
}

int64_t xplat::getInnermostDim(Type type) {
  SmallVector<int64_t> order = getOrder(type);
  return order.empty() ? -1 : order.back();
}

int64_t xplat::getInnermostExtent(Type type) {
  int64_t dim = getInnermostDim(type);
  return dim < 0 ? 1 : getDataShape(type)[dim];
}

Rearrangement xplat::getDefaultTravelOrder(ArrayRef<int64_t> shape) {
  return Rearrangement::permute(shape, getDefaultOrder(shape.size()));
}

Rearrangement xplat::getTravelOrder(Type type) {
  auto stream = dyn_cast<StreamType>(type);
  SmallVector<int64_t> order = getOrder(type);
  SmallVector<int64_t> single(order.size(), 1);
  return Rearrangement::walkTiles(getDataShape(type), order, stream ? stream.getBeat() : ArrayRef<int64_t>(single));
}

SmallVector<int64_t> xplat::getBeat(ArrayRef<int64_t> shape, ArrayRef<int64_t> order, int64_t lanes) {
  SmallVector<int64_t> beat(order.size(), 1);
  // More lanes than the innermost dimension has elements go on in the dimension outside it.
  for (size_t dim = order.size(); dim-- > 0;) {
    bool fills = dim > 0 && lanes > shape[order[dim]] && lanes % shape[order[dim]] == 0;
    beat[dim] = fills ? shape[order[dim]] : lanes;
    lanes /= beat[dim];
    if (!fills)
      break;
  }
  return beat;
}

StreamType xplat::getStream(Type type, int64_t lanes) {
  ArrayRef<int64_t> shape = getDataShape(type);
  SmallVector<int64_t> order = getOrder(type);
  return StreamType::get(type.getContext(), shape, getDataElement(type), order, getBeat(shape, order, lanes));
}

int64_t xplat::detail::getBeatBits(Type type, int64_t extent, int64_t run, int64_t runs) {
  auto format = cast<NumberFormatTypeInterface>(type);
  int64_t block = format.getBlockSize(), touched = 0;
  if (format.getSharedBits() > 0) {
    // Where runs begin in a block repeats after so many runs.
    int64_t count = std::min(extent / run, block / std::gcd(block, run));
    for (int64_t index = 0; index < count; ++index)
      touched = std::max(touched, ((index + 1) * run - 1) / block - index * run / block + 1);
  }
  return runs * (run * format.getBitsPerElement() + touched * format.getSharedBits());
}

int64_t StreamType::getBeatBits() const {
  auto format = cast<NumberFormatTypeInterface>(getElementType());
  if (getShape().empty())
    return format.getBeatBits(1, 1, 1);
  int64_t dim = getBlockDim(format, getShape().size());
  int64_t run = getBeat()[llvm::find(getOrder(), dim) - getOrder().begin()];
  return format.getBeatBits(getShape()[dim], run, getLanes() / run);
}

int64_t xplat::getStoredBits(Type type) {
  ArrayRef<int64_t> shape = getDataShape(type);
  auto format = cast<NumberFormatTypeInterface>(getDataElement(type));
  int64_t extent = shape.empty() ? 1 : shape[getBlockDim(format, shape.size())];
  return format.getBeatBits(extent, extent, xplat::detail::product(shape) / extent);
}

//===----------------------------------------------------------------------===//
// Layouts of a node's streams
//===----------------------------------------------------------------------===//

bool xplat::detail::keepsTravelOrder(const Rearrangement &moves, Type in, Type out) {
  return moves.then(getTravelOrder(out)) == getTravelOrder(in);
}

LayoutRule xplat::detail::getDefaultLayoutRule(Operation *node) {
  if (isa<ElementwiseOpInterface, ConstantOpInterface, HostBoundaryOpInterface>(node))
    return LayoutRule::equal;
  // What only moves elements is a pass-through where they come and go in one sequence.
  auto movement = dyn_cast<MovementOpInterface>(node);
  std::optional<Rearrangement> moves = movement ? movement.getRearrangement() : std::nullopt;
  bool passesThrough = moves && keepsTravelOrder(*moves, node->getOperand(0).getType(), node->getResult(0).getType());
  return passesThrough ? LayoutRule::own : LayoutRule::standard;
}

LogicalResult xplat::detail::verifyLayouts(Operation *op) {
  auto node = cast<NodeOpInterface>(op);
  LayoutRule rule = node.getLayoutRule();
  if (rule == LayoutRule::own)
    return success();
  StreamType first;
  for (Type type :
       llvm::concat<const Type>(llvm::to_vector(op->getOperandTypes()), llvm::to_vector(op->getResultTypes()))) {
    auto stream = dyn_cast<StreamType>(type);
    if (!stream)
      continue;
    if (rule == LayoutRule::standard) {
      auto plain = RankedTensorType::get(stream.getShape(), stream.getElementType());
      StreamType expected = getStream(plain, stream.getLanes());
      if (stream != expected)
        return op->emitOpError() << "[node N5] expected a stream in the default order with its lanes along the "
                                    "innermost dimension, "
                                 << expected << ", but got " << stream;
    } else if (first && (stream.getOrder() != first.getOrder() || stream.getBeat() != first.getBeat())) {
      return op->emitOpError() << "[node N5] expected one order and one beat for all its streams but got " << first
                               << " and " << stream;
    }
    first = stream;
  }
  return success();
}

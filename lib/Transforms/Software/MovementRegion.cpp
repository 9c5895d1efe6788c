//===- MovementRegion.cpp - Nodes that may follow any order ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Software/MovementRegion.h"

using namespace mlir;
using namespace xplat;

/// Whether elements share bits with their neighbours in a format, so that another order changes values.
static bool isBlocked(Type type) {
  auto format = dyn_cast_or_null<NumberFormatTypeInterface>(type);
  return format && format.getBlockSize() > 1;
}

bool xplat::hasBlocks(Operation *op) {
  if (!op)
    return false;
  auto requested = [](CalibratedOpInterface node) {
    QuantizationAttr request = node ? node.getRequestedFormats() : QuantizationAttr();
    return request && isBlocked(request.getValue());
  };
  return isBlocked(getDataElement(op->getResult(0).getType())) || requested(dyn_cast<CalibratedOpInterface>(op)) ||
         requested(getFormatSource(op));
}

std::optional<Rearrangement> xplat::getMoves(Operation *op) {
  auto movement = dyn_cast<MovementOpInterface>(op);
  return movement && !hasOwnFormat(op) ? movement.getRearrangement() : std::nullopt;
}

/// Whether all extents but the last are one.
static bool isVector(Value value) {
  ArrayRef<int64_t> shape = shapeOf(value);
  return !shape.empty() && xplat::detail::product(shape.drop_back()) == 1;
}

bool xplat::canPermute(WeightedOpInterface op, int64_t dim) {
  ParamOp weight = lookupParam(op, op.getWeightRef()), bias = lookupParam(op, op.getBiasRef());
  for (ParamOp param : {weight, bias})
    if (param && !getDataElement(param.getType()).isF32())
      return false;
  auto calibrated = dyn_cast<CalibratedOpInterface>(op.getOperation());
  QuantizationAttr request = calibrated ? calibrated.getRequestedFormats() : QuantizationAttr();
  Type format = request ? request.getWeight() : Type();
  auto number = dyn_cast_if_present<NumberFormatTypeInterface>(format);
  return weight && !(dim == 0 && number && number.isPerChannel()) && !(dim == 1 && isBlocked(format)) &&
         !cast<NodeOpInterface>(op.getOperation()).isMapped();
}

WeightedOpInterface xplat::getRowNode(Value value) {
  auto node = value.getDefiningOp<WeightedOpInterface>();
  bool fits = node && node.getColumnDim() == 1 && node.getWeightChannelDim() == 0 && isVector(value) &&
              node.getResultChannelDim() == static_cast<int64_t>(shapeOf(value).size()) - 1 && canPermute(node, 0);
  return fits ? node : WeightedOpInterface();
}

WeightedOpInterface xplat::getColumnNode(OpOperand &use) {
  auto node = dyn_cast<WeightedOpInterface>(use.getOwner());
  return node && node.getColumnDim() == 1 && isVector(use.get()) && canPermute(node, 1) ? node : WeightedOpInterface();
}

HostBoundaryOpInterface xplat::getHost(Operation *op) {
  auto host = dyn_cast_or_null<HostBoundaryOpInterface>(op);
  return host && !cast<NodeOpInterface>(op).isMapped() ? host : HostBoundaryOpInterface();
}

bool xplat::canJoinRegion(Operation *op) {
  auto node = dyn_cast_or_null<NodeOpInterface>(op);
  if (!node || !isUnquantized(node))
    return false;
  // Integers (indices) are only moved.
  auto isPlain = [&](Type type) {
    Type element = getDataElement(type);
    return element.isF32() || (isa<IntegerType>(element) && getMoves(op));
  };
  return !hasOrder(op->getResult(0).getType()) && isPlain(op->getResult(0).getType()) &&
         llvm::all_of(op->getOperandTypes(), isPlain) && !hasBlocks(op) &&
         (isa<ElementwiseOpInterface>(op) || getMoves(op) || isChannelwise(op));
}

bool xplat::changesOrder(Operation *op) {
  std::optional<Rearrangement> moves = getMoves(op);
  return moves &&
         moves->then(getTravelOrder(op->getResult(0).getType())) != getTravelOrder(op->getOperand(0).getType());
}

MovementRegion MovementRegion::grow(Operation *start) {
  MovementRegion region;
  region.nodes.insert(start);
  for (size_t i = 0; i < region.nodes.size(); ++i) {
    Operation *op = region.nodes[i];
    for (Value operand : op->getOperands()) {
      if (isConstant(operand))
        continue;
      if (canJoinRegion(operand.getDefiningOp()))
        region.nodes.insert(operand.getDefiningOp());
      // Readers of one value follow one order together.
      for (Operation *user : operand.getUsers())
        if (canJoinRegion(user))
          region.nodes.insert(user);
    }
    for (Operation *user : op->getUsers())
      if (canJoinRegion(user))
        region.nodes.insert(user);
  }
  SmallVector<Operation *> sorted = region.nodes.takeVector();
  llvm::sort(sorted, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  region.nodes.insert(sorted.begin(), sorted.end());
  for (Operation *op : region.nodes) {
    for (Value operand : op->getOperands())
      if (!isConstant(operand) && !region.nodes.contains(operand.getDefiningOp()))
        region.inputs.insert(operand);
    for (OpOperand &use : op->getResult(0).getUses())
      if (!region.nodes.contains(use.getOwner()))
        region.outputs.push_back(&use);
  }
  // Uses come in no particular order.
  llvm::sort(region.outputs, [](OpOperand *a, OpOperand *b) {
    return a->getOwner() == b->getOwner() ? a->getOperandNumber() < b->getOperandNumber()
                                          : a->getOwner()->isBeforeInBlock(b->getOwner());
  });
  return region;
}

bool MovementRegion::locate() {
  auto place = [&](Value value, std::optional<Rearrangement> where, SmallVectorImpl<Value> &todo) {
    if (!where)
      return false;
    auto &known = places[value];
    if (known)
      return *known == *where;
    known = std::make_shared<const Rearrangement>(*where);
    todo.push_back(value);
    return true;
  };
  SmallVector<Value> todo;
  Value first = nodes.front()->getResult(0);
  place(first, Rearrangement::identity(xplat::detail::product(shapeOf(first))), todo);
  // From a node's result to its operands, or from an operand to the result.
  auto follow = [&](Operation *op, Rearrangement where, bool fromResult) {
    std::optional<Rearrangement> moves = getMoves(op);
    Value result = op->getResult(0);
    if (moves)
      return fromResult ? place(op->getOperand(0), where.then(moves->inverse()), todo)
                        : place(result, where.then(*moves), todo);
    return place(result, where, todo) && llvm::all_of(op->getOperands(), [&](Value operand) {
             return isConstant(operand) || place(operand, where, todo);
           });
  };
  while (!todo.empty()) {
    Value value = todo.pop_back_val();
    Rearrangement where = *places[value];
    if (Operation *op = value.getDefiningOp(); op && nodes.contains(op) && !follow(op, where, true))
      return false;
    for (Operation *user : value.getUsers())
      if (nodes.contains(user) && !follow(user, where, false))
        return false;
  }
  return true;
}

SmallVector<Neighbour> MovementRegion::getNeighbours() const {
  SmallVector<Neighbour> neighbours;
  auto orderOf = [&](Value value) { return places.lookup(value)->then(getTravelOrder(value.getType())); };
  for (Value input : inputs) {
    std::optional<Rearrangement> order = orderOf(input);
    if (!order)
      return {};
    Operation *op = input.getDefiningOp();
    // A value with other readers has to keep its order.
    bool alone = llvm::all_of(input.getUsers(), [&](Operation *user) { return nodes.contains(user); });
    neighbours.push_back({op, *order, alone && !hasBlocks(op) && (getHost(op) || getRowNode(input))});
  }
  for (OpOperand *use : outputs) {
    std::optional<Rearrangement> order = orderOf(use->get());
    if (!order)
      return {};
    neighbours.push_back({use->getOwner(), *order, getHost(use->getOwner()) || getColumnNode(*use)});
  }
  return neighbours;
}

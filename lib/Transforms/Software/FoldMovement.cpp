//===- FoldMovement.cpp - Reshapes and transpositions that cost nothing ---===//
//
// A reshape or a transposition needs hardware only where it changes the order
// in which elements travel. Element-wise nodes do not care for that order, so a
// region of nodes that move elements and of element-wise nodes between them can
// be computed in any order. This pass takes the order that most of the region's
// neighbours have, and lets those neighbours that can follow it: the host moves
// elements for nothing, a constant is stored in another order, and a linear
// layer permutes the rows or columns of its weight.
//
// Invariant: a region is rewritten only when fewer nodes change the order of
// travel afterwards.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Passes.h"
#include "Transforms/Software/ParameterOrder.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/ADT/SetVector.h"

namespace xplat {
#define GEN_PASS_DEF_FOLDMOVEMENT
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
/// Where a region's values come from or go to, and the order in which elements travel there.
struct Neighbour {
  Operation *op;
  Rearrangement order;
  /// Whether `op` can take, or give, any order.
  bool follows;
};

/// Nodes that move elements and element-wise nodes, as far as they hang together. All values have equally many
/// elements; `places` says where each has the elements of the first one.
struct Region {
  llvm::SetVector<Operation *> nodes;
  llvm::SmallDenseMap<Value, std::shared_ptr<const Rearrangement>> places;
  /// Values of other nodes that the region reads, without constants, and its readers outside.
  llvm::SetVector<Value> inputs;
  SmallVector<OpOperand *> outputs;
};
} // namespace

/// Whether elements share bits with their neighbours in a format, so that another order changes values.
static bool isBlocked(Type type) {
  auto format = dyn_cast_or_null<NumberFormatTypeInterface>(type);
  return format && format.getBlockSize() > 1;
}

/// Whether such a format holds the result of `op`, or is requested for it or for what it takes its elements from.
static bool hasBlocks(Operation *op) {
  if (!op)
    return false;
  auto requested = [](CalibratedOpInterface node) {
    QuantizationAttr wish = node ? node.getWishedFormats() : QuantizationAttr();
    return wish && isBlocked(wish.getValue());
  };
  return isBlocked(getDataElement(op->getResult(0).getType())) || requested(dyn_cast<CalibratedOpInterface>(op)) ||
         requested(getFormatSource(op));
}

/// What a node that only moves elements does; none for other nodes, and for those that round.
static std::optional<Rearrangement> getMoves(Operation *op) {
  auto movement = dyn_cast<MovementOpInterface>(op);
  return movement && !hasOwnFormat(op) ? movement.getRearrangement() : std::nullopt;
}

/// Whether the node scales and shifts the channels of its operand, and sums over nothing.
static bool isChannelwise(Operation *op) {
  auto node = dyn_cast<WeightedOpInterface>(op);
  std::optional<OperandView> view = node ? node.getOperandView() : std::nullopt;
  return view && view->summed.empty();
}

static bool isConstant(Value value) { return isa_and_nonnull<ConstantOpInterface>(value.getDefiningOp()); }

static ArrayRef<int64_t> shapeOf(Value value) { return getDataShape(value.getType()); }

static Rearrangement getTravelOrder(Value value) { return Rearrangement::toTravelOrder(shapeOf(value)); }

/// Whether all extents but the last are one.
static bool isVector(Value value) {
  ArrayRef<int64_t> shape = shapeOf(value);
  return !shape.empty() && xplat::detail::product(shape.drop_back()) == 1;
}

/// Whether a weight of f32 may be permuted along dimension `dim`: no scales and no blocks hold for its places.
static bool canPermute(WeightedOpInterface op, int64_t dim) {
  ParamOp weight = lookupParam(op, op.getWeightRef()), bias = lookupParam(op, op.getBiasRef());
  for (ParamOp param : {weight, bias})
    if (param && !getDataElement(param.getType()).isF32())
      return false;
  auto calibrated = dyn_cast<CalibratedOpInterface>(op.getOperation());
  QuantizationAttr wish = calibrated ? calibrated.getWishedFormats() : QuantizationAttr();
  Type format = wish ? wish.getWeight() : Type();
  return weight && !(dim == 0 && isa_and_nonnull<quant::UniformQuantizedPerAxisType>(format)) &&
         !(dim == 1 && isBlocked(format)) && !isMapped(cast<NodeOpInterface>(op.getOperation()));
}

/// The node behind `value` when it can give a vector in any order, by the rows of its weight.
static WeightedOpInterface getRowNode(Value value) {
  auto node = value.getDefiningOp<WeightedOpInterface>();
  bool fits = node && node.getColumnDim() == 1 && node.getWeightChannelDim() == 0 && isVector(value) &&
              node.getResultChannelDim() == static_cast<int64_t>(shapeOf(value).size()) - 1 && canPermute(node, 0);
  return fits ? node : WeightedOpInterface();
}

/// The reader of `use` when it can take a vector in any order, by the columns of its weight.
static WeightedOpInterface getColumnNode(OpOperand &use) {
  auto node = dyn_cast<WeightedOpInterface>(use.getOwner());
  return node && node.getColumnDim() == 1 && isVector(use.get()) && canPermute(node, 1) ? node : WeightedOpInterface();
}

/// The boundary node, when the host stands behind it; null for others.
static HostBoundaryOpInterface getHost(Operation *op) {
  auto host = dyn_cast_or_null<HostBoundaryOpInterface>(op);
  return host && !isMapped(cast<NodeOpInterface>(op)) ? host : HostBoundaryOpInterface();
}

namespace {
struct FoldMovement : xplat::impl::FoldMovementBase<FoldMovement> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    ParameterOrder parameters(symbols);
    order = &parameters;
    SmallVector<Operation *> starts;
    walkGraph<MovementOpInterface>(getOperation(), [&](MovementOpInterface op) {
      if (isMapped(cast<NodeOpInterface>(op.getOperation())) || !changesOrder(op))
        return;
      if (hasBlocks(op))
        op->emitRemark("not folded: elements share bits with their neighbours, in a block format");
      else if (canJoin(op))
        starts.push_back(op);
    });
    llvm::DenseSet<Operation *> seen;
    for (Operation *start : starts) {
      if (seen.contains(start))
        continue;
      Region region = grow(start);
      seen.insert(region.nodes.begin(), region.nodes.end());
      fold(region);
    }
  }

private:
  /// Whether the node can be part of a region: it moves elements, is element-wise or scales channels, on f32 without
  /// blocks.
  static bool canJoin(Operation *op) {
    auto node = dyn_cast_or_null<NodeOpInterface>(op);
    return node && isUnquantized(node) && getDataElement(op->getResult(0).getType()).isF32() &&
           llvm::all_of(op->getOperandTypes(), [](Type type) { return getDataElement(type).isF32(); }) &&
           !hasBlocks(op) && (isa<ElementwiseOpInterface>(op) || getMoves(op) || isChannelwise(op));
  }

  /// Whether elements travel in another order behind the node than before it.
  static bool changesOrder(Operation *op) {
    std::optional<Rearrangement> moves = getMoves(op);
    return moves && moves->then(getTravelOrder(op->getResult(0))) != getTravelOrder(op->getOperand(0));
  }

  static Region grow(Operation *start) {
    Region region;
    region.nodes.insert(start);
    for (size_t i = 0; i < region.nodes.size(); ++i) {
      Operation *op = region.nodes[i];
      for (Value operand : op->getOperands()) {
        if (isConstant(operand))
          continue;
        if (canJoin(operand.getDefiningOp()))
          region.nodes.insert(operand.getDefiningOp());
        // Readers of one value follow one order together.
        for (Operation *user : operand.getUsers())
          if (canJoin(user))
            region.nodes.insert(user);
      }
      for (Operation *user : op->getUsers())
        if (canJoin(user))
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

  /// Says where every value of the region has the elements of the first one; false when an element-wise node reads
  /// the same elements in two orders, or extents do not nest.
  static bool locate(Region &region) {
    auto place = [&](Value value, std::optional<Rearrangement> where, SmallVectorImpl<Value> &todo) {
      if (!where)
        return false;
      auto &known = region.places[value];
      if (known)
        return *known == *where;
      known = std::make_shared<const Rearrangement>(*where);
      todo.push_back(value);
      return true;
    };
    SmallVector<Value> todo;
    Value first = region.nodes.front()->getResult(0);
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
      Rearrangement where = *region.places[value];
      if (Operation *op = value.getDefiningOp(); op && region.nodes.contains(op) && !follow(op, where, true))
        return false;
      for (Operation *user : value.getUsers())
        if (region.nodes.contains(user) && !follow(user, where, false))
          return false;
    }
    return true;
  }

  /// All neighbours of the region but constants, with the order in which elements travel there.
  static SmallVector<Neighbour> getNeighbours(Region &region) {
    SmallVector<Neighbour> neighbours;
    auto orderOf = [&](Value value) { return region.places[value]->then(getTravelOrder(value)); };
    for (Value input : region.inputs) {
      std::optional<Rearrangement> order = orderOf(input);
      if (!order)
        return {};
      Operation *op = input.getDefiningOp();
      // What others read as well has to stay as it is.
      bool alone = llvm::all_of(input.getUsers(), [&](Operation *user) { return region.nodes.contains(user); });
      neighbours.push_back({op, *order, alone && !hasBlocks(op) && (getHost(op) || getRowNode(input))});
    }
    for (OpOperand *use : region.outputs) {
      std::optional<Rearrangement> order = orderOf(use->get());
      if (!order)
        return {};
      neighbours.push_back({use->getOwner(), *order, getHost(use->getOwner()) || getColumnNode(*use)});
    }
    return neighbours;
  }

  /// The order that most of the neighbours have that cannot follow another; of equally many, the first.
  static Rearrangement chooseOrder(ArrayRef<Neighbour> neighbours) {
    const Neighbour *best = nullptr;
    int64_t most = -1;
    for (const Neighbour &candidate : neighbours) {
      int64_t count = llvm::count_if(neighbours, [&](const Neighbour &other) {
        return !other.follows && other.order == candidate.order;
      });
      if (count > most) {
        most = count;
        best = &candidate;
      }
    }
    return best->order;
  }

  static constexpr StringRef noNesting = "not folded: its extents and those of the nodes around it do not nest";

  void fold(Region &region) {
    Operation *first = *llvm::find_if(region.nodes, changesOrder);
    if (!locate(region)) {
      first->emitRemark("not folded: the nodes around it need the same elements in two orders");
      return;
    }
    SmallVector<Neighbour> neighbours = getNeighbours(region);
    if (neighbours.empty()) {
      first->emitRemark(noNesting);
      return;
    }
    Rearrangement chosen = chooseOrder(neighbours);
    auto differs = [&](const Neighbour &neighbour) { return !neighbour.follows && neighbour.order != chosen; };
    int64_t before = llvm::count_if(region.nodes, changesOrder), after = llvm::count_if(neighbours, differs);
    if (after >= before) {
      auto remark = first->emitRemark("not folded: the nodes around it take elements in other orders than they come");
      if (Operation *other = llvm::find_if(neighbours, differs)->op)
        remark.attachNote(other->getLoc()) << "this one keeps its order";
      return;
    }
    std::optional<Plan> plan = makePlan(region, neighbours, chosen);
    if (!plan) {
      first->emitRemark(noNesting);
      return;
    }
    rewrite(region, neighbours, chosen, *plan);
    numFolded += before - after;
  }

  //===--------------------------------------------------------------------===//
  // Rewriting
  //===--------------------------------------------------------------------===//

  /// How a region is computed: in the shape `type`, where `place` has the elements of the region's first value.
  struct Plan {
    RankedTensorType type;
    /// For each neighbour: from its value to the region's shape (of inputs), or the other way round (of outputs).
    SmallVector<Rearrangement> moves;
    /// For each neighbour: from row-major positions of its value to the chosen order of travel.
    SmallVector<Rearrangement> orders;
    /// For each node that reads constants: from its result to the region's shape.
    llvm::SmallDenseMap<Operation *, std::shared_ptr<const Rearrangement>> constants;
    /// For each node that scales channels: their dimension in the region's shape, where one is; of others, whose
    /// channels are all elements, from their places to the chosen order of travel.
    llvm::SmallDenseMap<Operation *, int64_t> channelDims;
    llvm::SmallDenseMap<Operation *, std::shared_ptr<const Rearrangement>> channelOrders;
  };

  /// The value among the region's neighbours in whose shape the region is computed: one that travels in the chosen
  /// order and cannot follow another, if there is one.
  static Value chooseShape(ArrayRef<Value> values, ArrayRef<Neighbour> neighbours, const Rearrangement &chosen) {
    for (bool follows : {false, true})
      for (auto [neighbour, value] : llvm::zip_equal(neighbours, values))
        if (neighbour.order == chosen && neighbour.follows == follows)
          return value;
    llvm_unreachable("the order is that of a neighbour");
  }

  /// None when extents do not nest.
  static std::optional<Plan> makePlan(Region &region, ArrayRef<Neighbour> neighbours, const Rearrangement &chosen) {
    SmallVector<Value> values(region.inputs.begin(), region.inputs.end());
    for (OpOperand *use : region.outputs)
      values.push_back(use->get());
    Value shape = chooseShape(values, neighbours, chosen);
    Rearrangement place = *region.places[shape];
    Plan plan;
    plan.type = cast<RankedTensorType>(shape.getType());
    for (auto [index, value] : llvm::enumerate(values)) {
      const Rearrangement &own = *region.places[value];
      auto moves = index < region.inputs.size() ? own.inverse().then(place) : place.inverse().then(own);
      auto order = own.inverse().then(chosen);
      if (!moves || !order)
        return std::nullopt;
      if (HostBoundaryOpInterface host = getHost(neighbours[index].op))
        if (!(index < region.inputs.size() ? host.getHostRearrangement().then(*moves)
                                           : moves->then(host.getHostRearrangement())))
          return std::nullopt;
      plan.moves.push_back(*moves);
      plan.orders.push_back(*order);
    }
    for (Operation *op : region.nodes) {
      if (isChannelwise(op) && !planChannels(op, *region.places[op->getResult(0)], place, chosen, plan))
        return std::nullopt;
      if (llvm::none_of(op->getOperands(), isConstant))
        continue;
      auto moves = region.places[op->getResult(0)]->inverse().then(place);
      if (std::optional<Rearrangement> own = getMoves(op); own && moves)
        moves = own->then(*moves);
      if (!moves)
        return std::nullopt;
      plan.constants[op] = std::make_shared<const Rearrangement>(*moves);
    }
    return plan;
  }

  /// False when the channels of `op` are neither a dimension of the region's shape nor all of its elements.
  static bool planChannels(Operation *op, const Rearrangement &own, const Rearrangement &place,
                           const Rearrangement &chosen, Plan &plan) {
    auto node = cast<WeightedOpInterface>(op);
    ArrayRef<int64_t> shape = shapeOf(op->getResult(0));
    int64_t dim = node.getResultChannelDim();
    std::optional<Rearrangement> moves = place.inverse().then(own), order = own.inverse().then(chosen);
    if (!moves || !order)
      return false;
    if (std::optional<int64_t> mapped = getDimBefore(*moves, shape, dim, plan.type.getShape())) {
      plan.channelDims[op] = *mapped;
      return true;
    }
    plan.channelOrders[op] = std::make_shared<const Rearrangement>(*order);
    return shape[dim] == xplat::detail::product(shape) && canPermute(node, 0);
  }

  /// A node that scales channels, on `operand`, which has the region's shape.
  Value scaleChannels(OpBuilder &builder, Operation *op, Value operand, Plan &plan) {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    auto copy = cast<WeightedOpInterface>(builder.clone(*op));
    auto dim = plan.channelDims.find(op);
    if (dim != plan.channelDims.end()) {
      copy->setOperand(0, operand);
      copy->getResult(0).setType(plan.type);
      [[maybe_unused]] bool moved = copy.moveChannels(dim->second);
      assert(moved && "the node scales channels and sums over nothing");
      return copy->getResult(0);
    }
    builder.setInsertionPoint(copy);
    copy->setOperand(0, reshape(builder, op->getLoc(), operand, type, ReshapeOrder::channels_last));
    order->permute(copy, /*dim=*/0, *plan.channelOrders[op]);
    builder.setInsertionPointAfter(copy);
    return reshape(builder, op->getLoc(), copy->getResult(0), plan.type, ReshapeOrder::channels_last);
  }

  void rewrite(Region &region, ArrayRef<Neighbour> neighbours, const Rearrangement &chosen, Plan &plan) {
    llvm::DenseMap<Value, Value> moved;
    // Asked before inputs get other shapes.
    llvm::DenseSet<Operation *> moving;
    for (Operation *op : region.nodes)
      if (getMoves(op))
        moving.insert(op);
    for (auto [index, input] : llvm::enumerate(region.inputs))
      moved[input] = takeInput(input, neighbours[index], chosen, plan, index);
    for (Operation *op : region.nodes) {
      OpBuilder builder(op);
      auto operandOf = [&](Value operand) {
        return isConstant(operand) ? order->moveConstant(builder, operand, *plan.constants[op], plan.type)
                                   : moved.lookup(operand);
      };
      Value result = op->getResult(0);
      if (moving.contains(op)) {
        moved[result] = operandOf(op->getOperand(0));
        continue;
      }
      if (isChannelwise(op)) {
        moved[result] = scaleChannels(builder, op, operandOf(op->getOperand(0)), plan);
        continue;
      }
      SmallVector<Value> operands = llvm::map_to_vector(op->getOperands(), operandOf);
      Operation *copy = builder.clone(*op);
      copy->getResult(0).setType(plan.type);
      copy->setOperands(operands);
      moved[result] = copy->getResult(0);
    }
    for (auto [index, use] : llvm::enumerate(region.outputs)) {
      size_t number = region.inputs.size() + index;
      giveOutput(*use, moved.lookup(use->get()), neighbours[number], chosen, plan, number);
    }
    llvm::SetVector<Operation *> constants;
    for (Operation *op : llvm::reverse(region.nodes)) {
      for (Value operand : op->getOperands())
        if (isConstant(operand))
          constants.insert(operand.getDefiningOp());
      op->erase();
    }
    for (Operation *op : constants)
      if (op->use_empty())
        op->erase();
  }

  /// What the region reads of `input`, in the region's own shape.
  Value takeInput(Value input, const Neighbour &neighbour, const Rearrangement &chosen, Plan &plan, size_t number) {
    OpBuilder builder(&getContext());
    builder.setInsertionPointAfterValue(input);
    if (neighbour.order != chosen && !neighbour.follows)
      return moveExplicitly(builder, input, plan.moves[number], plan.type);
    if (neighbour.order != chosen) {
      if (HostBoundaryOpInterface host = getHost(neighbour.op)) {
        host.setHostRearrangement(*host.getHostRearrangement().then(plan.moves[number]));
        input.setType(plan.type);
        return input;
      }
      order->permute(getRowNode(input), /*dim=*/0, plan.orders[number]);
    }
    return reshape(builder, input.getLoc(), input, plan.type, ReshapeOrder::channels_last);
  }

  /// Gives the reader of `use` the elements of `value`, which has the region's shape, where it expects them.
  void giveOutput(OpOperand &use, Value value, const Neighbour &neighbour, const Rearrangement &chosen, Plan &plan,
                  size_t number) {
    OpBuilder builder(use.getOwner());
    Location loc = use.get().getLoc();
    auto type = cast<RankedTensorType>(use.get().getType());
    if (neighbour.order != chosen && !neighbour.follows)
      return use.set(moveExplicitly(builder, value, plan.moves[number], type));
    HostBoundaryOpInterface host = getHost(neighbour.op);
    if (neighbour.order != chosen && host) {
      host.setHostRearrangement(*plan.moves[number].then(host.getHostRearrangement()));
      return use.set(value);
    }
    use.set(reshape(builder, loc, value, type, ReshapeOrder::channels_last));
    if (neighbour.order != chosen)
      order->permute(getColumnNode(use), /*dim=*/1, plan.orders[number]);
  }

  /// `value` in the shape of `type`, its elements walked in `walk`.
  static Value reshape(OpBuilder &builder, Location loc, Value value, RankedTensorType type, ReshapeOrder walk) {
    if (value.getType() == type && walk == ReshapeOrder::channels_last)
      return value;
    ReshapeOp::Properties properties;
    properties.order = ReshapeOrderAttr::get(builder.getContext(), walk);
    return xplat::detail::createNode<ReshapeOp>(builder, loc, type, value, properties);
  }

  /// Nodes that move the elements of `value` by `moves`.
  static Value moveExplicitly(OpBuilder &builder, Value value, const Rearrangement &moves, RankedTensorType type) {
    SmallVector<int64_t> factors, permutation;
    moves.getFactors(factors, permutation);
    Location loc = value.getLoc();
    Type element = type.getElementType();
    value = reshape(builder, loc, value, RankedTensorType::get(factors, element), ReshapeOrder::row_major);
    TransposeOp::Properties properties;
    properties.permutation = builder.getDenseI64ArrayAttr(permutation);
    auto permuted = RankedTensorType::get(applyPermutation(factors, permutation), element);
    value = xplat::detail::createNode<TransposeOp>(builder, loc, permuted, value, properties);
    return reshape(builder, loc, value, type, ReshapeOrder::row_major);
  }

  ParameterOrder *order = nullptr;
};
} // namespace

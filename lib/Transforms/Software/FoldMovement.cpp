//===- FoldMovement.cpp - Reshapes and transpositions that cost nothing ---===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
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
#include "Transforms/Software/MovementRegion.h"
#include "Transforms/Software/ParameterOrder.h"
#include "Transforms/Software/Passes.h"
#include "xplat/IR/NodeOps.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

namespace xplat {
#define GEN_PASS_DEF_FOLDMOVEMENT
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct FoldMovement : xplat::impl::FoldMovementBase<FoldMovement> {
  void runOnOperation() override {
    SymbolScope scope(getOperation());
    ParameterOrder parameters(scope.getTable());
    order = &parameters;
    SmallVector<Operation *> starts;
    walkGraph<MovementOpInterface>(getOperation(), [&](MovementOpInterface op) {
      if (cast<NodeOpInterface>(op.getOperation()).isMapped() || !changesOrder(op))
        return;
      if (hasBlocks(op))
        op->emitRemark("not folded: in a block format, elements share bits with their neighbours");
      else if (canJoinRegion(op))
        starts.push_back(op);
    });
    llvm::DenseSet<Operation *> seen;
    for (Operation *start : starts) {
      if (seen.contains(start))
        continue;
      MovementRegion region = MovementRegion::grow(start);
      seen.insert(region.nodes.begin(), region.nodes.end());
      fold(region);
    }
    combineChains();
  }

private:
  static bool canMove(Operation *op) { return op && canJoinRegion(op) && getMoves(op); }

  /// Where a region stays as it is, nodes that move elements one after the other become one.
  void combineChains() {
    SmallVector<Operation *> ends;
    walkGraph<MovementOpInterface>(getOperation(), [&](MovementOpInterface op) {
      if (canMove(op) && !(op->hasOneUse() && canMove(*op->user_begin())))
        ends.push_back(op);
    });
    for (Operation *end : ends) {
      SmallVector<Operation *> chain = {end};
      Rearrangement moves = *getMoves(end);
      while (true) {
        Operation *before = chain.back()->getOperand(0).getDefiningOp();
        std::optional<Rearrangement> longer;
        if (canMove(before) && before->hasOneUse())
          longer = getMoves(before)->then(moves);
        if (!longer)
          break;
        moves = *longer;
        chain.push_back(before);
      }
      int64_t changing = llvm::count_if(chain, changesOrder);
      if (changing < 2)
        continue;
      OpBuilder builder(end);
      Value result = end->getResult(0);
      result.replaceAllUsesWith(
          moveExplicitly(builder, chain.back()->getOperand(0), moves, cast<RankedTensorType>(result.getType())));
      for (Operation *op : chain)
        op->erase();
      numFolded += changing - 1;
    }
  }

  /// The order that most of the neighbours have that cannot follow another; of equally many, the first.
  static Rearrangement chooseOrder(ArrayRef<Neighbour> neighbours) {
    const Neighbour *best = nullptr;
    int64_t most = -1;
    for (const Neighbour &candidate : neighbours) {
      int64_t count = llvm::count_if(
          neighbours, [&](const Neighbour &other) { return !other.follows && other.order == candidate.order; });
      if (count > most) {
        most = count;
        best = &candidate;
      }
    }
    return best->order;
  }

  static constexpr StringRef noNesting = "not folded: its extents and those of the nodes around it do not nest";

  void fold(MovementRegion &region) {
    Operation *first = *llvm::find_if(region.nodes, changesOrder);
    for (Value input : region.inputs)
      if (hasOrder(input.getType())) {
        first->emitRemark("not folded: the order of what it reads is fixed").attachNote(input.getLoc()) << "fixed here";
        return;
      }
    if (!region.locate()) {
      first->emitRemark("not folded: the nodes around it need the same elements in two orders");
      return;
    }
    SmallVector<Neighbour> neighbours = region.getNeighbours();
    if (neighbours.empty()) {
      first->emitRemark(noNesting);
      return;
    }
    Rearrangement chosen = chooseOrder(neighbours);
    auto differs = [&](const Neighbour &neighbour) { return !neighbour.follows && neighbour.order != chosen; };
    int64_t before = llvm::count_if(region.nodes, changesOrder), after = llvm::count_if(neighbours, differs);
    if (after >= before) {
      auto remark = first->emitRemark("not folded: the nodes around it need their elements in another order than they "
                                      "arrive in");
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
    /// For each neighbour: from row-major positions of its value to the chosen stream layout.
    SmallVector<Rearrangement> orders;
    /// For each node that reads constants: from its result to the region's shape.
    llvm::SmallDenseMap<Operation *, std::shared_ptr<const Rearrangement>> constants;
    /// For each node that scales channels: their dimension in the region's shape, if there is one. For others, whose
    /// channels are all elements: from their positions to the chosen stream layout.
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
  static std::optional<Plan> makePlan(MovementRegion &region, ArrayRef<Neighbour> neighbours,
                                      const Rearrangement &chosen) {
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

  void rewrite(MovementRegion &region, ArrayRef<Neighbour> neighbours, const Rearrangement &chosen, Plan &plan) {
    llvm::DenseMap<Value, Value> moved;
    // Asked before inputs get other shapes.
    llvm::DenseSet<Operation *> moving, scaling;
    for (Operation *op : region.nodes)
      if (getMoves(op))
        moving.insert(op);
      else if (isChannelwise(op))
        scaling.insert(op);
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
      if (scaling.contains(op)) {
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

  /// Nodes that move the elements of `value` by `moves`. One of them is a transposition, and where extents nest it is
  /// the only one that changes the order of travel.
  static Value moveExplicitly(OpBuilder &builder, Value value, const Rearrangement &moves, RankedTensorType type) {
    SmallVector<int64_t> factors, permutation;
    ReshapeOrder walk = ReshapeOrder::row_major;
    std::optional<Rearrangement> travel = getTravelOrder(value.getType()).inverse().then(moves);
    if (travel)
      travel = travel->then(getTravelOrder(type));
    if (travel && travel->isIdentity())
      return reshape(builder, value.getLoc(), value, type, ReshapeOrder::channels_last);
    if (travel) {
      walk = ReshapeOrder::channels_last;
      travel->getFactors(factors, permutation);
      // A tensor of as many dimensions as an image has would travel as one.
      if (getDefaultOrder(factors.size()) != llvm::to_vector(llvm::seq<int64_t>(0, factors.size()))) {
        factors.insert(factors.begin(), 1);
        for (int64_t &dim : permutation)
          ++dim;
        permutation.insert(permutation.begin(), 0);
      }
    } else {
      moves.getFactors(factors, permutation);
    }
    Location loc = value.getLoc();
    Type element = type.getElementType();
    value = reshape(builder, loc, value, RankedTensorType::get(factors, element), walk);
    TransposeOp::Properties properties;
    properties.permutation = builder.getDenseI64ArrayAttr(permutation);
    auto permuted = RankedTensorType::get(applyPermutation(factors, permutation), element);
    value = xplat::detail::createNode<TransposeOp>(builder, loc, permuted, value, properties);
    return reshape(builder, loc, value, type, walk);
  }

  ParameterOrder *order = nullptr;
};
} // namespace

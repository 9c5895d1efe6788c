//===- FoldAffine.cpp - Scales and shifts are folded into weights ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A node that scales and shifts every channel by constants is folded into the
// preceding node if that has weights and no other reader, or otherwise into its
// readers if all of them have weights. Their new parameters are derived from the
// old ones; Python computes the values later. If neither works, the node becomes
// an `xplat.channel_affine`.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Software/AffineArithmetic.h"
#include "Transforms/Software/ConstantFunctions.h"
#include "Transforms/Software/Passes.h"
#include "xplat/IR/NodeOps.h"

#include "mlir/IR/Builders.h"

#include <cmath>
#include <functional>

namespace xplat {
#define GEN_PASS_DEF_FOLDAFFINE
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

static ArrayRef<int64_t> shapeOf(Value value) { return getDataShape(value.getType()); }

namespace {
/// Why a node cannot be folded, and where that is said.
struct Obstacle {
  std::string reason;
  Operation *op = nullptr;
  StringRef note;
};

/// A node that scales and shifts the channels of its operand.
struct Affine {
  NodeOpInterface node;
  Value operand;
  /// The dimension of the channels; none when all have one scale and one shift, so that any dimension will do.
  std::optional<int64_t> dim;
  /// Builds the scale and the shift of that many channels.
  std::function<ScaleAndShift(ConstantBuilder &, int64_t)> build;
  /// Whether the node computes one number with every element, exactly.
  bool isNumeric = false;
};

/// A node with weights before a scale, and why it cannot take the scale, if it cannot.
struct Producer {
  WeightedOpInterface node;
  std::optional<Obstacle> obstacle;
};
} // namespace

static QuantizationAttr getRequest(Operation *op) {
  auto calibrated = dyn_cast<CalibratedOpInterface>(op);
  return calibrated ? calibrated.getRequestedFormats() : QuantizationAttr();
}

/// Whether a format other than f32 is requested for the node's result.
static bool roundsResult(Operation *op) {
  QuantizationAttr request = getRequest(op);
  return request && request.getValue() && !request.getValue().isF32();
}

/// Whether fixed scales are requested for the node's weight. These would not fit a folded weight; scales that follow
/// from the weight would.
static bool hasFixedScales(Operation *op) {
  QuantizationAttr request = getRequest(op);
  return request && isa_and_nonnull<quant::QuantizedType>(request.getWeight());
}

/// Why the parameters of a node before or after a scale cannot become derived ones; none when they can.
static std::optional<Obstacle> checkWeights(WeightedOpInterface node, StringRef where) {
  if (cast<NodeOpInterface>(node.getOperation()).isMapped())
    return Obstacle{("the node " + where + " it is mapped already").str(), node, "mapped here"};
  if (hasFixedScales(node))
    return Obstacle{("fixed scales are requested for the weight " + where + " it").str(), node, "requested here"};
  for (FlatSymbolRefAttr symbol : {node.getWeightRef(), node.getBiasRef()})
    if (ParamOp param = lookupParam(node, symbol); param && !getDataElement(param.getType()).isF32()) {
      std::string text;
      llvm::raw_string_ostream(text) << "parameter " << symbol << " is no longer a tensor of f32 but "
                                     << param.getType();
      return Obstacle{text};
    }
  return std::nullopt;
}

/// The node whose weights can do the work of `affine`, before nodes that only move elements, or why there is none.
static Producer findProducer(const Affine &affine) {
  Value value = affine.operand;
  ArrayRef<int64_t> shape = shapeOf(value);
  Rearrangement moves = Rearrangement::identity(xplat::detail::product(shape));
  auto stop = [](std::string reason, Operation *op = nullptr, StringRef note = "") {
    return Producer{{}, Obstacle{std::move(reason), op, note}};
  };
  while (true) {
    Operation *op = value.getDefiningOp();
    auto movement = dyn_cast_or_null<MovementOpInterface>(op);
    if (isa_and_nonnull<WeightedOpInterface>(op) || movement) {
      if (!value.hasOneUse())
        return stop("its operand has " + std::to_string(llvm::range_size(value.getUses())) + " uses", op,
                    "several nodes read this");
    }
    if (!movement || hasOwnFormat(op))
      break;
    std::optional<Rearrangement> step = movement.getRearrangement();
    std::optional<Rearrangement> both = step ? step->then(moves) : std::nullopt;
    if (!both)
      break;
    moves = *both;
    value = op->getOperand(0);
  }
  auto producer = value.getDefiningOp<WeightedOpInterface>();
  if (!producer)
    return stop("its operand is not the result of a node with weights", value.getDefiningOp(),
                "the operand comes from here");
  if (!getDataElement(value.getType()).isF32()) {
    std::string text;
    llvm::raw_string_ostream(text) << "expected f32 before it but got " << value.getType();
    return stop(text);
  }
  if (affine.dim && getDimBefore(moves, shape, *affine.dim, shapeOf(value)) != producer.getResultChannelDim())
    return stop("the weight before it indexes dimension " + std::to_string(producer.getResultChannelDim()) +
                " but the scale is along dimension " + std::to_string(*affine.dim));
  // A transposed convolution in groups has fewer slices of its weight than channels.
  ParamOp weight = lookupParam(producer, producer.getWeightRef());
  int64_t channels = shapeOf(value)[producer.getResultChannelDim()];
  int64_t slices = weight ? getDataShape(weight.getType())[producer.getWeightChannelDim()] : 0;
  if (slices != channels)
    return stop("expected a slice of the weight before it for each of " + std::to_string(channels) +
                " channels but it has " + std::to_string(slices));
  if (roundsResult(producer))
    return stop("a format is requested for its operand", producer, "requested here");
  return {producer, checkWeights(producer, "before")};
}

namespace {
struct FoldAffine : xplat::impl::FoldAffineBase<FoldAffine> {
  using FoldAffineBase::FoldAffineBase;

  void runOnOperation() override {
    SymbolScope scope(getOperation());
    symbols = &scope.getTable();
    ExactConstants exact(getOperation());
    exactConstants = &exact;
    SmallVector<NodeOpInterface> nodes;
    walkGraph<NodeOpInterface>(getOperation(), [&](NodeOpInterface node) { nodes.push_back(node); });
    for (NodeOpInterface node : nodes)
      visit(node);
    eraseUnusedConstants();
  }

private:
  void visit(NodeOpInterface node) {
    if (auto normalisation = dyn_cast<ChannelAffineOpInterface>(node.getOperation()))
      return foldNormalisation(node, normalisation);
    if (auto weighted = dyn_cast<WeightedOpInterface>(node.getOperation())) {
      if (isChannelwise(node) && !node.isMapped() && getDataElement(node->getResult(0).getType()).isF32())
        foldScale(node, weighted, *weighted.getOperandView());
      return;
    }
    auto elementwise = dyn_cast<ElementwiseOpInterface>(node.getOperation());
    if (!constants || !elementwise)
      return;
    if (std::optional<AffineNode> found = findAffineNode(elementwise, *exactConstants))
      foldElementwise(node, *found);
  }

  //===--------------------------------------------------------------------===//
  // Kinds of nodes
  //===--------------------------------------------------------------------===//

  void foldNormalisation(NodeOpInterface node, ChannelAffineOpInterface op) {
    if (node.isMapped()) {
      node->emitRemark("not folded: it is mapped already");
      return;
    }
    Type type = node->getResult(0).getType();
    if (node->getOperand(0).getType() != type || !getDataElement(type).isF32()) {
      node->emitRemark("not folded: expected f32 before and after it but got ")
          << node->getOperand(0).getType() << " and " << type;
      return;
    }
    Affine affine{node, node->getOperand(0), 1, {}};
    Producer producer = findProducer(affine);
    if (!producer.obstacle && producer.node.getWeightChannelDim() == 0) {
      FlatSymbolRefAttr weight = producer.node.getWeightRef(), bias = producer.node.getBiasRef();
      ParamOp origin = lookupParam(producer.node, weight);
      auto biasType = RankedTensorType::get(getDataShape(origin.getType()).take_front(), getDataElement(type));
      // A factor for each slice keeps zeros.
      producer.node.setWeightRef(addParam(node, weight.getValue(), origin.getType(), op.getWeightDerivation(weight),
                                          origin.getSparsityAttr()));
      producer.node.setBiasRef(addParam(node, getBiasName(producer.node), biasType, op.getBiasDerivation(bias)));
      return moveIntoProducer(affine, producer.node);
    }
    int64_t channels = shapeOf(node->getOperand(0))[1];
    auto vector = RankedTensorType::get(channels, getDataElement(type));
    std::string name = getNodeName(node);
    FlatSymbolRefAttr scale = addParam(node, name + ".scale", vector, op.getWeightDerivation({}));
    FlatSymbolRefAttr shift = addParam(node, name + ".shift", vector, op.getBiasDerivation({}));
    affine.build = [=](ConstantBuilder &builder, int64_t channels) -> ScaleAndShift {
      return {builder.param(scale, channels), builder.param(shift, channels)};
    };
    if (!producer.obstacle)
      return foldIntoProducer(affine, producer.node);
    if (std::optional<Obstacle> behind = foldIntoConsumers(affine)) {
      explain(affine, *producer.obstacle, *behind);
      replaceByScale(affine, 1, scale, shift);
    }
  }

  void foldScale(NodeOpInterface node, WeightedOpInterface op, const OperandView &view) {
    FlatSymbolRefAttr weight = op.getWeightRef(), bias = op.getBiasRef();
    Affine affine{node, node->getOperand(0), view.dim,
                  [=](ConstantBuilder &builder, int64_t channels) -> ScaleAndShift {
                    return {builder.param(weight, channels), bias ? builder.param(bias, channels) : Value()};
                  }};
    Producer producer = findProducer(affine);
    if (!producer.obstacle)
      foldIntoProducer(affine, producer.node);
    else
      foldIntoConsumers(affine);
  }

  void foldElementwise(NodeOpInterface node, const AffineNode &found) {
    Affine affine{node, found.operand, found.dim,
                  [&](ConstantBuilder &builder, int64_t channels) { return found.build(builder, channels); },
                  found.isNumeric};
    Producer producer = findProducer(affine);
    if (!producer.obstacle) {
      ++numFound;
      return foldIntoProducer(affine, producer.node);
    }
    std::optional<Obstacle> behind = foldIntoConsumers(affine);
    if (!behind) {
      ++numFound;
      return;
    }
    if (found.isNumeric)
      return multiplyByReciprocal(node, found);
    explain(affine, *producer.obstacle, *behind);
    ArrayRef<int64_t> shape = shapeOf(node->getResult(0));
    int64_t dim = found.dim.value_or(getChannelsDim(shape));
    OpBuilder builder(node);
    ConstantBuilder constants(builder, node.getLoc());
    ScaleAndShift parts = affine.build(constants, shape[dim]);
    // A sum along another dimension than that of the channels is better computed element by element.
    if (!parts.scale && dim != getChannelsDim(shape))
      return;
    ++numFound;
    if (!parts.scale)
      parts.scale = constants.number(1.0, shape[dim]);
    std::string name = getNodeName(node);
    replaceByScale(affine, dim, outline(parts.scale, name + ".scale"),
                   parts.shift ? outline(parts.shift, name + ".shift") : FlatSymbolRefAttr());
  }

  /// A division by one number as the product that it is, in f32.
  void multiplyByReciprocal(NodeOpInterface node, const AffineNode &found) {
    if (!found.divides)
      return;
    std::optional<double> zero = found.evaluate(0.0), one = found.evaluate(1.0);
    if (!zero || !one || *zero != 0.0 || !std::isfinite(*one))
      return;
    OpBuilder builder(node);
    ConstantBuilder constants(builder, node.getLoc());
    Value product = constants.multiply(found.operand, constants.number(*one, shapeOf(found.operand)));
    copyCalibration(node, product.getDefiningOp());
    node->getResult(0).replaceAllUsesWith(product);
    node->erase();
  }

  //===--------------------------------------------------------------------===//
  // Folding
  //===--------------------------------------------------------------------===//

  void foldIntoProducer(const Affine &affine, WeightedOpInterface producer) {
    OpBuilder builder(affine.node);
    ConstantBuilder constants(builder, affine.node->getLoc());
    FlatSymbolRefAttr weight = producer.getWeightRef(), bias = producer.getBiasRef();
    ParamOp origin = lookupParam(producer, weight);
    SmallVector<int64_t> shape(getDataShape(origin.getType())), column(shape.size(), 1);
    int64_t dim = producer.getWeightChannelDim(), channels = shape[dim];
    column[dim] = channels;
    ScaleAndShift parts = affine.build(constants, channels);
    if (parts.scale) {
      Value factor = constants.broadcast(constants.reshape(parts.scale, column), shape);
      producer.setWeightRef(outline(constants.multiply(constants.param(weight, shape), factor), weight.getValue(),
                                    origin.getSparsityAttr()));
    }
    Value sum = bias ? constants.param(bias, channels) : Value();
    if (sum && parts.scale)
      sum = constants.multiply(sum, parts.scale);
    if (parts.shift)
      sum = sum ? constants.add(sum, parts.shift) : parts.shift;
    if (sum)
      producer.setBiasRef(outline(sum, getBiasName(producer)));
    moveIntoProducer(affine, producer);
  }

  /// The node before produces what `affine` produced.
  void moveIntoProducer(const Affine &affine, WeightedOpInterface producer) {
    auto before = dyn_cast<CalibratedOpInterface>(producer.getOperation());
    auto after = dyn_cast<CalibratedOpInterface>(affine.node->getResult(0).getDefiningOp());
    if (before && after) {
      before.setCalibratedAbsmax(after.getCalibratedAbsmax());
      before.setRequestedFormats(combineRequests(after.getRequestedFormats(), before.getRequestedFormats()));
    }
    affine.node->getResult(0).replaceAllUsesWith(affine.operand);
    affine.node->erase();
    ++numFolded;
  }

  /// Folds into all nodes that read the result; gives the obstacle when it cannot.
  std::optional<Obstacle> foldIntoConsumers(const Affine &affine) {
    Value result = affine.node->getResult(0);
    if (result.use_empty())
      return Obstacle{"nothing reads it"};
    if (roundsResult(affine.node))
      return Obstacle{"a format is requested for its result"};
    OpBuilder builder(affine.node);
    ConstantBuilder constants(builder, affine.node->getLoc());
    std::optional<ScaleAndShift> parts;
    for (Operation *user : result.getUsers()) {
      auto consumer = dyn_cast<WeightedOpInterface>(user);
      std::optional<OperandView> view = consumer ? consumer.getOperandView() : std::nullopt;
      if (!view)
        return Obstacle{"a node that reads it has no weight per channel", user, "read here"};
      if (affine.dim && view->dim != *affine.dim)
        return Obstacle{"the weight after it multiplies channels along dimension " + std::to_string(view->dim), user,
                        "read here"};
      if (std::optional<Obstacle> obstacle = checkWeights(consumer, "after"))
        return obstacle;
      if (!parts)
        parts = affine.build(constants, shapeOf(result)[view->dim]);
      if (parts->shift && view->padded)
        return Obstacle{"the convolution after it pads with zeros, which the shift would change", user, "padded here"};
    }
    for (Operation *user : llvm::make_early_inc_range(result.getUsers()))
      foldIntoConsumer(affine, cast<WeightedOpInterface>(user));
    result.replaceAllUsesWith(affine.operand);
    affine.node->erase();
    ++numFolded;
    return std::nullopt;
  }

  void foldIntoConsumer(const Affine &affine, WeightedOpInterface consumer) {
    OpBuilder builder(affine.node);
    ConstantBuilder constants(builder, affine.node->getLoc());
    OperandView view = *consumer.getOperandView();
    FlatSymbolRefAttr weight = consumer.getWeightRef(), bias = consumer.getBiasRef();
    ParamOp origin = lookupParam(consumer, weight);
    ArrayRef<int64_t> shape = getDataShape(origin.getType());
    ScaleAndShift parts = affine.build(constants, shapeOf(affine.operand)[view.dim]);
    Value seen = constants.reshape(constants.param(weight, shape), view.weight);
    auto spread = [&](Value vector) {
      return constants.broadcast(constants.reshape(vector, view.channels), view.weight);
    };
    if (parts.shift) {
      Value sum = constants.sum(constants.multiply(seen, spread(parts.shift)), view.summed);
      sum = constants.reshape(sum, xplat::detail::product(shapeOf(sum)));
      if (bias)
        sum = constants.add(constants.param(bias, shapeOf(sum)), sum);
      consumer.setBiasRef(outline(sum, getBiasName(consumer)));
    }
    if (parts.scale)
      // A factor for each channel keeps zeros.
      consumer.setWeightRef(outline(constants.reshape(constants.multiply(seen, spread(parts.scale)), shape),
                                    weight.getValue(), origin.getSparsityAttr()));
  }

  /// Says why nothing beside the node does its work.
  static void explain(const Affine &affine, const Obstacle &before, const Obstacle &behind) {
    auto remark = affine.node->emitRemark("not folded: ") << before.reason << "; " << behind.reason;
    for (const Obstacle &obstacle : {before, behind})
      if (obstacle.op)
        remark.attachNote(obstacle.op->getLoc()) << obstacle.note;
  }

  void replaceByScale(const Affine &affine, int64_t dim, FlatSymbolRefAttr scale, FlatSymbolRefAttr shift) {
    OpBuilder builder(affine.node);
    ChannelAffineOp::Properties properties;
    properties.dim = builder.getI64IntegerAttr(dim);
    properties.weight = scale;
    properties.bias = shift;
    Value result = xplat::detail::createNode<ChannelAffineOp>(
        builder, affine.node->getLoc(), affine.node->getResult(0).getType(), affine.operand, properties);
    copyCalibration(affine.node, result.getDefiningOp());
    affine.node->getResult(0).replaceAllUsesWith(result);
    affine.node->erase();
  }

  //===--------------------------------------------------------------------===//
  // Parameters
  //===--------------------------------------------------------------------===//

  static std::string getBiasName(WeightedOpInterface node) {
    FlatSymbolRefAttr bias = node.getBiasRef();
    return bias ? bias.getValue().str() : getNodeName(node) + ".bias";
  }

  /// Declares a derived parameter beside the graph, before it.
  FlatSymbolRefAttr addParam(NodeOpInterface node, const Twine &name, Type type, DerivationAttr derivation,
                             SparsityAttr sparsity = {}) {
    return addDerivedParam(node, node->getLoc(), name + ":folded", type, derivation, *symbols, sparsity);
  }

  /// The parameter that holds the constant `value`.
  FlatSymbolRefAttr outline(Value value, StringRef name, SparsityAttr sparsity = {}) {
    Operation *root = value.getDefiningOp();
    if (ParamOp param = ConstantFunctions::getParam(root))
      return FlatSymbolRefAttr::get(param.getSymNameAttr());
    return ConstantFunctions(*symbols).outline(root, name, ":folded", sparsity);
  }

  /// What `value` requests for the result, and `weight` for the weight.
  QuantizationAttr combineRequests(QuantizationAttr value, QuantizationAttr weight) {
    Type ofValue = value ? value.getValue() : Type(), ofWeight = weight ? weight.getWeight() : Type();
    BoolAttr perChannel = weight ? weight.getPerChannel() : BoolAttr();
    if (!ofValue && !ofWeight && !perChannel)
      return {};
    return QuantizationAttr::get(&getContext(), ofValue, ofWeight, perChannel);
  }

  /// Erases nodes that depend on no sample and that nothing reads: their values have become parameters.
  void eraseUnusedConstants() {
    SmallVector<Operation *> constants;
    llvm::DenseSet<Operation *> known;
    walkGraph<NodeOpInterface>(getOperation(), [&](NodeOpInterface node) {
      bool constant =
          !isa<HostBoundaryOpInterface>(node.getOperation()) && llvm::all_of(node->getOperands(), [&](Value operand) {
            return operand.getDefiningOp() && known.contains(operand.getDefiningOp());
          });
      if (constant && known.insert(node).second)
        constants.push_back(node);
    });
    for (Operation *op : llvm::reverse(constants))
      if (isOpTriviallyDead(op))
        op->erase();
  }

  SymbolTable *symbols = nullptr;
  const ExactConstants *exactConstants = nullptr;
};
} // namespace

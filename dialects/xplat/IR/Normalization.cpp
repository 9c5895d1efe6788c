//===- Normalization.cpp - Softmax and norms in simpler nodes -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every value between the new nodes gets a format in which little is lost beside
// the rounding of the result:
//
// - The difference of a softmax from its maximum has 2 bits more than the operand,
//   at most 16, so that its exponential is a table, or polynomials. It reaches down
//   to -16; exponentials of less round to zero.
// - Exponentials are at most one and have 4 bits more than the result, at most 16,
//   none of them for a sign. Their sum is exact.
// - Mean, differences, squares, variance and deviation of a norm have 8 bits more
//   than the operand, at most 16.
//
// The result is a quotient, rounded once. Gamma and beta follow as a node of
// their own, which may be folded into the weights that read it.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace xplat;
using xplat::detail::createNode;
using xplat::detail::product;

/// Most bits of the values between the nodes of a norm, and how many they have beyond the operand's.
constexpr unsigned mostStatisticBits = 16, moreStatisticBits = 8;
/// The same of a difference; how many of its bits stand before the point, with the sign.
constexpr unsigned mostDifferenceBits = 16, moreDifferenceBits = 2, wholeDifferenceBits = 5;
/// The same of an exponential, beyond the result's. It is at most one.
constexpr unsigned mostExponentialBits = 16, moreExponentialBits = 4, wholeExponentialBits = 1;
/// Most bits of a value that streams.
constexpr unsigned streamBits = 32;

namespace {
/// Builds the nodes that take the place of one.
class NodeBuilder {
public:
  NodeBuilder(OpBuilder &builder, Operation *node)
      : builder(builder), node(node), shape(getDataShape(node->getResult(0).getType())) {}

  Type width(unsigned bits) const { return builder.getIntegerType(bits); }
  /// Of a value between the nodes of a norm.
  Type statistic(unsigned operandBits) const {
    return width(std::min(operandBits + moreStatisticBits, mostStatisticBits));
  }
  Type fixedPoint(unsigned bits, int64_t fractionalBits, bool hasSign = true) const {
    return quant::UniformQuantizedType::get(hasSign ? quant::QuantizationFlags::Signed : 0, width(bits),
                                            builder.getF32Type(), std::ldexp(1.0, -fractionalBits), 0,
                                            quant::QuantizedType::getDefaultMinimumForInteger(hasSign, bits),
                                            quant::QuantizedType::getDefaultMaximumForInteger(hasSign, bits));
  }

  /// A node called `part` of the original one, whose result is requested in `format`; null: no request.
  template <typename OpT>
  Value make(StringRef part, Type format, ArrayRef<int64_t> shape, ValueRange operands,
             typename OpT::Properties properties = {}) {
    if (format)
      properties.quantization = QuantizationAttr::get(builder.getContext(), format, Type(), BoolAttr());
    return createNode<OpT>(builder, xplat::detail::getPartLoc(node, part),
                           RankedTensorType::get(shape, builder.getF32Type()), operands, properties);
  }
  template <typename OpT> Value make(StringRef part, Type format, ValueRange operands) {
    return make<OpT>(part, format, shape, operands);
  }

  /// One number for all elements along `dims`, for each of them.
  Value reduce(StringRef part, Type format, Value value, ReduceKind kind, ArrayRef<int64_t> dims) {
    SmallVector<int64_t> reduced(shape);
    for (int64_t dim : dims)
      reduced[dim] = 1;
    ReduceOp::Properties properties;
    properties.kind = ReduceKindAttr::get(builder.getContext(), kind);
    properties.dims = builder.getDenseI64ArrayAttr(dims);
    return make<ReduceOp>(part, format, reduced, value, properties);
  }
  /// `fill` in place of the elements above a diagonal of each matrix.
  Value hideLater(StringRef part, Value value, int64_t diagonal, double fill) {
    TrilOp::Properties properties;
    properties.diagonal = builder.getI64IntegerAttr(diagonal);
    properties.fill = builder.getF64FloatAttr(fill);
    return make<TrilOp>(part, {}, shape, value, properties);
  }
  /// `fill` in place of the elements where `mask` is set.
  Value hideSet(StringRef part, Value value, Value mask, double fill) {
    MaskedFillOp::Properties properties;
    properties.fill = builder.getF64FloatAttr(fill);
    return make<MaskedFillOp>(part, {}, shape, {value, mask}, properties);
  }
  Value repeat(StringRef part, Value value) {
    return value.getType() == node->getResult(0).getType() ? value
                                                           : make<BroadcastOp>((part + ".broadcast").str(), {}, value);
  }
  /// The values of a parameter, for each sample and each element that it does not depend on.
  Value constant(StringRef part, FlatSymbolRefAttr param, int64_t axes) {
    ConstantOp::Properties properties;
    properties.param = param;
    return repeat(part, make<ConstantOp>(part, {}, shape.take_back(axes), {}, properties));
  }
  /// value / sqrt(variance + epsilon), where the variance has extents of one along the dimensions that it is over.
  Value divideByDeviation(Value value, Value variance, FloatAttr epsilon, Type format, unsigned resultBits) {
    ArrayRef<int64_t> reduced = getDataShape(variance.getType());
    SplatOp::Properties properties;
    properties.value = epsilon;
    Value splat = make<SplatOp>("epsilon", {}, reduced, {}, properties);
    Value positive = make<AddOp>("positive", format, reduced, {variance, splat});
    Value deviation = make<SqrtOp>("deviation", format, reduced, positive);
    return make<DivOp>("normalized", width(resultBits), {value, repeat("deviation", deviation)});
  }
  /// value · gamma + beta, either of them absent.
  Value scale(Value value, FlatSymbolRefAttr gamma, FlatSymbolRefAttr beta, int64_t axes) {
    if (axes == 1 && gamma)
      return scaleChannels(value, gamma, beta, shape.size() - 1);
    if (gamma)
      value = make<MulOp>(beta ? "scaled" : "", {}, {value, constant("gamma", gamma, axes)});
    if (beta)
      value = make<AddOp>("", {}, {value, constant("beta", beta, axes)});
    return value;
  }

  Value scaleChannels(Value value, FlatSymbolRefAttr gamma, FlatSymbolRefAttr beta, int64_t dim) {
    ChannelAffineOp::Properties properties;
    properties.dim = builder.getI64IntegerAttr(dim);
    properties.weight = gamma;
    properties.bias = beta;
    return make<ChannelAffineOp>("", {}, shape, value, properties);
  }

  OpBuilder &builder;
  Operation *node;
  ArrayRef<int64_t> shape;
};
} // namespace

static bool hidesElement(const APFloat &fill) { return fill.convertToDouble() <= leastHidden; }

SeenScores SoftmaxOp::getSeenScores() {
  SeenScores seen;
  seen.use = &getInputMutable();
  if (getCausal())
    seen.diagonal = 0;
  else if (auto triangle = seen.use->get().getDefiningOp<TrilOp>();
           triangle && hidesElement(triangle.getFill()) &&
           getSumDim() == static_cast<int64_t>(getDataShape(getType()).size()) - 1) {
    seen.diagonal = triangle.getDiagonal();
    seen.use = &triangle.getInputMutable();
  }
  if (auto masked = seen.use->get().getDefiningOp<MaskedFillOp>(); masked && hidesElement(masked.getFill())) {
    seen.hidden = masked.getMask();
    seen.use = &masked.getInputMutable();
  }
  return seen;
}

/// `value` with `fill` where a softmax does not see the scores.
static Value hide(NodeBuilder &nodes, const SeenScores &seen, StringRef part, Value value, double fill) {
  if (seen.hidden)
    value = nodes.hideSet(seen.diagonal ? (part + ".masked").str() : part.str(), value, seen.hidden, fill);
  return seen.diagonal ? nodes.hideLater(part, value, *seen.diagonal, fill) : value;
}

Value SoftmaxOp::decompose(OpBuilder &builder, unsigned operandBits, unsigned resultBits, std::string &reason) {
  SeenScores seen = getSeenScores();
  if (getBlindZero() && !seen.hidden) {
    reason = "a number is added to its operand that may be minus infinity, and no number format has that; give the "
             "model a mask of truth values instead";
    return {};
  }
  int64_t dim = getSumDim();
  NodeBuilder nodes(builder, *this);
  unsigned exponentialBits = std::min(resultBits + moreExponentialBits, mostExponentialBits);
  unsigned exponentialFraction = exponentialBits - wholeExponentialBits;
  unsigned sumBits = exponentialBits + llvm::Log2_64_Ceil(nodes.shape[dim]);
  if (sumBits > streamBits) {
    reason = "a sum of " + std::to_string(nodes.shape[dim]) + " exponentials needs more than " +
             std::to_string(streamBits) + " bits";
    return {};
  }
  // Hidden scores have no part in the maximum, and hidden exponentials none in the sum.
  Value scores = hide(nodes, seen, "visible", seen.use->get(), -hidingMagnitude);
  Value largest = nodes.reduce("maximum", {}, scores, ReduceKind::maximum, dim);
  unsigned bits = std::min(operandBits + moreDifferenceBits, mostDifferenceBits);
  Value difference = nodes.make<SubOp>("difference", nodes.fixedPoint(bits, bits - wholeDifferenceBits),
                                       {scores, nodes.repeat("maximum", largest)});
  Value exponential = nodes.make<ExpOp>(
      "exponential", nodes.fixedPoint(exponentialBits, exponentialFraction, /*hasSign=*/false), difference);
  exponential = hide(nodes, seen, "weighed", exponential, 0);
  Type sumFormat = nodes.fixedPoint(sumBits, exponentialFraction, /*hasSign=*/false);
  Value sum = nodes.reduce("sum", sumFormat, exponential, ReduceKind::sum, dim);
  if (seen.hidden || seen.diagonal.value_or(0) < 0) {
    // The largest exponential is one. Where all are hidden, zero is divided by one.
    SplatOp::Properties one;
    one.value = builder.getF64FloatAttr(1.0);
    ArrayRef<int64_t> reduced = getDataShape(sum.getType());
    sum =
        nodes.make<MaximumOp>("positive", sumFormat, reduced, {sum, nodes.make<SplatOp>("one", {}, reduced, {}, one)});
  }
  return nodes.make<DivOp>("", nodes.width(resultBits), {exponential, nodes.repeat("sum", sum)});
}

/// The last `axes` dimensions of a tensor of `rank`.
static SmallVector<int64_t> lastDims(int64_t rank, int64_t axes) {
  return llvm::to_vector(llvm::seq(rank - axes, rank));
}

Value LayerNormOp::decompose(OpBuilder &builder, unsigned operandBits, unsigned resultBits, std::string &) {
  NodeBuilder nodes(builder, *this);
  int64_t axes = getAxes();
  SmallVector<int64_t> dims = lastDims(nodes.shape.size(), axes);
  Type format = nodes.statistic(operandBits);
  Value mean = nodes.reduce("mean", format, getInput(), ReduceKind::mean, dims);
  Value centred = nodes.make<SubOp>("centred", format, {getInput(), nodes.repeat("mean", mean)});
  Value square = nodes.make<MulOp>("square", format, {centred, centred});
  Value variance = nodes.reduce("variance", format, square, ReduceKind::mean, dims);
  Value normalized = nodes.divideByDeviation(centred, variance, getEpsilonAttr(), format, resultBits);
  return nodes.scale(normalized, getGammaAttr(), getBetaAttr(), axes);
}

Value RmsNormOp::decompose(OpBuilder &builder, unsigned operandBits, unsigned resultBits, std::string &) {
  NodeBuilder nodes(builder, *this);
  int64_t axes = getAxes();
  Type format = nodes.statistic(operandBits);
  Value square = nodes.make<MulOp>("square", format, {getInput(), getInput()});
  Value mean = nodes.reduce("mean", format, square, ReduceKind::mean, lastDims(nodes.shape.size(), axes));
  Value normalized = nodes.divideByDeviation(getInput(), mean, getEpsilonAttr(), format, resultBits);
  return nodes.scale(normalized, getGammaAttr(), {}, axes);
}

/// The mean of every group of channels, for each channel: that of its pixels first, since these travel one after
/// another.
static Value groupMean(NodeBuilder &nodes, StringRef part, Type format, Value value, int64_t groups) {
  SmallVector<int64_t> pixels = lastDims(nodes.shape.size(), nodes.shape.size() - 2);
  int64_t channels = nodes.shape[1];
  bool alone = channels == groups;
  Value mean = nodes.reduce(alone ? part.str() : (part + ".pixels").str(), format, value, ReduceKind::mean, pixels);
  if (alone)
    return mean;
  SmallVector<int64_t> narrow(getDataShape(mean.getType())), grouped = {nodes.shape[0], groups, channels / groups};
  Value apart = nodes.make<ReshapeOp>((part + ".groups").str(), {}, grouped, mean);
  ReduceOp::Properties properties;
  properties.kind = ReduceKindAttr::get(nodes.builder.getContext(), ReduceKind::mean);
  properties.dims = nodes.builder.getDenseI64ArrayAttr({2});
  Value whole = nodes.make<ReduceOp>(part, format, {nodes.shape[0], groups, 1}, apart, properties);
  Value repeated = nodes.make<BroadcastOp>((part + ".repeated").str(), {}, grouped, whole);
  return nodes.make<ReshapeOp>((part + ".channels").str(), {}, narrow, repeated);
}

Value GroupNormOp::decompose(OpBuilder &builder, unsigned operandBits, unsigned resultBits, std::string &) {
  NodeBuilder nodes(builder, *this);
  int64_t groups = getGroups();
  Type format = nodes.statistic(operandBits);
  Value mean = groupMean(nodes, "mean", format, getInput(), groups);
  Value centred = nodes.make<SubOp>("centred", format, {getInput(), nodes.repeat("mean", mean)});
  Value square = nodes.make<MulOp>("square", format, {centred, centred});
  Value variance = groupMean(nodes, "variance", format, square, groups);
  Value normalized = nodes.divideByDeviation(centred, variance, getEpsilonAttr(), format, resultBits);
  if (getGammaAttr())
    return nodes.scaleChannels(normalized, getGammaAttr(), getBetaAttr(), 1);
  if (!getBetaAttr())
    return normalized;
  SmallVector<int64_t> channels(nodes.shape.size() - 1, 1);
  channels.front() = nodes.shape[1];
  ConstantOp::Properties properties;
  properties.param = getBetaAttr();
  Value beta = nodes.make<ConstantOp>("beta", {}, channels.front(), {}, properties);
  Value apart = nodes.make<ReshapeOp>("beta.channels", {}, channels, beta);
  return nodes.make<AddOp>("", {}, {normalized, nodes.repeat("beta", apart)});
}

//===- PointwiseNodes.cpp - Boundary, element-wise and shape ops ----------===//
//
// Nodes whose result element depends on the operand elements at one position.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;

/// Loops (n, c) over the operand, c unrolled by any divisor; nothing to look up.
#define POINTWISE_NODE(OpT)                                                                                           \
  SmallVector<StringRef> OpT::getDimensionNames() { return {"n", "c"}; }                                              \
  SmallVector<int64_t> OpT::getIterationDomain() {                                                                    \
    return xplat::detail::pointwiseDomain(getOperation()->getOperand(0).getType());                                   \
  }                                                                                                                   \
  SmallVector<int64_t> OpT::getLegalUnroll(unsigned dim) {                                                            \
    return dim == 1 ? getDivisors(getIterationDomain()[1]) : SmallVector<int64_t>{1};                                 \
  }

#define NO_SYMBOLS(OpT)                                                                                               \
  LogicalResult OpT::verifySymbolUses(SymbolTableCollection &) { return success(); }

//===----------------------------------------------------------------------===//
// Boundary
//===----------------------------------------------------------------------===//

POINTWISE_NODE(HostInputOp)
NO_SYMBOLS(HostInputOp)

LogicalResult HostInputOp::verify() {
  if (failed(xplat::detail::verifySameShape(*this, getInput().getType(), getType(), "host_input C1")))
    return failure();
  if (!getDataElement(getInput().getType()).isF32())
    return emitOpError("[host_input C2] expected a tensor of f32 but got ") << getInput().getType();
  return success();
}

int64_t HostInputOp::getBitsPerSample() {
  Type type = getType();
  return xplat::detail::product(getDataShape(type)) *
         cast<NumberFormatTypeInterface>(getDataElement(type)).getBitsPerElement();
}
bool HostInputOp::isInput() { return true; }

POINTWISE_NODE(HostOutputOp)
NO_SYMBOLS(HostOutputOp)

LogicalResult HostOutputOp::verify() {
  if (failed(xplat::detail::verifySameShape(*this, getInput().getType(), getType(), "host_output C1")))
    return failure();
  if (!getDataElement(getType()).isF32())
    return emitOpError("[host_output C2] expected a tensor of f32 as result but got ") << getType();
  return success();
}

int64_t HostOutputOp::getBitsPerSample() {
  Type type = getInput().getType();
  return xplat::detail::product(getDataShape(type)) *
         cast<NumberFormatTypeInterface>(getDataElement(type)).getBitsPerElement();
}
bool HostOutputOp::isInput() { return false; }

//===----------------------------------------------------------------------===//
// Element-wise
//===----------------------------------------------------------------------===//

POINTWISE_NODE(ReluOp)
NO_SYMBOLS(ReluOp)

LogicalResult ReluOp::verify() {
  return xplat::detail::verifySameShape(*this, getInput().getType(), getType(), "relu C1");
}

bool ReluOp::keepsFormat() { return true; }

FixedPoint ReluOp::buildDatapath(DatapathBuilder &builder, ArrayRef<FixedPoint> operands) {
  return builder.max(operands[0], builder.constant(0));
}

POINTWISE_NODE(CastOp)
NO_SYMBOLS(CastOp)

LogicalResult CastOp::verify() {
  return xplat::detail::verifySameShape(*this, getInput().getType(), getType(), "cast C1");
}

FixedPoint CastOp::buildDatapath(DatapathBuilder &, ArrayRef<FixedPoint> operands) { return operands[0]; }

POINTWISE_NODE(AddOp)
NO_SYMBOLS(AddOp)

SmallVector<StringRef> AddOp::getPortNames() { return {"a", "b", "y"}; }

LogicalResult AddOp::verify() {
  if (failed(xplat::detail::verifySameShape(*this, getLhs().getType(), getRhs().getType(), "add C1")))
    return failure();
  return xplat::detail::verifySameShape(*this, getLhs().getType(), getType(), "add C1");
}

FixedPoint AddOp::buildDatapath(DatapathBuilder &builder, ArrayRef<FixedPoint> operands) {
  return builder.add(operands[0], operands[1]);
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

NO_SYMBOLS(ReshapeOp)

SmallVector<StringRef> ReshapeOp::getDimensionNames() { return {"n", "c"}; }

SmallVector<int64_t> ReshapeOp::getIterationDomain() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType());
  int64_t inner = std::gcd(getInnermostExtent(in), getInnermostExtent(getDataShape(getType())));
  return {xplat::detail::product(in) / inner, inner};
}

SmallVector<int64_t> ReshapeOp::getLegalUnroll(unsigned dim) {
  return dim == 1 ? getDivisors(getIterationDomain()[1]) : SmallVector<int64_t>{1};
}

SmallVector<StringRef> ReshapeOp::getConstantNames() { return {"permutes"}; }
SmallVector<int64_t> ReshapeOp::getConstants() { return {permutesTravelOrder()}; }

/// Whether row-major order and travel order of `shape` differ.
static bool travelsPermuted(ArrayRef<int64_t> shape) {
  return shape.size() == 4 && shape[1] > 1 && shape[2] * shape[3] > 1;
}

bool ReshapeOp::permutesTravelOrder() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (in == out)
    return false;
  return (getOrder() == ReshapeOrder::row_major && travelsPermuted(in)) || travelsPermuted(out);
}

LogicalResult ReshapeOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (xplat::detail::product(in) != xplat::detail::product(out))
    return emitOpError("[reshape C1] expected as many elements in the result as in the operand, ")
           << xplat::detail::product(in) << ", but got " << xplat::detail::product(out);
  if (getDataElement(getInput().getType()) != getDataElement(getType()))
    return emitOpError("[reshape C1] expected operand and result of one element type but got ")
           << getDataElement(getInput().getType()) << " and " << getDataElement(getType());
  if (getOrder() == ReshapeOrder::channels_last && (in.size() != 4 || out.size() == 4))
    return emitOpError("[reshape C2] expected 'channels_last' on an operand of rank 4 with a result of another rank");
  return success();
}

bool ReshapeOp::keepTravelOrder() {
  if (getDataShape(getInput().getType()).size() != 4 || getDataShape(getType()).size() == 4)
    return false;
  setOrder(ReshapeOrder::channels_last);
  return true;
}

FloatAttr ReshapeOp::getCalibratedAbsmax() { return {}; }
void ReshapeOp::setCalibratedAbsmax(FloatAttr) {}
bool ReshapeOp::keepsFormat() { return true; }

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? OpFoldResult(getInput()) : OpFoldResult();
}

//===----------------------------------------------------------------------===//
// Batch normalisation
//===----------------------------------------------------------------------===//

POINTWISE_NODE(BatchNormOp)

SmallVector<StringRef> BatchNormOp::getPortNames() { return {"x", "gamma", "beta", "mean", "var", "y"}; }

SmallVector<Type> BatchNormOp::getPortFormats() {
  SmallVector<Type> formats = {getDataElement(getInput().getType())};
  for (FlatSymbolRefAttr param : {getGammaAttr(), getBetaAttr(), getMeanAttr(), getVarAttr()})
    formats.push_back(xplat::detail::paramFormat(*this, param));
  formats.push_back(getDataElement(getType()));
  return formats;
}

SmallVector<ParameterUse> BatchNormOp::getParameters() {
  return {{"gamma", getGammaAttr(), {1}},
          {"beta", getBetaAttr(), {1}},
          {"mean", getMeanAttr(), {1}},
          {"var", getVarAttr(), {1}}};
}

LogicalResult BatchNormOp::verify() {
  if (failed(xplat::detail::verifySameShape(*this, getInput().getType(), getType(), "batch_norm C1")))
    return failure();
  size_t rank = getDataShape(getType()).size();
  if (rank != 2 && rank != 4)
    return emitOpError("[batch_norm C1] expected an operand of rank 2 or 4 but got rank ") << rank;
  if (getEpsilon().isNegative() || getEpsilon().isZero() || !getEpsilon().isFinite())
    return emitOpError("[batch_norm C3] expected a positive, finite epsilon but got ")
           << getEpsilonAttr().getValueAsDouble();
  return success();
}

DerivationAttr BatchNormOp::getWeightDerivation(FlatSymbolRefAttr weight) {
  SmallVector<FlatSymbolRefAttr> sources = {getGammaAttr(), getVarAttr()};
  if (weight)
    sources.insert(sources.begin(), weight);
  return DerivationAttr::get(getContext(), DerivationKind::fold_batch_norm_weight, sources, getEpsilonAttr(), {});
}

DerivationAttr BatchNormOp::getBiasDerivation(FlatSymbolRefAttr bias) {
  SmallVector<FlatSymbolRefAttr> sources = {getGammaAttr(), getBetaAttr(), getMeanAttr(), getVarAttr()};
  if (bias)
    sources.insert(sources.begin(), bias);
  return DerivationAttr::get(getContext(), DerivationKind::fold_batch_norm_bias, sources, getEpsilonAttr(), {});
}

LogicalResult BatchNormOp::verifySymbolUses(SymbolTableCollection &symbols) {
  int64_t channels = getDataShape(getType())[1];
  for (const ParameterUse &use : getParameters())
    if (failed(xplat::detail::verifyParam(*this, use.symbol, {channels}, use.name, "batch_norm C2", symbols)))
      return failure();
  return success();
}

//===- NormalizationNodes.cpp - Softmax and normalisations ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::paramFormat;
using xplat::detail::product;

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// An element-wise node that along the dimensions `reduced` needs all elements for each. `parameters` are of the last
/// dimensions, as many as they have.
static Indexing indexNormalisation(Operation *op, ArrayRef<int64_t> reduced, int64_t axes,
                                   ArrayRef<std::pair<StringRef, FlatSymbolRefAttr>> parameters) {
  IndexingBuilder builder(op->getContext());
  SmallVector<AffineExpr> indices = builder.iterateOver(op->getResult(0).getType(), reduced);
  builder.addOperand(indices);
  builder.addResult(indices);
  for (auto [name, symbol] : parameters)
    builder.addParameter(name, symbol, ArrayRef(indices).take_back(axes));
  return builder.take();
}

Indexing SoftmaxOp::getIndexing() { return indexNormalisation(*this, {static_cast<int64_t>(getDim())}, 0, {}); }
XPLAT_NO_SYMBOLS(SoftmaxOp)
SmallVector<StringRef> SoftmaxOp::getConstantNames() { return {"causal", "outer", "blind_zero"}; }
SmallVector<std::pair<StringRef, int64_t>> SoftmaxOp::getPlainConstants() {
  return {{"causal", 0}, {"outer", 0}, {"blind_zero", 0}};
}
SmallVector<int64_t> SoftmaxOp::getConstants() {
  return {getCausal(), getInnermostDim(getType()) != static_cast<int64_t>(getDim()), getBlindZero()};
}
XPLAT_CHANNELS_LAST(SoftmaxOp)
int64_t SoftmaxOp::getFurtherOperations() {
  return xplat::detail::softmaxOperations * product(getDataShape(getType()));
}
int64_t SoftmaxOp::getSumDim() { return getDim(); }
bool SoftmaxOp::isNeverNegative(ArrayRef<bool>) { return true; }

LogicalResult SoftmaxOp::verify() {
  if (failed(xplat::detail::verifySameShape(*this, getInput().getType(), getType(), "softmax C1")))
    return failure();
  int64_t rank = getDataShape(getType()).size(), dim = static_cast<int64_t>(getDim());
  if (dim < 0 || dim >= rank)
    return emitOpError("[softmax C1] expected a dimension below ") << rank << " but got " << dim;
  if (getCausal() && (rank < 2 || dim != rank - 1))
    return emitOpError("[softmax C2] expected 'causal' along the last of two dimensions or more but got dimension ")
           << dim << " of " << rank;
  return success();
}

//===----------------------------------------------------------------------===//
// Over the last dimensions
//===----------------------------------------------------------------------===//

/// The constants of a normalisation of which `epsilon` alone is one.
#define EPSILON_CONSTANT(OpT)                                                                                          \
  SmallVector<StringRef> OpT::getConstantNames() { return {"epsilon"}; }                                               \
  SmallVector<std::pair<StringRef, int64_t>> OpT::getPlainConstants() { return {{"epsilon", 0}}; }                     \
  SmallVector<int64_t> OpT::getConstants() { return {xplat::detail::getSingleBits(getEpsilon())}; }
EPSILON_CONSTANT(LayerNormOp)
EPSILON_CONSTANT(RmsNormOp)
EPSILON_CONSTANT(BatchNormOp)

/// Checks C1 and C3 of a normalisation over the last `axes` dimensions.
static LogicalResult verifyLastDims(Operation *op, Type in, Type out, int64_t axes, const APFloat &epsilon,
                                    StringRef c1, StringRef c3) {
  if (failed(xplat::detail::verifySameShape(op, in, out, c1)))
    return failure();
  int64_t rank = getDataShape(out).size();
  if (axes < 1 || axes > rank)
    return op->emitOpError() << "[" << c1 << "] expected 1 to " << rank << " axes but got " << axes;
  if (epsilon.isNegative() || epsilon.isZero() || !epsilon.isFinite())
    return op->emitOpError() << "[" << c3 << "] expected a positive, finite epsilon but got "
                             << epsilon.convertToDouble();
  return success();
}

static SmallVector<int64_t> lastDims(Type type, int64_t axes) {
  int64_t rank = getDataShape(type).size();
  return llvm::to_vector(llvm::seq(rank - axes, rank));
}

Indexing LayerNormOp::getIndexing() {
  int64_t axes = getAxes();
  return indexNormalisation(*this, lastDims(getType(), axes), axes,
                            {{"gamma", getGammaAttr()}, {"beta", getBetaAttr()}});
}
XPLAT_CHANNELS_LAST(LayerNormOp)
SmallVector<StringRef> LayerNormOp::getPortNames() { return {"x", "gamma", "beta", "y"}; }
SmallVector<Type> LayerNormOp::getPortFormats() {
  return {getDataElement(getInput().getType()), paramFormat(*this, getGammaAttr()), paramFormat(*this, getBetaAttr()),
          getDataElement(getType())};
}
// Of every element: its part of the mean, its difference from it, that one's square and part of the variance, and the
// product with 1 / sqrt(variance + epsilon).
int64_t LayerNormOp::getFurtherOperations() {
  return (5 + (getGammaAttr() ? 1 : 0) + (getBetaAttr() ? 1 : 0)) * product(getDataShape(getType()));
}
LogicalResult LayerNormOp::verify() {
  return verifyLastDims(*this, getInput().getType(), getType(), getAxes(), getEpsilon(), "layer_norm C1",
                        "layer_norm C3");
}
LogicalResult LayerNormOp::verifySymbolUses(SymbolTableCollection &symbols) {
  ArrayRef<int64_t> shape = getDataShape(getType()).take_back(getAxes());
  if (failed(xplat::detail::verifyParam(*this, getGammaAttr(), shape, "gamma", "layer_norm C2", symbols)))
    return failure();
  return xplat::detail::verifyParam(*this, getBetaAttr(), shape, "beta", "layer_norm C2", symbols);
}

Indexing RmsNormOp::getIndexing() {
  int64_t axes = getAxes();
  return indexNormalisation(*this, lastDims(getType(), axes), axes, {{"gamma", getGammaAttr()}});
}
XPLAT_CHANNELS_LAST(RmsNormOp)
SmallVector<StringRef> RmsNormOp::getPortNames() { return {"x", "gamma", "y"}; }
SmallVector<Type> RmsNormOp::getPortFormats() {
  return {getDataElement(getInput().getType()), paramFormat(*this, getGammaAttr()), getDataElement(getType())};
}
// Of every element: its square, that one's part of the mean, and the product with 1 / sqrt(mean + epsilon).
int64_t RmsNormOp::getFurtherOperations() { return (3 + (getGammaAttr() ? 1 : 0)) * product(getDataShape(getType())); }
LogicalResult RmsNormOp::verify() {
  return verifyLastDims(*this, getInput().getType(), getType(), getAxes(), getEpsilon(), "rms_norm C1", "rms_norm C3");
}
LogicalResult RmsNormOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return xplat::detail::verifyParam(*this, getGammaAttr(), getDataShape(getType()).take_back(getAxes()), "gamma",
                                    "rms_norm C2", symbols);
}

//===----------------------------------------------------------------------===//
// Over groups of channels
//===----------------------------------------------------------------------===//

// As if every element needed all others, of other groups, too: no kernel implements the whole node.
Indexing GroupNormOp::getIndexing() {
  SmallVector<int64_t> reduced = llvm::to_vector(llvm::seq<int64_t>(1, getDataShape(getType()).size()));
  IndexingBuilder builder(getContext());
  SmallVector<AffineExpr> indices = builder.iterateOver(getType(), reduced);
  builder.addOperand(indices);
  builder.addResult(indices);
  builder.addParameter("gamma", getGammaAttr(), {indices[1]});
  builder.addParameter("beta", getBetaAttr(), {indices[1]});
  return builder.take();
}
int64_t GroupNormOp::getChannelDim() { return 1; }
SmallVector<StringRef> GroupNormOp::getConstantNames() { return {"groups", "epsilon"}; }
SmallVector<std::pair<StringRef, int64_t>> GroupNormOp::getPlainConstants() { return {{"groups", 1}, {"epsilon", 0}}; }
SmallVector<int64_t> GroupNormOp::getConstants() {
  return {static_cast<int64_t>(getGroups()), xplat::detail::getSingleBits(getEpsilon())};
}
SmallVector<StringRef> GroupNormOp::getPortNames() { return {"x", "gamma", "beta", "y"}; }
SmallVector<Type> GroupNormOp::getPortFormats() {
  return {getDataElement(getInput().getType()), paramFormat(*this, getGammaAttr()), paramFormat(*this, getBetaAttr()),
          getDataElement(getType())};
}
// As of a layer norm.
int64_t GroupNormOp::getFurtherOperations() {
  return (5 + (getGammaAttr() ? 1 : 0) + (getBetaAttr() ? 1 : 0)) * product(getDataShape(getType()));
}
LogicalResult GroupNormOp::verify() {
  if (failed(xplat::detail::verifySameShape(*this, getInput().getType(), getType(), "group_norm C1")))
    return failure();
  ArrayRef<int64_t> shape = getDataShape(getType());
  int64_t groups = getGroups();
  if (shape.size() < 3 || groups < 1 || shape[1] % groups != 0)
    return emitOpError(
               "[group_norm C1] expected at least three dimensions and groups that divide the channels but got ")
           << groups << " groups of " << getType();
  if (getEpsilon().isNegative() || getEpsilon().isZero() || !getEpsilon().isFinite())
    return emitOpError("[group_norm C3] expected a positive, finite epsilon but got ")
           << getEpsilonAttr().getValueAsDouble();
  return success();
}
LogicalResult GroupNormOp::verifySymbolUses(SymbolTableCollection &symbols) {
  int64_t channels = getDataShape(getType())[1];
  if (failed(xplat::detail::verifyParam(*this, getGammaAttr(), {channels}, "gamma", "group_norm C2", symbols)))
    return failure();
  return xplat::detail::verifyParam(*this, getBetaAttr(), {channels}, "beta", "group_norm C2", symbols);
}

//===----------------------------------------------------------------------===//
// Batch normalisation
//===----------------------------------------------------------------------===//

/// An element-wise node with parameters of dimension `dim`.
static Indexing indexChannelParameters(Operation *op, int64_t dim,
                                       ArrayRef<std::pair<StringRef, FlatSymbolRefAttr>> parameters) {
  IndexingBuilder builder(op->getContext());
  SmallVector<AffineExpr> indices = builder.iterateOver(op->getResult(0).getType());
  builder.addOperand(indices);
  builder.addResult(indices);
  for (auto [name, symbol] : parameters)
    builder.addParameter(name, symbol, {indices[dim]});
  return builder.take();
}

Indexing BatchNormOp::getIndexing() {
  return indexChannelParameters(
      *this, 1, {{"gamma", getGammaAttr()}, {"beta", getBetaAttr()}, {"mean", getMeanAttr()}, {"var", getVarAttr()}});
}
SmallVector<FlatSymbolRefAttr> BatchNormOp::getZeroingParameters() { return {getGammaAttr(), getBetaAttr()}; }
// A scale and a shift, which follow from the parameters alone.
int64_t BatchNormOp::getFurtherOperations() { return 2 * product(getDataShape(getType())); }

SmallVector<StringRef> BatchNormOp::getPortNames() { return {"x", "gamma", "beta", "mean", "var", "y"}; }

SmallVector<Type> BatchNormOp::getPortFormats() {
  SmallVector<Type> formats = {getDataElement(getInput().getType())};
  for (FlatSymbolRefAttr param : {getGammaAttr(), getBetaAttr(), getMeanAttr(), getVarAttr()})
    formats.push_back(xplat::detail::paramFormat(*this, param));
  formats.push_back(getDataElement(getType()));
  return formats;
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
  return DerivationAttr::get(getContext(), DerivationKind::fold_batch_norm_weight, sources, getEpsilonAttr(), {}, {},
                             {});
}

DerivationAttr BatchNormOp::getBiasDerivation(FlatSymbolRefAttr bias) {
  SmallVector<FlatSymbolRefAttr> sources = {getGammaAttr(), getBetaAttr(), getMeanAttr(), getVarAttr()};
  if (bias)
    sources.insert(sources.begin(), bias);
  return DerivationAttr::get(getContext(), DerivationKind::fold_batch_norm_bias, sources, getEpsilonAttr(), {}, {}, {});
}

LogicalResult BatchNormOp::verifySymbolUses(SymbolTableCollection &symbols) {
  int64_t channels = getDataShape(getType())[1];
  for (const ParameterUse &use : getParameters())
    if (failed(xplat::detail::verifyParam(*this, use.symbol, {channels}, use.name, "batch_norm C2", symbols)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Scales and shifts
//===----------------------------------------------------------------------===//

Indexing ChannelAffineOp::getIndexing() {
  return indexChannelParameters(*this, getDim(), {{"weight", getWeightAttr()}, {"bias", getBiasAttr()}});
}
int64_t ChannelAffineOp::getFurtherOperations() { return (getBiasAttr() ? 2 : 1) * product(getDataShape(getType())); }
SmallVector<StringRef> ChannelAffineOp::getPortNames() { return {"x", "weight", "bias", "y"}; }
SmallVector<Type> ChannelAffineOp::getPortFormats() {
  return {getDataElement(getInput().getType()), paramFormat(*this, getWeightAttr()), paramFormat(*this, getBiasAttr()),
          getDataElement(getType())};
}
bool ChannelAffineOp::moveChannels(int64_t dim) {
  setDim(dim);
  return true;
}

LogicalResult ChannelAffineOp::verify() {
  if (failed(xplat::detail::verifySameShape(*this, getInput().getType(), getType(), "channel_affine C1")))
    return failure();
  int64_t rank = getDataShape(getType()).size(), dim = static_cast<int64_t>(getDim());
  if (dim < 0 || dim >= rank)
    return emitOpError("[channel_affine C1] expected a dimension below ") << rank << " but got " << dim;
  return success();
}

LogicalResult ChannelAffineOp::verifySymbolUses(SymbolTableCollection &symbols) {
  int64_t channels = getDataShape(getType())[getDim()];
  if (failed(xplat::detail::verifyParam(*this, getWeightAttr(), {channels}, "weight", "channel_affine C2", symbols)))
    return failure();
  return xplat::detail::verifyParam(*this, getBiasAttr(), {channels}, "bias", "channel_affine C3", symbols);
}

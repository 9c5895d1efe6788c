//===- LowerAffine.cpp - Scales and shifts as convolutions of one pixel ---===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Graph.h"
#include "Transforms/Software/AffineArithmetic.h"
#include "Transforms/Software/Passes.h"
#include "xplat/IR/NodeOps.h"

namespace xplat {
#define GEN_PASS_DEF_LOWERAFFINE
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;
using xplat::detail::createNode;
using xplat::detail::product;

namespace {
struct LowerAffine : xplat::impl::LowerAffineBase<LowerAffine> {
  void runOnOperation() override {
    SymbolScope scope(getOperation());
    symbols = &scope.getTable();
    SmallVector<WeightedOpInterface> nodes;
    walkGraph<WeightedOpInterface>(getOperation(), [&](WeightedOpInterface op) {
      if (isChannelwise(op) && isUnquantized(cast<NodeOpInterface>(op.getOperation())))
        nodes.push_back(op);
    });
    for (WeightedOpInterface node : nodes)
      lower(node);
  }

private:
  void lower(WeightedOpInterface node) {
    auto type = cast<RankedTensorType>(node->getResult(0).getType());
    ArrayRef<int64_t> shape = type.getShape();
    int64_t dim = node.getResultChannelDim(), channels = shape[dim];
    if (dim != getInnermostDim(type))
      return multiply(node, type, dim);
    if (shape.size() == 4 && shape[0] != 1) {
      node->emitRemark("not lowered to a convolution: expected one sample but got ") << shape[0];
      return;
    }
    OpBuilder builder(node);
    Location loc = node->getLoc();
    DepthwiseConv2DOp::Properties properties;
    properties.weight = reshapeWeight(node, {channels, 1, 1, 1});
    properties.bias = node.getBiasRef();
    properties.stride = builder.getDenseI64ArrayAttr({1, 1});
    properties.padding = builder.getDenseI64ArrayAttr({0, 0});
    // Tensors of other ranks become images that travel in the same order.
    auto image = shape.size() == 4
                     ? type
                     : RankedTensorType::get({1, channels, 1, product(shape) / channels}, type.getElementType());
    ReshapeOp::Properties travel;
    travel.order = ReshapeOrderAttr::get(&getContext(), ReshapeOrder::channels_last);
    Value operand = node->getOperand(0);
    if (image != type)
      operand = createNode<ReshapeOp>(builder, loc, image, operand, travel);
    auto convolution = DepthwiseConv2DOp::create(builder, loc, TypeRange(image), operand, properties);
    copyCalibration(node, convolution);
    // If f32 is requested for the result, the weight stays f32, too.
    QuantizationAttr request = convolution.getQuantizationAttr();
    if (request && request.getValue() && request.getValue().isF32())
      convolution.setQuantizationAttr(
          QuantizationAttr::get(&getContext(), request.getValue(), request.getValue(), request.getPerChannel()));
    Value result = convolution.getResult();
    if (image != type)
      result = createNode<ReshapeOp>(builder, loc, type, result, travel);
    replace(node, result);
  }

  FlatSymbolRefAttr reshapeWeight(WeightedOpInterface node, ArrayRef<int64_t> shape) {
    FlatSymbolRefAttr weight = node.getWeightRef();
    ParamOp origin = lookupParam(node, weight);
    auto type = RankedTensorType::get(shape, getDataElement(origin.getType()));
    auto derivation = DerivationAttr::get(&getContext(), DerivationKind::reshape, {weight}, {}, {}, {}, {});
    FlatSymbolRefAttr &known = reshaped[weight];
    if (!known)
      known = addDerivedParam(node, origin.getLoc(), weight.getValue() + ":image", type, derivation, *symbols);
    return known;
  }

  /// Channels that do not travel innermost are scaled element by element, by constants.
  void multiply(WeightedOpInterface node, RankedTensorType type, int64_t dim) {
    OpBuilder builder(node);
    ConstantBuilder constants(builder, node->getLoc());
    SmallVector<int64_t> column(type.getRank(), 1);
    column[dim] = type.getDimSize(dim);
    auto spread = [&](FlatSymbolRefAttr symbol) {
      Value vector = constants.reshape(constants.param(symbol, column[dim]), column);
      return constants.broadcast(vector, type.getShape());
    };
    Value result = constants.multiply(node->getOperand(0), spread(node.getWeightRef()));
    if (FlatSymbolRefAttr bias = node.getBiasRef())
      result = constants.add(result, spread(bias));
    copyCalibration(node, result.getDefiningOp());
    replace(node, result);
  }

  void replace(WeightedOpInterface node, Value result) {
    node->getResult(0).replaceAllUsesWith(result);
    node->erase();
    ++numLowered;
  }

  SymbolTable *symbols = nullptr;
  llvm::DenseMap<Attribute, FlatSymbolRefAttr> reshaped;
};
} // namespace

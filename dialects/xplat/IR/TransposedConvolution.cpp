//===- TransposedConvolution.cpp - Transposed convolution in simpler nodes ===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With stride s, result pixel q · s + r, for r = 0 … s - 1, is a sum over the
// taps t of the kernel elements t · s + r, each times operand pixel q - t. So the
// s² positions (r, r') of a square are channels of one convolution over the
// operand, with the taps in reverse order (Shi et al., "Is the deconvolution
// layer the same as a convolutional layer?", 2016). A pixel shuffle puts the
// channels in their places, and what lies in the padding is cut off.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::createNode;
using xplat::detail::isBoundedShape;

using MakeParam = function_ref<FlatSymbolRefAttr(Value, StringRef)>;

namespace {
/// Builds nodes on tensors of f32.
struct TensorBuilder {
  OpBuilder &builder;
  Location loc;

  Type type(ArrayRef<int64_t> shape) const { return RankedTensorType::get(shape, builder.getF32Type()); }
  Value constant(FlatSymbolRefAttr param, ArrayRef<int64_t> shape) const {
    ConstantOp::Properties properties;
    properties.param = param;
    return createNode<ConstantOp>(builder, loc, type(shape), {}, properties);
  }
  Value reshape(Value value, ArrayRef<int64_t> shape) const {
    return createNode<ReshapeOp>(builder, loc, type(shape), value);
  }
  Value transpose(Value value, ArrayRef<int64_t> permutation) const {
    ArrayRef<int64_t> shape = getDataShape(value.getType());
    TransposeOp::Properties properties;
    properties.permutation = builder.getDenseI64ArrayAttr(permutation);
    return createNode<TransposeOp>(builder, loc,
                                   type(llvm::map_to_vector(permutation, [&](int64_t dim) { return shape[dim]; })),
                                   value, properties);
  }
  Value slice(Value value, ArrayRef<int64_t> starts, ArrayRef<int64_t> shape) const {
    SliceOp::Properties properties;
    properties.starts = builder.getDenseI64ArrayAttr(starts);
    properties.steps = builder.getDenseI64ArrayAttr(SmallVector<int64_t>(starts.size(), 1));
    return createNode<SliceOp>(builder, loc, type(shape), value, properties);
  }
  /// Zeros behind the elements of each dimension, up to `shape`.
  Value extend(Value value, ArrayRef<int64_t> shape) const {
    ArrayRef<int64_t> before = getDataShape(value.getType());
    SmallVector<int64_t> high;
    for (auto [large, small] : llvm::zip_equal(shape, before))
      high.push_back(large - small);
    PadOp::Properties properties;
    properties.low = builder.getDenseI64ArrayAttr(SmallVector<int64_t>(shape.size(), 0));
    properties.high = builder.getDenseI64ArrayAttr(high);
    properties.value = builder.getF64FloatAttr(0);
    return createNode<PadOp>(builder, loc, type(shape), value, properties);
  }
  /// The slices along `dim` in the opposite order.
  Value reverse(Value value, int64_t dim) const {
    SmallVector<int64_t> shape(getDataShape(value.getType())), starts(shape.size(), 0), one(shape);
    one[dim] = 1;
    SmallVector<Value> slices;
    for (starts[dim] = shape[dim] - 1; starts[dim] >= 0; --starts[dim])
      slices.push_back(slice(value, starts, one));
    ConcatOp::Properties properties;
    properties.dim = builder.getI64IntegerAttr(dim);
    return createNode<ConcatOp>(builder, loc, type(shape), slices, properties);
  }
};
} // namespace

/// The weight [groups · ic, oc, kh, kw] of the transposed convolution as that of the convolution, [groups · oc · sh ·
/// sw, ic, taps[0], taps[1]].
static Value convertWeight(const TensorBuilder &tensors, Value weight, int64_t groups, ArrayRef<int64_t> stride,
                           ArrayRef<int64_t> taps) {
  ArrayRef<int64_t> shape = getDataShape(weight.getType());
  int64_t inputs = shape[0] / groups, outputs = shape[1];
  Value whole = tensors.extend(weight, {shape[0], outputs, taps[0] * stride[0], taps[1] * stride[1]});
  Value apart = tensors.reshape(whole, {groups, inputs, outputs, taps[0], stride[0], taps[1], stride[1]});
  Value reversed = tensors.reverse(tensors.reverse(apart, 3), 5);
  Value ordered = tensors.transpose(reversed, {0, 2, 4, 6, 1, 3, 5});
  return tensors.reshape(ordered, {groups * outputs * stride[0] * stride[1], inputs, taps[0], taps[1]});
}

Value ConvTranspose2DOp::decompose(OpBuilder &builder, MakeParam makeParam) {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  ArrayRef<int64_t> stride = getStride(), padding = getPadding();
  ParamOp weightParam = lookupParam(*this, getWeightAttr());
  ArrayRef<int64_t> kernel = getDataShape(weightParam.getType());
  int64_t groups = static_cast<int64_t>(getGroups()), square = stride[0] * stride[1];
  SmallVector<int64_t> taps, blocks;
  for (int i : {0, 1}) {
    // The convolution gives whole squares up to the last pixel that is kept.
    int64_t needed = llvm::divideCeil(padding[i] + out[2 + i], stride[i]) - in[2 + i] + 1;
    taps.push_back(std::max<int64_t>(llvm::divideCeil(kernel[2 + i], stride[i]), needed));
    blocks.push_back(in[2 + i] + taps[i] - 1);
  }
  SmallVector<int64_t> convolved = {1, out[1] * square, blocks[0], blocks[1]};
  if (!isBoundedShape(convolved) || !isBoundedShape({out[1] * square, in[1] / groups, taps[0], taps[1]}))
    return {};

  auto at = [&](StringRef part) { return xplat::detail::getPartLoc(*this, part); };
  TensorBuilder parameters{builder, at("weight")};
  FlatSymbolRefAttr weightSymbol, biasSymbol;
  Value weight = convertWeight(parameters, parameters.constant(getWeightAttr(), kernel), groups, stride, taps);
  weightSymbol = makeParam(weight, getWeight());
  if (getBiasAttr()) {
    Value bias = parameters.reshape(parameters.constant(getBiasAttr(), out[1]), {out[1], 1});
    Value repeated = createNode<BroadcastOp>(builder, at("bias"), parameters.type({out[1], square}), bias);
    biasSymbol = makeParam(parameters.reshape(repeated, {out[1] * square}), *getBias());
  }
  auto completed = [&](auto properties) {
    properties.weight = weightSymbol;
    properties.bias = biasSymbol;
    properties.stride = builder.getDenseI64ArrayAttr({1, 1});
    properties.padding = builder.getDenseI64ArrayAttr({taps[0] - 1, taps[1] - 1});
    return properties;
  };
  Value squares;
  if (groups == in[1] && groups > 1) {
    // Every channel of the result reads one of the operand: all are computed at a time, from a copy for each.
    int64_t copies = convolved[1] / in[1];
    TensorBuilder repeat{builder, at("channels")};
    Value pixels = repeat.transpose(repeat.reshape(getInput(), {in[1], in[2], in[3]}), {1, 2, 0});
    Value copied = createNode<BroadcastOp>(builder, at("channels"), repeat.type({in[2] * in[3], in[1], copies}),
                                           repeat.reshape(pixels, {in[2] * in[3], in[1], 1}));
    Value channels = repeat.transpose(repeat.reshape(copied, {in[2], in[3], convolved[1]}), {2, 0, 1});
    squares = createNode<DepthwiseConv2DOp>(builder, at(""), parameters.type(convolved),
                                            repeat.reshape(channels, {1, convolved[1], in[2], in[3]}),
                                            completed(DepthwiseConv2DOp::Properties()));
  } else {
    Conv2DOp::Properties properties;
    properties.groups = builder.getI64IntegerAttr(groups);
    squares = createNode<Conv2DOp>(builder, at(""), parameters.type(convolved), getInput(), completed(properties));
  }

  TensorBuilder shuffle{builder, at("shuffle")};
  Value apart = shuffle.reshape(squares, {1, out[1], stride[0], stride[1], blocks[0], blocks[1]});
  Value placed = shuffle.transpose(apart, {0, 1, 4, 2, 5, 3});
  Value whole = shuffle.reshape(placed, {1, out[1], blocks[0] * stride[0], blocks[1] * stride[1]});
  if (getDataShape(whole.getType()) == out)
    return whole;
  return TensorBuilder{builder, at("crop")}.slice(whole, {0, 0, padding[0], padding[1]}, out);
}

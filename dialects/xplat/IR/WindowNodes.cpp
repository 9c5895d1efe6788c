//===- WindowNodes.cpp - Linear, convolution and pooling ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes that combine several operand elements in one result element.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::verifyParam;
using xplat::detail::Window;

//===----------------------------------------------------------------------===//
// Linear
//===----------------------------------------------------------------------===//

SmallVector<StringRef> LinearOp::getDimensionNames() { return {"m", "n", "k"}; }

Indexing LinearOp::getIndexing() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  IndexingBuilder builder(getContext());
  SmallVector<AffineExpr> x = builder.iterate(0, in.drop_back()), y = x;
  AffineExpr n = builder.iterate(1, out.back()), k = builder.iterate(2, in.back(), IteratorKind::reduction);
  x.push_back(k);
  y.push_back(n);
  builder.addOperand(x);
  builder.addResult(y);
  builder.addParameter("weight", getWeightAttr(), {n, k});
  builder.addParameter("bias", getBiasAttr(), {n});
  return builder.take();
}

SmallVector<StringRef> LinearOp::getConstantNames() { return {"per_channel", "sparse_n", "sparse_m", "permutes"}; }
SmallVector<StringRef> LinearOp::getPortNames() { return {"x", "weight", "bias", "y"}; }

/// Whether the parameter's format has a scale for each output channel.
static bool isPerChannel(Type format) {
  auto number = dyn_cast_if_present<NumberFormatTypeInterface>(format);
  return number && number.isPerChannel();
}

/// Whether other elements come between the columns of a row.
static bool hasColumnsApart(LinearOp op) {
  return getInnermostDim(op.getType()) + 1 != static_cast<int64_t>(getDataShape(op.getType()).size());
}

template <typename OpT> static SmallVector<Type> weightedPortFormats(OpT op) {
  return {getDataElement(op.getInput().getType()), xplat::detail::paramFormat(op, op.getWeightAttr()),
          xplat::detail::paramFormat(op, op.getBiasAttr()), getDataElement(op.getType())};
}

SmallVector<int64_t> LinearOp::getConstants() {
  ParamOp weight = lookupParam(*this, getWeightAttr());
  SparsityAttr sparsity = weight ? weight.getSparsityAttr() : SparsityAttr();
  return {isPerChannel(getPortFormats()[1]), sparsity ? sparsity.getN() : 1, sparsity ? sparsity.getM() : 1,
          hasColumnsApart(*this)};
}

SmallVector<Type> LinearOp::getPortFormats() { return weightedPortFormats(*this); }

LogicalResult LinearOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (in.empty() || in.size() != out.size() || in.drop_back() != out.drop_back())
    return emitOpError("[linear C1] expected operand and result of equal rank and outer extents but got ")
           << getInput().getType() << " and " << getType();
  return success();
}

LogicalResult LinearOp::verifySymbolUses(SymbolTableCollection &symbols) {
  SmallVector<int64_t> domain = getIterationDomain();
  if (failed(verifyParam(*this, getWeightAttr(), {domain[1], domain[2]}, "weight", "linear C2", symbols)))
    return failure();
  return verifyParam(*this, getBiasAttr(), {domain[1]}, "bias", "linear C3", symbols);
}

//===----------------------------------------------------------------------===//
// What ops with a window share
//===----------------------------------------------------------------------===//

static Window makeWindow(Type in, Type out, int64_t kernelH, int64_t kernelW, ArrayRef<int64_t> stride,
                         ArrayRef<int64_t> padding) {
  ArrayRef<int64_t> is = getDataShape(in), os = getDataShape(out);
  return {is[1], is[2], is[3], os[2], os[3], kernelH, kernelW, stride[0], stride[1], padding[0], padding[1]};
}

static SmallVector<int64_t> windowConstants(const Window &w) {
  return {w.channels, w.height, w.width, w.strideH, w.strideW, w.padH, w.padW};
}

static LogicalResult verifyPair(Operation *op, ArrayRef<int64_t> values, int64_t least, StringRef what,
                                const Twine &constraint) {
  if (values.size() == 2 && llvm::all_of(values, [&](int64_t v) { return v >= least; }))
    return success();
  return op->emitOpError() << "[" << constraint << "] expected two integers of at least " << least << " as " << what;
}

/// Checks constraints `ca` (rank, batch, channels), `cb` (stride and padding) and `cc` (result extents).
static LogicalResult verifyWindow(Operation *op, Type in, Type out, bool sameChannels, ArrayRef<int64_t> kernel,
                                  ArrayRef<int64_t> stride, ArrayRef<int64_t> padding, bool halfPadding, StringRef ca,
                                  StringRef cb, StringRef cc) {
  ArrayRef<int64_t> is = getDataShape(in), os = getDataShape(out);
  if (is.size() != 4 || os.size() != 4 || is[0] != 1 || os[0] != 1)
    return op->emitOpError() << "[" << ca << "] expected operand and result of rank 4 and a batch of one but got " << in
                             << " and " << out;
  if (!xplat::detail::isBoundedShape(is) || !xplat::detail::isBoundedShape(os))
    return success(); // reported as N1
  if (sameChannels && is[1] != os[1])
    return op->emitOpError() << "[" << ca << "] expected " << is[1] << " channels in the result but got " << os[1];
  if (failed(verifyPair(op, kernel, 1, "window", cb)) || failed(verifyPair(op, stride, 1, "stride", cb)) ||
      failed(verifyPair(op, padding, 0, "padding", cb)))
    return failure();
  for (unsigned i : {0u, 1u}) {
    if (halfPadding ? padding[i] > kernel[i] / 2 : padding[i] >= kernel[i])
      return op->emitOpError() << "[" << cb << "] expected a padding "
                               << (halfPadding ? "of at most half the window " : "smaller than the kernel ")
                               << kernel[i] << " but got " << padding[i];
    int64_t expected =
        is[2 + i] + 2 * padding[i] < kernel[i] ? 0 : Window::outExtent(is[2 + i], kernel[i], stride[i], padding[i]);
    if (expected <= 0)
      return op->emitOpError() << "[" << cc << "] expected a window that fits the padded operand, but window "
                               << kernel[i] << " exceeds " << is[2 + i] + 2 * padding[i];
    if (os[2 + i] != expected)
      return op->emitOpError() << "[" << cc << "] expected a result " << (i ? "width" : "height") << " of " << expected
                               << " but got " << os[2 + i];
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

template <typename OpT> static ArrayRef<int64_t> weightShape(OpT op) {
  ParamOp param = lookupParam(op, op.getWeightAttr());
  return param ? cast<RankedTensorType>(param.getType()).getShape() : ArrayRef<int64_t>();
}

/// Height and width of the kernel, read off the weight; 1 × 1 while the symbol is unresolved.
template <typename OpT> static std::pair<int64_t, int64_t> kernelExtents(OpT op) {
  ArrayRef<int64_t> shape = weightShape(op);
  return shape.size() == 4 ? std::pair(shape[2], shape[3]) : std::pair<int64_t, int64_t>(1, 1);
}

template <typename OpT> static Window convWindow(OpT op) {
  auto [kh, kw] = kernelExtents(op);
  return makeWindow(op.getInput().getType(), op.getType(), kh, kw, op.getStride(), op.getPadding());
}
static Window windowOf(Conv2DOp op) { return convWindow(op); }
static Window windowOf(DepthwiseConv2DOp op) { return convWindow(op); }

SmallVector<StringRef> Conv2DOp::getDimensionNames() { return {"oh", "ow", "oc", "kh", "kw", "ic"}; }

Indexing Conv2DOp::getIndexing() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  auto [kernelH, kernelW] = kernelExtents(*this);
  int64_t groups = getGroups(), inputs = in[1] / groups, outputs = out[1] / groups;
  IndexingBuilder builder(getContext());
  AffineExpr oh = builder.iterate(0, out[2]), ow = builder.iterate(1, out[3]);
  AffineExpr group = builder.iterateGroups(2, groups), oc = builder.iterate(2, outputs);
  AffineExpr kh = builder.iterate(3, kernelH, IteratorKind::window);
  AffineExpr kw = builder.iterate(4, kernelW, IteratorKind::window);
  AffineExpr ic = builder.iterate(5, inputs, IteratorKind::reduction);
  builder.addOperand({builder.constant(0), group * inputs + ic, oh * getStride()[0] + kh - getPadding()[0],
                      ow * getStride()[1] + kw - getPadding()[1]});
  builder.addResult({builder.constant(0), group * outputs + oc, oh, ow});
  builder.addParameter("weight", getWeightAttr(), {group * outputs + oc, ic, kh, kw});
  builder.addParameter("bias", getBiasAttr(), {group * outputs + oc});
  builder.setWholePixels();
  return builder.take();
}

SmallVector<StringRef> Conv2DOp::getConstantNames() {
  return {"channels", "h", "w", "stride_h", "stride_w", "pad_h", "pad_w", "groups", "per_channel"};
}
SmallVector<int64_t> Conv2DOp::getConstants() {
  SmallVector<int64_t> constants = windowConstants(windowOf(*this));
  constants.push_back(getGroups());
  constants.push_back(isPerChannel(getPortFormats()[1]));
  return constants;
}
SmallVector<StringRef> Conv2DOp::getPortNames() { return {"x", "weight", "bias", "y"}; }
SmallVector<Type> Conv2DOp::getPortFormats() { return weightedPortFormats(*this); }

LogicalResult Conv2DOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  int64_t groups = getGroups();
  if (in.size() != 4 || out.size() != 4 || in[0] != 1 || out[0] != 1)
    return emitOpError("[conv2d C1] expected operand and result of rank 4 and a batch of one but got ")
           << getInput().getType() << " and " << getType();
  if (!xplat::detail::isBoundedShape(in) || !xplat::detail::isBoundedShape(out))
    return success(); // reported as N1
  if (groups <= 0 || in[1] % groups || out[1] % groups)
    return emitOpError("[conv2d C2] expected groups that divide ")
           << in[1] << " input and " << out[1] << " output channels but got " << groups;
  if (failed(verifyPair(*this, getStride(), 1, "stride", "conv2d C5")))
    return failure();
  return verifyPair(*this, getPadding(), 0, "padding", "conv2d C5");
}

/// The weight, if it exists, has rank 4, so that `kernelExtents` may be read off it.
template <typename OpT> static LogicalResult verifyKernelRank(OpT op, StringRef constraint) {
  ParamOp param = lookupParam(op, op.getWeightAttr());
  if (!param || weightShape(op).size() == 4)
    return success();
  auto diagnostic = op.emitOpError() << "[" << constraint << "] expected weight of rank 4 but " << op.getWeightAttr()
                                     << " has " << param.getType();
  diagnostic.attachNote(param.getLoc()) << "parameter declared here";
  return diagnostic;
}

LogicalResult Conv2DOp::verifySymbolUses(SymbolTableCollection &symbols) {
  SymbolScope scope(symbols);
  if (failed(verifyKernelRank(*this, "conv2d C3")))
    return failure();
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  auto [kh, kw] = kernelExtents(*this);
  int64_t groupChannels = in[1] / static_cast<int64_t>(getGroups());
  if (failed(verifyParam(*this, getWeightAttr(), {out[1], groupChannels, kh, kw}, "weight", "conv2d C3", symbols)) ||
      failed(verifyParam(*this, getBiasAttr(), {out[1]}, "bias", "conv2d C4", symbols)))
    return failure();
  return verifyWindow(*this, getInput().getType(), getType(), /*sameChannels=*/false, {kh, kw}, getStride(),
                      getPadding(), /*halfPadding=*/false, "conv2d C1", "conv2d C5", "conv2d C6");
}

SmallVector<StringRef> DepthwiseConv2DOp::getDimensionNames() { return {"oh", "ow", "c", "kh", "kw"}; }

/// Every channel by itself: loops (oh, ow, c, kh, kw).
static Indexing indexChannelwise(Operation *op, std::pair<int64_t, int64_t> kernel, ArrayRef<int64_t> stride,
                                 ArrayRef<int64_t> padding, FlatSymbolRefAttr weight = {},
                                 FlatSymbolRefAttr bias = {}) {
  ArrayRef<int64_t> out = getDataShape(op->getResult(0).getType());
  IndexingBuilder builder(op->getContext());
  AffineExpr oh = builder.iterate(0, out[2]), ow = builder.iterate(1, out[3]), c = builder.iterate(2, out[1]);
  AffineExpr kh = builder.iterate(3, kernel.first, IteratorKind::window);
  AffineExpr kw = builder.iterate(4, kernel.second, IteratorKind::window), zero = builder.constant(0);
  builder.addOperand({zero, c, oh * stride[0] + kh - padding[0], ow * stride[1] + kw - padding[1]});
  builder.addResult({zero, c, oh, ow});
  builder.addParameter("weight", weight, {c, zero, kh, kw});
  builder.addParameter("bias", bias, {c});
  builder.setWholePixels();
  return builder.take();
}

Indexing DepthwiseConv2DOp::getIndexing() {
  return indexChannelwise(*this, kernelExtents(*this), getStride(), getPadding(), getWeightAttr(), getBiasAttr());
}

SmallVector<StringRef> DepthwiseConv2DOp::getConstantNames() {
  return {"channels", "h", "w", "stride_h", "stride_w", "pad_h", "pad_w", "per_channel"};
}
SmallVector<int64_t> DepthwiseConv2DOp::getConstants() {
  SmallVector<int64_t> constants = windowConstants(windowOf(*this));
  constants.push_back(isPerChannel(getPortFormats()[1]));
  return constants;
}
SmallVector<StringRef> DepthwiseConv2DOp::getPortNames() { return {"x", "weight", "bias", "y"}; }
SmallVector<Type> DepthwiseConv2DOp::getPortFormats() { return weightedPortFormats(*this); }

LogicalResult DepthwiseConv2DOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (in.size() != 4 || out.size() != 4 || in[0] != 1 || out[0] != 1 || in[1] != out[1])
    return emitOpError("[depthwise_conv2d C1] expected operand and result of rank 4, a batch of one and the same "
                       "channels but got ")
           << getInput().getType() << " and " << getType();
  if (failed(verifyPair(*this, getStride(), 1, "stride", "depthwise_conv2d C4")))
    return failure();
  return verifyPair(*this, getPadding(), 0, "padding", "depthwise_conv2d C4");
}

LogicalResult DepthwiseConv2DOp::verifySymbolUses(SymbolTableCollection &symbols) {
  SymbolScope scope(symbols);
  if (failed(verifyKernelRank(*this, "depthwise_conv2d C2")))
    return failure();
  int64_t channels = getDataShape(getType())[1];
  auto [kh, kw] = kernelExtents(*this);
  if (failed(verifyParam(*this, getWeightAttr(), {channels, 1, kh, kw}, "weight", "depthwise_conv2d C2", symbols)) ||
      failed(verifyParam(*this, getBiasAttr(), {channels}, "bias", "depthwise_conv2d C3", symbols)))
    return failure();
  return verifyWindow(*this, getInput().getType(), getType(), /*sameChannels=*/true, {kh, kw}, getStride(),
                      getPadding(), /*halfPadding=*/false, "depthwise_conv2d C1", "depthwise_conv2d C4",
                      "depthwise_conv2d C5");
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

template <typename OpT> static Window poolWindow(OpT op) {
  return makeWindow(op.getInput().getType(), op.getType(), op.getKernelSize()[0], op.getKernelSize()[1], op.getStride(),
                    op.getPadding());
}
static Window windowOf(MaxPool2DOp op) { return poolWindow(op); }
static Window windowOf(AvgPool2DOp op) { return poolWindow(op); }

#define POOL_NODE(OpT, CA, CB, CC)                                                                                     \
  Indexing OpT::getIndexing() {                                                                                        \
    return indexChannelwise(*this, {getKernelSize()[0], getKernelSize()[1]}, getStride(), getPadding());               \
  }                                                                                                                    \
  SmallVector<StringRef> OpT::getDimensionNames() { return {"oh", "ow", "c", "kh", "kw"}; }                            \
  SmallVector<StringRef> OpT::getConstantNames() {                                                                     \
    return {"channels", "h", "w", "stride_h", "stride_w", "pad_h", "pad_w"};                                           \
  }                                                                                                                    \
  SmallVector<int64_t> OpT::getConstants() { return windowConstants(windowOf(*this)); }                                \
  int64_t OpT::getFurtherOperations() { return xplat::detail::product(getIterationDomain()); }                         \
  LogicalResult OpT::verify() {                                                                                        \
    return verifyWindow(*this, getInput().getType(), getType(), /*sameChannels=*/true, getKernelSize(), getStride(),   \
                        getPadding(), /*halfPadding=*/true, CA, CB, CC);                                               \
  }                                                                                                                    \
  LogicalResult OpT::verifySymbolUses(SymbolTableCollection &) { return success(); }

POOL_NODE(MaxPool2DOp, "max_pool2d C1", "max_pool2d C2", "max_pool2d C3")

bool MaxPool2DOp::keepsFormat() { return true; }
POOL_NODE(AvgPool2DOp, "avg_pool2d C1", "avg_pool2d C2", "avg_pool2d C3")

SmallVector<StringRef> GlobalAvgPool2DOp::getDimensionNames() { return {"h", "w", "c"}; }

Indexing GlobalAvgPool2DOp::getIndexing() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType());
  IndexingBuilder builder(getContext());
  AffineExpr h = builder.iterate(0, in[2], IteratorKind::reduction);
  AffineExpr w = builder.iterate(1, in[3], IteratorKind::reduction), c = builder.iterate(2, in[1]);
  SmallVector<AffineExpr> y(getDataShape(getType()).size(), builder.constant(0));
  y[1] = c;
  builder.addOperand({builder.constant(0), c, h, w});
  builder.addResult(y);
  return builder.take();
}
int64_t GlobalAvgPool2DOp::getFurtherOperations() { return xplat::detail::product(getIterationDomain()); }
LogicalResult GlobalAvgPool2DOp::verifySymbolUses(SymbolTableCollection &) { return success(); }

LogicalResult GlobalAvgPool2DOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  bool fits = in.size() == 4 && (out.size() == 2 || out.size() == 4) && in[0] == 1 && out[0] == 1 && out[1] == in[1] &&
              xplat::detail::product(out) == in[0] * in[1];
  if (!fits)
    return emitOpError(
               "[global_avg_pool2d C1] expected an operand [1, C, H, W] and a result [1, C] or [1, C, 1, 1] but "
               "got ")
           << getInput().getType() << " and " << getType();
  return success();
}

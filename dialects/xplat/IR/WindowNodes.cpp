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

SmallVector<StringRef> LinearOp::getConstantNames() {
  return {"per_channel",      "sparse_n",         "sparse_m",   "permutes",
          "accumulator_bits", "accumulator_frac", "frac_above", "frac_range"};
}
SmallVector<std::pair<StringRef, int64_t>> LinearOp::getPlainConstants() {
  return {{"per_channel", 0}, {"permutes", 0}};
}
SmallVector<StringRef> LinearOp::getPortNames() { return {"x", "weight", "bias", "y"}; }

/// Whether the parameter's format has a scale for each output channel.
static bool isPerChannel(Type format) {
  auto number = dyn_cast_if_present<NumberFormatTypeInterface>(format);
  return number && number.isPerChannel();
}

/// Of a parameter with a scale for each output channel: by how many fractional bits the finest one is above the first
/// one, and above the coarsest one.
static std::pair<int64_t, int64_t> spreadScales(Type format) {
  if (!isPerChannel(format))
    return {0, 0};
  auto number = cast<NumberFormatTypeInterface>(format);
  int64_t least = number.getFractionalBits(0), most = least;
  for (int64_t slice : llvm::seq<int64_t>(1, number.getNumScales())) {
    least = std::min(least, number.getFractionalBits(slice));
    most = std::max(most, number.getFractionalBits(slice));
  }
  return {most - number.getFractionalBits(0), most - least};
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
  auto [above, range] = spreadScales(getPortFormats()[1]);
  return {isPerChannel(getPortFormats()[1]),
          sparsity ? sparsity.getN() : 1,
          sparsity ? sparsity.getM() : 1,
          hasColumnsApart(*this),
          xplat::detail::getAccumulatorBits(*this),
          xplat::detail::getAccumulatorFraction(*this),
          above,
          range};
}

int64_t LinearOp::getSummedDim(unsigned) { return static_cast<int64_t>(getDataShape(getInput().getType()).size()) - 1; }

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
  if (failed(verifyParam(*this, getWeightAttr(), {domain[1], domain[2]}, "weight", "linear C2", symbols)) ||
      failed(verifyParam(*this, getBiasAttr(), {domain[1]}, "bias", "linear C3", symbols)))
    return failure();
  SymbolScope scope(symbols);
  int64_t columns = getSummedDim(0);
  return xplat::detail::verifyAccumulator(*this, {{columns, columns + 1}, {1, 2}}, "linear C4");
}

//===----------------------------------------------------------------------===//
// What ops with a window share
//===----------------------------------------------------------------------===//

int64_t xplat::detail::WindowDim::getExtent() const {
  int64_t extent;
  bool overflows = llvm::MulOverflow(kernel - 1, dilation, extent) || llvm::AddOverflow<int64_t>(extent, 1, extent);
  return overflows ? std::numeric_limits<int64_t>::max() : extent;
}

int64_t xplat::detail::WindowDim::getPadded(int64_t in) const {
  int64_t padded;
  bool overflows = llvm::AddOverflow(in, before, padded) || llvm::AddOverflow(padded, after, padded);
  return overflows ? std::numeric_limits<int64_t>::max() : padded;
}

/// The window of a kernel of so many elements. `padding` has two numbers, before and behind each dimension, or four:
/// those before, then those behind. `dilation` is empty where it is one.
static Window makeWindow(ArrayRef<int64_t> kernel, ArrayRef<int64_t> stride, ArrayRef<int64_t> padding,
                         ArrayRef<int64_t> dilation) {
  Window window;
  for (unsigned i : {0u, 1u})
    window[i] = {kernel[i], stride[i], dilation.empty() ? 1 : dilation[i], padding[i], padding[padding.size() - 2 + i]};
  return window;
}

/// Kernel symbols that nodes with a window share, and their values.
static SmallVector<StringRef> windowNames() {
  return {"channels", "h", "w", "stride_h", "stride_w", "pad_h", "pad_w", "dilation_h", "dilation_w"};
}
/// Those of the plainest window, and `further` ones.
static SmallVector<std::pair<StringRef, int64_t>>
plainWindow(std::initializer_list<std::pair<StringRef, int64_t>> further = {}) {
  SmallVector<std::pair<StringRef, int64_t>> constants = {{"stride_h", 1}, {"stride_w", 1},   {"pad_h", 0},
                                                          {"pad_w", 0},    {"dilation_h", 1}, {"dilation_w", 1}};
  constants.append(further);
  return constants;
}
static SmallVector<int64_t> windowConstants(Type in, const Window &w) {
  ArrayRef<int64_t> shape = getDataShape(in);
  return {shape[1],    shape[2],    shape[3],      w[0].stride,  w[1].stride,
          w[0].before, w[1].before, w[0].dilation, w[1].dilation};
}

static LogicalResult verifyPair(Operation *op, ArrayRef<int64_t> values, int64_t least, StringRef what,
                                const Twine &constraint) {
  if (values.size() == 2 && llvm::all_of(values, [&](int64_t v) { return v >= least; }))
    return success();
  return op->emitOpError() << "[" << constraint << "] expected two integers of at least " << least << " as " << what;
}

/// Strides, paddings and dilations are as many as they have to be, and not too small.
static LogicalResult verifyNumbers(Operation *op, ArrayRef<int64_t> stride, ArrayRef<int64_t> padding,
                                   std::optional<ArrayRef<int64_t>> dilation, const Twine &constraint) {
  if (failed(verifyPair(op, stride, 1, "stride", constraint)))
    return failure();
  if (padding.size() != 4 && failed(verifyPair(op, padding, 0, "padding", constraint)))
    return failure();
  if (llvm::any_of(padding, [](int64_t v) { return v < 0; }))
    return op->emitOpError() << "[" << constraint << "] expected four integers of at least 0 as padding";
  if (dilation && failed(verifyPair(op, *dilation, 1, "dilation", constraint)))
    return failure();
  return success();
}

/// Operand and result are images with a batch of one, and of the same number of channels.
static LogicalResult verifyImages(Operation *op, Type in, Type out, bool sameChannels, StringRef constraint) {
  ArrayRef<int64_t> is = getDataShape(in), os = getDataShape(out);
  if (is.size() != 4 || os.size() != 4 || is[0] != 1 || os[0] != 1)
    return op->emitOpError() << "[" << constraint
                             << "] expected operand and result of rank 4 and a batch of one but got " << in << " and "
                             << out;
  if (sameChannels && xplat::detail::isBoundedShape(is) && is[1] != os[1])
    return op->emitOpError() << "[" << constraint << "] expected " << is[1] << " channels in the result but got "
                             << os[1];
  return success();
}

/// Checks the paddings of a window (constraint `cb`), the result's extents (`cc`) and, of pooling, that padding above
/// and left is at most half the window (`ch`).
static LogicalResult verifyWindow(Operation *op, Type in, Type out, const Window &window, StringRef cb, StringRef cc,
                                  StringRef ch = {}) {
  ArrayRef<int64_t> is = getDataShape(in), os = getDataShape(out);
  for (unsigned i : {0u, 1u}) {
    const xplat::detail::WindowDim &dim = window[i];
    int64_t extent = dim.getExtent(), expected = dim.getResult(is[2 + i]);
    if (!ch.empty() && dim.before > extent / 2)
      return op->emitOpError() << "[" << ch << "] expected a padding of at most half the window " << extent
                               << " but got " << dim.before;
    if (int64_t padding = std::max(dim.before, dim.after); padding >= extent)
      return op->emitOpError() << "[" << cb << "] expected a padding smaller than the "
                               << (ch.empty() ? "kernel " : "window ") << extent << " but got " << padding;
    if (expected <= 0)
      return op->emitOpError() << "[" << cc << "] expected a window that fits the padded operand, but window " << extent
                               << " exceeds " << dim.getPadded(is[2 + i]);
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

/// The window of a convolution or a pooling node.
static Window windowOf(Conv2DOp op) {
  auto [kh, kw] = kernelExtents(op);
  return makeWindow({kh, kw}, op.getStride(), op.getPadding(), op.getDilation().value_or(ArrayRef<int64_t>()));
}
static Window windowOf(DepthwiseConv2DOp op) {
  auto [kh, kw] = kernelExtents(op);
  return makeWindow({kh, kw}, op.getStride(), op.getPadding(), op.getDilation().value_or(ArrayRef<int64_t>()));
}
static Window windowOf(MaxPool2DOp op) {
  return makeWindow(op.getKernelSize(), op.getStride(), op.getPadding(),
                    op.getDilation().value_or(ArrayRef<int64_t>()));
}
static Window windowOf(AvgPool2DOp op) { return makeWindow(op.getKernelSize(), op.getStride(), op.getPadding(), {}); }

/// Row or column of the operand that the window touches: its origin, and `position` elements further.
static AffineExpr touchedBy(const xplat::detail::WindowDim &dim, AffineExpr origin, AffineExpr position) {
  return origin * dim.stride + position * dim.dilation - dim.before;
}

SmallVector<StringRef> Conv2DOp::getDimensionNames() { return {"oh", "ow", "oc", "kh", "kw", "ic"}; }

Indexing Conv2DOp::getIndexing() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  Window window = windowOf(*this);
  int64_t groups = getGroups(), inputs = in[1] / groups, outputs = out[1] / groups;
  IndexingBuilder builder(getContext());
  AffineExpr oh = builder.iterate(0, out[2]), ow = builder.iterate(1, out[3]);
  AffineExpr group = builder.iterateGroups(2, groups), oc = builder.iterate(2, outputs);
  AffineExpr kh = builder.iterate(3, window[0].kernel, IteratorKind::window);
  AffineExpr kw = builder.iterate(4, window[1].kernel, IteratorKind::window);
  AffineExpr ic = builder.iterate(5, inputs, IteratorKind::reduction);
  builder.addOperand(
      {builder.constant(0), group * inputs + ic, touchedBy(window[0], oh, kh), touchedBy(window[1], ow, kw)});
  builder.addResult({builder.constant(0), group * outputs + oc, oh, ow});
  builder.addParameter("weight", getWeightAttr(), {group * outputs + oc, ic, kh, kw});
  builder.addParameter("bias", getBiasAttr(), {group * outputs + oc});
  builder.setWholePixels();
  return builder.take();
}

SmallVector<StringRef> Conv2DOp::getConstantNames() {
  SmallVector<StringRef> names = windowNames();
  names.append({"groups", "per_channel", "accumulator_bits", "accumulator_frac", "frac_above", "frac_range"});
  return names;
}
SmallVector<std::pair<StringRef, int64_t>> Conv2DOp::getPlainConstants() {
  return plainWindow({{"groups", 1}, {"per_channel", 0}});
}
SmallVector<int64_t> Conv2DOp::getConstants() {
  SmallVector<int64_t> constants = windowConstants(getInput().getType(), windowOf(*this));
  auto [above, range] = spreadScales(getPortFormats()[1]);
  constants.append({static_cast<int64_t>(getGroups()), isPerChannel(getPortFormats()[1]),
                    xplat::detail::getAccumulatorBits(*this), xplat::detail::getAccumulatorFraction(*this), above,
                    range});
  return constants;
}

int64_t Conv2DOp::getSummedDim(unsigned) { return 1; }

std::optional<int64_t> Conv2DOp::countSummedBlocks(int64_t block) {
  ArrayRef<int64_t> weight = weightShape(*this);
  if (weight.size() != 4 || weight[1] < 2 || (getGroups() > 1 && weight[1] % block != 0))
    return std::nullopt;
  return weight[2] * weight[3] * static_cast<int64_t>(llvm::divideCeil(weight[1], block));
}

SmallVector<StringRef> Conv2DOp::getPortNames() { return {"x", "weight", "bias", "y"}; }
SmallVector<Type> Conv2DOp::getPortFormats() { return weightedPortFormats(*this); }

LogicalResult Conv2DOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  int64_t groups = getGroups();
  if (failed(verifyImages(*this, getInput().getType(), getType(), /*sameChannels=*/false, "conv2d C1")))
    return failure();
  if (!xplat::detail::isBoundedShape(in) || !xplat::detail::isBoundedShape(out))
    return success(); // reported as N1
  if (groups <= 0 || in[1] % groups || out[1] % groups)
    return emitOpError("[conv2d C2] expected groups that divide ")
           << in[1] << " input and " << out[1] << " output channels but got " << groups;
  return verifyNumbers(*this, getStride(), getPadding(), getDilation(), "conv2d C5");
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
  if (!xplat::detail::isBoundedShape(in) || !xplat::detail::isBoundedShape(out))
    return success(); // reported as N1
  if (failed(verifyWindow(*this, getInput().getType(), getType(), windowOf(*this), "conv2d C5", "conv2d C6")))
    return failure();
  return xplat::detail::verifyAccumulator(*this, {{1, 4}, {1, 4}}, "conv2d C7");
}

SmallVector<StringRef> DepthwiseConv2DOp::getDimensionNames() { return {"oh", "ow", "c", "kh", "kw"}; }

/// Every channel by itself: loops (oh, ow, c, kh, kw).
static Indexing indexChannelwise(Operation *op, const Window &window, FlatSymbolRefAttr weight = {},
                                 FlatSymbolRefAttr bias = {}) {
  ArrayRef<int64_t> out = getDataShape(op->getResult(0).getType());
  IndexingBuilder builder(op->getContext());
  AffineExpr oh = builder.iterate(0, out[2]), ow = builder.iterate(1, out[3]), c = builder.iterate(2, out[1]);
  AffineExpr kh = builder.iterate(3, window[0].kernel, IteratorKind::window);
  AffineExpr kw = builder.iterate(4, window[1].kernel, IteratorKind::window), zero = builder.constant(0);
  builder.addOperand({zero, c, touchedBy(window[0], oh, kh), touchedBy(window[1], ow, kw)});
  builder.addResult({zero, c, oh, ow});
  builder.addParameter("weight", weight, {c, zero, kh, kw});
  builder.addParameter("bias", bias, {c});
  builder.setWholePixels();
  return builder.take();
}

Indexing DepthwiseConv2DOp::getIndexing() {
  return indexChannelwise(*this, windowOf(*this), getWeightAttr(), getBiasAttr());
}

SmallVector<StringRef> DepthwiseConv2DOp::getConstantNames() {
  SmallVector<StringRef> names = windowNames();
  names.append({"per_channel", "frac_above", "frac_range"});
  return names;
}
SmallVector<std::pair<StringRef, int64_t>> DepthwiseConv2DOp::getPlainConstants() {
  return plainWindow({{"per_channel", 0}});
}
SmallVector<int64_t> DepthwiseConv2DOp::getConstants() {
  SmallVector<int64_t> constants = windowConstants(getInput().getType(), windowOf(*this));
  auto [above, range] = spreadScales(getPortFormats()[1]);
  constants.append({isPerChannel(getPortFormats()[1]), above, range});
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
  return verifyNumbers(*this, getStride(), getPadding(), getDilation(), "depthwise_conv2d C4");
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
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (!xplat::detail::isBoundedShape(in) || !xplat::detail::isBoundedShape(out))
    return success(); // reported as N1
  return verifyWindow(*this, getInput().getType(), getType(), windowOf(*this), "depthwise_conv2d C4",
                      "depthwise_conv2d C5");
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// Checks of a pooling node, constraints `c1` to `c4`.
static LogicalResult verifyPool(Operation *op, Type in, Type out, ArrayRef<int64_t> kernel, ArrayRef<int64_t> stride,
                                ArrayRef<int64_t> padding, std::optional<ArrayRef<int64_t>> dilation, StringRef c1,
                                StringRef c2, StringRef c3, StringRef c4) {
  if (failed(verifyImages(op, in, out, /*sameChannels=*/true, c1)))
    return failure();
  if (!xplat::detail::isBoundedShape(getDataShape(in)) || !xplat::detail::isBoundedShape(getDataShape(out)))
    return success(); // reported as N1
  if (failed(verifyPair(op, kernel, 1, "window", c2)) || failed(verifyNumbers(op, stride, padding, dilation, c2)))
    return failure();
  Window window = makeWindow(kernel, stride, padding, dilation.value_or(ArrayRef<int64_t>()));
  return verifyWindow(op, in, out, window, c2, c3, c4);
}

#define POOL_NODE(OpT)                                                                                                 \
  Indexing OpT::getIndexing() { return indexChannelwise(*this, windowOf(*this)); }                                     \
  SmallVector<StringRef> OpT::getDimensionNames() { return {"oh", "ow", "c", "kh", "kw"}; }                            \
  SmallVector<StringRef> OpT::getConstantNames() { return windowNames(); }                                             \
  SmallVector<std::pair<StringRef, int64_t>> OpT::getPlainConstants() { return plainWindow(); }                        \
  SmallVector<int64_t> OpT::getConstants() { return windowConstants(getInput().getType(), windowOf(*this)); }          \
  int64_t OpT::getFurtherOperations() { return xplat::detail::product(getIterationDomain()); }                         \
  LogicalResult OpT::verifySymbolUses(SymbolTableCollection &) { return success(); }

POOL_NODE(MaxPool2DOp)
POOL_NODE(AvgPool2DOp)

bool MaxPool2DOp::keepsFormat() { return true; }

LogicalResult MaxPool2DOp::verify() {
  Type in = getInput().getType();
  if (failed(verifyPool(*this, in, getType(), getKernelSize(), getStride(), getPadding(), getDilation(),
                        "max_pool2d C1", "max_pool2d C2", "max_pool2d C3", "max_pool2d C4")))
    return failure();
  if (!xplat::detail::isBoundedShape(getDataShape(in)))
    return success(); // reported as N1
  Window window = windowOf(*this);
  for (unsigned i : {0u, 1u})
    if (int64_t extent = getDataShape(in)[2 + i]; window[i].before > 0 && extent < window[i].dilation)
      return emitOpError("[max_pool2d C5] expected an operand at least as ")
             << (i ? "wide" : "high") << " as the dilation " << window[i].dilation << " but got " << extent;
  return success();
}

LogicalResult AvgPool2DOp::verify() {
  return verifyPool(*this, getInput().getType(), getType(), getKernelSize(), getStride(), getPadding(), std::nullopt,
                    "avg_pool2d C1", "avg_pool2d C2", "avg_pool2d C3", "avg_pool2d C4");
}

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

//===- MatrixNodes.cpp - Products of activations, tables, transposed convolution ===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::product;

//===----------------------------------------------------------------------===//
// Matrix product
//===----------------------------------------------------------------------===//

SmallVector<StringRef> MatmulOp::getDimensionNames() { return {"b", "m", "n", "k"}; }

Indexing MatmulOp::getIndexing() {
  ArrayRef<int64_t> out = getDataShape(getType());
  IndexingBuilder builder(getContext());
  SmallVector<AffineExpr> outer = builder.iterate(0, out.drop_back(2));
  AffineExpr m = builder.iterate(1, out[out.size() - 2]), n = builder.iterate(2, out.back());
  AffineExpr k = builder.iterate(3, getDataShape(getLhs().getType()).back(), IteratorKind::reduction);
  auto matrix = [&](AffineExpr row, AffineExpr column) {
    SmallVector<AffineExpr> indices = outer;
    indices.append({row, column});
    return indices;
  };
  builder.addOperand(matrix(m, k));
  // Its elements are used again for every row.
  builder.addHeldOperand(getTransposed() ? matrix(n, k) : matrix(k, n));
  builder.addResult(matrix(m, n));
  return builder.take();
}

SmallVector<StringRef> MatmulOp::getConstantNames() {
  return {"transposed", "permutes", "accumulator_bits", "accumulator_frac"};
}
SmallVector<std::pair<StringRef, int64_t>> MatmulOp::getPlainConstants() {
  return {{"transposed", 0}, {"permutes", 0}};
}
SmallVector<int64_t> MatmulOp::getConstants() {
  auto isRowMajor = [](Type type) { return llvm::is_sorted(getOrder(type)); };
  return {getTransposed(), !llvm::all_of(getOperandTypes(), isRowMajor) || !isRowMajor(getType()),
          xplat::detail::getAccumulatorBits(*this), xplat::detail::getAccumulatorFraction(*this)};
}
int64_t MatmulOp::getSummedDim(unsigned index) {
  int64_t rank = getDataShape(getType()).size();
  return index == 0 || getTransposed() ? rank - 1 : rank - 2;
}
SmallVector<StringRef> MatmulOp::getPortNames() { return {"a", "b", "y"}; }
XPLAT_NO_SYMBOLS(MatmulOp)
XPLAT_CHANNELS_LAST(MatmulOp)
bool MatmulOp::isRightTransposed() { return getTransposed(); }

/// Whether one of the operands holds indices, counts or truth values.
static bool holdsIntegers(ValueRange operands) {
  return llvm::any_of(operands.getTypes(), [](Type type) { return isa<IntegerType>(getDataElement(type)); });
}

LogicalResult MatmulOp::verify() {
  ArrayRef<int64_t> a = getDataShape(getLhs().getType()), b = getDataShape(getRhs().getType()),
                    y = getDataShape(getType());
  size_t rank = y.size();
  if (rank < 2 || a.size() != rank || b.size() != rank || a.drop_back(2) != y.drop_back(2) ||
      b.drop_back(2) != y.drop_back(2))
    return emitOpError("[matmul C1] expected one rank of 2 or more and one outer shape but got ")
           << getLhs().getType() << ", " << getRhs().getType() << " and " << getType();
  int64_t bk = b[rank - 2], bn = b[rank - 1];
  if (getTransposed())
    std::swap(bk, bn);
  if (a[rank - 2] != y[rank - 2] || bn != y[rank - 1] || a[rank - 1] != bk)
    return emitOpError("[matmul C2] expected [m, k] times [k, n] to give [m, n] but got ")
           << getLhs().getType() << (getTransposed() ? " times transposed " : " times ") << getRhs().getType()
           << " for " << getType();
  if (holdsIntegers({getLhs(), getRhs()}))
    return emitOpError("[matmul C3] expected numbers but got indices or truth values: ") << getOperandTypes();
  auto dims = static_cast<int64_t>(rank);
  return xplat::detail::verifyAccumulator(*this, {{getSummedDim(0), dims}, {getSummedDim(1), dims}}, "matmul C4");
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

SmallVector<StringRef> AttentionOp::getDimensionNames() { return {"b", "s", "t", "d"}; }

Indexing AttentionOp::getIndexing() {
  ArrayRef<int64_t> query = getDataShape(getQuery().getType()), key = getDataShape(getKey().getType());
  int64_t shared = query[1] / key[1];
  IndexingBuilder builder(getContext());
  AffineExpr b = builder.iterate(0, query[0]), group = builder.iterate(0, key[1]), head = builder.iterate(0, shared);
  AffineExpr s = builder.iterate(1, query[2]), t = builder.iterate(2, key[2], IteratorKind::reduction);
  AffineExpr d = builder.iterate(3, query[3], IteratorKind::reduction);
  AffineExpr e = builder.iterate(-1, getDataShape(getType())[3]); // The second product walks the depth of values.
  head = group * shared + head;
  builder.addOperand({b, head, s, d});
  builder.addOperand({b, group, t, d});
  builder.addOperand({b, group, t, e});
  for (Value mask : {getMask(), getHidden()}) {
    if (!mask)
      continue;
    ArrayRef<int64_t> shape = getDataShape(mask.getType());
    AffineExpr zero = builder.constant(0);
    builder.addOperand({shape[0] == 1 ? zero : b, shape[1] == 1 ? zero : head, s, t});
  }
  builder.addResult({b, head, s, e});
  return builder.take();
}

SmallVector<StringRef> AttentionOp::getConstantNames() { return {"scale", "causal", "blind_zero", "masked", "hidden"}; }
SmallVector<std::pair<StringRef, int64_t>> AttentionOp::getPlainConstants() {
  return {{"scale", xplat::detail::getSingleBits(APFloat(1.0))},
          {"causal", 0},
          {"blind_zero", 0},
          {"masked", 0},
          {"hidden", 0}};
}
SmallVector<int64_t> AttentionOp::getConstants() {
  return {xplat::detail::getSingleBits(getScale()), getCausal(), getBlindZero(), getMask() != nullptr,
          getHidden() != nullptr};
}
SmallVector<StringRef> AttentionOp::getPortNames() { return {"q", "k", "v", "y"}; }
SmallVector<Type> AttentionOp::getPortFormats() {
  return {getDataElement(getQuery().getType()), getDataElement(getKey().getType()),
          getDataElement(getValue().getType()), getDataElement(getType())};
}
int64_t AttentionOp::getMultiplyAccumulates() {
  SmallVector<int64_t> domain = getIterationDomain();
  int64_t valueDepth = getDataShape(getType()).back();
  return domain[0] * domain[1] * domain[2] * (domain[3] + valueDepth);
}
// Of every score: its scale, what the mask adds, whether it is hidden, and softmax.
int64_t AttentionOp::getFurtherOperations() {
  SmallVector<int64_t> domain = getIterationDomain();
  return domain[0] * domain[1] * domain[2] * (getNumOperands() - 2 + xplat::detail::softmaxOperations);
}
XPLAT_NO_SYMBOLS(AttentionOp)
XPLAT_CHANNELS_LAST(AttentionOp)

LogicalResult AttentionOp::verify() {
  ArrayRef<int64_t> q = getDataShape(getQuery().getType()), k = getDataShape(getKey().getType()),
                    v = getDataShape(getValue().getType()), y = getDataShape(getType());
  if (q.size() != 4 || k.size() != 4 || v.size() != 4 || y.size() != 4 || q[0] != k[0] || q[0] != v[0] || q[0] != y[0])
    return emitOpError("[attention C1] expected [batch, heads, length, depth] with one batch but got ")
           << getOperandTypes() << " and " << getType();
  if (q[3] != k[3] || k[2] != v[2] || k[1] != v[1] || k[1] <= 0 || q[1] % k[1] != 0)
    return emitOpError("[attention C2] expected query and key of one depth, key and value of one length and one number "
                       "of heads that divides the query's but got ")
           << getOperandTypes();
  if (y[1] != q[1] || y[2] != q[2] || y[3] != v[3])
    return emitOpError(
               "[attention C3] expected the query's heads and length and the value's depth in the result but got ")
           << getType();
  for (Value mask : {getMask(), getHidden()}) {
    if (!mask)
      continue;
    ArrayRef<int64_t> shape = getDataShape(mask.getType());
    if (shape.size() != 4 || (shape[0] != 1 && shape[0] != q[0]) || (shape[1] != 1 && shape[1] != q[1]) ||
        shape[2] != q[2] || shape[3] != k[2] || holdsIntegers(mask))
      return emitOpError("[attention C4] expected a mask of numbers, of shape [1 or batch, 1 or heads, ")
             << q[2] << ", " << k[2] << "], but got " << mask.getType();
  }
  if (!getScale().isFinite())
    return emitOpError("[attention C5] expected a number as scale");
  if (holdsIntegers({getQuery(), getKey(), getValue()}))
    return emitOpError("[attention C6] expected numbers but got indices or truth values: ") << getOperandTypes();
  return success();
}

//===----------------------------------------------------------------------===//
// Embedding
//===----------------------------------------------------------------------===//

Indexing EmbeddingOp::getIndexing() {
  IndexingBuilder builder(getContext());
  SmallVector<AffineExpr> indices = builder.iterateOver(getType());
  builder.addOperand(ArrayRef(indices).drop_back());
  builder.addResult(indices);
  builder.addParameter("table", getTableAttr(), {builder.addDataIndex(), indices.back()});
  return builder.take();
}
XPLAT_CHANNELS_LAST(EmbeddingOp)
bool EmbeddingOp::selectsParameter() { return true; }

/// Rows of the table; one when there is no such parameter.
static int64_t countRows(EmbeddingOp op) {
  ParamOp param = lookupParam(op, op.getTableAttr());
  ArrayRef<int64_t> shape = param ? getDataShape(param.getType()) : ArrayRef<int64_t>();
  return shape.size() == 2 ? shape[0] : 1;
}
SmallVector<StringRef> EmbeddingOp::getConstantNames() { return {"rows", "permutes"}; }
SmallVector<std::pair<StringRef, int64_t>> EmbeddingOp::getPlainConstants() { return {{"permutes", 0}}; }
SmallVector<int64_t> EmbeddingOp::getConstants() { return {countRows(*this), !llvm::is_sorted(getOrder(getType()))}; }
std::optional<int64_t> EmbeddingOp::getSelectedRows(unsigned) { return countRows(*this); }
SmallVector<StringRef> EmbeddingOp::getPortNames() { return {"x", "table", "y"}; }
SmallVector<Type> EmbeddingOp::getPortFormats() {
  return {getDataElement(getIndices().getType()), xplat::detail::paramFormat(*this, getTableAttr()),
          getDataElement(getType())};
}

LogicalResult EmbeddingOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getIndices().getType()), out = getDataShape(getType());
  if (!isa<IntegerType>(getDataElement(getIndices().getType())) || out.empty() || out.drop_back() != in)
    return emitOpError("[embedding C1] expected integers and a result of one dimension more but got ")
           << getIndices().getType() << " and " << getType();
  return success();
}

LogicalResult EmbeddingOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return xplat::detail::verifyParam(*this, getTableAttr(), {countRows(*this), getDataShape(getType()).back()},
                                    "the table", "embedding C2", symbols);
}

//===----------------------------------------------------------------------===//
// Transposed convolution
//===----------------------------------------------------------------------===//

SmallVector<StringRef> ConvTranspose2DOp::getDimensionNames() { return {"ih", "iw", "oc", "kh", "kw", "ic"}; }

/// Shape of the weight [ic, oc / groups, kh, kw]; ones when there is no such parameter.
static SmallVector<int64_t> weightShape(ConvTranspose2DOp op) {
  ParamOp param = lookupParam(op, op.getWeightAttr());
  ArrayRef<int64_t> shape = param ? cast<RankedTensorType>(param.getType()).getShape() : ArrayRef<int64_t>();
  return shape.size() == 4 ? SmallVector<int64_t>(shape) : SmallVector<int64_t>(4, 1);
}

Indexing ConvTranspose2DOp::getIndexing() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType());
  SmallVector<int64_t> weight = weightShape(*this);
  int64_t groups = getGroups(), inputs = in[1] / groups;
  IndexingBuilder builder(getContext());
  AffineExpr ih = builder.iterate(0, in[2]), iw = builder.iterate(1, in[3]), oc = builder.iterate(2, weight[1]);
  AffineExpr kh = builder.iterate(3, weight[2], IteratorKind::window);
  AffineExpr kw = builder.iterate(4, weight[3], IteratorKind::window);
  AffineExpr group = builder.iterateGroups(5, groups), ic = builder.iterate(5, inputs, IteratorKind::reduction);
  builder.addOperand({builder.constant(0), group * inputs + ic, ih, iw});
  builder.addResult({builder.constant(0), group * weight[1] + oc, ih * getStride()[0] + kh - getPadding()[0],
                     iw * getStride()[1] + kw - getPadding()[1]});
  builder.addParameter("weight", getWeightAttr(), {group * inputs + ic, oc, kh, kw});
  builder.addParameter("bias", getBiasAttr(), {group * weight[1] + oc});
  return builder.take();
}

SmallVector<StringRef> ConvTranspose2DOp::getConstantNames() {
  return {"stride_h", "stride_w", "pad_h", "pad_w", "groups"};
}
SmallVector<std::pair<StringRef, int64_t>> ConvTranspose2DOp::getPlainConstants() {
  return {{"stride_h", 1}, {"stride_w", 1}, {"pad_h", 0}, {"pad_w", 0}, {"groups", 1}};
}
SmallVector<int64_t> ConvTranspose2DOp::getConstants() {
  return {getStride()[0], getStride()[1], getPadding()[0], getPadding()[1], static_cast<int64_t>(getGroups())};
}
SmallVector<StringRef> ConvTranspose2DOp::getPortNames() { return {"x", "weight", "bias", "y"}; }
SmallVector<Type> ConvTranspose2DOp::getPortFormats() {
  return {getDataElement(getInput().getType()), xplat::detail::paramFormat(*this, getWeightAttr()),
          xplat::detail::paramFormat(*this, getBiasAttr()), getDataElement(getType())};
}

LogicalResult ConvTranspose2DOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (in.size() != 4 || out.size() != 4 || in[0] != 1 || out[0] != 1)
    return emitOpError("[conv_transpose2d C1] expected operand and result of rank 4 and a batch of one but got ")
           << getInput().getType() << " and " << getType();
  int64_t groups = static_cast<int64_t>(getGroups());
  if (groups < 1 || in[1] % groups != 0 || out[1] % groups != 0)
    return emitOpError("[conv_transpose2d C2] expected groups that divide ")
           << in[1] << " and " << out[1] << " channels but got " << groups;
  auto within = [](ArrayRef<int64_t> values, int64_t least) {
    return values.size() == 2 &&
           llvm::all_of(values, [&](int64_t value) { return value >= least && value <= 1 << 20; });
  };
  if (!within(getStride(), 1) || !within(getPadding(), 0))
    return emitOpError("[conv_transpose2d C5] expected two positive strides and two paddings that are not negative, "
                       "of at most 2^20");
  return success();
}

LogicalResult ConvTranspose2DOp::verifySymbolUses(SymbolTableCollection &symbols) {
  SymbolScope scope(symbols);
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  SmallVector<int64_t> weight = weightShape(*this);
  if (failed(xplat::detail::verifyParam(*this, getWeightAttr(),
                                        {in[1], out[1] / static_cast<int64_t>(getGroups()), weight[2], weight[3]},
                                        "weight", "conv_transpose2d C3", symbols)) ||
      failed(xplat::detail::verifyParam(*this, getBiasAttr(), {out[1]}, "bias", "conv_transpose2d C4", symbols)))
    return failure();
  for (int i : {0, 1}) {
    int64_t least = (in[2 + i] - 1) * getStride()[i] - 2 * getPadding()[i] + weight[2 + i];
    if (out[2 + i] < std::max<int64_t>(least, 1) || out[2 + i] >= least + getStride()[i])
      return emitOpError("[conv_transpose2d C6] expected ") << least << " to " << least + getStride()[i] - 1
                                                            << (i ? " columns" : " rows") << " but got " << out[2 + i];
  }
  return success();
}

//===- Attention.cpp - Attention in simpler nodes -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Heads of keys and values that several query heads share are repeated, and the
// scores are scaled and masked. The softmax hides later keys from a causal query,
// so no mask is stored for that, and no infinity enters a number format.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

#include "mlir/IR/PatternMatch.h"

#include <limits>

using namespace mlir;
using namespace xplat;
using xplat::detail::createNode;
using xplat::detail::hasOwnFormat;
using xplat::detail::isBoundedShape;

static RankedTensorType f32Tensor(OpBuilder &builder, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, builder.getF32Type());
}

/// [batch, groups, length, depth] with every group repeated for the `heads` that share it.
static Value repeatHeads(OpBuilder &builder, Location loc, Value groups, int64_t heads) {
  ArrayRef<int64_t> shape = getDataShape(groups.getType());
  int64_t batch = shape[0], count = shape[1], length = shape[2], depth = shape[3];
  if (count == heads)
    return groups;
  Value apart = createNode<ReshapeOp>(builder, loc, f32Tensor(builder, {batch, count, 1, length, depth}), groups);
  Value repeated =
      createNode<BroadcastOp>(builder, loc, f32Tensor(builder, {batch, count, heads / count, length, depth}), apart);
  return createNode<ReshapeOp>(builder, loc, f32Tensor(builder, {batch, heads, length, depth}), repeated);
}

Value AttentionOp::decompose(OpBuilder &builder, function_ref<FlatSymbolRefAttr(Value, StringRef)>) {
  ArrayRef<int64_t> query = getDataShape(getQuery().getType());
  int64_t batch = query[0], heads = query[1], queries = query[2], keys = getDataShape(getKey().getType())[2];
  SmallVector<int64_t> scoreShape = {batch, heads, queries, keys};
  auto repeated = [&](Value groups) {
    SmallVector<int64_t> shape(getDataShape(groups.getType()));
    shape[1] = heads;
    return shape;
  };
  if (!isBoundedShape(scoreShape) || !isBoundedShape(repeated(getKey())) || !isBoundedShape(repeated(getValue())))
    return {};
  auto at = [&](StringRef part) { return xplat::detail::getPartLoc(*this, part); };
  // One matrix after another: [batch · heads, length, depth] travels so, while [batch, heads, length, depth] has its
  // heads innermost.
  auto matrices = [&](StringRef part, Value value) -> Value {
    ArrayRef<int64_t> shape = getDataShape(value.getType());
    return createNode<ReshapeOp>(builder, at(part), f32Tensor(builder, {batch * heads, shape[2], shape[3]}), value);
  };
  Value left = matrices("query", getQuery()), key = matrices("key", repeatHeads(builder, at("key"), getKey(), heads)),
        value = matrices("value", repeatHeads(builder, at("value"), getValue(), heads));
  Type scoreType = f32Tensor(builder, {batch * heads, queries, keys});

  MatmulOp::Properties products;
  products.transposed = builder.getUnitAttr();
  Value scores = createNode<MatmulOp>(builder, at("scores"), scoreType, {left, key}, products);
  if (!getScale().isExactlyValue(1.0)) {
    SplatOp::Properties scale;
    scale.value = getScaleAttr();
    Value factor = createNode<SplatOp>(builder, at("scale"), scoreType, {}, scale);
    scores = createNode<MulOp>(builder, at("scaled"), scoreType, {scores, factor});
  }
  auto forAll = [&](StringRef part, Value mask) {
    if (getDataShape(mask.getType()) != ArrayRef(scoreShape))
      mask = createNode<BroadcastOp>(builder, at(part), f32Tensor(builder, scoreShape), mask);
    return matrices(part, mask);
  };
  if (getMask())
    scores = createNode<AddOp>(builder, at("masked"), scoreType, {scores, forAll("mask", getMask())});
  if (getHidden()) {
    MaskedFillOp::Properties fill;
    fill.fill = builder.getF64FloatAttr(-std::numeric_limits<double>::infinity());
    scores = createNode<MaskedFillOp>(builder, at("visible"), scoreType, {scores, forAll("hidden", getHidden())}, fill);
  }
  SoftmaxOp::Properties sums;
  sums.dim = builder.getI64IntegerAttr(2);
  sums.blind_zero = getBlindZeroAttr();
  sums.causal = getCausalAttr();
  Value weights = createNode<SoftmaxOp>(builder, at("weights"), scoreType, scores, sums);
  Type sumType = f32Tensor(builder, {batch * heads, queries, getDataShape(getType())[3]});
  Value result = createNode<MatmulOp>(builder, at(""), sumType, {weights, value});
  return createNode<ReshapeOp>(builder, at("heads"), getType(), result);
}

/// Whether a broadcast only repeats elements: it changes no format, and no format is requested for its result.
static bool repeatsOnly(BroadcastOp op) {
  return getDataElement(op.getInput().getType()) == getDataElement(op.getType()) && !hasOwnFormat(op);
}

/// The heads before each was repeated for a group of queries: [batch, groups, length, depth]; null for none.
static Value findSharedHeads(Value heads) {
  ArrayRef<int64_t> shape = getDataShape(heads.getType());
  auto together = heads.getDefiningOp<ReshapeOp>();
  if (!together || together.getOrder() != ReshapeOrder::row_major || hasOwnFormat(together))
    return {};
  auto repeated = together.getInput().getDefiningOp<BroadcastOp>();
  if (!repeated || !repeatsOnly(repeated))
    return {};
  ArrayRef<int64_t> in = getDataShape(repeated.getInput().getType()), out = getDataShape(repeated.getType());
  if (in.size() != 5 || out.size() != 5 || in[2] != 1 || in[1] != out[1] || in[0] != shape[0] || in[3] != shape[2] ||
      in[4] != shape[3] || out[1] * out[2] != shape[1])
    return {};
  return repeated.getInput();
}

/// A mask before it was repeated for batch and heads; null for none.
static Value findSharedMask(Value mask) {
  auto repeated = mask.getDefiningOp<BroadcastOp>();
  if (!repeated || !repeatsOnly(repeated))
    return {};
  ArrayRef<int64_t> in = getDataShape(repeated.getInput().getType()), out = getDataShape(repeated.getType());
  return in.size() >= 2 && in.take_back(2) == out.take_back(2) ? repeated.getInput() : Value();
}

LogicalResult AttentionOp::canonicalize(AttentionOp op, PatternRewriter &rewriter) {
  auto node = cast<NodeOpInterface>(op.getOperation());
  auto isF32 = [](Type type) { return getDataElement(type).isF32(); };
  if (node.isMapped() || !isa<RankedTensorType>(op.getType()) || !llvm::all_of(op->getOperandTypes(), isF32))
    return rewriter.notifyMatchFailure(op, "quantized or mapped already");
  auto shaped = [&](Value value, ArrayRef<int64_t> shape) -> Value {
    return createNode<ReshapeOp>(rewriter, op.getLoc(), f32Tensor(rewriter, shape), value);
  };
  bool changed = false;
  Value key = findSharedHeads(op.getKey()), value = findSharedHeads(op.getValue());
  if (key && value && getDataShape(key.getType())[1] == getDataShape(value.getType())[1]) {
    auto withoutRepeat = [&](Value heads) {
      ArrayRef<int64_t> shape = getDataShape(heads.getType());
      return shaped(heads, {shape[0], shape[1], shape[3], shape[4]});
    };
    key = withoutRepeat(key);
    value = withoutRepeat(value);
    rewriter.modifyOpInPlace(op, [&] {
      op.getKeyMutable().assign(key);
      op.getValueMutable().assign(value);
    });
    changed = true;
  }
  for (MutableOperandRange mask : {op.getMaskMutable(), op.getHiddenMutable()}) {
    Value shared = mask.empty() ? Value() : findSharedMask(mask[0].get());
    if (!shared)
      continue;
    SmallVector<int64_t> shape(getDataShape(shared.getType()));
    shape.insert(shape.begin(), 4 - shape.size(), 1);
    Value whole = shaped(shared, shape);
    rewriter.modifyOpInPlace(op, [&] { mask.assign(whole); });
    changed = true;
  }
  return success(changed);
}

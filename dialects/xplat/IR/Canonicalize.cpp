//===- Canonicalize.cpp - One node where several do the work of one -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing here changes a value. A node stays when it rounds into another format
// than its operand's, when such a format is requested for it, or when its format
// shares bits among neighbours. A node that replaces another one takes over its
// calibrated range and requested format. Patterns skip nodes that are mapped
// already; folders do not check this.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/CanonicalizeSupport.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace xplat;
using namespace xplat::detail;

//===----------------------------------------------------------------------===//
// Requested formats
//===----------------------------------------------------------------------===//

bool xplat::detail::hasOwnFormat(Operation *op) {
  auto node = dyn_cast_or_null<CalibratedOpInterface>(op);
  QuantizationAttr request = node ? node.getRequestedFormats() : QuantizationAttr();
  auto rounds = [](Type format) { return format && !format.isF32(); };
  return request && (rounds(request.getValue()) || rounds(request.getWeight()));
}

CalibratedOpInterface xplat::detail::getFormatSource(Operation *op) {
  auto source = dyn_cast_or_null<CalibratedOpInterface>(op);
  while (source && source.keepsFormat()) {
    // Moving elements does not round. A node that computes rounds if a format is requested for it.
    QuantizationAttr request = source.getRequestedFormats();
    if (isa<ElementwiseOpInterface>(source.getOperation()) && request && request.getValue())
      break;
    auto before = source->getOperand(0).getDefiningOp<CalibratedOpInterface>();
    if (!before)
      break;
    source = before;
  }
  return source;
}

void xplat::detail::copyCalibration(Operation *from, Operation *to) {
  auto before = dyn_cast<CalibratedOpInterface>(from), after = dyn_cast<CalibratedOpInterface>(to);
  if (!before || !after)
    return;
  if (FloatAttr absmax = before.getCalibratedAbsmax())
    after.setCalibratedAbsmax(absmax);
  CalibratedOpInterface source = after.keepsFormat() ? before : getFormatSource(from);
  QuantizationAttr request = source.getRequestedFormats();
  if (request && source != before) // the weight is another node's
    request = request.getValue() ? QuantizationAttr::get(to->getContext(), request.getValue(), Type(), BoolAttr())
                                 : QuantizationAttr();
  if (request)
    after.setRequestedFormats(request);
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

LogicalResult xplat::detail::moveUniform(Operation *op, PatternRewriter &rewriter) {
  if (!isExactMove(op))
    return failure();
  auto constant = op->getOperand(0).getDefiningOp<ConstantOpInterface>();
  std::optional<double> value = constant ? constant.getUniformValue() : std::nullopt;
  if (!value)
    return failure();
  SplatOp::Properties properties;
  properties.value = rewriter.getF64FloatAttr(*value);
  replaceNode<SplatOp>(rewriter, op, {}, properties);
  return success();
}

/// The shape without ones in front.
static ArrayRef<int64_t> withoutLeadingOnes(ArrayRef<int64_t> shape) {
  return shape.drop_while([](int64_t extent) { return extent == 1; });
}

LogicalResult ReshapeOp::canonicalize(ReshapeOp op, PatternRewriter &rewriter) {
  if (succeeded(moveUniform(op, rewriter)))
    return success();
  if (!isExactMove(op))
    return rewriter.notifyMatchFailure(op, "it rounds, or is mapped already");
  auto before = moveBefore<ReshapeOp>(op, op.getInput());
  Value source = before ? before.getInput() : op.getInput();
  std::optional<Rearrangement> moves = before ? before.getRearrangement() : op.getRearrangement();
  if (std::optional<Rearrangement> own = op.getRearrangement(); before && moves)
    moves = own ? moves->then(*own) : std::nullopt;
  if (!moves)
    return rewriter.notifyMatchFailure(op, "extents of the two shapes do not nest");
  std::optional<ReshapeOrder> order;
  if (moves->isIdentity())
    order = ReshapeOrder::row_major;
  else if (moves->then(getDefaultTravelOrder(shapeOf(op.getResult()))) == getDefaultTravelOrder(shapeOf(source)))
    order = ReshapeOrder::channels_last;
  if (!order || (!before && *order == op.getOrder()))
    return rewriter.notifyMatchFailure(op, "the operand is not a reshape that combines with this node");
  rewriter.modifyOpInPlace(op, [&] {
    op.setOrder(*order);
    op.getInputMutable().assign(source);
  });
  return success();
}

LogicalResult TransposeOp::canonicalize(TransposeOp op, PatternRewriter &rewriter) {
  if (succeeded(moveUniform(op, rewriter)))
    return success();
  if (!isExactMove(op))
    return rewriter.notifyMatchFailure(op, "it rounds, or is mapped already");
  ArrayRef<int64_t> permutation = op.getPermutation();
  if (auto before = moveBefore<TransposeOp>(op, op.getInput())) {
    SmallVector<int64_t> both;
    for (int64_t from : permutation)
      both.push_back(before.getPermutation()[from]);
    rewriter.modifyOpInPlace(op, [&] {
      op.setPermutation(both);
      op.getInputMutable().assign(before.getInput());
    });
    return success();
  }
  // Dimensions of extent one may go anywhere.
  ArrayRef<int64_t> in = shapeOf(op.getInput());
  int64_t last = -1;
  for (int64_t from : permutation)
    if (in[from] != 1) {
      if (from < last)
        return rewriter.notifyMatchFailure(op, "the permutation moves elements");
      last = from;
    }
  replaceNode<ReshapeOp>(rewriter, op, op.getInput());
  return success();
}

LogicalResult BroadcastOp::canonicalize(BroadcastOp op, PatternRewriter &rewriter) {
  if (succeeded(moveUniform(op, rewriter)))
    return success();
  if (!isExactMove(op))
    return rewriter.notifyMatchFailure(op, "it rounds, or is mapped already");
  if (auto before = moveBefore<BroadcastOp>(op, op.getInput())) {
    rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(before.getInput()); });
    return success();
  }
  // Ones in front come by themselves.
  if (auto before = moveBefore<ReshapeOp>(op, op.getInput());
      before && before.getOrder() == ReshapeOrder::row_major &&
      shapeOf(before.getInput()).size() <= shapeOf(op.getResult()).size() &&
      withoutLeadingOnes(shapeOf(before.getInput())) == withoutLeadingOnes(shapeOf(op.getInput()))) {
    rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(before.getInput()); });
    return success();
  }
  if (xplat::detail::product(shapeOf(op.getInput())) != xplat::detail::product(shapeOf(op.getResult())))
    return rewriter.notifyMatchFailure(op, "it repeats elements");
  replaceNode<ReshapeOp>(rewriter, op, op.getInput());
  return success();
}

//===----------------------------------------------------------------------===//
// Element-wise
//===----------------------------------------------------------------------===//

static void replaceWithClamp(Operation *op, Value input, const APFloat &low, const APFloat &high,
                             PatternRewriter &rewriter) {
  ClampOp::Properties properties;
  properties.min = rewriter.getF64FloatAttr(low.convertToDouble());
  properties.max = rewriter.getF64FloatAttr(high.convertToDouble());
  replaceNode<ClampOp>(rewriter, op, input, properties);
}

LogicalResult ReluOp::canonicalize(ReluOp op, PatternRewriter &rewriter) {
  if (!isF32(op.getInput()) || !isF32(op.getResult()) || !isUnmapped(op))
    return rewriter.notifyMatchFailure(op, "it rounds, or is mapped already");
  if (op.getInput().getDefiningOp<ReluOp>() && isF32(op.getInput().getDefiningOp()->getOperand(0))) {
    if (hasOwnFormat(op))
      return rewriter.notifyMatchFailure(op, "it has to round");
    rewriter.replaceOp(op, op.getInput());
    return success();
  }
  auto clamp = op.getInput().getDefiningOp<ClampOp>();
  if (!clamp || !isF32(clamp.getInput()))
    return rewriter.notifyMatchFailure(op, "the operand is neither relu nor clamp");
  if (!isUnmapped(clamp) || hasOwnFormat(clamp))
    return rewriter.notifyMatchFailure(op, "the operand has to round, or is mapped already");
  APFloat zero = APFloat::getZero(APFloat::IEEEdouble());
  replaceWithClamp(op, clamp.getInput(), llvm::maximum(clamp.getMin(), zero), llvm::maximum(clamp.getMax(), zero),
                   rewriter);
  return success();
}

LogicalResult ClampOp::canonicalize(ClampOp op, PatternRewriter &rewriter) {
  if (!isF32(op.getInput()) || !isF32(op.getResult()) || !isUnmapped(op))
    return rewriter.notifyMatchFailure(op, "it rounds, or is mapped already");
  APFloat low = op.getMin(), high = op.getMax();
  if (low.isZero() && high.isInfinity()) {
    replaceNode<ReluOp>(rewriter, op, op.getInput());
    return success();
  }
  APFloat beforeLow = APFloat::getZero(APFloat::IEEEdouble());
  APFloat beforeHigh = APFloat::getInf(APFloat::IEEEdouble());
  Operation *before = op.getInput().getDefiningOp();
  if (auto clamp = dyn_cast_or_null<ClampOp>(before)) {
    beforeLow = clamp.getMin();
    beforeHigh = clamp.getMax();
  } else if (!isa_and_nonnull<ReluOp>(before)) {
    return rewriter.notifyMatchFailure(op, "the operand is neither relu nor clamp");
  }
  if (!isF32(before->getOperand(0)) || !isUnmapped(before) || hasOwnFormat(before))
    return rewriter.notifyMatchFailure(op, "the operand rounds, or is mapped already");
  auto into = [&](const APFloat &bound) { return llvm::minimum(llvm::maximum(bound, low), high); };
  replaceWithClamp(op, before->getOperand(0), into(beforeLow), into(beforeHigh), rewriter);
  return success();
}

/// Whether every number of format `from` is one of format `to`.
static bool holds(Type to, Type from) {
  auto wide = dyn_cast<NumberFormatTypeInterface>(to), narrow = dyn_cast<NumberFormatTypeInterface>(from);
  if (!wide || !narrow || !narrow.isFixedPoint())
    return false;
  int64_t bits = narrow.getBitsPerElement() + narrow.isUnsigned(), fraction = narrow.getFractionalBits(0);
  if (to.isF32())
    return bits <= 25 && fraction > -64 && fraction < 64;
  return wide.isFixedPoint() && (narrow.isUnsigned() || !wide.isUnsigned()) && wide.getFractionalBits(0) >= fraction &&
         wide.getBitsPerElement() + wide.isUnsigned() - wide.getFractionalBits(0) >= bits - fraction;
}

LogicalResult CastOp::canonicalize(CastOp op, PatternRewriter &rewriter) {
  auto before = op.getInput().getDefiningOp<CastOp>();
  if (!before || !isUnmapped(op) || !isUnmapped(before) || hasOwnFormat(before))
    return rewriter.notifyMatchFailure(op, "the operand is not a cast, or it has to round");
  if (!holds(getDataElement(before.getType()), getDataElement(before.getInput().getType())))
    return rewriter.notifyMatchFailure(op, "the cast before rounds");
  rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(before.getInput()); });
  return success();
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

LogicalResult MatmulOp::canonicalize(MatmulOp op, PatternRewriter &rewriter) {
  auto transpose = op.getRhs().getDefiningOp<TransposeOp>();
  if (!transpose || !isExactMove(transpose) || !isUnmapped(op) || hasOwnFormat(transpose))
    return rewriter.notifyMatchFailure(op, "the right operand is not transposed");
  SmallVector<int64_t> swapped(transpose.getPermutation().size());
  std::iota(swapped.begin(), swapped.end(), 0);
  std::swap(swapped[swapped.size() - 2], swapped.back());
  if (transpose.getPermutation() != ArrayRef<int64_t>(swapped))
    return rewriter.notifyMatchFailure(op, "the right operand has another permutation");
  rewriter.modifyOpInPlace(op, [&] {
    op.setTransposed(!op.getTransposed());
    op.getRhsMutable().assign(transpose.getInput());
  });
  return success();
}

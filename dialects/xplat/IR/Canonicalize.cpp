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
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

#include "mlir/IR/PatternMatch.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace xplat;
using xplat::detail::copyCalibration;
using xplat::detail::createNode;
using xplat::detail::hasOwnFormat;

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
// Nodes
//===----------------------------------------------------------------------===//

/// A node of the graph, not of the mapping.
static bool isUnmapped(Operation *op) {
  auto node = cast<NodeOpInterface>(op);
  return isa<RankedTensorType>(op->getResult(0).getType()) && !node.isMapped();
}

/// A node of the graph that returns elements unchanged: operand and result share a format without blocks.
static bool isExactMove(Operation *op) {
  Type element = getDataElement(op->getResult(0).getType());
  auto format = dyn_cast<NumberFormatTypeInterface>(element);
  return isUnmapped(op) && format && format.getBlockSize() == 1 &&
         llvm::all_of(op->getOperandTypes(), [&](Type type) { return getDataElement(type) == element; });
}

static bool isF32(Value value) { return getDataElement(value.getType()).isF32(); }

/// The operation of class OpT before `value`, when both only move elements and it may be passed by.
template <typename OpT> static OpT moveBefore(Operation *op, Value value) {
  auto before = value.getDefiningOp<OpT>();
  return before && isExactMove(op) && isExactMove(before) && !hasOwnFormat(before) ? before : OpT();
}

/// Replaces `op` by a node of class OpT, which computes the same, with the range and the requested format of `op`.
template <typename OpT>
static void replaceNode(PatternRewriter &rewriter, Operation *op, ValueRange operands,
                        const typename OpT::Properties &properties = {}) {
  Value value = createNode<OpT>(rewriter, op->getLoc(), op->getResult(0).getType(), operands, properties);
  copyCalibration(op, value.getDefiningOp());
  rewriter.replaceOp(op, value);
}

/// Replaces a node that moves elements of a uniform constant by that constant in the new shape.
static LogicalResult moveUniform(Operation *op, PatternRewriter &rewriter) {
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

static ArrayRef<int64_t> shapeOf(Value value) { return getDataShape(value.getType()); }

/// The shape without ones in front.
static ArrayRef<int64_t> withoutLeadingOnes(ArrayRef<int64_t> shape) {
  return shape.drop_while([](int64_t extent) { return extent == 1; });
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

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
// Parts
//===----------------------------------------------------------------------===//

/// A slice of operands one after another, within one of them.
static LogicalResult sliceOperand(SliceOp op, ConcatOp concat, PatternRewriter &rewriter) {
  int64_t dim = concat.getDim(), first = op.getStarts()[dim];
  int64_t last = first + (shapeOf(op.getResult())[dim] - 1) * op.getSteps()[dim], base = 0;
  for (Value operand : concat.getInputs()) {
    int64_t extent = shapeOf(operand)[dim];
    if (first >= base && last < base + extent) {
      SmallVector<int64_t> starts(op.getStarts());
      starts[dim] -= base;
      rewriter.modifyOpInPlace(op, [&] {
        op.setStarts(starts);
        op.getInputMutable().assign(operand);
      });
      return success();
    }
    base += extent;
  }
  return rewriter.notifyMatchFailure(op, "it takes elements of several operands");
}

LogicalResult SliceOp::canonicalize(SliceOp op, PatternRewriter &rewriter) {
  if (succeeded(moveUniform(op, rewriter)))
    return success();
  if (auto concat = moveBefore<ConcatOp>(op, op.getInput()))
    return sliceOperand(op, concat, rewriter);
  auto before = moveBefore<SliceOp>(op, op.getInput());
  if (!before)
    return rewriter.notifyMatchFailure(op, "the operand is neither a slice nor a concatenation");
  SmallVector<int64_t> starts, steps;
  for (size_t i = 0; i < op.getStarts().size(); ++i) {
    starts.push_back(before.getStarts()[i] + op.getStarts()[i] * before.getSteps()[i]);
    // The steps of a single element are anything; those of several are within the operand, and so is their product.
    steps.push_back(shapeOf(op.getResult())[i] == 1 ? 1 : op.getSteps()[i] * before.getSteps()[i]);
  }
  rewriter.modifyOpInPlace(op, [&] {
    op.setStarts(starts);
    op.setSteps(steps);
    op.getInputMutable().assign(before.getInput());
  });
  return success();
}

LogicalResult ConcatOp::canonicalize(ConcatOp op, PatternRewriter &rewriter) {
  if (!isExactMove(op))
    return rewriter.notifyMatchFailure(op, "it rounds, or is mapped already");
  SmallVector<Value> operands;
  for (Value operand : op.getInputs()) {
    auto before = moveBefore<ConcatOp>(op, operand);
    // A concatenation with several readers would be copied for each of them: 2^n operands from n nodes.
    if (before && operand.hasOneUse() && before.getDim() == op.getDim())
      llvm::append_range(operands, before.getInputs());
    else
      operands.push_back(operand);
  }
  if (operands.size() == op.getInputs().size())
    return rewriter.notifyMatchFailure(op, "no operand is a concatenation along the same dimension");
  rewriter.modifyOpInPlace(op, [&] { op.getInputsMutable().assign(operands); });
  return success();
}

LogicalResult PadOp::canonicalize(PadOp op, PatternRewriter &rewriter) {
  auto constant = op.getInput().getDefiningOp<ConstantOpInterface>();
  if (constant && constant.getUniformValue() == op.getValue().convertToDouble() && succeeded(moveUniform(op, rewriter)))
    return success();
  auto before = moveBefore<PadOp>(op, op.getInput());
  if (!before || before.getValue() != op.getValue())
    return rewriter.notifyMatchFailure(op, "the operand is not a padding with the same value");
  SmallVector<int64_t> low, high;
  for (size_t i = 0; i < op.getLow().size(); ++i) {
    low.push_back(before.getLow()[i] + op.getLow()[i]);
    high.push_back(before.getHigh()[i] + op.getHigh()[i]);
  }
  rewriter.modifyOpInPlace(op, [&] {
    op.setLow(low);
    op.setHigh(high);
    op.getInputMutable().assign(before.getInput());
  });
  return success();
}

LogicalResult UpsampleOp::canonicalize(UpsampleOp op, PatternRewriter &rewriter) {
  if (succeeded(moveUniform(op, rewriter)))
    return success();
  auto before = moveBefore<UpsampleOp>(op, op.getInput());
  if (!before)
    return rewriter.notifyMatchFailure(op, "the operand is not magnified");
  rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(before.getInput()); });
  return success();
}

LogicalResult ReduceOp::canonicalize(ReduceOp op, PatternRewriter &rewriter) {
  if (!isExactMove(op))
    return rewriter.notifyMatchFailure(op, "it rounds, or is mapped already");
  if (op.countPositions())
    return rewriter.notifyMatchFailure(op, "its result holds positions");
  ArrayRef<int64_t> in = shapeOf(op.getInput());
  SmallVector<int64_t> dims;
  llvm::copy_if(op.getDims(), std::back_inserter(dims), [&](int64_t dim) { return in[dim] != 1; });
  if (dims.empty()) {
    if (hasOwnFormat(op))
      return rewriter.notifyMatchFailure(op, "it has to round, which a reshape cannot");
    replaceNode<ReshapeOp>(rewriter, op, op.getInput());
    return success();
  }
  bool keepsDims = shapeOf(op.getResult()).size() == in.size();
  if (dims.size() == op.getDims().size() || !keepsDims)
    return rewriter.notifyMatchFailure(op, "no dimension can be dropped");
  rewriter.modifyOpInPlace(op, [&] { op.setDims(dims); });
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

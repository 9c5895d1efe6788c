//===- CanonicalizeParts.cpp - Slices, concatenations, paddings, sums -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As in Canonicalize.cpp, nothing here changes a value.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/CanonicalizeSupport.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::detail;

//===----------------------------------------------------------------------===//
// Slices in front of other movements
//===----------------------------------------------------------------------===//

namespace {
/// What a slice takes along each dimension.
struct Part {
  SmallVector<int64_t> starts, sizes, steps;
};
} // namespace

/// The part of the operand of a row-major reshape that `part` of its result is. None unless it is a range of the
/// outermost dimension among those that the reshape splits or joins.
static std::optional<Part> partBefore(ArrayRef<int64_t> in, ArrayRef<int64_t> out, const Part &part) {
  Part before = {SmallVector<int64_t>(in.size(), 0), SmallVector<int64_t>(in), SmallVector<int64_t>(in.size(), 1)};
  size_t i = 0, o = 0;
  while (i < in.size() || o < out.size()) {
    // Neighbouring dimensions on both sides that hold equally many elements.
    size_t firstIn = i, firstOut = o;
    int64_t left = i < in.size() ? in[i++] : 1, right = o < out.size() ? out[o++] : 1;
    while (left != right)
      if (left < right && i < in.size())
        left *= in[i++];
      else if (right < left && o < out.size())
        right *= out[o++];
      else
        return std::nullopt;
    auto outermost = [](ArrayRef<int64_t> shape, size_t first, size_t end) {
      while (first + 1 < end && shape[first] == 1)
        ++first;
      return first;
    };
    size_t dimIn = outermost(in, firstIn, i), dimOut = outermost(out, firstOut, o);
    for (size_t dim = firstOut; dim < o; ++dim)
      if (dim != dimOut && part.sizes[dim] != out[dim])
        return std::nullopt;
    if (dimOut >= o || part.sizes[dimOut] == out[dimOut])
      continue;
    if (dimIn >= i)
      return std::nullopt;
    int64_t innerIn = product(in.slice(dimIn + 1, i - dimIn - 1)),
            innerOut = product(out.slice(dimOut + 1, o - dimOut - 1));
    if (innerIn == innerOut) {
      before.steps[dimIn] = part.steps[dimOut];
    } else if ((part.steps[dimOut] != 1 && part.sizes[dimOut] != 1) || part.starts[dimOut] * innerOut % innerIn != 0 ||
               part.sizes[dimOut] * innerOut % innerIn != 0) {
      return std::nullopt;
    }
    before.starts[dimIn] = part.starts[dimOut] * innerOut / innerIn;
    before.sizes[dimIn] = part.sizes[dimOut] * innerOut / innerIn;
  }
  return before;
}

/// Whether the host gives these elements, moved at most: it can follow any order for nothing.
static bool comesFromHost(Value value) {
  while (auto movement = value.getDefiningOp<MovementOpInterface>())
    value = movement->getOperand(0);
  return value.getDefiningOp<HostBoundaryOpInterface>() || !value.getDefiningOp();
}

/// A slice of what a reshape or a transposition gives becomes one of its operand, so that fewer elements are moved.
/// Only where all readers are slices: otherwise the elements would be moved twice.
static LogicalResult sliceFirst(SliceOp op, PatternRewriter &rewriter) {
  auto reshape = moveBefore<ReshapeOp>(op, op.getInput());
  auto transpose = moveBefore<TransposeOp>(op, op.getInput());
  bool movesRows = reshape && reshape.getOrder() == ReshapeOrder::row_major;
  if (!movesRows && !transpose)
    return rewriter.notifyMatchFailure(op, "the operand is no slice, concatenation, reshape or transposition");
  Operation *mover = op.getInput().getDefiningOp();
  Value source = mover->getOperand(0);
  if (!llvm::all_of(mover->getUsers(), llvm::IsaPred<SliceOp>) || comesFromHost(source))
    return rewriter.notifyMatchFailure(op, "the moved elements have other readers, or come from the host");
  Part part = {SmallVector<int64_t>(op.getStarts()), SmallVector<int64_t>(shapeOf(op.getResult())),
               SmallVector<int64_t>(op.getSteps())};
  std::optional<Part> before;
  if (transpose) {
    before = part;
    for (auto [to, from] : llvm::enumerate(transpose.getPermutation())) {
      before->starts[from] = part.starts[to];
      before->sizes[from] = part.sizes[to];
      before->steps[from] = part.steps[to];
    }
  } else {
    before = partBefore(shapeOf(source), shapeOf(mover->getResult(0)), part);
  }
  if (!before)
    return rewriter.notifyMatchFailure(op, "it takes elements from several places of the operand");
  SliceOp::Properties properties;
  properties.starts = rewriter.getDenseI64ArrayAttr(before->starts);
  properties.steps = rewriter.getDenseI64ArrayAttr(before->steps);
  auto type = RankedTensorType::get(before->sizes, getDataElement(source.getType()));
  Value taken = createNode<SliceOp>(rewriter, op.getLoc(), type, source, properties);
  copyCalibration(op, taken.getDefiningOp());
  if (transpose) {
    TransposeOp::Properties moves;
    moves.permutation = transpose.getPermutationAttr();
    replaceNode<TransposeOp>(rewriter, op, taken, moves);
  } else {
    ReshapeOp::Properties moves;
    moves.order = reshape.getOrderAttr();
    replaceNode<ReshapeOp>(rewriter, op, taken, moves);
  }
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
    return sliceFirst(op, rewriter);
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

//===- FuseAttention.cpp - Attention found in simpler nodes ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds softmax(scale · q · kᵀ + mask) · v in any notation. Every element-wise
// node between the first product and the softmax has to be linear in its
// operands, and together they have to compute a · scores + mask. A factor on the
// queries becomes part of the scale.
//
// Invariants: no value with a requested format is removed, and all operands of
// attention are f32.
//
// docs/Rationale/0010-attention-by-properties.md says why nodes are recognised
// by properties (a product of two streams, weights of sum one, a linear form).
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Software/Passes.h"
#include "xplat/IR/NodeOps.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SetVector.h"

#include <array>
#include <cmath>
#include <numeric>

namespace xplat {
#define GEN_PASS_DEF_FUSEATTENTION
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
/// Σ factor · operand + constant, over the operands of an element-wise node.
struct LinearForm {
  SmallVector<double> factors;
  double constant = 0;

  bool isConstant() const {
    return llvm::all_of(factors, [](double factor) { return factor == 0; });
  }
  LinearForm plus(const LinearForm &other, double times) const {
    LinearForm sum = *this;
    for (auto [factor, add] : llvm::zip_equal(sum.factors, other.factors))
      factor += times * add;
    sum.constant += times * other.constant;
    return sum;
  }
  LinearForm times(double factor) const {
    return LinearForm{SmallVector<double>(factors.size(), 0), 0}.plus(*this, factor);
  }
};

/// A node of f32 alone, neither quantized nor mapped.
bool isFloat(Operation *op) {
  auto isF32 = [](Type type) { return getDataElement(type).isF32(); };
  return isUnquantized(cast<NodeOpInterface>(op)) && llvm::all_of(op->getOperandTypes(), isF32) &&
         llvm::all_of(op->getResultTypes(), isF32);
}

/// Whether f32 holds a factor as it is, but for rounding.
bool isHeld(double factor) { return std::isnormal(static_cast<float>(factor)); }

/// The node as a linear form of its operands; none when it is not linear, or not of f32 alone. Operands that are one
/// number everywhere count as that number.
std::optional<LinearForm> getLinearForm(Operation *op) {
  auto node = dyn_cast_or_null<ElementwiseOpInterface>(op);
  if (!node || !isFloat(op)) // integers round
    return std::nullopt;
  Block block;
  OpBuilder builder(op->getContext());
  llvm::DenseMap<Value, LinearForm> forms;
  size_t count = op->getNumOperands();
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    LinearForm form{SmallVector<double>(count, 0), 0};
    if (std::optional<double> number = getExactUniformValue(operand))
      form.constant = *number;
    else
      form.factors[index] = 1;
    forms[block.addArgument(builder.getF32Type(), op->getLoc())] = form;
  }
  builder.setInsertionPointToStart(&block);
  Value result = node.buildScalar(builder, op->getLoc(), block.getArguments());
  for (Operation &scalar : block) {
    auto operand = [&](unsigned index) -> const LinearForm & { return forms.find(scalar.getOperand(index))->second; };
    LinearForm form{SmallVector<double>(count, 0), 0};
    APFloat number(0.0);
    if (matchPattern(&scalar, m_ConstantFloat(&number)))
      form.constant = number.convertToDouble();
    else if (isa<arith::AddFOp>(scalar))
      form = operand(0).plus(operand(1), 1);
    else if (isa<arith::SubFOp>(scalar))
      form = operand(0).plus(operand(1), -1);
    else if (isa<arith::NegFOp>(scalar))
      form = operand(0).times(-1);
    else if (isa<arith::MulFOp>(scalar) && operand(1).isConstant())
      form = operand(0).times(operand(1).constant);
    else if (isa<arith::MulFOp>(scalar) && operand(0).isConstant())
      form = operand(1).times(operand(0).constant);
    else if (isa<arith::DivFOp>(scalar) && operand(1).isConstant() && operand(1).constant != 0)
      form = operand(0).times(1 / operand(1).constant);
    else
      return std::nullopt;
    forms[scalar.getResult(0)] = form;
  }
  return forms.find(result)->second;
}

/// Where the scores come from: the first product, its factor, and the mask that is added.
struct Scores {
  ContractionOpInterface product;
  double scale = 1;
  Value mask; // of the shape that the scores have where it is added
  Value hidden;
};

struct FuseAttention : xplat::impl::FuseAttentionBase<FuseAttention> {
  void runOnOperation() override {
    SmallVector<SoftmaxOpInterface> softmaxes;
    walkGraph<SoftmaxOpInterface>(getOperation(), [&](SoftmaxOpInterface node) { softmaxes.push_back(node); });
    erased.clear();
    for (SoftmaxOpInterface softmax : softmaxes)
      if (!erased.contains(softmax))
        fuse(softmax);
  }

private:
  /// Row-major, with the last two dimensions kept.
  static bool keepsMatrices(Operation *op) {
    auto movement = dyn_cast_or_null<MovementOpInterface>(op);
    if (!movement || movement.getMovement() != Movement::reshape || !isFloat(op) || hasOwnFormat(op))
      return false;
    ArrayRef<int64_t> in = getDataShape(op->getOperand(0).getType()), out = getDataShape(op->getResult(0).getType());
    return in.size() >= 2 && out.size() >= 2 && in.take_back(2) == out.take_back(2);
  }

  /// Reads the scores of `softmax` as a · product + mask; none when they are not.
  std::optional<Scores> readScores(SoftmaxOpInterface softmax) {
    // Every node on the way to the product has one reader, so there is only one way back.
    SeenScores seen = softmax.getSeenScores();
    for (Operation *op = softmax; op != seen.use->getOwner();) {
      op = op->getOperand(0).getDefiningOp();
      if (hasOwnFormat(op))
        rounded = op;
      if (rounded || !op->getResult(0).hasOneUse())
        return std::nullopt;
    }
    if (seen.diagonal.value_or(0) != 0)
      return std::nullopt;
    llvm::DenseMap<Operation *, LinearForm> forms;
    SmallVector<Value> pending = {seen.use->get()};
    while (!pending.empty()) {
      Value value = pending.pop_back_val();
      Operation *op = value.getDefiningOp();
      if (!op || !value.hasOneUse())
        continue;
      if (hasOwnFormat(op)) {
        rounded = op;
        continue;
      }
      if (auto product = dyn_cast<ContractionOpInterface>(op)) {
        std::optional<Scores> scores;
        if (isFloat(op))
          scores = followScores(product, *seen.use, forms);
        if (scores) {
          scores->hidden = seen.hidden;
          return scores;
        }
        continue;
      }
      std::optional<LinearForm> form = keepsMatrices(op) ? LinearForm{{1}, 0} : getLinearForm(op);
      if (!form || form->constant != 0)
        continue;
      for (unsigned index = op->getNumOperands(); index-- > 0;) // the first is read next
        if (form->factors[index] != 0)
          pending.push_back(op->getOperand(index));
      forms[op] = *form;
    }
    return std::nullopt;
  }

  /// The linear form of `product` at its use `last`, through the nodes in `forms`; none when it is not one.
  std::optional<Scores> followScores(ContractionOpInterface product, OpOperand &last,
                                     const llvm::DenseMap<Operation *, LinearForm> &forms) {
    Scores scores{product};
    OpOperand *use = &*product->getResult(0).use_begin();
    for (; use != &last; use = &*use->getOwner()->getResult(0).use_begin()) {
      Operation *op = use->getOwner();
      const LinearForm &form = forms.find(op)->second;
      double factor = form.factors[use->getOperandNumber()];
      if (scores.mask && factor != 1)
        return std::nullopt;
      for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
        if (index == use->getOperandNumber() || form.factors[index] == 0)
          continue;
        if (scores.mask || form.factors[index] != 1)
          return std::nullopt;
        scores.mask = operand;
      }
      scores.scale *= factor;
      if (!isHeld(scores.scale)) {
        outOfRange = op;
        return std::nullopt;
      }
    }
    return scores;
  }

  /// The operand of the node that multiplies `value` by a number other than one, behind nodes that only move its
  /// elements; null for none. Nothing else reads the values in between, and no format is requested for them.
  static OpOperand *findFactor(Value value, double &factor) {
    Operation *op = value.getDefiningOp();
    auto isPassed = [](Operation *op) { return op && op->getResult(0).hasOneUse() && !hasOwnFormat(op); };
    while (isPassed(op) && isa<MovementOpInterface>(op) && isFloat(op))
      op = op->getOperand(0).getDefiningOp();
    if (!isPassed(op))
      return nullptr;
    std::optional<LinearForm> form = getLinearForm(op);
    if (!form || form->constant != 0)
      return nullptr;
    OpOperand *found = nullptr;
    for (auto [index, operand] : llvm::enumerate(op->getOpOperands())) {
      if (form->factors[index] == 0)
        continue;
      if (found)
        return nullptr;
      found = &operand;
      factor = form->factors[index];
    }
    bool isFactor = found && factor != 1 && found->get().getType() == op->getResult(0).getType();
    return isFactor ? found : nullptr;
  }

  /// The last two dimensions in the other order.
  static Value transposed(OpBuilder &builder, Location loc, Value value) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape()), permutation(shape.size());
    std::iota(permutation.begin(), permutation.end(), 0);
    std::swap(shape[shape.size() - 2], shape.back());
    std::swap(permutation[shape.size() - 2], permutation.back());
    TransposeOp::Properties properties;
    properties.permutation = builder.getDenseI64ArrayAttr(permutation);
    return TransposeOp::create(builder, loc, TypeRange(type.clone(shape)), ValueRange(value), properties);
  }

  void fuse(SoftmaxOpInterface softmax) {
    Value weights = softmax->getResult(0);
    int64_t rank = getDataShape(weights.getType()).size();
    if (softmax.getSumDim() != rank - 1 || !weights.hasOneUse() ||
        !isUnquantized(cast<NodeOpInterface>(softmax.getOperation())))
      return;
    // The second product may see the weights in another rank.
    Operation *user = *weights.user_begin();
    while (keepsMatrices(user) && user->getResult(0).hasOneUse())
      user = *user->getResult(0).user_begin();
    auto second = dyn_cast<ContractionOpInterface>(user);
    if (!second || second.isRightTransposed() || !isFrom(second.getLeft(), weights))
      return;
    if (!isFloat(second)) {
      softmax->emitRemark("not fused into attention: the product after it has operands other than f32, or is mapped "
                          "already");
      return;
    }
    rounded = hasOwnFormat(softmax) ? softmax.getOperation() : nullptr;
    outOfRange = nullptr;
    std::optional<Scores> scores = rounded ? std::nullopt : readScores(softmax);
    if (!scores && rounded) {
      auto remark = softmax->emitRemark("not fused into attention: a format is requested for a value between the "
                                        "products");
      remark.attachNote(rounded->getLoc()) << "requested here";
      return;
    }
    if (!scores && outOfRange) {
      auto remark = softmax->emitRemark("not fused into attention: f32 cannot represent the product of the factors on "
                                        "the scores");
      remark.attachNote(outOfRange->getLoc()) << "from here on";
      return;
    }
    if (!scores) {
      softmax->emitRemark("not fused into attention: its operand is not a · q · kᵀ + mask, or another node reads a "
                          "value in between");
      return;
    }
    int64_t depth = getDataShape(scores->product.getLeft().getType()).size();
    int64_t last = getDataShape(second->getResult(0).getType()).size();
    if (rank > 4 || depth > 4 || last > 4) {
      softmax->emitRemark("not fused into attention: expected at most 4 dimensions but got ")
          << std::max({rank, depth, last});
      return;
    }
    replace(softmax, *scores, second);
  }

  /// Whether `value` is `origin`, perhaps in another rank.
  static bool isFrom(Value value, Value origin) {
    while (value != origin && keepsMatrices(value.getDefiningOp()))
      value = value.getDefiningOp()->getOperand(0);
    return value == origin;
  }

  void replace(SoftmaxOpInterface softmax, Scores scores, ContractionOpInterface second) {
    double factor = 1;
    if (OpOperand *scaled = findFactor(scores.product.getLeft(), factor);
        scaled && isHeld(factor) && isHeld(factor * scores.scale)) {
      scores.scale *= factor;
      scaled->getOwner()->getResult(0).replaceAllUsesWith(scaled->get());
    }
    OpBuilder builder(second);
    Location loc = FusedLoc::get(&getContext(), {second.getLoc(), softmax.getLoc(), scores.product.getLoc()});
    Value key = scores.product.getRight();
    if (!scores.product.isRightTransposed())
      key = transposed(builder, loc, key);
    // Products of one outer shape each; both count batch and heads in the same order.
    Value result = second->getResult(0);
    SmallVector<int64_t> outer = outerShape(result);
    auto matched = [&](Value value) { return withOuter(builder, loc, value, outer); };
    SmallVector<Value> operands = {matched(scores.product.getLeft()), matched(key), matched(second.getRight())};
    AttentionOp::Properties properties;
    properties.operandSegmentSizes = {1, 1, 1, 0, 0};
    for (auto [index, mask] : llvm::enumerate(std::array{scores.mask, scores.hidden}))
      if (mask) {
        operands.push_back(matched(mask));
        properties.operandSegmentSizes[3 + index] = 1;
      }
    properties.scale = builder.getF64FloatAttr(scores.scale);
    if (softmax.getSeenScores().diagonal)
      properties.causal = builder.getUnitAttr();
    if (softmax.getBlindZero() || scores.hidden)
      properties.blind_zero = builder.getUnitAttr();
    ArrayRef<int64_t> matrices = getDataShape(result.getType()).take_back(2);
    SmallVector<int64_t> shape = outer;
    llvm::append_range(shape, matrices);
    auto type = cast<RankedTensorType>(result.getType());
    auto attention = AttentionOp::create(builder, loc, TypeRange(type.clone(shape)), operands, properties);
    copyCalibration(second, attention);
    Value whole = attention.getResult();
    if (whole.getType() != type)
      whole = ReshapeOp::create(builder, loc, type, whole);
    result.replaceAllUsesWith(whole);
    eraseUnused(second);
    ++numFused;
  }

  /// [batch, heads] of a tensor of rank 2 to 4.
  static SmallVector<int64_t> outerShape(Value value) {
    SmallVector<int64_t> outer(getDataShape(value.getType()).drop_back(2));
    outer.insert(outer.begin(), 2 - outer.size(), 1);
    return outer;
  }

  /// The same matrices, of any rank, with the two outer extents `outer`: [b·h] as [b, h].
  static Value withOuter(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> outer) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(outer);
    llvm::append_range(shape, type.getShape().take_back(2));
    if (type.getShape() == ArrayRef<int64_t>(shape))
      return value;
    return ReshapeOp::create(builder, loc, type.clone(shape), value);
  }

  /// Erases a node without readers, and the nodes that only it read.
  void eraseUnused(Operation *op) {
    // What is here still exists: an erased node has left it, and nothing reads it through which it could come back.
    SetVector<Operation *> candidates;
    candidates.insert(op);
    while (!candidates.empty()) {
      Operation *next = candidates.pop_back_val();
      if (!next->use_empty() || !isa<NodeOpInterface>(next) || isa<HostBoundaryOpInterface>(next))
        continue;
      for (Value operand : next->getOperands())
        if (Operation *before = operand.getDefiningOp())
          candidates.insert(before);
      erased.insert(next);
      next->erase();
    }
  }

  /// A softmax, or a node before it, for which a format is requested, so that it has to stay; null for none met.
  Operation *rounded = nullptr;
  /// A node before it that scales beyond f32; null for none met.
  Operation *outOfRange = nullptr;
  /// Nodes that are no more; never looked into.
  llvm::DenseSet<Operation *> erased;
};
} // namespace

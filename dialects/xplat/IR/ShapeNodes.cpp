//===- ShapeNodes.cpp - Nodes that move elements --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folders leave no node that hands its operand on; Canonicalize.cpp has what
// turns several nodes into one.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace xplat;
using xplat::detail::keepsTravelOrder;
using xplat::detail::product;

/// The operand when the node changes neither its shape nor its format and `isIdentity` says that it moves nothing.
template <typename OpT> static OpFoldResult foldIdentity(OpT op, bool isIdentity) {
  return isIdentity && op.getInput().getType() == op.getType() ? OpFoldResult(op.getInput()) : OpFoldResult();
}

/// `first`, then the kernel symbols of a node that only moves elements.
static SmallVector<StringRef> withTravelNames(SmallVector<StringRef> first) {
  first.append(xplat::detail::getTravelNames());
  return first;
}

/// `first`, then the values of these symbols: where the elements of the result come from in the operand.
static SmallVector<int64_t> withTravelConstants(SmallVector<int64_t> first, Operation *node) {
  first.append(xplat::detail::getTravelConstants(Geometry(node).getTravelMap()));
  return first;
}

/// 1 when an operand has another number format than the result, into which its elements are rounded, else 0.
static int64_t rounds(Operation *node) {
  Type format = getDataElement(node->getResult(0).getType());
  return llvm::any_of(node->getOperandTypes(), [&](Type type) { return getDataElement(type) != format; });
}

/// 1 when the elements leave in another sequence than they arrive in, else 0.
static int64_t permutes(MovementOpInterface node) {
  std::optional<Rearrangement> moves = node.getRearrangement();
  return !moves || !keepsTravelOrder(*moves, node->getOperand(0).getType(), node->getResult(0).getType());
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

namespace {
/// A factor of an extent before and of one after a reshape, and how far apart its indices lie in both.
struct SharedFactor {
  int64_t range, inDim, inStride, outDim, outStride;
};
} // namespace

/// The factors, innermost first, from which the extents of both shapes are made, which are walked in the given orders;
/// none when a factor of one shape lies in two dimensions of the other.
static std::optional<SmallVector<SharedFactor>> findSharedFactors(ArrayRef<int64_t> in, ArrayRef<int64_t> inOrder,
                                                                  ArrayRef<int64_t> out, ArrayRef<int64_t> outOrder) {
  SmallVector<SharedFactor> factors;
  int64_t inStride = 1, outStride = 1;
  while (true) {
    for (; !inOrder.empty() && inStride == in[inOrder.back()]; inStride = 1)
      inOrder = inOrder.drop_back();
    for (; !outOrder.empty() && outStride == out[outOrder.back()]; outStride = 1)
      outOrder = outOrder.drop_back();
    if (inOrder.empty() || outOrder.empty())
      return factors;
    int64_t inLeft = in[inOrder.back()] / inStride, outLeft = out[outOrder.back()] / outStride;
    int64_t range = std::min(inLeft, outLeft);
    if (inLeft % range != 0 || outLeft % range != 0)
      return std::nullopt;
    factors.push_back({range, inOrder.back(), inStride, outOrder.back(), outStride});
    inStride *= range;
    outStride *= range;
  }
}

Indexing ReshapeOp::getIndexing() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  int64_t inInnermost = getInnermostDim(getInput().getType()), outInnermost = getInnermostDim(getType());
  auto orderOf = [&](int64_t rank) {
    return getOrder() == ReshapeOrder::channels_last ? getDefaultOrder(rank)
                                                     : llvm::to_vector(llvm::seq<int64_t>(0, rank));
  };
  IndexingBuilder builder(getContext());
  if (auto factors = findSharedFactors(in, orderOf(in.size()), out, orderOf(out.size()))) {
    SmallVector<AffineExpr> x(in.size(), builder.constant(0)), y(out.size(), builder.constant(0));
    for (const SharedFactor &factor : llvm::reverse(*factors)) {
      bool isInnermost =
          factor.inDim == inInnermost && factor.inStride == 1 && factor.outDim == outInnermost && factor.outStride == 1;
      AffineExpr iterator = builder.iterate(isInnermost ? 1 : 0, factor.range);
      x[factor.inDim] = x[factor.inDim] + iterator * factor.inStride;
      y[factor.outDim] = y[factor.outDim] + iterator * factor.outStride;
    }
    builder.addOperand(x);
    builder.addResult(y);
    builder.setStoresWindows();
    return builder.take();
  }
  int64_t inner = std::gcd(getInnermostExtent(getInput().getType()), getInnermostExtent(getType()));
  AffineExpr n = builder.iterate(0, product(in) / inner), position = n * inner + builder.iterate(1, inner);
  std::optional<Rearrangement> moves = getRearrangement();
  if (moves && keepsTravelOrder(*moves, getInput().getType(), getType()))
    builder.addOperand(position);
  else
    builder.addUnknownOperand();
  builder.addResult(position);
  return builder.take();
}

XPLAT_NO_SYMBOLS(ReshapeOp)
SmallVector<StringRef> ReshapeOp::getConstantNames() { return withTravelNames({"permutes"}); }
SmallVector<std::pair<StringRef, int64_t>> ReshapeOp::getPlainConstants() { return {{"digits", 0}}; }
SmallVector<int64_t> ReshapeOp::getConstants() { return withTravelConstants({permutes(*this)}, *this); }

std::optional<Rearrangement> ReshapeOp::getRearrangement() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (getOrder() == ReshapeOrder::row_major)
    return Rearrangement::identity(product(in));
  // What the node computes does not depend on how its operand and result travel.
  return getDefaultTravelOrder(in).then(getDefaultTravelOrder(out).inverse());
}

/// The format, whatever the dimension along which its blocks run.
static Type withoutAxis(Type element) {
  auto format = dyn_cast<NumberFormatTypeInterface>(element);
  return format ? format.withBlockAxis(-1) : element;
}

LogicalResult ReshapeOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  // Shapes that are none are the node's constraint N1.
  if (!xplat::detail::isBoundedShape(in) || !xplat::detail::isBoundedShape(out))
    return success();
  if (xplat::detail::product(in) != xplat::detail::product(out))
    return emitOpError("[reshape C1] expected as many elements in the result as in the operand, ")
           << xplat::detail::product(in) << ", but got " << xplat::detail::product(out);
  Type before = getDataElement(getInput().getType()), after = getDataElement(getType());
  if (withoutAxis(before) != withoutAxis(after))
    return emitOpError("[reshape C1] expected operand and result of one number format but got ")
           << before << " and " << after;
  return success();
}

bool ReshapeOp::keepsFormat() { return true; }
Movement ReshapeOp::getMovement() {
  return getOrder() == ReshapeOrder::row_major ? Movement::reshape : Movement::select;
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? OpFoldResult(getInput()) : OpFoldResult();
}

XPLAT_CHANNELS_LAST(ReshapeOp)

//===----------------------------------------------------------------------===//
// Transpose
//===----------------------------------------------------------------------===//

Indexing TransposeOp::getIndexing() {
  IndexingBuilder builder(getContext());
  SmallVector<AffineExpr> x = builder.iterateOver(getInput().getType());
  builder.addOperand(x);
  builder.addResult(llvm::map_to_vector(getPermutation(), [&](int64_t dim) { return x[dim]; }));
  builder.setStoresWindows();
  return builder.take();
}

XPLAT_NO_SYMBOLS(TransposeOp)
SmallVector<StringRef> TransposeOp::getConstantNames() { return withTravelNames({"permutes"}); }
SmallVector<std::pair<StringRef, int64_t>> TransposeOp::getPlainConstants() { return {{"digits", 0}}; }
SmallVector<int64_t> TransposeOp::getConstants() { return withTravelConstants({permutes(*this)}, *this); }
XPLAT_CHANNELS_LAST(TransposeOp)
bool TransposeOp::keepsFormat() { return true; }
Movement TransposeOp::getMovement() { return Movement::permute; }
std::optional<Rearrangement> TransposeOp::getRearrangement() {
  return Rearrangement::permute(getDataShape(getInput().getType()), getPermutation());
}

LogicalResult TransposeOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  ArrayRef<int64_t> permutation = getPermutation();
  SmallVector<bool> seen(in.size(), false);
  bool good = permutation.size() == in.size() && out.size() == in.size();
  for (size_t i = 0; good && i < in.size(); ++i) {
    int64_t from = permutation[i];
    good = from >= 0 && from < static_cast<int64_t>(in.size()) && !seen[from] && out[i] == in[from];
    if (good)
      seen[from] = true;
  }
  if (!good)
    return emitOpError("[transpose C1] expected a permutation of the operand's dimensions that gives the result's "
                       "extents but got [")
           << permutation << "] from " << getInput().getType() << " to " << getType();
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor) { return foldIdentity(*this, llvm::is_sorted(getPermutation())); }

//===----------------------------------------------------------------------===//
// Broadcast
//===----------------------------------------------------------------------===//

/// Dimension i of the operand is indexed by `indexOf(i, iterator of dimension i of the result)`, where dimensions are
/// counted from the last one.
template <typename OpT, typename FunctionT> static Indexing indexFromResult(OpT op, FunctionT indexOf) {
  IndexingBuilder builder(op.getContext());
  SmallVector<AffineExpr> y = builder.iterateOver(op.getType());
  for (Type type : op->getOperandTypes()) {
    auto x = llvm::to_vector(ArrayRef<AffineExpr>(y).take_back(getDataShape(type).size()));
    for (auto [dim, index] : llvm::enumerate(x))
      index = indexOf(dim, index);
    builder.addOperand(x);
  }
  builder.addResult(y);
  return builder.take();
}

Indexing BroadcastOp::getIndexing() {
  return indexFromResult(*this, [&](size_t dim, AffineExpr index) {
    return getDataShape(getInput().getType())[dim] == 1 ? getAffineConstantExpr(0, getContext()) : index;
  });
}

/// What a node that only repeats elements tells its kernel.
static SmallVector<StringRef> repetitionNames() { return {"replays", "block", "repeats", "run", "permutes"}; }
static SmallVector<std::pair<StringRef, int64_t>> plainRepetition() {
  return {{"replays", 1}, {"repeats", 1}, {"permutes", 0}};
}
static SmallVector<int64_t> getRepetitionConstants(Operation *op) {
  std::optional<Repetition> found = Geometry(op).getRepetition(0);
  return found ? SmallVector<int64_t>{found->replays, found->block, found->repeats, found->run, 0}
               : SmallVector<int64_t>{1, 1, 1, 1, 1};
}

XPLAT_NO_SYMBOLS(BroadcastOp)
SmallVector<StringRef> BroadcastOp::getConstantNames() { return repetitionNames(); }
SmallVector<std::pair<StringRef, int64_t>> BroadcastOp::getPlainConstants() { return plainRepetition(); }
SmallVector<int64_t> BroadcastOp::getConstants() { return getRepetitionConstants(*this); }
bool BroadcastOp::keepsFormat() { return true; }
Movement BroadcastOp::getMovement() { return Movement::repeat; }

LogicalResult BroadcastOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  bool good = in.size() <= out.size();
  for (size_t i = 0; good && i < in.size(); ++i)
    good = in[i] == 1 || in[i] == out[out.size() - in.size() + i];
  if (!good)
    return emitOpError(
               "[broadcast C1] expected extents of one or of the result, aligned at the last dimension, but got ")
           << getInput().getType() << " and " << getType();
  return success();
}

OpFoldResult BroadcastOp::fold(FoldAdaptor) { return foldIdentity(*this, true); }

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

Indexing SliceOp::getIndexing() {
  return indexFromResult(*this,
                         [&](size_t dim, AffineExpr index) { return index * getSteps()[dim] + getStarts()[dim]; });
}

XPLAT_NO_SYMBOLS(SliceOp)
SmallVector<StringRef> SliceOp::getConstantNames() { return withTravelNames({}); }
SmallVector<std::pair<StringRef, int64_t>> SliceOp::getPlainConstants() { return {{"digits", 0}}; }
SmallVector<int64_t> SliceOp::getConstants() { return withTravelConstants({}, *this); }
bool SliceOp::keepsFormat() { return true; }
Movement SliceOp::getMovement() { return Movement::select; }

LogicalResult SliceOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  ArrayRef<int64_t> starts = getStarts(), steps = getSteps();
  if (starts.size() != in.size() || steps.size() != in.size() ||
      llvm::any_of(starts, [](int64_t start) { return start < 0; }) ||
      llvm::any_of(steps, [](int64_t step) { return step < 1; }))
    return emitOpError("[slice C1] expected ")
           << in.size() << " starts that are not negative and as many positive steps";
  bool good = in.size() == out.size();
  for (size_t i = 0; good && i < in.size(); ++i)
    good = starts[i] < in[i] && (out[i] - 1) <= (in[i] - 1 - starts[i]) / steps[i];
  if (!good)
    return emitOpError("[slice C2] expected a result of the operand's rank within the operand but got ")
           << getType() << " of " << getInput().getType() << " at [" << starts << "] in steps of [" << steps << "]";
  return success();
}

OpFoldResult SliceOp::fold(FoldAdaptor) { return foldIdentity(*this, true); }

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

Indexing ConcatOp::getIndexing() {
  IndexingBuilder builder(getContext());
  SmallVector<AffineExpr> y = builder.iterateOver(getType());
  int64_t begin = 0, dim = getDim();
  for (Type type : getInputs().getTypes()) {
    SmallVector<AffineExpr> x = y;
    x[dim] = y[dim] - begin;
    begin += getDataShape(type)[dim];
    builder.addOperand(x);
  }
  builder.addResult(y);
  return builder.take();
}

XPLAT_NO_SYMBOLS(ConcatOp)
SmallVector<StringRef> ConcatOp::getPortNames() { return {"x", "y"}; }
SmallVector<Type> ConcatOp::getPortFormats() { return xplat::detail::getFirstPortFormats(*this); }
bool ConcatOp::copiesElements() { return true; }

SmallVector<StringRef> ConcatOp::getConstantNames() {
  return {"inputs", "rounds", "run_0", "run_1", "run_2", "run_3", "run_4", "run_5", "run_6", "run_7"};
}
SmallVector<std::pair<StringRef, int64_t>> ConcatOp::getPlainConstants() { return {{"rounds", 1}}; }
SmallVector<int64_t> ConcatOp::getConstants() {
  SmallVector<int64_t> values(getConstantNames().size(), 0);
  values[0] = getInputs().size();
  values[1] = rounds(*this);
  SmallVector<int64_t> order = xplat::getOrder(getType());
  ArrayRef<int64_t> inner =
      ArrayRef(order).drop_front(llvm::find(order, static_cast<int64_t>(getDim())) - order.begin());
  for (auto [run, type] : llvm::zip(MutableArrayRef(values).drop_front(2), getInputs().getTypes())) {
    ArrayRef<int64_t> shape = getDataShape(type);
    run = product(llvm::map_to_vector(inner, [&](int64_t dim) { return shape[dim]; }));
  }
  return values;
}

LogicalResult ConcatOp::verify() {
  ArrayRef<int64_t> out = getDataShape(getType());
  int64_t dim = static_cast<int64_t>(getDim()), total = 0;
  if (getInputs().empty() || dim < 0 || dim >= static_cast<int64_t>(out.size()))
    return emitOpError("[concat C1] expected an operand or more and a dimension below ")
           << out.size() << " but got " << dim;
  for (Type type : getInputs().getTypes()) {
    SmallVector<int64_t> shape(getDataShape(type));
    if (shape.size() == out.size()) {
      total += shape[dim];
      shape[dim] = out[dim];
    }
    if (ArrayRef<int64_t>(shape) != out)
      return emitOpError("[concat C1] expected operands of the result's extents but for dimension ")
             << dim << " but got " << type << " and " << getType();
  }
  if (total != out[dim])
    return emitOpError("[concat C2] expected extents along dimension ")
           << dim << " that add up to " << out[dim] << " but got " << total;
  return success();
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  bool same = getInputs().size() == 1 && getInputs()[0].getType() == getType() && !xplat::detail::hasOwnFormat(*this);
  return same ? OpFoldResult(getInputs()[0]) : OpFoldResult();
}

//===----------------------------------------------------------------------===//
// Padding and upsampling
//===----------------------------------------------------------------------===//

/// A constant as a format of fixed point stores it, rounded and saturated, or as an integer; 0 in other formats.
static int64_t storedNumber(Type element, const APFloat &number) {
  if (isa<IntegerType>(element))
    return static_cast<int64_t>(number.convertToDouble());
  auto format = dyn_cast<NumberFormatTypeInterface>(element);
  if (!format || !format.isFixedPoint())
    return 0;
  double most = std::ldexp(1.0, format.getBitsPerElement() - !format.isUnsigned());
  double value = std::nearbyint(std::ldexp(number.convertToDouble(), format.getFractionalBits(0)));
  return static_cast<int64_t>(std::clamp(value, format.isUnsigned() ? 0 : -most, most - 1));
}

Indexing PadOp::getIndexing() {
  return indexFromResult(*this, [&](size_t dim, AffineExpr index) { return index - getLow()[dim]; });
}

XPLAT_NO_SYMBOLS(PadOp)
bool PadOp::keepsFormat() { return getValue().isZero(); }
bool PadOp::copiesElements() { return true; }
bool PadOp::isNeverNegative(ArrayRef<bool> operands) { return operands.front() && getValue().convertToDouble() >= 0; }

SmallVector<StringRef> PadOp::getConstantNames() { return withTravelNames({"rounds", "fill"}); }
SmallVector<std::pair<StringRef, int64_t>> PadOp::getPlainConstants() { return {{"fill", 0}, {"digits", 0}}; }
SmallVector<int64_t> PadOp::getConstants() {
  // The result is walked along the operand here: between an element and the next one lies padding.
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType()), low = getLow();
  SmallVector<TravelMap::Digit> digits;
  int64_t elements = product(out), stride = elements, offset = 0;
  for (int64_t dim : getOrder(getType())) {
    stride /= out[dim];
    digits.push_back({in[dim], stride});
    offset += low[dim] * stride;
  }
  SmallVector<int64_t> values = {rounds(*this), storedNumber(getDataElement(getType()), getValue())};
  values.append(xplat::detail::getTravelConstants(TravelMap::create(digits, offset, elements)));
  return values;
}

LogicalResult PadOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  ArrayRef<int64_t> low = getLow(), high = getHigh();
  bool good = in.size() == out.size() && low.size() == in.size() && high.size() == in.size();
  for (size_t i = 0; good && i < in.size(); ++i)
    good = low[i] >= 0 && high[i] >= 0 && low[i] <= out[i] && high[i] <= out[i] && low[i] + in[i] + high[i] == out[i];
  if (!good)
    return emitOpError("[pad C1] expected amounts that are not negative and give the result's extents but got [")
           << low << "] and [" << high << "] from " << getInput().getType() << " to " << getType();
  if (getValue().isNaN())
    return emitOpError("[pad C2] expected a number as value");
  return success();
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  // With a value other than zero the node rounds by its own format, also where it pads nothing.
  return foldIdentity(*this, keepsFormat() || !xplat::detail::hasOwnFormat(*this));
}

//===----------------------------------------------------------------------===//
// Triangles of matrices
//===----------------------------------------------------------------------===//

XPLAT_NO_SYMBOLS(TrilOp)
bool TrilOp::keepsFormat() { return true; }
bool TrilOp::isNeverNegative(ArrayRef<bool> operands) { return operands.front() && getFill().convertToDouble() >= 0; }
SmallVector<StringRef> TrilOp::getConstantNames() { return {"rows", "diagonal", "fill", "permutes"}; }
SmallVector<std::pair<StringRef, int64_t>> TrilOp::getPlainConstants() {
  return {{"diagonal", 0}, {"fill", 0}, {"permutes", 0}};
}
SmallVector<int64_t> TrilOp::getConstants() {
  SmallVector<int64_t> order = getOrder(getType());
  int64_t rank = order.size();
  bool byRow = order.back() == rank - 1 && order[rank - 2] == rank - 2;
  return {getDataShape(getType())[rank - 2], static_cast<int64_t>(getDiagonal()),
          storedNumber(getDataElement(getType()), getFill()), !byRow};
}

LogicalResult TrilOp::verify() {
  if (failed(xplat::detail::verifySameShape(*this, getInput().getType(), getType(), "tril C1")))
    return failure();
  if (getDataShape(getType()).size() < 2)
    return emitOpError("[tril C1] expected at least two dimensions but got ") << getType();
  if (getFill().isNaN())
    return emitOpError("[tril C2] expected a number as fill");
  return success();
}

Indexing UpsampleOp::getIndexing() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  int64_t factorH = out[2] / in[2], factorW = out[3] / in[3];
  IndexingBuilder builder(getContext());
  AffineExpr b = builder.iterate(0, in[0]), h = builder.iterate(0, in[2]), y = builder.iterate(0, factorH);
  AffineExpr w = builder.iterate(0, in[3]), x = builder.iterate(0, factorW), c = builder.iterate(1, in[1]);
  builder.addOperand({b, c, h, w});
  builder.addResult({b, c, h * factorH + y, w * factorW + x});
  return builder.take();
}

XPLAT_NO_SYMBOLS(UpsampleOp)
SmallVector<StringRef> UpsampleOp::getConstantNames() { return repetitionNames(); }
SmallVector<std::pair<StringRef, int64_t>> UpsampleOp::getPlainConstants() { return plainRepetition(); }
SmallVector<int64_t> UpsampleOp::getConstants() { return getRepetitionConstants(*this); }
bool UpsampleOp::keepsFormat() { return true; }
Movement UpsampleOp::getMovement() { return Movement::magnify; }

OpFoldResult UpsampleOp::fold(FoldAdaptor) { return foldIdentity(*this, true); }

LogicalResult UpsampleOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (in.size() != 4 || out.size() != 4 || in.take_front(2) != out.take_front(2) || in[2] <= 0 || in[3] <= 0 ||
      out[2] % in[2] != 0 || out[3] % in[3] != 0)
    return emitOpError("[upsample C1] expected rank 4, one batch and channels, and a height and width that are "
                       "multiples of the operand's but got ")
           << getInput().getType() << " and " << getType();
  return success();
}

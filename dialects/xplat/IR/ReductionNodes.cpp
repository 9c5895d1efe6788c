//===- ReductionNodes.cpp - Sums, means, extremes, and the k first of a row ===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::product;

/// Whether `type` holds integers with a sign and all of `positions`, counted from 0.
static bool holdsPositions(Type type, int64_t positions) {
  Type element = getDataElement(type);
  return isa<IntegerType>(element) && element.getIntOrFloatBitWidth() >= xplat::detail::getPositionBits(positions);
}

/// What an error says is needed for that.
static std::string nameIntegers(int64_t positions) {
  return "integers of at least " + std::to_string(xplat::detail::getPositionBits(positions)) + " bits";
}

/// Whether both types hold integers or neither does.
static bool areOfOneKind(Type left, Type right) {
  return isa<IntegerType>(getDataElement(left)) == isa<IntegerType>(getDataElement(right));
}

//===----------------------------------------------------------------------===//
// Over dimensions
//===----------------------------------------------------------------------===//

/// The loop of each dimension: from the innermost one outwards those that are reduced (t), those that are kept (k), the
/// reduced ones around these (r), and all others (n). Extents of one have no iterator.
static SmallVector<int64_t> getReduceLoops(ReduceOp op) {
  Type type = op.getInput().getType();
  SmallVector<int64_t> loops(getDataShape(type).size(), -1);
  int64_t loop = 3;
  for (int64_t dim : llvm::reverse(getOrder(type))) {
    if (getDataShape(type)[dim] == 1)
      continue;
    bool isReduced = llvm::is_contained(op.getDims(), dim);
    while (loop > 0 && isReduced != (loop % 2 == 1))
      --loop;
    loops[dim] = loop;
  }
  return loops;
}

Indexing ReduceOp::getIndexing() {
  Type type = getInput().getType();
  ArrayRef<int64_t> shape = getDataShape(type);
  SmallVector<int64_t> loops = getReduceLoops(*this);
  IndexingBuilder builder(getContext());
  SmallVector<AffineExpr> x(shape.size(), builder.constant(0)), y;
  auto isReduced = [&](int64_t dim) { return llvm::is_contained(getDims(), dim); };
  for (int64_t dim : getOrder(type))
    if (loops[dim] >= 0)
      x[dim] =
          builder.iterate(loops[dim], shape[dim], isReduced(dim) ? IteratorKind::reduction : IteratorKind::parallel);
  bool keepsDims = getDataShape(getType()).size() == shape.size();
  for (auto [dim, index] : llvm::enumerate(x))
    if (!isReduced(dim))
      y.push_back(index);
    else if (keepsDims)
      y.push_back(builder.constant(0));
  builder.addOperand(x);
  builder.addResult(y);
  return builder.take();
}

SmallVector<StringRef> ReduceOp::getDimensionNames() { return {"n", "r", "k", "t"}; }
SmallVector<StringRef> ReduceOp::getConstantNames() { return {"kind", "nested"}; }
SmallVector<std::pair<StringRef, int64_t>> ReduceOp::getPlainConstants() {
  return {{"kind", static_cast<int64_t>(ReduceKind::sum)}, {"nested", 0}};
}
SmallVector<int64_t> ReduceOp::getConstants() {
  SmallVector<int64_t> loops = getReduceLoops(*this);
  bool isNested = llvm::any_of(getDims(), [&](int64_t dim) { return loops[dim] == 0; });
  return {static_cast<int64_t>(getKind()), isNested};
}
XPLAT_NO_SYMBOLS(ReduceOp)
bool ReduceOp::keepsFormat() { return getKind() == ReduceKind::maximum || getKind() == ReduceKind::minimum; }

static bool givesPositions(ReduceKind kind) { return kind == ReduceKind::argmax || kind == ReduceKind::argmin; }

std::optional<int64_t> ReduceOp::countPositions() {
  if (!givesPositions(getKind()))
    return std::nullopt;
  return getDataShape(getInput().getType())[getDims().front()];
}

int64_t ReduceOp::getFurtherOperations() { return product(getDataShape(getInput().getType())); }
LogicalResult ReduceOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType()), dims = getDims();
  bool good = !dims.empty() && dims.front() >= 0 && dims.back() < static_cast<int64_t>(in.size());
  for (size_t i = 1; good && i < dims.size(); ++i)
    good = dims[i - 1] < dims[i];
  if (!good)
    return emitOpError("[reduce C1] expected ascending dimensions of ")
           << getInput().getType() << " but got [" << dims << "]";
  SmallVector<int64_t> removed, kept;
  for (auto [index, extent] : llvm::enumerate(in)) {
    bool reduced = llvm::is_contained(dims, static_cast<int64_t>(index));
    kept.push_back(reduced ? 1 : extent);
    if (!reduced)
      removed.push_back(extent);
  }
  if (out != ArrayRef<int64_t>(removed) && out != ArrayRef<int64_t>(kept))
    return emitOpError("[reduce C2] expected the extents of ")
           << getInput().getType() << " without dimensions [" << dims << "], or with ones in their place, but got "
           << getType();
  bool isPosition = givesPositions(getKind());
  if (isPosition && dims.size() != 1)
    return emitOpError("[reduce C3] expected one dimension, along which positions are counted, but got [")
           << dims << "]";
  if (isPosition && !holdsPositions(getType(), in[dims.front()]))
    return emitOpError("[reduce C3] expected a result of ")
           << nameIntegers(in[dims.front()]) << ", which hold positions up to " << in[dims.front()] - 1 << ", but got "
           << getType();
  if (!isPosition && !areOfOneKind(getInput().getType(), getType()))
    return emitOpError("[reduce C3] expected integers as operand and result, or as neither, but got ")
           << getInput().getType() << " and " << getType();
  return success();
}

//===----------------------------------------------------------------------===//
// Rows in order
//===----------------------------------------------------------------------===//

SmallVector<StringRef> TopKOp::getDimensionNames() { return {"n", "k", "t"}; }

Indexing TopKOp::getIndexing() {
  ArrayRef<int64_t> out = getDataShape(getType());
  IndexingBuilder builder(getContext());
  SmallVector<AffineExpr> x = builder.iterate(0, out.drop_back()), y = x;
  y.push_back(builder.iterate(1, out.back()));
  x.push_back(builder.iterate(2, getDataShape(getInput().getType()).back(), IteratorKind::reduction));
  builder.addOperand(x);
  builder.addResult(y);
  return builder.take();
}

SmallVector<StringRef> TopKOp::getConstantNames() { return {"smallest", "positions", "permutes"}; }
SmallVector<std::pair<StringRef, int64_t>> TopKOp::getPlainConstants() {
  return {{"smallest", 0}, {"positions", 0}, {"permutes", 0}};
}
SmallVector<int64_t> TopKOp::getConstants() {
  bool inRows = llvm::is_sorted(getOrder(getInput().getType())) && llvm::is_sorted(getOrder(getType()));
  return {getSmallest(), getPositions(), !inRows};
}
XPLAT_NO_SYMBOLS(TopKOp)
XPLAT_CHANNELS_LAST(TopKOp)
bool TopKOp::keepsFormat() { return !getPositions(); }
std::optional<int64_t> TopKOp::countPositions() {
  return getPositions() ? std::optional(getDataShape(getInput().getType()).back()) : std::nullopt;
}
int64_t TopKOp::getFurtherOperations() {
  return product(getDataShape(getInput().getType())) * getDataShape(getType()).back();
}

LogicalResult TopKOp::verify() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (in.empty() || in.size() != out.size() || in.drop_back() != out.drop_back() || out.back() > in.back())
    return emitOpError("[top_k C1] expected the extents of ")
           << getInput().getType() << ", of which the last may be smaller, but got " << getType();
  if (getPositions() && !holdsPositions(getType(), in.back()))
    return emitOpError("[top_k C2] expected a result of ")
           << nameIntegers(in.back()) << ", which hold positions up to " << in.back() - 1 << ", but got " << getType();
  if (!getPositions() && !areOfOneKind(getInput().getType(), getType()))
    return emitOpError("[top_k C2] expected integers as operand and result, or as neither, but got ")
           << getInput().getType() << " and " << getType();
  return success();
}

//===- ReductionNodes.cpp - Sums, means and extremes over dimensions ------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::product;

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
SmallVector<int64_t> ReduceOp::getConstants() {
  SmallVector<int64_t> loops = getReduceLoops(*this);
  bool isNested = llvm::any_of(getDims(), [&](int64_t dim) { return loops[dim] == 0; });
  return {static_cast<int64_t>(getKind()), isNested};
}
XPLAT_NO_SYMBOLS(ReduceOp)
bool ReduceOp::keepsFormat() { return getKind() == ReduceKind::maximum || getKind() == ReduceKind::minimum; }

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
  return success();
}

//===- Geometry.cpp - Loops, lanes, memories and channels of a node -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Xplat.h"

#include "mlir/IR/AffineExprVisitor.h"
#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;
using namespace xplat;
using xplat::detail::product;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

AffineExpr IndexingBuilder::iterate(int64_t loop, int64_t range, IteratorKind kind) {
  indexing.ranges.push_back(range);
  indexing.kinds.push_back(kind);
  indexing.loops.push_back(loop);
  return getAffineDimExpr(indexing.ranges.size() - 1, context);
}

SmallVector<AffineExpr> IndexingBuilder::iterate(int64_t loop, ArrayRef<int64_t> ranges) {
  return llvm::map_to_vector(ranges, [&](int64_t range) { return iterate(loop, range); });
}

AffineExpr IndexingBuilder::iterateGroups(int64_t loop, int64_t groups) {
  return groups == 1 ? constant(0) : iterate(loop, groups);
}

SmallVector<AffineExpr> IndexingBuilder::iterateOver(Type type, ArrayRef<int64_t> reduced, int64_t loop) {
  ArrayRef<int64_t> shape = getDataShape(type);
  SmallVector<int64_t> order = getOrder(type);
  SmallVector<AffineExpr> iterators(shape.size());
  for (int64_t dim : order) {
    bool sums = llvm::is_contained(reduced, dim);
    iterators[dim] =
        iterate(dim == order.back() ? loop : 0, shape[dim], sums ? IteratorKind::reduction : IteratorKind::parallel);
  }
  return iterators;
}

void IndexingBuilder::addParameter(StringRef name, FlatSymbolRefAttr symbol, ArrayRef<AffineExpr> indices) {
  if (!symbol)
    return;
  indexing.parameters.push_back({name, symbol, {}});
  parameters.push_back(llvm::to_vector(indices));
}

Indexing IndexingBuilder::take() {
  unsigned numIterators = indexing.ranges.size();
  for (const std::optional<Indices> &indices : operands)
    indexing.operands.push_back(indices ? AffineMap::get(numIterators, 0, *indices, context) : AffineMap());
  for (const Indices &indices : results)
    indexing.results.push_back(AffineMap::get(numIterators, 0, indices, context));
  for (auto [parameter, indices] : llvm::zip(indexing.parameters, parameters))
    parameter.map = AffineMap::get(numIterators, numSymbols, indices, context);
  return std::move(indexing);
}

/// The type that says in which order the elements of `type`, one of the node's, travel. Where all streams of a node
/// have one layout and `type` has none yet, that is another type of the node for which somebody has chosen an order.
static Type getOrderedType(Operation *op, Type type) {
  if (hasOrder(type) || cast<NodeOpInterface>(op).getLayoutRule() != LayoutRule::equal)
    return type;
  for (TypeRange types : {TypeRange(op->getOperandTypes()), TypeRange(op->getResultTypes())})
    for (Type other : types)
      if (hasOrder(other) && getDataShape(other) == getDataShape(type))
        return other;
  return type;
}

Indexing xplat::detail::indexElementwise(Operation *node, Type type) {
  IndexingBuilder builder(node->getContext());
  SmallVector<AffineExpr> indices = builder.iterateOver(getOrderedType(node, type));
  for (unsigned i = 0; i < node->getNumOperands(); ++i)
    builder.addOperand(indices);
  for (unsigned i = 0; i < node->getNumResults(); ++i)
    builder.addResult(indices);
  // A shared exponent is known when the last element of its block has come.
  if (hasInnermostBlocks(type))
    builder.setBlockElements(cast<NumberFormatTypeInterface>(getDataElement(type)).getBlockSize());
  return builder.take();
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

bool Geometry::Access::uses(unsigned iterator) const {
  return llvm::any_of(indices, [&](const Index &index) { return index.uses(iterator); });
}

SmallVector<Geometry::Index, 4> Geometry::flatten(AffineMap map) const {
  SmallVector<Index, 4> indices;
  for (AffineExpr expr : map.getResults()) {
    SimpleAffineExprFlattener flattener(map.getNumDims(), map.getNumSymbols());
    [[maybe_unused]] LogicalResult walked = flattener.walkPostOrder(expr);
    assert(succeeded(walked) && flattener.numLocals == 0 && "an index is a sum of iterators times coefficients");
    ArrayRef<int64_t> row = flattener.operandExprStack.back();
    Index index;
    index.coefficients.assign(row.begin(), row.begin() + map.getNumDims());
    index.byData = llvm::any_of(row.slice(map.getNumDims(), map.getNumSymbols()), [](int64_t v) { return v != 0; });
    index.constant = row.back();
    indices.push_back(std::move(index));
  }
  return indices;
}

Geometry::Access Geometry::makeAccess(AffineMap map, Type type, ArrayRef<int64_t> order) const {
  Access access;
  ArrayRef<int64_t> shape = getDataShape(type);
  access.numElements = product(shape);
  access.hasBlocks = hasInnermostBlocks(type);
  if (auto stream = dyn_cast<StreamType>(type))
    access.lanes = stream.getLanes();
  if (!map) {
    access.isKnown = false;
    return access;
  }
  access.indices = flatten(map);
  access.isPosition = map.getNumResults() == 1 && shape.size() != 1;
  access.extents = access.isPosition ? SmallVector<int64_t, 4>{access.numElements} : SmallVector<int64_t, 4>(shape);
  access.order = access.isPosition ? SmallVector<int64_t, 4>{0} : SmallVector<int64_t, 4>(order);
  assert(access.indices.size() == access.extents.size() && "an index for each dimension");
  return access;
}

Geometry::Geometry(Operation *op) {
  auto node = cast<NodeOpInterface>(op);
  indexing = node.getIndexing();
  loopNames = node.getDimensionNames();
  numLoops = loopNames.size();
  assert(indexing.operands.size() == node->getNumOperands() && indexing.results.size() == node->getNumResults() &&
         "a map for each operand and result");
  for (auto [map, type] : llvm::zip(indexing.operands, node->getOperandTypes()))
    operands.push_back(makeAccess(map, type, getOrder(getOrderedType(op, type))));
  for (auto [map, type] : llvm::zip(indexing.results, node->getResultTypes()))
    results.push_back(makeAccess(map, type, getOrder(getOrderedType(op, type))));
  for (const ParameterIndexing &parameter : indexing.parameters) {
    Access access;
    access.indices = flatten(parameter.map);
    parameters.push_back(std::move(access));
  }
  for (unsigned loop = 0; loop < numLoops; ++loop)
    fiberLoops.push_back(findsFibers(loop));
}

bool Geometry::isInResults(unsigned iterator) const {
  return llvm::any_of(results, [&](const Access &result) { return result.uses(iterator); });
}

bool Geometry::allIterators(const Index &index, function_ref<bool(unsigned)> predicate) const {
  bool any = false;
  for (unsigned iterator = 0; iterator < indexing.ranges.size(); ++iterator)
    if (index.uses(iterator)) {
      if (!predicate(iterator))
        return false;
      any = true;
    }
  return any;
}

//===----------------------------------------------------------------------===//
// Loops and lanes
//===----------------------------------------------------------------------===//

SmallVector<int64_t> Geometry::getIterationDomain() const {
  SmallVector<int64_t> extents(numLoops, 1);
  for (auto [range, loop] : llvm::zip(indexing.ranges, indexing.loops))
    if (loop >= 0)
      extents[loop] *= range;
  return extents;
}

SmallVector<IteratorKind> Geometry::getIteratorKinds() const {
  SmallVector<IteratorKind> kinds(numLoops, IteratorKind::parallel);
  for (auto [kind, loop] : llvm::zip(indexing.kinds, indexing.loops))
    if (loop >= 0)
      kinds[loop] = kind;
  return kinds;
}

int64_t Geometry::getInnermostIterator(unsigned loop) const {
  int64_t iterator = static_cast<int64_t>(indexing.loops.size()) - 1;
  while (iterator >= 0 && indexing.loops[iterator] != static_cast<int64_t>(loop))
    --iterator;
  return iterator;
}

/// Whether neighbouring elements along `index` are those of successive values of the iterator.
bool Geometry::isInnermost(const Index &index, unsigned iterator) {
  bool isLast = llvm::all_of(ArrayRef(index.coefficients).drop_front(iterator + 1), [](int64_t c) { return c == 0; });
  return index.coefficients[iterator] == 1 && isLast;
}

SmallVector<const Geometry::Access *, 4> Geometry::getStreams() const {
  return llvm::map_to_vector<4>(llvm::concat<const Access>(operands, results),
                                [](const Access &access) { return &access; });
}

bool Geometry::findsFibers(unsigned loop) const {
  int64_t iterator = getInnermostIterator(loop);
  if (iterator < 0 || indexing.fixedLanes || indexing.kinds[iterator] != IteratorKind::parallel)
    return false;
  // A stride is the fibers that a step goes on by; only a window reaches beyond them.
  auto follows = [&](const Access &access, bool isResult) {
    if (!access.isKnown)
      return false;
    if (!access.uses(iterator))
      return true;
    int64_t dim = access.getFiberDim();
    auto isOther = [&](auto entry) {
      return static_cast<int64_t>(entry.index()) != dim && entry.value().uses(iterator);
    };
    if (dim < 0 || llvm::any_of(llvm::enumerate(access.indices), isOther))
      return false;
    const Index &index = access.indices[dim];
    if (isResult)
      return isInnermost(index, iterator) && index.constant == 0;
    for (unsigned inner = iterator + 1; inner < indexing.ranges.size(); ++inner)
      if (index.uses(inner) && (isInResults(inner) || indexing.kinds[inner] == IteratorKind::parallel))
        return false;
    return index.coefficients[iterator] > 0;
  };
  auto isHeld = [&](unsigned operand) { return operands[operand].uses(iterator); };
  return llvm::none_of(indexing.heldOperands, isHeld) &&
         llvm::all_of(operands, [&](const Access &operand) { return follows(operand, /*isResult=*/false); }) &&
         llvm::all_of(results, [&](const Access &result) { return follows(result, /*isResult=*/true); });
}

SmallVector<int64_t> Geometry::getLegalUnroll(unsigned loop) const {
  if (indexing.fixedLanes)
    return {results.front().lanes};
  int64_t iterator = getInnermostIterator(loop);
  if (iterator < 0)
    return {1};
  int64_t extent = indexing.ranges[iterator];
  if (walksFibers(loop)) {
    SmallVector<int64_t> legal = getDivisors(extent);
    for (const Access *access : getStreams())
      if (access->uses(iterator)) {
        int64_t dim = access->getFiberDim(), fibers = access->indices[dim].coefficients[iterator];
        llvm::erase_if(legal,
                       [&](int64_t factor) { return factor > 1 && access->extents[dim] % (factor * fibers) != 0; });
      }
    return legal;
  }
  bool isWindow = indexing.kinds[iterator] == IteratorKind::window && !isInResults(iterator);
  auto isHeld = [&](const Access &access) {
    return llvm::any_of(indexing.heldOperands, [&](unsigned operand) { return &operands[operand] == &access; });
  };
  for (const Access &access : llvm::concat<const Access>(operands, results)) {
    if (isWindow || !access.uses(iterator))
      continue;
    const Index &innermost = *access.getInnermost();
    if (isHeld(access) && !innermost.uses(iterator))
      continue;
    for (const Index &index : access.indices)
      if (index.uses(iterator) && (&index != &innermost || !isInnermost(index, iterator)))
        return {1};
    extent = std::gcd(extent, innermost.constant);
    if (!access.isPosition)
      extent = std::gcd(extent, access.extents[access.order.back()]);
  }
  return getDivisors(extent);
}

int64_t Geometry::getLanes(const Access &access, ArrayRef<int64_t> unroll) const {
  if (indexing.fixedLanes)
    return access.lanes;
  int64_t lanes = getFiberLanes(access, unroll);
  for (unsigned loop = 0; loop < numLoops; ++loop)
    if (unroll[loop] > 1 && walksFibers(loop))
      if (int64_t iterator = getInnermostIterator(loop); access.uses(iterator))
        lanes *= unroll[loop] * access.indices[access.getFiberDim()].coefficients[iterator];
  return lanes;
}

std::optional<std::string> Geometry::explainUnroll(ArrayRef<int64_t> unroll) const {
  for (unsigned loop = 0; loop < numLoops; ++loop) {
    if (unroll[loop] <= 1 || !walksFibers(loop))
      continue;
    int64_t iterator = getInnermostIterator(loop);
    auto explain = [&](const Twine &needed) {
      return ("factor " + Twine(unroll[loop]) + " of loop " + loopNames[loop] + " needs " + needed).str();
    };
    for (const Access *access : getStreams()) {
      if (!access->uses(iterator))
        continue;
      // The exponents of a beat are those of one fiber.
      if (access->hasBlocks)
        return explain("streams without blocks of a shared exponent along the innermost dimension");
      int64_t extent = access->extents[access->order.back()], lanes = getFiberLanes(*access, unroll);
      if (lanes != extent)
        return explain("beats of all " + Twine(extent) +
                       " elements of the innermost dimension, but the other factors "
                       "give " +
                       Twine(lanes));
      // A window that reaches into the next fibers is read at once.
      const Index &index = access->indices[access->getFiberDim()];
      for (unsigned inner = iterator + 1; inner < indexing.ranges.size(); ++inner)
        if (int64_t walked = indexing.loops[inner];
            index.uses(inner) && walked >= 0 && unroll[walked] != indexing.ranges[inner])
          return explain("loop " + loopNames[walked] + " unrolled completely, by " + Twine(indexing.ranges[inner]));
    }
  }
  return std::nullopt;
}

int64_t Geometry::getFiberLanes(const Access &access, ArrayRef<int64_t> unroll) const {
  int64_t lanes = 1;
  const Index *innermost = access.getInnermost();
  for (unsigned loop = 0; innermost && loop < numLoops; ++loop)
    if (int64_t iterator = getInnermostIterator(loop); iterator >= 0 && isInnermost(*innermost, iterator))
      lanes *= unroll[loop];
  return lanes;
}

int64_t Geometry::getOperandLanes(unsigned index, ArrayRef<int64_t> unroll) const {
  return getLanes(operands[index], unroll);
}
int64_t Geometry::getResultLanes(unsigned index, ArrayRef<int64_t> unroll) const {
  return getLanes(results[index], unroll);
}

int64_t Geometry::getMultiplyAccumulates() const {
  auto isContracted = [&](unsigned iterator) {
    auto uses = [&](const Access &access) { return access.uses(iterator); };
    return !isInResults(iterator) && llvm::count_if(operands, uses) + llvm::count_if(parameters, uses) > 1;
  };
  bool contracts = llvm::any_of(llvm::seq<unsigned>(0, indexing.ranges.size()), isContracted);
  return contracts ? product(indexing.ranges) : 0;
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

int64_t Geometry::getLoop(const Index &index) const {
  int64_t loop = -1;
  for (unsigned iterator = 0; iterator < indexing.ranges.size(); ++iterator)
    if (index.uses(iterator))
      loop = indexing.loops[iterator];
  if (loop < 0 || index.byData)
    return -1;
  for (unsigned iterator = 0; iterator < indexing.ranges.size(); ++iterator)
    if (index.uses(iterator) != (indexing.loops[iterator] == loop))
      return -1;
  return loop;
}

SmallVector<ParameterUse> Geometry::getParameters() const {
  SmallVector<ParameterUse> uses;
  for (auto [parameter, access] : llvm::zip(indexing.parameters, parameters)) {
    ParameterUse use{parameter.name, parameter.symbol, {}, {}};
    SmallVector<int64_t> outermost;
    for (auto [dim, index] : llvm::enumerate(access.indices)) {
      use.loops.push_back(getLoop(index));
      use.order.push_back(dim);
      const auto *first = llvm::find_if(index.coefficients, [](int64_t coefficient) { return coefficient != 0; });
      outermost.push_back(first == index.coefficients.end() ? -1 : first - index.coefficients.begin());
    }
    llvm::stable_sort(use.order, [&](int64_t a, int64_t b) { return outermost[a] < outermost[b]; });
    uses.push_back(std::move(use));
  }
  return uses;
}

int64_t Geometry::getResultChannelDim() const {
  for (auto [dim, index] : llvm::enumerate(results.front().indices))
    if (allIterators(index, [&](unsigned iterator) { return parameters.front().uses(iterator); }))
      return dim;
  return -1;
}

int64_t Geometry::getWeightChannelDim() const {
  for (auto [dim, index] : llvm::enumerate(parameters.front().indices))
    if (allIterators(index, [&](unsigned iterator) { return isInResults(iterator); }))
      return dim;
  return -1;
}

int64_t Geometry::getColumnDim() const {
  const Index &last = operands.front().indices.back();
  for (auto [dim, index] : llvm::enumerate(parameters.front().indices))
    if (index.coefficients == last.coefficients && allIterators(index, [](unsigned) { return true; }))
      return dim;
  return -1;
}

std::optional<OperandView> Geometry::getOperandView() const {
  const Access &weight = parameters.front(), &operand = operands.front();
  auto inWeight = [&](unsigned iterator) { return weight.uses(iterator); };
  const auto *channels =
      llvm::find_if(operand.indices, [&](const Index &index) { return allIterators(index, inWeight); });
  int64_t resultDim = getResultChannelDim();
  if (channels == operand.indices.end() || resultDim < 0)
    return std::nullopt;
  OperandView view{channels - operand.indices.begin(), {}, {}, {}, /*padded=*/false};
  auto addDim = [&](int64_t extent, bool isChannel, bool isSummed) {
    if (isSummed)
      view.summed.push_back(view.weight.size());
    view.weight.push_back(extent);
    view.channels.push_back(isChannel ? extent : 1);
  };
  for (const Index &index : weight.indices) {
    if (!allIterators(index, [](unsigned) { return true; }))
      addDim(1, false, true);
    for (unsigned iterator = 0; iterator < indexing.ranges.size(); ++iterator) {
      if (!index.uses(iterator))
        continue;
      bool inResult = isInResults(iterator);
      if (inResult && !results.front().indices[resultDim].uses(iterator))
        return std::nullopt;
      addDim(indexing.ranges[iterator], channels->uses(iterator), !inResult);
    }
  }
  for (auto [index, extent] : llvm::zip(operand.indices, operand.extents)) {
    int64_t least = index.constant, most = index.constant;
    for (auto [coefficient, range] : llvm::zip(index.coefficients, indexing.ranges))
      (coefficient < 0 ? least : most) += coefficient * (range - 1);
    view.padded |= least < 0 || most >= extent;
  }
  return view;
}

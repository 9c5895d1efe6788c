//===- LoopOrder.cpp - The order in which a kernel walks its loops --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel computes results in the order in which they travel. Where all loops
// that add up stand inside those that index the result, it computes one result
// after the other, and any operand will do that its buffer holds. Where one
// stands outside, it keeps the sums of all results inside that loop; where every
// step takes the next operand element, it keeps the sum of one result, and no
// operand. Then most steps complete no result. In the dataflow model such a step
// takes no time of its own: it takes one operand beat, the next one, as that
// comes. Kernels whose steps do something else are refused.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Xplat.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"

using namespace mlir;
using namespace xplat;

std::optional<SmallVector<unsigned>> Geometry::getDigits(const Access &access) const {
  if (!access.isKnown)
    return std::nullopt;
  SmallVector<unsigned> digits;
  for (int64_t dim : access.order) {
    const Index &index = access.indices[dim];
    SmallVector<unsigned> iterators;
    for (auto [iterator, range] : llvm::enumerate(indexing.ranges))
      if (range > 1 && index.uses(iterator))
        iterators.push_back(iterator);
    llvm::sort(iterators, [&](unsigned a, unsigned b) { return index.coefficients[a] > index.coefficients[b]; });
    int64_t next = 1;
    for (unsigned iterator : llvm::reverse(iterators)) {
      if (index.coefficients[iterator] != next || llvm::is_contained(digits, iterator))
        return std::nullopt;
      next *= indexing.ranges[iterator];
    }
    if (next != access.extents[dim] || index.constant != 0)
      return std::nullopt;
    digits.append(iterators);
  }
  return digits;
}

SmallVector<unsigned> Geometry::getWalk(ArrayRef<int64_t> order) const {
  SmallVector<unsigned> walk;
  for (int64_t loop : order)
    for (auto [iterator, range] : llvm::enumerate(indexing.ranges))
      if (indexing.loops[iterator] == loop && range > 1)
        walk.push_back(iterator);
  return walk;
}

bool Geometry::keepsSums(ArrayRef<int64_t> order) const {
  bool adds = false;
  for (int64_t loop : order)
    for (auto [iterator, walked] : llvm::enumerate(indexing.loops))
      if (walked == loop) {
        if (adds && isInResults(iterator))
          return true;
        adds |= !isInResults(iterator);
      }
  return adds && operands.size() == 1 && getDigits(operands.front()) == getWalk(order);
}

std::string Geometry::describeLoops(ArrayRef<unsigned> iterators) const {
  SmallVector<StringRef> names;
  for (unsigned iterator : iterators)
    if (StringRef name = loopNames[indexing.loops[iterator]]; names.empty() || names.back() != name)
      names.push_back(name);
  return "(" + llvm::join(names, ", ") + ")";
}

std::optional<std::string> Geometry::explainOrder(ArrayRef<int64_t> order, ArrayRef<int64_t> unroll) const {
  if (order.empty())
    return std::nullopt;
  std::string its =
      "its order (" + llvm::join(llvm::map_range(order, [&](int64_t loop) { return loopNames[loop]; }), ", ") + ") ";
  std::optional<SmallVector<unsigned>> travel = getDigits(results.front());
  if (!travel || llvm::is_contained(indexing.loops, -1))
    return its + "says nothing of this node, whose results are not sums over some of its loops";
  SmallVector<unsigned> walk = getWalk(order);
  auto walkIf = [&](auto predicate) { return llvm::to_vector(llvm::make_filter_range(walk, predicate)); };
  SmallVector<unsigned> completed = walkIf([&](unsigned iterator) { return isInResults(iterator); });
  if (completed != *travel)
    return its + "completes results by " + describeLoops(completed) + ", but they travel by " + describeLoops(*travel);
  if (!keepsSums(order))
    return std::nullopt;

  its += "keeps sums, to which each operand beat is added in one step, as it comes; ";
  if (operands.size() != 1)
    return its + "that is supported for one operand, not for " + std::to_string(operands.size());
  const Access &operand = operands.front();
  std::optional<SmallVector<unsigned>> arrival = getDigits(operand);
  if (!arrival)
    return its + "but elements of the operand are used several times, or not at all";
  SmallVector<unsigned> taken = walkIf([&](unsigned iterator) { return operand.uses(iterator); });
  if (taken != *arrival)
    return its + "it takes the operand by " + describeLoops(taken) + ", but that travels by " + describeLoops(*arrival);
  if (unroll.empty())
    return std::nullopt;
  int64_t takenInStep = 1;
  for (unsigned iterator : walk) {
    int64_t loop = indexing.loops[iterator], factor = iterator == getInnermostIterator(loop) ? unroll[loop] : 1;
    int64_t steps = indexing.ranges[iterator] / factor;
    if (operand.uses(iterator))
      takenInStep *= factor;
    else if (steps > 1)
      return its + "loop '" + loopNames[loop].str() + "' takes it in " + std::to_string(steps) +
             " steps unless it is unrolled completely";
  }
  if (int64_t lanes = getLanes(operand, unroll); takenInStep != lanes)
    return its + "a step takes " + std::to_string(takenInStep / lanes) + " beats";
  return std::nullopt;
}

std::optional<Repetition> Geometry::getRepetition(unsigned operand) const {
  const Access &access = operands[operand];
  std::optional<SmallVector<unsigned>> travel = getDigits(results.front()), arrival = getDigits(access);
  if (!travel || !arrival)
    return std::nullopt;
  auto isUsed = [&](unsigned iterator) { return access.uses(iterator); };
  if (llvm::to_vector(llvm::make_filter_range(*travel, isUsed)) != *arrival)
    return std::nullopt;
  // From the innermost iterator outwards.
  auto takeWhile = [&](bool used) {
    int64_t count = 1;
    for (; !travel->empty() && isUsed(travel->back()) == used; travel->pop_back())
      count *= indexing.ranges[travel->back()];
    return count;
  };
  Repetition found{1, 1, 1, takeWhile(true)};
  found.repeats = takeWhile(false);
  found.block = found.run * takeWhile(true);
  found.replays = takeWhile(false);
  if (!llvm::all_of(*travel, isUsed))
    return std::nullopt;
  if (found.replays == 1)
    found.block = found.run;
  return found;
}

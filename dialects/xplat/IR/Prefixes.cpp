//===- Prefixes.cpp - What a result element needs of each operand ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A position in the result is a mixed-radix number of its iterators. The
// elements up to a position are a union of boxes: for each digit, those that
// agree with the position before that digit and have a smaller one there, and
// the element itself. In a box the last operand index that the maps touch is
// the largest of each dimension, clamped to the operand.
//
// Where a kernel keeps sums, the iterators that add up are digits, too, in the
// order of its walk: the boxes are those of the steps up to the one that
// completes the element.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Xplat.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;
using namespace xplat;

/// The most that digits add to an index.
static int64_t getSpan(ArrayRef<int64_t> coefficients, ArrayRef<int64_t> digits) {
  int64_t most = 0;
  for (auto [coefficient, range] : llvm::zip_equal(coefficients, digits))
    most += coefficient * (range - 1);
  return most;
}

Prefixes Geometry::getPrefixes(unsigned operand, ArrayRef<int64_t> order) const {
  assert(!explainOrder(order) && "the order suits the node");
  const Access &access = operands[operand];
  Prefixes prefixes;
  prefixes.numElements = access.numElements;
  std::optional<SmallVector<unsigned>> iterators = getDigits(results.front());
  if (!access.isKnown || !iterators) {
    prefixes.needsAll = true;
    return prefixes;
  }
  if (keepsSums(order)) {
    iterators = getWalk(order);
    // What does not index the operand is unrolled completely, inside a step.
    llvm::stable_sort(*iterators, [&](unsigned a, unsigned b) { return access.uses(a) && !access.uses(b); });
  }
  for (unsigned iterator : *iterators) {
    prefixes.digits.push_back(indexing.ranges[iterator]);
    prefixes.isSum.push_back(!isInResults(iterator));
  }
  // Along a reduction that the result has, every result element needs all operand elements.
  auto isDigit = [&](unsigned iterator) {
    return llvm::is_contained(*iterators, iterator) &&
           !(indexing.kinds[iterator] == IteratorKind::reduction && isInResults(iterator));
  };
  if (indexing.wholePixels)
    prefixes.block = results.front().extents[results.front().order.back()];
  if (indexing.storesWindows)
    if (std::optional<TravelMap> map = getTravelMap(operand))
      prefixes.block = map->getSteps();
  prefixes.row = prefixes.kept = prefixes.block;
  if (indexing.blockElements > 1) {
    prefixes.row = results.front().extents[results.front().order.back()];
    prefixes.block = indexing.blockElements;
  }

  int64_t stride = prefixes.numElements;
  for (int64_t position : access.order) {
    const Index &index = access.indices[position];
    stride /= access.extents[position];
    Prefixes::Dim dim{access.extents[position], stride, {}, index.constant, index.constant};
    for (unsigned iterator : *iterators)
      dim.coefficients.push_back(isDigit(iterator) ? index.coefficients[iterator] : 0);
    for (auto [iterator, range] : llvm::enumerate(indexing.ranges)) {
      int64_t coefficient = index.coefficients[iterator];
      assert(coefficient >= 0 && "operands are walked forwards");
      if (!isDigit(iterator))
        dim.high += coefficient * (range - 1);
    }
    prefixes.addDim(std::move(dim));
  }
  prefixes.mergeDigits();
  return prefixes;
}

/// Where neither dimension has an index outside, two are one.
void Prefixes::addDim(Dim dim) {
  auto isInside = [&](const Dim &dim) {
    return dim.low >= 0 && dim.high + getSpan(dim.coefficients, digits) < dim.extent;
  };
  if (dims.empty() || !isInside(dims.back()) || !isInside(dim)) {
    dims.push_back(std::move(dim));
    return;
  }
  Dim &outer = dims.back();
  for (auto [sum, coefficient] : llvm::zip(outer.coefficients, dim.coefficients))
    sum = sum * dim.extent + coefficient;
  outer.low = outer.low * dim.extent + dim.low;
  outer.high = outer.high * dim.extent + dim.high;
  outer.extent *= dim.extent;
  outer.stride = dim.stride;
}

/// Two digits that every dimension sees as one are one.
void Prefixes::mergeDigits() {
  for (size_t digit = digits.size(); digit-- > 1;) {
    auto isOne = [&](const Dim &dim) { return dim.coefficients[digit - 1] == dim.coefficients[digit] * digits[digit]; };
    if (isSum[digit - 1] != isSum[digit] || !llvm::all_of(dims, isOne))
      continue;
    digits[digit - 1] *= digits[digit];
    digits.erase(digits.begin() + digit);
    isSum.erase(isSum.begin() + digit);
    for (Dim &dim : dims)
      dim.coefficients.erase(dim.coefficients.begin() + digit - 1);
  }
}

SmallVector<int64_t, 6> Prefixes::digitsOf(int64_t element) const {
  SmallVector<int64_t, 6> values(digits.size());
  for (size_t digit = digits.size(); digit-- > 0;) {
    if (isSum[digit]) {
      values[digit] = digits[digit] - 1;
      continue;
    }
    if (element < digits[digit]) { // no division for the outermost digits
      values[digit] = std::exchange(element, 0);
      continue;
    }
    values[digit] = element % digits[digit];
    element /= digits[digit];
  }
  return values;
}

int64_t Prefixes::getLastOfBlock(int64_t element) const {
  if (row == 1)
    return element;
  int64_t begin = element / row * row;
  return begin + std::min((element - begin) / block * block + block, row) - 1;
}

bool Prefixes::isIdentity() const {
  if (needsAll || row != 1 || kept != 1 || digits.size() != 1 || isSum.front() || dims.size() != 1)
    return false;
  const Dim &dim = dims.front();
  return dim.low == 0 && dim.high == 0 && dim.stride == 1 && dim.coefficients.front() == 1 &&
         dim.extent == digits.front();
}

int64_t Prefixes::getRequired(int64_t element) const {
  if (needsAll)
    return numElements;
  SmallVector<int64_t, 6> values = digitsOf(getLastOfBlock(element));
  // Of each dimension: what the digits before the level add, and what those from it on add at most.
  SmallVector<std::pair<int64_t, int64_t>, 4> sums;
  for (const Dim &dim : dims)
    sums.push_back({0, getSpan(dim.coefficients, digits)});
  int64_t needed = 0;
  for (size_t level = 0; level <= digits.size(); ++level) {
    bool isInner = level == digits.size();
    bool touches = isInner || values[level] != 0;
    int64_t last = 0;
    for (auto [dim, sum] : llvm::zip_equal(dims, sums)) {
      auto &[outer, inner] = sum;
      int64_t coefficient = isInner ? 0 : dim.coefficients[level];
      if (!isInner)
        inner -= coefficient * (digits[level] - 1);
      int64_t most = dim.high + outer + inner + (isInner ? 0 : coefficient * (values[level] - 1));
      touches &= dim.low + outer < dim.extent && most >= 0;
      last += std::min(most, dim.extent - 1) * dim.stride;
      if (!isInner)
        outer += coefficient * values[level];
    }
    if (touches)
      needed = std::max(needed, last + 1);
  }
  return needed;
}

int64_t Prefixes::getReleased(int64_t element) const {
  if (needsAll)
    return 0;
  SmallVector<int64_t, 6> values = digitsOf(kept == 1 ? element : element / kept * kept);
  SmallVector<std::pair<int64_t, int64_t>, 4> sums;
  for (const Dim &dim : dims)
    sums.push_back({0, getSpan(dim.coefficients, digits)});
  int64_t released = numElements;
  for (size_t level = 0; level <= digits.size(); ++level) {
    bool isInner = level == digits.size();
    bool touches = isInner || values[level] != digits[level] - 1;
    bool isBefore = false;
    int64_t first = 0;
    for (auto [dim, sum] : llvm::zip_equal(dims, sums)) {
      auto &[outer, inner] = sum;
      int64_t coefficient = isInner ? 0 : dim.coefficients[level];
      int64_t least = dim.low + outer + (isInner ? 0 : coefficient * (values[level] + 1));
      touches &= least < dim.extent && dim.high + outer + inner >= 0;
      // An index above the operand is above all its elements, whatever the dimensions inside say.
      isBefore |= least < 0;
      first += isBefore ? 0 : least * dim.stride;
      if (isInner)
        continue;
      outer += coefficient * values[level];
      inner -= coefficient * (digits[level] - 1);
    }
    if (touches)
      released = std::min(released, first);
  }
  return released;
}

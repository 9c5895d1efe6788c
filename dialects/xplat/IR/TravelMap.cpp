//===- TravelMap.cpp - Where elements come from in a stream ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the kernels need that only move elements: the index maps of a node,
// composed with the orders in which its streams travel.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Nodes.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::product;

TravelMap TravelMap::create(ArrayRef<Digit> parts, int64_t offset, int64_t length) {
  TravelMap map;
  map.offset = offset;
  map.length = length;
  for (Digit digit : parts) {
    if (digit.extent == 1)
      continue;
    SmallVector<Digit, 6> &digits = map.digits;
    if (!digits.empty() && digits.back().stride == digit.extent * digit.stride)
      digits.back() = {digits.back().extent * digit.extent, digit.stride};
    else
      digits.push_back(digit);
  }
  // The outermost digit steps from window to window when everything inside it stays within one of its steps.
  while (!map.digits.empty()) {
    Digit outer = map.digits.front();
    int64_t last = map.offset;
    for (Digit inner : ArrayRef(map.digits).drop_front())
      last += (inner.extent - 1) * inner.stride;
    if (last >= outer.stride || outer.extent * outer.stride != map.length)
      break;
    map.windows *= outer.extent;
    map.length = outer.stride;
    map.digits.erase(map.digits.begin());
  }
  return map;
}

int64_t TravelMap::getSteps() const {
  int64_t steps = 1;
  for (Digit digit : digits)
    steps *= digit.extent;
  return steps;
}

std::optional<TravelMap> Geometry::getTravelMap(unsigned operand) const {
  const Access &access = operands[operand];
  std::optional<SmallVector<unsigned>> iterators = getDigits(results.front());
  if (!access.isKnown || !iterators)
    return std::nullopt;
  SmallVector<int64_t> strides(indexing.ranges.size(), 0);
  int64_t stride = access.numElements, offset = 0;
  for (int64_t dim : access.order) {
    const Index &index = access.indices[dim];
    stride /= access.extents[dim];
    int64_t last = index.constant;
    for (auto [iterator, range] : llvm::enumerate(indexing.ranges)) {
      int64_t coefficient = index.coefficients[iterator];
      if (coefficient != 0 && range > 1 && !llvm::is_contained(*iterators, iterator))
        return std::nullopt; // several elements make one
      last += coefficient * (range - 1);
      strides[iterator] += coefficient * stride;
    }
    if (index.byData || index.constant < 0 || last >= access.extents[dim])
      return std::nullopt; // padding
    offset += index.constant * stride;
  }
  SmallVector<TravelMap::Digit> digits;
  for (unsigned iterator : *iterators)
    digits.push_back({indexing.ranges[iterator], strides[iterator]});
  return TravelMap::create(digits, offset, access.numElements);
}

//===----------------------------------------------------------------------===//
// Kernel symbols
//===----------------------------------------------------------------------===//

/// Digits for which there are symbols.
static constexpr size_t mostDigits = 6;

SmallVector<StringRef> xplat::detail::getTravelNames() {
  return {"digits",   "windows",  "window",   "offset",   "extent_0", "extent_1", "extent_2", "extent_3",
          "extent_4", "extent_5", "stride_0", "stride_1", "stride_2", "stride_3", "stride_4", "stride_5"};
}

SmallVector<int64_t> xplat::detail::getTravelConstants(const std::optional<TravelMap> &map) {
  SmallVector<int64_t> values(getTravelNames().size(), 0);
  auto extents = MutableArrayRef(values).slice(4, mostDigits), strides = MutableArrayRef(values).take_back(mostDigits);
  llvm::fill(extents, 1);
  values[0] = -1;
  if (!map)
    return values;
  values[0] = map->digits.size();
  values[1] = map->windows;
  values[2] = map->length;
  values[3] = map->offset;
  for (auto [extent, stride, digit] : llvm::zip(extents, strides, llvm::reverse(map->digits))) {
    extent = digit.extent;
    stride = digit.stride;
  }
  return values;
}

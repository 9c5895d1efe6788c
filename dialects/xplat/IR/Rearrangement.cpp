//===- Rearrangement.cpp - Where elements lie after they moved ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Support.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace xplat;
using llvm::ArrayRef;
using llvm::SmallVector;
using llvm::SmallVectorImpl;

Rearrangement::Rearrangement(ArrayRef<Digit> parts) {
  for (Digit digit : parts) {
    if (digit.extent == 1)
      continue;
    if (!digits.empty() && digits.back().stride == digit.extent * digit.stride)
      digits.back() = {digits.back().extent * digit.extent, digit.stride};
    else
      digits.push_back(digit);
  }
}

/// Distance of neighbours along each dimension, in row-major positions.
static SmallVector<int64_t> getStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t dim = shape.size(); dim-- > 1;)
    strides[dim - 1] = strides[dim] * shape[dim];
  return strides;
}

Rearrangement Rearrangement::permute(ArrayRef<int64_t> shape, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> strides = getStrides(shape);
  SmallVector<Digit> digits;
  for (int64_t dim : permutation)
    digits.push_back({shape[dim], strides[dim]});
  return Rearrangement(digits);
}

Rearrangement Rearrangement::walkTiles(ArrayRef<int64_t> shape, ArrayRef<int64_t> order, ArrayRef<int64_t> tile) {
  SmallVector<int64_t> strides = getStrides(shape);
  SmallVector<Digit> digits;
  for (auto [dim, extent] : llvm::zip(order, tile))
    digits.push_back({shape[dim] / extent, strides[dim] * extent});
  for (auto [dim, extent] : llvm::zip(order, tile))
    digits.push_back({extent, strides[dim]});
  return Rearrangement(digits);
}

std::optional<SmallVector<Rearrangement::Digit>> Rearrangement::getPart(int64_t stride, int64_t extent) const {
  SmallVector<Digit> part; // innermost first
  int64_t below = 1, end = stride * extent, covered = 1;
  for (const Digit &digit : llvm::reverse(digits)) {
    int64_t above = below * digit.extent;
    int64_t low = std::max(below, stride), high = std::min(above, end);
    if (low < high) {
      if (low % below != 0 || high % low != 0 || above % high != 0)
        return std::nullopt;
      part.push_back({high / low, digit.stride * (low / below)});
      covered *= high / low;
    }
    below = above;
  }
  if (covered != extent)
    return std::nullopt;
  std::reverse(part.begin(), part.end());
  return part;
}

std::optional<Rearrangement> Rearrangement::then(const Rearrangement &next) const {
  SmallVector<Digit> both;
  for (const Digit &digit : next.digits) {
    std::optional<SmallVector<Digit>> part = getPart(digit.stride, digit.extent);
    if (!part)
      return std::nullopt;
    both.append(*part);
  }
  return Rearrangement(both);
}

Rearrangement Rearrangement::inverse() const {
  struct Entry {
    Digit digit;
    int64_t sourceStride;
  };
  SmallVector<Entry> entries;
  int64_t stride = 1;
  for (const Digit &digit : llvm::reverse(digits)) {
    entries.push_back({{digit.extent, stride}, digit.stride});
    stride *= digit.extent;
  }
  llvm::sort(entries, [](const Entry &a, const Entry &b) { return a.sourceStride > b.sourceStride; });
  SmallVector<Digit> inverted;
  for (const Entry &entry : entries)
    inverted.push_back(entry.digit);
  return Rearrangement(inverted);
}

void Rearrangement::getFactors(SmallVectorImpl<int64_t> &factors, SmallVectorImpl<int64_t> &permutation) const {
  SmallVector<Digit> sorted(digits);
  llvm::sort(sorted, [](const Digit &a, const Digit &b) { return a.stride > b.stride; });
  for (const Digit &digit : sorted)
    factors.push_back(digit.extent);
  for (const Digit &digit : digits)
    permutation.push_back(llvm::find(sorted, digit) - sorted.begin());
}

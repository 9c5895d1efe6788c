//===- Rearrangement.h - Where elements lie after they moved ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reshapes and transpositions move elements without dropping or repeating any.
// Such a node permutes row-major positions. A position is written as a
// mixed-radix number: the digits of a position in the result are the digits of
// the position in the source, in another order. Rearrangements are composed and
// inverted without enumerating elements.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_REARRANGEMENT_H
#define XPLAT_IR_REARRANGEMENT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>

namespace xplat {

class Rearrangement {
public:
  /// One digit of a row-major position in the result: it takes `extent` values, `stride` positions apart in the
  /// source.
  struct Digit {
    int64_t extent, stride;
    bool operator==(const Digit &other) const { return extent == other.extent && stride == other.stride; }
    bool operator!=(const Digit &other) const { return !(*this == other); }
  };

  /// Every one of `elements` elements stays in its row-major position.
  static Rearrangement identity(int64_t elements) { return Rearrangement({{elements, 1}}); }
  /// Dimension i of the result is dimension `permutation[i]` of a source of shape `shape`.
  static Rearrangement permute(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> permutation);
  /// A source of shape `shape` tile by tile, its dimensions in the order `order`, outermost first, and the elements of
  /// a tile in the same order. `tile` has the extents of a tile, in that order; they divide those of the dimensions.
  static Rearrangement walkTiles(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> order,
                                 llvm::ArrayRef<int64_t> tile);

  /// First this one, then `next`; none when a digit of one would have to be split where the other has none.
  std::optional<Rearrangement> then(const Rearrangement &next) const;
  Rearrangement inverse() const;
  bool isIdentity() const { return digits.size() <= 1; }
  bool operator==(const Rearrangement &other) const { return digits == other.digits; }
  bool operator!=(const Rearrangement &other) const { return !(*this == other); }

  /// The digits of a position in the result, outermost first. In normal form: no extent is one, and no two
  /// neighbours could be one digit.
  llvm::ArrayRef<Digit> getDigits() const { return digits; }
  /// The part of a result position between `stride` and `stride * extent`, as digits of the source; none when the
  /// part begins or ends within a digit that does not split there.
  std::optional<llvm::SmallVector<Digit>> getPart(int64_t stride, int64_t extent) const;
  /// The same as a transposition: the source has, row-major, the extents `factors`, and dimension i of the result is
  /// dimension `permutation[i]` of it.
  void getFactors(llvm::SmallVectorImpl<int64_t> &factors, llvm::SmallVectorImpl<int64_t> &permutation) const;

private:
  explicit Rearrangement(llvm::ArrayRef<Digit> digits);

  llvm::SmallVector<Digit> digits;
};

} // namespace xplat

#endif // XPLAT_IR_REARRANGEMENT_H

//===- Polynomials.cpp - Functions of one element as polynomials ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the polynomials of a node need of hardware follows from the attribute:
// widths of coefficients, the words of the two memories.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Xplat.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace xplat;

/// Bits of a word, and of a product that is exact in float64.
static constexpr int64_t maxWordBits = 64, maxExactBits = 53;
static constexpr int64_t minOperandBits = 2, maxOperandBits = 20, maxDegree = 2, maxGuardBits = 16;

static int64_t largest(DenseI64ArrayAttr values) { return *llvm::max_element(values.asArrayRef()); }

/// Bits of the largest of the coefficients of a power, in two's complement.
static int64_t countBits(ArrayRef<int64_t> coefficients, int64_t degree, int64_t power) {
  int64_t bits = 1;
  for (size_t i = power; i < coefficients.size(); i += degree + 1) {
    int64_t magnitude = coefficients[i] < 0 ? ~coefficients[i] : coefficients[i];
    bits = std::max<int64_t>(bits, 65 - llvm::countl_zero(static_cast<uint64_t>(magnitude)));
  }
  return bits;
}

/// Why segments of these lengths do not divide the numbers of a format; nothing when they do.
static std::optional<std::string> explainSegments(ArrayRef<int64_t> segments, ArrayRef<int64_t> lengths) {
  int64_t start = 0;
  for (auto [number, bits] : llvm::zip_equal(segments, lengths)) {
    int64_t length = int64_t(1) << bits;
    if (start % length)
      return "a segment of " + std::to_string(length) + " numbers begins at " + std::to_string(start);
    start += number * length;
    if (start > int64_t(1) << maxOperandBits)
      return "the segments have more than 2^" + std::to_string(maxOperandBits) + " numbers";
  }
  if (start < int64_t(1) << minOperandBits || !llvm::isPowerOf2_64(start))
    return "the segments have " + std::to_string(start) + " numbers";
  if (int64_t(2) << *llvm::max_element(lengths) > start)
    return "a segment has more than half of the " + std::to_string(start) + " numbers";
  return std::nullopt;
}

LogicalResult PolynomialsAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t degree, int64_t guardBits,
                                      FloatAttr within, DenseI64ArrayAttr segments, DenseI64ArrayAttr lengthBits,
                                      DenseI64ArrayAttr coefficients) {
  double error = within ? within.getValueAsDouble() : 0;
  if (degree < 1 || degree > maxDegree || guardBits < 0 || guardBits > maxGuardBits || !(error > 0) ||
      !std::isfinite(error))
    return emitError()
           << "[polynomials C1] expected degree 1 or 2, 0 to 16 guard bits, and a finite error above 0, but "
              "got degree "
           << degree << ", " << guardBits << " guard bits, and " << error;
  ArrayRef<int64_t> numbers = segments.asArrayRef(), lengths = lengthBits.asArrayRef();
  auto isLength = [](int64_t bits) { return bits >= 0 && bits < maxOperandBits; };
  auto isNumber = [](int64_t number) { return number > 0 && number <= int64_t(1) << maxOperandBits; };
  if (numbers.empty() || numbers.size() != lengths.size() || !llvm::all_of(numbers, isNumber) ||
      !llvm::all_of(lengths, isLength))
    return emitError() << "[polynomials C2] expected a number of segments, at least 1, for each length of 0 to "
                       << maxOperandBits - 1 << " bits, but got [" << numbers << "] for [" << lengths << "]";
  if (std::optional<std::string> wrong = explainSegments(numbers, lengths))
    return emitError() << "[polynomials C3] expected aligned segments that have 2^2 to 2^20 numbers, a power of two, "
                          "and none of them more than half, but "
                       << *wrong;
  ArrayRef<int64_t> all = coefficients.asArrayRef();
  int64_t expected = (degree + 1) * std::accumulate(numbers.begin(), numbers.end(), int64_t(0));
  if (static_cast<int64_t>(all.size()) != expected)
    return emitError() << "[polynomials C4] expected " << expected << " coefficients but got " << all.size();
  int64_t word = 0, sum = countBits(all, degree, degree);
  bool exact = true;
  for (int64_t power = degree; power >= 0; --power) {
    int64_t bits = countBits(all, degree, power);
    word += bits;
    if (power == degree)
      continue;
    exact &= sum + largest(lengthBits) <= maxExactBits;
    sum = std::max(sum, bits) + 1;
  }
  if (word > maxWordBits)
    return emitError() << "[polynomials C4] expected coefficients of " << maxWordBits << " bits together but got "
                       << word;
  if (!exact || sum > maxExactBits)
    return emitError() << "[polynomials C5] expected sums and products of at most " << maxExactBits << " bits";
  return success();
}

int64_t PolynomialsAttr::getNumSegments() const {
  ArrayRef<int64_t> numbers = getSegments().asArrayRef();
  return std::accumulate(numbers.begin(), numbers.end(), int64_t(0));
}

int64_t PolynomialsAttr::getOperandBits() const {
  int64_t numbers = 0;
  for (auto [number, bits] : llvm::zip_equal(getSegments().asArrayRef(), getLengthBits().asArrayRef()))
    numbers += number << bits;
  return llvm::Log2_64(numbers);
}

int64_t PolynomialsAttr::getLongestBits() const { return largest(getLengthBits()); }
int64_t PolynomialsAttr::getShortestBits() const { return *llvm::min_element(getLengthBits().asArrayRef()); }

int64_t PolynomialsAttr::getCoefficientBits(int64_t power) const {
  return power > getDegree() ? 0 : countBits(getCoefficients().asArrayRef(), getDegree(), power);
}

int64_t PolynomialsAttr::getPrefixBits() const {
  // A run of segments of one length begins at a multiple of the numbers that share a prefix.
  int64_t start = 0, common = 0;
  ArrayRef<int64_t> lengths = getLengthBits().asArrayRef();
  for (auto [index, number] : llvm::enumerate(getSegments().asArrayRef())) {
    if (index && lengths[index] != lengths[index - 1])
      common |= start;
    start += number << lengths[index];
  }
  return common ? getOperandBits() - llvm::countr_zero(static_cast<uint64_t>(common)) : 0;
}

SmallVector<int64_t> PolynomialsAttr::getRangeWords() const {
  SmallVector<int64_t> words;
  int64_t prefix = getPrefixBits(), longest = getLongestBits();
  if (!prefix)
    return words;
  int64_t cell = int64_t(1) << (getOperandBits() - prefix), index = 0, start = 0;
  int64_t indexBits = llvm::Log2_64_Ceil(getNumSegments());
  // What hardware shifts: all bits that may be below the length of a segment, or that a prefix does not have.
  int64_t shifted = (int64_t(1) << longest) > cell ? int64_t(1) << longest : cell;
  for (auto [number, bits] : llvm::zip_equal(getSegments().asArrayRef(), getLengthBits().asArrayRef())) {
    for (int64_t at = start, end = start + (number << bits); at < end; at += cell) {
      int64_t base = index + ((at - start) >> bits) - ((at % shifted) >> bits);
      base &= (int64_t(1) << indexBits) - 1;
      words.push_back((longest - bits) << indexBits | base);
    }
    start += number << bits;
    index += number;
  }
  return words;
}

SmallVector<int64_t> PolynomialsAttr::getCoefficientWords() const {
  SmallVector<int64_t> words;
  ArrayRef<int64_t> all = getCoefficients().asArrayRef();
  for (; !all.empty(); all = all.drop_front(getDegree() + 1)) {
    uint64_t word = 0;
    int64_t offset = 0;
    for (int64_t power = 0; power <= getDegree(); ++power) {
      int64_t bits = getCoefficientBits(power);
      word |= (static_cast<uint64_t>(all[power]) & llvm::maskTrailingOnes<uint64_t>(bits)) << offset;
      offset += bits;
    }
    words.push_back(static_cast<int64_t>(word));
  }
  return words;
}

PolynomialsAttr xplat::getPolynomials(Operation *node) {
  auto approximable = dyn_cast<ApproximableOpInterface>(node);
  return approximable ? approximable.getNodePolynomials() : PolynomialsAttr();
}

LogicalResult xplat::detail::verifyApproximable(Operation *op) {
  PolynomialsAttr polynomials = getPolynomials(op);
  if (!polynomials)
    return success();
  auto format = [](Type type) { return dyn_cast<NumberFormatTypeInterface>(getDataElement(type)); };
  NumberFormatTypeInterface result = format(op->getResult(0).getType());
  NumberFormatTypeInterface operand =
      op->getNumOperands() == 1 ? format(op->getOperand(0).getType()) : NumberFormatTypeInterface();
  if (operand && operand.isFixedPoint() && operand.getBitsPerElement() == polynomials.getOperandBits() && result &&
      result.isFixedPoint())
    return success();
  return op->emitOpError("[approximable A1] expected one operand of fixed point of ")
         << polynomials.getOperandBits() << " bits and a result of fixed point, as the node has polynomials, but got "
         << op->getOperandTypes() << " -> " << op->getResultTypes();
}

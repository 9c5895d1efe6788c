//===- RequestedFormats.cpp - Number formats by request and by range ------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which fixed point holds a magnitude, and which formats may be requested.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Software/RequestedFormats.h"

#include <cmath>

using namespace mlir;
using namespace xplat;

constexpr unsigned minWidth = 2, maxWidth = 16;
/// Keeps scales normal numbers of f32, whatever a degenerate model holds: those of products, and those that a bias
/// or a shift asks of a weight, are at most twice as far from one.
constexpr int64_t maxFractionalBits = 60;

double xplat::largestFixedPoint(FixedWidth width, int64_t fractionalBits) {
  return std::ldexp(std::ldexp(1.0, width.magnitude()) - 1, -fractionalBits);
}

int64_t xplat::fittingFractionalBits(double absmax, FixedWidth width) {
  if (absmax == 0)
    return width.magnitude();
  if (std::isinf(absmax))
    return -maxFractionalBits;
  double limit = largestFixedPoint(width, 0);
  int64_t bits = static_cast<int64_t>(std::floor(std::log2(limit / absmax)));
  while (std::ldexp(absmax, bits) > limit)
    --bits;
  while (std::ldexp(absmax, bits + 1) <= limit)
    ++bits;
  return std::clamp(bits, -maxFractionalBits, maxFractionalBits);
}

SmallVector<int64_t> xplat::weightFractionalBits(ArrayRef<double> absmax, unsigned width, const WeightLimits &limits) {
  SmallVector<int64_t> result;
  double whole = absmax.empty() ? 0 : *llvm::max_element(absmax);
  double wholeBias = limits.bias.empty() ? 0 : *llvm::max_element(limits.bias);
  int64_t operandBits = limits.operandBits.value_or(0);
  for (auto [index, slice] : llvm::enumerate(absmax)) {
    // A slice of zeros fits any format: it takes that of the whole.
    int64_t bits = fittingFractionalBits(slice == 0 ? whole : slice, width);
    double bias = limits.bias.size() == absmax.size() ? limits.bias[index] : wholeBias;
    if (limits.operandBits && bias != 0)
      bits = std::min(bits, fittingFractionalBits(bias, biasWidth) - operandBits);
    if (limits.operandBits && limits.resultBits) {
      int64_t shift = *limits.resultBits - operandBits;
      bits = std::clamp(bits, minShift + shift, maxShift + shift);
    }
    result.push_back(bits);
  }
  return result;
}

LogicalResult xplat::checkMagnitude(double absmax, FixedWidth width, StringRef what, EmitError emitError) {
  double limit = largestFixedPoint(width, -maxFractionalBits);
  if (std::isinf(absmax) || absmax <= limit)
    return success();
  return emitError() << "expected an 'absmax' of at most " << limit << " for " << what << ", as " << width.name()
                     << " has scales up to 2^" << maxFractionalBits << ", but got " << absmax
                     << "; scale the model's values down, or request a format such as f32";
}

Type xplat::makeFormat(MLIRContext *context, FixedWidth width, ArrayRef<int64_t> fractionalBits, bool perChannel) {
  Type storage = IntegerType::get(context, width.bits), expressed = Float32Type::get(context);
  bool hasSign = !width.isUnsigned;
  int64_t low = quant::QuantizedType::getDefaultMinimumForInteger(hasSign, width.bits);
  int64_t high = quant::QuantizedType::getDefaultMaximumForInteger(hasSign, width.bits);
  SmallVector<double> scales;
  for (int64_t bits : fractionalBits)
    scales.push_back(std::ldexp(1.0, -bits));
  if (!perChannel)
    return quant::UniformQuantizedType::get(hasSign ? quant::QuantizationFlags::Signed : 0, storage, expressed,
                                            scales[0], 0, low, high);
  assert(hasSign && "scales for each slice come with a sign");
  return quant::UniformQuantizedPerAxisType::get(quant::QuantizationFlags::Signed, storage, expressed, scales,
                                                 SmallVector<int64_t>(scales.size(), 0), 0, low, high);
}

NumberFormatTypeInterface xplat::asFixedPoint(Type type) {
  auto format = dyn_cast<NumberFormatTypeInterface>(type);
  return format && format.isFixedPoint() ? format : NumberFormatTypeInterface();
}

LogicalResult xplat::checkRequest(Type request, StringRef what, bool ofWeight, EmitError emitError) {
  auto fixed = asFixedPoint(request);
  if (ofWeight && (request.isUnsignedInteger() || (fixed && fixed.isUnsigned())))
    return emitError() << "expected " << what << " in a number format with a sign but got " << request;
  if (isWidth(request)) {
    unsigned bits = request.getIntOrFloatBitWidth();
    if (bits < minWidth || bits > maxWidth)
      return emitError() << "expected " << what << " between " << minWidth << " and " << maxWidth << " bits but got "
                         << bits;
    return success();
  }
  auto format = dyn_cast<NumberFormatTypeInterface>(request);
  if (format && format.holdsSigns()) {
    if (!ofWeight)
      return emitError() << "expected " << what << " in a number format of values but got " << request
                         << ", which is one of weights";
    return success();
  }
  if (!xplat::detail::isNumberFormat(request))
    return emitError() << "expected " << what << " in a number format, with full-range storage and "
                       << "power-of-two scales where it is quantized, but got " << request;
  for (int64_t index : llvm::seq(format.isFixedPoint() ? format.getNumScales() : 0))
    if (std::abs(format.getFractionalBits(index)) > maxFractionalBits)
      return emitError() << "expected " << what << " with scales from 2^-" << maxFractionalBits << " to 2^"
                         << maxFractionalBits << " but got " << request;
  return success();
}

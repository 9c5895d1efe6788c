//===- RequestedFormats.h - Number formats by request and range -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_SOFTWARE_REQUESTEDFORMATS_H
#define XPLAT_TRANSFORMS_SOFTWARE_REQUESTEDFORMATS_H

#include "xplat/IR/Xplat.h"

#include <optional>

namespace xplat {

using EmitError = llvm::function_ref<mlir::InFlightDiagnostic()>;

/// A width of fixed point, and whether one of its bits is a sign.
struct FixedWidth {
  unsigned bits;
  bool isUnsigned = false;

  FixedWidth(unsigned bits, bool isUnsigned = false) : bits(bits), isUnsigned(isUnsigned) {}
  /// Bits of a magnitude.
  unsigned magnitude() const { return bits - !isUnsigned; }
  std::string name() const { return (isUnsigned ? "u" : "i") + std::to_string(bits); }
};

/// The largest F at which `absmax` fits `width`; the bits of a magnitude for zero, the least for infinity and what is
/// beyond.
int64_t fittingFractionalBits(double absmax, FixedWidth width);

/// The largest value of a width of fixed point.
double largestFixedPoint(FixedWidth width, int64_t fractionalBits);

/// Bits of a bias, at the scale of the products that it is added to.
constexpr unsigned biasWidth = 32;

/// How far kernels shift a sum to the right to get a result, as a signed number of so many bits: fractional bits of the
/// products less those of the result.
constexpr unsigned shiftBits = 6;
constexpr int64_t minShift = llvm::minIntN(shiftBits), maxShift = llvm::maxIntN(shiftBits);

/// What bounds the scale of a weight beside its own range. Each bound is absent where a node has no such limit.
struct WeightLimits {
  llvm::ArrayRef<double> bias; // largest magnitude for each scale, or one for all; empty without a bias of fixed point
  std::optional<int64_t> operandBits, resultBits; // F of operand and result, where they are fixed point
};

/// F for each scale of a weight of `width` bits, whose slices have the magnitudes `absmax` (one for the whole weight
/// if it has one scale). It is the largest F that holds the weight, but no larger than leaves room for the bias in
/// `biasWidth` bits at the scale of the products, and within what the shift of the result allows.
llvm::SmallVector<int64_t> weightFractionalBits(llvm::ArrayRef<double> absmax, unsigned width,
                                                const WeightLimits &limits);

/// Whether a width of fixed point holds `absmax`, that of `what`.
mlir::LogicalResult checkMagnitude(double absmax, FixedWidth width, llvm::StringRef what, EmitError emitError);

/// Fixed point with one F, or, where it has a sign, one for each slice along dimension 0.
mlir::Type makeFormat(mlir::MLIRContext *context, FixedWidth width, llvm::ArrayRef<int64_t> fractionalBits,
                      bool perChannel);

/// Fixed point, whatever the scale: the format, or null.
NumberFormatTypeInterface asFixedPoint(mlir::Type type);

/// Whether a requested format leaves the scale to calibration: `iW`, which has a sign unless the values cannot be
/// negative, `siW` or `uiW`.
inline bool isWidth(mlir::Type request) { return llvm::isa<mlir::IntegerType>(request); }

/// Checks that `request` can be requested: a number of bits within limits, or a number format; one without a sign only
/// of values, one of signs only `ofWeight`.
mlir::LogicalResult checkRequest(mlir::Type request, llvm::StringRef what, bool ofWeight, EmitError emitError);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_SOFTWARE_REQUESTEDFORMATS_H

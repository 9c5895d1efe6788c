//===- CombDatapath.cpp - Exact arithmetic in comb ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/CombDatapath.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

FixedPoint CombDatapath::make(Value value, int64_t fractionalBits) {
  return {value.getAsOpaquePointer(), static_cast<int64_t>(value.getType().getIntOrFloatBitWidth()), fractionalBits};
}

FixedPoint CombDatapath::read(Value stored, int64_t fractionalBits, bool isUnsigned) {
  if (isUnsigned)
    stored = builder.concat(loc, {stored, builder.constant(loc, 1, 0)});
  return make(stored, fractionalBits);
}

FixedPoint CombDatapath::constant(int64_t value, int64_t fractionalBits) {
  int64_t width = APInt(64, value, /*isSigned=*/true).getSignificantBits();
  return make(builder.constant(loc, width, value), fractionalBits);
}

FixedPoint CombDatapath::multiply(FixedPoint a, FixedPoint b) {
  int64_t width = a.width + b.width;
  Value product = builder.op(loc, "comb.mul", {extended(a, width), extended(b, width)}, builder.integer(width));
  return make(product, a.fractionalBits + b.fractionalBits);
}

FixedPoint CombDatapath::chooseGreater(FixedPoint a, FixedPoint b, FixedPoint then, FixedPoint other) {
  // By the sign of a difference: a carry out of a chain takes longer to reach logic than a sum.
  FixedPoint difference = subtract(b, a);
  Value isGreater = builder.extract(loc, valueOf(difference), difference.width - 1, 1);
  int64_t width = align(then, other);
  return make(builder.mux(loc, isGreater, extended(then, width), extended(other, width)), then.fractionalBits);
}

std::pair<FixedPoint, FixedPoint> CombDatapath::split(FixedPoint a, int64_t low) {
  Value lower = builder.extract(loc, valueOf(a), 0, low);
  return {make(builder.extract(loc, valueOf(a), low, a.width - low), a.fractionalBits - low),
          read(lower, a.fractionalBits, /*isUnsigned=*/true)};
}

FixedPoint CombDatapath::round(FixedPoint a, int64_t fractionalBits) {
  int64_t by = a.fractionalBits - fractionalBits;
  if (by == 0)
    return a;
  if (by < 0)
    return make(shiftLeft(valueOf(a), -by), fractionalBits);
  // The guard bit and one bit of the quotient must exist. The result is one bit wider than the quotient.
  Value value = extended(a, std::max(a.width, by + 1));
  int64_t left = value.getType().getIntOrFloatBitWidth() - by;
  Value floor = builder.extract(loc, value, by, left);
  Value tie = builder.extract(loc, floor, 0, 1); // odd quotients go up on a tie
  if (by > 1) {
    Value sticky = isNot(builder.extract(loc, value, 0, by - 1), 0);
    tie = builder.orOp(loc, tie, sticky);
  }
  Value up = builder.andOp(loc, {builder.extract(loc, value, by - 1, 1), tie});
  Value wideUp = builder.concat(loc, {up, builder.constant(loc, APInt::getZero(left))});
  Value rounded =
      builder.op(loc, "comb.add", {builder.signExtend(loc, floor, left + 1), wideUp}, builder.integer(left + 1));
  return make(rounded, fractionalBits);
}

FixedPoint CombDatapath::saturate(FixedPoint a, int64_t width, bool isUnsigned) {
  if (a.width <= width && !isUnsigned)
    return make(extended(a, width), a.fractionalBits);
  // No comparison, which would be a carry chain: the upper bits tell whether the number fits.
  int64_t from = std::max(a.width, width + isUnsigned);
  Value value = extended(a, from), sign = builder.extract(loc, value, from - 1, 1);
  Value low = builder.extract(loc, value, 0, width);
  if (isUnsigned) {
    Value largest = builder.constant(loc, APInt::getAllOnes(width)),
          zero = builder.constant(loc, APInt::getZero(width));
    if (from > width + 1)
      low = builder.mux(loc, isNot(builder.extract(loc, value, width, from - width - 1), 0), largest, low);
    return make(builder.mux(loc, sign, zero, low), a.fractionalBits);
  }
  // Bits that all have to be the sign.
  Value upper = builder.extract(loc, value, width - 1, from - width + 1);
  Value fits = builder.orOp(loc, builder.notOp(loc, isNot(upper, 0)), builder.notOp(loc, isNot(upper, -1)));
  Value largest = builder.op(loc, "comb.replicate", {builder.notOp(loc, sign)}, builder.integer(width - 1));
  return make(builder.mux(loc, fits, low, builder.concat(loc, {largest, sign})), a.fractionalBits);
}

FixedPoint CombDatapath::hold(FixedPoint a) {
  return make(builder.makeRegister(loc, "stage_q", valueOf(a), clock), a.fractionalBits);
}

Value CombDatapath::isNot(Value value, int64_t constant) {
  int64_t width = value.getType().getIntOrFloatBitWidth();
  return builder.op(loc, "comb.icmp", {value, builder.constant(loc, width, constant)}, builder.bit(),
                    {builder.builder.getNamedAttr("predicate", builder.builder.getI64IntegerAttr(/*ne=*/1))});
}

Value CombDatapath::shiftLeft(Value value, int64_t by) {
  return builder.concat(loc, {builder.constant(loc, APInt::getZero(by)), value});
}

FixedPoint CombDatapath::combine(StringRef op, FixedPoint a, FixedPoint b) {
  int64_t width = align(a, b) + 1;
  Value value = builder.op(loc, op, {extended(a, width), extended(b, width)}, builder.integer(width));
  return make(value, a.fractionalBits);
}

int64_t CombDatapath::align(FixedPoint &a, FixedPoint &b) {
  int64_t fraction = std::max(a.fractionalBits, b.fractionalBits);
  for (FixedPoint *x : {&a, &b})
    if (x->fractionalBits < fraction)
      *x = make(shiftLeft(valueOf(*x), fraction - x->fractionalBits), fraction);
  return std::max(a.width, b.width);
}

//===- PipelinedDatapath.cpp - A datapath in pipeline stages --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "xplat/IR/PipelinedDatapath.h"

#include "llvm/Support/MathExtras.h"

using namespace xplat;

//===----------------------------------------------------------------------===//
// Estimated delays, in picoseconds: an ECP5 of speed grade 6, each cell with a wire
// (docs/Rationale/0036-stages-by-estimated-delay.md says how far off they are).
//===----------------------------------------------------------------------===//

/// What a stage has between its registers.
static constexpr int64_t stageTime = 5000;
static constexpr int64_t lutDelay = 900;
static constexpr int64_t lutInputs = 4;
/// The widest factor of one multiplier, with its sign.
static constexpr int64_t multiplierWidth = 18;

/// A function of `bits` bits.
static int64_t getLogicDelay(int64_t bits) {
  int64_t levels = 0;
  for (int64_t left = bits; left > 1; left = llvm::divideCeil(left, lutInputs))
    ++levels;
  return levels * lutDelay;
}

/// A sum, a difference or a comparison: a carry chain.
static int64_t getCarryDelay(int64_t width) { return 1700 + 40 * width; }

/// The width of two numbers at the finer binary point.
static int64_t getCommonWidth(FixedPoint a, FixedPoint b) {
  return std::max(a.width - a.fractionalBits, b.width - b.fractionalBits) +
         std::max(a.fractionalBits, b.fractionalBits);
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

FixedPoint PipelinedDatapath::note(FixedPoint number, int64_t stage, int64_t arrival, std::optional<int64_t> constant) {
  numbers.push_back({{number}, stage, arrival, constant, {}});
  return {&numbers.back(), number.width, number.fractionalBits};
}

FixedPoint PipelinedDatapath::at(FixedPoint x, int64_t stage) {
  Number &number = get(x);
  if (number.constant)
    return number.inner.front();
  while (number.stage + static_cast<int64_t>(number.inner.size()) <= stage)
    number.inner.push_back(inner.hold(number.inner.back()));
  return number.inner[stage - number.stage];
}

FixedPoint PipelinedDatapath::apply(Numbers operands, int64_t delay, llvm::function_ref<FixedPoint(Numbers)> build) {
  int64_t stage = 0, arrival = 0;
  for (FixedPoint x : operands) {
    const Number &number = get(x);
    if (number.constant || number.stage < stage)
      continue;
    arrival = number.stage > stage ? number.arrival : std::max(arrival, number.arrival);
    stage = number.stage;
  }
  if (arrival > 0 && arrival + delay > stageTime) {
    ++stage;
    arrival = 0;
  }
  llvm::SmallVector<FixedPoint> there;
  for (FixedPoint x : operands)
    there.push_back(at(x, stage));
  return note(build(there), stage, arrival + delay);
}

// Streams come out of a multiplexer: of a FIFO, or of the places for results of a kernel.
FixedPoint PipelinedDatapath::operand(FixedPoint number) { return note(number, /*stage=*/0, /*arrival=*/lutDelay); }

FixedPoint PipelinedDatapath::finish(FixedPoint result) {
  const Number &number = get(result);
  numStages = number.stage + 1;
  for (const Number &each : numbers)
    for (int64_t stage : each.besideMultiplier)
      if (!each.constant && stage > each.stage && stage < each.stage + static_cast<int64_t>(each.inner.size()))
        multiplierBits += each.inner.front().width;
  return number.inner.front();
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

FixedPoint PipelinedDatapath::constant(int64_t value, int64_t fractionalBits) {
  return note(inner.constant(value, fractionalBits), /*stage=*/0, /*arrival=*/0, value);
}

FixedPoint PipelinedDatapath::applyCarry(FixedPoint a, FixedPoint b, llvm::function_ref<FixedPoint(Numbers)> build) {
  int64_t width = getCommonWidth(a, b) + 1;
  adderBits += width;
  return apply({a, b}, getCarryDelay(width), build);
}

FixedPoint PipelinedDatapath::add(FixedPoint a, FixedPoint b) {
  return applyCarry(a, b, [&](Numbers x) { return inner.add(x[0], x[1]); });
}

FixedPoint PipelinedDatapath::subtract(FixedPoint a, FixedPoint b) {
  return applyCarry(a, b, [&](Numbers x) { return inner.subtract(x[0], x[1]); });
}

FixedPoint PipelinedDatapath::multiply(FixedPoint a, FixedPoint b) {
  if (a.width < b.width)
    std::swap(a, b);
  auto build = [&](Numbers x) { return inner.multiply(x[0], x[1]); };
  // By a power of two it is a shift, by its negative a difference.
  for (FixedPoint factor : {a, b})
    if (std::optional<int64_t> value = get(factor).constant; value && llvm::isPowerOf2_64(std::abs(*value)))
      return *value > 0 ? apply({a, b}, 0, build) : applyCarry(a, b, build);
  if (a.width > multiplierWidth) {
    auto [high, low] = split(a, multiplierWidth - 1);
    return add(multiply(high, b), multiply(low, b));
  }
  // Registers stand on both sides of a multiplier, where tools move them into it.
  ++numProducts;
  FixedPoint product = apply({a, b}, stageTime, build);
  get(product).besideMultiplier.insert(get(product).stage + 1);
  for (FixedPoint factor : {a, b})
    get(factor).besideMultiplier.insert(get(product).stage);
  return product;
}

FixedPoint PipelinedDatapath::chooseGreater(FixedPoint a, FixedPoint b, FixedPoint then, FixedPoint other) {
  // Zero is greater than what has a sign. Else the sign of the difference tells.
  int64_t compared = getCommonWidth(a, b) + 1, delay = lutDelay;
  if (!isZero(a)) {
    adderBits += compared;
    delay += getCarryDelay(compared);
  }
  // To choose zero is a mask.
  logicBits += (isZero(then) || isZero(other) ? 1 : 3) * getCommonWidth(then, other);
  return apply({a, b, then, other}, delay, [&](Numbers x) { return inner.chooseGreater(x[0], x[1], x[2], x[3]); });
}

std::pair<FixedPoint, FixedPoint> PipelinedDatapath::split(FixedPoint a, int64_t low) {
  const Number &number = get(a);
  if (number.constant)
    return {constant(*number.constant >> low, a.fractionalBits - low),
            constant(*number.constant & llvm::maskTrailingOnes<uint64_t>(low), a.fractionalBits)};
  auto [upper, lower] = inner.split(number.inner.front(), low);
  return {note(upper, number.stage, number.arrival), note(lower, number.stage, number.arrival)};
}

FixedPoint PipelinedDatapath::round(FixedPoint a, int64_t fractionalBits) {
  int64_t dropped = a.fractionalBits - fractionalBits;
  // Whether to add one, from the bits that are dropped and the lowest of the others; then the sum.
  int64_t left = std::max<int64_t>(a.width - dropped, 1), delay = 0;
  if (dropped > 0) {
    // On most families an increment takes no look-up table of its own.
    logicBits += left + dropped + 1;
    delay = getLogicDelay(dropped + 1) + getCarryDelay(left);
  }
  return apply({a}, delay, [&](Numbers x) { return inner.round(x[0], fractionalBits); });
}

FixedPoint PipelinedDatapath::saturate(FixedPoint a, int64_t width, bool isUnsigned) {
  // Whether the upper bits are all the same; then a multiplexer.
  int64_t upper = std::max<int64_t>(a.width - width + 1, 1 + isUnsigned), delay = 0;
  if (upper > 1) {
    logicBits += upper + 3 * width;
    delay = getLogicDelay(upper) + lutDelay;
  }
  return apply({a}, delay, [&](Numbers x) { return inner.saturate(x[0], width, isUnsigned); });
}

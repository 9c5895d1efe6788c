//===- Sign.cpp - Which results have no negative elements -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What follows from a node alone: of an element-wise node from interval arithmetic
// on its scalars, of others from what they say (SignOpInterface) or from their
// being copies. Numbers are exact, so there is no negative zero. Where a function
// has no value (NaN) a result in fixed point is zero, which has no sign either.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Nodes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace xplat;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Numbers between two, both included; by default all.
struct Interval {
  double low = -infinity, high = infinity;
};
} // namespace

/// Zero times infinity is no number here, but the product of an end that is never reached.
static double multiply(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }

static Interval multiply(Interval a, Interval b) {
  double ends[] = {multiply(a.low, b.low), multiply(a.low, b.high), multiply(a.high, b.low), multiply(a.high, b.high)};
  return {*llvm::min_element(ends), *llvm::max_element(ends)};
}

/// Anything where the divisor may be zero and negative; signs alone are kept where it reaches down to zero.
static Interval divide(Interval a, Interval b) {
  if (b.low < 0)
    return {};
  double largest = b.low == 0 ? infinity : 1 / b.low;
  return multiply(a, {1 / b.high, largest});
}

/// `function` rises everywhere where it has a value.
static Interval rise(Interval x, double (*function)(double)) {
  double low = function(x.low), high = function(x.high);
  return {std::isnan(low) ? -infinity : low, std::isnan(high) ? infinity : high};
}

static Interval power(Interval base, Value exponent) {
  APFloat value(0.0f);
  bool isEven = matchPattern(exponent, m_ConstantFloat(&value)) && value.isInteger() &&
                std::fmod(value.convertToDouble(), 2) == 0;
  return isEven || base.low >= 0 ? Interval{0, infinity} : Interval{};
}

/// The numbers that the result of a scalar operation can be; all where it is not known to this function.
static Interval evaluate(Operation *op, ArrayRef<Interval> operands) {
  auto x = [&](unsigned index) { return operands[index]; };
  return llvm::TypeSwitch<Operation *, Interval>(op)
      .Case([&](arith::ConstantOp constant) -> Interval {
        auto number = dyn_cast<FloatAttr>(constant.getValue());
        double value = number ? number.getValueAsDouble() : std::nan("");
        return std::isnan(value) ? Interval{} : Interval{value, value};
      })
      .Case([&](arith::AddFOp) { return Interval{x(0).low + x(1).low, x(0).high + x(1).high}; })
      .Case([&](arith::SubFOp) { return Interval{x(0).low - x(1).high, x(0).high - x(1).low}; })
      .Case([&](arith::MulFOp product) {
        Interval both = multiply(x(0), x(1));
        return product.getLhs() == product.getRhs() ? Interval{std::max(both.low, 0.0), both.high} : both;
      })
      .Case([&](arith::DivFOp) { return divide(x(0), x(1)); })
      .Case([&](arith::NegFOp) { return Interval{-x(0).high, -x(0).low}; })
      .Case<arith::MaximumFOp, arith::MaxNumFOp>(
          [&](auto) { return Interval{std::max(x(0).low, x(1).low), std::max(x(0).high, x(1).high)}; })
      .Case<arith::MinimumFOp, arith::MinNumFOp>(
          [&](auto) { return Interval{std::min(x(0).low, x(1).low), std::min(x(0).high, x(1).high)}; })
      .Case([&](arith::SelectOp) { return Interval{std::min(x(1).low, x(2).low), std::max(x(1).high, x(2).high)}; })
      .Case([&](math::AbsFOp) { return Interval{std::max({x(0).low, -x(0).high, 0.0}), infinity}; })
      .Case([&](math::PowFOp op) { return power(x(0), op.getRhs()); })
      .Case<math::SqrtOp, math::RsqrtOp, math::CoshOp, math::ErfcOp, math::AcosOp, math::AcoshOp>(
          [](auto) { return Interval{0, infinity}; })
      .Case([&](math::ExpOp) { return rise(x(0), std::exp); })
      .Case([&](math::Exp2Op) { return rise(x(0), std::exp2); })
      .Case([&](math::ExpM1Op) { return rise(x(0), std::expm1); })
      .Case([&](math::TanhOp) { return rise(x(0), std::tanh); })
      .Case([&](math::ErfOp) { return rise(x(0), std::erf); })
      .Case([&](math::AtanOp) { return rise(x(0), std::atan); })
      .Case([&](math::CeilOp) { return rise(x(0), std::ceil); })
      .Case([&](math::FloorOp) { return rise(x(0), std::floor); })
      .Case([&](math::TruncOp) { return rise(x(0), std::trunc); })
      .Case([&](math::RoundEvenOp) { return rise(x(0), std::nearbyint); })
      .Case<math::SinOp, math::CosOp>([](auto) { return Interval{-1, 1}; })
      .Default([](Operation *) { return Interval{}; });
}

static bool isNeverNegative(ElementwiseOpInterface node, ArrayRef<bool> operands) {
  Block block;
  OpBuilder scalars(node.getContext());
  scalars.setInsertionPointToStart(&block);
  llvm::DenseMap<Value, Interval> numbers;
  for (bool known : operands)
    numbers[block.addArgument(scalars.getF32Type(), node.getLoc())] = known ? Interval{0, infinity} : Interval{};
  // A value that is two operands is one number.
  SmallVector<Value> arguments;
  for (Value operand : node->getOperands())
    arguments.push_back(block.getArgument(llvm::find(node->getOperands(), operand) - node->getOperands().begin()));
  Value result = node.buildScalar(scalars, node.getLoc(), arguments);
  for (Operation &op : block) {
    SmallVector<Interval> own;
    for (Value operand : op.getOperands())
      own.push_back(numbers.lookup(operand));
    Interval value = evaluate(&op, own);
    numbers[op.getResult(0)] = {std::isnan(value.low) ? -infinity : value.low,
                                std::isnan(value.high) ? infinity : value.high};
  }
  return numbers.lookup(result).low >= 0;
}

bool xplat::isNeverNegative(Operation *node, ArrayRef<bool> operands) {
  if (auto signs = dyn_cast<SignOpInterface>(node))
    return signs.isNeverNegative(operands);
  if (auto elementwise = dyn_cast<ElementwiseOpInterface>(node))
    return ::isNeverNegative(elementwise, operands);
  if (auto constant = dyn_cast<ConstantOpInterface>(node)) {
    std::optional<double> value = constant.getUniformValue();
    return value && *value >= 0;
  }
  auto calibrated = dyn_cast<CalibratedOpInterface>(node);
  return calibrated && calibrated.keepsFormat() && llvm::all_of(operands, [](bool known) { return known; });
}

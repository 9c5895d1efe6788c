//===- Datapath.cpp - An element-wise node as a datapath ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the node's scalar arithmetic into a block of its own and reads it as
// operations on exact fixed-point numbers.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Datapath.h"

#include "xplat/IR/PipelinedDatapath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace xplat;

/// The constant as integer · 2^-F with the smallest F; nothing when it does not fit 64 bits.
static std::optional<FixedPoint> buildConstant(const APFloat &value, DatapathBuilder &builder) {
  if (!value.isFinite())
    return std::nullopt;
  if (value.isZero())
    return builder.constant(0, 0);
  APFloat scaled = value;
  int64_t fraction = 0;
  while (!scaled.isInteger()) {
    scaled = scalbn(scaled, 1, APFloat::rmNearestTiesToEven);
    ++fraction;
  }
  APSInt integer(64, /*isUnsigned=*/false);
  bool exact;
  scaled.convertToInteger(integer, APFloat::rmTowardZero, &exact);
  return exact ? std::optional(builder.constant(integer.getExtValue(), fraction)) : std::nullopt;
}

/// A division by a power of two, as the product that it is.
static std::optional<FixedPoint> divide(FixedPoint dividend, Value divisor, DatapathBuilder &builder) {
  APFloat value(0.0f), inverse(0.0f);
  if (!matchPattern(divisor, m_ConstantFloat(&value)) || !value.getExactInverse(&inverse))
    return std::nullopt;
  std::optional<FixedPoint> factor = buildConstant(inverse, builder);
  return factor ? std::optional(builder.multiply(dividend, *factor)) : std::nullopt;
}

/// `then` where `a` and `b` are in the relation, else `other`. No number is NaN, so every relation is ordered.
static std::optional<FixedPoint> choose(arith::CmpFPredicate relation, FixedPoint a, FixedPoint b, FixedPoint then,
                                        FixedPoint other, DatapathBuilder &builder) {
  using Relation = arith::CmpFPredicate;
  switch (relation) {
  case Relation::OGT:
  case Relation::UGT:
    return builder.chooseGreater(a, b, then, other);
  case Relation::OLT:
  case Relation::ULT:
    return builder.chooseGreater(b, a, then, other);
  case Relation::OLE:
  case Relation::ULE:
    return builder.chooseGreater(a, b, other, then);
  case Relation::OGE:
  case Relation::UGE:
    return builder.chooseGreater(b, a, other, then);
  case Relation::OEQ:
  case Relation::UEQ:
    return builder.chooseGreater(a, b, other, builder.chooseGreater(b, a, other, then));
  case Relation::ONE:
  case Relation::UNE:
    return builder.chooseGreater(a, b, then, builder.chooseGreater(b, a, then, other));
  default:
    return std::nullopt;
  }
}

/// The scalars of `block` on exact numbers, from those of its arguments to that of `result`.
static std::optional<FixedPoint> evaluate(Block &block, Value result, DatapathBuilder &builder,
                                          llvm::DenseMap<Value, FixedPoint> numbers, std::string *reason) {
  for (Operation &op : block) {
    if (isa<arith::CmpFOp>(op)) // its reader compares
      continue;
    auto number = [&](unsigned index) { return numbers.lookup(op.getOperand(index)); };
    std::optional<FixedPoint> value =
        llvm::TypeSwitch<Operation *, std::optional<FixedPoint>>(&op)
            .Case([&](arith::ConstantOp constant) -> std::optional<FixedPoint> {
              auto number = dyn_cast<FloatAttr>(constant.getValue());
              return number ? buildConstant(number.getValue(), builder) : std::nullopt;
            })
            .Case([&](arith::AddFOp) { return builder.add(number(0), number(1)); })
            .Case([&](arith::SubFOp) { return builder.subtract(number(0), number(1)); })
            .Case([&](arith::MulFOp) { return builder.multiply(number(0), number(1)); })
            .Case([&](arith::MaximumFOp) { return builder.chooseGreater(number(1), number(0), number(1), number(0)); })
            .Case([&](arith::MinimumFOp) { return builder.chooseGreater(number(1), number(0), number(0), number(1)); })
            .Case([&](arith::SelectOp select) -> std::optional<FixedPoint> {
              auto compared = select.getCondition().getDefiningOp<arith::CmpFOp>();
              if (!compared)
                return std::nullopt;
              return choose(compared.getPredicate(), numbers.lookup(compared.getLhs()),
                            numbers.lookup(compared.getRhs()), number(1), number(2), builder);
            })
            .Case([&](arith::NegFOp) { return builder.subtract(builder.constant(0, 0), number(0)); })
            .Case([&](math::AbsFOp) {
              FixedPoint zero = builder.constant(0, 0);
              return builder.chooseGreater(zero, number(0), builder.subtract(zero, number(0)), number(0));
            })
            .Case([&](arith::DivFOp) { return divide(number(0), op.getOperand(1), builder); })
            .Default([](Operation *) { return std::nullopt; });
    if (!value) {
      if (reason)
        *reason = op.getName().getStringRef().str();
      return std::nullopt;
    }
    numbers[op.getResult(0)] = *value;
  }
  return numbers.lookup(result);
}

std::optional<FixedPoint> xplat::buildDatapath(ElementwiseOpInterface node, DatapathBuilder &builder,
                                               ArrayRef<FixedPoint> operands, std::string *reason) {
  Block block;
  OpBuilder scalars(node.getContext());
  scalars.setInsertionPointToStart(&block);
  llvm::DenseMap<Value, FixedPoint> numbers;
  for (FixedPoint operand : operands)
    numbers[block.addArgument(scalars.getF32Type(), node.getLoc())] = operand;
  Value result = node.buildScalar(scalars, node.getLoc(), block.getArguments());
  return evaluate(block, result, builder, std::move(numbers), reason);
}

namespace {
/// Counts the bits of a datapath, and builds none of it.
class WidthCounter : public StageBuilder {
public:
  int64_t widest = 0;
  /// Bits of all registers.
  int64_t held = 0;

  FixedPoint make(int64_t width, int64_t fractionalBits) {
    widest = std::max(widest, width);
    return {this, width, fractionalBits};
  }
  FixedPoint constant(int64_t value, int64_t fractionalBits) override {
    return make(APInt(64, value, /*isSigned=*/true).getSignificantBits(), fractionalBits);
  }
  FixedPoint add(FixedPoint a, FixedPoint b) override { return join(a, b, 1); }
  FixedPoint subtract(FixedPoint a, FixedPoint b) override { return join(a, b, 1); }
  FixedPoint multiply(FixedPoint a, FixedPoint b) override {
    return make(a.width + b.width, a.fractionalBits + b.fractionalBits);
  }
  FixedPoint chooseGreater(FixedPoint a, FixedPoint b, FixedPoint then, FixedPoint other) override {
    join(a, b, 0);
    return join(then, other, 0);
  }
  std::pair<FixedPoint, FixedPoint> split(FixedPoint a, int64_t low) override {
    return {make(a.width - low, a.fractionalBits - low), make(low + 1, a.fractionalBits)};
  }
  FixedPoint round(FixedPoint a, int64_t fractionalBits) override {
    int64_t dropped = a.fractionalBits - fractionalBits;
    return make(dropped > 0 ? std::max(a.width - dropped, int64_t(1)) + 1 : a.width - dropped, fractionalBits);
  }
  FixedPoint saturate(FixedPoint a, int64_t width, bool isUnsigned) override { return make(width, a.fractionalBits); }
  FixedPoint hold(FixedPoint a) override {
    held += a.width;
    return a;
  }

private:
  /// Both numbers at the finer binary point, and `grown` bits more.
  FixedPoint join(FixedPoint a, FixedPoint b, int64_t grown) {
    int64_t fraction = std::max(a.fractionalBits, b.fractionalBits);
    return make(std::max(a.width - a.fractionalBits, b.width - b.fractionalBits) + fraction + grown, fraction);
  }
};
} // namespace

bool xplat::hasExactArithmetic(ElementwiseOpInterface node, ArrayRef<std::optional<double>> constants) {
  WidthCounter counter;
  Block block;
  OpBuilder scalars(node.getContext());
  scalars.setInsertionPointToStart(&block);
  llvm::DenseMap<Value, FixedPoint> numbers;
  SmallVector<Value> operands;
  for (std::optional<double> constant : constants) {
    if (constant) {
      FloatAttr number = scalars.getF32FloatAttr(static_cast<float>(*constant));
      operands.push_back(arith::ConstantOp::create(scalars, node.getLoc(), number));
      continue;
    }
    operands.push_back(block.addArgument(scalars.getF32Type(), node.getLoc()));
    numbers[operands.back()] = counter.make(/*width=*/2, /*fractionalBits=*/0);
  }
  Value result = node.buildScalar(scalars, node.getLoc(), operands);
  return evaluate(block, result, counter, std::move(numbers), /*reason=*/nullptr).has_value();
}

/// The formats of the operands and of the result; none when one is not fixed point, which `other` then is.
static std::optional<SmallVector<NumberFormatTypeInterface>> getFormats(ElementwiseOpInterface node, Type *other) {
  SmallVector<NumberFormatTypeInterface> formats;
  Type result = node->getResult(0).getType();
  for (Type type : llvm::concat<const Type>(llvm::to_vector(node->getOperandTypes()), ArrayRef<Type>(result))) {
    Type element = getDataElement(type);
    auto format = dyn_cast<NumberFormatTypeInterface>(element);
    if (!format || !format.isFixedPoint()) {
      *other = element;
      return std::nullopt;
    }
    formats.push_back(format);
  }
  return formats;
}

/// A number of a format; one without a sign gets a zero before it.
static FixedPoint makeOperand(NumberFormatTypeInterface format, WidthCounter &counter) {
  return counter.make(format.getBitsPerElement() + format.isUnsigned(), format.getFractionalBits(0));
}

std::optional<std::string> xplat::explainNoDatapath(ElementwiseOpInterface node) {
  constexpr int64_t maxWidth = 256;
  Type other;
  std::optional<SmallVector<NumberFormatTypeInterface>> formats = getFormats(node, &other);
  if (!formats)
    return "expected fixed-point streams but got one of " + cast<NumberFormatTypeInterface>(other).getFormatName();
  WidthCounter counter;
  SmallVector<FixedPoint> operands;
  for (NumberFormatTypeInterface format : ArrayRef(*formats).drop_back())
    operands.push_back(makeOperand(format, counter));
  std::string reason;
  std::optional<FixedPoint> exact = buildDatapath(node, counter, operands, &reason);
  if (!exact)
    return "expected arithmetic that is exact on fixed point but got '" + reason + "'";
  // The result is shifted to the binary point of its format, too.
  counter.round(*exact, formats->back().getFractionalBits(0));
  if (counter.widest > maxWidth)
    return "its exact datapath would need " + std::to_string(counter.widest) + " bits, more than " +
           std::to_string(maxWidth);
  return std::nullopt;
}

FixedPoint xplat::quantize(FixedPoint x, NumberFormatTypeInterface format, DatapathBuilder &builder) {
  FixedPoint rounded = builder.round(x, format.getFractionalBits(0));
  return builder.saturate(rounded, format.getBitsPerElement(), format.isUnsigned());
}

DatapathCost xplat::getDatapathCost(ElementwiseOpInterface node) {
  Type other;
  std::optional<SmallVector<NumberFormatTypeInterface>> formats = getFormats(node, &other);
  if (!formats)
    return {};
  WidthCounter counter;
  PipelinedDatapath pipeline(counter);
  SmallVector<FixedPoint> operands;
  for (NumberFormatTypeInterface format : ArrayRef(*formats).drop_back())
    operands.push_back(pipeline.operand(makeOperand(format, counter)));
  std::optional<FixedPoint> exact = buildDatapath(node, pipeline, operands);
  if (!exact)
    return {};
  pipeline.finish(quantize(*exact, formats->back(), pipeline));
  int64_t multiplierBits = pipeline.getMultiplierBits();
  return {pipeline.getNumStages(), multiplierBits,          counter.held - multiplierBits,
          pipeline.getAdderBits(), pipeline.getLogicBits(), pipeline.getNumProducts()};
}

//===- Datapath.cpp - An element-wise node as a datapath ------------------===//
//
// Writes the node's scalar arithmetic into a block of its own and reads it as
// operations on exact fixed-point numbers.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Datapath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
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

std::optional<FixedPoint> xplat::buildDatapath(ElementwiseOpInterface node, DatapathBuilder &builder,
                                               ArrayRef<FixedPoint> operands, std::string *reason) {
  Block block;
  OpBuilder scalars(node.getContext());
  for (size_t i = 0; i < operands.size(); ++i)
    block.addArgument(scalars.getF32Type(), node.getLoc());
  scalars.setInsertionPointToStart(&block);
  Value result = node.buildScalar(scalars, node.getLoc(), block.getArguments());

  llvm::DenseMap<Value, FixedPoint> numbers;
  for (auto [argument, operand] : llvm::zip_equal(block.getArguments(), operands))
    numbers[argument] = operand;
  for (Operation &op : block) {
    auto number = [&](unsigned index) { return numbers.lookup(op.getOperand(index)); };
    std::optional<FixedPoint> value =
        llvm::TypeSwitch<Operation *, std::optional<FixedPoint>>(&op)
            .Case([&](arith::ConstantOp constant) {
              return buildConstant(cast<FloatAttr>(constant.getValue()).getValue(), builder);
            })
            .Case([&](arith::AddFOp) { return builder.add(number(0), number(1)); })
            .Case([&](arith::SubFOp) { return builder.subtract(number(0), number(1)); })
            .Case([&](arith::MulFOp) { return builder.multiply(number(0), number(1)); })
            .Case([&](arith::MaximumFOp) { return builder.max(number(0), number(1)); })
            .Case([&](arith::MinimumFOp) { return builder.min(number(0), number(1)); })
            .Case([&](arith::NegFOp) { return builder.subtract(builder.constant(0, 0), number(0)); })
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

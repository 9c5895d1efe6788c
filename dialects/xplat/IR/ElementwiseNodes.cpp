//===- ElementwiseNodes.cpp - Arithmetic of element-wise nodes ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one description of what each node computes, as scalars of `arith` and
// `math`. `maximumf` and `minimumf` hand NaN on, as PyTorch does.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Datapath.h"
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"
#include "xplat/IR/ScalarFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace xplat;
using xplat::detail::hasOwnFormat;

static bool isF32(Type type) { return getDataElement(type).isF32(); }

namespace {
/// Writes scalar arithmetic of f32.
struct Scalar {
  OpBuilder &builder;
  Location loc;

  template <typename OpT> Value op(ValueRange operands) const {
    return OpT::create(builder, loc, operands).getResult();
  }
  Value constant(const APFloat &value) const {
    APFloat single = value;
    bool inexact;
    single.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &inexact);
    return arith::ConstantOp::create(builder, loc, FloatAttr::get(builder.getF32Type(), single));
  }
  Value constant(double value) const { return constant(APFloat(value)); }
  Value add(Value a, Value b) const { return op<arith::AddFOp>({a, b}); }
  Value subtract(Value a, Value b) const { return op<arith::SubFOp>({a, b}); }
  Value multiply(Value a, Value b) const { return op<arith::MulFOp>({a, b}); }
  Value divide(Value a, Value b) const { return op<arith::DivFOp>({a, b}); }
  Value clamp(Value x, Value low, Value high) const {
    return op<arith::MinimumFOp>({op<arith::MaximumFOp>({x, low}), high});
  }
  Value sigmoid(Value x) const {
    Value one = constant(1.0);
    return divide(one, add(one, op<math::ExpOp>({op<arith::NegFOp>({x})})));
  }
  /// clamp(x / 6 + 1/2, 0, 1), written with one rounding of a constant: clamp(x + 3, 0, 6) / 6.
  Value hardSigmoid(Value x) const {
    Value six = constant(6.0);
    return divide(clamp(add(x, constant(3.0)), constant(0.0), six), six);
  }
};
} // namespace

/// Further constants of a node, after its `own`: what its datapath becomes.
static SmallVector<StringRef> getDatapathNames(ArrayRef<StringRef> own = {}) {
  SmallVector<StringRef> names(own);
  names.append({"stages", "multiplier_bits", "stage_bits", "adder_bits", "logic_bits", "products"});
  return names;
}
static SmallVector<int64_t> getDatapathConstants(ElementwiseOpInterface node, ArrayRef<int64_t> own = {}) {
  DatapathCost cost = getDatapathCost(node);
  SmallVector<int64_t> values(own);
  values.append({cost.stages, cost.multiplierBits, cost.registerBits, cost.adderBits, cost.logicBits, cost.products});
  return values;
}

/// A node that has no constants of its own.
#define ELEMENTWISE(OpT)                                                                                               \
  XPLAT_NO_SYMBOLS(OpT)                                                                                                \
  SmallVector<StringRef> OpT::getConstantNames() { return getDatapathNames(); }                                        \
  SmallVector<int64_t> OpT::getConstants() { return getDatapathConstants(*this); }

/// A node of one operand: what follows is the body of `buildScalar`, with `s` the writer and `x` the element.
#define UNARY(OpT)                                                                                                     \
  ELEMENTWISE(OpT)                                                                                                     \
  static Value build##OpT(OpT op, const Scalar &s, Value x);                                                           \
  Value OpT::buildScalar(OpBuilder &builder, Location loc, ValueRange operands) {                                      \
    return build##OpT(*this, Scalar{builder, loc}, operands[0]);                                                       \
  }                                                                                                                    \
  static Value build##OpT([[maybe_unused]] OpT op, [[maybe_unused]] const Scalar &s, Value x)

/// A node of two operands, which is one scalar operation.
#define BINARY(OpT, ScalarT)                                                                                           \
  ELEMENTWISE(OpT)                                                                                                     \
  SmallVector<StringRef> OpT::getPortNames() { return {"a", "b", "y"}; }                                               \
  Value OpT::buildScalar(OpBuilder &builder, Location loc, ValueRange operands) {                                      \
    return Scalar{builder, loc}.op<ScalarT>(operands);                                                                 \
  }

//===----------------------------------------------------------------------===//
// Of one operand
//===----------------------------------------------------------------------===//

UNARY(ReluOp) { return s.op<arith::MaximumFOp>({x, s.constant(0.0)}); }
bool ReluOp::keepsFormat() { return true; }
OpFoldResult ReluOp::fold(FoldAdaptor) {
  // A number without a sign is none to cut off.
  auto format = dyn_cast<NumberFormatTypeInterface>(getDataElement(getInput().getType()));
  bool same = format && format.isUnsigned() && getInput().getType() == getType();
  return same && !cast<NodeOpInterface>(getOperation()).isMapped() ? OpFoldResult(getInput()) : OpFoldResult();
}

UNARY(CastOp) { return x; }
OpFoldResult CastOp::fold(FoldAdaptor) {
  // A node with a requested format has yet to round.
  return getInput().getType() == getType() && !getQuantizationAttr() ? OpFoldResult(getInput()) : OpFoldResult();
}

UNARY(NegOp) { return s.op<arith::NegFOp>({x}); }
OpFoldResult NegOp::fold(FoldAdaptor) {
  auto before = getInput().getDefiningOp<NegOp>();
  bool exact = before && isF32(before.getType()) && !hasOwnFormat(*this) && !hasOwnFormat(before);
  return exact && isF32(getType()) && before.getInput().getType() == getType() ? OpFoldResult(before.getInput())
                                                                               : OpFoldResult();
}
UNARY(AbsOp) { return s.op<math::AbsFOp>({x}); }
UNARY(ExpOp) { return s.op<math::ExpOp>({x}); }
UNARY(LogOp) { return s.op<math::LogOp>({x}); }
UNARY(SqrtOp) { return s.op<math::SqrtOp>({x}); }
UNARY(RsqrtOp) { return s.op<math::RsqrtOp>({x}); }
UNARY(ErfOp) { return s.op<math::ErfOp>({x}); }
UNARY(SinOp) { return s.op<math::SinOp>({x}); }
UNARY(CosOp) { return s.op<math::CosOp>({x}); }
UNARY(TanhOp) { return s.op<math::TanhOp>({x}); }
UNARY(ReciprocalOp) { return s.divide(s.constant(1.0), x); }
UNARY(SigmoidOp) { return s.sigmoid(x); }
UNARY(SiluOp) { return s.multiply(x, s.sigmoid(x)); }
UNARY(HardSigmoidOp) { return s.hardSigmoid(x); }
UNARY(HardSwishOp) { return s.multiply(x, s.hardSigmoid(x)); }

UNARY(GeluOp) {
  Value half = s.constant(0.5), one = s.constant(1.0), inner;
  if (op.getTanhApproximation()) {
    Value cube = s.multiply(s.multiply(x, x), x);
    Value sum = s.add(x, s.multiply(s.constant(0.044715), cube));
    inner = s.op<math::TanhOp>({s.multiply(s.constant(std::sqrt(2.0 / M_PI)), sum)});
  } else {
    inner = s.op<math::ErfOp>({s.multiply(x, s.constant(std::sqrt(0.5)))});
  }
  return s.multiply(s.multiply(half, x), s.add(one, inner));
}

UNARY(ClampOp) {
  if (!op.hasNoMin())
    x = s.op<arith::MaximumFOp>({x, s.constant(op.getMin())});
  return op.hasNoMax() ? x : s.op<arith::MinimumFOp>({x, s.constant(op.getMax())});
}
LogicalResult ClampOp::verify() {
  if (getMin().isNaN() || getMax().isNaN() || getMax() < getMin())
    return emitOpError("[clamp C1] expected numbers, the least first, but got ")
           << getMinAttr().getValueAsDouble() << " and " << getMaxAttr().getValueAsDouble();
  return success();
}

bool ClampOp::hasNoMin() { return getMin().isInfinity() && getMin().isNegative(); }
bool ClampOp::hasNoMax() { return getMax().isInfinity() && !getMax().isNegative(); }

OpFoldResult ClampOp::fold(FoldAdaptor) {
  bool all = hasNoMin() && hasNoMax() && !hasOwnFormat(*this);
  return all && getInput().getType() == getType() ? OpFoldResult(getInput()) : OpFoldResult();
}

UNARY(LeakyReluOp) {
  Value zero = s.constant(0.0);
  Value negative = s.multiply(s.constant(op.getSlope()), s.op<arith::MinimumFOp>({x, zero}));
  return s.add(s.op<arith::MaximumFOp>({x, zero}), negative);
}

UNARY(PowOp) {
  // Products are exact on fixed point, in f64 too as far as its 53 bits go.
  if (op.getExponent().isExactlyValue(2.0))
    return s.multiply(x, x);
  if (op.getExponent().isExactlyValue(3.0))
    return s.multiply(s.multiply(x, x), x);
  return s.op<math::PowFOp>({x, s.constant(op.getExponent())});
}

//===----------------------------------------------------------------------===//
// Of two operands
//===----------------------------------------------------------------------===//

BINARY(AddOp, arith::AddFOp)
BINARY(SubOp, arith::SubFOp)
BINARY(MulOp, arith::MulFOp)
BINARY(DivOp, arith::DivFOp)
BINARY(MaximumOp, arith::MaximumFOp)
BINARY(MinimumOp, arith::MinimumFOp)

/// The other operand when one is `neutral` everywhere and the node changes no format.
template <typename OpT> static OpFoldResult foldNeutral(OpT op, double neutral, bool onLeft) {
  if (hasOwnFormat(op))
    return {};
  auto isNeutral = [&](Value value) {
    auto constant = value.getDefiningOp<ConstantOpInterface>();
    // Of all numbers, zero alone is in every format.
    return constant && constant.getUniformValue() == neutral &&
           (neutral == 0 || (isF32(value.getType()) && !hasOwnFormat(constant)));
  };
  if (isNeutral(op.getRhs()) && op.getLhs().getType() == op.getType())
    return op.getLhs();
  if (onLeft && isNeutral(op.getLhs()) && op.getRhs().getType() == op.getType())
    return op.getRhs();
  return {};
}
OpFoldResult AddOp::fold(FoldAdaptor) { return foldNeutral(*this, 0, /*onLeft=*/true); }
OpFoldResult SubOp::fold(FoldAdaptor) { return foldNeutral(*this, 0, /*onLeft=*/false); }
OpFoldResult MulOp::fold(FoldAdaptor) { return foldNeutral(*this, 1, /*onLeft=*/true); }
OpFoldResult DivOp::fold(FoldAdaptor) { return foldNeutral(*this, 1, /*onLeft=*/false); }

/// The operand, when it is both and the node changes no format.
template <typename OpT> static OpFoldResult foldEqual(OpT op) {
  bool same = op.getLhs() == op.getRhs() && op.getLhs().getType() == op.getType() && !hasOwnFormat(op);
  return same ? OpFoldResult(op.getLhs()) : OpFoldResult();
}
OpFoldResult MaximumOp::fold(FoldAdaptor) { return foldEqual(*this); }
OpFoldResult MinimumOp::fold(FoldAdaptor) { return foldEqual(*this); }

ELEMENTWISE(MaskedFillOp)
SmallVector<StringRef> MaskedFillOp::getPortNames() { return {"x", "mask", "y"}; }
// Other numbers need a range that the operand may not have.
bool MaskedFillOp::keepsFormat() { return getFill().isZero() || getFill().convertToDouble() <= -hidingMagnitude; }

Value MaskedFillOp::buildScalar(OpBuilder &builder, Location loc, ValueRange operands) {
  Scalar s{builder, loc};
  double fill = getFill().convertToDouble();
  // The result saturates: a power of two beyond its range stands for every larger number.
  auto format = dyn_cast<NumberFormatTypeInterface>(getDataElement(getType()));
  if (format && format.isFixedPoint()) {
    double limit = std::ldexp(1.0, format.getBitsPerElement() - format.getFractionalBits(0));
    fill = std::clamp(fill, -limit, limit);
  }
  Value isSet = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, operands[1], s.constant(0.0));
  return arith::SelectOp::create(builder, loc, isSet, s.constant(fill), operands[0]);
}

LogicalResult MaskedFillOp::verify() {
  return getFill().isNaN() ? emitOpError("[masked_fill C1] expected a number as fill") : success();
}

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

XPLAT_NO_SYMBOLS(FusedOp)
SmallVector<StringRef> FusedOp::getPortNames() { return {"x", "y"}; }
SmallVector<Type> FusedOp::getPortFormats() { return xplat::detail::getFirstPortFormats(*this); }

SmallVector<StringRef> FusedOp::getConstantNames() { return getDatapathNames(StringRef("inputs")); }
SmallVector<int64_t> FusedOp::getConstants() {
  return getDatapathConstants(*this, static_cast<int64_t>(getNumOperands()));
}
int64_t FusedOp::getFurtherOperations() {
  int64_t scalars =
      llvm::count_if(getBody().front().without_terminator(), [](Operation &op) { return !isa<arith::ConstantOp>(op); });
  return scalars * xplat::detail::getElementwiseOperations(*this);
}

Value FusedOp::buildScalar(OpBuilder &builder, Location loc, ValueRange operands) {
  IRMapping mapping;
  mapping.map(getBody().getArguments(), operands);
  for (Operation &op : getBody().front().without_terminator())
    builder.clone(op, mapping)->setLoc(loc);
  return mapping.lookup(getBody().front().getTerminator()->getOperand(0));
}

LogicalResult FusedOp::verify() {
  if (getInputs().empty())
    return emitOpError("[fused C1] expected at least one operand");
  return verifyScalarFunction(*this, getBody(), getNumOperands(), "fused C1", "fused C2");
}

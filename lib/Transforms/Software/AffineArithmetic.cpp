//===- AffineArithmetic.cpp - Element-wise nodes that scale and shift -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes are recognised by their arithmetic, not by their names: the scalar
// operations of a node are followed from its operands to its result.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Software/AffineArithmetic.h"
#include "xplat/IR/NodeOps.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace xplat;
using xplat::detail::createNode;

//===----------------------------------------------------------------------===//
// Nodes on constants
//===----------------------------------------------------------------------===//

static ArrayRef<int64_t> shapeOf(Value value) { return getDataShape(value.getType()); }

Type ConstantBuilder::type(ArrayRef<int64_t> shape) { return RankedTensorType::get(shape, builder.getF32Type()); }

Value ConstantBuilder::number(double value, ArrayRef<int64_t> shape) {
  SplatOp::Properties properties;
  properties.value = builder.getF64FloatAttr(value);
  return createNode<SplatOp>(builder, loc, type(shape), {}, properties);
}
Value ConstantBuilder::param(FlatSymbolRefAttr symbol, ArrayRef<int64_t> shape) {
  ConstantOp::Properties properties;
  properties.param = symbol;
  return createNode<ConstantOp>(builder, loc, type(shape), {}, properties);
}
Value ConstantBuilder::add(Value a, Value b) { return createNode<AddOp>(builder, loc, a.getType(), {a, b}); }
Value ConstantBuilder::subtract(Value a, Value b) { return createNode<SubOp>(builder, loc, a.getType(), {a, b}); }
Value ConstantBuilder::multiply(Value a, Value b) { return createNode<MulOp>(builder, loc, a.getType(), {a, b}); }
Value ConstantBuilder::divide(Value a, Value b) { return createNode<DivOp>(builder, loc, a.getType(), {a, b}); }
Value ConstantBuilder::negate(Value a) { return createNode<NegOp>(builder, loc, a.getType(), a); }
Value ConstantBuilder::reshape(Value value, ArrayRef<int64_t> shape) {
  return shapeOf(value) == shape ? value : createNode<ReshapeOp>(builder, loc, type(shape), value);
}
Value ConstantBuilder::broadcast(Value value, ArrayRef<int64_t> shape) {
  return shapeOf(value) == shape ? value : createNode<BroadcastOp>(builder, loc, type(shape), value);
}
Value ConstantBuilder::sum(Value value, ArrayRef<int64_t> dims) {
  if (dims.empty())
    return value;
  SmallVector<int64_t> left;
  for (auto [dim, extent] : llvm::enumerate(shapeOf(value)))
    if (!llvm::is_contained(dims, static_cast<int64_t>(dim)))
      left.push_back(extent);
  ReduceOp::Properties properties;
  properties.kind = ReduceKindAttr::get(builder.getContext(), ReduceKind::sum);
  properties.dims = builder.getDenseI64ArrayAttr(dims);
  return createNode<ReduceOp>(builder, loc, type(left), value, properties);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// Whether the node computes an exact constant from operands that are exact constants.
static bool keepsExact(NodeOpInterface node) {
  Operation *op = node;
  return !isa<HostBoundaryOpInterface>(op) && isUnquantized(node) && op->getNumResults() == 1 &&
         op->getNumRegions() <= 1 && !hasOwnFormat(op) && getDataElement(op->getResult(0).getType()).isF32() &&
         (!op->getOperands().empty() || isa<ConstantOpInterface>(op));
}

ExactConstants::ExactConstants(ModuleOp module) {
  walkGraph<NodeOpInterface>(module, [&](NodeOpInterface node) {
    if (keepsExact(node) && llvm::all_of(node->getOperands(), [&](Value operand) { return contains(operand); }))
      nodes.insert(node);
  });
}

/// The constant before it was repeated to the shape of `value`.
static Value getNarrow(Value value) {
  while (auto movement = value.getDefiningOp<MovementOpInterface>()) {
    if (movement.getMovement() != Movement::repeat)
      break;
    value = movement->getOperand(0);
  }
  return value;
}

/// The dimensions of `shape` along which the elements of `narrow`, aligned at the last dimension, differ.
static SmallVector<int64_t> getWideDims(Value narrow, ArrayRef<int64_t> shape) {
  if (getUniformValue(narrow))
    return {};
  SmallVector<int64_t> dims;
  ArrayRef<int64_t> extents = shapeOf(narrow);
  for (auto [index, extent] : llvm::enumerate(extents))
    if (extent != 1)
      dims.push_back(shape.size() - extents.size() + index);
  return dims;
}

namespace {
/// What a scalar of the node is: x · scale + shift, or a constant, which has no x.
struct Term {
  bool hasOperand = false;
  ScaleAndShift affine;
};

/// Follows the scalar operations of a node; builds constants on the way when it has a builder.
class Reader {
public:
  explicit Reader(ConstantBuilder *builder, ArrayRef<int64_t> shape) : builder(builder), shape(shape) {}

  std::optional<Term> read(ElementwiseOpInterface node, ArrayRef<Term> operands) {
    Block block;
    OpBuilder scalars(node.getContext());
    for (size_t i = 0; i < operands.size(); ++i)
      block.addArgument(scalars.getF32Type(), node.getLoc());
    scalars.setInsertionPointToStart(&block);
    Value result = node.buildScalar(scalars, node.getLoc(), block.getArguments());
    for (auto [argument, term] : llvm::zip_equal(block.getArguments(), operands))
      terms[argument] = term;
    for (Operation &op : block) {
      std::optional<Term> term = readOp(&op);
      if (!term)
        return std::nullopt;
      terms[op.getResult(0)] = *term;
    }
    return terms.lookup(result);
  }

  bool divides = false;

private:
  std::optional<Term> readOp(Operation *op) {
    auto term = [&](unsigned index) { return terms.lookup(op->getOperand(index)); };
    return llvm::TypeSwitch<Operation *, std::optional<Term>>(op)
        .Case([&](arith::ConstantOp constant) -> std::optional<Term> {
          auto number = dyn_cast<FloatAttr>(constant.getValue());
          if (!number)
            return std::nullopt;
          return Term{false, {{}, builder ? builder->number(number.getValueAsDouble(), shape) : Value()}};
        })
        .Case([&](arith::AddFOp) { return sum(term(0), term(1)); })
        .Case([&](arith::SubFOp) { return sum(term(0), negative(term(1))); })
        .Case([&](arith::NegFOp) { return std::optional(negative(term(0))); })
        .Case([&](arith::MulFOp) -> std::optional<Term> {
          Term a = term(0), b = term(1);
          if (a.hasOperand && b.hasOperand)
            return std::nullopt;
          return a.hasOperand ? scaled(a, b.affine.shift) : scaled(b, a.affine.shift);
        })
        .Case([&](arith::DivFOp) -> std::optional<Term> {
          divides = true;
          Term divisor = term(1);
          if (divisor.hasOperand)
            return std::nullopt;
          Value factor = builder ? builder->divide(builder->number(1.0, shape), divisor.affine.shift) : Value();
          return scaled(term(0), factor);
        })
        .Default([](Operation *) { return std::nullopt; });
  }

  Value plus(Value a, Value b) { return !a ? b : !b ? a : builder->add(a, b); }

  std::optional<Term> sum(Term a, Term b) {
    if (a.hasOperand && b.hasOperand)
      return std::nullopt;
    Term result{a.hasOperand || b.hasOperand, {a.hasOperand ? a.affine.scale : b.affine.scale, {}}};
    if (builder)
      result.affine.shift = plus(a.affine.shift, b.affine.shift);
    return result;
  }
  Term negative(Term a) {
    if (!builder)
      return a;
    if (a.affine.shift)
      a.affine.shift = builder->negate(a.affine.shift);
    if (a.hasOperand)
      a.affine.scale = a.affine.scale ? builder->negate(a.affine.scale) : builder->number(-1.0, shape);
    return a;
  }
  Term scaled(Term a, Value factor) {
    if (!builder)
      return a;
    if (a.affine.shift)
      a.affine.shift = builder->multiply(a.affine.shift, factor);
    if (a.hasOperand)
      a.affine.scale = a.affine.scale ? builder->multiply(a.affine.scale, factor) : factor;
    return a;
  }

  ConstantBuilder *builder;
  ArrayRef<int64_t> shape;
  llvm::DenseMap<Value, Term> terms;
};
} // namespace

std::optional<AffineNode> xplat::findAffineNode(ElementwiseOpInterface node, const ExactConstants &constants) {
  auto op = cast<NodeOpInterface>(node.getOperation());
  Value result = node->getResult(0);
  if (!isUnquantized(op) || !getDataElement(result.getType()).isF32())
    return std::nullopt;
  AffineNode affine{node, {}, {}};
  SmallVector<Term> terms;
  ArrayRef<int64_t> shape = shapeOf(result);
  for (Value operand : node->getOperands()) {
    bool constant = constants.contains(operand);
    terms.push_back({!constant, {}});
    if (!constant) {
      if (affine.operand || !getDataElement(operand.getType()).isF32())
        return std::nullopt;
      affine.operand = operand;
      continue;
    }
    Value narrow = getNarrow(operand);
    for (int64_t dim : getWideDims(narrow, shape)) {
      if (affine.dim && *affine.dim != dim)
        return std::nullopt;
      affine.dim = dim;
    }
    affine.isNumeric &= getUniformValue(narrow).has_value();
  }
  if (!affine.operand || terms.size() < 2)
    return std::nullopt;
  Reader reader(nullptr, {});
  std::optional<Term> found = reader.read(node, terms);
  affine.divides = reader.divides;
  return found && found->hasOperand ? std::optional(affine) : std::nullopt;
}

ScaleAndShift AffineNode::build(ConstantBuilder &builder, int64_t channels) const {
  SmallVector<Term> terms;
  for (Value value : node->getOperands()) {
    if (value == operand) {
      terms.push_back({true, {}});
      continue;
    }
    Value narrow = getNarrow(value);
    std::optional<double> number = getUniformValue(narrow);
    Value vector = number
                       ? builder.number(*number, channels)
                       : builder.broadcast(builder.reshape(narrow, xplat::detail::product(shapeOf(narrow))), channels);
    terms.push_back({false, {{}, vector}});
  }
  return Reader(&builder, channels).read(node, terms)->affine;
}

std::optional<double> AffineNode::evaluate(double x) const {
  SmallVector<double> operands;
  for (Value value : node->getOperands()) {
    std::optional<double> number = value == operand ? x : getUniformValue(getNarrow(value));
    if (!number)
      return std::nullopt;
    operands.push_back(*number);
  }
  return evaluateScalar(node, operands);
}

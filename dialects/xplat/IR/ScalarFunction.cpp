//===- ScalarFunction.cpp - What one element is computed by ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/ScalarFunction.h"

#include "xplat/IR/NodeOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace xplat;

LogicalResult xplat::verifyScalarFunction(Operation *owner, Region &body, size_t arguments,
                                          StringRef argumentsConstraint, StringRef bodyConstraint) {
  Block &block = body.front();
  if (block.getNumArguments() != arguments ||
      llvm::any_of(block.getArgumentTypes(), [](Type type) { return !type.isF32(); }))
    return owner->emitOpError("[") << argumentsConstraint << "] expected an f32 argument of the body for each of the "
                                   << arguments << " operands but got (" << block.getArgumentTypes() << ")";
  if (block.empty() || !isa<YieldOp>(block.back()))
    return owner->emitOpError("[") << bodyConstraint << "] expected a body that ends with 'xplat.yield'";
  for (Operation &op : block.without_terminator())
    if (!isa_and_nonnull<arith::ArithDialect, math::MathDialect>(op.getDialect()) || !isMemoryEffectFree(&op) ||
        op.getNumRegions() || op.getNumResults() != 1)
      return owner->emitOpError("[") << bodyConstraint
                                     << "] expected operations of 'arith' and 'math' in the body but got '"
                                     << op.getName() << "'";
  return success();
}

namespace {
/// Compares values of two functions by what they are made of.
class Comparison {
public:
  bool areSame(Value a, Value b) {
    auto [entry, isNew] = known.try_emplace({a, b}, false);
    if (!isNew)
      return entry->second;
    bool same = compare(a, b);
    return known[{a, b}] = same;
  }

private:
  bool compare(Value a, Value b) {
    auto x = dyn_cast<BlockArgument>(a), y = dyn_cast<BlockArgument>(b);
    if (x || y)
      return x && y && x.getArgNumber() == y.getArgNumber();
    Operation *f = a.getDefiningOp(), *g = b.getDefiningOp();
    if (f->getName() != g->getName() || a.getType() != b.getType() || f->getNumOperands() != g->getNumOperands() ||
        f->getDiscardableAttrDictionary() != g->getDiscardableAttrDictionary() ||
        !f->getName().compareOpProperties(f->getPropertiesStorage(), g->getPropertiesStorage()))
      return false;
    if (llvm::all_of(llvm::zip(f->getOperands(), g->getOperands()),
                     [&](auto pair) { return areSame(std::get<0>(pair), std::get<1>(pair)); }))
      return true;
    return f->hasTrait<OpTrait::IsCommutative>() && f->getNumOperands() == 2 &&
           areSame(f->getOperand(0), g->getOperand(1)) && areSame(f->getOperand(1), g->getOperand(0));
  }

  llvm::DenseMap<std::pair<Value, Value>, bool> known;
};
} // namespace

/// `mulf (addf (x, 1.0), x)`
static void print(llvm::raw_ostream &os, Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    os << "arg" << argument.getArgNumber();
    return;
  }
  Operation *op = value.getDefiningOp();
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    constant.getValue().print(os, /*elideType=*/true);
    return;
  }
  os << op->getName().stripDialect() << " (";
  llvm::interleaveComma(op->getOperands(), os, [&](Value operand) { print(os, operand); });
  os << ')';
}

std::optional<std::string> xplat::explainOtherFunction(Region &body, ElementwiseOpInterface node) {
  Value wanted = cast<YieldOp>(body.front().back()).getValue();
  Block block;
  OpBuilder scalars(node.getContext());
  scalars.setInsertionPointToStart(&block);
  for (unsigned i = 0; i < node->getNumOperands(); ++i)
    block.addArgument(scalars.getF32Type(), node.getLoc());
  Value result = node.buildScalar(scalars, node.getLoc(), block.getArguments());
  if (block.getNumArguments() == body.getNumArguments() && Comparison().areSame(wanted, result))
    return std::nullopt;
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "it computes ";
  print(os, wanted);
  os << ", but the node ";
  print(os, result);
  return text;
}

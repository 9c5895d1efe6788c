//===- GeneralNodes.cpp - Boundary, constants, any other operation --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace xplat;

//===----------------------------------------------------------------------===//
// Boundary
//===----------------------------------------------------------------------===//

Rearrangement xplat::detail::getHostRearrangement(Operation *node, std::optional<ArrayRef<int64_t>> view,
                                                  std::optional<ArrayRef<int64_t>> permutation) {
  if (!view || !permutation)
    return Rearrangement::identity(product(getDataShape(node->getOperand(0).getType())));
  return Rearrangement::permute(*view, *permutation);
}

/// Checks C1 of a boundary node.
static LogicalResult verifyHostMovement(Operation *op, std::optional<ArrayRef<int64_t>> view,
                                        std::optional<ArrayRef<int64_t>> permutation, StringRef constraint) {
  Type in = op->getOperand(0).getType(), out = op->getResult(0).getType();
  if (!view && !permutation)
    return xplat::detail::verifySameShape(op, in, out, constraint);
  if (!view || !permutation || view->size() != permutation->size() || !isPermutationVector(*permutation))
    return op->emitOpError() << "[" << constraint << "] expected a 'view' and a 'permutation' of its dimensions";
  ArrayRef<int64_t> from = getDataShape(in), to = getDataShape(out);
  // Shapes that are none are the node's constraint N1.
  if (!xplat::detail::isBoundedShape(from) || !xplat::detail::isBoundedShape(to))
    return success();
  int64_t elements = xplat::detail::product(from);
  if (!xplat::detail::isBoundedShape(*view) || xplat::detail::product(*view) != elements ||
      xplat::detail::product(to) != elements)
    return op->emitOpError() << "[" << constraint << "] expected a 'view' and a result of " << elements
                             << " elements, as the operand has, but got [" << *view << "] and " << out;
  return success();
}

/// The loops walk the stream. A host that moves elements has them in the order of the stream already.
static Indexing indexBoundary(Operation *op, Type stream, bool moves) {
  if (!moves)
    return xplat::detail::indexElementwise(op, stream);
  int64_t inner = getInnermostExtent(stream);
  IndexingBuilder builder(op->getContext());
  AffineExpr n = builder.iterate(0, xplat::detail::product(getDataShape(stream)) / inner);
  AffineExpr position = n * inner + builder.iterate(1, inner);
  builder.addOperand(position);
  builder.addResult(position);
  return builder.take();
}

Indexing HostInputOp::getIndexing() { return indexBoundary(*this, getType(), getView().has_value()); }
XPLAT_NO_SYMBOLS(HostInputOp)

LogicalResult HostInputOp::verify() {
  if (failed(verifyHostMovement(*this, getView(), getPermutation(), "host_input C1")))
    return failure();
  Type element = getDataElement(getInput().getType());
  if (!element.isF32() && !isa<IntegerType>(element))
    return emitOpError("[host_input C2] expected a tensor of f32 or of integers but got ") << getInput().getType();
  Type sent = getDataElement(getType());
  if (isa<IntegerType>(sent) &&
      (!isa<IntegerType>(element) || element.getIntOrFloatBitWidth() < sent.getIntOrFloatBitWidth()))
    return emitOpError("[host_input C2] expected an operand of integers of at least the result's bits but got ")
           << getInput().getType() << " for " << getType();
  return success();
}

int64_t HostInputOp::getBitsPerSample() { return getStoredBits(getType()); }
bool HostInputOp::isInput() { return true; }

Indexing HostOutputOp::getIndexing() { return indexBoundary(*this, getInput().getType(), getView().has_value()); }
XPLAT_NO_SYMBOLS(HostOutputOp)

LogicalResult HostOutputOp::verify() {
  if (failed(verifyHostMovement(*this, getView(), getPermutation(), "host_output C1")))
    return failure();
  Type element = getDataElement(getType()), held = getDataElement(getInput().getType());
  bool holds = isa<IntegerType>(held)
                   ? isa<IntegerType>(element) && element.getIntOrFloatBitWidth() >= held.getIntOrFloatBitWidth()
                   : element.isF32();
  if (!holds)
    return emitOpError("[host_output C2] expected a result of f32, or for integers one of integers of at least as many "
                       "bits, but got ")
           << getType() << " for " << getInput().getType();
  return success();
}

int64_t HostOutputOp::getBitsPerSample() { return getStoredBits(getInput().getType()); }
bool HostOutputOp::isInput() { return false; }

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Indexing ConstantOp::getIndexing() {
  IndexingBuilder builder(getContext());
  SmallVector<AffineExpr> indices = builder.iterateOver(getType());
  builder.addResult(indices);
  builder.addParameter("param", getParamAttr(), indices);
  return builder.take();
}
SmallVector<StringRef> ConstantOp::getPortNames() { return {"param", "y"}; }
SmallVector<Type> ConstantOp::getPortFormats() {
  return {xplat::detail::paramFormat(*this, getParamAttr()), getDataElement(getType())};
}
std::optional<double> ConstantOp::getUniformValue() { return std::nullopt; }
bool ConstantOp::selectsParameter() { return true; }
LogicalResult ConstantOp::verify() { return success(); }
LogicalResult ConstantOp::verifySymbolUses(SymbolTableCollection &symbols) {
  SymbolScope scope(symbols);
  if (failed(xplat::detail::verifyParam(*this, getParamAttr(), getDataShape(getType()), "the parameter", "constant C1",
                                        symbols)))
    return failure();
  // A constant does not convert between numbers and integers; 'xplat.cast' does.
  Type held = xplat::detail::paramFormat(*this, getParamAttr()), element = getDataElement(getType());
  if (isa<IntegerType>(held) != isa<IntegerType>(element))
    return emitOpError("[constant C2] expected a result of ")
           << (isa<IntegerType>(held) ? "integers" : "numbers") << ", as parameter " << getParamAttr() << " holds "
           << held << ", but got " << element;
  return success();
}

XPLAT_NO_SYMBOLS(SplatOp)
SmallVector<StringRef> SplatOp::getPortNames() { return {"y"}; }
std::optional<double> SplatOp::getUniformValue() { return getValue().convertToDouble(); }
LogicalResult SplatOp::verify() {
  auto integer = dyn_cast<IntegerType>(getDataElement(getType()));
  if (!integer)
    return success();
  // Signed and unsigned integers of the width, and truth values.
  double value = getValue().convertToDouble(), range = std::ldexp(1.0, integer.getWidth());
  if (value != std::floor(value) || value < -range / 2 || value >= range)
    return emitOpError("[splat C1] expected a number among the elements of ") << getType() << " but got " << value;
  return success();
}

//===----------------------------------------------------------------------===//
// Any other operation
//===----------------------------------------------------------------------===//

Indexing AtenOp::getIndexing() {
  IndexingBuilder builder(getContext());
  for (unsigned i = 0; i < getNumOperands(); ++i)
    builder.addUnknownOperand();
  builder.addResult(builder.iterateOver(getType()));
  return builder.take();
}
XPLAT_NO_SYMBOLS(AtenOp)
int64_t AtenOp::getMultiplyAccumulates() { return getMultiplications(); }
SmallVector<StringRef> AtenOp::getPortNames() { return {"x", "y"}; }
SmallVector<Type> AtenOp::getPortFormats() { return xplat::detail::getFirstPortFormats(*this); }

/// Marks the operands that `argument` uses; fails on what no argument can be.
static LogicalResult checkArgument(AtenOp op, Attribute argument, llvm::BitVector &used) {
  if (auto list = dyn_cast<ArrayAttr>(argument)) {
    for (Attribute item : list)
      if (failed(checkArgument(op, item, used)))
        return failure();
    return success();
  }
  if (auto operand = dyn_cast<OperandAttr>(argument)) {
    if (operand.getIndex() < 0 || operand.getIndex() >= static_cast<int64_t>(used.size()))
      return op.emitOpError("[aten C1] expected an operand number below ") << used.size() << " but got " << argument;
    used.set(operand.getIndex());
    return success();
  }
  if (!isa<UnitAttr, BoolAttr, IntegerAttr, FloatAttr, StringAttr, TypeAttr>(argument))
    return op.emitOpError("[aten C2] expected operands, unit, booleans, integers, floats, strings, types or arrays of "
                          "these as arguments but got ")
           << argument;
  return success();
}

LogicalResult AtenOp::verify() {
  llvm::BitVector used(getNumOperands());
  if (failed(checkArgument(*this, getArguments(), used)))
    return failure();
  if (!used.all())
    return emitOpError("[aten C1] expected operand ") << used.find_first_unset() << " among the arguments";
  SmallVector<StringRef> parts;
  getTarget().split(parts, '.');
  if (llvm::any_of(parts, [](StringRef part) { return part.empty(); }) || parts.size() != 3 ||
      static_cast<int64_t>(getIndex()) < 0)
    return emitOpError("[aten C3] expected 'namespace.name.overload' and an index that is not negative but got '")
           << getTarget() << "' and " << static_cast<int64_t>(getIndex());
  if (getMultiplyAccumulates() < 0)
    return emitOpError("[aten C4] expected a number of multiplications that is not negative but got ")
           << getMultiplyAccumulates();
  return success();
}

//===- CastBlocks.cpp - Block formats at products alone -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A request for a block format is one for the factors of products. A cast in
// front of each operand brings it into the format, and all values between are
// fixed point: sums, element-wise work and tables are exact there.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Software/Passes.h"
#include "Transforms/Software/RequestedFormats.h"
#include "xplat/IR/NodeOps.h"

namespace xplat {
#define GEN_PASS_DEF_CASTBLOCKS
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct CastBlocks : xplat::impl::CastBlocksBase<CastBlocks> {
  using CastBlocksBase::CastBlocksBase;

  void runOnOperation() override {
    if (failed(checkRequest(getWidth(), "a value", /*ofWeight=*/false, [&] { return getOperation().emitError(); })))
      return signalPassFailure();
    casts.clear();
    SmallVector<CalibratedOpInterface> nodes;
    walkGraph<CalibratedOpInterface>(getOperation(), [&](CalibratedOpInterface node) { nodes.push_back(node); });
    for (CalibratedOpInterface node : nodes)
      replaceRequest(node);
  }

private:
  Type getWidth() { return IntegerType::get(&getContext(), bits); }

  /// A requested block format; null for any other request.
  static NumberFormatTypeInterface asBlocks(Type request) {
    auto format = dyn_cast_if_present<NumberFormatTypeInterface>(request);
    return format && format.getBlockSize() > 1 ? format : NumberFormatTypeInterface();
  }

  /// Whether both factors of the node can have blocks: of one size, along the dimension that it sums over, which has to
  /// be the one in which its operands travel, and of elements that are summed with each other.
  static bool takesBlocks(CalibratedOpInterface node, QuantizationAttr request) {
    auto product = dyn_cast<ProductOpInterface>(node.getOperation());
    if (!product || !product.countSummedBlocks(asBlocks(request.getValue()).getBlockSize()))
      return false;
    for (auto [index, operand] : llvm::enumerate(node->getOperands()))
      if (product.getSummedDim(index) != getInnermostDim(operand.getType()))
        return false;
    NumberFormatTypeInterface weight = asBlocks(request.getWeight());
    return !isa<WeightedOpInterface>(node.getOperation()) ||
           (weight && weight.getBlockSize() == asBlocks(request.getValue()).getBlockSize());
  }

  void replaceRequest(CalibratedOpInterface node) {
    QuantizationAttr request = node.getRequestedFormats();
    if (!request || !asBlocks(request.getValue()))
      return;
    Type weight = request.getWeight();
    if (takesBlocks(node, request)) {
      for (OpOperand &operand : node->getOpOperands())
        operand.set(castOperand(node, operand, request.getValue()));
      ++numProducts;
    } else if (asBlocks(weight)) {
      weight = getWidth();
    }
    node.setRequestedFormats(QuantizationAttr::get(&getContext(), getWidth(), weight, request.getPerChannel()));
  }

  /// The operand in that format; products that read one value share the node that rounds it.
  Value castOperand(CalibratedOpInterface node, OpOperand &operand, Type format) {
    Value value = operand.get();
    Value &known = casts[{value, format}];
    if (known)
      return known;
    OpBuilder builder(&getContext());
    builder.setInsertionPointAfterValue(value);
    Operation *source = value.getDefiningOp();
    Location loc = xplat::detail::getPartLoc(source ? source : node.getOperation(), "blocks");
    known = xplat::detail::createNode<CastOp>(builder, loc, value.getType(), value);
    known.getDefiningOp<CastOp>().setQuantizationAttr(QuantizationAttr::get(&getContext(), format, {}, {}));
    ++numCasts;
    return known;
  }

  llvm::DenseMap<std::pair<Value, Type>, Value> casts;
};
} // namespace

//===- RoundOperands.cpp - Rounding apart from copying --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Graph.h"
#include "Transforms/Hardware/DataflowSupport.h"
#include "Transforms/Hardware/Passes.h"
#include "xplat/IR/NodeOps.h"

namespace xplat {
#define GEN_PASS_DEF_ROUNDOPERANDS
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct RoundOperands : xplat::impl::RoundOperandsBase<RoundOperands> {
  void runOnOperation() override {
    // Nodes that round one value into one format share the node that does it.
    llvm::DenseMap<std::pair<Value, Type>, Value> rounded;
    walkGraph<CalibratedOpInterface>(getOperation(), [&](CalibratedOpInterface node) {
      if (!node.copiesElements())
        return;
      Type format = getDataElement(node->getResult(0).getType());
      for (OpOperand &operand : node->getOpOperands()) {
        Value value = operand.get();
        if (getDataElement(value.getType()) == format || isa<StreamType>(value.getType()))
          continue;
        Value &known = rounded[{value, format}];
        if (!known) {
          OpBuilder builder(&getContext());
          builder.setInsertionPointAfterValue(value);
          Location loc = getNamedLocation(node, getNodeName(node) + ":round" + Twine(operand.getOperandNumber()));
          known = xplat::detail::createNode<CastOp>(builder, loc, withElement(value.getType(), format), value);
          ++numRounded;
        }
        operand.set(known);
      }
    });
  }
};
} // namespace

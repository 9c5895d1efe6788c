//===- DecomposeNormalizations.cpp - Softmax and norms in simpler nodes ---===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Asks every normalisation with fixed point before and behind it to build the
// nodes that replace it. The node builds them and requests the formats of the
// values between them; the calibrated range and the requested format of the
// result go to the last one, which has the name of the original node.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Software/Passes.h"

#include "mlir/Dialect/Quant/IR/Quant.h"

namespace xplat {
#define GEN_PASS_DEF_DECOMPOSENORMALIZATIONS
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct DecomposeNormalizations : xplat::impl::DecomposeNormalizationsBase<DecomposeNormalizations> {
  using DecomposeNormalizationsBase::DecomposeNormalizationsBase;

  void runOnOperation() override {
    SmallVector<NormalizingOpInterface> nodes;
    walkGraph<NormalizingOpInterface>(getOperation(), [&](NormalizingOpInterface node) { nodes.push_back(node); });
    for (NormalizingOpInterface node : nodes)
      if (!llvm::is_contained(keep, node->getName().getStringRef()))
        decompose(node);
  }

private:
  void decompose(NormalizingOpInterface node) {
    if (!isUnquantized(cast<NodeOpInterface>(node.getOperation()))) {
      node->emitRemark("not decomposed: it is quantized or mapped already, and no formats are known for the values "
                       "between the new nodes");
      return;
    }
    unsigned operandBits = getBits(node->getOperand(0).getDefiningOp()), resultBits = getBits(node);
    if (!operandBits || !resultBits) {
      node->emitRemark("not decomposed: its ") << (operandBits ? "result" : "operand") << " is not to be fixed point";
      return;
    }
    OpBuilder builder(node);
    std::string reason;
    Value result = node.decompose(builder, operandBits, resultBits, reason);
    if (!result) {
      node->emitRemark("not decomposed: ") << reason;
      return;
    }
    Operation *last = result.getDefiningOp();
    copyCalibration(node, last);
    last->setLoc(node->getLoc());
    node->getResult(0).replaceAllUsesWith(result);
    node->erase();
    ++numDecomposed;
  }

  /// Bits of the fixed point that the result of `node` will have; 0 when it will have another format.
  unsigned getBits(Operation *node) {
    CalibratedOpInterface source = node ? xplat::detail::getFormatSource(node) : CalibratedOpInterface();
    QuantizationAttr request = source ? source.getRequestedFormats() : QuantizationAttr();
    if (!request || !request.getValue())
      return bits;
    if (isa<IntegerType>(request.getValue()))
      return request.getValue().getIntOrFloatBitWidth();
    auto format = dyn_cast<NumberFormatTypeInterface>(request.getValue());
    return format && format.isFixedPoint() ? format.getBitsPerElement() : 0;
  }
};
} // namespace

//===- ResultRanges.cpp - Magnitudes and signs of results -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Software/ResultRanges.h"

#include "Transforms/Graph.h"
#include "Transforms/Software/RequestedFormats.h"

using namespace mlir;
using namespace xplat;

/// Bits of values and weights for which nothing is requested.
constexpr unsigned defaultWidth = 8;

FormatRequest FormatRequest::of(CalibratedOpInterface node) {
  QuantizationAttr own = node.getRequestedFormats();
  Type unsaid = IntegerType::get(node->getContext(), defaultWidth);
  return {own && own.getValue() ? own.getValue() : unsaid, own && own.getWeight() ? own.getWeight() : unsaid,
          !own || !own.getPerChannel() || own.getPerChannel().getValue(), own && own.getValue()};
}

ResultRanges::ResultRanges(ArrayRef<NodeOpInterface> nodes) {
  // Forwards for the signs, backwards for the range of each value.
  for (NodeOpInterface node : nodes)
    collectSign(node);
  for (NodeOpInterface node : llvm::reverse(nodes)) {
    collectMagnitude(node);
    if (node->getNumResults() && isClipped(node->getResult(0)))
      clipped.insert(node->getResult(0));
  }
}

std::optional<double> ResultRanges::getMagnitude(Value result) const {
  auto known = magnitudes.find(result);
  return known == magnitudes.end() ? std::nullopt : std::optional(known->second);
}

/// Largest magnitude that the values of `node` take, whoever reads them; none when not known.
static std::optional<double> getOwnMagnitude(NodeOpInterface node, CalibratedOpInterface calibrated) {
  if (std::optional<double> uniform = getUniformValue(node->getResult(0)))
    return std::abs(*uniform);
  if (calibrated.selectsParameter())
    if (ParamOp param = lookupParam(node, node.getParameters()[0].symbol); param && param.getAbsmax())
      return *llvm::max_element(*param.getAbsmax());
  if (FloatAttr own = calibrated.getCalibratedAbsmax())
    return own.getValueAsDouble();
  return std::nullopt;
}

/// Whether the result of the reader has the format of what it reads here, its first operand.
static bool sharesFormat(OpOperand &use) {
  auto selecting = dyn_cast<CalibratedOpInterface>(use.getOwner());
  return selecting && selecting.keepsFormat() && use.getOperandNumber() == 0;
}

/// Notes the magnitude that the result of `node` has to hold, where known.
void ResultRanges::collectMagnitude(NodeOpInterface node) {
  auto calibrated = dyn_cast<CalibratedOpInterface>(node.getOperation());
  if (!calibrated)
    return;
  Value result = node->getResult(0);
  double demand = 0;
  bool all = !result.use_empty();
  for (OpOperand &use : result.getUses()) {
    std::optional<double> known = sharesFormat(use) ? getMagnitude(use.getOwner()->getResult(0)) : std::nullopt;
    if (known)
      demand = std::max(demand, *known);
    else
      all = false;
  }
  if (all)
    magnitudes[result] = demand;
  else if (std::optional<double> own = getOwnMagnitude(node, calibrated))
    magnitudes[result] = *own;
}

/// Notes whether the result of `node` has no negative elements.
void ResultRanges::collectSign(NodeOpInterface node) {
  SmallVector<bool> operands;
  for (Value operand : node->getOperands())
    operands.push_back(neverNegative.contains(operand));
  if (node->getNumResults() && isNeverNegative(node, operands))
    neverNegative.insert(node->getResult(0));
}

/// Whether all nodes that read `value` share its format, and give nothing negative whatever is negative in it.
bool ResultRanges::isClipped(Value value) const {
  auto source = value.getDefiningOp<CalibratedOpInterface>();
  return source && !value.use_empty() && llvm::all_of(value.getUses(), [&](OpOperand &use) {
           if (!sharesFormat(use))
             return false;
           Operation *user = use.getOwner();
           if (isa<ElementwiseOpInterface>(user)) {
             // One with a request of its own shares the format if that is one of the same width, whatever the sign.
             FormatRequest own = FormatRequest::of(cast<CalibratedOpInterface>(user)),
                           other = FormatRequest::of(source);
             if (own.ownValue && !(isWidth(own.value) && isWidth(other.value) && !own.value.isSignedInteger() &&
                                   own.value.getIntOrFloatBitWidth() == other.value.getIntOrFloatBitWidth()))
               return false;
           }
           return needsNoSign(user->getResult(0));
         });
}

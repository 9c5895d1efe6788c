//===- FoldConstants.cpp - Nodes with constant results are folded ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A node is constant when all its operands are constant. The last constant node
// of such a chain becomes a parameter. It is derived from the model's parameters
// by a private function that holds the nodes. Only Python knows the values, and
// they stay differentiable there. If all elements of a result are one number,
// the number is computed here.
//
// Invariant: no requested rounding is lost. A node with a requested format is
// not folded together with its reader, unless the reader only moves elements:
// then the request moves to the constant.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Software/ConstantFunctions.h"
#include "Transforms/Software/Passes.h"
#include "xplat/IR/NodeOps.h"

#include "llvm/ADT/SetVector.h"

namespace xplat {
#define GEN_PASS_DEF_FOLDCONSTANTS
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct FoldConstants : xplat::impl::FoldConstantsBase<FoldConstants> {
  using FoldConstantsBase::FoldConstantsBase;

  void runOnOperation() override {
    if (maxGrowth < 0) {
      getOperation().emitError("expected 'max-growth' of 0 or more but got ") << maxGrowth.getValue();
      return signalPassFailure();
    }
    SymbolScope scope(getOperation());
    SymbolTable &table = scope.getTable();
    symbols = &table;
    constants.clear();
    SmallVector<NodeOpInterface> nodes;
    walkGraph<NodeOpInterface>(getOperation(), [&](NodeOpInterface node) { nodes.push_back(node); });
    for (NodeOpInterface &node : nodes)
      if (NodeOpInterface uniform = foldUniform(node))
        node = uniform;
    for (NodeOpInterface node : nodes)
      if (isConstant(node))
        constants.insert(node);
    // From the last to the first: a node that cannot be folded hands its operands on.
    for (NodeOpInterface node : llvm::reverse(nodes))
      if (constants.contains(node))
        foldRoot(node);
  }

private:
  static int64_t countElements(Type type) { return cast<RankedTensorType>(type).getNumElements(); }

  /// The constant that replaced a node of uniform operands; null when it did not.
  NodeOpInterface foldUniform(NodeOpInterface node) {
    if (node->getNumOperands() == 0 || !isUnquantized(node) || !getDataElement(node->getResult(0).getType()).isF32())
      return {};
    bool moves = isa<MovementOpInterface>(node.getOperation());
    SmallVector<double> operands;
    for (Value operand : node->getOperands()) {
      std::optional<double> value = moves ? getUniformValue(operand) : getExactUniformValue(operand);
      if (!value || !getDataElement(operand.getType()).isF32())
        return {};
      operands.push_back(*value);
    }
    std::optional<double> value;
    if (auto elementwise = dyn_cast<ElementwiseOpInterface>(node.getOperation()))
      value = evaluateScalar(elementwise, operands);
    else if (moves)
      value = operands[0];
    if (!value)
      return {};
    OpBuilder builder(node);
    SplatOp::Properties properties;
    properties.value = builder.getF64FloatAttr(*value);
    return replace(node, SplatOp::create(builder, node.getLoc(), node->getResultTypes(), ValueRange(), properties),
                   numUniform);
  }

  /// Replaces `node` by `constant`, which takes over the requested formats.
  NodeOpInterface replace(NodeOpInterface node, Operation *constant, Statistic &statistic) {
    copyCalibration(node, constant);
    node->replaceAllUsesWith(constant);
    node->erase();
    ++statistic;
    return cast<NodeOpInterface>(constant);
  }

  bool isConstant(NodeOpInterface node) {
    if (isa<HostBoundaryOpInterface>(node.getOperation()) || !isUnquantized(node) || node->getNumResults() != 1 ||
        node->getNumRegions() > 1 || !isMemoryEffectFree(node))
      return false;
    return llvm::all_of(node->getOperands(), [&](Value operand) {
      Operation *before = operand.getDefiningOp();
      return before && before->getBlock() == node->getBlock() && constants.contains(before) &&
             staysRounded(before, node);
    });
  }

  /// Whether `node`, computed together with `before`, has the format that is requested for its operand, if any is.
  static bool staysRounded(Operation *before, NodeOpInterface node) {
    CalibratedOpInterface source = getFormatSource(before);
    if (!hasOwnFormat(source))
      return !hasOwnFormat(before);
    if (!isa<MovementOpInterface>(node.getOperation()))
      return false;
    // Blocks would hold other neighbours.
    Type request = source.getRequestedFormats().getValue();
    auto format = dyn_cast_or_null<NumberFormatTypeInterface>(request);
    return !isa<WeightedOpInterface>(source.getOperation()) && format && format.getBlockSize() == 1;
  }

  /// Folds a constant node that others than constant nodes use.
  void foldRoot(NodeOpInterface root) {
    if (root->use_empty())
      return root->erase(); // what read it has been folded
    if (isa<ConstantOpInterface>(root.getOperation()))
      return;
    if (llvm::all_of(root->getUsers(), [&](Operation *user) { return constants.contains(user); }))
      return; // folded with what reads it
    if (movesBlocks(root)) {
      root->emitRemark("not folded: in a constant, the blocks of the requested format would run along another "
                       "dimension");
      constants.erase(root);
      return;
    }
    SmallVector<Operation *> nodes = ConstantFunctions::collect(root);
    int64_t held = countHeld(nodes);
    int64_t result = countElements(root->getResult(0).getType());
    if (result - 4 * held > maxGrowth) {
      root->emitRemark("not folded: its result of ") << result << " elements is much larger than the " << held
                                                     << " elements that it is computed from; 'max-growth' allows more";
      constants.erase(root);
      ++numTooLarge;
      return;
    }
    ConstantOp::Properties properties;
    properties.param = ConstantFunctions(*symbols).outline(root, getNodeName(root), ":constant");
    OpBuilder builder(root);
    Type type = root->getResult(0).getType();
    replace(root, ConstantOp::create(builder, root.getLoc(), TypeRange(type), ValueRange(), properties), numFolded);
  }

  /// Whether blocks of the format that is requested for `root` run along another dimension than those of a constant.
  static bool movesBlocks(NodeOpInterface root) {
    CalibratedOpInterface source = getFormatSource(root);
    QuantizationAttr request = source ? source.getRequestedFormats() : QuantizationAttr();
    auto format = dyn_cast_or_null<NumberFormatTypeInterface>(request ? request.getValue() : Type());
    return format && format.getBlockSize() > 1 && root.getChannelDim() != getInnermostDim(root->getResult(0).getType());
  }

  /// Elements of the model's parameters from which `nodes` are computed. A parameter that this pass made is counted by
  /// its sources: it may be large, and must not justify storing another large one.
  int64_t countHeld(ArrayRef<Operation *> nodes) {
    SetVector<ParamOp> params;
    params.insert_range(collectParams(nodes));
    int64_t held = 0;
    for (size_t i = 0; i < params.size(); ++i) {
      ParamOp param = params[i];
      DerivationAttr derivation = param.getDerivationAttr();
      if (!derivation) {
        held += countElements(param.getType());
        continue;
      }
      for (FlatSymbolRefAttr source : derivation.getSources())
        if (ParamOp before = lookupParam(param, source))
          params.insert(before);
      if (auto function = derivation.getFunction() ? symbols->lookup<func::FuncOp>(derivation.getFunction().getAttr())
                                                   : func::FuncOp())
        function.walk([&](NodeOpInterface node) { params.insert_range(collectParams(node.getOperation())); });
    }
    return held;
  }

  /// The parameters that `nodes` read.
  static SmallVector<ParamOp> collectParams(ArrayRef<Operation *> nodes) {
    SetVector<ParamOp> params;
    for (Operation *node : nodes)
      for (const ParameterUse &use : cast<NodeOpInterface>(node).getParameters())
        if (ParamOp param = lookupParam(node, use.symbol))
          params.insert(param);
    return params.takeVector();
  }

  SymbolTable *symbols = nullptr;
  llvm::DenseSet<Operation *> constants;
};
} // namespace

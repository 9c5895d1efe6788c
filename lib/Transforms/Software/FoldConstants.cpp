//===- FoldConstants.cpp - What no sample changes is computed once --------===//
//
// A node is constant when all that it reads is. The last constant node before
// others use it becomes a parameter, computed from the model's own by a private
// function that holds the nodes: values are known in Python alone, and stay
// differentiable there. Numbers that are the same everywhere are computed here.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SetVector.h"

namespace xplat {
#define GEN_PASS_DEF_FOLDCONSTANTS
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

/// The result of a node whose every operand is one number everywhere; none when its arithmetic has no folder.
static std::optional<double> evaluateScalar(ElementwiseOpInterface node, ArrayRef<double> operands) {
  Block block;
  OpBuilder builder(node.getContext());
  builder.setInsertionPointToStart(&block);
  SmallVector<Value> values;
  for (double operand : operands)
    values.push_back(arith::ConstantOp::create(builder, node.getLoc(), builder.getF32FloatAttr(operand)));
  Value result = node.buildScalar(builder, node.getLoc(), values);
  llvm::DenseMap<Value, Attribute> known;
  for (Operation &op : block) {
    SmallVector<Attribute> inputs;
    for (Value operand : op.getOperands())
      inputs.push_back(known.lookup(operand));
    SmallVector<OpFoldResult> folded;
    if (failed(op.fold(inputs, folded)) || folded.size() != 1)
      return std::nullopt;
    auto attribute = dyn_cast<Attribute>(folded[0]);
    known[op.getResult(0)] = attribute ? attribute : known.lookup(cast<Value>(folded[0]));
  }
  auto value = dyn_cast_or_null<FloatAttr>(known.lookup(result));
  return value ? std::optional(value.getValueAsDouble()) : std::nullopt;
}

namespace {
struct FoldConstants : xplat::impl::FoldConstantsBase<FoldConstants> {
  using FoldConstantsBase::FoldConstantsBase;

  void runOnOperation() override {
    SymbolTable table(getOperation());
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
    if (node->getNumOperands() == 0 || !isUnquantized(node) ||
        !getDataElement(node->getResult(0).getType()).isF32())
      return {};
    SmallVector<double> operands;
    for (Value operand : node->getOperands()) {
      std::optional<double> value = getUniformValue(operand);
      if (!value || !getDataElement(operand.getType()).isF32())
        return {};
      operands.push_back(*value);
    }
    std::optional<double> value;
    if (auto elementwise = dyn_cast<ElementwiseOpInterface>(node.getOperation()))
      value = evaluateScalar(elementwise, operands);
    else if (isa<MovementOpInterface>(node.getOperation()))
      value = operands[0];
    if (!value)
      return {};
    OpBuilder builder(node);
    SplatOp::Properties properties;
    properties.value = builder.getF64FloatAttr(*value);
    return replace(node, SplatOp::create(builder, node.getLoc(), node->getResultTypes(), ValueRange(), properties),
                   numUniform);
  }

  /// Puts `constant` in the place of `node`, with its wishes.
  NodeOpInterface replace(NodeOpInterface node, Operation *constant, Statistic &statistic) {
    auto before = dyn_cast<CalibratedOpInterface>(node.getOperation()), after = cast<CalibratedOpInterface>(constant);
    if (before) {
      if (FloatAttr absmax = before.getCalibratedAbsmax())
        after.setCalibratedAbsmax(absmax);
      if (QuantizationAttr wish = before.getWishedFormats())
        after.setWishedFormats(wish);
    }
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
      return operand.getDefiningOp() && constants.contains(operand.getDefiningOp());
    });
  }

  /// The nodes that compute the operand of `root`, and itself, in order.
  static SmallVector<Operation *> collectSubgraph(Operation *root) {
    SetVector<Operation *> found;
    found.insert(root);
    for (size_t i = 0; i < found.size(); ++i)
      for (Value operand : found[i]->getOperands())
        found.insert(operand.getDefiningOp());
    SmallVector<Operation *> order = found.takeVector();
    llvm::sort(order, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
    return order;
  }

  /// Folds a constant node that others than constant nodes use.
  void foldRoot(NodeOpInterface root) {
    if (root->use_empty())
      return root->erase(); // what read it has been folded
    if (isa<ConstantOpInterface>(root.getOperation()))
      return;
    if (llvm::all_of(root->getUsers(), [&](Operation *user) { return constants.contains(user); }))
      return; // folded with what reads it
    SmallVector<Operation *> nodes = collectSubgraph(root);
    SmallVector<ParamOp> sources = collectSources(nodes);
    int64_t held = 0;
    for (ParamOp source : sources)
      held += countElements(source.getType());
    int64_t result = countElements(root->getResult(0).getType());
    if (result > 4 * held + maxGrowth) {
      root->emitRemark("not folded: its result of ")
          << result << " elements is much larger than what it is computed from, " << held
          << " elements; 'max-growth' allows more";
      constants.erase(root);
      ++numTooLarge;
      return;
    }
    outline(root, nodes, sources);
  }

  /// The parameters that constants among `nodes` stand for.
  static SmallVector<ParamOp> collectSources(ArrayRef<Operation *> nodes) {
    SetVector<ParamOp> sources;
    for (Operation *node : nodes)
      if (isa<ConstantOpInterface>(node))
        for (const ParameterUse &use : cast<NodeOpInterface>(node).getParameters())
          if (ParamOp param = lookupParam(node, use.symbol))
            sources.insert(param);
    return sources.takeVector();
  }

  void outline(NodeOpInterface root, ArrayRef<Operation *> nodes, ArrayRef<ParamOp> sources) {
    OpBuilder builder(&getContext());
    SmallVector<Type> types;
    SmallVector<FlatSymbolRefAttr> names;
    for (ParamOp source : sources) {
      types.push_back(source.getType());
      names.push_back(FlatSymbolRefAttr::get(source.getSymNameAttr()));
    }
    Type type = root->getResult(0).getType();
    std::string name = getNodeName(root);
    auto function = func::FuncOp::create(builder, root.getLoc(), name + ":function", builder.getFunctionType(types, type));
    function.setPrivate();
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToEnd(body);
    IRMapping mapping;
    for (Operation *node : nodes) {
      auto uses = cast<NodeOpInterface>(node).getParameters();
      auto source = isa<ConstantOpInterface>(node) && !uses.empty() ? llvm::find(names, uses[0].symbol) : names.end();
      if (source != names.end())
        mapping.map(node->getResult(0), body->getArgument(source - names.begin()));
      else
        builder.clone(*node, mapping);
    }
    func::ReturnOp::create(builder, root.getLoc(), mapping.lookup(root->getResult(0)));
    FlatSymbolRefAttr symbol = insertBeside(root, function, *symbols);

    auto derivation = DerivationAttr::get(&getContext(), DerivationKind::evaluate, names, {}, {}, {}, symbol);
    FlatSymbolRefAttr param =
        addDerivedParam(root, root.getLoc(), name + ":constant", type, derivation, *symbols);
    builder.setInsertionPoint(root);
    ConstantOp::Properties properties;
    properties.param = param;
    replace(root, ConstantOp::create(builder, root.getLoc(), TypeRange(type), ValueRange(), properties), numFolded);
  }

  SymbolTable *symbols = nullptr;
  llvm::DenseSet<Operation *> constants;
};
} // namespace

//===- FoldBatchNorm.cpp - Channel scales into the weights before them ----===//
//
// A node that scales and shifts every channel by constants disappears when the
// node before it has weights and no other consumer: new parameters, derived
// from the old ones, do both. The values are computed later, in Python.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Passes.h"

#include "mlir/IR/Builders.h"

namespace xplat {
#define GEN_PASS_DEF_FOLDBATCHNORM
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct FoldBatchNorm : xplat::impl::FoldBatchNormBase<FoldBatchNorm> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<ChannelAffineOpInterface> affine;
    getOperation().walk([&](ChannelAffineOpInterface op) { affine.push_back(op); });
    for (ChannelAffineOpInterface op : affine)
      fold(op, symbols);
  }

private:
  /// The node whose weights can do the work of `op`; null, with a remark, when there is none.
  WeightedOpInterface findProducer(ChannelAffineOpInterface op) {
    Value operand = op->getOperand(0);
    auto producer = operand.getDefiningOp<WeightedOpInterface>();
    if (!producer) {
      auto remark = op->emitRemark("not folded: its operand comes from no node with weights");
      if (Operation *definition = operand.getDefiningOp())
        remark.attachNote(definition->getLoc()) << "the operand comes from here";
      return {};
    }
    if (!operand.hasOneUse()) {
      auto remark = op->emitRemark("not folded: its operand has ") << llvm::range_size(operand.getUses()) << " uses";
      for (Operation *user : operand.getUsers())
        if (user != op.getOperation())
          remark.attachNote(user->getLoc()) << "also used here";
      return {};
    }
    if (producer.getResultChannelDim() != 1) {
      op->emitRemark("not folded: the weight before it indexes dimension ")
          << producer.getResultChannelDim() << " but the scale is along dimension 1";
      return {};
    }
    for (FlatSymbolRefAttr symbol : {producer.getWeightRef(), producer.getBiasRef()})
      if (ParamOp param = lookupParam(op, symbol);
          param && !cast<RankedTensorType>(param.getType()).getElementType().isF32()) {
        op->emitRemark("not folded: parameter ") << symbol << " is no longer a tensor of f32 but " << param.getType();
        return {};
      }
    return producer;
  }

  void fold(ChannelAffineOpInterface op, SymbolTable &symbols) {
    WeightedOpInterface producer = findProducer(op);
    if (!producer)
      return;
    OpBuilder builder(&getContext());
    FlatSymbolRefAttr weight = producer.getWeightRef(), bias = producer.getBiasRef();
    auto weightType = cast<RankedTensorType>(lookupParam(producer, weight).getType());
    auto biasType = RankedTensorType::get({weightType.getDimSize(0)}, weightType.getElementType());
    std::string biasName = bias ? bias.getValue().str() : getNodeName(producer) + ".bias";

    auto add = [&](StringRef name, Type type, DerivationAttr derivation) {
      auto param = ParamOp::create(builder, op->getLoc(), builder.getStringAttr(name + ":folded"), derivation,
                                   DenseF64ArrayAttr(), TypeAttr::get(type));
      // Beside the graph, before it: parameters stand where the old ones do.
      Operation *graph = op->getParentOp();
      while (graph->getParentOp() != getOperation())
        graph = graph->getParentOp();
      return FlatSymbolRefAttr::get(symbols.insert(param, graph->getIterator()));
    };
    producer.setWeightRef(add(weight.getValue(), weightType, op.getWeightDerivation(weight)));
    producer.setBiasRef(add(biasName, biasType, op.getBiasDerivation(bias)));

    // The node now produces what `op` produced.
    auto after = dyn_cast<CalibratedOpInterface>(op.getOperation());
    if (auto before = dyn_cast<CalibratedOpInterface>(producer.getOperation()); before && after)
      before.setCalibratedAbsmax(after.getCalibratedAbsmax());
    op->getResult(0).replaceAllUsesWith(op->getOperand(0));
    op->erase();
    ++numFolded;
  }
};
} // namespace

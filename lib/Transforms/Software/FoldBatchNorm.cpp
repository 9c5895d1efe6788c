//===- FoldBatchNorm.cpp - Channel scales into the weights before them ----===//
//
// A node that scales and shifts every channel by constants disappears when the
// node before it has weights and no other consumer: new parameters, derived
// from the old ones, do both. The values are computed later, in Python. Where
// there is no such node, a depthwise convolution of one pixel takes its place.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
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
    walkGraph<ChannelAffineOpInterface>(getOperation(),
                                        [&](ChannelAffineOpInterface op) { affine.push_back(op); });
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
    if (isMapped(cast<NodeOpInterface>(producer.getOperation()))) {
      auto remark = op->emitRemark("not folded: the node before it is mapped already");
      remark.attachNote(producer->getLoc()) << "mapped here";
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
    if (producer.getWeightChannelDim() != 0) {
      op->emitRemark("not folded: dimension ") << producer.getWeightChannelDim()
                                               << " of the weight before it has the channels, not dimension 0";
      return {};
    }
    Type before = operand.getType(), after = op->getResult(0).getType();
    if (before != after || !getDataElement(after).isF32()) {
      op->emitRemark("not folded: expected f32 before and after it but got ") << before << " and " << after;
      return {};
    }
    if (isRoundedBefore(producer)) {
      auto remark = op->emitRemark("not folded: what it scales shall be rounded, or the weight before it with scales "
                                   "that hold for that weight alone");
      remark.attachNote(producer->getLoc()) << "wished here";
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

  /// Whether the node wishes a format for its result, or scales for its weight as it is. A format whose scales follow
  /// from the weight serves the folded one as well.
  static bool isRoundedBefore(Operation *producer) {
    auto calibrated = dyn_cast<CalibratedOpInterface>(producer);
    QuantizationAttr wish = calibrated ? calibrated.getWishedFormats() : QuantizationAttr();
    return wish && ((wish.getValue() && !wish.getValue().isF32()) ||
                    isa_and_nonnull<quant::QuantizedType>(wish.getWeight()));
  }

  /// Declares a derived parameter beside the graph, before it.
  FlatSymbolRefAttr addParam(ChannelAffineOpInterface op, const Twine &name, Type type, DerivationAttr derivation,
                             SymbolTable &symbols, SparsityAttr sparsity = {}) {
    return addDerivedParam(op, op->getLoc(), name + ":folded", type, derivation, symbols, sparsity);
  }

  void fold(ChannelAffineOpInterface op, SymbolTable &symbols) {
    if (isMapped(cast<NodeOpInterface>(op.getOperation()))) {
      op->emitRemark("not folded: it is mapped already");
      return;
    }
    if (WeightedOpInterface producer = findProducer(op))
      foldInto(producer, op, symbols);
    else
      replace(op, symbols);
  }

  void foldInto(WeightedOpInterface producer, ChannelAffineOpInterface op, SymbolTable &symbols) {
    FlatSymbolRefAttr weight = producer.getWeightRef(), bias = producer.getBiasRef();
    ParamOp origin = lookupParam(producer, weight);
    auto weightType = cast<RankedTensorType>(origin.getType());
    auto biasType = RankedTensorType::get({weightType.getDimSize(0)}, weightType.getElementType());
    std::string biasName = bias ? bias.getValue().str() : getNodeName(producer) + ".bias";
    // A factor for each slice keeps zeros.
    producer.setWeightRef(addParam(op, weight.getValue(), weightType, op.getWeightDerivation(weight), symbols,
                                   origin.getSparsityAttr()));
    producer.setBiasRef(addParam(op, biasName, biasType, op.getBiasDerivation(bias), symbols));

    // The node now produces what `op` produced.
    auto after = dyn_cast<CalibratedOpInterface>(op.getOperation());
    if (auto before = dyn_cast<CalibratedOpInterface>(producer.getOperation()); before && after) {
      before.setCalibratedAbsmax(after.getCalibratedAbsmax());
      before.setWishedFormats(combineWishes(after.getWishedFormats(), before.getWishedFormats()));
    }
    op->getResult(0).replaceAllUsesWith(op->getOperand(0));
    op->erase();
    ++numFolded;
  }

  /// What `value` wishes for the result, and `weight` for the weight.
  QuantizationAttr combineWishes(QuantizationAttr value, QuantizationAttr weight) {
    Type ofValue = value ? value.getValue() : Type(), ofWeight = weight ? weight.getWeight() : Type();
    BoolAttr perChannel = weight ? weight.getPerChannel() : BoolAttr();
    if (!ofValue && !ofWeight && !perChannel)
      return {};
    return QuantizationAttr::get(&getContext(), ofValue, ofWeight, perChannel);
  }

  /// A scale and a shift per channel are a depthwise convolution of one pixel;
  /// a vector is an image of one.
  void replace(ChannelAffineOpInterface op, SymbolTable &symbols) {
    auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
    if (!type || (type.getRank() != 4 && type.getRank() != 2) || !type.getElementType().isF32() ||
        op->getOperand(0).getType() != type)
      return;
    if (type.getDimSize(0) != 1) {
      op->emitRemark("not replaced by a convolution: expected one sample but got ") << type.getDimSize(0);
      return;
    }
    int64_t channels = type.getDimSize(1);
    auto weightType = RankedTensorType::get({channels, 1, 1, 1}, type.getElementType());
    auto biasType = RankedTensorType::get({channels}, type.getElementType());
    std::string name = getNodeName(op);
    FlatSymbolRefAttr weight = addParam(op, name + ".scale", weightType, op.getWeightDerivation({}), symbols);
    FlatSymbolRefAttr bias = addParam(op, name + ".shift", biasType, op.getBiasDerivation({}), symbols);
    OpBuilder builder(op);
    DepthwiseConv2DOp::Properties properties;
    properties.weight = weight;
    properties.bias = bias;
    properties.stride = builder.getDenseI64ArrayAttr({1, 1});
    properties.padding = builder.getDenseI64ArrayAttr({0, 0});
    bool isVector = type.getRank() == 2;
    auto imageType = isVector ? RankedTensorType::get({1, channels, 1, 1}, type.getElementType()) : type;
    auto reshaped = [&](Value value, Type to) -> Value {
      if (!isVector)
        return value;
      return ReshapeOp::create(builder, op->getLoc(), TypeRange(to), ValueRange(value), ReshapeOp::Properties());
    };
    auto scale = DepthwiseConv2DOp::create(builder, op->getLoc(), TypeRange(imageType),
                                           ValueRange(reshaped(op->getOperand(0), imageType)), properties);
    copyCalibration(op, scale);
    // Where the result is left as it is, so is what it is computed from.
    if (QuantizationAttr wish = scale.getQuantizationAttr(); wish && wish.getValue() && wish.getValue().isF32())
      scale.setQuantizationAttr(
          QuantizationAttr::get(&getContext(), wish.getValue(), wish.getValue(), wish.getPerChannel()));
    op->getResult(0).replaceAllUsesWith(reshaped(scale.getResult(), type));
    op->erase();
    ++numReplaced;
  }
};
} // namespace

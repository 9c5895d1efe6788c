//===- Quantize.cpp - From f32 to fixed point -----------------------------===//
//
// Every value and every parameter gets a power-of-two fixed-point format that
// just holds the largest magnitude seen in calibration: the largest F with
// absmax <= (2^(W-1) - 1) · 2^-F.
//
// Formats flow backwards through nodes that only select among their operand's
// elements (relu, max_pool2d, reshape), because rounding and saturation may
// happen before them as well as after: a convolution before a relu spends no
// range on values that the relu drops, and nothing is rounded twice.
//
// A weight's F is lowered where its bias would not fit 32 bits at the
// accumulator's scale, or where the result would need a shift outside
// [-32, 31], which is what the kernels have.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Passes.h"

#include "mlir/IR/Builders.h"

#include <cmath>

namespace xplat {
#define GEN_PASS_DEF_QUANTIZE
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
constexpr unsigned biasWidth = 32;
constexpr int64_t minShift = -32, maxShift = 31;
/// Keeps scales normal numbers of f32, whatever a degenerate model holds.
constexpr int64_t maxFractionalBits = 60;

/// The largest F at which `absmax` fits `width` signed bits; W - 1 for zero.
int64_t fittingFractionalBits(double absmax, unsigned width) {
  if (absmax == 0)
    return width - 1;
  double limit = std::ldexp(1.0, width - 1) - 1;
  int64_t bits = static_cast<int64_t>(std::floor(std::log2(limit / absmax)));
  while (std::ldexp(absmax, bits) > limit)
    --bits;
  while (std::ldexp(absmax, bits + 1) <= limit)
    ++bits;
  return std::clamp(bits, -maxFractionalBits, maxFractionalBits);
}

int64_t storageMin(unsigned width) { return quant::QuantizedType::getDefaultMinimumForInteger(true, width); }
int64_t storageMax(unsigned width) { return quant::QuantizedType::getDefaultMaximumForInteger(true, width); }

/// Fixed point of `width` bits with one F, or one for each slice along dimension 0.
Type makeFormat(MLIRContext *context, unsigned width, ArrayRef<int64_t> fractionalBits, bool perChannel) {
  Type storage = IntegerType::get(context, width), expressed = Float32Type::get(context);
  SmallVector<double> scales;
  for (int64_t bits : fractionalBits)
    scales.push_back(std::ldexp(1.0, -bits));
  if (!perChannel)
    return quant::UniformQuantizedType::get(quant::QuantizationFlags::Signed, storage, expressed, scales[0], 0,
                                            storageMin(width), storageMax(width));
  return quant::UniformQuantizedPerAxisType::get(quant::QuantizationFlags::Signed, storage, expressed, scales,
                                                 SmallVector<int64_t>(scales.size(), 0), 0, storageMin(width),
                                                 storageMax(width));
}

struct Quantize : xplat::impl::QuantizeBase<Quantize> {
  using QuantizeBase::QuantizeBase;

  void runOnOperation() override {
    for (auto [value, name] : {std::pair(width.getValue(), "width"), {weightWidth.getValue(), "weight-width"}})
      if (value < 2 || value > 16) {
        getOperation().emitError("expected '") << name << "' between 2 and 16 bits but got " << value;
        return signalPassFailure();
      }
    SymbolTable table(getOperation());
    symbols = &table;
    params.clear();
    demands.clear();
    SmallVector<NodeOpInterface> nodes;
    getOperation().walk([&](NodeOpInterface node) { nodes.push_back(node); });
    // Backwards for what each value has to hold, forwards for the formats.
    for (NodeOpInterface node : llvm::reverse(nodes))
      collectDemand(node);
    for (NodeOpInterface node : nodes)
      if (failed(quantize(node)))
        return signalPassFailure();
  }

private:
  /// Notes the magnitude that the result of `node` has to hold, where known.
  void collectDemand(NodeOpInterface node) {
    auto calibrated = dyn_cast<CalibratedOpInterface>(node.getOperation());
    if (!calibrated)
      return;
    Value result = node->getResult(0);
    double demand = 0;
    bool all = !result.use_empty();
    for (Operation *user : result.getUsers()) {
      auto selecting = dyn_cast<CalibratedOpInterface>(user);
      auto known = selecting && selecting.keepsFormat() ? demands.find(user->getResult(0)) : demands.end();
      if (known == demands.end())
        all = false;
      else
        demand = std::max(demand, known->second);
    }
    if (all)
      demands[result] = demand;
    else if (FloatAttr own = calibrated.getCalibratedAbsmax())
      demands[result] = own.getValueAsDouble();
  }

  LogicalResult quantize(NodeOpInterface node) {
    if (auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation()); boundary && !boundary.isInput())
      return success();
    auto calibrated = dyn_cast<CalibratedOpInterface>(node.getOperation());
    if (!calibrated)
      return node->emitOpError("has no rule for its number format: it does not implement CalibratedOpInterface");
    auto weighted = dyn_cast<WeightedOpInterface>(node.getOperation());
    if (!weighted && !node.getParameters().empty())
      return node->emitOpError("has parameters and was not folded into the weights before it, so it has no fixed-point "
                               "form; in the model, put a convolution or linear layer with no other consumer before it");
    Value result = node->getResult(0);
    if (!getDataElement(result.getType()).isF32())
      return node->emitOpError("expected a result of f32 but got ")
             << result.getType() << ": the graph is quantized already";
    if (calibrated.keepsFormat()) {
      result.setType(withElement(result.getType(), getDataElement(node->getOperand(0).getType())));
      return success();
    }
    auto demand = demands.find(result);
    if (demand == demands.end())
      return node->emitOpError("has no 'absmax', from which its number format would follow; calibrate the graph first");
    if (!std::isfinite(demand->second) || demand->second < 0)
      return node->emitOpError("expected a finite 'absmax' that is not negative but got ") << demand->second;
    int64_t bits = fittingFractionalBits(demand->second, width);
    result.setType(withElement(result.getType(), makeFormat(&getContext(), width, bits, false)));
    ++numValues;
    return weighted ? quantizeParams(weighted, bits) : success();
  }

  /// Largest magnitude of each slice of `symbol`, or of the whole when not per channel.
  FailureOr<SmallVector<double>> getAbsmax(Operation *user, FlatSymbolRefAttr symbol) {
    ParamOp param = lookupParam(user, symbol);
    auto type = cast<RankedTensorType>(param.getType());
    if (!type.getElementType().isF32())
      return user->emitOpError("expected parameter ") << symbol << " to be a tensor of f32 but got " << type;
    std::optional<ArrayRef<double>> absmax = param.getAbsmax();
    if (!absmax || absmax->empty())
      return user->emitOpError("needs parameter ")
             << symbol << ", which has no 'absmax', from which its number format would follow; calibrate the graph first";
    if (!llvm::all_of(*absmax, [](double value) { return std::isfinite(value); }))
      return user->emitOpError("expected a finite 'absmax' of parameter ") << symbol;
    return SmallVector<double>(*absmax);
  }

  LogicalResult quantizeParams(WeightedOpInterface op, int64_t resultBits) {
    FailureOr<SmallVector<double>> weight = getAbsmax(op, op.getWeightRef());
    if (failed(weight))
      return failure();
    SmallVector<double> bias;
    if (op.getBiasRef()) {
      FailureOr<SmallVector<double>> found = getAbsmax(op, op.getBiasRef());
      if (failed(found))
        return failure();
      bias = *found;
    }
    auto input = cast<NumberFormatTypeInterface>(getDataElement(op->getOperand(0).getType()));
    int64_t inputBits = input.getFractionalBits(0);
    double whole = *llvm::max_element(*weight);
    bool slices = perChannel && weight->size() > 1;
    if (!slices)
      *weight = {whole};
    if (!slices || bias.size() != weight->size())
      if (!bias.empty())
        bias.assign(weight->size(), *llvm::max_element(bias));

    SmallVector<int64_t> weightBits, accumulatorBits;
    for (auto [index, absmax] : llvm::enumerate(*weight)) {
      // A slice of zeros fits any format: it takes that of the whole.
      int64_t bits = fittingFractionalBits(absmax == 0 ? whole : absmax, weightWidth);
      if (!bias.empty() && bias[index] != 0)
        bits = std::min(bits, fittingFractionalBits(bias[index], biasWidth) - inputBits);
      bits = std::clamp(bits, minShift + resultBits - inputBits, maxShift + resultBits - inputBits);
      weightBits.push_back(bits);
      accumulatorBits.push_back(bits + inputBits);
    }
    op.setWeightRef(addParam(op, op.getWeightRef(), makeFormat(&getContext(), weightWidth, weightBits, slices),
                             weightWidth));
    if (op.getBiasRef())
      op.setBiasRef(addParam(op, op.getBiasRef(), makeFormat(&getContext(), biasWidth, accumulatorBits, slices),
                             biasWidth));
    return success();
  }

  /// The parameter that holds `source` in `format`; nodes that agree share it.
  FlatSymbolRefAttr addParam(Operation *user, FlatSymbolRefAttr source, Type format, unsigned bits) {
    FlatSymbolRefAttr &known = params[{source, format}];
    if (known)
      return known;
    OpBuilder builder(&getContext());
    ParamOp origin = lookupParam(user, source);
    auto type = RankedTensorType::get(cast<RankedTensorType>(origin.getType()).getShape(), format);
    auto derivation = DerivationAttr::get(&getContext(), DerivationKind::quantize, {source}, {}, {}, {}, {});
    auto param = ParamOp::create(builder, origin.getLoc(),
                                 builder.getStringAttr(source.getValue() + ":i" + Twine(bits)), derivation,
                                 DenseF64ArrayAttr(), origin.getSparsityAttr(), TypeAttr::get(type));
    Operation *graph = user->getParentOp();
    while (graph->getParentOp() != getOperation())
      graph = graph->getParentOp();
    ++numParams;
    return known = FlatSymbolRefAttr::get(symbols->insert(param, graph->getIterator()));
  }

  SymbolTable *symbols = nullptr;
  llvm::DenseMap<std::pair<Attribute, Type>, FlatSymbolRefAttr> params;
  llvm::DenseMap<Value, double> demands;
};
} // namespace

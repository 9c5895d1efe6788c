//===- Quantize.cpp - From f32 to number formats --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every value and every parameter gets the format that is requested for its
// node, or else 8 bits of fixed point. Fixed point gets the smallest
// power-of-two scale that holds the largest magnitude seen in calibration: the
// largest F with absmax <= (2^(W-1) - 1) · 2^-F. Other formats are taken as they
// are. The node says along which dimension the blocks of a block format run.
//
// A weight's F is lowered if its bias would not fit 32 bits at the accumulator's
// scale, or if the result would need a shift outside [-32, 31], the range of the
// kernels (`weightFractionalBits`; the PT2E quantizer calls it, too). A weight
// with a requested format keeps it; then a bias that does not fit is an error.
// A bias of products of blocks is on their accumulator's grid, any other is f32.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Software/Accumulators.h"
#include "Transforms/Software/Passes.h"
#include "Transforms/Software/RequestedFormats.h"
#include "Transforms/Software/ResultRanges.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Builders.h"

#include <cmath>

namespace xplat {
#define GEN_PASS_DEF_QUANTIZE
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
/// Bits of parameters other than weights: gammas, betas.
constexpr unsigned otherWidth = 16;

struct Quantize : xplat::impl::QuantizeBase<Quantize> {
  using QuantizeBase::QuantizeBase;

  void runOnOperation() override {
    SymbolScope scope(getOperation());
    SymbolTable &table = scope.getTable();
    symbols = &table;
    params.clear();
    SmallVector<NodeOpInterface> nodes;
    walkGraph<NodeOpInterface>(getOperation(), [&](NodeOpInterface node) { nodes.push_back(node); });
    ranges = ResultRanges(nodes);
    for (NodeOpInterface node : nodes)
      if (failed(quantize(node)))
        return signalPassFailure();
    if (getOperation().walk(checkReturn).wasInterrupted())
      return signalPassFailure();
    for (NodeOpInterface node : nodes)
      eraseIdentity(node);
  }

private:
  //===--------------------------------------------------------------------===//
  // Values
  //===--------------------------------------------------------------------===//

  /// The dimension along which blocks of the result run: that of the operand where every element stays in its place.
  static int64_t getBlockAxis(NodeOpInterface node) {
    if (isa<ElementwiseOpInterface>(node.getOperation()))
      for (Value operand : node->getOperands()) {
        auto format = cast<NumberFormatTypeInterface>(getDataElement(operand.getType()));
        if (format.getBlockSize() > 1)
          return format.getBlockAxis();
      }
    return node.getChannelDim();
  }

  /// The format of the operand if the node keeps it; null if the node gets one of its own.
  static Type getKeptFormat(NodeOpInterface node, CalibratedOpInterface calibrated, const FormatRequest &request) {
    if (!calibrated.keepsFormat() || isa<IntegerType>(getDataElement(node->getOperand(0).getType())))
      return {};
    auto format = cast<NumberFormatTypeInterface>(getDataElement(node->getOperand(0).getType()));
    Type kept = format.withBlockAxis(getBlockAxis(node));
    // Moving elements does not round. A node that computes rounds if a format is requested for it.
    if (!isa<ElementwiseOpInterface>(node.getOperation()) || !request.ownValue)
      return kept;
    bool same = isWidth(request.value)
                    ? format.isFixedPoint() && format.getBitsPerElement() == request.value.getIntOrFloatBitWidth() &&
                          !(format.isUnsigned() ? request.value.isSignedInteger() : request.value.isUnsignedInteger())
                    : cast<NumberFormatTypeInterface>(request.value).withBlockAxis(-1) == format.withBlockAxis(-1);
    return same ? kept : Type();
  }

  /// Blocks need a dimension to run along.
  static LogicalResult checkBlocks(NodeOpInterface node, Type format) {
    int64_t rank = getDataShape(node->getResult(0).getType()).size();
    if (xplat::detail::hasBlockAxis(format, rank))
      return success();
    return node->emitOpError("has a result of rank ")
           << rank << ", which has no dimension for the blocks of " << format
           << "; request a format without blocks, such as i8 or f32, for it or for the node whose elements it selects";
  }

  /// Removes a node that has nothing left to do in the format of its operand.
  static void eraseIdentity(NodeOpInterface node) {
    SmallVector<OpFoldResult, 1> results;
    auto calibrated = dyn_cast<CalibratedOpInterface>(node.getOperation());
    if (!calibrated || !calibrated.keepsFormat() || failed(node->fold(results)) || results.size() != 1)
      return;
    if (auto value = dyn_cast<Value>(results.front())) {
      node->getResult(0).replaceAllUsesWith(value);
      node->erase();
    }
  }

  /// Results of the graph have to leave through the host interface, which returns f32.
  static WalkResult checkReturn(func::ReturnOp op) {
    ArrayRef<Type> expected = cast<func::FuncOp>(op->getParentOp()).getResultTypes();
    for (auto [index, type] : llvm::enumerate(op.getOperandTypes()))
      if (type != expected[index])
        return op.emitOpError("expected results that leave the graph as f32, through a host boundary, but result ")
               << index << " is " << type;
    return WalkResult::advance();
  }

  LogicalResult quantize(NodeOpInterface node) {
    if (auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation()); boundary && !boundary.isInput())
      return success();
    auto calibrated = dyn_cast<CalibratedOpInterface>(node.getOperation());
    if (!calibrated)
      return node->emitOpError("has no rule for its number format: it does not implement CalibratedOpInterface");
    Value result = node->getResult(0);
    if (isa<IntegerType>(getDataElement(result.getType()))) { // indices, counts and masks are exact
      result.setType(withElement(result.getType(), getIndexType(node)));
      return success();
    }
    if (isa<ChannelAffineOpInterface>(node.getOperation()))
      return node->emitOpError(
          "has parameters and was not folded into the weights before it, so it has no number "
          "format; in the model, put a convolution or linear layer with no other consumer before it");
    if (!getDataElement(result.getType()).isF32())
      return node->emitOpError("expected a result of f32 but got ")
             << result.getType() << ": the graph is quantized already";
    FormatRequest request = FormatRequest::of(calibrated);
    auto emitError = [&]() { return node->emitOpError(); };
    if (failed(checkRequest(request.value, "a result", /*ofWeight=*/false, emitError)) ||
        failed(checkRequest(request.weight, "a weight", /*ofWeight=*/true, emitError)))
      return failure();
    if (Type kept = getKeptFormat(node, calibrated, request)) {
      if (failed(checkBlocks(node, kept)))
        return failure();
      result.setType(withElement(result.getType(), kept));
      return success();
    }
    FailureOr<Type> format = getFormat(node, calibrated, request.value);
    if (failed(format))
      return failure();
    if (!format->isF32()) {
      result.setType(withElement(result.getType(), *format));
      ++numValues;
    }
    if (auto weighted = dyn_cast<WeightedOpInterface>(node.getOperation()))
      return quantizeWeights(weighted, request);
    setAccumulator(node);
    return quantizeOthers(node, calibrated);
  }

  /// The type of integers that `node` gives: what enters the system has as many bits as its readers need, positions as
  /// many as they need.
  static Type getIndexType(NodeOpInterface node) {
    Type type = getDataElement(node->getResult(0).getType());
    if (isa<MovementOpInterface>(node.getOperation()))
      return getDataElement(node->getOperand(0).getType());
    unsigned bits = type.getIntOrFloatBitWidth();
    if (auto positioned = dyn_cast<PositionOpInterface>(node.getOperation())) {
      if (std::optional<int64_t> count = positioned.countPositions())
        bits = xplat::detail::getPositionBits(*count);
    } else if (isa<HostBoundaryOpInterface>(node.getOperation())) {
      if (std::optional<xplat::detail::TableRows> rows = xplat::detail::countSelectedRows(node->getResult(0)))
        bits = xplat::detail::getPositionBits(rows->most);
    }
    return bits < type.getIntOrFloatBitWidth() ? IntegerType::get(type.getContext(), bits) : type;
  }

  /// The format that the result of `node` gets when `request` is requested.
  FailureOr<Type> getFormat(NodeOpInterface node, CalibratedOpInterface calibrated, Type request) {
    if (!isWidth(request)) {
      Type format = cast<NumberFormatTypeInterface>(request).withBlockAxis(getBlockAxis(node));
      if (cast<NumberFormatTypeInterface>(format).isPerChannel())
        return node->emitOpError("expected a format with one scale for its result but got ") << format;
      if (failed(checkBlocks(node, format)))
        return failure();
      return format;
    }
    Value result = node->getResult(0);
    std::optional<double> demand = ranges.getMagnitude(result);
    if (!demand)
      return node->emitOpError("expected an 'absmax', which determines the number format; calibrate the graph first");
    // An infinite constant of a mask saturates, and is still far beyond any other number.
    bool mayBeInfinite = calibrated.selectsParameter() || isa<ConstantOpInterface>(node.getOperation());
    if (std::isnan(*demand) || (std::isinf(*demand) && !mayBeInfinite) || *demand < 0)
      return node->emitOpError("expected a finite 'absmax' that is not negative but got ") << *demand;
    FixedWidth bits(request.getIntOrFloatBitWidth(),
                    request.isUnsignedInteger() || (!request.isSignedInteger() && ranges.needsNoSign(result)));
    bool hides = mayBeInfinite && *demand >= hidingMagnitude;
    if (!hides && failed(checkMagnitude(*demand, bits, "its result", [&]() { return node->emitOpError(); })))
      return failure();
    return makeFormat(&getContext(), bits, fittingFractionalBits(*demand, bits), false);
  }

  //===--------------------------------------------------------------------===//
  // Parameters
  //===--------------------------------------------------------------------===//

  static LogicalResult checkFloat(Operation *user, FlatSymbolRefAttr symbol) {
    Type type = lookupParam(user, symbol).getType();
    if (!getDataElement(type).isF32())
      return user->emitOpError("expected parameter ") << symbol << " to be a tensor of f32 but got " << type;
    return success();
  }

  /// Largest magnitude of each slice of `symbol`, or of the whole where calibration says no more. `width` bits of fixed
  /// point hold it.
  FailureOr<SmallVector<double>> getAbsmax(Operation *user, FlatSymbolRefAttr symbol, unsigned width) {
    if (failed(checkFloat(user, symbol)))
      return failure();
    std::optional<ArrayRef<double>> absmax = lookupParam(user, symbol).getAbsmax();
    if (!absmax || absmax->empty())
      return user->emitOpError("expected parameter ")
             << symbol << " to have an 'absmax', which determines its number format; calibrate the graph first";
    if (!llvm::all_of(*absmax, [](double value) { return std::isfinite(value); }))
      return user->emitOpError("expected a finite 'absmax' of parameter ") << symbol;
    if (failed(checkMagnitude(*llvm::max_element(*absmax), width, ("parameter @" + symbol.getValue()).str(),
                              [&]() { return user->emitOpError(); })))
      return failure();
    return SmallVector<double>(*absmax);
  }

  /// Dimension of a weight along which blocks run: the one that products sum over, or the channels if that has
  /// extent 1.
  static int64_t getWeightBlockAxis(WeightedOpInterface op) {
    ArrayRef<int64_t> shape = getDataShape(lookupParam(op, op.getWeightRef()).getType());
    if (shape.size() == 1)
      return 0;
    int64_t summed = op.getWeightChannelDim() == 0 ? 1 : 0;
    return shape[summed] == 1 ? 1 - summed : summed;
  }

  /// Whether the weight of `op` can be of signs: their scales are known, and no number has to be zero that cannot.
  static LogicalResult checkSigns(WeightedOpInterface op, NumberFormatTypeInterface format) {
    if (format.getNumScales() == 0)
      return op->emitOpError("expected scales for weights of ")
             << format.getFormatName() << ", which follow from the weights; calibrate the graph first";
    if (format.getBitsPerElement() == 1 && lookupParam(op, op.getWeightRef()).getSparsityAttr())
      return op->emitOpError("has pruned weights, but ")
             << format.getFormatName() << " has no zero; request ternary weights, or leave them as they are";
    return success();
  }

  LogicalResult quantizeWeights(WeightedOpInterface op, const FormatRequest &request) {
    if (isWidth(request.weight))
      return quantizeToWidth(op, request);
    FlatSymbolRefAttr weight = op.getWeightRef();
    if (failed(checkFloat(op, weight)))
      return failure();
    if (request.weight.isF32())
      return success();
    Type format = cast<NumberFormatTypeInterface>(request.weight).withBlockAxis(getWeightBlockAxis(op));
    auto number = cast<NumberFormatTypeInterface>(format);
    if (number.holdsSigns() && failed(checkSigns(op, number)))
      return failure();
    bool perChannel = number.isPerChannel();
    auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(format);
    int64_t channels = getDataShape(lookupParam(op, weight).getType()).front();
    if (perChannel && (op.getWeightChannelDim() != 0 || (perAxis && perAxis.getQuantizedDimension() != 0) ||
                       number.getNumScales() != channels))
      return op->emitOpError("expected a weight format with one scale")
             << (op.getWeightChannelDim() == 0 ? ", or with one for each slice along dimension 0" : "") << ", but "
             << weight << " has " << lookupParam(op, weight).getType() << " and the format is " << format;
    op.setWeightRef(addParam(op, weight, format));
    auto fixed = asFixedPoint(format), input = asFixedPoint(getDataElement(op->getOperand(0).getType()));
    NumberFormatTypeInterface accumulator = setAccumulator(cast<NodeOpInterface>(op.getOperation()));
    if (!op.getBiasRef() || (!accumulator && (!fixed || !input)))
      return success();
    if (failed(checkFloat(op, op.getBiasRef())))
      return failure();
    if (accumulator)
      return quantizeBias(op, accumulator.getFractionalBits(0), false,
                          "calibrate with data that reaches further, so that the result has fewer fractional bits");
    // Both are within the limits of requested formats, so their sum is a scale too.
    SmallVector<int64_t> bits;
    for (int64_t index : llvm::seq(fixed.getNumScales()))
      bits.push_back(fixed.getFractionalBits(index) + input.getFractionalBits(0));
    return quantizeBias(op, bits, perChannel,
                        "request for the weight a larger scale, or a number of bits such as i8, which leaves the "
                        "scale to calibration; for a model from PT2E, prepare and convert it anew with "
                        "xplat.quantizer.XplatQuantizer");
  }

  /// Gives the bias these fractional bits, if it fits.
  LogicalResult quantizeBias(WeightedOpInterface op, ArrayRef<int64_t> bits, bool perChannel, StringRef remedy) {
    if (std::optional<ArrayRef<double>> absmax = lookupParam(op, op.getBiasRef()).getAbsmax();
        absmax && failed(checkBias(op, *absmax, bits, remedy)))
      return failure();
    op.setBiasRef(addParam(op, op.getBiasRef(), makeFormat(&getContext(), biasWidth, bits, perChannel)));
    return success();
  }

  /// Whether every slice of the bias fits `biasWidth` bits at the scale of its products.
  static LogicalResult checkBias(WeightedOpInterface op, ArrayRef<double> absmax, ArrayRef<int64_t> fractionalBits,
                                 StringRef remedy) {
    for (auto [index, value] : llvm::enumerate(absmax)) {
      ArrayRef<int64_t> bits = absmax.size() == fractionalBits.size() ? fractionalBits.slice(index, 1) : fractionalBits;
      double limit = largestFixedPoint(biasWidth, *llvm::max_element(bits));
      if (!(value > limit))
        continue;
      InFlightDiagnostic error = op->emitOpError("expected a bias of at most ")
                                 << limit << ", which is what i" << biasWidth
                                 << " holds at the scale of the products, 2^" << -*llvm::max_element(bits) << ", but "
                                 << op.getBiasRef() << " has ";
      if (absmax.size() > 1)
        error << "in channel " << index << " ";
      return error << value << "; " << remedy;
    }
    return success();
  }

  /// A weight of fixed point with scales by calibration, and its bias.
  LogicalResult quantizeToWidth(WeightedOpInterface op, const FormatRequest &request) {
    unsigned bitsOfWeight = request.weight.getIntOrFloatBitWidth();
    FailureOr<SmallVector<double>> weight = getAbsmax(op, op.getWeightRef(), bitsOfWeight);
    if (failed(weight))
      return failure();
    auto input = asFixedPoint(getDataElement(op->getOperand(0).getType()));
    auto result = asFixedPoint(getDataElement(op->getResult(0).getType()));
    SmallVector<double> bias;
    if (op.getBiasRef() && input) {
      FailureOr<SmallVector<double>> found = getAbsmax(op, op.getBiasRef(), biasWidth);
      if (failed(found))
        return failure();
      bias = *found;
    }
    bool slices = request.perChannel && weight->size() > 1 && op.getWeightChannelDim() == 0;
    if (!slices)
      *weight = {*llvm::max_element(*weight)};
    WeightLimits limits{bias, {}, {}};
    if (input)
      limits.operandBits = input.getFractionalBits(0);
    if (result)
      limits.resultBits = result.getFractionalBits(0);
    SmallVector<int64_t> weightBits = weightFractionalBits(*weight, bitsOfWeight, limits), accumulatorBits;
    for (int64_t bits : weightBits)
      accumulatorBits.push_back(bits + limits.operandBits.value_or(0));
    if (!bias.empty() && failed(checkBias(op, bias, accumulatorBits,
                                          "the result's range is too small beside it: calibrate with data that "
                                          "reaches further, or request for the weight a format such as f32")))
      return failure();
    op.setWeightRef(addParam(op, op.getWeightRef(), makeFormat(&getContext(), bitsOfWeight, weightBits, slices)));
    if (!bias.empty())
      op.setBiasRef(addParam(op, op.getBiasRef(), makeFormat(&getContext(), biasWidth, accumulatorBits, slices)));
    return success();
  }

  /// Parameters other than weights: those whose elements are copied have the result's format, all others 16 bits.
  LogicalResult quantizeOthers(NodeOpInterface node, CalibratedOpInterface calibrated) {
    Type result = getDataElement(node->getResult(0).getType());
    if (result.isF32())
      return success();
    llvm::DenseMap<Attribute, FlatSymbolRefAttr> replaced;
    for (const ParameterUse &use : node.getParameters()) {
      if (failed(checkFloat(node, use.symbol)))
        return failure();
      if (calibrated.selectsParameter()) {
        int64_t rank = getDataShape(lookupParam(node, use.symbol).getType()).size();
        auto format = cast<NumberFormatTypeInterface>(result);
        int64_t fromLast = getDataShape(node->getResult(0).getType()).size() - format.getBlockAxis();
        replaced[use.symbol] = addParam(node, use.symbol, format.withBlockAxis(rank - fromLast));
        continue;
      }
      FailureOr<SmallVector<double>> absmax = getAbsmax(node, use.symbol, otherWidth);
      if (failed(absmax))
        return failure();
      int64_t bits = fittingFractionalBits(*llvm::max_element(*absmax), otherWidth);
      replaced[use.symbol] = addParam(node, use.symbol, makeFormat(&getContext(), otherWidth, bits, false));
    }
    if (replaced.empty())
      return success();
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](FlatSymbolRefAttr symbol) -> std::optional<Attribute> {
      FlatSymbolRefAttr other = replaced.lookup(symbol);
      return other ? std::optional<Attribute>(other) : std::nullopt;
    });
    replacer.replaceElementsIn(node, /*replaceAttrs=*/true);
    return success();
  }

  /// The parameter that holds `source` in `format`; nodes that agree share it.
  FlatSymbolRefAttr addParam(Operation *user, FlatSymbolRefAttr source, Type format) {
    FlatSymbolRefAttr &known = params[{source, format}];
    if (known)
      return known;
    ParamOp origin = lookupParam(user, source);
    auto number = cast<NumberFormatTypeInterface>(format);
    std::string suffix = number.getFormatName();
    if (number.holdsSigns())
      suffix = StringRef(suffix).take_until([](char c) { return c == '<'; }).str(); // without its scales
    else if (number.isFixedPoint())
      suffix = FixedWidth(number.getBitsPerElement(), number.isUnsigned()).name();
    auto type = RankedTensorType::get(cast<RankedTensorType>(origin.getType()).getShape(), format);
    auto derivation = DerivationAttr::get(&getContext(), DerivationKind::quantize, {source}, {}, {}, {}, {});
    ++numParams;
    return known = addDerivedParam(user, origin.getLoc(), source.getValue() + ":" + suffix, type, derivation, *symbols,
                                   origin.getSparsityAttr());
  }

  SymbolTable *symbols = nullptr;
  llvm::DenseMap<std::pair<Attribute, Type>, FlatSymbolRefAttr> params;
  ResultRanges ranges;
};
} // namespace

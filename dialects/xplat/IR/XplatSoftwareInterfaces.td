//===- XplatSoftwareInterfaces.td - What software passes ask ----*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interfaces of ops for passes that change the graph or its number formats.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_SOFTWARE_INTERFACES_TD
#define XPLAT_SOFTWARE_INTERFACES_TD

include "mlir/IR/OpBase.td"

def Xplat_CalibratedOpInterface : OpInterface<"CalibratedOpInterface"> {
  let cppNamespace = "::xplat";
  let description = "A node whose result gets a number format of its own, or that of its operand.";
  let methods = [
    InterfaceMethod<"Largest magnitude that the result takes on calibration data; null when not calibrated.",
      "::mlir::FloatAttr", "getCalibratedAbsmax", (ins), "", "return $_op.getAbsmaxAttr();">,
    InterfaceMethod<"Sets that magnitude.", "void", "setCalibratedAbsmax", (ins "::mlir::FloatAttr":$value), "",
      "$_op.setAbsmaxAttr(value);">,
    InterfaceMethod<"Formats requested for the result and the weight; null for none.", "::xplat::QuantizationAttr",
      "getRequestedFormats", (ins), "", "return $_op.getQuantizationAttr();">,
    InterfaceMethod<"Sets the requested formats.", "void", "setRequestedFormats", (ins "::xplat::QuantizationAttr":$value), "",
      "$_op.setQuantizationAttr(value);">,
    InterfaceMethod<"Whether every element of the result is an element of the operand or zero, and the node "
                    "commutes with rounding and saturation, so that operand and result share one format.",
      "bool", "keepsFormat", (ins), "", "return false;">,
    InterfaceMethod<"Whether every element of the result is an element of an operand, or a constant, rounded into the "
                    "result's format: operands in that format are copied as they are.",
      "bool", "copiesElements", (ins), "", "return false;">,
    InterfaceMethod<"Whether every element of the result is an element of its parameter, so that they share one format.",
      "bool", "selectsParameter", (ins), "", "return false;">
  ];
}

def Xplat_PositionOpInterface : OpInterface<"PositionOpInterface"> {
  let cppNamespace = "::xplat";
  let description = "A node whose result may hold positions of elements of its operand along a dimension: integers.";
  let methods = [
    InterfaceMethod<"How many positions there are, counted from 0; none where the result holds something else.",
      "::std::optional<int64_t>", "countPositions">
  ];
}

def Xplat_SignOpInterface : OpInterface<"SignOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    A node of which it is known, whatever samples and parameters hold, that its result has no negative
    elements where operands have none. Element-wise nodes need not say so: it follows from their
    arithmetic.
  }];
  let methods = [
    InterfaceMethod<"Whether the result has no negative elements; `operands`: of which operands that is known. Default: "
                    "where it is known of all of them.",
      "bool", "isNeverNegative", (ins "::llvm::ArrayRef<bool>":$operands), "",
      "return ::llvm::all_of(operands, [](bool known) { return known; });">
  ];
}

def Xplat_WeightedOpInterface : OpInterface<"WeightedOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    A node that is linear in its operand: it multiplies by a resident weight,
    one of whose dimensions indexes the result's channels, and adds an optional
    bias per channel.
  }];
  let methods = [
    InterfaceMethod<"Symbol of the weight.", "::mlir::FlatSymbolRefAttr", "getWeightRef", (ins), "",
      "return $_op.getWeightAttr();">,
    InterfaceMethod<"Replaces the weight.", "void", "setWeightRef", (ins "::mlir::FlatSymbolRefAttr":$ref), "",
      "$_op.setWeightAttr(ref);">,
    InterfaceMethod<"Symbol of the bias; null for none.", "::mlir::FlatSymbolRefAttr", "getBiasRef", (ins), "",
      "return $_op.getBiasAttr();">,
    InterfaceMethod<"Replaces the bias.", "void", "setBiasRef", (ins "::mlir::FlatSymbolRefAttr":$ref), "",
      "$_op.setBiasAttr(ref);">,
    InterfaceMethod<"Makes dimension `dim`, of the same extent, that of the channels of operand and result; false when "
                    "the node cannot.", "bool", "moveChannels", (ins "int64_t":$dim), "", "return false;">
  ];
  let extraClassDeclaration = [{
    /// Dimension of the result that the weight's channel dimension indexes.
    int64_t getResultChannelDim() { return ::xplat::Geometry(getOperation()).getResultChannelDim(); }
    /// Dimension of the weight that indexes the result's channels.
    int64_t getWeightChannelDim() { return ::xplat::Geometry(getOperation()).getWeightChannelDim(); }
    /// Dimension of the weight that indexes the operand's last dimension; -1 for none.
    int64_t getColumnDim() { return ::xplat::Geometry(getOperation()).getColumnDim(); }
    /// How the weight indexes the channels of the operand; none when it does not, or when it also indexes where the
    /// result's elements lie.
    ::std::optional<::xplat::OperandView> getOperandView() {
      return ::xplat::Geometry(getOperation()).getOperandView();
    }
  }];
}

def Xplat_ChannelAffineOpInterface : OpInterface<"ChannelAffineOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    A node that scales and shifts dimension 1 of its operand by constants, so
    that it can be folded into a weighted node before or after it.
  }];
  let methods = [
    InterfaceMethod<"The derivation from `weight` (null for ones) of a weight that includes this node's scale.",
      "::xplat::DerivationAttr", "getWeightDerivation", (ins "::mlir::FlatSymbolRefAttr":$weight)>,
    InterfaceMethod<"The derivation from `bias` (null for none) of a bias that includes this node's scale and shift.",
      "::xplat::DerivationAttr", "getBiasDerivation", (ins "::mlir::FlatSymbolRefAttr":$bias)>
  ];
}

def Xplat_ChannelOpInterface : OpInterface<"ChannelOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    A node that states how the channels of its result correspond to those of its
    operands, so that zero channels can be removed. Channels are dimension 1 of a
    tensor of rank 4, else the last dimension.
  }];
  let methods = [
    InterfaceMethod<"Parameters whose zero slices along dimension 0 make a channel of the result zero; none when the "
                    "channel is zero if those of all operands are.",
      "::llvm::SmallVector<::mlir::FlatSymbolRefAttr>", "getZeroingParameters", (ins), "", [{
        return ::xplat::Geometry($_op.getOperation()).getChannelParameters();
      }]>
  ];
  let extraClassDeclaration = [{
    /// Whether channels can be removed from the node in its present form.
    bool hasChannels() { return ::xplat::Geometry(getOperation()).hasChannels(); }
    /// Loops that walk the channels of the result and of the first operand; -1 for none.
    int64_t getResultChannelLoop() { return ::xplat::Geometry(getOperation()).getResultChannelLoop(); }
    int64_t getOperandChannelLoop() { return ::xplat::Geometry(getOperation()).getOperandChannelLoop(); }
    /// For each channel of the result the channel of operand `index` that is removed together with it, or -1.
    ::llvm::SmallVector<int64_t> getOperandChannels(unsigned index) {
      return ::xplat::Geometry(getOperation()).getOperandChannels(index);
    }
  }];
}

def Xplat_MovementOpInterface : OpInterface<"MovementOpInterface"> {
  let cppNamespace = "::xplat";
  let description = "A node whose result elements are elements of its one operand.";
  let methods = [
    InterfaceMethod<"How it moves them.", "::xplat::Movement", "getMovement">,
    InterfaceMethod<"Where each element of the operand lies in the result; none when the node drops or repeats "
                    "elements.", "::std::optional<::xplat::Rearrangement>", "getRearrangement", (ins), "",
                    "return ::std::nullopt;">
  ];
}

def Xplat_ContractionOpInterface : OpInterface<"ContractionOpInterface"> {
  let cppNamespace = "::xplat";
  let description = "A product of two streams over their last two dimensions, for each index of the outer ones.";
  let methods = [
    InterfaceMethod<"Left operand, [m, k].", "::mlir::Value", "getLeft", (ins), "", "return $_op->getOperand(0);">,
    InterfaceMethod<"Right operand, [k, n], or [n, k] when transposed.", "::mlir::Value", "getRight", (ins), "",
                    "return $_op->getOperand(1);">,
    InterfaceMethod<"Whether the right operand is [n, k].", "bool", "isRightTransposed">
  ];
}

def Xplat_ProductOpInterface : OpInterface<"ProductOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    A node that sums products of two factors: its operand and a weight, or its two operands. Where both are in a block
    format, sums may be those of an accumulator instead of exact ones: the product of two blocks, cut off at the last
    place of this fixed point and saturated in it, is one term of the sum.
  }];
  let methods = [
    InterfaceMethod<"Dimension of operand `index` along which products are summed.", "int64_t", "getSummedDim",
      (ins "unsigned":$index)>,
    InterfaceMethod<"Of how many products of two blocks a result element is the sum, if blocks have so many elements; "
                    "none when blocks would hold elements that are not summed with each other.",
      "::std::optional<int64_t>", "countSummedBlocks", (ins "int64_t":$block), "", [{
        int64_t terms = ::xplat::getDataShape($_op->getOperand(0).getType())[$_op.getSummedDim(0)];
        return terms > 1 ? ::std::optional<int64_t>(::llvm::divideCeil(terms, block)) : ::std::nullopt;
      }]>,
    InterfaceMethod<"Element types of the two factors.", "std::pair<::mlir::Type, ::mlir::Type>", "getFactorFormats",
      (ins), "", [{
        ::llvm::SmallVector<::mlir::Type> ports = $_op.getPortFormats();
        return {ports[0], ports[1]};
      }]>,
    InterfaceMethod<"The accumulator of products of blocks; null: sums are exact.", "::mlir::Type",
      "getAccumulatorFormat", (ins), "", "return $_op.getAccumulator().value_or(::mlir::Type());">,
    InterfaceMethod<"Sets the accumulator.", "void", "setAccumulatorFormat", (ins "::mlir::Type":$type), "",
      "$_op.setAccumulatorAttr(::mlir::TypeAttr::get(type));">
  ];
}

def Xplat_SoftmaxOpInterface : OpInterface<"SoftmaxOpInterface"> {
  let cppNamespace = "::xplat";
  let description = "A node that turns scores into weights whose sum along a dimension is one.";
  let methods = [
    InterfaceMethod<"That dimension.", "int64_t", "getSumDim">,
    InterfaceMethod<"The scores, and which of them have zero weight, whether the node itself says so or nodes before it "
                    "fill them with numbers that leave none.", "::xplat::SeenScores", "getSeenScores">,
    InterfaceMethod<"Whether the weights are zero where all scores are minus infinity.", "bool", "getBlindZero">
  ];
}

def Xplat_DecomposableOpInterface : OpInterface<"DecomposableOpInterface"> {
  let cppNamespace = "::xplat";
  let description = "A node that can be replaced by several simpler ones, on tensors of f32.";
  let methods = [
    InterfaceMethod<"Builds these nodes and returns their result, of the same type. Returns null, and builds nothing, "
                    "when a value between them would have too many elements. `makeParam` declares a parameter, whose "
                    "name begins with the given one, with the value of nodes that depend on constants alone, and removes "
                    "these nodes.", "::mlir::Value", "decompose",
                    (ins "::mlir::OpBuilder &":$builder,
                         "::llvm::function_ref<::mlir::FlatSymbolRefAttr(::mlir::Value, ::llvm::StringRef)>":$makeParam)>
  ];
}

def Xplat_NormalizingOpInterface : OpInterface<"NormalizingOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    A node that relates every element to a statistic of many: their maximum, sum, mean or variance
    (softmax, layer norm).
  }];
  let methods = [
    InterfaceMethod<"Builds simpler nodes on tensors of f32 that compute the same, requests formats of fixed point for "
                    "the values between them, and returns their result, of the same type. Operand and result have fixed "
                    "point of so many bits. Returns null, builds nothing and gives the reason where it cannot.",
                    "::mlir::Value", "decompose",
                    (ins "::mlir::OpBuilder &":$builder, "unsigned":$operandBits, "unsigned":$resultBits,
                         "::std::string &":$reason)>
  ];
}

#endif // XPLAT_SOFTWARE_INTERFACES_TD

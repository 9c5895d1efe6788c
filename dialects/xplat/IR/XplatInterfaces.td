//===- XplatInterfaces.td - Interfaces of xplat -----------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a pass may ask an op or a type. No pass tests for an op by name.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_INTERFACES_TD
#define XPLAT_INTERFACES_TD

include "mlir/IR/OpBase.td"

def Xplat_NumberFormatTypeInterface : TypeInterface<"NumberFormatTypeInterface"> {
  let cppNamespace = "::xplat";
  let description = "A type that can be the element type of a tensor or a stream: how a number is stored.";
  let methods = [
    InterfaceMethod<"Bits of one element.", "int64_t", "getBitsPerElement">,
    InterfaceMethod<"Bits shared by a block of elements (0: none).", "int64_t", "getSharedBits", (ins),
                    "", "return 0;">,
    InterfaceMethod<"Elements in a block that shares bits.", "int64_t", "getBlockSize", (ins), "", "return 1;">,
    InterfaceMethod<"Dimension along which blocks run; -1: the last.", "int64_t", "getBlockAxis", (ins), "", "return -1;">,
    InterfaceMethod<"The same format with blocks along another dimension.", "::mlir::Type", "withBlockAxis",
                    (ins "int64_t":$axis), "", "return $_type;">,
    InterfaceMethod<"Bits of `runs` runs of `run` elements each along a dimension of `extent` elements in which blocks "
                    "run: the elements, and with each run the shared bits of every block that it touches, as many as "
                    "any run of the stream touches.",
                    "int64_t", "getBeatBits", (ins "int64_t":$extent, "int64_t":$run, "int64_t":$runs), "",
                    "return ::xplat::detail::getBeatBits($_type, extent, run, runs);">,
    InterfaceMethod<"Whether values are integers times a fixed power of two.", "bool", "isFixedPoint">,
    InterfaceMethod<"Whether these integers have no sign: of B bits they are 0 to 2^B - 1.", "bool", "isUnsigned", (ins),
                    "", "return false;">,
    InterfaceMethod<"Whether these integers are signs alone, of a weight: -1 and 1, of one bit, which is 1 for -1, or -1, "
                    "0 and 1, of two. Their product with a number is the number, its negative, or zero.", "bool",
                    "holdsSigns", (ins), "", "return false;">,
    InterfaceMethod<"Whether the scale differs between slices along an axis.", "bool", "isPerChannel",
                    (ins), "", "return false;">,
    InterfaceMethod<"Scales of the format: one for each slice, or one; none where calibration has yet to find them.",
                    "int64_t", "getNumScales", (ins), "", "return 1;">,
    InterfaceMethod<"F where an integer q means q * 2^-F, for slice `channel` below the number of scales. In a block "
                    "format, where a mantissa m means m * 2^-F times the power of two of its block. 0 for other "
                    "formats.",
                    "int64_t", "getFractionalBits", (ins "int64_t":$channel)>,
    InterfaceMethod<"Bits of the exponent that each element of a block has of its own (0: none).", "int64_t",
                    "getElementExponentBits", (ins), "", "return 0;">,
    InterfaceMethod<"Whether elements of a block are integers in two's complement.", "bool", "isTwosComplement", (ins),
                    "", "return false;">,
    InterfaceMethod<"The format in a few characters, for reports and names: `fixed<8, 4>`, `msfp4`.", "::std::string", "getFormatName">
  ];
}

def Xplat_NodeOpInterface : OpInterface<"NodeOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    An operation of the model, or of the dataflow between operations. The interface describes its
    work. Every SSA operand is a stream; parameters are resident and named by symbol.

    - The loops of the *iteration domain* are listed outermost first.
    - *Kernel symbols* are the integers over which a kernel writes its formulas, in this order:
      extents, further constants, unroll factors (`p_` + loop), bits of each port (`bits_` + port),
      fractional bits of each port (`frac_` + port), whether it is fixed point without a sign, 1 or 0
      (`unsigned_` + port), elements in a block that shares an exponent, 1 without blocks (`block_` + port), bits of the
      exponent that each element of a block has of its own (`exponent_` + port), and whether elements of a block are
      in two's complement, 1 or 0 (`complement_` + port). An absent port (a bias) has 0 bits and no blocks. For a per-axis format
      the fractional bits are those of slice 0, for a block format those of a mantissa.

    Constraints:
    - (N1) operands and results have static shapes of positive extents and at most 2^40 elements
    - (N2) their element types are number formats with one scale, and not of weights alone: f32, an integer (indices, masks), a block or small float format, or a quantized type, signed or unsigned, of full range, with zero point 0 and a power of two as scale; blocks run along an existing dimension
    - (N3) there is one unroll factor for each loop, of an extent of at most 2^40, and each is legal
    - (N4) the lanes of streams are those that the unroll factors need
    - (N5) streams travel in the default order, with the lanes of a beat along the innermost dimension or of whole fibers along it; those of an element-wise node, a constant or a node of the host interface may have any order and beat, the same for all; a node that passes its stream through takes it as it comes
    - (N6) what was chosen (`config`) has no open unroll factor and keeps every part of what is fixed (`fixed`); `roms` are `#xplat.rom_use`, and never fixed; `memories` are fixed, and never chosen
  }];
  let methods = [
    // ---- the work
    InterfaceMethod<"The iteration space and how it indexes operands, results and parameters; default: of an "
                    "element-wise node with the loops (n: outer elements, c: innermost of the stream).",
      "::xplat::Indexing", "getIndexing", (ins), "", [{
        return ::xplat::detail::indexElementwise($_op.getOperation(), $_op->getResult(0).getType());
      }]>,
    StaticInterfaceMethod<"Names of the kernel's loops, outermost first.",
      "::llvm::SmallVector<::llvm::StringRef>", "getDimensionNames", (ins), "", [{ return {"n", "c"}; }]>,
    StaticInterfaceMethod<"Names of further integers that formulas may use (stride, groups, …).",
      "::llvm::SmallVector<::llvm::StringRef>", "getConstantNames", (ins), "", "return {};">,
    InterfaceMethod<"Their values.", "::llvm::SmallVector<int64_t>", "getConstants", (ins), "", "return {};">,
    StaticInterfaceMethod<"Those of them that decide what a node computes, where shapes and formats do not tell, with "
      "the value that each has in the plainest node: RTL whose contract does not use a constant fits nodes alone that "
      "have this value.",
      "::llvm::SmallVector<std::pair<::llvm::StringRef, int64_t>>", "getPlainConstants", (ins), "", "return {};">,
    StaticInterfaceMethod<"Names of the ports whose formats formulas may use: operands, parameters, result.",
      "::llvm::SmallVector<::llvm::StringRef>", "getPortNames", (ins), "", [{ return {"x", "y"}; }]>,
    InterfaceMethod<"Element type of each port; null for a parameter that is absent.",
      "::llvm::SmallVector<::mlir::Type>", "getPortFormats", (ins), "", [{
        return ::xplat::detail::getDefaultPortFormats($_op.getOperation());
      }]>,

    InterfaceMethod<"Multiplications that are added up, per sample; default: those of the iteration space.", "int64_t",
      "getMultiplyAccumulates", (ins), "", [{
        return ::xplat::Geometry($_op.getOperation()).getMultiplyAccumulates();
      }]>,
    InterfaceMethod<"Arithmetic operations on elements beside those, per sample, as profilers count them; default: one "
                    "for each result element of an element-wise node, none of another.", "int64_t",
      "getFurtherOperations", (ins), "", "return ::xplat::detail::getElementwiseOperations($_op.getOperation());">,
    InterfaceMethod<"Dimension of the result along which blocks of a shared exponent run; default: the innermost of "
                    "the stream layout.", "int64_t", "getChannelDim", (ins), "", [{
        return ::xplat::getInnermostDim($_op->getResult(0).getType());
      }]>,

    InterfaceMethod<"How many rows the integers of operand `index` select among, counted from 0; none where they do not "
                    "select.", "std::optional<int64_t>", "getSelectedRows", (ins "unsigned":$index), "",
      "return std::nullopt;">,

    // ---- parallelism
    InterfaceMethod<"The unroll factors in force: the chosen ones, else those that are fixed; 1 for other loops.",
      "::llvm::SmallVector<int64_t>", "getUnrollFactors", (ins), "", [{
        return ::xplat::detail::getUnrollFactors(
            $_op.getOperation(), $_op.hasUnroll() ? $_op.getConfiguration() : $_op.getFixedConfiguration(), 1);
      }]>,

    // ---- order of the streams
    InterfaceMethod<"How the layouts of its streams hang together; default: one for all streams of an element-wise "
                    "node, a constant or a node of the host interface, the default layout for others.",
      "::xplat::LayoutRule", "getLayoutRule", (ins), "", [{
        return ::xplat::detail::getDefaultLayoutRule($_op.getOperation());
      }]>,

    // ---- the way through
    InterfaceMethod<"Cycles after a result beat has left until the operand stream sees the free buffer space.",
      "int64_t", "getReturnCycles", (ins), "", "return 1;">,
    InterfaceMethod<"Device instance on which the results are; default: where the node is.",
      "::xplat::PlaceAttr", "getResultPlacement", (ins), "", "return $_op.getPlacement();">,

    // ---- the mapping
    InterfaceMethod<"What the mapping chose; null: nothing yet.", "::xplat::ConfigAttr", "getConfiguration",
      (ins), "", "return $_op.getConfigAttr();">,
    InterfaceMethod<"Replaces what the mapping chose.", "void", "setConfiguration",
      (ins "::xplat::ConfigAttr":$value), "", "$_op.setConfigAttr(value);">,
    InterfaceMethod<"What the mapping must keep; null: it may choose everything.", "::xplat::ConfigAttr", "getFixedConfiguration",
      (ins), "", "return $_op.getFixedAttr();">,
    InterfaceMethod<"Replaces what the mapping must keep.", "void", "setFixedConfiguration",
      (ins "::xplat::ConfigAttr":$value), "", "$_op.setFixedAttr(value);">,
    InterfaceMethod<"Rate under the present mapping.", "::xplat::RateAttr", "getNodeRate",
      (ins), "", "return $_op.getRateAttr();">,
    InterfaceMethod<"Sets the rate.", "void", "setNodeRate", (ins "::xplat::RateAttr":$value), "",
      "$_op.setRateAttr(value);">,
    InterfaceMethod<"Resources under the present mapping.", "::xplat::ResourcesAttr", "getNodeArea",
      (ins), "", "return $_op.getAreaAttr();">,
    InterfaceMethod<"Sets the resources.", "void", "setNodeArea", (ins "::xplat::ResourcesAttr":$value), "",
      "$_op.setAreaAttr(value);">
  ];
  let extraSharedClassDeclaration = [{
    // The parts of the configuration; null where it lacks them.

    /// Symbol of the kernel that the node is bound to, or has to be.
    ::mlir::FlatSymbolRefAttr getKernelRef() { return $_op.getConfiguration() ? $_op.getConfiguration().getKernel() : nullptr; }
    ::mlir::FlatSymbolRefAttr getFixedKernel() { return $_op.getFixedConfiguration() ? $_op.getFixedConfiguration().getKernel() : nullptr; }
    /// Device instance that the node is placed on, or has to be.
    ::xplat::PlaceAttr getPlacement() { return $_op.getConfiguration() ? $_op.getConfiguration().getPlace() : nullptr; }
    ::xplat::PlaceAttr getFixedPlacement() { return $_op.getFixedConfiguration() ? $_op.getFixedConfiguration().getPlace() : nullptr; }
    /// `#xplat.rom_use` for each memory of the node's kernel that has words.
    ::mlir::ArrayAttr getNodeRoms() { return $_op.getConfiguration() ? $_op.getConfiguration().getRoms() : nullptr; }
    /// What holds the words that the node's kernel takes in order.
    ::xplat::MemoryKind getMemoryKind() {
      ::xplat::ConfigAttr fixed = $_op.getFixedConfiguration();
      return fixed && fixed.getMemories() ? fixed.getMemories().getValue() : ::xplat::MemoryKind::rom;
    }
    /// Whether the node belongs to a mapping: something is chosen or fixed for it.
    bool isMapped() { return $_op.getConfiguration() || $_op.getFixedConfiguration(); }
    /// Whether the unroll factors are chosen.
    bool hasUnroll() { return $_op.getConfiguration() && $_op.getConfiguration().getUnroll(); }
    bool hasFixedUnroll() { return $_op.getFixedConfiguration() && $_op.getFixedConfiguration().getUnroll(); }
    /// The unroll factors that have to be kept, 0 where mapping may choose.
    ::llvm::SmallVector<int64_t> getFixedUnroll() {
      return ::xplat::detail::getUnrollFactors($_op.getOperation(), $_op.getFixedConfiguration(), 0);
    }
    void setKernelRef(::mlir::FlatSymbolRefAttr kernel) { setPart(kernel); }
    void setUnrollFactors(::llvm::ArrayRef<int64_t> factors) {
      setPart(::xplat::UnrollAttr::get($_op->getContext(), factors));
    }
    void setPlacement(::xplat::PlaceAttr place) { setPart(place); }
    void setNodeRoms(::mlir::ArrayAttr roms) { setPart(roms); }

    template <typename Part> void setPart(Part part) {
      ::xplat::ConfigAttr config = $_op.getConfiguration();
      $_op.setConfiguration((config ? config : ::xplat::ConfigAttr::get($_op->getContext(), {}, {}, {}, {}, {})).with(part));
    }

    // What follows from the indexing. Whoever asks more than once makes a `Geometry`.

    /// Extents of the iteration space.
    ::llvm::SmallVector<int64_t> getStaticLoopRanges() { return $_op.getIndexing().ranges; }
    /// Maps of the operands, then those of the results; null for an operand of which any element may be needed.
    ::llvm::SmallVector<::mlir::AffineMap> getIndexingMapsArray() {
      ::xplat::Indexing indexing = $_op.getIndexing();
      ::llvm::SmallVector<::mlir::AffineMap> maps = std::move(indexing.operands);
      maps.append(indexing.results);
      return maps;
    }
    /// Extents of the kernel's loops.
    ::llvm::SmallVector<int64_t> getIterationDomain() {
      return ::xplat::Geometry($_op.getOperation()).getIterationDomain();
    }
    /// How each loop combines.
    ::llvm::SmallVector<::xplat::IteratorKind> getIteratorKinds() {
      return ::xplat::Geometry($_op.getOperation()).getIteratorKinds();
    }
    /// Legal unroll factors of loop `dim`, ascending.
    ::llvm::SmallVector<int64_t> getLegalUnroll(unsigned dim) {
      return ::xplat::Geometry($_op.getOperation()).getLegalUnroll(dim);
    }
    /// Lanes that the stream of operand `index` needs under `unroll`.
    int64_t getOperandLanes(unsigned index, ::llvm::ArrayRef<int64_t> unroll) {
      return ::xplat::Geometry($_op.getOperation()).getOperandLanes(index, unroll);
    }
    /// Lanes that the stream of result `index` has under `unroll`.
    int64_t getResultLanes(unsigned index, ::llvm::ArrayRef<int64_t> unroll) {
      return ::xplat::Geometry($_op.getOperation()).getResultLanes(index, unroll);
    }
    /// Resident operands: parameters with the loops that index them.
    ::llvm::SmallVector<::xplat::ParameterUse> getParameters() {
      return ::xplat::Geometry($_op.getOperation()).getParameters();
    }
  }];
  let extraClassDeclaration = [{
    /// Names of the kernel symbols of the op called `name`, which implements this interface.
    static ::llvm::SmallVector<::std::string> getKernelSymbolNames(::mlir::OperationName name);
    ::llvm::SmallVector<::std::string> getKernelSymbolNames() {
      return getKernelSymbolNames((*this)->getName());
    }
    /// The same for what has these loops, further constants and ports.
    static ::llvm::SmallVector<::std::string> getKernelSymbolNames(::llvm::ArrayRef<::llvm::StringRef> loops,
                                                                   ::llvm::ArrayRef<::llvm::StringRef> constants,
                                                                   ::llvm::ArrayRef<::llvm::StringRef> ports);
    /// Values of the kernel symbols under `unroll`, in the same order.
    ::llvm::SmallVector<int64_t> getKernelSymbolValues(::llvm::ArrayRef<int64_t> unroll);
    /// The same with these constants and formats of ports.
    ::llvm::SmallVector<int64_t> getKernelSymbolValues(::llvm::ArrayRef<int64_t> constants,
                                                       ::llvm::ArrayRef<int64_t> unroll,
                                                       ::llvm::ArrayRef<::mlir::Type> formats);
  }];
  let verifyWithRegions = 1; // after the op's own verifier, which guards the shapes
  let verify = "return ::xplat::detail::verifyNode($_op);";
}

def Xplat_ElementwiseOpInterface : OpInterface<"ElementwiseOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    A node whose result element depends only on the operand elements at the same position. One
    description, in scalars of `arith` and `math` on exact numbers, defines its arithmetic; rounding
    into the result's format is not part of it. Fusion and the lowering to hardware read this
    description.

    Kernel symbols of such a node that say what its exact datapath becomes in hardware, of one element: pipeline
    `stages`, bits of the registers between them with a multiplier on one side (`multiplier_bits`) and of the others
    (`stage_bits`), bits of carry chains (`adder_bits`), inputs of other logic (`logic_bits`, three for each look-up
    table), and `products`, of which each takes a multiplier. A node without such a datapath has one stage and nothing
    else.

    Constraints:
    - (E1) operands and result have the same shape
  }];
  let methods = [
    InterfaceMethod<"Builds the exact result from one element of each operand, all of f32.",
      "::mlir::Value", "buildScalar",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::ValueRange":$operands)>,
    StaticInterfaceMethod<"Whether the op's name alone says what it computes, and no attribute.", "bool",
      "isNamedFunction", (ins), "", "return true;">
  ];
  let verify = "return ::xplat::detail::verifyElementwise($_op);";
}

def Xplat_ApproximableOpInterface : OpInterface<"ApproximableOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    An element-wise node that may have an integer algorithm for its function in the place of the exact result, rounded
    once: polynomials. The interpreter, and any kernel that is bound to the node, compute what the algorithm says.

    Constraints:
    - (A1) a node with polynomials has one operand and a result of fixed point, and the polynomials are for as many bits as the operand has
  }];
  let methods = [
    InterfaceMethod<"The polynomials; null: the result is exact and rounded once.", "::xplat::PolynomialsAttr",
      "getNodePolynomials", (ins), "", "return $_op.getPolynomialsAttr();">
  ];
  let verify = "return ::xplat::detail::verifyApproximable($_op);";
}

def Xplat_ConstantOpInterface : OpInterface<"ConstantOpInterface"> {
  let cppNamespace = "::xplat";
  let description = "A node without operands, whose result is the same for every sample.";
  let methods = [
    InterfaceMethod<"The number that every element is; none when they differ.", "::std::optional<double>",
      "getUniformValue">
  ];
}

def Xplat_HostBoundaryOpInterface : OpInterface<"HostBoundaryOpInterface"> {
  let cppNamespace = "::xplat";
  let description = "A node of the host interface, where samples enter and results leave the system.";
  let methods = [
    InterfaceMethod<"Bits of a sample in the host's memory: shared bits of a block count once.", "int64_t", "getBitsPerSample">,
    InterfaceMethod<"Where each element of the operand lies in the result.", "::xplat::Rearrangement",
      "getHostRearrangement", (ins), "", [{
        return ::xplat::detail::getHostRearrangement($_op.getOperation(), $_op.getView(), $_op.getPermutation());
      }]>,
    InterfaceMethod<"Lets the host move elements between its tensor and the stream's.", "void",
      "setHostRearrangement", (ins "const ::xplat::Rearrangement &":$moves), "", [{
        ::llvm::SmallVector<int64_t> view, permutation;
        moves.getFactors(view, permutation);
        $_op.setView(view);
        $_op.setPermutation(permutation);
      }]>,
    InterfaceMethod<"Whether data enters the system here (otherwise it leaves).", "bool", "isInput">
  ];
}

def Xplat_CrossingOpInterface : OpInterface<"CrossingOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    A node that carries a stream from one device to another: its kernel has a
    sending and a receiving end, with a cable between them.
  }];
  let methods = [
    InterfaceMethod<"Symbol of the cable from the sending device; it ends at a switch when there is an arrival cable.",
      "::mlir::SymbolRefAttr", "getCable">,
    InterfaceMethod<"Symbol of the cable from the switch to the receiving device; null without a switch.",
      "::mlir::SymbolRefAttr", "getArrivalCable", (ins), "", "return $_op.getArrivalAttr();">,
    InterfaceMethod<"Bits that cross in one cycle.", "int64_t", "getCableBits", (ins), "",
      "return $_op.getPhitBits();">,
    InterfaceMethod<"Cycles from the sending to the receiving device.", "int64_t", "getCableCycles", (ins), "",
      "return $_op.getLatencyCycles();">
  ];
}

def Xplat_ClockCrossingOpInterface : OpInterface<"ClockCrossingOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    A node whose operand comes with a clock of its own, that of the device that
    sent it; its result has the clock of the node's device. `latency` and `buffer`
    of its kernel are in cycles of the result's clock, `getReturnCycles` in cycles
    of the operand's.
  }];
  let methods = [
    InterfaceMethod<"Cycles of either clock by which what crosses to it may be seen later than these numbers say, "
                    "because of how the clocks lie to each other.", "int64_t", "getUncertainCycles">,
    InterfaceMethod<"Makes room for at least `beats` more beats that wait for the result's clock.", "void", "deepen",
      (ins "int64_t":$beats)>
  ];
}

def Xplat_StreamEndOpInterface : OpInterface<"StreamEndOpInterface"> {
  let cppNamespace = "::xplat";
  let description = [{
    An end of a stream that leads from one function to another. The two ends have
    one name, by which they find each other.
  }];
  let methods = [
    InterfaceMethod<"The name of the stream.", "::llvm::StringRef", "getStreamName">,
    InterfaceMethod<"The stream in this function.", "::mlir::Value", "getStream", (ins), "", [{
        return $_op->getNumResults() ? ::mlir::Value($_op->getResult(0)) : $_op->getOperand(0);
      }]>,
    InterfaceMethod<"Whether the stream leaves this function here.", "bool", "isSender", (ins), "",
                    "return $_op->getNumResults() == 0;">
  ];
}

#endif // XPLAT_INTERFACES_TD

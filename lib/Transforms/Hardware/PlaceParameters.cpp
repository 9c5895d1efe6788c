//===- PlaceParameters.cpp - Parameters become memories -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A memory's words follow from the loops that index the parameter and from the
// unroll factors: docs/Architecture.md, "Word order".
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/DataflowSupport.h"
#include "Transforms/Hardware/Passes.h"
#include "Transforms/Software/RequestedFormats.h"
#include "xplat/Analysis/Names.h"
#include "xplat/IR/KernelSubject.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringSet.h"

namespace xplat {
#define GEN_PASS_DEF_PLACEPARAMETERS
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
/// Longest name of a memory without the number that tells it from others.
constexpr size_t maxStem = 180;
/// Most words of a table of results: values are computed for all of them.
constexpr int64_t maxTableWords = int64_t(1) << 20;

/// What an `xplat.rom` says.
struct MemoryLayout {
  FlatSymbolRefAttr param;
  SmallVector<int64_t> permutation, tile, values;
  int64_t elementBits = 0, wordBits = 0, words = 1;
};

struct PlaceParametersPass : xplat::impl::PlaceParametersBase<PlaceParametersPass> {
  using PlaceParametersBase::PlaceParametersBase;

  void runOnOperation() override;

  FailureOr<RomUseAttr> place(NodeOpInterface node, KernelOp kernel, MemoryPortAttr memory, OpBuilder &builder);
  FailureOr<MemoryLayout> layOut(NodeOpInterface node, KernelOp kernel, MemoryPortAttr memory);
  FailureOr<MemoryLayout> layOutCompressed(NodeOpInterface node, KernelOp kernel, const ParameterUse &use,
                                           MemoryPortAttr memory);
  FailureOr<MemoryLayout> layOutShifts(NodeOpInterface node);
  FailureOr<MemoryLayout> layOutExponents(NodeOpInterface node);
  FailureOr<MemoryLayout> layOutTable(NodeOpInterface node);
  FailureOr<MemoryLayout> layOutPolynomials(NodeOpInterface node, KernelOp kernel, MemoryPortAttr memory);
  FlatSymbolRefAttr uniqueName(const Twine &text);

  /// A parameter derived from `origin`, inserted behind it.
  FlatSymbolRefAttr addParam(NodeOpInterface node, ParamOp origin, StringRef suffix, DerivationKind kind, Type type);
  /// A derived parameter, inserted before the graph, or the one that has the same derivation and type.
  FlatSymbolRefAttr addParam(NodeOpInterface node, const Twine &name, DerivationAttr derivation, Type type);
  std::string newSymbol(const Twine &name);

  func::FuncOp graph;
  /// Symbols of the module, in lower case.
  llvm::StringSet<> names;
  /// The first number behind a name that may be free.
  llvm::StringMap<unsigned> nextNumber;
  /// What was derived, so that memories of equal contents share it.
  llvm::DenseMap<std::pair<Attribute, Type>, FlatSymbolRefAttr> derived;
};
} // namespace

/// The parameter's dimensions in the order in which the node walks them, tiled by the loops' unroll factors.
static MemoryLayout layOutParameter(NodeOpInterface node, const ParameterUse &use, RankedTensorType type) {
  SmallVector<int64_t> unroll = node.getUnrollFactors();
  MemoryLayout layout;
  layout.param = use.symbol;
  layout.elementBits = cast<NumberFormatTypeInterface>(type.getElementType()).getBitsPerElement();
  layout.permutation.assign(use.order.begin(), use.order.end());
  layout.wordBits = layout.elementBits;
  for (int64_t dim : layout.permutation) {
    int64_t factor = use.loops[dim] < 0 ? 1 : unroll[use.loops[dim]];
    layout.tile.push_back(factor);
    layout.wordBits *= factor;
    layout.words *= type.getDimSize(dim) / factor;
  }
  return layout;
}

/// How far each slice of the result is shifted right: fractional bits of the exact sum less those of the result.
FailureOr<MemoryLayout> PlaceParametersPass::layOutShifts(NodeOpInterface node) {
  auto format = [](Type type) { return cast<NumberFormatTypeInterface>(getDataElement(type)); };
  int64_t operandBits = format(node->getOperand(0).getType()).getFractionalBits(0);
  int64_t resultBits = format(node->getResult(0).getType()).getFractionalBits(0);
  for (const ParameterUse &use : node.getParameters()) {
    ParamOp param = lookupParam(node, use.symbol);
    auto type = param ? cast<RankedTensorType>(param.getType()) : RankedTensorType();
    if (!type || !cast<NumberFormatTypeInterface>(type.getElementType()).isPerChannel() || type.getRank() == 0 ||
        use.loops[0] < 0)
      continue;
    MemoryLayout layout;
    for (int64_t slice = 0; slice < type.getDimSize(0); ++slice) {
      int64_t shift = operandBits + format(type).getFractionalBits(slice) - resultBits;
      if (!llvm::isInt<shiftBits>(shift))
        return node->emitOpError("channel ")
               << slice << " of " << use.symbol << " needs a shift by " << shift << ", but a shift has " << shiftBits
               << " bits, signed; request for the weight a number of bits such as i8, so that xplat-quantize chooses "
                  "its scale; "
               << "for a model from PT2E, prepare and convert it anew with xplat.quantizer.XplatQuantizer";
      layout.values.push_back(shift);
    }
    int64_t factor = node.getUnrollFactors()[use.loops[0]];
    layout.permutation = {0};
    layout.tile = {factor};
    layout.elementBits = shiftBits;
    layout.wordBits = shiftBits * factor;
    layout.words = type.getDimSize(0) / factor;
    return layout;
  }
  return node->emitOpError("its kernel has a memory of shifts, but no parameter has a scale per channel");
}

/// The shared exponents of a weight's blocks: where it has a word for several elements of a block, these have one.
FailureOr<MemoryLayout> PlaceParametersPass::layOutExponents(NodeOpInterface node) {
  for (const ParameterUse &use : node.getParameters()) {
    ParamOp param = lookupParam(node, use.symbol);
    auto type = param ? cast<RankedTensorType>(param.getType()) : RankedTensorType();
    auto format = type ? dyn_cast<NumberFormatTypeInterface>(type.getElementType()) : NumberFormatTypeInterface();
    if (!format || format.getBlockSize() <= 1)
      continue;
    int64_t axis = getBlockDim(format, type.getRank());
    SmallVector<int64_t> shape(type.getShape());
    shape[axis] = llvm::divideCeil(shape[axis], format.getBlockSize());
    Type biased = IntegerType::get(&getContext(), format.getSharedBits());
    MemoryLayout layout = layOutParameter(node, use, type);
    layout.param = addParam(node, param, ":exponents", DerivationKind::exponents, RankedTensorType::get(shape, biased));
    layout.elementBits = layout.wordBits = format.getSharedBits();
    layout.words = 1;
    for (auto [dim, factor] : llvm::zip(layout.permutation, layout.tile)) {
      if (dim == axis)
        factor = std::max<int64_t>(1, factor / format.getBlockSize());
      layout.wordBits *= factor;
      layout.words *= shape[dim] / factor;
    }
    return layout;
  }
  return node->emitOpError("its kernel has a memory of exponents, but no parameter has a block format");
}

std::string PlaceParametersPass::newSymbol(const Twine &name) {
  std::string symbol = name.str();
  while (!names.insert(StringRef(symbol).lower()).second)
    symbol += "_";
  return symbol;
}

FlatSymbolRefAttr PlaceParametersPass::addParam(NodeOpInterface node, ParamOp origin, StringRef suffix,
                                                DerivationKind kind, Type type) {
  auto source = FlatSymbolRefAttr::get(origin.getSymNameAttr());
  auto derivation = DerivationAttr::get(&getContext(), kind, {source}, {}, {}, {}, {});
  return addParam(node, origin.getSymName() + suffix, derivation, type);
}

FlatSymbolRefAttr PlaceParametersPass::addParam(NodeOpInterface node, const Twine &name, DerivationAttr derivation,
                                                Type type) {
  FlatSymbolRefAttr &known = derived[{derivation, type}];
  if (known)
    return known;
  OpBuilder builder(graph);
  auto param = ParamOp::create(builder, node->getLoc(), builder.getStringAttr(newSymbol(name)), derivation,
                               DenseF64ArrayAttr(), SparsityAttr(), TypeAttr::get(type));
  return known = FlatSymbolRefAttr::get(param.getSymNameAttr());
}

/// The node on every number of its operand's format: a function of its own, which the interpreter evaluates like the
/// node itself.
FailureOr<MemoryLayout> PlaceParametersPass::layOutTable(NodeOpInterface node) {
  Type operand = getDataElement(node->getOperand(0).getType()), result = getDataElement(node->getResult(0).getType());
  std::optional<int64_t> numbers = xplat::detail::countNumbers(operand);
  auto format = dyn_cast<NumberFormatTypeInterface>(result);
  if (!isa<ElementwiseOpInterface>(node.getOperation()) || node->getNumOperands() != 1 || !numbers ||
      *numbers > maxTableWords || !format || !format.isFixedPoint())
    return node->emitOpError("its kernel has a table of results, but it is not element-wise with one fixed-point "
                             "operand of at most ")
           << llvm::Log2_64(maxTableWords) << " bits";
  auto from = RankedTensorType::get(*numbers, operand), to = RankedTensorType::get(*numbers, result);
  std::string name = getNodeName(node);
  OpBuilder builder(graph);
  auto function =
      func::FuncOp::create(builder, node.getLoc(), newSymbol(name + ":function"), builder.getFunctionType(from, to));
  function.setPrivate();
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  IRMapping mapping;
  mapping.map(node->getOperand(0), body->getArgument(0));
  auto copy = cast<NodeOpInterface>(builder.clone(*node, mapping));
  copy->getResult(0).setType(to);
  copy.setConfiguration({});
  copy.setFixedConfiguration({});
  copy.setNodeRate({});
  copy.setNodeArea({});
  func::ReturnOp::create(builder, node.getLoc(), copy->getResult(0));

  auto derive = [&](DerivationKind kind, ArrayRef<FlatSymbolRefAttr> sources, FlatSymbolRefAttr of) {
    return DerivationAttr::get(&getContext(), kind, sources, {}, {}, {}, of);
  };
  FlatSymbolRefAttr inputs = addParam(node, name + ":inputs", derive(DerivationKind::every_number, {}, {}), from);
  MemoryLayout layout;
  layout.param =
      addParam(node, name + ":table",
               derive(DerivationKind::evaluate, {inputs}, FlatSymbolRefAttr::get(function.getSymNameAttr())), to);
  layout.permutation = {0};
  layout.tile = {1};
  layout.elementBits = layout.wordBits = format.getBitsPerElement();
  layout.words = *numbers;
  return layout;
}

/// The words of one of the memories of the node's polynomials, which are as wide as the contract says.
FailureOr<MemoryLayout> PlaceParametersPass::layOutPolynomials(NodeOpInterface node, KernelOp kernel,
                                                               MemoryPortAttr memory) {
  PolynomialsAttr polynomials = getPolynomials(node);
  if (!polynomials)
    return node->emitOpError("its kernel has a memory '")
           << memory.getName().getValue() << "', but the node has no polynomials";
  MemoryLayout layout;
  layout.values =
      memory.getName() == coefficientMemoryName ? polynomials.getCoefficientWords() : polynomials.getRangeWords();
  layout.permutation = {0};
  layout.tile = {1};
  layout.elementBits = layout.wordBits = evaluateMemory(kernel, memory, node).wordBits;
  layout.words = layout.values.size();
  return layout;
}

/// The weights that are kept, or their positions in the group: [rows, slots, groups]. The number of slots, and how many
/// of them a word holds, follow from the size of the kernel's memory.
FailureOr<MemoryLayout> PlaceParametersPass::layOutCompressed(NodeOpInterface node, KernelOp kernel,
                                                              const ParameterUse &use, MemoryPortAttr memory) {
  ParamOp param = lookupParam(node, use.symbol);
  auto type = cast<RankedTensorType>(param.getType());
  bool isIndex = memory.getName().getValue() == indexMemoryName;
  int64_t group = param.getSparsityAttr().getM();
  if (group < 2)
    return node->emitOpError("its kernel skips zeros in groups of weights, but ") << use.symbol << " has groups of one";
  Type element = isIndex ? IntegerType::get(&getContext(), llvm::Log2_64_Ceil(group)) : type.getElementType();
  MemoryLayout layout;
  layout.elementBits = cast<NumberFormatTypeInterface>(element).getBitsPerElement();
  SmallVector<int64_t> unroll = node.getUnrollFactors();
  int64_t rows = unroll[use.loops[0]], groups = std::max<int64_t>(1, unroll[use.loops[1]] / group);
  auto [bits, words, copies] = evaluateMemory(kernel, memory, node);
  int64_t lanes = bits / layout.elementBits, slotsOfWord = lanes / (rows * groups);
  int64_t slots = words * lanes * group / type.getNumElements();
  if (slotsOfWord < 1 || slots < slotsOfWord)
    return node->emitOpError("memory '") << memory.getName().getValue() << "' of its kernel has " << words
                                         << " words of " << bits << " bits, too few for " << use.symbol;
  auto compressed = RankedTensorType::get({type.getDimSize(0), slots, type.getDimSize(1) / group}, element);
  layout.param = addParam(node, param, isIndex ? ":index" : ":kept_weights",
                          isIndex ? DerivationKind::compress_index : DerivationKind::compress, compressed);
  layout.permutation = {0, 1, 2};
  layout.tile = {rows, slotsOfWord, groups};
  layout.wordBits = layout.elementBits;
  for (auto [extent, factor] : llvm::zip(compressed.getShape(), layout.tile)) {
    layout.wordBits *= factor;
    layout.words *= extent / factor;
  }
  return layout;
}

FailureOr<MemoryLayout> PlaceParametersPass::layOut(NodeOpInterface node, KernelOp kernel, MemoryPortAttr port) {
  StringRef memory = port.getName().getValue();
  bool skips = llvm::any_of(kernel.getMemories().getAsRange<MemoryPortAttr>(),
                            [](MemoryPortAttr other) { return other.getName().getValue() == indexMemoryName; });
  for (const ParameterUse &use : node.getParameters()) {
    ParamOp sparse = skips ? lookupParam(node, use.symbol) : ParamOp();
    if (sparse && sparse.getSparsityAttr() && use.loops.size() == 2 &&
        (use.name == memory || memory == indexMemoryName))
      return layOutCompressed(node, kernel, use, port);
    if (use.name != memory)
      continue;
    ParamOp param = lookupParam(node, use.symbol);
    if (!param)
      return node->emitOpError("expected ") << use.symbol << " to name an 'xplat.param'";
    return layOutParameter(node, use, cast<RankedTensorType>(param.getType()));
  }
  if (memory == shiftMemoryName)
    return layOutShifts(node);
  if (memory == exponentMemoryName)
    return layOutExponents(node);
  if (memory == tableMemoryName)
    return layOutTable(node);
  if (memory == coefficientMemoryName || memory == rangeMemoryName)
    return layOutPolynomials(node, kernel, port);
  return node->emitOpError("its kernel has a memory '") << memory << "', but the node has no such parameter";
}

/// `text` as a name that RTL and files allow, and that differs from every other symbol not only in case.
FlatSymbolRefAttr PlaceParametersPass::uniqueName(const Twine &text) {
  // Memories become files, on systems that ignore case too; there is room for a number.
  std::string base = Names::identifier(text.str(), "_", maxStem), name = base;
  // All lower numbers are taken already.
  unsigned &number = nextNumber.try_emplace(base, 1).first->second;
  while (!names.insert(StringRef(name).lower()).second)
    name = base + "_" + std::to_string(number++);
  return FlatSymbolRefAttr::get(&getContext(), name);
}

FailureOr<RomUseAttr> PlaceParametersPass::place(NodeOpInterface node, KernelOp kernel, MemoryPortAttr memory,
                                                 OpBuilder &builder) {
  StringRef port = memory.getName().getValue();
  FailureOr<MemoryLayout> layout = layOut(node, kernel, memory);
  if (failed(layout))
    return failure();
  auto [bits, words, copies] = evaluateMemory(kernel, memory, node);
  if (layout->wordBits != bits || layout->words != words)
    return node->emitOpError("memory '") << port << "' of its kernel has " << words << " words of " << bits
                                         << " bits, but its contents are " << layout->words << " words of "
                                         << layout->wordBits << " bits";
  FlatSymbolRefAttr name = uniqueName(getNodeName(node) + "_" + port);
  RomOp::create(builder, getNamedLocation(node, name.getValue()), name.getAttr(), layout->param,
                builder.getDenseI64ArrayAttr(layout->permutation), builder.getDenseI64ArrayAttr(layout->tile),
                layout->param ? DenseI64ArrayAttr() : builder.getDenseI64ArrayAttr(layout->values), layout->elementBits,
                layout->wordBits, layout->words, getMemoryKind(node, memory));
  ++numMemories;
  numBits += layout->wordBits * layout->words;
  return RomUseAttr::get(&getContext(), memory.getName(), name);
}

void PlaceParametersPass::runOnOperation() {
  FailureOr<MappedGraph> mapped = getMappedGraph(getOperation());
  if (failed(mapped))
    return signalPassFailure();
  graph = mapped->graph;
  nextNumber.clear();
  names.clear();
  derived.clear();
  for (Operation &op : *getOperation().getBody())
    if (auto symbol = dyn_cast<SymbolOpInterface>(op))
      names.insert(symbol.getName().lower());
  SymbolScope symbols(getOperation());
  const KernelLibrary &library = getAnalysis<CostModel>().getLibrary();
  markAnalysesPreserved<CostModel>();
  OpBuilder builder(mapped->graph);
  for (NodeOpInterface node : getNodes(mapped->graph)) {
    KernelOp kernel = library.getKernel(node);
    if (!kernel) {
      node->emitOpError("expected a node that is bound to a kernel; run 'xplat-bind-kernels' first");
      return signalPassFailure();
    }
    SmallVector<Attribute> uses;
    for (auto memory : kernel.getMemories().getAsRange<MemoryPortAttr>()) {
      if (evaluateMemory(kernel, memory, node).words == 0)
        continue;
      FailureOr<RomUseAttr> use = place(node, kernel, memory, builder);
      if (failed(use))
        return signalPassFailure();
      uses.push_back(*use);
    }
    if (!uses.empty())
      node.setNodeRoms(builder.getArrayAttr(uses));
  }
}

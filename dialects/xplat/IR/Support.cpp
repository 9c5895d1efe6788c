//===- Support.cpp - Helpers of the dialect and checks of every node ------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Nodes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace xplat;

bool xplat::detail::isIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

int64_t xplat::detail::product(ArrayRef<int64_t> values) {
  int64_t result = 1;
  for (int64_t value : values)
    result *= value;
  return result;
}

SmallVector<int64_t> xplat::getDivisors(int64_t n) {
  SmallVector<int64_t> low, high;
  for (int64_t d = 1; d * d <= n; ++d)
    if (n % d == 0) {
      low.push_back(d);
      if (d != n / d)
        high.push_back(n / d);
    }
  llvm::append_range(low, llvm::reverse(high));
  return low;
}

ArrayRef<int64_t> xplat::getDataShape(Type type) {
  if (auto stream = dyn_cast<StreamType>(type))
    return stream.getShape();
  return cast<RankedTensorType>(type).getShape();
}

Type xplat::getDataElement(Type type) {
  if (auto stream = dyn_cast<StreamType>(type))
    return stream.getElementType();
  return cast<RankedTensorType>(type).getElementType();
}

Type xplat::withElement(Type type, Type element) {
  if (auto stream = dyn_cast<StreamType>(type))
    return StreamType::get(type.getContext(), stream.getShape(), element, stream.getOrder(), stream.getBeat());
  auto tensor = cast<RankedTensorType>(type);
  return RankedTensorType::get(tensor.getShape(), element, tensor.getEncoding());
}

/// The tables of the innermost SymbolScope of the thread.
static thread_local SymbolTableCollection *scopeTables = nullptr;

SymbolScope::SymbolScope(Operation *symbolTableOp)
    : tables(own), symbolTableOp(symbolTableOp), outer(std::exchange(scopeTables, &own)) {}
SymbolScope::SymbolScope(SymbolTableCollection &tables) : tables(tables), outer(std::exchange(scopeTables, &tables)) {}
SymbolScope::~SymbolScope() { scopeTables = outer; }

SymbolTable &SymbolScope::getTable() {
  assert(symbolTableOp && "the scope was made for tables of somebody else");
  return tables.getSymbolTable(symbolTableOp);
}

ParamOp xplat::lookupParam(Operation *user, FlatSymbolRefAttr symbol) {
  if (!symbol)
    return {};
  ParamOp param;
  if (scopeTables)
    param = scopeTables->lookupNearestSymbolFrom<ParamOp>(user, symbol);
  if (!param) // it may have come since the table was made
    param = SymbolTable::lookupNearestSymbolFrom<ParamOp>(user, symbol);
  // The parameter may not have been verified yet.
  return param && param.getTypeAttr() && isa<RankedTensorType>(param.getType()) ? param : ParamOp();
}

std::string xplat::getNodeName(Operation *node) {
  if (auto name = node->getLoc()->findInstanceOf<NameLoc>())
    return name.getName().str();
  return node->getName().getStringRef().str();
}

Location xplat::detail::getPartLoc(Operation *node, StringRef part) {
  auto name = StringAttr::get(node->getContext(), getNodeName(node) + (part.empty() ? "" : ".") + part);
  auto original = node->getLoc()->findInstanceOf<NameLoc>();
  return NameLoc::get(name, original ? original.getChildLoc() : node->getLoc());
}

unsigned xplat::detail::getPositionBits(int64_t count) { return std::max(2u, llvm::Log2_64_Ceil(count) + 1); }

std::optional<xplat::detail::TableRows> xplat::detail::countSelectedRows(Value value) {
  std::optional<TableRows> rows;
  for (OpOperand &use : value.getUses()) {
    std::optional<TableRows> selected;
    if (isa<MovementOpInterface>(use.getOwner()))
      selected = countSelectedRows(use.getOwner()->getResult(0));
    else if (auto reader = dyn_cast<NodeOpInterface>(use.getOwner()))
      if (std::optional<int64_t> own = reader.getSelectedRows(use.getOperandNumber()))
        selected = TableRows{*own, *own};
    if (!selected)
      return std::nullopt;
    rows = rows ? TableRows{std::min(rows->least, selected->least), std::max(rows->most, selected->most)} : *selected;
  }
  return rows;
}

SmallVector<int64_t> xplat::detail::getUnrollFactors(Operation *node, ConfigAttr config, int64_t unknown) {
  UnrollAttr unroll = config ? config.getUnroll() : UnrollAttr();
  if (!unroll)
    return SmallVector<int64_t>(cast<NodeOpInterface>(node).getDimensionNames().size(), unknown);
  SmallVector<int64_t> factors(unroll.getFactors());
  std::replace(factors.begin(), factors.end(), int64_t(0), unknown);
  return factors;
}

SmallVector<Type> xplat::detail::getFirstPortFormats(Operation *node) {
  Type result = getDataElement(node->getResult(0).getType());
  return {node->getNumOperands() ? getDataElement(node->getOperand(0).getType()) : result, result};
}

int64_t xplat::detail::getElementwiseOperations(Operation *node) {
  return isa<ElementwiseOpInterface>(node) ? product(getDataShape(node->getResult(0).getType())) : 0;
}

SmallVector<Type> xplat::detail::getDefaultPortFormats(Operation *node) {
  SmallVector<Type> formats;
  for (Type type : node->getOperandTypes())
    formats.push_back(getDataElement(type));
  formats.push_back(getDataElement(node->getResult(0).getType()));
  return formats;
}

std::optional<int64_t> xplat::detail::countNumbers(Type element) {
  auto format = dyn_cast<NumberFormatTypeInterface>(element);
  bool counts = format && format.isFixedPoint() && !format.isPerChannel() && format.getBitsPerElement() < 63;
  return counts ? std::optional(int64_t(1) << format.getBitsPerElement()) : std::nullopt;
}

Type xplat::detail::paramFormat(Operation *op, FlatSymbolRefAttr symbol) {
  ParamOp param = lookupParam(op, symbol);
  return param ? cast<RankedTensorType>(param.getType()).getElementType() : Type();
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

LogicalResult xplat::detail::verifySameShape(Operation *op, Type a, Type b, StringRef constraint) {
  if (getDataShape(a) == getDataShape(b))
    return success();
  return op->emitOpError() << "[" << constraint << "] expected operand and result of one shape but got " << a << " and "
                           << b;
}

LogicalResult xplat::detail::verifyElementwise(Operation *op) {
  for (Type operand : op->getOperandTypes())
    if (failed(verifySameShape(op, operand, op->getResult(0).getType(), "elementwise E1")))
      return failure();
  return success();
}

LogicalResult xplat::detail::verifyParam(Operation *op, FlatSymbolRefAttr symbol, ArrayRef<int64_t> shape,
                                         StringRef role, StringRef constraint, SymbolTableCollection &symbols) {
  if (!symbol)
    return success();
  auto param = symbols.lookupNearestSymbolFrom<ParamOp>(op, symbol);
  if (!param)
    return op->emitOpError() << "[" << constraint << "] expected " << role << " " << symbol
                             << " to name an 'xplat.param'";
  auto type = cast<RankedTensorType>(param.getType());
  if (type.getShape() != shape) {
    auto diagnostic = op->emitOpError() << "[" << constraint << "] expected " << role << " of shape [" << shape
                                        << "] but " << symbol << " has " << type;
    diagnostic.attachNote(param.getLoc()) << "parameter declared here";
    return diagnostic;
  }
  return success();
}

/// One factor for each loop, each legal or open.
static LogicalResult verifyFactors(NodeOpInterface node, ConfigAttr config, Geometry &geometry) {
  if (!config || !config.getUnroll())
    return success();
  ArrayRef<int64_t> factors = config.getUnroll().getFactors();
  SmallVector<int64_t> domain = geometry.getIterationDomain();
  if (factors.size() != domain.size())
    return node->emitOpError() << "[node N3] expected " << domain.size() << " unroll factors, one per loop, but got "
                               << factors.size();
  for (auto [index, factor] : llvm::enumerate(factors)) {
    SmallVector<int64_t> legal = geometry.getLegalUnroll(index);
    if (!factor || llvm::is_contained(legal, factor))
      continue;
    auto diagnostic = node->emitOpError()
                      << "[node N3] unroll factor " << factor << " of loop " << node.getDimensionNames()[index]
                      << " (extent " << domain[index] << ") is not legal; legal are";
    for (int64_t value : legal)
      diagnostic << " " << value;
    return diagnostic;
  }
  if (!llvm::is_contained(factors, 0))
    if (std::optional<std::string> reason = geometry.explainUnroll(factors))
      return node->emitOpError() << "[node N3] " << *reason;
  return success();
}

/// What was chosen is complete in its parts and keeps what is fixed.
static LogicalResult verifyConfiguration(NodeOpInterface node, Geometry &geometry) {
  ConfigAttr fixed = node.getFixedConfiguration(), chosen = node.getConfiguration();
  if (failed(verifyFactors(node, fixed, geometry)) || failed(verifyFactors(node, chosen, geometry)))
    return failure();
  if (fixed && fixed.getRoms())
    return node->emitOpError("[node N6] expected no memories in what is fixed: 'xplat-place-parameters' makes them");
  if (!chosen)
    return success();
  if (chosen.getMemories())
    return node->emitOpError("[node N6] expected the kind of memories, which nothing chooses, in what is fixed but got "
                             "it in what was chosen: ")
           << stringifyMemoryKind(chosen.getMemories().getValue());
  if (ArrayAttr roms = chosen.getRoms(); roms && !llvm::all_of(roms, llvm::IsaPred<RomUseAttr>))
    return node->emitOpError("[node N6] expected '#xplat.rom_use' for each memory but got ") << roms;
  if (UnrollAttr unroll = chosen.getUnroll(); unroll && llvm::is_contained(unroll.getFactors(), 0))
    return node->emitOpError("[node N6] expected every unroll factor to be chosen but got ") << unroll;
  auto changed = [&](StringRef what, Attribute wanted, Attribute got) {
    return node->emitOpError("[node N6] expected the fixed ") << what << " " << wanted << " but got " << got;
  };
  if (!fixed)
    return success();
  if (auto kernel = chosen.getKernel(); kernel && fixed.getKernel() && kernel != fixed.getKernel())
    return changed("kernel", fixed.getKernel(), kernel);
  if (auto place = chosen.getPlace(); place && fixed.getPlace() && place != fixed.getPlace())
    return changed("place", fixed.getPlace(), place);
  if (UnrollAttr unroll = chosen.getUnroll(); unroll && fixed.getUnroll())
    for (auto [factor, wanted] : llvm::zip(unroll.getFactors(), fixed.getUnroll().getFactors()))
      if (wanted && factor != wanted)
        return changed("unroll factors", fixed.getUnroll(), unroll);
  return success();
}

LogicalResult xplat::detail::verifyNode(Operation *op) {
  auto node = cast<NodeOpInterface>(op);
  for (Type type :
       llvm::concat<const Type>(llvm::to_vector(op->getOperandTypes()), llvm::to_vector(op->getResultTypes()))) {
    if (!isBoundedShape(getDataShape(type)))
      return op->emitOpError() << "[node N1] expected static shapes of positive extents with at most " << maxElements
                               << " elements but got " << type;
    if (!isStreamFormat(getDataElement(type)))
      return op->emitOpError() << "[node N2] expected a number format with one scale as element type but got "
                               << getDataElement(type);
    if (!hasBlockAxis(getDataElement(type), getDataShape(type).size()))
      return op->emitOpError() << "[node N2] expected blocks along a dimension of the tensor but got " << type;
  }
  Geometry geometry(op);
  SmallVector<StringRef> names = node.getDimensionNames();
  for (auto [name, extent] : llvm::zip(names, geometry.getIterationDomain()))
    if (extent > maxElements)
      return op->emitOpError() << "[node N3] loop " << name << " has extent " << extent << ", more than "
                               << maxElements;
  if (failed(verifyConfiguration(node, geometry)))
    return failure();
  SmallVector<int64_t> unroll = node.getUnrollFactors();
  for (auto [index, operand] : llvm::enumerate(op->getOperandTypes()))
    if (auto stream = dyn_cast<StreamType>(operand)) {
      int64_t lanes = geometry.getOperandLanes(index, unroll);
      if (stream.getLanes() != lanes)
        return op->emitOpError() << "[node N4] expected " << lanes << " lanes on operand " << index
                                 << " under its unroll factors but got " << stream;
    }
  for (auto [index, result] : llvm::enumerate(op->getResultTypes()))
    if (auto stream = dyn_cast<StreamType>(result)) {
      int64_t lanes = geometry.getResultLanes(index, unroll);
      if (stream.getLanes() != lanes)
        return op->emitOpError() << "[node N4] expected " << lanes << " lanes on result " << index
                                 << " under its unroll factors but got " << stream;
    }
  return verifyLayouts(op);
}

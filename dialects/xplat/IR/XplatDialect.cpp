//===- XplatDialect.cpp - Dialect set-up, attributes, enums ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers types, attributes and ops, and attaches the number format
// interface to the upstream types that xplat uses as formats.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/StructureOps.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace xplat;

#include "xplat/IR/XplatDialect.cpp.inc"
#include "xplat/IR/XplatEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "xplat/IR/XplatAttrs.cpp.inc"
#include "xplat/IR/XplatTypeInterfaces.cpp.inc"

namespace xplat {
void attachNumberFormats(MLIRContext *context);
} // namespace xplat

void XplatDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "xplat/IR/XplatAttrs.cpp.inc"
      >();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "xplat/IR/XplatDescription.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "xplat/IR/XplatNodeOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "xplat/IR/XplatStructure.cpp.inc"
      >();
  attachNumberFormats(getContext());
}

//===----------------------------------------------------------------------===//
// Functions of the dataflow form
//===----------------------------------------------------------------------===//

LogicalResult XplatDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  bool isTarget = attribute.getName() == getTargetAttrHelper().getName();
  bool isPlace = attribute.getName() == getPlaceAttrHelper().getName();
  if (isTarget && !(isa<func::FuncOp>(op) && isa<TargetAttr>(attribute.getValue())))
    return op->emitOpError("[place C1] expected ") << attribute.getName() << " on a function, a '#xplat.target'";
  if (isPlace &&
      !(isa<func::FuncOp>(op) && isa<PlaceAttr>(attribute.getValue()) && getTargetAttrHelper().isAttrPresent(op)))
    return op->emitOpError("[place C1] expected ") << attribute.getName() << " on a function with an "
                                                   << getTargetAttrHelper().getName() << ", a '#xplat.place'";
  return success();
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

LogicalResult OrderAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                                        function_ref<InFlightDiagnostic()> emitError) const {
  if (getDims().size() == shape.size() && isPermutationVector(getDims()))
    return success();
  return emitError() << "[order C1] expected an order that has each of " << shape.size() << " dimensions once but got ("
                     << getDims() << ")";
}

//===----------------------------------------------------------------------===//
// Unroll factors
//===----------------------------------------------------------------------===//

Attribute UnrollAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> factors;
  auto parseFactor = [&]() -> ParseResult {
    if (succeeded(parser.parseOptionalQuestion())) {
      factors.push_back(0);
      return success();
    }
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseInteger(factors.emplace_back()))
      return failure();
    if (factors.back() < 1)
      return parser.emitError(loc, "expected an unroll factor of at least 1, or '?', but got ") << factors.back();
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater, parseFactor))
    return {};
  return get(parser.getContext(), factors);
}

void UnrollAttr::print(AsmPrinter &printer) const {
  printer << '<';
  llvm::interleaveComma(getFactors(), printer, [&](int64_t factor) {
    if (factor)
      printer << factor;
    else
      printer << '?';
  });
  printer << '>';
}

//===----------------------------------------------------------------------===//
// Resources
//===----------------------------------------------------------------------===//

Attribute ResourcesAttr::parse(AsmParser &parser, Type) {
  SmallVector<ResourceAmount> amounts;
  SMLoc loc = parser.getCurrentLocation();
  auto parseAmount = [&]() -> ParseResult {
    StringRef name;
    int64_t amount;
    if (parser.parseKeyword(&name) || parser.parseEqual() || parser.parseInteger(amount))
      return failure();
    amounts.push_back({parser.getBuilder().getStringAttr(name), amount});
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater, parseAmount))
    return {};
  return getChecked([&] { return parser.emitError(loc); }, parser.getContext(), amounts);
}

void ResourcesAttr::print(AsmPrinter &printer) const {
  printer << '<';
  llvm::interleaveComma(getAmounts(), printer,
                        [&](ResourceAmount amount) { printer << amount.first.getValue() << " = " << amount.second; });
  printer << '>';
}

LogicalResult ResourcesAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<ResourceAmount> amounts) {
  llvm::SmallDenseSet<StringAttr> seen;
  for (auto [name, amount] : amounts) {
    if (!name || !xplat::detail::isIdentifier(name))
      return emitError() << "[resources C1] expected an identifier as name of a resource but got " << name;
    if (!seen.insert(name).second)
      return emitError() << "[resources C1] expected one amount of " << name << " but got two";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Derivations
//===----------------------------------------------------------------------===//

bool DerivationAttr::fits(RankedTensorType type) const {
  struct Needs {
    size_t least, most;
    bool epsilon = false, axis = false, shape = false, function = false;
  };
  auto needs = [&]() -> Needs {
    constexpr size_t any = std::numeric_limits<size_t>::max();
    switch (getKind()) {
    case DerivationKind::fold_batch_norm_weight:
      return {2, 3, /*epsilon=*/true};
    case DerivationKind::fold_batch_norm_bias:
      return {4, 5, /*epsilon=*/true};
    case DerivationKind::transpose:
      return {1, 1, false, false, /*shape=*/true};
    case DerivationKind::quantize:
    case DerivationKind::reshape:
    case DerivationKind::compress:
    case DerivationKind::compress_index:
    case DerivationKind::exponents:
      return {1, 1};
    case DerivationKind::select:
      return {1, 1, false, /*axis=*/true, /*shape=*/true};
    case DerivationKind::mask:
      return {2, 2};
    case DerivationKind::evaluate:
      return {0, any, false, false, false, /*function=*/true};
    case DerivationKind::every_number:
      return {0, 0};
    }
    llvm_unreachable("every kind is listed");
  }();
  size_t sources = getSources().size();
  if (sources < needs.least || sources > needs.most || needs.epsilon != static_cast<bool>(getEpsilon()) ||
      needs.axis != static_cast<bool>(getAxis()) || needs.shape != static_cast<bool>(getShape()) ||
      needs.function != static_cast<bool>(getFunction()))
    return false;
  if (getKind() == DerivationKind::compress || getKind() == DerivationKind::compress_index)
    return type.getRank() == 3;
  if (getKind() == DerivationKind::every_number)
    return xplat::detail::countNumbers(type.getElementType()) == std::optional(type.getNumElements()) &&
           type.getRank() == 1;
  if (!needs.shape)
    return true;
  ArrayRef<int64_t> shape = getShape().asArrayRef();
  if (getKind() == DerivationKind::transpose)
    return static_cast<int64_t>(shape.size()) == type.getRank() && isPermutationVector(shape);
  int64_t axis = getAxis().getInt();
  return axis >= 0 && axis < type.getRank() && static_cast<int64_t>(shape.size()) == type.getDimSize(axis) &&
         llvm::all_of(shape, [](int64_t index) { return index >= 0; });
}

bool DerivationAttr::gives(ArrayRef<int64_t> shape, ArrayRef<ArrayRef<int64_t>> sources) const {
  using xplat::detail::product;
  auto vectors = [&](size_t first) {
    return !shape.empty() && llvm::all_of(sources.drop_front(first),
                                          [&](ArrayRef<int64_t> source) { return source == shape.take_front(); });
  };
  switch (getKind()) {
  case DerivationKind::fold_batch_norm_weight:
    return sources.size() == 3 ? sources[0] == shape && vectors(1) : vectors(0);
  case DerivationKind::fold_batch_norm_bias:
    return shape.size() == 1 && vectors(0);
  case DerivationKind::quantize:
    return sources[0] == shape;
  case DerivationKind::mask:
    return sources[0] == shape && sources[1] == shape;
  case DerivationKind::exponents: {
    if (sources[0].size() != shape.size())
      return false;
    auto differs = [](auto pair) { return std::get<0>(pair) != std::get<1>(pair); };
    auto grows = [](auto pair) { return std::get<0>(pair) > std::get<1>(pair); };
    return llvm::count_if(llvm::zip(shape, sources[0]), differs) <= 1 &&
           llvm::none_of(llvm::zip(shape, sources[0]), grows);
  }
  case DerivationKind::reshape:
    return product(sources[0]) == product(shape);
  case DerivationKind::transpose: {
    ArrayRef<int64_t> order = getShape().asArrayRef();
    if (sources[0].size() != order.size())
      return false;
    return llvm::all_of(llvm::seq(order.size()), [&](size_t dim) { return shape[dim] == sources[0][order[dim]]; });
  }
  case DerivationKind::select: {
    size_t axis = getAxis().getInt();
    if (axis >= sources[0].size())
      return false;
    SmallVector<int64_t> expected(sources[0]);
    expected[axis] = getShape().size();
    return ArrayRef<int64_t>(expected) == shape &&
           llvm::all_of(getShape().asArrayRef(), [&](int64_t index) { return index < sources[0][axis]; });
  }
  case DerivationKind::compress:
  case DerivationKind::compress_index: {
    int64_t columns = sources[0].empty() ? 1 : product(sources[0].drop_front());
    return !sources[0].empty() && sources[0][0] == shape[0] && shape[2] <= columns &&
           shape[1] <= static_cast<int64_t>(llvm::divideCeil(columns, shape[2]));
  }
  case DerivationKind::evaluate:
  case DerivationKind::every_number:
    return true;
  }
  llvm_unreachable("every kind is listed");
}

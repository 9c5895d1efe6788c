//===- XplatDialect.cpp - Dialect set-up, attributes, enums ---------------===//
//
// Registers types, attributes and ops, and attaches the number format
// interface to the upstream types that xplat uses as formats.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Nodes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
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
#include "xplat/IR/XplatOps.cpp.inc"
      >();
  attachNumberFormats(getContext());
}

//===----------------------------------------------------------------------===//
// Resources
//===----------------------------------------------------------------------===//

int64_t ResourcesAttr::get(ResourceKind kind) const { return toArray()[static_cast<unsigned>(kind)]; }

ResourcesAttr ResourcesAttr::fromArray(MLIRContext *context, ArrayRef<int64_t> amounts) {
  assert(amounts.size() == 5 && "one amount per resource kind");
  return get(context, amounts[0], amounts[1], amounts[2], amounts[3], amounts[4]);
}

//===----------------------------------------------------------------------===//
// Derivations
//===----------------------------------------------------------------------===//

/// Whether the derivation of a parameter of `type` has the sources and arguments that its kind needs.
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
    case DerivationKind::channels_last_columns:
    case DerivationKind::transpose:
      return {1, 1, false, false, /*shape=*/true};
    case DerivationKind::quantize:
    case DerivationKind::reshape:
    case DerivationKind::compress:
    case DerivationKind::compress_index:
      return {1, 1};
    case DerivationKind::select:
      return {1, 1, false, /*axis=*/true, /*shape=*/true};
    case DerivationKind::mask:
      return {2, 2};
    case DerivationKind::evaluate:
      return {0, any, false, false, false, /*function=*/true};
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
  if (!needs.shape)
    return true;
  ArrayRef<int64_t> shape = getShape().asArrayRef();
  if (getKind() == DerivationKind::channels_last_columns)
    return shape.size() == 3 && type.getRank() == 2 && xplat::detail::isBoundedShape(shape) &&
           xplat::detail::product(shape) == type.getDimSize(1);
  if (getKind() == DerivationKind::transpose)
    return static_cast<int64_t>(shape.size()) == type.getRank() && isPermutationVector(shape);
  int64_t axis = getAxis().getInt();
  return axis >= 0 && axis < type.getRank() && static_cast<int64_t>(shape.size()) == type.getDimSize(axis) &&
         llvm::all_of(shape, [](int64_t index) { return index >= 0; });
}

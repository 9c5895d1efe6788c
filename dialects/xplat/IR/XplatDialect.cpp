//===- XplatDialect.cpp - Dialect set-up, attributes, enums ---------------===//
//
// Registers types, attributes and ops, and attaches the number format
// interface to the upstream types that xplat uses as formats.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Xplat.h"

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

//===- CirctDialects.cpp - Stand-ins for CIRCT's dialects -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/CirctDialects.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace xplat::circt;

AnyContentDialect::AnyContentDialect(StringRef name, MLIRContext *context, TypeID id) : Dialect(name, context, id) {
  allowUnknownOperations();
  allowUnknownTypes();
}

Attribute AnyContentDialect::parseAttribute(DialectAsmParser &parser, Type type) const {
  Builder &builder = parser.getBuilder();
  return OpaqueAttr::get(builder.getStringAttr(getNamespace()), parser.getFullSymbolSpec(),
                         type ? type : builder.getNoneType());
}

#define XPLAT_CIRCT_DIALECT(Class)                                                                                     \
  MLIR_DEFINE_EXPLICIT_TYPE_ID(xplat::circt::Class)                                                                    \
  Class::Class(MLIRContext *context) : AnyContentDialect(getDialectNamespace(), context, TypeID::get<Class>()) {}

XPLAT_CIRCT_DIALECT(HWDialect)
XPLAT_CIRCT_DIALECT(CombDialect)
XPLAT_CIRCT_DIALECT(SeqDialect)
XPLAT_CIRCT_DIALECT(ESIDialect)
XPLAT_CIRCT_DIALECT(SVDialect)
XPLAT_CIRCT_DIALECT(CirctDialect)

void xplat::circt::registerDialects(DialectRegistry &registry) {
  registry.insert<HWDialect, CombDialect, SeqDialect, ESIDialect, SVDialect, CirctDialect>();
}

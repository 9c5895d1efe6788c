//===- CirctDialects.cpp - Stand-ins for CIRCT's dialects -----------------===//

#include "Transforms/Lowering/CirctDialects.h"

#include "mlir/IR/DialectRegistry.h"

using namespace xplat::circt;

#define XPLAT_CIRCT_DIALECT(Class)                                                                                    \
  MLIR_DEFINE_EXPLICIT_TYPE_ID(xplat::circt::Class)                                                                   \
  Class::Class(mlir::MLIRContext *context) : Dialect(getDialectNamespace(), context, mlir::TypeID::get<Class>()) {    \
    allowUnknownOperations();                                                                                         \
    allowUnknownTypes();                                                                                              \
  }

XPLAT_CIRCT_DIALECT(HWDialect)
XPLAT_CIRCT_DIALECT(CombDialect)
XPLAT_CIRCT_DIALECT(SeqDialect)
XPLAT_CIRCT_DIALECT(ESIDialect)
XPLAT_CIRCT_DIALECT(SVDialect)
XPLAT_CIRCT_DIALECT(CirctDialect)

void xplat::circt::registerDialects(mlir::DialectRegistry &registry) {
  registry.insert<HWDialect, CombDialect, SeqDialect, ESIDialect, SVDialect, CirctDialect>();
}

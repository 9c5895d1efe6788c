//===- CirctDialects.h - Stand-ins for CIRCT's dialects ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CIRCT is built against another MLIR than xplat, so the two exchange text. The
// lowering writes CIRCT's ops in generic form under dialects that carry CIRCT's
// names and accept every op, type and attribute; CIRCT itself verifies them when
// it reads the text.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_LOWERING_CIRCTDIALECTS_H
#define XPLAT_TRANSFORMS_LOWERING_CIRCTDIALECTS_H

#include "mlir/IR/Dialect.h"

namespace xplat::circt {

/// A dialect that keeps every op, type and attribute as it is written.
class AnyContentDialect : public mlir::Dialect {
public:
  AnyContentDialect(llvm::StringRef name, mlir::MLIRContext *context, mlir::TypeID id);
  mlir::Attribute parseAttribute(mlir::DialectAsmParser &parser, mlir::Type type) const override;
};

#define XPLAT_CIRCT_DIALECT(Class, name)                                                                               \
  class Class : public AnyContentDialect {                                                                             \
  public:                                                                                                              \
    explicit Class(mlir::MLIRContext *context);                                                                        \
    static constexpr llvm::StringLiteral getDialectNamespace() { return llvm::StringLiteral(name); }                   \
  };

XPLAT_CIRCT_DIALECT(HWDialect, "hw")
XPLAT_CIRCT_DIALECT(CombDialect, "comb")
XPLAT_CIRCT_DIALECT(SeqDialect, "seq")
XPLAT_CIRCT_DIALECT(ESIDialect, "esi")
XPLAT_CIRCT_DIALECT(SVDialect, "sv")
XPLAT_CIRCT_DIALECT(CirctDialect, "circt")

#undef XPLAT_CIRCT_DIALECT

/// Adds the stand-ins to a registry.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace xplat::circt

MLIR_DECLARE_EXPLICIT_TYPE_ID(xplat::circt::HWDialect)
MLIR_DECLARE_EXPLICIT_TYPE_ID(xplat::circt::CombDialect)
MLIR_DECLARE_EXPLICIT_TYPE_ID(xplat::circt::SeqDialect)
MLIR_DECLARE_EXPLICIT_TYPE_ID(xplat::circt::ESIDialect)
MLIR_DECLARE_EXPLICIT_TYPE_ID(xplat::circt::SVDialect)
MLIR_DECLARE_EXPLICIT_TYPE_ID(xplat::circt::CirctDialect)

#endif // XPLAT_TRANSFORMS_LOWERING_CIRCTDIALECTS_H

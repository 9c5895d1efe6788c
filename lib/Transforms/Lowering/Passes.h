//===- Passes.h - Passes that write CIRCT -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_LOWERING_PASSES_H
#define XPLAT_TRANSFORMS_LOWERING_PASSES_H

#include "xplat/IR/Xplat.h"

#include "mlir/Pass/Pass.h"

namespace xplat {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "Transforms/Lowering/Passes.h.inc"

} // namespace xplat

#endif // XPLAT_TRANSFORMS_LOWERING_PASSES_H

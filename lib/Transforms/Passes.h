//===- Passes.h - The passes of xplat ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_PASSES_H
#define XPLAT_TRANSFORMS_PASSES_H

#include "xplat/Analysis/PartitionSolver.h"
#include "xplat/IR/Xplat.h"

#include "mlir/Pass/Pass.h"

namespace xplat {

#define GEN_PASS_DECL
#include "Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "Transforms/Passes.h.inc"

} // namespace xplat

#endif // XPLAT_TRANSFORMS_PASSES_H

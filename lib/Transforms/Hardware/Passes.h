//===- Passes.h - Passes that map a graph -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_HARDWARE_PASSES_H
#define XPLAT_TRANSFORMS_HARDWARE_PASSES_H

#include "xplat/Analysis/PartitionSolver.h"
#include "xplat/IR/Xplat.h"

#include "mlir/Pass/Pass.h"

namespace xplat {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "Transforms/Hardware/Passes.h.inc"

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_PASSES_H

//===- Passes.td - The passes of xplat --------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One `def` per pass, in the folder that has its code. The code is one file named
// after the pass, the test one file named after its flag in test/lit/.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_PASSES_TD
#define XPLAT_PASSES_TD

include "Transforms/Software/Passes.td"
include "Transforms/Lowering/Passes.td"
include "Transforms/Hardware/Passes.td"

#endif // XPLAT_PASSES_TD

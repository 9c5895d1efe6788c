//===- Passes.td - The passes of xplat --------------------------*- tablegen -*-===//
//
// One `def` per pass; the code is one file named after it in Software/,
// Hardware/ or Lowering/, the test one file named after its flag in test/lit/.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_PASSES_TD
#define XPLAT_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // XPLAT_PASSES_TD

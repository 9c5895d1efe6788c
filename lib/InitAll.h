//===- InitAll.h - What every xplat tool registers --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One list of dialects and passes for xplat-opt and for Python, so that both
// read and write the same IR and run the same pipelines.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_INITALL_H
#define XPLAT_INITALL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace xplat {

/// Registers the xplat dialect, the upstream dialects its IR uses, and the
/// stand-ins for CIRCT's dialects that the lowering writes.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Registers the xplat passes and pipelines and upstream's general passes
/// (canonicalize, cse, symbol-dce, ...). Calling it again does nothing.
void registerAllPasses();

} // namespace xplat

#endif // XPLAT_INITALL_H

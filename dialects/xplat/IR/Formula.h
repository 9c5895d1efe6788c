//===- Formula.h - Formulas of kernel contracts -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formulas are semi-affine expressions; `printFormula` (Support.h) gives their
// symbols names. A few functions build expressions that contracts need again and
// again, so that the rule behind each stands in one place.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_FORMULA_H
#define XPLAT_IR_FORMULA_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringRef.h"

namespace xplat {

/// `a + (b + c)` as `(a + b) + c`, as which it is printed.
mlir::AffineExpr associateLeft(mlir::AffineExpr expr);

/// The value of a function that `let` clauses may call:
/// - `max(a, …)`
/// - `positive(a)`: 1 for a > 0, else 0
/// - `tree_stages(n, radix)`: registers in a reduction tree of n terms (up to 65536), one after every `radix`
/// - `window_depth(h, w, oh, ow, kh, kw, stride_h, stride_w, pad_h, pad_w, beats)`: beats that a window buffer
///   must hold, with `beats` to a pixel (docs/KernelRtl.md has the argument)
/// - `clog2(x)`: the logarithm rounded up; `is_power_of_two(x)`: 1 or 0; both for x up to 2^24
/// - `ram_lut(bits, words)`, `rom_lut(bits, words)`: LUTs of a memory; `ram_bram18`, `rom_bram18`: its halves of
///   block RAMs; `ram_in_luts`, `rom_in_luts`: 1 when it is made of LUTs. It is where a block would be mostly
///   empty: at most 64 LUTs stand in for half a block, as Yosys maps them (docs/KernelRtl.md)
/// Arguments of `positive`, and differences of those of `max`, must stay below 2^40. Emits an error for an
/// unknown function or a wrong number of arguments.
mlir::FailureOr<mlir::AffineExpr> applyFormulaFunction(llvm::StringRef name, llvm::ArrayRef<mlir::AffineExpr> arguments,
                                                       llvm::function_ref<mlir::InFlightDiagnostic()> emitError);

} // namespace xplat

#endif // XPLAT_IR_FORMULA_H

//===- Formula.h - Formulas of kernel contracts -----------------*- C++ -*-===//
//
// Formulas are semi-affine expressions. Printing gives symbols their names; a
// few functions build expressions that contracts need again and again, so that
// the rule behind each stands in one place.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_FORMULA_H
#define XPLAT_IR_FORMULA_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringRef.h"

namespace xplat {

/// Prints `formula` with the names of its symbols.
void printFormula(llvm::raw_ostream &os, mlir::AffineExpr formula, llvm::ArrayRef<std::string> names);

/// `a + (b + c)` as `(a + b) + c`, as which it is printed.
mlir::AffineExpr associateLeft(mlir::AffineExpr expr);

/// The value of a function that `let` clauses may call:
/// - `max(a, …)`
/// - `positive(a)`: 1 for a > 0, else 0
/// - `tree_stages(n)`: registers in a reduction tree of n terms, one after every eight
/// - `window_depth(h, w, oh, ow, kh, kw, stride_h, stride_w, pad_h, pad_w, beats)`: beats that a window buffer
///   must hold, with `beats` to a pixel (docs/KernelRtl.md has the argument)
/// - `rom_lut(bits, words)`, `ram_lut(bits, words)`, `bram36(bits, words)`: what a memory costs. Up to 64 words
///   are LUTs: one a bit in a ROM, four per three bits in a RAM with its second port. More are block RAMs of
///   72 bits × 512, 36 × 1024, 18 × 2048 or 9 × 4096.
/// Arguments of `positive`, and differences of those of `max`, must stay below 2^40. Emits an error for an
/// unknown function or a wrong number of arguments.
mlir::FailureOr<mlir::AffineExpr>
applyFormulaFunction(llvm::StringRef name, llvm::ArrayRef<mlir::AffineExpr> arguments,
                     llvm::function_ref<mlir::InFlightDiagnostic()> emitError);

} // namespace xplat

#endif // XPLAT_IR_FORMULA_H

//===- KernelSubject.h - What a kernel implements ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_IR_KERNELSUBJECT_H
#define XPLAT_IR_KERNELSUBJECT_H

#include "xplat/IR/Xplat.h"

namespace xplat {

/// Name of the memory that holds requantization shifts per channel; every
/// other memory of a kernel is named after a parameter.
inline constexpr llvm::StringLiteral shiftMemoryName = "shift";
/// Name of the memory with the positions of weights in their groups; kernels that skip weights have it.
inline constexpr llvm::StringLiteral indexMemoryName = "index";
inline constexpr llvm::StringLiteral exponentMemoryName = "exponent";

/// Name of the memory with the results of an element-wise node of one operand, by the operand's stored integer.
inline constexpr llvm::StringLiteral tableMemoryName = "table";
/// Names of the memories of a node's polynomials: the coefficients of each segment, and the lengths of segments.
inline constexpr llvm::StringLiteral coefficientMemoryName = "coefficient", rangeMemoryName = "range";

/// What a contract names behind `implements`: one op, or the interface that stands for all element-wise nodes. A kernel
/// for an interface is written over what all its nodes have in common: the same loops, and the ports `x`, the first
/// operand, and `y`, the result.
class KernelSubject {
public:
  /// None when `name` is neither a registered op that implements NodeOpInterface nor the interface.
  static std::optional<KernelSubject> get(llvm::StringRef name, mlir::MLIRContext *context);

  bool includes(mlir::OperationName name) const;
  /// Whether every node that it includes is element-wise.
  bool isElementwise() const;
  /// Whether its name alone says what an element-wise node computes.
  bool isNamedFunction() const;
  llvm::SmallVector<llvm::StringRef> getLoops() const;
  llvm::SmallVector<llvm::StringRef> getPorts() const;
  llvm::SmallVector<std::string> getSymbols() const;
  /// Position of the first unroll factor among the symbols.
  size_t getFirstFactor() const;

  // Of a node that it includes.
  llvm::SmallVector<int64_t> getSymbolValues(NodeOpInterface node, llvm::ArrayRef<int64_t> unroll) const;
  llvm::SmallVector<mlir::Type> getPortFormats(NodeOpInterface node) const;

private:
  explicit KernelSubject(std::optional<mlir::OperationName> op) : op(op) {}

  /// None: element-wise nodes.
  std::optional<mlir::OperationName> op;
};

} // namespace xplat

#endif // XPLAT_IR_KERNELSUBJECT_H

//===- KernelLibrary.h - Which kernels implement a node ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernels of a module, by the ops that they may implement. A kernel fits a node when
// its `where` clause holds for the node's kernel symbols, all its formulas have
// a value there, and its order of loops suits the node's streams.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_KERNELLIBRARY_H
#define XPLAT_ANALYSIS_KERNELLIBRARY_H

#include "xplat/IR/Xplat.h"

#include "llvm/ADT/DenseMap.h"

#include <optional>
#include <string>

namespace xplat {

/// Why a kernel does not fit a node.
struct Rejection {
  KernelOp kernel;
  std::string reason;
};

class KernelLibrary {
public:
  explicit KernelLibrary(mlir::ModuleOp module);

  /// Kernels that implement the op, in the order of the module.
  llvm::ArrayRef<KernelOp> getKernels(mlir::OperationName op) const;
  /// The kernel that the node is bound to; null when it is unbound, the symbol is unknown, or the kernel implements
  /// another op (xplat-bind-kernels says which).
  KernelOp getKernel(NodeOpInterface node) const;
  /// The kernel called so; null when there is none.
  KernelOp getKernel(mlir::FlatSymbolRefAttr symbol) const { return bySymbol.lookup(symbol.getAttr()); }
  /// The kernel whose symbol the node has, whatever op it implements.
  KernelOp getNamedKernel(NodeOpInterface node) const;

private:
  llvm::DenseMap<mlir::OperationName, llvm::SmallVector<KernelOp>> byOp;
  llvm::DenseMap<mlir::StringAttr, KernelOp> bySymbol;
};

/// Why the kernel does not suit the node, whatever its unroll factors; nothing when it does.
std::optional<std::string> explainUnsuited(KernelOp kernel, NodeOpInterface node);

/// Whether the kernel may unroll a loop of a node: its contract has to mention the factor of one that walks fibers.
bool canUnroll(KernelOp kernel, const Geometry &geometry, unsigned loop);

/// Why the kernel cannot unroll the node's loops like this; nothing when it can.
std::optional<std::string> explainUnroll(KernelOp kernel, NodeOpInterface node, llvm::ArrayRef<int64_t> unroll);

/// Why the order in which the kernel walks its loops does not suit the node under `unroll`; nothing when it does.
std::optional<std::string> explainOrder(KernelOp kernel, NodeOpInterface node, llvm::ArrayRef<int64_t> unroll);

/// Why the kernel does not fit the node under `unroll`, with numbers; nothing when it fits. What its parts take is no
/// matter. It reads the contract anew: `CostModel` knows faster that a kernel fits.
std::optional<std::string> explainMisfit(KernelOp kernel, NodeOpInterface node, llvm::ArrayRef<int64_t> unroll);

/// Why the kernel fits the node under no unroll factors, whatever those are that mapping may choose; nothing when it
/// may fit under some.
std::optional<std::string> explainNeverFits(KernelOp kernel, NodeOpInterface node);

/// Reports that no kernel implements the node, with the reason for each that might.
mlir::InFlightDiagnostic reportNoKernel(NodeOpInterface node, llvm::ArrayRef<Rejection> rejections);

} // namespace xplat

#endif // XPLAT_ANALYSIS_KERNELLIBRARY_H

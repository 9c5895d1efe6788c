//===- LinkLibrary.cpp - Merge symbols of other files ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels, devices and systems live in files of their own; the mapping passes
// want them beside the graph. Invariant: a symbol that several files define
// means the same in all of them.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/Passes.h"
#include "xplat/Analysis/Names.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/SourceMgr.h"

namespace xplat {
#define GEN_PASS_DEF_LINKLIBRARY
#include "Transforms/Hardware/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct LinkLibrary : xplat::impl::LinkLibraryBase<LinkLibrary> {
  using LinkLibraryBase::LinkLibraryBase;

  void runOnOperation() override {
    for (const std::string &file : files)
      if (failed(merge(decodeOption(file))))
        return signalPassFailure();
  }

  /// Parses the file in a context in which only the dialects of library files exist. A file that uses another
  /// one would have it loaded in the middle of a pass, which MLIR answers by aborting the process.
  LogicalResult checkDialects(const std::string &file) {
    MLIRContext scratch(MLIRContext::Threading::DISABLED);
    scratch.loadDialect<XplatDialect, func::FuncDialect, quant::QuantDialect>();
    ScopedDiagnosticHandler handler(&scratch, [&](Diagnostic &diagnostic) {
      Location location = getOperation().getLoc();
      if (auto place = dyn_cast<FileLineColLoc>(diagnostic.getLocation()))
        location =
            FileLineColLoc::get(&getContext(), place.getFilename().getValue(), place.getLine(), place.getColumn());
      emitError(location) << diagnostic.str();
    });
    ParserConfig config(&scratch, /*verifyAfterParse=*/false);
    return success(static_cast<bool>(parseSourceFile<ModuleOp>(file, config)));
  }

  LogicalResult merge(const std::string &file) {
    ModuleOp module = getOperation();
    llvm::SourceMgr sources;
    auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer)
      return emitError(module.getLoc()) << "cannot read '" << file << "': " << buffer.getError().message();
    sources.AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
    if (failed(checkDialects(file)))
      return emitError(module.getLoc()) << "cannot parse '" << file << "'";
    // The parser verifies the file by itself; systems may name devices of other
    // files, so the whole is verified after the pass instead.
    ParserConfig config(&getContext(), /*verifyAfterParse=*/false);
    OwningOpRef<ModuleOp> other = parseSourceFile<ModuleOp>(sources, config);
    if (!other)
      return emitError(module.getLoc()) << "cannot parse '" << file << "'";
    SymbolTable symbols(module);
    for (Operation &op : llvm::make_early_inc_range(other->getBody()->getOperations())) {
      if (!isa<KernelOp, DeviceOp, SystemOp, CostTableOp>(op))
        return emitError(op.getLoc(),
                         "expected only kernels, devices, systems and cost tables in a library file but got '")
               << op.getName() << "'";
      auto symbol = cast<SymbolOpInterface>(op);
      Operation *known = symbols.lookup(symbol.getNameAttr());
      if (!known) {
        op.remove();
        module.push_back(&op);
        symbols.insert(&op);
        ++numSymbols;
        continue;
      }
      if (OperationEquivalence::isEquivalentTo(known, &op, OperationEquivalence::IgnoreLocations))
        continue;
      auto diagnostic = emitError(op.getLoc(), "symbol @") << symbol.getName() << " has two different definitions";
      diagnostic.attachNote(known->getLoc()) << "the other definition; rename one of them";
      return diagnostic;
    }
    return success();
  }
};
} // namespace

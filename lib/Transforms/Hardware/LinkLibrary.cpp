//===- LinkLibrary.cpp - Merge symbols of other files ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels, devices, their families and systems live in files of their own; the
// mapping passes want them beside the graph, and contracts without fragments.
// Invariant: a symbol that several files define means the same in all of them.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/Passes.h"
#include "xplat/Analysis/Names.h"
#include "xplat/IR/Contract.h"

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
    SmallVector<OwningOpRef<ModuleOp>> modules;
    for (const std::string &file : files) {
      FailureOr<OwningOpRef<ModuleOp>> module = read(decodeOption(file));
      if (failed(module))
        return signalPassFailure();
      modules.push_back(std::move(*module));
    }
    // A contract may include a fragment of any of the files.
    SmallVector<ModuleOp> all = {getOperation()};
    for (OwningOpRef<ModuleOp> &module : modules)
      all.push_back(*module);
    if (failed(insertFragments(all)))
      return signalPassFailure();
    for (OwningOpRef<ModuleOp> &module : modules)
      if (failed(merge(*module)))
        return signalPassFailure();
  }

  /// Puts the clauses of fragments in their places and removes the fragments.
  static LogicalResult insertFragments(ArrayRef<ModuleOp> modules) {
    llvm::DenseMap<StringAttr, FragmentOp> fragments;
    for (ModuleOp module : modules)
      for (auto fragment : module.getOps<FragmentOp>()) {
        auto [known, isNew] = fragments.try_emplace(fragment.getSymNameAttr(), fragment);
        if (!isNew &&
            !OperationEquivalence::isEquivalentTo(known->second, fragment, OperationEquivalence::IgnoreLocations))
          return reportClash(known->second, fragment, fragment.getSymName());
      }
    for (ModuleOp module : modules) {
      for (auto kernel : module.getOps<KernelOp>()) {
        auto clauses = ContractClauses::of(kernel.getProperties());
        llvm::SmallDenseSet<Attribute> inserted;
        // A fragment may include others.
        while (true) {
          SmallVector<FlatSymbolRefAttr> includes = clauses.getIncludes();
          if (includes.empty())
            break;
          FlatSymbolRefAttr name = includes.front();
          FragmentOp fragment = fragments.lookup(name.getAttr());
          if (!fragment || !inserted.insert(name).second)
            return emitError(kernel.getLoc(), "kernel @")
                   << kernel.getSymName() << " includes " << name
                   << (fragment ? " again through a fragment" : ", but no linked file has such a fragment");
          clauses.insert(fragment);
        }
        clauses.store(kernel.getProperties(), kernel.getContext());
      }
    }
    for (ModuleOp module : modules)
      for (auto fragment : llvm::make_early_inc_range(module.getOps<FragmentOp>()))
        fragment.erase();
    return success();
  }

  static LogicalResult reportClash(Operation *known, Operation *other, StringRef name) {
    auto diagnostic = emitError(other->getLoc(), "symbol @") << name << " has two different definitions";
    diagnostic.attachNote(known->getLoc()) << "the other definition; rename one of them";
    return diagnostic;
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

  FailureOr<OwningOpRef<ModuleOp>> read(const std::string &file) {
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
    return other;
  }

  LogicalResult merge(ModuleOp other) {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    for (Operation &op : llvm::make_early_inc_range(other.getBody()->getOperations())) {
      if (!isa<KernelOp, FamilyOp, DeviceOp, SystemOp, CostTableOp>(op))
        return emitError(op.getLoc(),
                         "expected only kernels, fragments, families, devices, systems and cost tables in a "
                         "library file but got '")
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
      return reportClash(known, &op, symbol.getName());
    }
    return success();
  }
};
} // namespace

//===- LowerToCirct.cpp - Dataflow to hw, comb, seq and esi ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plans which module each node belongs to, builds the modules beside the graph,
// then removes everything that is not hardware. A kernel's backend decides how a
// node becomes hardware; no op is asked for its name. Names of the model reach
// SystemVerilog as comments, through locations, and are made harmless last.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Lowering/CirctDialects.h"
#include "Transforms/Lowering/HardwareModules.h"
#include "Transforms/Lowering/Passes.h"
#include "xplat/Analysis/CostSources.h"

namespace xplat {
#define GEN_PASS_DEF_LOWERTOCIRCT
#include "Transforms/Lowering/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

/// Memories are files of their own: no two names may differ only in case, which some file systems ignore.
static LogicalResult checkMemoryFiles(ModuleOp module) {
  llvm::StringMap<RomOp> files;
  for (auto rom : module.getOps<RomOp>()) {
    auto [other, inserted] = files.try_emplace(rom.getSymName().lower(), rom);
    if (inserted)
      continue;
    auto diagnostic = rom.emitOpError("has a name that differs from @")
                      << RomOp(other->second).getSymName() << " only in case, so that both have one file on some "
                      << "file systems; rename one of them";
    diagnostic.attachNote(other->second.getLoc()) << "the other memory";
    return diagnostic;
  }
  return success();
}

namespace {
struct LowerToCirct : xplat::impl::LowerToCirctBase<LowerToCirct> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkMemoryFiles(module)))
      return signalPassFailure();
    SymbolScope symbols(module);
    const KernelLibrary &library = getAnalysis<CostModel>().getLibrary();
    FailureOr<circt::LoweringPlan> plan = circt::planLowering(module, library);
    if (failed(plan))
      return signalPassFailure();

    SmallVector<Operation *> sources;
    for (Operation &op : *module.getBody())
      sources.push_back(&op);
    SmallVector<StringRef> reserved;
    for (auto kernel : module.getOps<KernelOp>())
      if (kernel.getRtlModule())
        reserved.push_back(*kernel.getRtlModule());
    circt::CirctBuilder builder(module, reserved);
    circt::HardwareModules hardware(symbols.getTable(), library, *plan, builder);
    if (failed(hardware.buildDevices()))
      return signalPassFailure();
    hardware.buildTops();
    numDevices += plan->devices.size();
    numNodes += plan->instanceNames.size();

    for (Operation *op : llvm::reverse(sources))
      op->erase();
    module->walk([](Operation *op) {
      op->setLoc(withPlainNames(op->getLoc()));
      for (Region &region : op->getRegions())
        for (BlockArgument argument : region.getArguments())
          argument.setLoc(withPlainNames(argument.getLoc()));
    });
    module->setAttr("xplat.devices", hardware.getDeviceModules());
    // Plain SystemVerilog; every line names the place in the model that it comes from.
    module->setAttr("circt.loweringOptions", StringAttr::get(&getContext(), "disallowLocalVariables"));
  }
};
} // namespace

//===- LowerToCirct.cpp - Dataflow to hw, comb, seq and esi ---------------===//
//
// Plans which module each node belongs to, builds the modules beside the graph,
// then removes everything that is not hardware. A kernel's backend decides how a
// node becomes hardware; no op is asked for its name.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Lowering/CirctDialects.h"
#include "Transforms/Lowering/HardwareModules.h"
#include "Transforms/Passes.h"

namespace xplat {
#define GEN_PASS_DEF_LOWERTOCIRCT
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct LowerToCirct : xplat::impl::LowerToCirctBase<LowerToCirct> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolScope symbols(module);
    KernelLibrary library(module);
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
    // Plain SystemVerilog; every line names the place in the model that it comes from.
    module->setAttr("circt.loweringOptions", StringAttr::get(&getContext(), "disallowLocalVariables"));
  }
};
} // namespace

//===- RemoveUnusedParams.cpp - Parameters that nothing needs -------------===//
//
// A parameter lives when something other than a parameter names it, or when a
// living one derives from it.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Passes.h"

#include "llvm/ADT/SetVector.h"

namespace xplat {
#define GEN_PASS_DEF_REMOVEUNUSEDPARAMS
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct RemoveUnusedParams : xplat::impl::RemoveUnusedParamsBase<RemoveUnusedParams> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SetVector<ParamOp> live;
    auto addUses = [&](Operation *from) {
      if (auto uses = SymbolTable::getSymbolUses(from))
        for (SymbolTable::SymbolUse use : *uses)
          if (auto param = symbols.lookup<ParamOp>(use.getSymbolRef().getRootReference()))
            live.insert(param);
    };
    SmallVector<ParamOp> params;
    for (Operation &op : *getOperation().getBody()) {
      if (auto param = dyn_cast<ParamOp>(op))
        params.push_back(param);
      else
        addUses(&op);
    }
    for (size_t i = 0; i < live.size(); ++i)
      addUses(live[i]);
    for (ParamOp param : params)
      if (!live.contains(param)) {
        param.erase();
        ++numRemoved;
      }
  }
};
} // namespace

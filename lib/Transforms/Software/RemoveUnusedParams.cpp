//===- RemoveUnusedParams.cpp - Parameters that nothing needs -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A parameter or a private function lives when something other than these names
// it, or when a living one does.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Software/Passes.h"

#include "llvm/ADT/SetVector.h"

namespace xplat {
#define GEN_PASS_DEF_REMOVEUNUSEDPARAMS
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

/// Whether `op` is there for others alone.
static bool isRemovable(Operation *op) {
  auto symbol = dyn_cast<SymbolOpInterface>(op);
  return symbol && symbol.canDiscardOnUseEmpty();
}

namespace {
struct RemoveUnusedParams : xplat::impl::RemoveUnusedParamsBase<RemoveUnusedParams> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SetVector<Operation *> live;
    Operation *unknown = nullptr;
    auto addUses = [&](Operation *from) {
      auto uses = SymbolTable::getSymbolUses(from);
      if (!uses) {
        unknown = from;
        return;
      }
      for (SymbolTable::SymbolUse use : *uses)
        if (Operation *used = symbols.lookup(use.getSymbolRef().getRootReference()); used && isRemovable(used))
          live.insert(used);
    };
    SmallVector<Operation *> removable;
    for (Operation &op : *getOperation().getBody()) {
      if (isRemovable(&op))
        removable.push_back(&op);
      else
        addUses(&op);
    }
    for (size_t i = 0; i < live.size(); ++i)
      addUses(live[i]);
    if (unknown) {
      unknown->emitRemark("nothing removed: an unregistered op in it may refer to any symbol");
      return;
    }
    for (Operation *op : removable)
      if (!live.contains(op)) {
        op->erase();
        ++numRemoved;
      }
  }
};
} // namespace

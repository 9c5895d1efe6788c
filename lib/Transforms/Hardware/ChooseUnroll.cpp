//===- ChooseUnroll.cpp - The cheapest unroll that reaches a rate ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/BalanceProblem.h"
#include "Transforms/Passes.h"
#include "xplat/Analysis/Names.h"

namespace xplat {
#define GEN_PASS_DEF_CHOOSEUNROLL
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct ChooseUnroll : xplat::impl::ChooseUnrollBase<ChooseUnroll> {
  using ChooseUnrollBase::ChooseUnrollBase;

  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    ModuleOp module = getOperation();
    if (targetCycles < 1)
      return emitError(module->getLoc(), "expected 'target-cycles' of at least 1 but got ") << targetCycles.getValue();
    FailureOr<MappingGraph> graph = MappingGraph::get(module);
    if (failed(graph))
      return failure();
    SymbolScope symbols(module);
    KernelLibrary library(module);
    FailureOr<std::vector<Configurations>> choices = enumerateConfigurations(*graph, library);
    if (failed(choices))
      return failure();
    Weights weights = getUsualWeights();
    if (!system.empty() || llvm::hasSingleElement(module.getOps<SystemOp>())) {
      FailureOr<SystemModel> model = SystemModel::get(module, decodeOption(system));
      if (failed(model))
        return failure();
      weights = getWeights(model->getTotal());
    }
    StructureCosts structure(library, &getContext());
    BalanceProblem problem{*graph, *choices, structure, targetCycles, weights};
    if (failed(problem.check()))
      return failure();
    std::optional<SmallVector<unsigned>> solution = solveByDescent(problem);
    if (!solution || failed(problem.verify(*solution)))
      return failure();
    for (auto [index, node] : llvm::enumerate(graph->nodes))
      node.setUnrollFactors((*choices)[index][(*solution)[index]].unroll);
    return success();
  }
};
} // namespace

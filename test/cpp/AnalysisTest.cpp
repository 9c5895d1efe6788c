//===- AnalysisTest.cpp - Analyses, tried from C++ ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `xplat-analysis-test schedule FILE`  finds the periodic schedule of a mapped
//   module, has it verified, and changes it in ways that break a constraint: the
//   verifier must reject each of them. No prefix of a node may fall.
// `xplat-analysis-test formulas`  evaluates drawn formulas of kernels by
//   FormulaProgram and by MLIR's own simplification.
//
// Prints a line of counts, and fails at the first difference. Run by test/lit.
//
//===----------------------------------------------------------------------===//
#include "InitAll.h"
#include "xplat/Analysis/CostModel.h"
#include "xplat/Analysis/PeriodicSchedule.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

#include <random>

using namespace mlir;
using namespace xplat;

namespace {
int fail(const llvm::Twine &reason) {
  llvm::errs() << "error: " << reason << "\n";
  return 1;
}

/// Changes one time or depth at a time. The schedule does everything as early as it can, so nothing may be earlier,
/// and no FIFO may be shallower.
class ScheduleBreaker {
public:
  ScheduleBreaker(const DataflowGraph &graph, PeriodicSchedule &schedule) : graph(graph), schedule(schedule) {}

  int run() {
    for (auto [index, actor] : llvm::enumerate(graph.getActors()))
      if (actor.flow != Flow::source && actor.flow != Flow::sink)
        for (int64_t &time : schedule.offered[index])
          expectRejected(time, time - 1, "'" + actor.name + "' offers a beat a cycle earlier");
    for (auto [index, edge] : llvm::enumerate(graph.getEdges())) {
      bool fromSource = graph.getActors()[edge.producer].flow == Flow::source;
      for (int64_t &time : schedule.taken[index]) {
        expectRejected(time, time - 1, "a beat of '" + edge.name + "' is taken a cycle earlier");
        if (schedule.depths[index] == 0 && !fromSource)
          expectRejected(time, time + 1, "a beat of '" + edge.name + "' is taken a cycle later");
      }
      int64_t &depth = schedule.depths[index];
      if (depth > 2)
        expectRejected(depth, depth - 1, "the FIFO on '" + edge.name + "' is one beat shallower");
      if (depth > 0)
        expectRejected(depth, 0, "'" + edge.name + "' has no FIFO");
    }
    return missed.empty() ? 0 : fail("the verifier accepts that " + missed);
  }
  int64_t getCount() const { return count; }

private:
  void expectRejected(int64_t &value, int64_t changed, const std::string &what) {
    int64_t kept = std::exchange(value, changed);
    llvm::Error error = verifyPeriodicSchedule(graph, schedule);
    if (!error && missed.empty())
      missed = what;
    llvm::consumeError(std::move(error));
    value = kept;
    ++count;
  }

  const DataflowGraph &graph;
  PeriodicSchedule &schedule;
  std::string missed;
  int64_t count = 0;
};

/// Results leave in order, so that a later element needs and releases no less; analyses tabulate prefixes by bisection.
bool hasFallingPrefix(NodeOpInterface node) {
  if (node->getNumResults() == 0)
    return false;
  int64_t elements = xplat::detail::product(getDataShape(node->getResult(0).getType()));
  for (unsigned index = 0; index < node->getNumOperands(); ++index)
    for (int64_t element = 1; element < elements; ++element)
      if (node.getRequiredElements(index, element) < node.getRequiredElements(index, element - 1) ||
          node.getReleasedElements(index, element) < node.getReleasedElements(index, element - 1))
        return true;
  return false;
}

int testSchedule(MLIRContext &context, StringRef path) {
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, &context);
  if (!module)
    return 1;
  KernelLibrary library(*module);
  SystemClocks clocks;
  for (auto mapping : module->getOps<MappingOp>()) {
    FailureOr<SystemClocks> found = SystemClocks::get(module->lookupSymbol<SystemOp>(mapping.getSystem()));
    if (failed(found))
      return 1;
    clocks = *found;
  }
  for (auto function : module->getOps<func::FuncOp>()) {
    if (function.isPrivate())
      continue;
    for (auto node : function.getOps<NodeOpInterface>())
      if (hasFallingPrefix(node))
        return fail("a later element of '" + getNodeName(node) + "' needs or releases less than an earlier one");
    FailureOr<DataflowGraph> graph = DataflowGraph::build(function, library, clocks);
    if (failed(graph))
      return 1;
    unsigned slow = 0;
    FailureOr<PeriodicSchedule> schedule = findPeriodicSchedule(*graph, graph->getPeriod(), slow);
    if (failed(schedule))
      return fail("no schedule: '" + graph->getActors()[slow].name + "' is too slow");
    if (llvm::Error error = verifyPeriodicSchedule(*graph, *schedule))
      return fail("the schedule found is rejected: " + llvm::toString(std::move(error)));
    if (succeeded(findPeriodicSchedule(*graph, graph->getPeriod() - 1, slow)))
      return fail("a schedule is found for a period that the slowest node does not reach");
    ScheduleBreaker breaker(*graph, *schedule);
    if (int status = breaker.run())
      return status;
    llvm::outs() << "schedule of " << graph->getActors().size() << " actors accepted, " << breaker.getCount()
                 << " changes rejected\n";
  }
  return 0;
}

AffineExpr drawFormula(MLIRContext &context, std::mt19937 &random, unsigned depth) {
  if (depth == 0 || random() % 5 == 0)
    return random() % 2 ? getAffineSymbolExpr(random() % 4, &context)
                        : getAffineConstantExpr(static_cast<int64_t>(random() % 9), &context);
  AffineExpr lhs = drawFormula(context, random, depth - 1), rhs = drawFormula(context, random, depth - 1);
  switch (random() % 5) {
  case 0:
    return lhs + rhs;
  case 1:
    return lhs * rhs;
  case 2:
    return lhs.floorDiv(rhs + 1);
  case 3:
    return lhs.ceilDiv(rhs + 1);
  default:
    return lhs % (rhs + 1);
  }
}

int testFormulas(MLIRContext &context) {
  std::mt19937 random(1);
  int compared = 0;
  for (int round = 0; round < 5000; ++round) {
    AffineExpr formula = drawFormula(context, random, 4);
    SmallVector<int64_t> values;
    SmallVector<AffineExpr> symbols;
    for (int symbol = 0; symbol < 4; ++symbol) {
      values.push_back(static_cast<int64_t>(random() % 20));
      symbols.push_back(getAffineConstantExpr(values.back(), &context));
    }
    auto expected = dyn_cast<AffineConstantExpr>(formula.replaceSymbols(symbols));
    if (!expected)
      continue; // MLIR leaves divisions by zero as they are
    int64_t value = evaluateFormula(formula, values);
    if (value != expected.getValue()) {
      std::string text;
      llvm::raw_string_ostream(text) << formula;
      return fail("'" + text + "' is " + std::to_string(value) + " but MLIR says " +
                  std::to_string(expected.getValue()));
    }
    ++compared;
  }
  llvm::outs() << compared << " formulas equal\n";
  return compared > 4000 ? 0 : fail("too few formulas were compared");
}
} // namespace

int main(int argc, char **argv) {
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry);
  if (argc == 3 && StringRef(argv[1]) == "schedule")
    return testSchedule(context, argv[2]);
  if (argc == 2 && StringRef(argv[1]) == "formulas")
    return testFormulas(context);
  llvm::errs() << "usage: xplat-analysis-test schedule FILE | formulas\n";
  return 2;
}

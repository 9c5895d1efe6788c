//===- AnalysisTest.cpp - Analyses, tried from C++ ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `xplat-analysis-test schedule FILE`  finds the periodic schedule of a mapped
//   module, has it verified, and changes it in ways that break a constraint: the
//   verifier must reject each of them. No prefix of a node may fall.
// `xplat-analysis-test choices FILE`  compares the choices of each node with all
//   kernels and factors: every one of these is dominated by a choice with its lanes,
//   and no choice by another one. Fixed kernels and factors are kept.
// `xplat-analysis-test formulas`  evaluates drawn formulas of kernels by
//   FormulaProgram and by MLIR's own simplification, and reads back what is
//   printed.
//
// Prints a line of counts, and fails at the first difference. Run by test/lit.
//
//===----------------------------------------------------------------------===//
#include "InitAll.h"
#include "Transforms/Hardware/Configurations.h"
#include "xplat/Analysis/CostModel.h"
#include "xplat/Analysis/PeriodicSchedule.h"

#include "mlir/AsmParser/AsmParser.h"
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
  Geometry geometry(node);
  for (unsigned index = 0; index < node->getNumOperands(); ++index) {
    Prefixes prefixes = geometry.getPrefixes(index);
    for (int64_t element = 1; element < elements; ++element)
      if (prefixes.getRequired(element) < prefixes.getRequired(element - 1) ||
          prefixes.getReleased(element) < prefixes.getReleased(element - 1))
        return true;
  }
  return false;
}

int testSchedule(MLIRContext &context, StringRef path) {
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, &context);
  if (!module)
    return 1;
  CostModel costs(*module);
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
    FailureOr<DataflowGraph> graph = DataflowGraph::build(function, costs, clocks);
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

bool dominates(const Cost &a, const Cost &b) {
  bool isSmaller = true;
  for (auto [mine, other] : llvm::zip(a.area, b.area))
    isSmaller &= mine <= other;
  return isSmaller && a.cycles <= b.cycles;
}

/// All kernels that fit the node with all factors, those alone that its attributes allow.
class BruteForce {
public:
  BruteForce(NodeOpInterface node, CostModel &costs) : node(node), costs(costs), unroll(node.getFixedUnroll()) {
    for (KernelOp kernel : costs.getLibrary().getKernels(node->getName()))
      if (!node.getFixedKernel() || node.getFixedKernel().getAttr() == kernel.getSymNameAttr())
        extend(kernel, 0);
  }
  struct Point {
    KernelOp kernel;
    SmallVector<int64_t> unroll;
    Cost cost;
  };
  std::vector<Point> points;
  /// Whether there is a reason where there is no cost, and only there.
  bool isExplained = true;

private:
  void extend(KernelOp kernel, unsigned dim) {
    if (dim == unroll.size()) {
      std::optional<Cost> cost = costs.evaluate(node, kernel, unroll, DeviceOp());
      isExplained &= cost.has_value() != explainMisfit(kernel, node, unroll).has_value();
      if (cost)
        points.push_back({kernel, unroll, *cost});
      return;
    }
    int64_t fixed = unroll[dim];
    for (int64_t factor : node.getLegalUnroll(dim)) {
      unroll[dim] = fixed ? fixed : factor;
      extend(kernel, dim + 1);
      if (fixed)
        break;
    }
    unroll[dim] = fixed;
  }

  NodeOpInterface node;
  CostModel &costs;
  SmallVector<int64_t> unroll;
};

int testChoices(MLIRContext &context, StringRef path) {
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, &context);
  if (!module)
    return 1;
  ModuleAnalysisManager analyses(*module, /*passInstrumentor=*/nullptr);
  AnalysisManager manager = analyses;
  auto &space = manager.getAnalysis<ConfigurationSpace, ModuleOp>();
  auto &costs = manager.getAnalysis<CostModel, ModuleOp>();
  FailureOr<MappingGraph> graph = MappingGraph::get(*module);
  FailureOr<SystemModel> system = SystemModel::get(*module, "");
  if (failed(graph) || failed(system))
    return 1;
  FailureOr<std::vector<Configurations>> all = space.enumerate(*graph, DeviceKinds(*system, costs));
  if (failed(all))
    return 1;
  size_t numPoints = 0, numChoices = 0;
  for (auto [node, choices] : llvm::zip(graph->nodes, *all)) {
    auto haveSameLanes = [&](ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
      for (unsigned operand = 0; operand < node->getNumOperands(); ++operand)
        if (node.getOperandLanes(operand, a) != node.getOperandLanes(operand, b))
          return false;
      return node.getResultLanes(0, a) == node.getResultLanes(0, b);
    };
    BruteForce brute(node, costs);
    if (!brute.isExplained)
      return fail("of '" + getNodeName(node) + "' a reason and a cost disagree");
    std::vector<const BruteForce::Point *> chosen;
    for (const Configuration &choice : choices) {
      auto found = llvm::find_if(brute.points, [&](const BruteForce::Point &point) {
        return point.kernel == choice.kernel && ArrayRef(point.unroll) == ArrayRef(choice.unroll);
      });
      if (found == brute.points.end() || found->cost.cycles != choice.cycles || found->cost.area != choice.getArea())
        return fail("a choice of '" + getNodeName(node) + "' does not fit it, or costs something else");
      for (const BruteForce::Point *other : chosen)
        if (haveSameLanes(other->unroll, found->unroll) &&
            (dominates(other->cost, found->cost) || dominates(found->cost, other->cost)))
          return fail("a choice of '" + getNodeName(node) + "' dominates another one");
      chosen.push_back(&*found);
    }
    for (const BruteForce::Point &point : brute.points)
      if (llvm::none_of(chosen, [&](const BruteForce::Point *choice) {
            return haveSameLanes(choice->unroll, point.unroll) && dominates(choice->cost, point.cost);
          }))
        return fail("no choice of '" + getNodeName(node) + "' is as good as one that was left out");
    numPoints += brute.points.size();
    numChoices += choices.size();
  }
  llvm::outs() << numChoices << " choices of " << numPoints << " in " << space.getNumSets() << " sets for "
               << graph->nodes.size() << " nodes\n";
  return 0;
}

/// A formula in both forms: as MLIR's own expression, and as a contract has it.
struct Drawn {
  AffineExpr affine;
  FormulaAttr formula;
};

FormulaAttr makeFormula(MLIRContext &context, FormulaKind kind, StringRef name, ArrayRef<Attribute> operands) {
  return FormulaAttr::get(&context, kind, 0, StringAttr::get(&context, name), operands);
}

Drawn drawFormula(MLIRContext &context, std::mt19937 &random, ArrayRef<std::string> names, unsigned depth) {
  if (depth == 0 || random() % 5 == 0) {
    unsigned number = random() % 9, symbol = random() % names.size();
    if (random() % 2)
      return {getAffineSymbolExpr(symbol, &context), makeFormula(context, FormulaKind::name, names[symbol], {})};
    return {getAffineConstantExpr(number, &context), FormulaAttr::getConstant(&context, number)};
  }
  Drawn lhs = drawFormula(context, random, names, depth - 1), rhs = drawFormula(context, random, names, depth - 1);
  auto make = [&](FormulaKind kind, FormulaAttr other) { return makeFormula(context, kind, "", {lhs.formula, other}); };
  FormulaAttr more = makeFormula(context, FormulaKind::add, "", {rhs.formula, FormulaAttr::getConstant(&context, 1)});
  // Nothing that is negative divides.
  bool outermost = depth == 4;
  switch (random() % (outermost ? 6 : 5)) {
  case 5:
    return {lhs.affine - rhs.affine, make(FormulaKind::subtract, rhs.formula)};
  case 0:
    return {lhs.affine + rhs.affine, make(FormulaKind::add, rhs.formula)};
  case 1:
    return {lhs.affine * rhs.affine, make(FormulaKind::multiply, rhs.formula)};
  case 2:
    return {lhs.affine.floorDiv(rhs.affine + 1), make(FormulaKind::floor_divide, more)};
  case 3:
    return {lhs.affine.ceilDiv(rhs.affine + 1), make(FormulaKind::ceil_divide, more)};
  default:
    return {lhs.affine % (rhs.affine + 1), make(FormulaKind::modulo, more)};
  }
}

int testFormulas(MLIRContext &context) {
  context.loadDialect<XplatDialect>();
  std::mt19937 random(1);
  int compared = 0;
  const std::string names[] = {"a", "b", "c", "d"};
  for (int round = 0; round < 5000; ++round) {
    Drawn drawn = drawFormula(context, random, names, 4);
    SmallVector<int64_t> symbols, values;
    SmallVector<AffineExpr> constants;
    for (size_t symbol = 0; symbol < std::size(names); ++symbol) {
      symbols.push_back(static_cast<int64_t>(random() % 20));
      constants.push_back(getAffineConstantExpr(symbols.back(), &context));
    }
    auto expected = dyn_cast<AffineConstantExpr>(drawn.affine.replaceSymbols(constants));
    if (!expected)
      continue; // MLIR leaves divisions by zero as they are
    FormulaProgram program(names);
    unsigned index = program.add(drawn.formula);
    program.run(symbols, values);
    std::string text;
    llvm::raw_string_ostream os(text);
    printFormula(os, drawn.formula);
    if (values[index] != expected.getValue())
      return fail("'" + text + "' is " + std::to_string(values[index]) + " but MLIR says " +
                  std::to_string(expected.getValue()));
    // What is printed is read as the same tree.
    Attribute again = parseAttribute("#xplat.formula<(" + text + ")>", &context);
    if (again != drawn.formula)
      return fail("'" + text + "' is read as another formula");
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
  if (argc == 3 && StringRef(argv[1]) == "choices")
    return testChoices(context, argv[2]);
  if (argc == 2 && StringRef(argv[1]) == "formulas")
    return testFormulas(context);
  llvm::errs() << "usage: xplat-analysis-test schedule FILE | choices FILE | formulas\n";
  return 2;
}

//===- CostModel.cpp - What a kernel costs on a node ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/CostModel.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace xplat;

Area &xplat::operator+=(Area &a, const Area &b) {
  for (unsigned kind = 0; kind < numResourceKinds; ++kind)
    a[kind] += b[kind];
  return a;
}

bool Cost::isDefined() const {
  auto defined = [](int64_t value) { return value >= 0 && value != undefinedValue; };
  return cycles >= 1 && beatCycles >= 1 && cycles != undefinedValue && defined(latency) &&
         llvm::all_of(buffer, defined) && llvm::all_of(area, defined);
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

unsigned FormulaProgram::add(AffineExpr formula) {
  if (auto known = indices.find(formula); known != indices.end())
    return known->second;
  Instruction instruction{formula.getKind(), 0, 0, 0};
  if (auto constant = dyn_cast<AffineConstantExpr>(formula)) {
    instruction.value = constant.getValue();
  } else if (auto symbol = dyn_cast<AffineSymbolExpr>(formula)) {
    instruction.value = symbol.getPosition();
  } else {
    auto binary = cast<AffineBinaryOpExpr>(formula);
    instruction.lhs = add(binary.getLHS());
    instruction.rhs = add(binary.getRHS());
  }
  unsigned index = instructions.size();
  instructions.push_back(instruction);
  indices[formula] = index;
  return index;
}

/// The value of one operation, or nothing when it has none.
static std::optional<int64_t> apply(AffineExprKind kind, int64_t lhs, int64_t rhs) {
  int64_t result;
  switch (kind) {
  case AffineExprKind::Add:
    return llvm::AddOverflow(lhs, rhs, result) ? std::nullopt : std::optional(result);
  case AffineExprKind::Mul:
    return llvm::MulOverflow(lhs, rhs, result) ? std::nullopt : std::optional(result);
  case AffineExprKind::FloorDiv:
    return rhs > 0 ? std::optional(llvm::divideFloorSigned(lhs, rhs)) : std::nullopt;
  case AffineExprKind::CeilDiv:
    return rhs > 0 ? std::optional(llvm::divideCeilSigned(lhs, rhs)) : std::nullopt;
  case AffineExprKind::Mod:
    return rhs > 0 ? std::optional(llvm::mod(lhs, rhs)) : std::nullopt;
  default:
    llvm_unreachable("leaves are handled by the caller");
  }
}

void FormulaProgram::run(ArrayRef<int64_t> symbols, SmallVectorImpl<int64_t> &values) const {
  values.resize(instructions.size());
  for (auto [index, instruction] : llvm::enumerate(instructions)) {
    if (instruction.kind == AffineExprKind::Constant) {
      values[index] = instruction.value;
    } else if (instruction.kind == AffineExprKind::SymbolId) {
      values[index] = symbols[instruction.value];
    } else {
      int64_t lhs = values[instruction.lhs], rhs = values[instruction.rhs];
      bool defined = lhs != undefinedValue && rhs != undefinedValue;
      values[index] = defined ? apply(instruction.kind, lhs, rhs).value_or(undefinedValue) : undefinedValue;
    }
  }
}

//===----------------------------------------------------------------------===//
// Contracts
//===----------------------------------------------------------------------===//

CostEvaluator::CostEvaluator(KernelOp kernel) {
  auto addAll = [&](AffineMap map, SmallVectorImpl<unsigned> &indices) {
    for (AffineExpr formula : map.getResults())
      indices.push_back(program.add(formula));
  };
  addAll(kernel.getCycles(), cycles);
  addAll(kernel.getLatency(), latency);
  addAll(kernel.getBuffer(), buffer);
  addAll(kernel.getArea(), area);
  if (std::optional<IntegerSet> set = kernel.getCondition())
    for (unsigned i = 0; i < set->getNumConstraints(); ++i)
      conditions.push_back({program.add(set->getConstraint(i)), set->isEq(i)});
}

/// Whether `value` satisfies `value == 0` or `value >= 0`.
static bool holds(int64_t value, bool equality) {
  return value != undefinedValue && (equality ? value == 0 : value >= 0);
}

std::optional<Cost> CostEvaluator::evaluate(NodeOpInterface node, ArrayRef<int64_t> unroll) const {
  return evaluate(node.getKernelSymbolValues(unroll), node->getNumOperands(),
                  detail::product(getDataShape(node->getResult(0).getType())) / node.getResultLanes(0, unroll));
}

std::optional<Cost> CostEvaluator::evaluate(ArrayRef<int64_t> symbols, unsigned numOperands,
                                            int64_t resultBeats) const {
  SmallVector<int64_t, 128> values;
  program.run(symbols, values);
  for (auto [index, equality] : conditions)
    if (!holds(values[index], equality))
      return std::nullopt;
  Cost cost;
  for (unsigned index : cycles)
    cost.cycles = std::max(cost.cycles, values[index]);
  int64_t work = values[cycles.front()];
  cost.beatCycles = work == undefinedValue ? work : llvm::divideCeilSigned(work, std::max<int64_t>(resultBeats, 1));
  cost.latency = values[latency.front()];
  for (unsigned operand = 0; operand < numOperands; ++operand)
    cost.buffer.push_back(values[buffer[std::min<size_t>(operand, buffer.size() - 1)]]);
  for (auto [kind, index] : llvm::enumerate(area))
    cost.area[kind] = values[index];
  return cost;
}

Cost xplat::evaluateCost(KernelOp kernel, NodeOpInterface node, ArrayRef<int64_t> unroll) {
  Cost undefined;
  undefined.cycles = undefined.beatCycles = undefined.latency = undefinedValue;
  undefined.area.fill(undefinedValue);
  return CostEvaluator(kernel).evaluate(node, unroll).value_or(undefined);
}

int64_t xplat::evaluateFormula(AffineExpr formula, ArrayRef<int64_t> symbols) {
  FormulaProgram program;
  unsigned index = program.add(formula);
  SmallVector<int64_t> values;
  program.run(symbols, values);
  return values[index];
}

std::pair<int64_t, int64_t> xplat::evaluateMemory(MemoryPortAttr memory, NodeOpInterface node) {
  SmallVector<int64_t> symbols = node.getKernelSymbolValues(node.getUnrollFactors());
  return {evaluateFormula(memory.getSize().getResult(0), symbols),
          evaluateFormula(memory.getSize().getResult(1), symbols)};
}

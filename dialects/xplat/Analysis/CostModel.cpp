//===- CostModel.cpp - What a kernel costs on a node ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/CostModel.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace xplat;

bool Cost::isDefined() const {
  auto defined = [](int64_t value) { return value >= 0 && value != undefinedValue; };
  return cycles >= 1 && beatCycles >= 1 && cycles != undefinedValue && defined(latency) &&
         llvm::all_of(buffer, defined) && llvm::all_of(area, defined);
}

//===----------------------------------------------------------------------===//
// Contracts
//===----------------------------------------------------------------------===//

std::string xplat::getMemoryPart(MemoryAccess access, MemoryKind kind) {
  return access == MemoryAccess::lookup ? "rom_lookup" : stringifyMemoryKind(kind).str() + "_stream";
}

/// What a kernel is made of on devices of a family: the parts of its contract, and one for each of its memories, by
/// what holds the words. On a device without a family the contract states amounts, in which the memories are counted.
static SmallVector<PartAttr> getParts(KernelOp kernel, MemoryKind memories, FamilyOp family) {
  SmallVector<PartAttr> parts = llvm::to_vector(llvm::make_filter_range(
      llvm::map_range(kernel.getArea(), [](Attribute clause) { return dyn_cast<PartAttr>(clause); }),
      [](PartAttr part) { return !!part; }));
  if (!family)
    return parts;
  MLIRContext *context = kernel.getContext();
  FormulaAttr one = FormulaAttr::getConstant(context, 1);
  for (Attribute clause : kernel.getMemories()) {
    auto memory = dyn_cast<MemoryPortAttr>(clause);
    if (!memory)
      continue;
    auto name = StringAttr::get(context, getMemoryPart(memory.getAccess(), memories));
    parts.push_back(PartAttr::get(context, name, {memory.getBits(), memory.getWords()},
                                  memory.getCopies() ? memory.getCopies() : one));
  }
  return parts;
}

static PartCostAttr findPart(FamilyOp family, PartAttr part) {
  if (family)
    for (auto cost : family.getParts().getAsRange<PartCostAttr>())
      if (cost.getName() == part.getName() && cost.getArguments().size() == part.getArguments().size())
        return cost;
  return {};
}

/// The names that amounts may have: the units of the family's parts.
static llvm::StringSet<> getUnits(FamilyOp family) {
  llvm::StringSet<> units;
  for (auto part : family.getParts().getAsRange<PartCostAttr>())
    for (LetAttr unit : part.getAmounts())
      units.insert(unit.getName());
  return units;
}

static bool hasResource(FamilyOp family, StringRef name) {
  return llvm::any_of(family.getResources().getAsRange<LetAttr>(),
                      [&](LetAttr resource) { return resource.getName() == name; });
}

std::optional<std::string> xplat::explainParts(KernelOp kernel, MemoryKind memories, FamilyOp family,
                                               const ResourceNames &resources) {
  llvm::StringSet<> units = family ? getUnits(family) : llvm::StringSet<>();
  for (PartAttr part : getParts(kernel, memories, family)) {
    if (findPart(family, part))
      continue;
    StringRef name = part.getName();
    bool isAmount = part.getArguments().size() == 1 &&
                    (family ? units.contains(name) || hasResource(family, name) : !!resources.find(part.getName()));
    if (isAmount)
      continue;
    std::string text = "device family @" + (family ? family.getSymName().str() : "") + " has no part '" + name.str() +
                       "' of " + std::to_string(part.getArguments().size()) + " argument(s)";
    if (!family)
      text = "it is made of '" + name.str() + "', and the device names no family that says what this takes";
    return text;
  }
  return std::nullopt;
}

/// The resources of the kernel on devices of the family.
static SmallVector<unsigned> addArea(FormulaProgram &program, KernelOp kernel, MemoryKind memories, FamilyOp family,
                                     const ResourceNames &resources) {
  unsigned zero = program.addConstant(0);
  // At least one, which can be undefined.
  SmallVector<unsigned> area(std::max(resources.size(), 1u), zero);
  if (explainParts(kernel, memories, family, resources)) {
    llvm::fill(area, program.addConstant(undefinedValue));
    return area;
  }
  SmallVector<LetAttr> functions;
  // What the parts sum up to, by unit, and the resources that the kernel states itself.
  FormulaProgram::Scope units;
  llvm::SmallMapVector<StringAttr, unsigned, 4> stated;
  if (family) {
    functions = llvm::to_vector(family.getFunctions().getAsRange<LetAttr>());
    for (auto &unit : getUnits(family))
      units[unit.getKey()] = zero;
  }
  auto accumulate = [&](unsigned &sum, unsigned amount, unsigned count) {
    sum = program.addSum(sum, program.addProduct(amount, count));
  };
  for (PartAttr part : getParts(kernel, memories, family)) {
    SmallVector<unsigned> arguments;
    for (FormulaAttr argument : part.getArguments())
      arguments.push_back(program.add(argument));
    unsigned count = program.add(part.getCount());
    PartCostAttr cost = findPart(family, part);
    if (!cost) {
      auto unit = units.find(part.getName());
      accumulate(unit != units.end() ? unit->second : stated.try_emplace(part.getName(), zero).first->second,
                 arguments.front(), count);
      continue;
    }
    FormulaProgram::Scope scope;
    for (auto [name, value] : llvm::zip(cost.getArguments(), arguments))
      scope[name] = value;
    for (LetAttr unit : cost.getAmounts())
      accumulate(units[unit.getName()], program.add(unit.getFormula(), scope, functions), count);
  }
  auto addTo = [&](StringAttr name, unsigned amount) {
    unsigned &sum = area[*resources.find(name)];
    sum = program.addSum(sum, amount);
  };
  if (family)
    for (auto resource : family.getResources().getAsRange<LetAttr>())
      addTo(resource.getName(), program.add(resource.getFormula(), units, functions));
  for (auto &[name, amount] : stated)
    addTo(name, amount);
  return area;
}

/// All formulas that a cost is computed from.
static SmallVector<FormulaAttr> getCostFormulas(KernelOp kernel, MemoryKind memories, ArrayRef<FamilyOp> families) {
  SmallVector<FormulaAttr> formulas = {kernel.getLatency()};
  llvm::append_range(formulas, kernel.getCycles().getAsRange<FormulaAttr>());
  llvm::append_range(formulas, kernel.getBuffer().getAsRange<FormulaAttr>());
  for (Attribute clause : kernel.getConditions())
    if (auto condition = dyn_cast<FormulaAttr>(clause))
      formulas.push_back(condition);
  for (FamilyOp family : families)
    for (PartAttr part : getParts(kernel, memories, family)) {
      llvm::append_range(formulas, part.getArguments());
      formulas.push_back(part.getCount());
    }
  return formulas;
}

CostEvaluator::CostEvaluator(KernelOp kernel, MemoryKind memories, ArrayRef<FamilyOp> families,
                             const ResourceNames &resources)
    : program(kernel.getSymbolNames()) {
  program.define(kernel.getLets(), getCostFormulas(kernel, memories, families));
  for (auto formula : kernel.getCycles().getAsRange<FormulaAttr>())
    cycles.push_back(program.add(formula));
  latency = program.add(kernel.getLatency());
  for (auto formula : kernel.getBuffer().getAsRange<FormulaAttr>())
    buffer.push_back(program.add(formula));
  for (Attribute clause : kernel.getConditions())
    if (auto condition = dyn_cast<FormulaAttr>(clause))
      conditions.push_back(program.add(condition));
  area = addArea(program, kernel, memories, families.front(), resources);
  for (FamilyOp family : families.drop_front())
    for (auto [largest, other] : llvm::zip(area, addArea(program, kernel, memories, family, resources)))
      largest = program.addMax(largest, other);
}

std::optional<Cost> CostEvaluator::evaluate(ArrayRef<int64_t> symbols, unsigned numOperands,
                                            int64_t resultBeats) const {
  SmallVector<int64_t, 128> values;
  program.run(symbols, values);
  for (unsigned index : conditions)
    if (values[index] == 0 || values[index] == undefinedValue)
      return std::nullopt;
  Cost cost;
  for (unsigned index : cycles)
    cost.cycles = std::max(cost.cycles, values[index]);
  int64_t work = values[cycles.front()];
  cost.beatCycles = work == undefinedValue ? work : llvm::divideCeilSigned(work, std::max<int64_t>(resultBeats, 1));
  cost.latency = values[latency];
  for (unsigned operand = 0; operand < numOperands; ++operand)
    cost.buffer.push_back(values[buffer[std::min<size_t>(operand, buffer.size() - 1)]]);
  for (auto [resource, index] : llvm::enumerate(area))
    cost.area[resource] = values[index];
  return cost;
}

SmallVector<int64_t> xplat::evaluateFormulas(KernelOp kernel, ArrayRef<FormulaAttr> formulas,
                                             ArrayRef<int64_t> symbols) {
  FormulaProgram program(kernel.getSymbolNames());
  program.define(kernel.getLets(), formulas);
  SmallVector<unsigned> indices =
      llvm::map_to_vector(formulas, [&](FormulaAttr formula) { return program.add(formula); });
  SmallVector<int64_t> values;
  program.run(symbols, values);
  return llvm::map_to_vector(indices, [&](unsigned index) { return values[index]; });
}

FailureOr<StringRef> xplat::chooseMemoryStyle(FamilyOp family, StringRef name, ArrayRef<int64_t> size) {
  StringRef automatic = "auto";
  if (!family)
    return automatic;
  auto functions = llvm::to_vector(family.getFunctions().getAsRange<LetAttr>());
  for (auto memory : family.getStyles().getAsRange<PartCostAttr>()) {
    if (memory.getName() != name)
      continue;
    if (memory.getArguments().size() != size.size())
      return failure();
    FormulaProgram program({});
    FormulaProgram::Scope scope;
    for (auto [argument, value] : llvm::zip_equal(memory.getArguments(), size))
      scope[argument] = program.addConstant(value);
    SmallVector<unsigned> conditions = llvm::map_to_vector(
        memory.getAmounts(), [&](LetAttr style) { return program.add(style.getFormula(), scope, functions); });
    SmallVector<int64_t> values;
    program.run({}, values);
    for (auto [style, condition] : llvm::zip_equal(memory.getAmounts(), conditions)) {
      if (values[condition] == undefinedValue)
        return failure();
      if (values[condition] != 0)
        return style.getName().getValue();
    }
  }
  return automatic;
}

MemorySize xplat::evaluateMemory(KernelOp kernel, MemoryPortAttr memory, NodeOpInterface node) {
  SmallVector<FormulaAttr> formulas = {memory.getBits(), memory.getWords()};
  if (memory.getCopies())
    formulas.push_back(memory.getCopies());
  SmallVector<int64_t> size = evaluateFormulas(kernel, formulas, kernel.getSymbolValues(node, node.getUnrollFactors()));
  return {size[0], size[1], size.size() > 2 ? size[2] : 1};
}

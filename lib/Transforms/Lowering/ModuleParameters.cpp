//===- ModuleParameters.cpp - What RTL modules are told -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/HardwareModules.h"
#include "xplat/Analysis/CostModel.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

FailureOr<SmallVector<Parameter>> HardwareModules::parametersOf(NodeOpInterface node, KernelOp kernel,
                                                                FamilyOp family) {
  SmallVector<int64_t> symbols = kernel.getSymbolValues(node, node.getUnrollFactors());
  SmallVector<Parameter> parameters;
  for (auto parameter : kernel.getParameters().getAsRange<ParameterAttr>()) {
    SmallVector<int64_t> values = evaluateFormulas(kernel, parameter.getFormulas(), symbols);
    if (llvm::is_contained(values, undefinedValue))
      return node.emitOpError("parameter '") << parameter.getName().getValue() << "' of kernel @" << kernel.getSymName()
                                             << " has no value for this node";
    PartAttr memory = parameter.getMemory();
    if (!memory) {
      parameters.push_back({parameter.getName().str(), values.front(), {}});
      continue;
    }
    FailureOr<StringRef> style = chooseMemoryStyle(family, memory.getName(), values);
    if (failed(style))
      return node.emitOpError("expected device family @")
             << family.getSymName() << " to have a style for '" << memory.getName().getValue() << "' of "
             << values.size() << " argument(s), as kernel @" << kernel.getSymName() << " has it";
    parameters.push_back({parameter.getName().str(), std::nullopt, style->str()});
  }
  return parameters;
}

FailureOr<Parameter> HardwareModules::styleOf(NodeOpInterface node, RomOp rom, MemoryAccess access) {
  SmallVector<int64_t> size = {static_cast<int64_t>(rom.getWordBits()), static_cast<int64_t>(rom.getDepth())};
  std::string memory = getMemoryPart(access, rom.getKind());
  FamilyOp family = device->family;
  FailureOr<StringRef> style = chooseMemoryStyle(family, memory, size);
  if (failed(style))
    return node.emitOpError("expected device family @")
           << family.getSymName() << " to have a style for '" << memory << "' of bits and words";
  return Parameter{"Style", std::nullopt, style->str()};
}

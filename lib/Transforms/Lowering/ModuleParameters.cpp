//===- ModuleParameters.cpp - What RTL modules are told -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/HardwareModules.h"
#include "xplat/Analysis/CostModel.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

/// The style of a memory on devices of the family, for RTL.
static FailureOr<std::string> chooseStyle(NodeOpInterface node, FamilyOp family, StringRef memory,
                                          ArrayRef<int64_t> size) {
  FailureOr<StringRef> style = chooseMemoryStyle(family, memory, size);
  if (succeeded(style))
    return style->str();
  auto diagnostic = node.emitOpError("expected device family @")
                    << family.getSymName() << " to choose a style of '" << memory << "' by " << size.size()
                    << " number(s), here (";
  llvm::interleaveComma(size, diagnostic);
  return diagnostic << ")";
}

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
    FailureOr<std::string> style = chooseStyle(node, family, memory.getName(), values);
    if (failed(style))
      return failure();
    parameters.push_back({parameter.getName().str(), std::nullopt, *style});
  }
  return parameters;
}

FailureOr<Parameter> HardwareModules::styleOf(NodeOpInterface node, RomOp rom, MemoryAccess access) {
  SmallVector<int64_t> size = {static_cast<int64_t>(rom.getWordBits()), static_cast<int64_t>(rom.getDepth())};
  FailureOr<std::string> style = chooseStyle(node, family, getMemoryPart(access, rom.getKind()), size);
  if (failed(style))
    return failure();
  return Parameter{"Style", std::nullopt, *style};
}

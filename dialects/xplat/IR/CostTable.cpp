//===- CostTable.cpp - Measured costs -------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Xplat.h"

using namespace mlir;
using namespace xplat;

LogicalResult CostTableOp::verify() {
  for (Operation &op : getBody().front())
    if (!isa<MeasurementOp>(op))
      return op.emitOpError("[cost_table C2] expected only 'xplat.measurement' in a cost table");
  if (getSource().trim().empty())
    return emitOpError("[cost_table C3] expected 'source' to say how the costs were measured");
  return success();
}

LogicalResult CostTableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom<DeviceOp>(*this, getDeviceAttr()))
    return emitOpError("[cost_table C1] expected ") << getDeviceAttr() << " to name an 'xplat.device'";
  for (auto other : (*this)->getParentRegion()->getOps<CostTableOp>())
    if (other->isBeforeInBlock(*this) && other.getDeviceAttr() == getDeviceAttr()) {
      auto diagnostic = emitOpError("[cost_table C1] expected one table of ") << getDeviceAttr() << " but got two";
      diagnostic.attachNote(other.getLoc()) << "the other table";
      return diagnostic;
    }
  for (auto measurement : getBody().getOps<MeasurementOp>()) {
    auto kernel = symbols.lookupNearestSymbolFrom<KernelOp>(*this, measurement.getKernelAttr());
    if (!kernel)
      continue;
    SmallVector<std::string> names = kernel.getSymbolNames();
    for (NamedAttribute symbol : measurement.getSymbols())
      if (!llvm::is_contained(names, symbol.getName().getValue()))
        return measurement.emitOpError("[cost_table C4] '")
               << kernel.getImplements() << "' has no kernel symbol '" << symbol.getName().getValue() << "'; it has "
               << llvm::join(names, ", ");
  }
  return success();
}

LogicalResult MeasurementOp::verify() {
  for (NamedAttribute symbol : getSymbols())
    if (!isa<IntegerAttr>(symbol.getValue()))
      return emitOpError("[measurement C1] expected an integer for '")
             << symbol.getName().getValue() << "' but got " << symbol.getValue();
  if (static_cast<int64_t>(getCycles()) < 1 || static_cast<int64_t>(getLatency()) < 0 ||
      llvm::any_of(getArea().getAmounts(), [](auto entry) { return entry.second < 0; }))
    return emitOpError("[measurement C2] expected at least one cycle and no negative latency or amount");
  return success();
}

//===- Resources.cpp - Amounts of a module's resources --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/Resources.h"

#include "xplat/IR/Contract.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace xplat;

//===----------------------------------------------------------------------===//
// Areas
//===----------------------------------------------------------------------===//

bool Area::isWithin(const Area &limit) const {
  for (unsigned resource = 0; resource < size(); ++resource)
    if (amounts[resource] > limit[resource])
      return false;
  return true;
}

Area &Area::operator+=(const Area &other) {
  if (amounts.size() < other.amounts.size())
    amounts.resize(other.amounts.size(), 0);
  for (unsigned resource = 0; resource < other.size(); ++resource)
    if (llvm::AddOverflow(amounts[resource], other.amounts[resource], amounts[resource]))
      amounts[resource] = std::numeric_limits<int64_t>::max();
  return *this;
}

int Area::compare(const Area &other) const {
  for (unsigned resource = 0, end = std::max(size(), other.size()); resource < end; ++resource) {
    int64_t mine = (*this)[resource], others = other[resource];
    if (mine != others)
      return mine < others ? -1 : 1;
  }
  return 0;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

ResourceNames::ResourceNames(ModuleOp module) : context(module.getContext()) {
  auto insert = [&](ResourcesAttr resources) {
    for (auto [name, amount] : resources.getAmounts())
      names.insert(name);
  };
  bool hasDevices = false;
  for (auto device : module.getOps<DeviceOp>()) {
    insert(device.getResources());
    hasDevices = true;
  }
  for (auto family : module.getOps<FamilyOp>())
    for (auto resource : family.getResources().getAsRange<LetAttr>())
      names.insert(resource.getName());
  for (auto table : module.getOps<CostTableOp>())
    for (auto measurement : table.getBody().getOps<MeasurementOp>())
      insert(measurement.getArea());
  if (hasDevices)
    return;
  for (auto kernel : module.getOps<KernelOp>())
    for (Attribute clause : kernel.getArea())
      if (auto part = dyn_cast<PartAttr>(clause); part && part.getArguments().size() == 1)
        names.insert(part.getName());
}

std::optional<unsigned> ResourceNames::find(StringAttr name) const {
  const auto *found = llvm::find(names, name);
  return found == names.end() ? std::nullopt : std::optional<unsigned>(found - names.begin());
}

Area ResourceNames::getArea(ResourcesAttr resources) {
  Area area;
  for (auto [name, amount] : resources.getAmounts()) {
    names.insert(name);
    area[*find(name)] = amount;
  }
  return area;
}

ResourcesAttr ResourceNames::getAttr(const Area &area) const {
  SmallVector<ResourceAmount> amounts;
  for (auto [name, amount] : llvm::zip(names, area))
    if (amount != 0)
      amounts.push_back({name, amount});
  return ResourcesAttr::get(context, amounts);
}

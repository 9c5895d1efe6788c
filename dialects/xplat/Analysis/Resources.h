//===- Resources.h - Amounts of a module's resources ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// No list of resources exists: devices and families name them. Passes compute with
// areas, which have an amount for each name of the module, by its position.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_RESOURCES_H
#define XPLAT_ANALYSIS_RESOURCES_H

#include "xplat/IR/Xplat.h"

#include "llvm/ADT/SetVector.h"

namespace xplat {

/// An amount of each resource, by its position among the module's ResourceNames. Amounts beyond the last one are zero.
class Area {
public:
  Area() = default;

  unsigned size() const { return amounts.size(); }
  int64_t operator[](unsigned resource) const { return resource < amounts.size() ? amounts[resource] : 0; }
  int64_t &operator[](unsigned resource) {
    if (resource >= amounts.size())
      amounts.resize(resource + 1, 0);
    return amounts[resource];
  }
  auto begin() { return amounts.begin(); }
  auto end() { return amounts.end(); }
  auto begin() const { return amounts.begin(); }
  auto end() const { return amounts.end(); }

  /// Whether no amount is above that of `limit`.
  bool isWithin(const Area &limit) const;
  /// Of amounts that are not negative; a sum that is too large is the largest number.
  Area &operator+=(const Area &other);
  bool operator==(const Area &other) const { return compare(other) == 0; }
  bool operator!=(const Area &other) const { return compare(other) != 0; }
  /// By the first amount that differs.
  bool operator<(const Area &other) const { return compare(other) < 0; }

private:
  int compare(const Area &other) const;

  llvm::SmallVector<int64_t, 6> amounts;
};

/// The names of the resources of a module: those of its devices in their order, then those that its families and cost
/// tables name beside them. All that is made from one module has the same positions. In a module without devices, what
/// kernels state an amount of counts as a resource.
class ResourceNames {
public:
  explicit ResourceNames(mlir::ModuleOp module);

  unsigned size() const { return names.size(); }
  llvm::StringRef getName(unsigned resource) const { return names[resource].getValue(); }
  std::optional<unsigned> find(mlir::StringAttr name) const;
  /// A name that is new gets the next position.
  Area getArea(ResourcesAttr resources);
  /// The amounts that are not zero.
  ResourcesAttr getAttr(const Area &area) const;

private:
  mlir::MLIRContext *context;
  llvm::SetVector<mlir::StringAttr> names;
};

} // namespace xplat

#endif // XPLAT_ANALYSIS_RESOURCES_H

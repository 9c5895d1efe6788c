//===- CostSources.h - Where the costs of nodes come from -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place that says what a node costs, carried out by a kernel with unroll
// factors on a device. A cost comes from a source: the formulas of the kernel's
// contract, or a table of measurements. What has been asked once is kept; passes
// share the model as an analysis of the module.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_COSTSOURCES_H
#define XPLAT_ANALYSIS_COSTSOURCES_H

#include "xplat/Analysis/CostModel.h"
#include "xplat/Analysis/KernelLibrary.h"

#include <map>
#include <memory>

namespace xplat {

/// What a source needs to know: a kernel and a device, and a node under unroll factors in numbers.
struct CostQuery {
  KernelOp kernel;
  /// Null where no device is known.
  DeviceOp device;
  /// What holds the words that the kernel takes in order.
  MemoryKind memories;
  /// Values of the kernel symbols, unroll factors included.
  llvm::SmallVector<int64_t> symbols;
  unsigned numOperands = 0;
  /// Beats of the first result.
  int64_t resultBeats = 0;

  CostQuery(KernelOp kernel, NodeOpInterface node, llvm::ArrayRef<int64_t> unroll, DeviceOp device);
  /// The same node under other unroll factors, with which its first result has `resultLanes` lanes.
  void setUnroll(llvm::ArrayRef<int64_t> unroll, int64_t resultLanes);

private:
  int64_t resultElements;
  size_t firstFactor;
};

class CostSource {
public:
  virtual ~CostSource() = default;
  /// Whether the costs of the kernel on the device come from here.
  virtual bool covers(KernelOp kernel, DeviceOp device) const = 0;
  /// Whether the costs that come from here are the same on both devices.
  virtual bool haveEqualCosts(DeviceOp a, DeviceOp b) const = 0;
  /// None when the kernel does not fit.
  virtual std::optional<Cost> evaluate(const CostQuery &query) = 0;
  /// Why there is none, where the contract of the kernel holds.
  virtual std::string explain(const CostQuery &query) const = 0;
};

/// Costs by the formulas of contracts: of every kernel.
class ContractCosts : public CostSource {
public:
  ContractCosts(mlir::ModuleOp module, const ResourceNames &resources);
  bool covers(KernelOp, DeviceOp) const override { return true; }
  bool haveEqualCosts(DeviceOp a, DeviceOp b) const override { return getFamilies(a) == getFamilies(b); }
  std::optional<Cost> evaluate(const CostQuery &query) override;
  /// But for the area, which needs a family that knows the kernel's parts: it is none.
  std::optional<Cost> evaluateWithoutArea(const CostQuery &query);
  std::string explain(const CostQuery &query) const override;

private:
  std::optional<Cost> get(const CostQuery &query);
  /// The families that an area is for: of the device, or of all devices where none is known. One of them is null where
  /// a device names no family, and where there is no device.
  llvm::ArrayRef<FamilyOp> getFamilies(DeviceOp device) const { return families.find(device)->second; }

  /// By device; under null those of all devices.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<FamilyOp, 1>> families;
  using EvaluatorKey = std::tuple<mlir::Operation *, mlir::Operation *, MemoryKind>;
  std::map<EvaluatorKey, CostEvaluator> evaluators;
  const ResourceNames &resources;
};

/// Costs by the cost tables of devices: of the kernels that these name. Whether a kernel fits, and the beats that it
/// holds, its contract says.
class MeasuredCosts : public CostSource {
public:
  MeasuredCosts(mlir::ModuleOp module, const KernelLibrary &library, ContractCosts &contracts,
                ResourceNames &resources);
  bool covers(KernelOp kernel, DeviceOp device) const override;
  bool haveEqualCosts(DeviceOp a, DeviceOp b) const override;
  std::optional<Cost> evaluate(const CostQuery &query) override;
  std::string explain(const CostQuery &query) const override;

private:
  struct Measurement {
    /// Positions of kernel symbols with the values that they must have.
    llvm::SmallVector<std::pair<unsigned, int64_t>> values;
    MeasurementOp op;
    Area area;
  };
  /// By device and kernel.
  llvm::DenseMap<std::pair<mlir::StringAttr, mlir::StringAttr>, llvm::SmallVector<Measurement>> measurements;
  /// By device.
  llvm::DenseMap<mlir::StringAttr, CostTableOp> tables;
  ContractCosts &contracts;
};

/// An analysis of a module: valid while its kernels, devices and cost tables stay as they are, whatever becomes of the
/// nodes.
class CostModel {
public:
  explicit CostModel(mlir::ModuleOp module);

  const KernelLibrary &getLibrary() const { return library; }
  /// What areas have amounts of.
  ResourceNames &getResources() { return resources; }

  /// What the node costs, carried out by `kernel` under `unroll` on `device`, null for a device that is not known; none
  /// when the kernel does not fit.
  std::optional<Cost> evaluate(NodeOpInterface node, KernelOp kernel, llvm::ArrayRef<int64_t> unroll, DeviceOp device);
  /// The same for one of many unroll factors that are tried: it is not kept.
  std::optional<Cost> evaluate(const CostQuery &query);
  /// As the node's attributes have it: its kernel, its unroll factors, the device of its place. None when it has no
  /// kernel, too.
  std::optional<Cost> evaluate(NodeOpInterface node);
  /// The kernel that fits the node on `device` and has fewest cycles under its unroll factors, of equals the first; or
  /// why none of them fits.
  mlir::FailureOr<KernelOp> findKernel(NodeOpInterface node, DeviceOp device,
                                       llvm::SmallVectorImpl<Rejection> &rejections);
  /// Why the kernel does not fit the node under `unroll` on `device`, with numbers; nothing when it fits. What its
  /// parts take is no matter while the device is not known.
  std::optional<std::string> explainMisfit(NodeOpInterface node, KernelOp kernel, llvm::ArrayRef<int64_t> unroll,
                                           DeviceOp device);
  /// Why there is no cost, where `evaluate` has none.
  std::string explainNone(NodeOpInterface node, KernelOp kernel, llvm::ArrayRef<int64_t> unroll, DeviceOp device);
  /// Whether every node costs the same on both devices.
  bool haveEqualCosts(DeviceOp a, DeviceOp b) const;
  /// The device that the place is an instance of; null for a null or unknown place.
  DeviceOp getDevice(PlaceAttr place) const;
  /// The device on which the node is placed.
  DeviceOp getDevice(NodeOpInterface node) const { return getDevice(node.getPlacement()); }

private:
  CostSource &getSource(KernelOp kernel, DeviceOp device);
  /// What the contract of the kernel says of the node, but for the area; none when it does not fit.
  std::optional<Cost> evaluateContract(NodeOpInterface node, KernelOp kernel, llvm::ArrayRef<int64_t> unroll);

  using Key =
      std::tuple<mlir::Operation *, mlir::Operation *, MemoryKind, unsigned, int64_t, llvm::SmallVector<int64_t>>;

  mlir::ModuleOp module;
  KernelLibrary library;
  ResourceNames resources;
  /// The first one that covers a kernel on a device counts.
  llvm::SmallVector<std::unique_ptr<CostSource>> sources;
  /// The last one.
  ContractCosts &contracts;
  std::map<Key, std::optional<Cost>> known;
  mutable llvm::DenseMap<PlaceAttr, DeviceOp> devices;
};

} // namespace xplat

#endif // XPLAT_ANALYSIS_COSTSOURCES_H

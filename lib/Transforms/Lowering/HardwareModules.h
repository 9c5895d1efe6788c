//===- HardwareModules.h - Device modules and the system top ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For each device: a core, whose ports are channels for the boundary and for
// every stream that crosses, and, when streams cross, a shell around it with the
// ends of the links. For the system: a top that joins shells by cables, and a
// direct top that joins cores by their channels, for simulation without links.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_LOWERING_HARDWAREMODULES_H
#define XPLAT_TRANSFORMS_LOWERING_HARDWAREMODULES_H

#include "Transforms/Lowering/ElementwiseModule.h"
#include "Transforms/Lowering/LoweringPlan.h"

namespace xplat::circt {

class HardwareModules {
public:
  /// `symbols`: of the module that is lowered.
  HardwareModules(mlir::SymbolTable &symbols, const KernelLibrary &library, const LoweringPlan &plan,
                  CirctBuilder &builder)
      : symbols(symbols), library(library), plan(plan), builder(builder), elementwise(builder) {}

  mlir::LogicalResult buildDevices();
  void buildTops();
  /// Of each device that has work, by instance: its module, and its clocks.
  mlir::DictionaryAttr getDeviceModules();

private:
  using Values = llvm::StringMap<mlir::Value>;
  using Channels = llvm::DenseMap<mlir::Value, mlir::Value>;
  struct Device {
    const DevicePlan *plan;
    Module core, shell;
  };

  /// A memory port for look-ups: `data` is a backedge for the words of all copies.
  struct Lookup {
    llvm::StringRef prefix;
    RomOp rom;
    Parameter style;
    int64_t copies;
    mlir::Value data;
  };

  // ---- devices
  mlir::FailureOr<Module> buildCore(const DevicePlan &device, llvm::StringRef name);
  Module buildShell(const Device &device, llvm::StringRef name);
  llvm::SmallVector<Port> corePorts(PlaceAttr place);
  /// Clock and reset of a device, and those that come with streams from devices with other clocks.
  llvm::SmallVector<Port> clockPorts(PlaceAttr place);
  bool hasLinks(PlaceAttr place);
  /// Hardware of a node: channels of its results from those of its operands.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> buildNode(NodeOpInterface node, const Module &parent,
                                                            mlir::ValueRange operands);
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> buildRtl(NodeOpInterface node, KernelOp kernel, const Module &parent,
                                                           mlir::ValueRange operands);
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> buildGenerated(NodeOpInterface node, KernelOp kernel,
                                                                 const Module &parent, mlir::ValueRange operands);
  mlir::FailureOr<RomOp> findRom(NodeOpInterface node, MemoryPortAttr memory, int64_t wordBits, int64_t words);
  /// Words in order for a memory port of the node: from a memory beside the kernel, or from outside.
  mlir::FailureOr<Unwrapped> buildWords(NodeOpInterface node, llvm::StringRef port, RomOp rom, const Module &parent,
                                        mlir::Value ready);
  /// The memories behind a port for look-ups, once the kernel, whose outputs are `results`, is there.
  void closeLookup(mlir::Location loc, llvm::StringRef name, Lookup &lookup, const Module &parent, Values &results);
  /// On a device of the family, which may be null.
  mlir::FailureOr<llvm::SmallVector<Parameter>> parametersOf(NodeOpInterface node, KernelOp kernel, FamilyOp family);
  /// What tells a memory that holds parameters what it is made of.
  mlir::FailureOr<Parameter> styleOf(NodeOpInterface node, RomOp rom, MemoryAccess access);
  /// The reset of the node that is built, a leaf of the core's tree.
  mlir::Value nodeReset(mlir::Location loc);
  /// The tree that leads the reset to the nodes of the core.
  void buildResetTree(mlir::Location loc, const Module &core);
  /// A channel into or out of a core, whose handshakes wait while a reset is on its way to the nodes.
  mlir::Value closeInReset(mlir::Location loc, mlir::Value channel, bool isInput);
  /// Prints, at the end of a simulation, valid and ready of every stream of the module.
  void addProbe(const Module &parent, llvm::ArrayRef<std::pair<std::string, mlir::Value>> streams);

  // ---- tops
  void buildTop(llvm::StringRef name, bool links);
  mlir::Value buildCable(mlir::Location loc, llvm::StringRef name, const Crossing &crossing, const Module &top,
                         mlir::Value data);

  mlir::SymbolTable &symbols;
  const KernelLibrary &library;
  const LoweringPlan &plan;
  CirctBuilder &builder;
  ElementwiseModules elementwise;
  llvm::SmallVector<Device> devices;
  // ---- of the core that is built; backedges until it is done
  /// Of its device; null where that names none.
  FamilyOp family;
  /// Whether no reset is on its way.
  mlir::Value isOpen;
  /// Leaves of the reset tree, one for each node that has a reset.
  llvm::SmallVector<mlir::Value> resets;
  /// Whether the node that is built has its leaf.
  bool hasReset = false;
  /// Clock and reset of the streams that come with their own.
  llvm::DenseMap<mlir::Value, std::pair<mlir::Value, mlir::Value>> foreignClocks;
};

} // namespace xplat::circt

#endif // XPLAT_TRANSFORMS_LOWERING_HARDWAREMODULES_H

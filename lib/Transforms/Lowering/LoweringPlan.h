//===- LoweringPlan.h - What becomes which hardware module ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Collected and checked before anything is built: the nodes of each device's
// function in order, the streams that cross between devices and the boundary,
// both from the graph's function, and every name that other tools rely on.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_LOWERING_LOWERINGPLAN_H
#define XPLAT_TRANSFORMS_LOWERING_LOWERINGPLAN_H

#include "Transforms/Lowering/CirctBuilder.h"
#include "xplat/Analysis/KernelLibrary.h"
#include "xplat/IR/Xplat.h"

#include "llvm/ADT/MapVector.h"

namespace xplat::circt {

/// A stream that goes over a cable.
struct Crossing {
  mlir::Operation *node;
  std::string name;
  int64_t beatBits, cableBits, cableCycles;
  PlaceAttr from, to;
  mlir::Value sent, received; // in the functions of the two devices
};

/// A stream at the boundary of the system: of the host, or of the words of a parameter memory outside.
struct Boundary {
  mlir::Value stream; // in the function of the device; null for words
  std::string name;   // in0, in1, … or out0, out1, …, or of the node and its memory
  int64_t beatBits;
  PlaceAttr place;
  bool isInput;
};

/// A memory port of a node.
using NodeMemory = std::pair<mlir::Operation *, mlir::StringAttr>;

/// The boundary at which the words of a memory come in.
struct WordPort {
  std::string name;
  mlir::StringAttr rom;
  PlaceAttr place;
};

/// A device instance that has work.
struct DevicePlan {
  PlaceAttr place;
  std::string name;
  mlir::Location loc;
  mlir::func::FuncOp function;
  llvm::SmallVector<NodeOpInterface> nodes; // those that become hardware inside the device
  FamilyOp family;                          // null where the device names none
  double mhz = 0;
  int64_t ticks = 1; // of a cycle of its clock
  /// Its clock and reset at the top: those of all devices, or its own where clocks differ.
  std::string clock = "clk_i", reset = "rst_ni";
};

struct LoweringPlan {
  llvm::SmallVector<DevicePlan> devices;
  llvm::SmallVector<Crossing> crossings;
  llvm::SmallVector<Boundary> boundaries;
  llvm::DenseMap<mlir::Operation *, std::string> instanceNames;
  /// The boundaries at which words come in, by where they go.
  llvm::MapVector<NodeMemory, WordPort> wordPorts;

  const DevicePlan &getDevice(PlaceAttr place) const;
  /// Whether the ends of a crossing have one clock.
  bool keepsClock(const Crossing &crossing) const {
    return getDevice(crossing.from).ticks == getDevice(crossing.to).ticks;
  }
  /// The devices with other clocks that send streams to `place`. These streams come with their clocks.
  llvm::SmallVector<const DevicePlan *> getForeignSenders(PlaceAttr place) const;
};

/// Plans the graph that the module's mapping names and the functions of its devices; fails with a diagnostic when
/// something in them cannot become hardware.
mlir::FailureOr<LoweringPlan> planLowering(mlir::ModuleOp module, const KernelLibrary &library);

} // namespace xplat::circt

#endif // XPLAT_TRANSFORMS_LOWERING_LOWERINGPLAN_H

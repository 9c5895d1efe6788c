//===- CablePlan.h - Streams on the cables of a system ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A cable carries a fixed number of bits a cycle in each direction. Every stream
// on it has a slice of these bits for itself, as narrow as the cycles per sample
// allow. Through a switch a stream takes two cables: the sender's to the switch,
// and the receiver's from the switch.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_CABLEPLAN_H
#define XPLAT_TRANSFORMS_HARDWARE_CABLEPLAN_H

#include "xplat/IR/Xplat.h"

namespace xplat {

/// One direction of a cable.
struct Cable {
  CableOp op;
  /// The instances at its ends; null at the end that is a switch.
  PlaceAttr from, to;
  /// The switch at one of its ends; null without one.
  SwitchOp switchOp;
  /// Bits that cross in one cycle, and those not given away yet.
  int64_t bits = 0, free = 0;
  /// Time from end to end, without the switch's.
  double latencyNs = 0;
};

/// From one instance to another without one between: over a cable, or over two with a switch between them.
struct Hop {
  Cable *out, *in = nullptr;
  /// Cycles from end to end.
  int64_t latency = 0;

  PlaceAttr from() const { return out->from; }
  PlaceAttr to() const { return (in ? in : out)->to; }
  int64_t bits() const { return in ? std::min(out->bits, in->bits) : out->bits; }
  /// The cable with the fewer free bits.
  const Cable &tightest() const { return in && in->free < out->free ? *in : *out; }
  int64_t free() const { return tightest().free; }
  /// Gives away a slice of `phit` bits.
  void take(int64_t phit) const {
    out->free -= phit;
    if (in)
      in->free -= phit;
  }
};

class CablePlan {
public:
  /// The cables of `system` at a design clock of `clockMhz`.
  CablePlan(SystemOp system, double clockMhz);

  /// Hops to take, in order, as few as possible and, among those, with the
  /// most free bits; empty when the devices are not connected.
  llvm::SmallVector<Hop> route(PlaceAttr from, PlaceAttr to);
  /// Every hop that leaves `from`, in the order of the cables.
  llvm::SmallVector<Hop> hopsFrom(PlaceAttr from);
  llvm::MutableArrayRef<Cable> getCables() { return cables; }
  /// The hop over `cable` that leads from `from` to `to`, with `arrival` behind a switch, if it exists.
  std::optional<Hop> find(mlir::SymbolRefAttr cable, mlir::SymbolRefAttr arrival, PlaceAttr from, PlaceAttr to);
  mlir::SymbolRefAttr getSymbol(CableOp cable) const;

private:
  /// The hop over `out`, and `in` behind a switch.
  Hop hop(Cable &out, Cable *in) const;

  SystemOp system;
  double clockMhz;
  llvm::SmallVector<Cable> cables;
};

/// Bits that a cable carries in one cycle of `clockMhz`, each way.
int64_t getBitsPerCycle(CableOp cable, double clockMhz);

/// Fewest bits a cycle with which `beats` beats of `beatBits` bits cross in `cycles` cycles.
int64_t getSmallestPhit(int64_t beats, int64_t beatBits, int64_t cycles);

/// Credits with which a link of `latency` cycles and `phits` phits a beat never
/// waits for one: a credit is back `phits + 2 * latency + 3` cycles after its beat
/// was taken.
int64_t getFullRateCredits(int64_t phits, int64_t latency);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_CABLEPLAN_H

//===- CablePlan.h - Streams on the cables of a system ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A cable carries a fixed number of bits a cycle in each direction. Every stream
// on it has a slice of these bits for itself, as narrow as the cycles per sample
// allow. A stream crosses in the clock of the device that sends it. Through a switch a stream takes two cables: the
// sender's to the switch, and the receiver's from the switch.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_CABLEPLAN_H
#define XPLAT_TRANSFORMS_HARDWARE_CABLEPLAN_H

#include "llvm/Support/MathExtras.h"

#include "xplat/Analysis/Clocks.h"

namespace xplat {

/// One direction of a cable.
struct Cable {
  CableOp op;
  /// The instances at its ends; null at the end that is a switch.
  PlaceAttr from, to;
  /// The switch at one of its ends; null without one.
  SwitchOp switchOp;
  /// Bits that cross in one cycle, and those not given away yet. Where clocks differ: in the time after which all have
  /// run a whole number of cycles, so that slices of senders with unlike clocks can be added.
  int64_t bits = 0, free = 0;
  /// Time from end to end, without the switch's.
  double latencyNs = 0;
};

/// From one instance to another without one between: over a cable, or over two with a switch between them.
struct Hop {
  Cable *out, *in = nullptr;
  /// Cycles of the sender's clock from end to end.
  int64_t latency = 0;
  /// Cycles of the sender's clock for which `Cable::bits` counts.
  int64_t cycles = 1;

  PlaceAttr from() const { return out->from; }
  PlaceAttr to() const { return (in ? in : out)->to; }
  /// Bits in a cycle of the sender's clock.
  int64_t bits() const { return (in ? std::min(out->bits, in->bits) : out->bits) / cycles; }
  /// The cable with the fewer free bits.
  const Cable &tightest() const { return in && in->free < out->free ? *in : *out; }
  int64_t free() const { return llvm::divideFloorSigned(tightest().free, cycles); }
  /// Gives away a slice of `phit` bits.
  void take(int64_t phit) const {
    out->free -= phit * cycles;
    if (in)
      in->free -= phit * cycles;
  }
};

class CablePlan {
public:
  /// The cables of `system`, whose instances have `clocks`.
  CablePlan(SystemOp system, const SystemClocks &clocks);

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
  SystemClocks clocks;
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

//===- ChannelPlan.h - Streams on the channels of a system ------*- C++ -*-===//
//
// A channel carries so many bits a cycle in each direction; every stream on it
// has a slice of its own, as narrow as the cycles per sample allow.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_CHANNELPLAN_H
#define XPLAT_TRANSFORMS_HARDWARE_CHANNELPLAN_H

#include "xplat/IR/Xplat.h"

namespace xplat {

/// A channel in one direction.
struct Cable {
  ChannelOp channel;
  PlaceAttr from, to;
  /// Bits that cross in one cycle, and those not given away yet.
  int64_t bits = 0, free = 0;
  /// Cycles from end to end.
  int64_t latency = 0;
};

class ChannelPlan {
public:
  /// The channels of `system` at a design clock of `clockMhz`.
  ChannelPlan(SystemOp system, double clockMhz);

  /// Channels to cross, in order, with as few hops as possible and, among
  /// those, the most free bits; empty when the devices are not connected.
  llvm::SmallVector<Cable *> route(PlaceAttr from, PlaceAttr to);
  llvm::MutableArrayRef<Cable> getCables() { return cables; }
  /// The direction of a channel that leads to `to`; null when there is none.
  Cable *find(mlir::SymbolRefAttr channel, PlaceAttr to);
  mlir::SymbolRefAttr getSymbol(ChannelOp channel) const;

private:
  SystemOp system;
  llvm::SmallVector<Cable> cables;
};

/// Fewest bits a cycle with which `beats` beats of `beatBits` bits cross in `cycles` cycles.
int64_t getSmallestPhit(int64_t beats, int64_t beatBits, int64_t cycles);

/// Credits with which a link of `latency` cycles and `phits` phits a beat never
/// waits for one: a credit is back `phits + 2 * latency + 3` cycles after its beat
/// was taken.
int64_t getFullRateCredits(int64_t phits, int64_t latency);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_CHANNELPLAN_H

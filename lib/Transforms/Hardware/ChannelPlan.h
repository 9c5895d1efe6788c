//===- ChannelPlan.h - Streams on the channels of a system ------*- C++ -*-===//
//
// A channel carries so many bits a cycle in each direction; every stream on it
// has a slice of its own, as narrow as the cycles per sample allow. Through a
// switch a stream takes two channels: its sender's to the switch and, from
// there, its receiver's.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_CHANNELPLAN_H
#define XPLAT_TRANSFORMS_HARDWARE_CHANNELPLAN_H

#include "xplat/IR/Xplat.h"

namespace xplat {

/// A channel in one direction.
struct Cable {
  ChannelOp channel;
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

class ChannelPlan {
public:
  /// The channels of `system` at a design clock of `clockMhz`.
  ChannelPlan(SystemOp system, double clockMhz);

  /// Hops to take, in order, as few as possible and, among those, with the
  /// most free bits; empty when the devices are not connected.
  llvm::SmallVector<Hop> route(PlaceAttr from, PlaceAttr to);
  /// Every hop that leaves `from`, in the order of the channels.
  llvm::SmallVector<Hop> hopsFrom(PlaceAttr from);
  llvm::MutableArrayRef<Cable> getCables() { return cables; }
  /// The hop over `channel` that leads from `from` to `to`, with `arrival` behind a switch; none when there is none.
  std::optional<Hop> find(mlir::SymbolRefAttr channel, mlir::SymbolRefAttr arrival, PlaceAttr from, PlaceAttr to);
  mlir::SymbolRefAttr getSymbol(ChannelOp channel) const;

private:
  /// The hop over `out`, and `in` behind a switch.
  Hop hop(Cable &out, Cable *in) const;

  SystemOp system;
  double clockMhz;
  llvm::SmallVector<Cable> cables;
};

/// Bits that a channel carries in one cycle of `clockMhz`, each way.
int64_t getChannelBits(ChannelOp channel, double clockMhz);

/// Fewest bits a cycle with which `beats` beats of `beatBits` bits cross in `cycles` cycles.
int64_t getSmallestPhit(int64_t beats, int64_t beatBits, int64_t cycles);

/// Credits with which a link of `latency` cycles and `phits` phits a beat never
/// waits for one: a credit is back `phits + 2 * latency + 3` cycles after its beat
/// was taken.
int64_t getFullRateCredits(int64_t phits, int64_t latency);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_CHANNELPLAN_H

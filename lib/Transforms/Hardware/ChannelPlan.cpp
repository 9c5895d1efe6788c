//===- ChannelPlan.cpp - Streams on the channels of a system --------------===//
#include "Transforms/Hardware/ChannelPlan.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace xplat;

static PortOp lookupPort(SystemOp system, StringRef instance, StringRef port) {
  auto module = system->getParentOp();
  auto instanceOp = dyn_cast_or_null<InstanceOp>(SymbolTable::lookupSymbolIn(system, instance));
  if (!instanceOp)
    return {};
  auto device = dyn_cast_or_null<DeviceOp>(SymbolTable::lookupSymbolIn(module, instanceOp.getDevice()));
  return device ? dyn_cast_or_null<PortOp>(SymbolTable::lookupSymbolIn(device, port)) : PortOp();
}

ChannelPlan::ChannelPlan(SystemOp system, double clockMhz) : system(system) {
  MLIRContext *context = system.getContext();
  auto place = [&](FlatSymbolRefAttr instance) {
    return PlaceAttr::get(context, SymbolRefAttr::get(system.getSymNameAttr(), {instance}));
  };
  for (auto channel : system.getBody().getOps<ChannelOp>()) {
    PortOp a = lookupPort(system, channel.getSource(), channel.getSourcePort());
    PortOp b = lookupPort(system, channel.getTarget(), channel.getTargetPort());
    if (!a || !b)
      continue; // the verifier has reported it
    double gbps = std::min(a.getRateGbps().convertToDouble(), b.getRateGbps().convertToDouble());
    double ns = std::max(a.getLatencyNs().convertToDouble(), b.getLatencyNs().convertToDouble());
    // Data sheets give decimal fractions: a nano-bit of slack keeps exact products exact.
    auto bits = static_cast<int64_t>(std::floor(gbps * 1000.0 / clockMhz + 1e-9));
    auto latency = static_cast<int64_t>(std::ceil(ns * clockMhz / 1000.0 - 1e-9));
    PlaceAttr from = place(channel.getSourceAttr()), to = place(channel.getTargetAttr());
    cables.push_back({channel, from, to, bits, bits, latency});
    cables.push_back({channel, to, from, bits, bits, latency});
  }
}

SmallVector<Cable *> ChannelPlan::route(PlaceAttr from, PlaceAttr to) {
  // Breadth first; of parallel channels the one with the most free bits.
  llvm::DenseMap<PlaceAttr, Cable *> reached;
  SmallVector<PlaceAttr> frontier = {from};
  while (!frontier.empty() && !reached.contains(to)) {
    SmallVector<PlaceAttr> next;
    for (PlaceAttr at : frontier) {
      llvm::MapVector<PlaceAttr, Cable *> best;
      for (Cable &cable : cables)
        if (cable.from == at && cable.to != from && !reached.contains(cable.to) &&
            (!best.count(cable.to) || best[cable.to]->free < cable.free))
          best[cable.to] = &cable;
      for (auto [place, cable] : best) {
        reached[place] = cable;
        next.push_back(place);
      }
    }
    frontier = std::move(next);
  }
  SmallVector<Cable *> path;
  for (PlaceAttr at = to; at != from;) {
    Cable *cable = reached.lookup(at);
    if (!cable)
      return {};
    path.push_back(cable);
    at = cable->from;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

Cable *ChannelPlan::find(SymbolRefAttr channel, PlaceAttr to) {
  for (Cable &cable : cables)
    if (getSymbol(cable.channel) == channel && cable.to == to)
      return &cable;
  return nullptr;
}

SymbolRefAttr ChannelPlan::getSymbol(ChannelOp channel) const {
  SystemOp parent = system;
  return SymbolRefAttr::get(parent.getSymNameAttr(), {FlatSymbolRefAttr::get(channel.getSymNameAttr())});
}

int64_t xplat::getSmallestPhit(int64_t beats, int64_t beatBits, int64_t cycles) {
  int64_t phits = std::max<int64_t>(cycles / beats, 1);
  return llvm::divideCeil(beatBits, std::min(phits, beatBits));
}

int64_t xplat::getFullRateCredits(int64_t phits, int64_t latency) {
  return llvm::divideCeil(phits + 2 * latency + 3, phits);
}

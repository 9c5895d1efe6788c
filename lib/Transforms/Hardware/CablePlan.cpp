//===- CablePlan.cpp - Streams on the cables of a system ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/CablePlan.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace xplat;

/// The port of an instance; null when it has none of that name, which the verifier reports.
static PortOp lookupPort(SystemOp system, StringRef instance, StringRef port) {
  auto module = system->getParentOp();
  auto instanceOp = dyn_cast_or_null<InstanceOp>(SymbolTable::lookupSymbolIn(system, instance));
  if (!instanceOp)
    return {};
  auto device = dyn_cast_or_null<DeviceOp>(SymbolTable::lookupSymbolIn(module, instanceOp.getDevice()));
  return device ? dyn_cast_or_null<PortOp>(SymbolTable::lookupSymbolIn(device, port)) : PortOp();
}

namespace {
/// The ports at a cable's ends, one only when the other end is a switch; empty for a malformed cable.
struct Ends {
  explicit Ends(CableOp cable) {
    auto system = cast<SystemOp>(cable->getParentOp());
    ports.push_back(lookupPort(system, cable.getSource(), cable.getSourcePort()));
    if (cable.getTargetPort())
      ports.push_back(lookupPort(system, cable.getTarget(), *cable.getTargetPort()));
    else
      switchOp = dyn_cast_or_null<SwitchOp>(SymbolTable::lookupSymbolIn(system, cable.getTarget()));
    if (llvm::any_of(ports, [](PortOp port) { return !port; }) || (ports.size() == 1 && !switchOp))
      ports.clear();
  }
  double worst(function_ref<double(PortOp)> of, bool largest) {
    double value = of(ports.front());
    for (PortOp port : ArrayRef(ports).drop_front())
      value = largest ? std::max(value, of(port)) : std::min(value, of(port));
    return value;
  }
  double gbps() {
    return worst([](PortOp port) { return port.getRateGbps().convertToDouble(); }, /*largest=*/false);
  }
  double latencyNs() {
    return worst([](PortOp port) { return port.getLatencyNs().convertToDouble(); }, /*largest=*/true);
  }
  SmallVector<PortOp, 2> ports;
  SwitchOp switchOp;
};
} // namespace

int64_t xplat::getBitsPerCycle(CableOp cable, double clockMhz) {
  Ends ends(cable);
  // Data sheets give decimal fractions: a nano-bit of slack keeps exact products exact.
  return ends.ports.empty() ? 0 : static_cast<int64_t>(std::floor(ends.gbps() * 1000.0 / clockMhz + 1e-9));
}

CablePlan::CablePlan(SystemOp system, const SystemClocks &clocks) : system(system), clocks(clocks) {
  for (auto cable : system.getBody().getOps<CableOp>()) {
    Ends ends(cable);
    if (ends.ports.empty())
      continue; // the verifier has reported it
    int64_t window = clocks.getWindow();
    auto getBits = [&](PlaceAttr sender) {
      if (!sender) // a switch, which has no clock
        return getBitsPerCycle(cable, clocks.getTickMhz() / static_cast<double>(window));
      return getBitsPerCycle(cable, clocks.getMhz(sender)) * (window / clocks.getTicks(sender));
    };
    PlaceAttr from = system.getPlace(cable.getSourceAttr().getAttr());
    PlaceAttr to = ends.switchOp ? PlaceAttr() : system.getPlace(cable.getTargetAttr().getAttr());
    for (auto [sender, receiver] : {std::pair(from, to), std::pair(to, from)}) {
      int64_t bits = getBits(sender);
      cables.push_back({cable, sender, receiver, ends.switchOp, bits, bits, ends.latencyNs()});
    }
  }
}

Hop CablePlan::hop(Cable &out, Cable *in) const {
  double ns = out.latencyNs;
  if (in) // The ports' latency is that of a cable between them; the switch comes on top.
    ns = std::max(ns, in->latencyNs) + SwitchOp(out.switchOp).getLatencyNs().convertToDouble();
  return {&out, in, static_cast<int64_t>(std::ceil(ns * clocks.getMhz(out.from) / 1000.0 - 1e-9)),
          clocks.getWindow() / clocks.getTicks(out.from)};
}

SmallVector<Hop> CablePlan::hopsFrom(PlaceAttr from) {
  SmallVector<Hop> hops;
  for (Cable &out : cables) {
    if (out.from != from)
      continue;
    if (out.to) {
      hops.push_back(hop(out, nullptr));
      continue;
    }
    for (Cable &in : cables)
      if (in.switchOp == out.switchOp && !in.from && in.to != from)
        hops.push_back(hop(out, &in));
  }
  return hops;
}

SmallVector<Hop> CablePlan::route(PlaceAttr from, PlaceAttr to) {
  // Breadth first; of parallel hops the one with the most free bits.
  llvm::DenseMap<PlaceAttr, Hop> reached;
  SmallVector<PlaceAttr> frontier = {from};
  while (!frontier.empty() && !reached.contains(to)) {
    SmallVector<PlaceAttr> next;
    for (PlaceAttr at : frontier) {
      llvm::MapVector<PlaceAttr, Hop> best;
      for (const Hop &hop : hopsFrom(at))
        if (hop.to() != from && !reached.contains(hop.to())) {
          auto [known, inserted] = best.try_emplace(hop.to(), hop);
          if (!inserted && known->second.free() < hop.free())
            known->second = hop;
        }
      for (auto &[place, hop] : best) {
        reached.try_emplace(place, hop);
        next.push_back(place);
      }
    }
    frontier = std::move(next);
  }
  SmallVector<Hop> path;
  for (PlaceAttr at = to; at != from;) {
    auto found = reached.find(at);
    if (found == reached.end())
      return {};
    path.push_back(found->second);
    at = found->second.from();
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::optional<Hop> CablePlan::find(SymbolRefAttr cable, SymbolRefAttr arrival, PlaceAttr from, PlaceAttr to) {
  for (const Hop &hop : hopsFrom(from))
    if (hop.to() == to && getSymbol(hop.out->op) == cable &&
        (hop.in ? getSymbol(hop.in->op) : SymbolRefAttr()) == arrival)
      return hop;
  return std::nullopt;
}

SymbolRefAttr CablePlan::getSymbol(CableOp cable) const {
  SystemOp parent = system;
  return SymbolRefAttr::get(parent.getSymNameAttr(), {FlatSymbolRefAttr::get(cable.getSymNameAttr())});
}

int64_t xplat::getSmallestPhit(int64_t beats, int64_t beatBits, int64_t cycles) {
  int64_t phits = std::max<int64_t>(cycles / beats, 1);
  return llvm::divideCeil(beatBits, std::min(phits, beatBits));
}

int64_t xplat::getFullRateCredits(int64_t phits, int64_t latency) {
  return llvm::divideCeil(phits + 2 * latency + 3, phits);
}

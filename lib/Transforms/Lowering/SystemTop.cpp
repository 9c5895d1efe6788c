//===- SystemTop.cpp - Devices, cables and the boundary of the system -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/HardwareModules.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

void HardwareModules::buildTops() {
  buildTop("xplat_system", /*links=*/true);
  if (!plan.crossings.empty())
    buildTop("xplat_system_direct", /*links=*/false);
}

Value HardwareModules::buildCable(Location loc, StringRef name, const Crossing &crossing, const Module &top,
                                  Value data) {
  int64_t width = data.getType().getIntOrFloatBitWidth();
  SmallVector<Port> ports = {{"clk_i", builder.clock(), false},
                             {"rst_ni", builder.bit(), false},
                             {"data_i", builder.integer(width), false},
                             {"data_o", builder.integer(width), true}};
  SmallVector<Parameter> parameters = {{"Width", width, {}}, {"Cycles", crossing.cableCycles, {}}};
  Module cable = builder.externModule(loc, "xplat_wire_delay", ports, parameters);
  Values inputs;
  const DevicePlan &from = plan.getDevice(crossing.from);
  inputs["clk_i"] = builder.input(top, from.clock);
  inputs["rst_ni"] = builder.input(top, from.reset);
  inputs["data_i"] = data;
  return builder.instance(loc, name, cable, inputs, parameters).lookup("data_o");
}

void HardwareModules::buildTop(StringRef name, bool links) {
  SmallVector<Port> ports;
  for (const Device &device : devices)
    if (llvm::none_of(ports, [&](const Port &port) { return port.name == device.plan->clock; })) {
      ports.push_back({device.plan->clock, builder.clock(), false});
      ports.push_back({device.plan->reset, builder.bit(), false});
    }
  for (const Boundary &boundary : plan.boundaries)
    ports.push_back({boundary.name, builder.channel(boundary.beatBits), !boundary.isInput});
  Module top = builder.beginModule(symbols.getOp()->getLoc(), builder.moduleName(name), ports);

  // Ports of one name are one wire; what an instance drives later is a backedge until then.
  Values wires, driven;
  for (const Port &port : top.ports)
    if (!port.isOutput)
      wires[port.name] = builder.input(top, port.name);
  for (const Device &device : devices)
    for (const Port &port : (links ? device.shell : device.core).ports)
      if (!port.isOutput && port.name != "clk_i" && port.name != "rst_ni" && !wires.contains(port.name))
        wires[port.name] = builder.backedge(device.plan->loc, port.type);
  for (const Device &device : devices) {
    wires["clk_i"] = builder.input(top, device.plan->clock);
    wires["rst_ni"] = builder.input(top, device.plan->reset);
    Values results = builder.instance(device.plan->loc, device.plan->name, links ? device.shell : device.core, wires);
    for (auto &entry : results)
      driven[entry.getKey()] = entry.getValue();
  }

  for (const Crossing &crossing : plan.crossings) {
    Location loc = crossing.node->getLoc();
    StringRef link = crossing.name;
    auto close = [&](const Twine &wire, Value value) { builder.close(wires.lookup(wire.str()), value); };
    if (!links) {
      close(link, driven.lookup(link));
      continue;
    }
    int64_t bits = crossing.cableBits;
    Value phit = builder.concat(
        loc, {driven.lookup((link + "_phit_data_o").str()), driven.lookup((link + "_phit_valid_o").str())});
    Value arrived = buildCable(loc, (link + "_phit_cable").str(), crossing, top, phit);
    close(link + "_phit_data_i", builder.extract(loc, arrived, 0, bits));
    close(link + "_phit_valid_i", builder.extract(loc, arrived, bits, 1));
    Value credit = driven.lookup((link + "_credit_o").str());
    close(link + "_credit_i", buildCable(loc, (link + "_credit_cable").str(), crossing, top, credit));
  }
  Values outputs;
  for (const Boundary &boundary : plan.boundaries)
    if (!boundary.isInput)
      outputs[boundary.name] = driven.lookup(boundary.name);
  builder.endModule(top, outputs);
}

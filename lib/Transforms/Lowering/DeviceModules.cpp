//===- DeviceModules.cpp - The hardware of one device ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/HardwareModules.h"

#include "xplat/Analysis/CostModel.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

//===----------------------------------------------------------------------===//
// Core and shell
//===----------------------------------------------------------------------===//

LogicalResult HardwareModules::buildDevices() {
  for (const Crossing &crossing : plan.crossings) {
    auto node = cast<NodeOpInterface>(crossing.node);
    for (PlaceAttr place : {crossing.from, crossing.to})
      if (failed(parametersOf(node, library.getKernel(node), plan.getDevice(place).family)))
        return failure();
  }
  for (const DevicePlan &device : plan.devices) {
    bool links = hasLinks(device.place);
    FailureOr<Module> core = buildCore(device, builder.moduleName(links ? device.name + "_core" : device.name));
    if (failed(core))
      return failure();
    devices.push_back({&device, *core, *core});
    if (links)
      devices.back().shell = buildShell(devices.back(), builder.moduleName(device.name));
  }
  return success();
}

DictionaryAttr HardwareModules::getDeviceModules() {
  Builder &attributes = builder.builder;
  SmallVector<NamedAttribute> names;
  for (const Device &device : devices) {
    // Clocks that come with streams, and the ports that are on them.
    SmallVector<NamedAttribute> linkClocks, linkPorts;
    auto isOn = [&](const Twine &port, const DevicePlan &sender) {
      linkPorts.push_back(attributes.getNamedAttr(port.str(), attributes.getStringAttr(sender.clock)));
    };
    for (const DevicePlan *sender : plan.getForeignSenders(device.plan->place)) {
      linkClocks.push_back(attributes.getNamedAttr(sender->clock, attributes.getF64FloatAttr(sender->mhz)));
      isOn(sender->reset, *sender);
    }
    for (const Crossing &crossing : plan.crossings)
      if (crossing.to == device.plan->place && !plan.keepsClock(crossing))
        for (StringRef end : {"_phit_valid_i", "_phit_data_i", "_credit_o"})
          isOn(crossing.name + end, plan.getDevice(crossing.from));
    SmallVector<NamedAttribute> words;
    for (auto &[memory, port] : plan.wordPorts)
      if (port.place == device.plan->place)
        words.push_back(attributes.getNamedAttr(port.name, port.rom));
    Attribute description = attributes.getDictionaryAttr({
        attributes.getNamedAttr("module", attributes.getStringAttr(device.shell.name)),
        attributes.getNamedAttr("clock", attributes.getStringAttr(device.plan->clock)),
        attributes.getNamedAttr("reset", attributes.getStringAttr(device.plan->reset)),
        attributes.getNamedAttr("mhz", attributes.getF64FloatAttr(device.plan->mhz)),
        attributes.getNamedAttr("ticks", attributes.getI64IntegerAttr(device.plan->ticks)),
        attributes.getNamedAttr("link_clocks", attributes.getDictionaryAttr(linkClocks)),
        attributes.getNamedAttr("link_ports", attributes.getDictionaryAttr(linkPorts)),
        attributes.getNamedAttr("words", attributes.getDictionaryAttr(words)),
    });
    names.push_back(attributes.getNamedAttr(device.plan->place.getDevice().getLeafReference(), description));
  }
  return attributes.getDictionaryAttr(names);
}

bool HardwareModules::hasLinks(PlaceAttr place) {
  return llvm::any_of(plan.crossings,
                      [&](const Crossing &crossing) { return crossing.from == place || crossing.to == place; });
}

SmallVector<Port> HardwareModules::clockPorts(PlaceAttr place) {
  SmallVector<Port> ports = {{"clk_i", builder.clock(), false}, {"rst_ni", builder.bit(), false}};
  for (const DevicePlan *sender : plan.getForeignSenders(place)) {
    ports.push_back({sender->clock, builder.clock(), false});
    ports.push_back({sender->reset, builder.bit(), false});
  }
  return ports;
}

SmallVector<Port> HardwareModules::corePorts(PlaceAttr place) {
  SmallVector<Port> ports = clockPorts(place);
  for (const Boundary &boundary : plan.boundaries)
    if (boundary.place == place)
      ports.push_back({boundary.name, builder.channel(boundary.beatBits), !boundary.isInput});
  for (const Crossing &crossing : plan.crossings)
    if (crossing.from == place || crossing.to == place)
      ports.push_back({crossing.name, builder.channel(crossing.beatBits), crossing.from == place});
  return ports;
}

FailureOr<Module> HardwareModules::buildCore(const DevicePlan &device, StringRef name) {
  family = device.family;
  Module core = builder.beginModule(device.loc, name, corePorts(device.place));
  Channels channels;
  SmallVector<std::pair<std::string, Value>> streams;
  auto define = [&](Value stream, Value channel, const std::string &label) {
    channels[stream] = channel;
    streams.push_back({label, channel});
  };
  isOpen = builder.backedge(device.loc, builder.bit());
  resets.clear();
  auto enter = [&](const std::string &name) {
    return closeInReset(device.loc, builder.input(core, name), /*isInput=*/true);
  };
  for (const Boundary &boundary : plan.boundaries)
    if (boundary.place == device.place && boundary.stream && boundary.isInput)
      define(boundary.stream, enter(boundary.name), boundary.name);
  // What comes with a clock of its own comes with its reset, too.
  for (const Crossing &crossing : plan.crossings)
    if (crossing.to == device.place)
      define(crossing.received, plan.keepsClock(crossing) ? enter(crossing.name) : builder.input(core, crossing.name),
             crossing.name);
  foreignClocks.clear();
  for (const Crossing &crossing : plan.crossings)
    if (crossing.to == device.place && !plan.keepsClock(crossing)) {
      const DevicePlan &from = plan.getDevice(crossing.from);
      foreignClocks[crossing.received] = {builder.input(core, from.clock), builder.input(core, from.reset)};
    }

  for (NodeOpInterface node : device.nodes) {
    SmallVector<Value> operands;
    for (Value operand : node->getOperands())
      operands.push_back(channels.lookup(operand));
    hasReset = false;
    FailureOr<SmallVector<Value>> results = buildNode(node, core, operands);
    if (failed(results))
      return failure();
    const std::string &label = plan.instanceNames.at(node);
    for (auto [index, channel] : llvm::enumerate(*results))
      define(node->getResult(index), channel, results->size() == 1 ? label : label + "." + std::to_string(index));
  }

  addProbe(core, streams);
  llvm::StringMap<Value> outputs;
  auto leave = [&](const std::string &name, Value stream) {
    outputs[name] = closeInReset(device.loc, channels.lookup(stream), /*isInput=*/false);
  };
  for (const Boundary &boundary : plan.boundaries)
    if (boundary.place == device.place && !boundary.isInput)
      leave(boundary.name, boundary.stream);
  for (const Crossing &crossing : plan.crossings)
    if (crossing.from == device.place)
      leave(crossing.name, crossing.sent);
  buildResetTree(device.loc, core);
  builder.endModule(core, outputs);
  return core;
}

Value HardwareModules::nodeReset(Location loc) {
  if (!hasReset)
    resets.push_back(builder.backedge(loc, builder.bit()));
  hasReset = true;
  return resets.back();
}

void HardwareModules::buildResetTree(Location loc, const Module &core) {
  int64_t leaves = std::max<int64_t>(resets.size(), 1);
  SmallVector<Port> ports = {{"clk_i", builder.clock(), false},
                             {"rst_ni", builder.bit(), false},
                             {"open_o", builder.bit(), true},
                             {"leaf_no", builder.integer(leaves), true}};
  SmallVector<Parameter> parameters = {{"Leaves", leaves, {}}};
  Module tree = builder.externModule(loc, "xplat_reset_tree", ports, parameters);
  Values inputs;
  inputs["clk_i"] = builder.input(core, "clk_i");
  inputs["rst_ni"] = builder.input(core, "rst_ni");
  Values outputs = builder.instance(loc, "reset_tree", tree, inputs, parameters);
  builder.close(isOpen, outputs["open_o"]);
  for (auto [leaf, reset] : llvm::enumerate(resets))
    builder.close(reset, builder.extract(loc, outputs["leaf_no"], leaf, 1));
}

Value HardwareModules::closeInReset(Location loc, Value channel, bool isInput) {
  // Towards a node nothing is closed: what it takes while its reset is on its way is forgotten.
  Value ready = builder.backedge(loc, builder.bit());
  Unwrapped beat = builder.unwrap(loc, channel, ready);
  Value valid = isInput ? beat.valid : builder.andOp(loc, {beat.valid, isOpen});
  auto [closed, taken] = builder.wrap(loc, beat.data, valid);
  builder.close(ready, isInput ? builder.andOp(loc, {taken, isOpen}) : taken);
  return closed;
}

void HardwareModules::addProbe(const Module &parent, ArrayRef<std::pair<std::string, Value>> streams) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  SmallVector<Value> operands;
  for (auto &[label, channel] : streams) {
    auto [valid, ready] = builder.snoop(parent.op->getLoc(), channel);
    stream << (operands.empty() ? "" : "\n") << "final $display(\"XPLAT_STREAM %m " << label << " %0d %0d\", {{"
           << operands.size() << "}}, {{" << operands.size() + 1 << "}});";
    operands.append({valid, ready});
  }
  builder.simulationText(parent.op->getLoc(), text, operands);
}

Module HardwareModules::buildShell(const Device &device, StringRef name) {
  PlaceAttr place = device.plan->place;
  SmallVector<Port> ports = clockPorts(place);
  for (const Port &port : device.core.ports)
    if (llvm::any_of(plan.boundaries, [&](const Boundary &boundary) { return boundary.name == port.name; }))
      ports.push_back(port);
  for (const Crossing &crossing : plan.crossings) {
    if (crossing.from != place && crossing.to != place)
      continue;
    bool sends = crossing.from == place;
    std::string suffix = sends ? "_o" : "_i", back = sends ? "_i" : "_o";
    ports.push_back({crossing.name + "_phit_valid" + suffix, builder.bit(), sends});
    ports.push_back({crossing.name + "_phit_data" + suffix, builder.integer(crossing.cableBits), sends});
    ports.push_back({crossing.name + "_credit" + back, builder.bit(), !sends});
  }

  Module shell = builder.beginModule(device.plan->loc, name, ports);
  Values coreInputs, outputs;
  Value clock = coreInputs["clk_i"] = builder.input(shell, "clk_i");
  Value reset = coreInputs["rst_ni"] = builder.input(shell, "rst_ni");
  for (const Port &port : shell.ports)
    if (!port.isOutput && llvm::any_of(device.core.ports, [&](const Port &p) { return p.name == port.name; }))
      coreInputs[port.name] = builder.input(shell, port.name);

  // Receiving ends feed the core, the core feeds the sending ends.
  llvm::StringMap<Value> ends;
  auto end = [&](const Crossing &crossing, bool sends) {
    auto node = cast<NodeOpInterface>(crossing.node);
    KernelOp kernel = library.getKernel(node);
    Location loc = crossing.node->getLoc();
    std::string in = sends ? "_i" : "_o", out = sends ? "_o" : "_i";
    StringRef stream = cast<StringAttr>((sends ? *kernel.getInStreams() : *kernel.getOutStreams())[0]).getValue();
    Type data = builder.integer(crossing.beatBits), phit = builder.integer(crossing.cableBits);
    SmallVector<Port> endPorts = {{"clk_i", builder.clock(), false},
                                  {"rst_ni", builder.bit(), false},
                                  {(stream + "_valid" + in).str(), builder.bit(), !sends},
                                  {(stream + "_ready" + out).str(), builder.bit(), sends},
                                  {(stream + "_data" + in).str(), data, !sends},
                                  {"phit_valid" + out, builder.bit(), sends},
                                  {"phit_data" + out, phit, sends},
                                  {"credit" + in, builder.bit(), !sends}};
    FailureOr<SmallVector<Parameter>> parameters = parametersOf(node, kernel, device.plan->family);
    Module module =
        builder.externModule(loc, (*kernel.getRtlModule() + (sends ? "_tx" : "_rx")).str(), endPorts, *parameters);
    Values inputs;
    // All of a link has the clock of the device that sends.
    const DevicePlan &from = plan.getDevice(crossing.from);
    bool own = sends || plan.keepsClock(crossing);
    inputs["clk_i"] = own ? clock : builder.input(shell, from.clock);
    inputs["rst_ni"] = own ? reset : builder.input(shell, from.reset);
    std::string instance = crossing.name + (sends ? "_tx" : "_rx");
    if (sends) {
      Value ready = builder.backedge(loc, builder.bit());
      Unwrapped beat = builder.unwrap(loc, ends.lookup(crossing.name), ready);
      inputs[(stream + "_valid_i").str()] = beat.valid;
      inputs[(stream + "_data_i").str()] = beat.data;
      inputs["credit_i"] = builder.input(shell, crossing.name + "_credit_i");
      Values results = builder.instance(loc, instance, module, inputs, *parameters);
      builder.close(ready, results[(stream + "_ready_o").str()]);
      outputs[crossing.name + "_phit_valid_o"] = results["phit_valid_o"];
      outputs[crossing.name + "_phit_data_o"] = results["phit_data_o"];
    } else {
      Value ready = builder.backedge(loc, builder.bit());
      inputs["phit_valid_i"] = builder.input(shell, crossing.name + "_phit_valid_i");
      inputs["phit_data_i"] = builder.input(shell, crossing.name + "_phit_data_i");
      inputs[(stream + "_ready_i").str()] = ready;
      Values results = builder.instance(loc, instance, module, inputs, *parameters);
      auto [channel, taken] =
          builder.wrap(loc, results[(stream + "_data_o").str()], results[(stream + "_valid_o").str()]);
      builder.close(ready, taken);
      coreInputs[crossing.name] = channel;
      outputs[crossing.name + "_credit_o"] = results["credit_o"];
    }
  };
  for (const Crossing &crossing : plan.crossings)
    if (crossing.to == place)
      end(crossing, /*sends=*/false);
  ends = builder.instance(device.plan->loc, "core", device.core, coreInputs);
  for (const Crossing &crossing : plan.crossings)
    if (crossing.from == place)
      end(crossing, /*sends=*/true);
  for (const Port &port : shell.ports)
    if (port.isOutput && ends.contains(port.name))
      outputs[port.name] = ends.lookup(port.name);
  builder.endModule(shell, outputs);
  return shell;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<Value>> HardwareModules::buildNode(NodeOpInterface node, const Module &parent,
                                                         ValueRange operands) {
  KernelOp kernel = library.getKernel(node);
  switch (kernel.getBackend()) {
  case Backend::rtl:
    return buildRtl(node, kernel, parent, operands);
  case Backend::generated:
    return buildGenerated(node, kernel, parent, operands);
  case Backend::wire:
    if (operands.size() != node->getNumResults())
      return node.emitOpError("expected as many results as operands for a 'wire' kernel");
    for (auto [operand, result] : llvm::zip(node->getOperands(), node->getResults()))
      if (cast<StreamType>(operand.getType()).getBeatBits() != cast<StreamType>(result.getType()).getBeatBits())
        return node.emitOpError("expected beats of one width on both sides of a 'wire' kernel but got ")
               << operand.getType() << " and " << result.getType();
    return SmallVector<Value>(operands);
  case Backend::port:
    return node.emitOpError("expected a host interface node for a 'port' kernel");
  }
  llvm_unreachable("every backend is handled");
}

/// Whether the contract of a `generated` kernel says of latency and room what is generated. One stage has room to
/// spare.
static LogicalResult checkContract(NodeOpInterface node, KernelOp kernel, const ElementwiseModule &made) {
  SmallVector<int64_t> symbols = kernel.getSymbolValues(node, node.getUnrollFactors());
  int64_t latency = evaluateFormulas(kernel, kernel.getLatency(), symbols).front();
  int64_t buffer = evaluateFormulas(kernel, cast<FormulaAttr>(kernel.getBuffer()[0]), symbols).front();
  if (latency == made.stages && (made.stages == 1 ? buffer <= made.places : buffer == made.places))
    return success();
  return node.emitOpError("has a datapath of ")
         << made.stages << " stages with room for " << made.places << " beats, but kernel @" << kernel.getSymName()
         << " promises a latency of " << latency << " and a buffer of " << buffer
         << "; write 'latency (stages)' and 'buffer (stages + 1)'";
}

FailureOr<SmallVector<Value>> HardwareModules::buildGenerated(NodeOpInterface node, KernelOp kernel,
                                                              const Module &parent, ValueRange operands) {
  auto datapath = dyn_cast<ElementwiseOpInterface>(node.getOperation());
  if (!datapath)
    return node.emitOpError("is bound to a 'generated' kernel but has no element-wise datapath");
  FailureOr<ElementwiseModule> made = elementwise.get(node, datapath);
  if (failed(made) || failed(checkContract(node, kernel, *made)))
    return failure();
  Values inputs;
  inputs["clk_i"] = builder.input(parent, "clk_i");
  inputs["rst_ni"] = nodeReset(node.getLoc());
  // Clock and reset come before the streams, in order, the result last.
  ArrayRef<Port> streams = ArrayRef(made->module.ports).drop_front(2);
  for (auto [port, operand] : llvm::zip_equal(streams.drop_back(), operands))
    inputs[port.name] = operand;
  Values results = builder.instance(node.getLoc(), plan.instanceNames.at(node), made->module, inputs);
  return SmallVector<Value>{results.lookup(streams.back().name)};
}

FailureOr<SmallVector<Value>> HardwareModules::buildRtl(NodeOpInterface node, KernelOp kernel, const Module &parent,
                                                        ValueRange operands) {
  Location loc = node.getLoc();
  FailureOr<SmallVector<Parameter>> parameters = parametersOf(node, kernel, family);
  if (failed(parameters))
    return failure();
  ArrayRef<Attribute> inStreams = kernel.getInStreams()->getValue(), outStreams = kernel.getOutStreams()->getValue();
  // One stream port with several operands or results is an array of streams.
  unsigned gathered = inStreams.size() == 1 ? operands.size() : 1;
  unsigned copies = outStreams.size() == 1 ? node->getNumResults() : 1;
  if (inStreams.size() * gathered != operands.size() || outStreams.size() * copies != node->getNumResults())
    return node.emitOpError("expected kernel @")
           << kernel.getSymName() << " to have " << operands.size() << " input streams and " << node->getNumResults()
           << " output streams, or one for all of either, but got " << inStreams.size() << " and " << outStreams.size();
  const std::string &name = plan.instanceNames.at(node);

  SmallVector<Port> ports = {{"clk_i", builder.clock(), false}, {"rst_ni", builder.bit(), false}};
  Values inputs;
  inputs["clk_i"] = builder.input(parent, "clk_i");
  inputs["rst_ni"] = nodeReset(node.getLoc());
  auto addInput = [&](const Twine &port, Value value) {
    ports.push_back({port.str(), value.getType(), false});
    inputs[port.str()] = value;
  };
  auto addOutput = [&](const Twine &port, Type type) { ports.push_back({port.str(), type, true}); };

  SmallVector<Value> operandReady, resultReady;
  bool crossesClocks = isa<ClockCrossingOpInterface>(node.getOperation());
  for (auto [index, stream] : llvm::enumerate(inStreams)) {
    StringRef prefix = cast<StringAttr>(stream).getValue();
    if (crossesClocks) {
      auto foreign = foreignClocks.find(node->getOperand(index));
      bool found = foreign != foreignClocks.end();
      addInput(prefix + "_clk_i", found ? foreign->second.first : inputs["clk_i"]);
      addInput(prefix + "_rst_ni", found ? foreign->second.second : inputs["rst_ni"]);
    }
    Value ready = builder.backedge(loc, builder.integer(gathered));
    operandReady.push_back(ready);
    SmallVector<Value> valid, data;
    for (unsigned one = 0; one < gathered; ++one) {
      Unwrapped beat = builder.unwrap(loc, operands[index * gathered + one], builder.extract(loc, ready, one, 1));
      valid.push_back(beat.valid);
      data.push_back(beat.data);
    }
    if (!llvm::all_equal(llvm::map_range(data, [](Value beat) { return beat.getType(); })))
      return node.emitOpError("expected operands with beats of equal width for port '")
             << prefix << "' of kernel @" << kernel.getSymName();
    addInput(prefix + "_valid_i", builder.concat(loc, valid));
    addOutput(prefix + "_ready_o", builder.integer(gathered));
    addInput(prefix + "_data_i", builder.concat(loc, data));
  }

  SmallVector<std::pair<std::string, Value>> wordReady;
  SmallVector<Lookup> lookups;
  bool late = false;
  for (auto memory : kernel.getMemories().getAsRange<MemoryPortAttr>()) {
    StringRef prefix = memory.getName().getValue();
    bool inOrder = memory.getAccess() == MemoryAccess::in_order;
    auto [wordBits, words, copies] = evaluateMemory(kernel, memory, node);
    if (inOrder)
      addOutput(prefix + "_ready_o", builder.bit());
    if (words == 0) {
      if (inOrder) {
        addInput(prefix + "_valid_i", builder.tieOff(loc, builder.bit()));
      } else {
        addOutput(prefix + "_en_o", builder.bit());
        addOutput(prefix + "_addr_o", builder.bit());
      }
      addInput(prefix + "_data_i", builder.tieOff(loc, builder.integer(std::max<int64_t>(wordBits, 1))));
      continue;
    }
    FailureOr<RomOp> rom = findRom(node, memory, wordBits, words);
    if (failed(rom))
      return failure();
    if (inOrder) {
      Value ready = builder.backedge(loc, builder.bit());
      FailureOr<Unwrapped> word = buildWords(node, prefix, *rom, parent, ready);
      if (failed(word))
        return failure();
      addInput(prefix + "_valid_i", word->valid);
      addInput(prefix + "_data_i", word->data);
      wordReady.push_back({(prefix + "_ready_o").str(), ready});
      late |= rom->getKind() != MemoryKind::rom;
      continue;
    }
    int64_t addressBits = std::max<int64_t>(llvm::Log2_64_Ceil(words), 1);
    int64_t most = IntegerType::kMaxWidth / std::max(wordBits, addressBits);
    if (copies < 1 || copies > most)
      return node.emitOpError("expected 1 to ")
             << most << " copies of memory '" << prefix << "' of its kernel but got " << copies;
    Value data = builder.backedge(loc, builder.integer(copies * wordBits));
    addOutput(prefix + "_en_o", builder.integer(copies));
    addOutput(prefix + "_addr_o", builder.integer(copies * addressBits));
    addInput(prefix + "_data_i", data);
    FailureOr<Parameter> style = styleOf(node, *rom, memory.getAccess());
    if (failed(style))
      return failure();
    lookups.push_back({prefix, *rom, *style, copies, data});
  }
  // Whether a memory may be late is what the kernel has to know of it.
  if (kernel.takesWordsInOrder())
    parameters->push_back({KernelOp::lateParameter.str(), late, {}});

  for (auto [index, stream] : llvm::enumerate(outStreams)) {
    StringRef prefix = cast<StringAttr>(stream).getValue();
    int64_t beatBits = cast<StreamType>(node->getResult(index).getType()).getBeatBits();
    Value ready = builder.backedge(loc, builder.integer(copies));
    resultReady.push_back(ready);
    addOutput(prefix + "_valid_o", builder.integer(copies));
    addInput(prefix + "_ready_i", ready);
    addOutput(prefix + "_data_o", builder.integer(copies * beatBits));
  }

  Module made = builder.externModule(loc, *kernel.getRtlModule(), ports, *parameters);
  Values results = builder.instance(loc, name, made, inputs, *parameters);

  for (auto [stream, ready] : llvm::zip(inStreams, operandReady))
    builder.close(ready, results[(cast<StringAttr>(stream).getValue() + "_ready_o").str()]);
  for (auto &[port, ready] : wordReady)
    builder.close(ready, results[port]);
  for (Lookup &lookup : lookups)
    closeLookup(loc, name, lookup, parent, results);
  SmallVector<Value> channels;
  for (auto [stream, ready] : llvm::zip(outStreams, resultReady)) {
    StringRef prefix = cast<StringAttr>(stream).getValue();
    Value valid = results[(prefix + "_valid_o").str()], data = results[(prefix + "_data_o").str()];
    int64_t beatBits = data.getType().getIntOrFloatBitWidth() / copies;
    SmallVector<Value> taken;
    for (unsigned copy = 0; copy < copies; ++copy) {
      auto [channel, copyReady] = builder.wrap(loc, builder.extract(loc, data, copy * beatBits, beatBits),
                                               builder.extract(loc, valid, copy, 1));
      channels.push_back(channel);
      taken.push_back(copyReady);
    }
    builder.close(ready, builder.concat(loc, taken));
  }
  return channels;
}

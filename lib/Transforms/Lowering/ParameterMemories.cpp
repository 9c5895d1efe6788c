//===- ParameterMemories.cpp - What stands behind a kernel's memory ports -===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/HardwareModules.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

FailureOr<RomOp> HardwareModules::findRom(NodeOpInterface node, MemoryPortAttr memory, int64_t wordBits,
                                          int64_t words) {
  RomOp rom;
  if (ArrayAttr roms = node.getNodeRoms())
    for (auto use : roms.getAsRange<RomUseAttr>())
      if (use.getMemory() == memory.getName())
        rom = symbols.lookup<RomOp>(use.getRom().getAttr());
  if (!rom)
    return node.emitOpError("expected an 'xplat.rom' for memory '")
           << memory.getName().getValue() << "' of its kernel; 'xplat-place-parameters' makes it";
  if (memory.getAccess() == MemoryAccess::lookup && rom.getKind() != MemoryKind::rom)
    return node.emitOpError("expected a ROM behind memory '")
           << memory.getName().getValue() << "', which its kernel reads at addresses, but @" << rom.getSymName()
           << " is '" << stringifyMemoryKind(rom.getKind()) << "'";
  if (static_cast<int64_t>(rom.getWordBits()) != wordBits || static_cast<int64_t>(rom.getDepth()) != words) {
    auto diagnostic = node.emitOpError("expected ")
                      << words << " words of " << wordBits << " bits in memory '" << memory.getName().getValue()
                      << "' but got " << rom.getDepth() << " of " << rom.getWordBits();
    diagnostic.attachNote(rom.getLoc()) << "memory declared here";
    return diagnostic;
  }
  return rom;
}

/// Of a ROM, or of a RAM that is filled with the words of a port.
static SmallVector<Parameter> memoryParameters(RomOp rom, const Parameter &style) {
  SmallVector<Parameter> parameters = {{"Width", static_cast<int64_t>(rom.getWordBits()), {}},
                                       {"Depth", static_cast<int64_t>(rom.getDepth()), {}}};
  if (rom.getKind() == MemoryKind::rom)
    parameters.push_back({"MemFile", std::nullopt, rom.getSymName().str() + ".mem"});
  parameters.push_back(style);
  return parameters;
}

FailureOr<Unwrapped> HardwareModules::buildWords(NodeOpInterface node, StringRef port, RomOp rom, const Module &parent,
                                                 Value ready) {
  Location loc = node.getLoc();
  std::string name = (plan.instanceNames.at(node) + "_" + port).str();
  // Where the words come in that are not in the bitstream.
  auto getPort = [&](Value portReady) {
    StringAttr memory = builder.builder.getStringAttr(port);
    Value words = builder.input(parent, plan.wordPorts.find({node, memory})->second.name);
    return builder.unwrap(loc, closeInReset(loc, words, /*isInput=*/true), portReady);
  };
  if (rom.getKind() == MemoryKind::outside)
    return getPort(ready);
  SmallVector<Port> ports = {{"clk_i", builder.clock(), false},
                             {"rst_ni", builder.bit(), false},
                             {"out_valid_o", builder.bit(), true},
                             {"out_ready_i", builder.bit(), false},
                             {"out_data_o", builder.integer(rom.getWordBits()), true}};
  Values inputs;
  inputs["clk_i"] = builder.input(parent, "clk_i");
  inputs["rst_ni"] = nodeReset(loc);
  inputs["out_ready_i"] = ready;
  bool isRom = rom.getKind() == MemoryKind::rom;
  Value fillReady;
  if (!isRom) {
    ports.append({{"in_valid_i", builder.bit(), false},
                  {"in_ready_o", builder.bit(), true},
                  {"in_data_i", builder.integer(rom.getWordBits()), false}});
    fillReady = builder.backedge(loc, builder.bit());
    Unwrapped word = getPort(fillReady);
    inputs["in_valid_i"] = word.valid;
    inputs["in_data_i"] = word.data;
  }
  FailureOr<Parameter> style = styleOf(node, rom, MemoryAccess::in_order);
  if (failed(style))
    return failure();
  SmallVector<Parameter> parameters = memoryParameters(rom, *style);
  Module made = builder.externModule(loc, isRom ? "xplat_rom_stream" : "xplat_ram_stream", ports, parameters);
  Values results = builder.instance(loc, name, made, inputs, parameters);
  if (!isRom)
    builder.close(fillReady, results.lookup("in_ready_o"));
  return Unwrapped{results.lookup("out_data_o"), results.lookup("out_valid_o")};
}

void HardwareModules::closeLookup(Location loc, StringRef name, Lookup &lookup, const Module &parent, Values &results) {
  Value enable = results[(lookup.prefix + "_en_o").str()], address = results[(lookup.prefix + "_addr_o").str()];
  int64_t addressBits = address.getType().getIntOrFloatBitWidth() / lookup.copies;
  SmallVector<Port> ports = {{"clk_i", builder.clock(), false},
                             {"en_i", builder.bit(), false},
                             {"addr_i", builder.integer(addressBits), false},
                             {"data_o", builder.integer(lookup.rom.getWordBits()), true}};
  SmallVector<Parameter> parameters = memoryParameters(lookup.rom, lookup.style);
  Module made = builder.externModule(loc, "xplat_rom", ports, parameters);
  SmallVector<Value> data;
  for (int64_t copy = 0; copy < lookup.copies; ++copy) {
    std::string suffix = lookup.copies > 1 ? ("_" + Twine(copy)).str() : "";
    Values inputs;
    inputs["clk_i"] = builder.input(parent, "clk_i");
    inputs["en_i"] = builder.extract(loc, enable, copy, 1);
    inputs["addr_i"] = builder.extract(loc, address, copy * addressBits, addressBits);
    Values words = builder.instance(loc, (name + "_" + lookup.prefix).str() + suffix, made, inputs, parameters);
    data.push_back(words.lookup("data_o"));
  }
  builder.close(lookup.data, builder.concat(loc, data));
}

//===- ElementwiseModule.cpp - Hardware of element-wise nodes -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each lane computes the node's exact datapath in comb, rounds it once, half to
// even, and saturates it. The module fires when every operand has a beat and there
// is room for the result, so it carries a beat a cycle, and no operand's ready
// depends on that of the result.
//
// A datapath of one stage ends in a register for the beat, and a spare one for the
// beat that comes while it waits. One of several stages never stops: its results go
// to a result FIFO, whose credits say when a beat may begin.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Lowering/ElementwiseModule.h"

#include "Transforms/Lowering/CombDatapath.h"
#include "xplat/IR/Datapath.h"
#include "xplat/IR/PipelinedDatapath.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

static FailureOr<NumberFormatTypeInterface> formatOf(Operation *node, Type type) {
  auto format = dyn_cast<NumberFormatTypeInterface>(getDataElement(type));
  if (!format || !format.isFixedPoint())
    return node->emitOpError("expected fixed-point streams to generate hardware for but got ") << type;
  return format;
}

/// A name for each operand and the result: the node's, numbered where several operands share one.
static SmallVector<std::string> namePorts(NodeOpInterface node) {
  SmallVector<StringRef> names = node.getPortNames();
  size_t operands = node->getNumOperands();
  SmallVector<std::string> ports;
  for (size_t i = 0; i < operands; ++i)
    ports.push_back(names.size() == operands + 1 ? names[i].str() : names.front().str() + std::to_string(i));
  ports.push_back(names.back().str());
  return ports;
}

namespace {
/// What a module knows of its beats while it is built.
struct Beats {
  Value clock, resetN, reset;
  /// Of each operand; `readies` are backedges.
  SmallVector<Value> valids, readies, data;

  /// An operand is taken together with all others, when there is `room`.
  void close(CirctBuilder &builder, Location loc, Value room) {
    for (size_t i = 0; i < readies.size(); ++i) {
      SmallVector<Value> conditions = {room};
      for (size_t j = 0; j < valids.size(); ++j)
        if (j != i)
          conditions.push_back(valids[j]);
      builder.close(readies[i], builder.andOp(loc, conditions));
    }
  }
};
} // namespace

/// The channel of a result that a register holds, with a spare one.
static Value holdResult(CirctBuilder &builder, Location loc, Beats &beats, Value result) {
  Value free = builder.backedge(loc, builder.bit()), isSpare = builder.backedge(loc, builder.bit());
  Value isEmpty = builder.notOp(loc, isSpare);
  Value some = builder.orOp(loc, isSpare, builder.andOp(loc, beats.valids));
  Value valid = builder.makeRegister(loc, "valid_q", some, beats.clock, free, beats.reset);
  Value spare = builder.makeRegister(loc, "spare_data_q", result, beats.clock, isEmpty);
  Value held = builder.makeRegister(loc, "data_q", builder.mux(loc, isSpare, spare, result), beats.clock, free);
  auto [channel, taken] = builder.wrap(loc, held, valid);
  Value slotFree = builder.orOp(loc, builder.notOp(loc, valid), taken);
  Value waits = builder.andOp(loc, {some, builder.notOp(loc, slotFree)});
  builder.close(free, slotFree);
  builder.close(isSpare, builder.makeRegister(loc, "spare_valid_q", waits, beats.clock, /*enable=*/{}, beats.reset));
  beats.close(builder, loc, isEmpty);
  return channel;
}

/// The channel of a result that comes out of the last of several stages, into a result FIFO. The result of a beat is
/// offered after as many cycles as there are stages, and that it has left is known a cycle later.
static Value queueResult(CirctBuilder &builder, Location loc, Beats &beats, Value result,
                         const ElementwiseModule &made) {
  Type bit = builder.bit(), data = result.getType();
  SmallVector<Port> ports = {
      {"clk_i", builder.clock(), false}, {"rst_ni", bit, false},      {"may_begin_o", bit, true},
      {"begin_i", bit, false},           {"valid_i", bit, false},     {"data_i", data, false},
      {"out_valid_o", bit, true},        {"out_ready_i", bit, false}, {"out_data_o", data, true}};
  SmallVector<Parameter> parameters = {{"DataWidth", static_cast<int64_t>(data.getIntOrFloatBitWidth()), {}},
                                       {"Depth", made.places, {}}};
  Module fifo = builder.externModule(loc, "xplat_result_fifo", ports, parameters);

  Value mayBegin = builder.backedge(loc, bit), ready = builder.backedge(loc, bit);
  SmallVector<Value> conditions = {mayBegin};
  conditions.append(beats.valids);
  Value begin = builder.andOp(loc, conditions), valid = begin;
  for (int64_t stage = 1; stage < made.stages; ++stage)
    valid = builder.makeRegister(loc, "valid_q", valid, beats.clock, /*enable=*/{}, beats.reset);
  llvm::StringMap<Value> inputs;
  inputs["clk_i"] = beats.clock;
  inputs["rst_ni"] = beats.resetN;
  inputs["begin_i"] = begin;
  inputs["valid_i"] = valid;
  inputs["data_i"] = result;
  inputs["out_ready_i"] = ready;
  llvm::StringMap<Value> outputs = builder.instance(loc, "results", fifo, inputs, parameters);
  auto [channel, taken] = builder.wrap(loc, outputs["out_data_o"], outputs["out_valid_o"]);
  builder.close(ready, taken);
  builder.close(mayBegin, outputs["may_begin_o"]);
  beats.close(builder, loc, outputs["may_begin_o"]);
  return channel;
}

FailureOr<ElementwiseModule> ElementwiseModules::get(NodeOpInterface node, ElementwiseOpInterface elementwise) {
  Location loc = node.getLoc();
  SmallVector<std::string> portNames = namePorts(node);
  SmallVector<NumberFormatTypeInterface> formats;
  std::string base = node->getName().stripDialect().str();
  SmallVector<Type> types(node->getOperandTypes());
  types.push_back(node->getResult(0).getType());
  for (Type type : types) {
    FailureOr<NumberFormatTypeInterface> format = formatOf(node, type);
    if (failed(format))
      return failure();
    formats.push_back(*format);
    int64_t fraction = format->getFractionalBits(0);
    base += (format->isUnsigned() ? "_u" : "_i") + std::to_string(format->getBitsPerElement()) +
            (fraction < 0 ? "m" : "f") + std::to_string(std::abs(fraction));
  }
  int64_t lanes = cast<StreamType>(types.back()).getLanes();
  base += "_x" + std::to_string(lanes);

  SmallVector<Port> ports = {{"clk_i", builder.clock(), false}, {"rst_ni", builder.bit(), false}};
  for (auto [index, type] : llvm::enumerate(types))
    ports.push_back({portNames[index], builder.channel(cast<StreamType>(type).getBeatBits()),
                     /*isOutput=*/index + 1 == types.size()});

  OpBuilder::InsertionGuard guard(builder.builder);
  Module module = builder.beginModule(loc, base, ports);
  Value resetN = builder.input(module, "rst_ni");
  Beats beats = {builder.input(module, "clk_i"), resetN, builder.notOp(loc, resetN), {}, {}, {}};
  for (size_t i = 0; i + 1 < types.size(); ++i) {
    Value ready = builder.backedge(loc, builder.bit());
    Unwrapped operand = builder.unwrap(loc, builder.input(module, portNames[i]), ready);
    beats.readies.push_back(ready);
    beats.valids.push_back(operand.valid);
    beats.data.push_back(operand.data);
  }

  SmallVector<Value> results;
  ElementwiseModule made;
  CombDatapath datapath(builder, loc, beats.clock);
  for (int64_t lane = 0; lane < lanes; ++lane) {
    PipelinedDatapath pipeline(datapath);
    SmallVector<FixedPoint> operands;
    for (auto [value, format] : llvm::zip(beats.data, formats)) {
      int64_t width = format.getBitsPerElement();
      Value stored = builder.extract(loc, value, lane * width, width);
      operands.push_back(pipeline.operand(datapath.read(stored, format.getFractionalBits(0), format.isUnsigned())));
    }
    std::string reason;
    std::optional<FixedPoint> exact = buildDatapath(elementwise, pipeline, operands, &reason);
    if (!exact)
      return node.emitOpError("expected arithmetic that is exact on fixed point to generate hardware for but got '")
             << reason << "'";
    results.push_back(CombDatapath::valueOf(pipeline.finish(quantize(*exact, formats.back(), pipeline))));
    made.stages = pipeline.getNumStages();
  }

  Value result = builder.concat(loc, results);
  llvm::StringMap<Value> outputs;
  if (made.stages == 1) {
    outputs[portNames.back()] = holdResult(builder, loc, beats, result);
  } else {
    // That a result has left is known a cycle later.
    made.places = made.stages + 1;
    outputs[portNames.back()] = queueResult(builder, loc, beats, result, made);
  }
  builder.endModule(module, outputs);

  made.module = module;
  auto [entry, isNew] = byFingerprint.try_emplace(CirctBuilder::fingerprint(module), made);
  if (!isNew) {
    module.op->erase();
    return entry->second;
  }
  entry->second.module.name = builder.moduleName(base);
  module.op->setAttr(SymbolTable::getSymbolAttrName(), builder.builder.getStringAttr(entry->second.module.name));
  return entry->second;
}

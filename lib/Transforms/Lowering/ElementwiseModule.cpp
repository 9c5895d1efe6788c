//===- ElementwiseModule.cpp - Hardware of element-wise nodes -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each lane computes the node's exact datapath in comb, rounds it once, half to
// even, and saturates it; one register stage holds the beat, and a spare register
// the one that comes while it waits. The module fires when every operand has a
// beat and the spare register is free, so it carries a beat a cycle with a latency
// of one, and no operand's ready depends on that of the result.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Lowering/ElementwiseModule.h"

#include "xplat/IR/Datapath.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

namespace {
/// How an element of a stream is stored.
struct Format {
  int64_t width, fractionalBits;
  bool isUnsigned;
};

/// Exact fixed-point arithmetic in comb: results grow so that nothing is lost.
class CombDatapath : public DatapathBuilder {
public:
  CombDatapath(CirctBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  FixedPoint constant(int64_t value, int64_t fractionalBits) override {
    int64_t width = APInt(64, value, /*isSigned=*/true).getSignificantBits();
    return make(builder.constant(loc, width, value), fractionalBits);
  }

  FixedPoint add(FixedPoint a, FixedPoint b) override { return combine("comb.add", a, b); }
  FixedPoint subtract(FixedPoint a, FixedPoint b) override { return combine("comb.sub", a, b); }

  FixedPoint multiply(FixedPoint a, FixedPoint b) override {
    int64_t width = a.width + b.width;
    Value product = builder.op(loc, "comb.mul", {extended(a, width), extended(b, width)}, builder.integer(width));
    return make(product, a.fractionalBits + b.fractionalBits);
  }

  FixedPoint chooseGreater(FixedPoint a, FixedPoint b, FixedPoint then, FixedPoint other) override {
    int64_t compared = align(a, b);
    Value isGreater = builder.greater(loc, extended(a, compared), extended(b, compared));
    int64_t width = align(then, other);
    return make(builder.mux(loc, isGreater, extended(then, width), extended(other, width)), then.fractionalBits);
  }

  FixedPoint make(Value value, int64_t fractionalBits) {
    return {value.getAsOpaquePointer(), static_cast<int64_t>(value.getType().getIntOrFloatBitWidth()), fractionalBits};
  }
  static Value valueOf(FixedPoint x) { return Value::getFromOpaquePointer(x.value); }

  /// The number of a stored integer, with a zero before one that has no sign.
  FixedPoint read(Value stored, const Format &format) {
    if (format.isUnsigned)
      stored = builder.concat(loc, {stored, builder.constant(loc, 1, 0)});
    return make(stored, format.fractionalBits);
  }

  /// The number as it is stored in a format: rounded half to even, saturated.
  Value quantize(FixedPoint x, const Format &format) {
    auto [width, fractionalBits, isUnsigned] = format;
    int64_t shift = x.fractionalBits - fractionalBits;
    Value value = valueOf(x);
    if (shift < 0)
      value = shiftLeft(value, -shift);
    else if (shift > 0)
      value = roundRight(value, shift);
    return saturate(value, width, isUnsigned);
  }

private:
  Value extended(FixedPoint x, int64_t width) { return builder.signExtend(loc, valueOf(x), width); }

  /// A sum or a difference, one bit wider than the wider operand.
  FixedPoint combine(StringRef op, FixedPoint a, FixedPoint b) {
    int64_t width = align(a, b) + 1;
    Value value = builder.op(loc, op, {extended(a, width), extended(b, width)}, builder.integer(width));
    return make(value, a.fractionalBits);
  }

  Value shiftLeft(Value value, int64_t by) {
    return builder.concat(loc, {builder.constant(loc, APInt::getZero(by)), value});
  }

  /// Gives both numbers the same binary point; returns the wider width.
  int64_t align(FixedPoint &a, FixedPoint &b) {
    int64_t fraction = std::max(a.fractionalBits, b.fractionalBits);
    for (FixedPoint *x : {&a, &b})
      if (x->fractionalBits < fraction)
        *x = make(shiftLeft(valueOf(*x), fraction - x->fractionalBits), fraction);
    return std::max(a.width, b.width);
  }

  /// value / 2^by, rounded half to even; one bit wider than what is left.
  Value roundRight(Value value, int64_t by) {
    // The guard bit and one bit of the quotient must exist.
    value = builder.signExtend(loc, value, std::max<int64_t>(value.getType().getIntOrFloatBitWidth(), by + 1));
    int64_t left = value.getType().getIntOrFloatBitWidth() - by;
    Value floor = builder.extract(loc, value, by, left);
    Value tie = builder.extract(loc, floor, 0, 1); // odd quotients go up on a tie
    if (by > 1) {
      Value below = builder.extract(loc, value, 0, by - 1);
      Value sticky =
          builder.op(loc, "comb.icmp", {below, builder.constant(loc, APInt::getZero(by - 1))}, builder.bit(),
                     {builder.builder.getNamedAttr("predicate", builder.builder.getI64IntegerAttr(/*ne=*/1))});
      tie = builder.orOp(loc, tie, sticky);
    }
    Value up = builder.andOp(loc, {builder.extract(loc, value, by - 1, 1), tie});
    Value wideUp = builder.concat(loc, {up, builder.constant(loc, APInt::getZero(left))});
    return builder.op(loc, "comb.add", {builder.signExtend(loc, floor, left + 1), wideUp}, builder.integer(left + 1));
  }

  Value saturate(Value value, int64_t width, bool isUnsigned) {
    int64_t from = value.getType().getIntOrFloatBitWidth();
    if (from <= width && !isUnsigned)
      return builder.signExtend(loc, value, width);
    from = std::max(from, width + isUnsigned);
    value = builder.signExtend(loc, value, from);
    APInt most = isUnsigned ? APInt::getMaxValue(width).zext(from) : APInt::getSignedMaxValue(width).sext(from);
    APInt least = isUnsigned ? APInt::getZero(from) : APInt::getSignedMinValue(width).sext(from);
    Value largest = builder.constant(loc, most), smallest = builder.constant(loc, least);
    value = builder.mux(loc, builder.greater(loc, value, largest), largest, value);
    value = builder.mux(loc, builder.greater(loc, smallest, value), smallest, value);
    return builder.extract(loc, value, 0, width);
  }

  CirctBuilder &builder;
  Location loc;
};
} // namespace

static FailureOr<Format> formatOf(Operation *node, Type type) {
  auto format = dyn_cast<NumberFormatTypeInterface>(getDataElement(type));
  if (!format || !format.isFixedPoint())
    return node->emitOpError("expected fixed-point streams to generate hardware for but got ") << type;
  return Format{format.getBitsPerElement(), format.getFractionalBits(0), format.isUnsigned()};
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

FailureOr<Module> ElementwiseModules::get(NodeOpInterface node, ElementwiseOpInterface elementwise) {
  Location loc = node.getLoc();
  SmallVector<std::string> portNames = namePorts(node);
  SmallVector<Format> formats;
  std::string base = node->getName().stripDialect().str();
  SmallVector<Type> types(node->getOperandTypes());
  types.push_back(node->getResult(0).getType());
  for (Type type : types) {
    FailureOr<Format> format = formatOf(node, type);
    if (failed(format))
      return failure();
    formats.push_back(*format);
    base += (format->isUnsigned ? "_u" : "_i") + std::to_string(format->width) +
            (format->fractionalBits < 0 ? "m" : "f") + std::to_string(std::abs(format->fractionalBits));
  }
  int64_t lanes = cast<StreamType>(types.back()).getLanes();
  base += "_x" + std::to_string(lanes);

  SmallVector<Port> ports = {{"clk_i", builder.clock(), false}, {"rst_ni", builder.bit(), false}};
  for (auto [index, type] : llvm::enumerate(types))
    ports.push_back({portNames[index], builder.channel(cast<StreamType>(type).getBeatBits()),
                     /*isOutput=*/index + 1 == types.size()});

  OpBuilder::InsertionGuard guard(builder.builder);
  Module module = builder.beginModule(loc, base, ports);
  Value clock = builder.input(module, "clk_i"), reset = builder.notOp(loc, builder.input(module, "rst_ni"));
  SmallVector<Value> readies, valids, data;
  for (size_t i = 0; i + 1 < types.size(); ++i) {
    Value ready = builder.backedge(loc, builder.bit());
    Unwrapped operand = builder.unwrap(loc, builder.input(module, portNames[i]), ready);
    readies.push_back(ready);
    valids.push_back(operand.valid);
    data.push_back(operand.data);
  }

  SmallVector<Value> results;
  CombDatapath datapath(builder, loc);
  for (int64_t lane = 0; lane < lanes; ++lane) {
    SmallVector<FixedPoint> operands;
    for (auto [value, format] : llvm::zip(data, formats))
      operands.push_back(datapath.read(builder.extract(loc, value, lane * format.width, format.width), format));
    std::string reason;
    std::optional<FixedPoint> exact = buildDatapath(elementwise, datapath, operands, &reason);
    if (!exact)
      return node.emitOpError("expected arithmetic that is exact on fixed point to generate hardware for but got '")
             << reason << "'";
    results.push_back(datapath.quantize(*exact, formats.back()));
  }

  Value free = builder.backedge(loc, builder.bit()), isSpare = builder.backedge(loc, builder.bit());
  Value isEmpty = builder.notOp(loc, isSpare), result = builder.concat(loc, results);
  Value some = builder.orOp(loc, isSpare, builder.andOp(loc, valids)), always = builder.constant(loc, 1, 1);
  Value valid = builder.registerWithEnable(loc, "valid_q", some, clock, free, reset);
  Value spare = builder.registerWithEnable(loc, "spare_data_q", result, clock, isEmpty);
  Value held = builder.registerWithEnable(loc, "data_q", builder.mux(loc, isSpare, spare, result), clock, free);
  auto [channel, taken] = builder.wrap(loc, held, valid);
  Value slotFree = builder.orOp(loc, builder.notOp(loc, valid), taken);
  Value waits = builder.andOp(loc, {some, builder.notOp(loc, slotFree)});
  builder.close(free, slotFree);
  builder.close(isSpare, builder.registerWithEnable(loc, "spare_valid_q", waits, clock, always, reset));
  for (size_t i = 0; i < readies.size(); ++i) {
    // An operand is taken together with all others.
    SmallVector<Value> conditions = {isEmpty};
    for (size_t j = 0; j < valids.size(); ++j)
      if (j != i)
        conditions.push_back(valids[j]);
    builder.close(readies[i], builder.andOp(loc, conditions));
  }
  llvm::StringMap<Value> outputs;
  outputs[portNames.back()] = channel;
  builder.endModule(module, outputs);

  auto [entry, isNew] = byFingerprint.try_emplace(CirctBuilder::fingerprint(module), module);
  if (!isNew) {
    module.op->erase();
    return entry->second;
  }
  entry->second.name = builder.moduleName(base);
  entry->second.op->setAttr(SymbolTable::getSymbolAttrName(), builder.builder.getStringAttr(entry->second.name));
  return entry->second;
}

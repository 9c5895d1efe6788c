//===- CirctBuilder.cpp - Builds CIRCT ops in generic form ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/CirctBuilder.h"

#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace xplat::circt;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

CirctBuilder::CirctBuilder(ModuleOp target, ArrayRef<StringRef> reserved)
    : builder(target.getContext()), target(target), symbols(reserved, Names::For::files) {
  builder.setInsertionPointToEnd(target.getBody());
}

static Type opaque(Builder &builder, StringRef dialect, const Twine &text) {
  return OpaqueType::get(builder.getStringAttr(dialect), text.str());
}

Type CirctBuilder::clock() { return opaque(builder, "seq", "clock"); }

Type CirctBuilder::channel(int64_t width) { return opaque(builder, "esi", "channel<i" + Twine(width) + ">"); }

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

Operation *CirctBuilder::create(Location loc, StringRef name, ValueRange operands, TypeRange types,
                                ArrayRef<NamedAttribute> attributes, unsigned regions) {
  OperationState state(loc, name);
  state.addOperands(operands);
  state.addTypes(types);
  state.addAttributes(attributes);
  for (unsigned i = 0; i < regions; ++i)
    state.addRegion();
  return builder.create(state);
}

Attribute CirctBuilder::moduleType(ArrayRef<Port> ports) {
  std::string text = "modty<";
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(ports, stream, [&](const Port &port) {
    stream << (port.isOutput ? "output " : "input ") << port.name << " : " << port.type;
  });
  stream << '>';
  return TypeAttr::get(opaque(builder, "hw", text));
}

Attribute CirctBuilder::parameterList(ArrayRef<Parameter> parameters, bool withValues) {
  SmallVector<Attribute> list;
  for (const Parameter &parameter : parameters) {
    // CIRCT writes 32-bit integers as plain literals, others with their width.
    unsigned width = parameter.integer && !llvm::isInt<32>(*parameter.integer) ? 64 : 32;
    std::string text = "param.decl<\"" + parameter.name + "\": ";
    llvm::raw_string_ostream stream(text);
    if (parameter.integer)
      stream << "si" << width;
    else
      stream << "none";
    if (withValues && parameter.integer)
      stream << " = " << *parameter.integer;
    else if (withValues)
      stream << " = \"" << parameter.string << '"';
    stream << '>';
    Type type = NoneType::get(builder.getContext());
    if (parameter.integer)
      type = IntegerType::get(builder.getContext(), width, IntegerType::Signed);
    list.push_back(OpaqueAttr::get(builder.getStringAttr("hw"), text, type));
  }
  return builder.getArrayAttr(list);
}

Module CirctBuilder::beginModule(Location loc, StringRef name, ArrayRef<Port> ports) {
  builder.setInsertionPointToEnd(target.getBody());
  Operation *op = create(loc, "hw.module", {}, {},
                         {named("sym_name", builder.getStringAttr(name)), named("module_type", moduleType(ports)),
                          named("parameters", builder.getArrayAttr({}))},
                         /*regions=*/1);
  Block &block = op->getRegion(0).emplaceBlock();
  for (const Port &port : ports)
    if (!port.isOutput)
      block.addArgument(port.type, loc);
  builder.setInsertionPointToEnd(&block);
  return {op, name.str(), SmallVector<Port>(ports)};
}

Value CirctBuilder::input(const Module &module, StringRef name) {
  unsigned index = 0;
  for (const Port &port : module.ports) {
    if (port.isOutput)
      continue;
    if (port.name == name)
      return module.op->getRegion(0).front().getArgument(index);
    ++index;
  }
  llvm_unreachable("the module has no such input");
}

void CirctBuilder::endModule(Module &module, const llvm::StringMap<Value> &outputs) {
  SmallVector<Value> values;
  for (const Port &port : module.ports)
    if (port.isOutput)
      values.push_back(outputs.lookup(port.name));
  create(module.op->getLoc(), "hw.output", values, {});
  builder.setInsertionPointToEnd(target.getBody());
}

Module CirctBuilder::externModule(Location loc, StringRef verilogName, ArrayRef<Port> ports,
                                  ArrayRef<Parameter> parameters) {
  Attribute type = moduleType(ports), list = parameterList(parameters, /*withValues=*/false);
  std::string key;
  llvm::raw_string_ostream(key) << verilogName << type << list;
  Module &module = externs[key];
  if (module.op)
    return module;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(target.getBody());
  std::string name = moduleName(verilogName);
  Operation *op = create(loc, "hw.module.extern", {}, {},
                         {named("sym_name", builder.getStringAttr(name)), named("module_type", type),
                          named("parameters", list), named("verilogName", builder.getStringAttr(verilogName))},
                         /*regions=*/1);
  module = {op, name, SmallVector<Port>(ports)};
  return module;
}

llvm::StringMap<Value> CirctBuilder::instance(Location loc, StringRef name, const Module &module,
                                              const llvm::StringMap<Value> &inputs, ArrayRef<Parameter> parameters) {
  SmallVector<Value> operands;
  SmallVector<Type> types;
  SmallVector<Attribute> argNames, resultNames;
  for (const Port &port : module.ports) {
    Attribute portName = builder.getStringAttr(port.name);
    if (port.isOutput) {
      types.push_back(port.type);
      resultNames.push_back(portName);
    } else {
      operands.push_back(inputs.lookup(port.name));
      assert(operands.back() && "every input of an instance is connected");
      argNames.push_back(portName);
    }
  }
  Operation *op = create(loc, "hw.instance", operands, types,
                         {named("instanceName", builder.getStringAttr(name)),
                          named("moduleName", FlatSymbolRefAttr::get(builder.getContext(), module.name)),
                          named("argNames", builder.getArrayAttr(argNames)),
                          named("resultNames", builder.getArrayAttr(resultNames)),
                          named("parameters", parameterList(parameters, /*withValues=*/true))});
  llvm::StringMap<Value> results;
  for (auto [portName, result] : llvm::zip(resultNames, op->getResults()))
    results[cast<StringAttr>(portName).getValue()] = result;
  return results;
}

std::string CirctBuilder::fingerprint(const Module &module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(module.ports, stream, [&](const Port &port) { stream << port.name << port.type; });
  // Alone: a printer numbers, and verifies, everything around what it prints.
  Block *home = module.op->getBlock();
  Block::iterator place = std::next(module.op->getIterator());
  module.op->remove();
  module.op->getRegion(0).front().print(stream);
  home->getOperations().insert(place, module.op);
  return text;
}

//===----------------------------------------------------------------------===//
// Channels
//===----------------------------------------------------------------------===//

/// i8 of !esi.channel<i8>.
static Type payload(Builder &builder, Value channel) {
  StringRef text = cast<OpaqueType>(channel.getType()).getTypeData();
  text.consume_front("channel<i");
  unsigned width = 0;
  text.consumeInteger(10, width);
  return builder.getIntegerType(width);
}

Unwrapped CirctBuilder::unwrap(Location loc, Value channel, Value ready) {
  Operation *op = create(loc, "esi.unwrap.vr", {channel, ready}, {payload(builder, channel), bit()});
  return {op->getResult(0), op->getResult(1)};
}

std::pair<Value, Value> CirctBuilder::wrap(Location loc, Value data, Value valid) {
  Type type = channel(data.getType().getIntOrFloatBitWidth());
  Operation *op = create(loc, "esi.wrap.vr", {data, valid}, {type, bit()});
  return {op->getResult(0), op->getResult(1)};
}

std::pair<Value, Value> CirctBuilder::snoop(Location loc, Value channel) {
  Operation *op = create(loc, "esi.snoop.vr", {channel}, {bit(), bit(), payload(builder, channel)});
  return {op->getResult(0), op->getResult(1)};
}

//===----------------------------------------------------------------------===//
// Logic
//===----------------------------------------------------------------------===//

Value CirctBuilder::op(Location loc, StringRef name, ValueRange operands, Type type,
                       ArrayRef<NamedAttribute> attributes) {
  return create(loc, name, operands, {type}, attributes)->getResult(0);
}

Value CirctBuilder::constant(Location loc, const APInt &value) {
  Type type = integer(value.getBitWidth());
  return op(loc, "hw.constant", {}, type, {named("value", builder.getIntegerAttr(type, value))});
}

Value CirctBuilder::constant(Location loc, int64_t width, int64_t value) {
  return constant(loc, APInt(64, value, /*isSigned=*/true).sextOrTrunc(width));
}

Value CirctBuilder::andOp(Location loc, ValueRange operands) {
  return operands.size() == 1 ? operands[0] : op(loc, "comb.and", operands, operands[0].getType());
}

Value CirctBuilder::orOp(Location loc, Value a, Value b) { return op(loc, "comb.or", {a, b}, a.getType()); }

Value CirctBuilder::notOp(Location loc, Value a) {
  int64_t width = a.getType().getIntOrFloatBitWidth();
  return op(loc, "comb.xor", {a, constant(loc, APInt::getAllOnes(width))}, a.getType());
}

Value CirctBuilder::extract(Location loc, Value value, int64_t low, int64_t width) {
  if (low == 0 && width == value.getType().getIntOrFloatBitWidth())
    return value;
  return op(loc, "comb.extract", {value}, integer(width), {named("lowBit", builder.getI32IntegerAttr(low))});
}

Value CirctBuilder::concat(Location loc, ArrayRef<Value> lowToHigh) {
  if (lowToHigh.size() == 1)
    return lowToHigh.front();
  SmallVector<Value> values(llvm::reverse(lowToHigh));
  int64_t width = 0;
  for (Value value : values)
    width += value.getType().getIntOrFloatBitWidth();
  return op(loc, "comb.concat", values, integer(width));
}

Value CirctBuilder::signExtend(Location loc, Value value, int64_t width) {
  int64_t from = value.getType().getIntOrFloatBitWidth();
  assert(width >= from && "an extension does not narrow");
  if (width == from)
    return value;
  Value sign = op(loc, "comb.replicate", {extract(loc, value, from - 1, 1)}, integer(width - from));
  return concat(loc, {value, sign});
}

Value CirctBuilder::mux(Location loc, Value condition, Value a, Value b) {
  return op(loc, "comb.mux", {condition, a, b}, a.getType());
}

Value CirctBuilder::makeRegister(Location loc, StringRef name, Value input, Value clock, Value enable, Value reset) {
  SmallVector<Value> operands = {input, clock};
  SmallVector<int32_t> sizes = {1, 1};
  if (enable) {
    operands.push_back(enable);
    sizes.push_back(1);
  }
  if (reset)
    operands.append({reset, constant(loc, input.getType().getIntOrFloatBitWidth(), 0)});
  int32_t hasReset = reset ? 1 : 0;
  sizes.append({hasReset, hasReset, /*initial value=*/0});
  return op(
      loc, enable ? "seq.compreg.ce" : "seq.compreg", operands, input.getType(),
      {named("name", builder.getStringAttr(name)), named("operandSegmentSizes", builder.getDenseI32ArrayAttr(sizes))});
}

Value CirctBuilder::tieOff(Location loc, Type type) {
  return op(loc, "sv.verbatim.expr", {}, type,
            {named("format_string", builder.getStringAttr("'0")), named("symbols", builder.getArrayAttr({}))});
}

void CirctBuilder::simulationText(Location loc, StringRef text, ValueRange operands) {
  constexpr StringLiteral macro = "SYNTHESIS";
  if (!SymbolTable::lookupSymbolIn(target, macro)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(target.getBody());
    create(loc, "sv.macro.decl", {}, {}, {named("sym_name", builder.getStringAttr(macro))});
  }
  Attribute condition = OpaqueAttr::get(builder.getStringAttr("sv"), ("macro.ident @" + macro).str(),
                                        NoneType::get(builder.getContext()));
  Operation *ifdef = create(loc, "sv.ifdef", {}, {}, {named("cond", condition)}, /*regions=*/2);
  ifdef->getRegion(0).emplaceBlock();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&ifdef->getRegion(1).emplaceBlock());
  create(loc, "sv.verbatim", operands, {},
         {named("format_string", builder.getStringAttr(text)), named("symbols", builder.getArrayAttr({}))});
}

//===----------------------------------------------------------------------===//
// Values used before their definition
//===----------------------------------------------------------------------===//

Value CirctBuilder::backedge(Location loc, Type type) { return op(loc, "hw.wire", {}, type); }

void CirctBuilder::close(Value backedge, Value value) {
  backedge.replaceAllUsesWith(value);
  backedge.getDefiningOp()->erase();
}

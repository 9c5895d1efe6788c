//===- CirctBuilder.h - Builds CIRCT ops in generic form --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function per CIRCT op that the lowering uses. Ops are unregistered here;
// attribute and operand order follow CIRCT's definitions, which CIRCT checks
// when it reads the text. Bodies of `hw.module` are graph regions: a value may be
// used before its definition, through a `Backedge`.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_LOWERING_CIRCTBUILDER_H
#define XPLAT_TRANSFORMS_LOWERING_CIRCTBUILDER_H

#include "mlir/IR/Builders.h"
#include "xplat/Analysis/Names.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace xplat::circt {

/// A port of a hardware module, in declaration order.
struct Port {
  std::string name;
  mlir::Type type;
  bool isOutput;
};

/// A parameter of an extern module: an integer or a string.
struct Parameter {
  std::string name;
  std::optional<int64_t> integer;
  std::string string;
};

/// A hardware module with its ports.
struct Module {
  mlir::Operation *op = nullptr;
  std::string name;
  llvm::SmallVector<Port> ports;
};

/// The data and valid of an unwrapped channel.
struct Unwrapped {
  mlir::Value data, valid;
};

class CirctBuilder {
public:
  /// Builds at the end of `target`; no module gets a name in `reserved`.
  CirctBuilder(mlir::ModuleOp target, llvm::ArrayRef<llvm::StringRef> reserved);

  // ---- types
  mlir::Type integer(int64_t width) { return builder.getIntegerType(width); }
  mlir::Type bit() { return integer(1); }
  mlir::Type clock();
  mlir::Type channel(int64_t width);

  // ---- modules
  /// Opens `hw.module`; its inputs are block arguments in port order.
  Module beginModule(mlir::Location loc, llvm::StringRef name, llvm::ArrayRef<Port> ports);
  /// The input called `name` of the module that is open.
  mlir::Value input(const Module &module, llvm::StringRef name);
  /// Closes it with the values of its outputs by name.
  void endModule(Module &module, const llvm::StringMap<mlir::Value> &outputs);
  /// `hw.module.extern` for the Verilog module `verilogName`, made once for each set of ports.
  Module externModule(mlir::Location loc, llvm::StringRef verilogName, llvm::ArrayRef<Port> ports,
                      llvm::ArrayRef<Parameter> parameters);
  /// `hw.instance`; results by output name.
  llvm::StringMap<mlir::Value> instance(mlir::Location loc, llvm::StringRef name, const Module &module,
                                        const llvm::StringMap<mlir::Value> &inputs,
                                        llvm::ArrayRef<Parameter> parameters = {});
  /// A name for a module that no other has.
  std::string moduleName(llvm::StringRef base) { return symbols.unique(base); }
  /// Text of a module without its name and locations: equal text, equal hardware.
  static std::string fingerprint(const Module &module);

  // ---- channels
  Unwrapped unwrap(mlir::Location loc, mlir::Value channel, mlir::Value ready);
  /// The channel and its ready.
  std::pair<mlir::Value, mlir::Value> wrap(mlir::Location loc, mlir::Value data, mlir::Value valid);
  /// valid and ready of a channel, only looked at.
  std::pair<mlir::Value, mlir::Value> snoop(mlir::Location loc, mlir::Value channel);

  // ---- logic
  mlir::Value constant(mlir::Location loc, const llvm::APInt &value);
  mlir::Value constant(mlir::Location loc, int64_t width, int64_t value);
  mlir::Value op(mlir::Location loc, llvm::StringRef name, mlir::ValueRange operands, mlir::Type type,
                 llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  mlir::Value andOp(mlir::Location loc, mlir::ValueRange operands);
  mlir::Value orOp(mlir::Location loc, mlir::Value a, mlir::Value b);
  mlir::Value notOp(mlir::Location loc, mlir::Value a);
  mlir::Value extract(mlir::Location loc, mlir::Value value, int64_t low, int64_t width);
  /// The first value in the low bits.
  mlir::Value concat(mlir::Location loc, llvm::ArrayRef<mlir::Value> lowToHigh);
  mlir::Value signExtend(mlir::Location loc, mlir::Value value, int64_t width);
  mlir::Value mux(mlir::Location loc, mlir::Value condition, mlir::Value a, mlir::Value b);
  /// Register; without `enable` it takes a value in every cycle, with `reset` it has a synchronous reset to zero.
  mlir::Value makeRegister(mlir::Location loc, llvm::StringRef name, mlir::Value input, mlir::Value clock,
                           mlir::Value enable = {}, mlir::Value reset = {});
  /// All zeros, of whatever width the port has that it connects to.
  mlir::Value tieOff(mlir::Location loc, mlir::Type type);
  /// SystemVerilog text in simulation only; `{{n}}` stands for the n-th operand.
  void simulationText(mlir::Location loc, llvm::StringRef text, mlir::ValueRange operands);

  // ---- values used before their definition
  mlir::Value backedge(mlir::Location loc, mlir::Type type);
  void close(mlir::Value backedge, mlir::Value value);

  mlir::OpBuilder builder;

private:
  mlir::NamedAttribute named(llvm::StringRef name, mlir::Attribute value) { return builder.getNamedAttr(name, value); }
  mlir::Operation *create(mlir::Location loc, llvm::StringRef name, mlir::ValueRange operands, mlir::TypeRange types,
                          llvm::ArrayRef<mlir::NamedAttribute> attributes = {}, unsigned regions = 0);
  mlir::Attribute moduleType(llvm::ArrayRef<Port> ports);
  mlir::Attribute parameterList(llvm::ArrayRef<Parameter> parameters, bool withValues);

  mlir::ModuleOp target;
  Names symbols;
  llvm::StringMap<Module> externs;
};

} // namespace xplat::circt

#endif // XPLAT_TRANSFORMS_LOWERING_CIRCTBUILDER_H

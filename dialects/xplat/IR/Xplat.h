//===- Xplat.h - The xplat dialect, without its nodes ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types, attributes, interfaces, and the ops that describe: devices, systems,
// kernels, parameters, mappings. A pass that includes no more cannot name a
// node, so that it has to go through the interfaces. Who makes nodes includes
// NodeOps.h; who makes what connects them, StructureOps.h.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_XPLAT_H
#define XPLAT_IR_XPLAT_H

#include "xplat/IR/Support.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/TensorEncoding.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "xplat/IR/XplatEnums.h.inc"

#include "xplat/IR/Geometry.h"

namespace xplat {
/// The name of a resource with an amount of it.
using ResourceAmount = std::pair<mlir::StringAttr, int64_t>;
} // namespace xplat

#define GET_ATTRDEF_CLASSES
#include "xplat/IR/XplatAttrs.h.inc"

#include "xplat/IR/XplatDialect.h.inc"

#include "xplat/IR/XplatTypeInterfaces.h.inc"
#define GET_TYPEDEF_CLASSES
#include "xplat/IR/XplatTypes.h.inc"

#include "xplat/IR/XplatOpInterfaces.h.inc"
#include "xplat/IR/XplatSoftwareInterfaces.h.inc"
#define GET_OP_CLASSES
#include "xplat/IR/XplatDescription.h.inc"

#endif // XPLAT_IR_XPLAT_H

//===- NodeOps.h - The nodes, by name --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For the nodes' own implementations and for passes that make nodes. Other
// passes go through the interfaces in Xplat.h.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_NODEOPS_H
#define XPLAT_IR_NODEOPS_H

#include "xplat/IR/Xplat.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"

#define GET_OP_CLASSES
#include "xplat/IR/XplatNodeOps.h.inc"

#endif // XPLAT_IR_NODEOPS_H

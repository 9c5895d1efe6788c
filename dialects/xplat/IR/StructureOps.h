//===- StructureOps.h - What connects nodes in hardware --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For the passes that insert forks, width converters, FIFOs and links.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_STRUCTUREOPS_H
#define XPLAT_IR_STRUCTUREOPS_H

#include "xplat/IR/Xplat.h"

#define GET_OP_CLASSES
#include "xplat/IR/XplatStructure.h.inc"

#endif // XPLAT_IR_STRUCTUREOPS_H

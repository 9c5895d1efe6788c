//===- NodeOps.cpp - What ODS generates for the nodes ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/NodeOps.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "xplat/IR/XplatNodeOps.cpp.inc"

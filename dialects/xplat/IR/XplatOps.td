//===- XplatOps.td - All ops of xplat ---------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include "xplat/IR/XplatNodeOps.td"
include "xplat/IR/XplatStructure.td"
include "xplat/IR/XplatDescription.td"

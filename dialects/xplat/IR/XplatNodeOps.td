//===- XplatNodeOps.td - All nodes ------------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include "xplat/IR/XplatNodes.td"
include "xplat/IR/XplatElementwiseNodes.td"
include "xplat/IR/XplatShapeNodes.td"
include "xplat/IR/XplatMatrixNodes.td"
include "xplat/IR/XplatGeneralNodes.td"

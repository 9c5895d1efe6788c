//===- XplatOps.td - All ops of xplat ---------------------------*- tablegen -*-===//
include "xplat/IR/XplatNodes.td"
include "xplat/IR/XplatStructure.td"
include "xplat/IR/XplatDescription.td"

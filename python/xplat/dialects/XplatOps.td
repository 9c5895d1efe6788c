//===- XplatOps.td - Ops of the Python bindings -----------------*- tablegen -*-===//
//
// The generated file lies where this one does, as `_xplat_ops_gen.py`.
//
//===----------------------------------------------------------------------===//
include "xplat/IR/XplatOps.td"

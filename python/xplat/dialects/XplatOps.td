//===- XplatOps.td - Ops of the Python bindings -----------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The generated file lies where this one does, as `_xplat_ops_gen.py`.
//
//===----------------------------------------------------------------------===//
include "xplat/IR/XplatOps.td"

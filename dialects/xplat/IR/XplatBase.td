//===- XplatBase.td - The xplat dialect -------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dialect itself and the base classes of its attributes, types and ops.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_BASE_TD
#define XPLAT_BASE_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def XplatDialect : Dialect {
  let name = "xplat";
  let cppNamespace = "::xplat";
  let summary = "Models, the hardware that runs them, and the mapping between the two";
  let description = [{
    A model is a `func.func` of node ops on tensors. Hardware passes bind each
    node to a kernel, choose its unroll factors and place it on a device of a
    system; the dataflow form replaces tensors by streams and makes forks,
    FIFOs, width converters and links explicit, and has a function for each
    device instance. `docs/Spec.md` lists the ops and their numbered constraints.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::math::MathDialect",
                           "::mlir::quant::QuantDialect"];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  // Of the functions of the dataflow form; `xplat-outline-devices` writes them.
  let discardableAttrs = (ins "::xplat::TargetAttr":$target, "::xplat::PlaceAttr":$place);
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = [{
    void registerTypes();
  }];
}

class Xplat_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<XplatDialect, name, traits> {
  let mnemonic = attrMnemonic;
}

class Xplat_Op<string mnemonic, list<Trait> traits = []>
    : Op<XplatDialect, mnemonic, traits>;

#endif // XPLAT_BASE_TD

//===- XplatNodeBase.td - What the definitions of nodes share ---*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics of every node: the exact real-valued result, rounded once, half to
// even, and saturated into the result's format; of one with polynomials, what
// these give.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_NODE_BASE_TD
#define XPLAT_NODE_BASE_TD

include "xplat/IR/XplatBase.td"
include "xplat/IR/XplatAttrs.td"
include "xplat/IR/XplatTypes.td"
include "xplat/IR/XplatInterfaces.td"
include "xplat/IR/XplatSoftwareInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// What the mapping chose for a node, and what that costs.
defvar mappingAttributes = (ins
  OptionalAttr<Xplat_ConfigAttr>:$config, OptionalAttr<Xplat_RateAttr>:$rate, OptionalAttr<Xplat_ResourcesAttr>:$area);

/// The same, and what it had to keep.
defvar nodeAttributes = !con((ins OptionalAttr<Xplat_ConfigAttr>:$fixed), mappingAttributes);

/// Largest magnitude that the result takes on calibration data, and the requested formats.
defvar calibration = (ins OptionalAttr<F64Attr>:$absmax, OptionalAttr<Xplat_QuantizationAttr>:$quantization);

/// Of a function of one element: polynomials that take the place of the exact result.
defvar approximation = (ins OptionalAttr<Xplat_PolynomialsAttr>:$polynomials);

/// Of a sum of products of blocks: the fixed point on whose grid it is.
defvar accumulation = (ins OptionalAttr<TypeAttr>:$accumulator);

class Xplat_NodeOp<string mnemonic, list<string> overrides = [], list<Trait> traits = []>
    : Xplat_Op<mnemonic, !listconcat([
        Pure, DeclareOpInterfaceMethods<Xplat_NodeOpInterface, overrides>,
        DeclareOpInterfaceMethods<SymbolUserOpInterface>], traits)> {
  let hasVerifier = 1;
}

/// A node on one tensor that gives another.
class Xplat_OneOperandOp<string mnemonic, list<string> overrides = [], list<Trait> traits = []>
    : Xplat_NodeOp<mnemonic, overrides, !listconcat([Xplat_CalibratedOpInterface], traits)> {
  let arguments = !con((ins Xplat_TensorOrStream:$input), nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

/// A node whose result elements are elements of the operand, and which so has its operand's format.
defvar selectsElements =
    DeclareOpInterfaceMethods<Xplat_CalibratedOpInterface, ["keepsFormat"]>;

/// A node whose result elements are elements of its operands, each rounded into the result's format.
defvar copiesElements =
    DeclareOpInterfaceMethods<Xplat_CalibratedOpInterface, ["copiesElements"]>;

/// A node whose result elements are elements of its parameter.
defvar selectsParameter =
    DeclareOpInterfaceMethods<Xplat_CalibratedOpInterface, ["selectsParameter"]>;

/// A node whose result elements are elements of its one operand, wherever they go.
defvar movesElements = DeclareOpInterfaceMethods<Xplat_MovementOpInterface>;
/// The same, where every element of the operand is in the result once.
defvar rearrangesElements = DeclareOpInterfaceMethods<Xplat_MovementOpInterface, ["getRearrangement"]>;

#endif // XPLAT_NODE_BASE_TD

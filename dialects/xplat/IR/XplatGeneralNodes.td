//===- XplatGeneralNodes.td - Constants and any other operation -*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_GENERAL_NODES_TD
#define XPLAT_GENERAL_NODES_TD

include "xplat/IR/XplatNodeBase.td"

def Xplat_ConstantOp : Xplat_NodeOp<"constant", ["getIndexing", "getPortNames", "getPortFormats"],
    [selectsParameter, DeclareOpInterfaceMethods<Xplat_ConstantOpInterface>]> {
  let summary = "a parameter as a value: a table of positions, a class token, a mask";
  let description = [{
    Constraints:
    - (C1) the parameter has the result's shape
    - (C2) it holds integers if the result does, otherwise numbers
  }];
  let arguments = !con((ins FlatSymbolRefAttr:$param), nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$param attr-dict `:` type($result)";
}

def Xplat_SplatOp : Xplat_NodeOp<"splat", ["getPortNames"],
    [Xplat_CalibratedOpInterface, DeclareOpInterfaceMethods<Xplat_ConstantOpInterface>]> {
  let summary = "a tensor that holds one number everywhere";
  let description = [{
    Constraints:
    - (C1) if the elements are integers, the number is an integer
  }];
  let arguments = !con((ins F64Attr:$value), nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$value attr-dict `:` type($result)";
}

def Xplat_AtenOp : Xplat_NodeOp<"aten", ["getIndexing", "getPortNames", "getPortFormats",
    "getMultiplyAccumulates"], [Xplat_CalibratedOpInterface]> {
  let summary = "an operation of PyTorch that xplat has no op of its own for";
  let description = [{
    `target` is the operation's name in PyTorch, with its overload. `arguments` are those of its
    schema in order: `#xplat.operand<i>` stands for operand i, a unit attribute for None, a type for
    a dtype; numbers, booleans, strings and arrays of them stand for themselves. `index` is the
    number of this result if there are several. `multiplications` is the number of
    multiply-accumulates, as PyTorch counts them. Port `x` stands for the first operand.

    Constraints:
    - (C1) every operand is an argument, alone or in an array, and every `#xplat.operand` names an operand
    - (C2) arguments are operands, unit, booleans, integers, floats, strings, types or arrays of these
    - (C3) `target` is `namespace.name.overload`; `index` is not negative
    - (C4) `multiplications` is not negative
  }];
  let arguments = !con((ins Variadic<Xplat_TensorOrStream>:$inputs, StrAttr:$target, ArrayAttr:$arguments,
                            DefaultValuedAttr<I64Attr, "0">:$index,
                            DefaultValuedAttr<I64Attr, "0">:$multiplications), nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$target `(` $inputs `)` $arguments attr-dict `:` functional-type($inputs, $result)";
}

#endif // XPLAT_GENERAL_NODES_TD

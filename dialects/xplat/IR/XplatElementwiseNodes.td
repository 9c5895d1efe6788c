//===- XplatElementwiseNodes.td - Element-wise nodes ------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes whose result element depends on the operand elements at the same
// position alone. Their arithmetic is said once, in `arith` and `math` scalars
// (ElementwiseOpInterface), and read by fusion, by the lowering to hardware and
// by whoever else needs it.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ELEMENTWISE_NODES_TD
#define XPLAT_ELEMENTWISE_NODES_TD

include "xplat/IR/XplatNodeBase.td"

/// The attributes of the op are part of what it computes.
defvar functionOfAttributes = "static bool isNamedFunction() { return false; }";

class Xplat_UnaryOp<string mnemonic, list<Trait> traits = [Xplat_CalibratedOpInterface]>
    : Xplat_NodeOp<mnemonic, ["getConstantNames", "getConstants"],
        !listconcat([DeclareOpInterfaceMethods<Xplat_ElementwiseOpInterface>,
                                             Xplat_ApproximableOpInterface], traits)> {
  let arguments = !con((ins Xplat_TensorOrStream:$input), nodeAttributes, calibration, approximation);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 0;
}

class Xplat_BinaryOp<string mnemonic, list<Trait> traits = []>
    : Xplat_NodeOp<mnemonic, ["getPortNames", "getConstantNames", "getConstants"],
        !listconcat([DeclareOpInterfaceMethods<Xplat_ElementwiseOpInterface>, Xplat_CalibratedOpInterface], traits)> {
  let arguments = !con((ins Xplat_TensorOrStream:$lhs, Xplat_TensorOrStream:$rhs), nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)";
  let hasVerifier = 0;
}

//===----------------------------------------------------------------------===//
// Of one operand
//===----------------------------------------------------------------------===//

def Xplat_ReluOp : Xplat_UnaryOp<"relu", [selectsElements]> {
  let summary = "max(x, 0)";
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_CastOp : Xplat_UnaryOp<"cast"> {
  let summary = "the same values in another number format (requantize)";
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_NegOp : Xplat_UnaryOp<"neg"> {
  let summary = "-x";
  let hasFolder = 1;
}

def Xplat_AbsOp : Xplat_UnaryOp<"abs"> {
  let summary = "|x|";
}

def Xplat_ExpOp : Xplat_UnaryOp<"exp"> {
  let summary = "eˣ";
}

def Xplat_LogOp : Xplat_UnaryOp<"log"> {
  let summary = "natural logarithm of x";
}

def Xplat_SqrtOp : Xplat_UnaryOp<"sqrt"> {
  let summary = "√x";
}

def Xplat_RsqrtOp : Xplat_UnaryOp<"rsqrt"> {
  let summary = "1 / √x";
}

def Xplat_ReciprocalOp : Xplat_UnaryOp<"reciprocal"> {
  let summary = "1 / x";
}

def Xplat_ErfOp : Xplat_UnaryOp<"erf"> {
  let summary = "error function of x";
}

def Xplat_SinOp : Xplat_UnaryOp<"sin"> {
  let summary = "sine of x";
}

def Xplat_CosOp : Xplat_UnaryOp<"cos"> {
  let summary = "cosine of x";
}

def Xplat_TanhOp : Xplat_UnaryOp<"tanh"> {
  let summary = "hyperbolic tangent of x";
}

def Xplat_SigmoidOp : Xplat_UnaryOp<"sigmoid"> {
  let summary = "1 / (1 + e⁻ˣ)";
}

def Xplat_SiluOp : Xplat_UnaryOp<"silu"> {
  let summary = "x · sigmoid(x)";
}

def Xplat_HardSigmoidOp : Xplat_UnaryOp<"hardsigmoid"> {
  let summary = "clamp(x / 6 + 1/2, 0, 1)";
}

def Xplat_HardSwishOp : Xplat_UnaryOp<"hardswish"> {
  let summary = "x · hardsigmoid(x)";
}

def Xplat_GeluOp : Xplat_UnaryOp<"gelu"> {
  let summary = "x · Φ(x), with Φ the normal distribution function, or its approximation by tanh";
  let extraClassDeclaration = functionOfAttributes;
  let arguments = !con((ins Xplat_TensorOrStream:$input, UnitAttr:$tanh_approximation), nodeAttributes, calibration,
                       approximation);
  let assemblyFormat = "$input (`tanh` $tanh_approximation^)? attr-dict `:` type($input) `->` type($result)";
}

def Xplat_ClampOp : Xplat_UnaryOp<"clamp"> {
  let summary = "min(max(x, min), max) (clamp, relu6)";
  let description = [{
    Constraints:
    - (C1) `min` and `max` are numbers, and `min` is at most `max`
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, F64Attr:$min, F64Attr:$max), nodeAttributes, calibration,
                       approximation);
  let assemblyFormat = "$input `to` $min `,` $max attr-dict `:` type($input) `->` type($result)";
  let extraClassDeclaration = functionOfAttributes # [{
    /// Whether the least number is minus infinity.
    bool hasNoMin();
    /// Whether the largest number is infinity.
    bool hasNoMax();
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_LeakyReluOp : Xplat_UnaryOp<"leaky_relu"> {
  let summary = "x where positive, else slope · x";
  let extraClassDeclaration = functionOfAttributes;
  let arguments = !con((ins Xplat_TensorOrStream:$input, F64Attr:$slope), nodeAttributes, calibration,
                       approximation);
  let assemblyFormat = "$input `slope` $slope attr-dict `:` type($input) `->` type($result)";
}

def Xplat_PowOp : Xplat_UnaryOp<"pow"> {
  let summary = "x to a constant power";
  let extraClassDeclaration = functionOfAttributes;
  let arguments = !con((ins Xplat_TensorOrStream:$input, F64Attr:$exponent), nodeAttributes, calibration,
                       approximation);
  let assemblyFormat = "$input `to` $exponent attr-dict `:` type($input) `->` type($result)";
}

//===----------------------------------------------------------------------===//
// Of two operands
//===----------------------------------------------------------------------===//

def Xplat_AddOp : Xplat_BinaryOp<"add", [Commutative]> {
  let summary = "a + b, element by element";
  let description = [{
    Operands and result may have three number formats: the sum is exact before it is rounded.
  }];
  let hasFolder = 1;
}

def Xplat_SubOp : Xplat_BinaryOp<"sub"> {
  let summary = "a - b, element by element";
  let hasFolder = 1;
}

def Xplat_MulOp : Xplat_BinaryOp<"mul", [Commutative]> {
  let summary = "a · b, element by element";
  let hasFolder = 1;
}

def Xplat_DivOp : Xplat_BinaryOp<"div"> {
  let summary = "a / b, element by element";
  let hasFolder = 1;
}

def Xplat_MaximumOp : Xplat_BinaryOp<"maximum", [Commutative]> {
  let summary = "the larger of a and b, element by element";
  let hasFolder = 1;
}

def Xplat_MinimumOp : Xplat_BinaryOp<"minimum", [Commutative]> {
  let summary = "the smaller of a and b, element by element";
  let hasFolder = 1;
}

def Xplat_MaskedFillOp : Xplat_NodeOp<"masked_fill", ["getPortNames", "getConstantNames", "getConstants"],
    [DeclareOpInterfaceMethods<Xplat_ElementwiseOpInterface>, selectsElements]> {
  let summary = "`fill` where the mask is positive, else the operand (torch.masked_fill)";
  let description = [{
    A mask holds 0 and 1. With a `fill` of zero, or of -2^100 or less, which saturates, the result has the operand's
    format, and what is filled in has no part in its range. `xplat-decompose-normalizations` takes a softmax of elements
    filled with -1000 or less for one that does not see them: it gives them exactly zero, and zeros alone where it sees
    nothing.

    Constraints:
    - (C1) `fill` is a number
  }];
  let extraClassDeclaration = functionOfAttributes;
  let arguments = !con((ins Xplat_TensorOrStream:$input, Xplat_TensorOrStream:$mask, F64Attr:$fill), nodeAttributes,
                       calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = [{
    $input `mask` $mask `fill` $fill attr-dict `:` type($input) `,` type($mask) `->` type($result)
  }];
}

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

def Xplat_FusedOp : Xplat_NodeOp<"fused", ["getPortNames", "getPortFormats", "getConstantNames", "getConstants",
    "getFurtherOperations"],
    [DeclareOpInterfaceMethods<Xplat_ElementwiseOpInterface>, Xplat_ApproximableOpInterface,
     Xplat_CalibratedOpInterface, IsolatedFromAbove, SingleBlock]> {
  let summary = "a chain of element-wise operations as one node, rounded once";
  let description = [{
    The body computes one element of the result from one element of each operand, on exact numbers.
    Port `x` stands for the first operand.

    Constraints:
    - (C1) there is at least one operand, and the body has an f32 argument for each
    - (C2) the body holds `arith` and `math` operations without side effects, and yields one f32
  }];
  let extraClassDeclaration = functionOfAttributes;
  let arguments = !con((ins Variadic<Xplat_TensorOrStream>:$inputs), nodeAttributes, calibration, approximation);
  let regions = (region SizedRegion<1>:$body);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$inputs $body attr-dict `:` functional-type($inputs, $result)";
}

def Xplat_YieldOp : Xplat_Op<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["::xplat::FusedOp", "::xplat::KernelOp"]>]> {
  let summary = "the element that the body of xplat.fused, or of a contract, computes";
  let arguments = (ins F32:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

#endif // XPLAT_ELEMENTWISE_NODES_TD

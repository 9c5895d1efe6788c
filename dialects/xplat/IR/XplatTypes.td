//===- XplatTypes.td - Types of xplat ---------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TYPES_TD
#define XPLAT_TYPES_TD

include "xplat/IR/XplatBase.td"
include "xplat/IR/XplatInterfaces.td"

def Xplat_StreamType : TypeDef<XplatDialect, "Stream"> {
  let mnemonic = "stream";
  let summary = "a tensor on its way: the order of its dimensions, and the tile of them that is a beat";
  let description = [{
    `!xplat.stream<1x16x8x8xf32, order = (0, 2, 3, 1), beat = (2, 4)>`. The shape
    is in the model's order (N, C, H, W). `order` lists the dimensions as they
    travel, outermost first; row-major, `(0, 1, 2, 3)`, is not written. `beat` has
    the extents of the tile that is one beat, in the same order; extents of one
    at the front are not written, and neither is a beat of one element. Here
    channels are innermost, and a beat holds 4 channels of 2 neighbouring pixels.

    Beats follow one another in the order of their tiles. Lane i of a beat is the
    i-th element of its tile, and both are walked in `order`. The *lanes* of a
    stream are the elements of its tile.

    A beat has the elements in its low bits, lane 0 lowest. With a format that has
    shared bits, each run of the tile along the dimension of the blocks carries
    those of every block that it touches, above the elements, the first run and
    its first block lowest. All beats are as wide as the widest one.

    Constraints:
    - (C1) the shape is static, its extents are positive, and it has at most 2^40 elements
    - (C2) `order` has each dimension once
    - (C3) `beat` has a positive extent for each dimension that divides the dimension's extent
    - (C4) the element type is a number format with one scale, and not of weights alone; its blocks run along an existing dimension
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::mlir::Type":$elementType,
                        ArrayRefParameter<"int64_t">:$order, ArrayRefParameter<"int64_t">:$beat);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Elements of one beat.
    int64_t getLanes() const;
    /// Number of elements in one sample.
    int64_t getNumElements() const;
    /// Number of beats in one sample.
    int64_t getNumBeats() const { return getNumElements() / getLanes(); }
    /// Bits of one beat, shared bits included.
    int64_t getBeatBits() const;
  }];
}

//===----------------------------------------------------------------------===//
// Number formats that upstream does not have
//===----------------------------------------------------------------------===//

class Xplat_FormatType<string name, string typeMnemonic, list<string> overrides = []>
    : TypeDef<XplatDialect, name, [DeclareTypeInterfaceMethods<Xplat_NumberFormatTypeInterface, overrides>]> {
  let mnemonic = typeMnemonic;
  let genVerifyDecl = 1;
}

def Xplat_MinifloatType : Xplat_FormatType<"Minifloat", "minifloat"> {
  let summary = "a small float: sign, exponent, mantissa";
  let description = [{
    `!xplat.minifloat<e, m>`: e bits of exponent with bias 2^(e-1) - 1, m bits of mantissa,
    subnormals as in IEEE 754; every code is a number, there are no infinities and no NaN.

    Constraints:
    - (C1) 1 to 7 bits of exponent, so that every value is a normal number of f32, and 1 to 10 of mantissa
  }];
  let parameters = (ins "unsigned":$exponent_bits, "unsigned":$mantissa_bits);
  let assemblyFormat = "`<` $exponent_bits `,` $mantissa_bits `>`";
}

def Xplat_MsfpType : Xplat_FormatType<"Msfp", "msfp", ["getSharedBits", "getBlockSize", "getBlockAxis", "withBlockAxis"]> {
  let summary = "Microsoft floating point: blocks of sign and magnitude under one 8-bit exponent";
  let description = [{
    `!xplat.msfp<bits, block>`: elements of a sign and bits - 1 of magnitude, and 8 bits of exponent
    for each `block` of them along dimension `axis` (default: the last), the last block perhaps
    shorter.

    Constraints:
    - (C1) 2 to 16 bits an element, a block of 1 to 1,024, an axis that is not below -1
  }];
  let parameters = (ins "unsigned":$bits, "unsigned":$block, DefaultValuedParameter<"int64_t", "-1">:$axis);
  let assemblyFormat = "`<` $bits `,` $block (`,` `axis` `=` $axis^)? `>`";
}

def Xplat_MxType : Xplat_FormatType<"Mx", "mx", ["getSharedBits", "getBlockSize", "getBlockAxis", "withBlockAxis",
    "getElementExponentBits", "isTwosComplement"]> {
  let summary = "OCP Microscaling: blocks of small numbers under one power-of-two scale";
  let description = [{
    `!xplat.mx<element, block>`: elements of a small float type, or `i8` with 6 fractional bits, and
    a scale of type E8M0 for each `block` of them along dimension `axis` (default: the last), the
    last block perhaps shorter.

    Constraints:
    - (C1) the element is f8E4M3FN, f8E5M2, f6E2M3FN, f6E3M2FN, f4E2M1FN or i8, a block has 1 to 1,024 of them, and the axis is not below -1
  }];
  let parameters = (ins "::mlir::Type":$element, "unsigned":$block, DefaultValuedParameter<"int64_t", "-1">:$axis);
  let assemblyFormat = "`<` $element `,` $block (`,` `axis` `=` $axis^)? `>`";
}

class Xplat_SignsType<string name, string typeMnemonic, int width>
    : Xplat_FormatType<name, typeMnemonic, ["holdsSigns", "isPerChannel", "getNumScales"]> {
  let parameters = (ins OptionalArrayRefParameter<"int64_t">:$fractional_bits);
  let assemblyFormat = "(`<` $fractional_bits^ `>`)?";
  let extraClassDefinition = [{
    int64_t $cppClass::getBitsPerElement() const { return }] # width # [{; }
    bool $cppClass::isFixedPoint() const { return true; }
    bool $cppClass::holdsSigns() const { return true; }
    bool $cppClass::isPerChannel() const { return getNumScales() > 1; }
    int64_t $cppClass::getNumScales() const { return getFractionalBits().size(); }
    int64_t $cppClass::getFractionalBits(int64_t channel) const { return getFractionalBits()[channel]; }
  }];
}

def Xplat_BinaryType : Xplat_SignsType<"Binary", "binary", 1> {
  let summary = "weights of one bit: a scale or its negative";
  let description = [{
    `!xplat.binary<F>`: each weight is 2^-F or -2^-F, in one bit, which is 1 for the negative one. `!xplat.binary<3, 4>`
    has an F for each slice along dimension 0. `!xplat.binary` is a request: calibration finds the scales.

    A number is rounded to the nearer of the two, 0 to 2^-F.

    Constraints:
    - (C1) F is -60 to 60
  }];
}

def Xplat_TernaryType : Xplat_SignsType<"Ternary", "ternary", 2> {
  let summary = "weights of two bits: a scale, its negative, or zero";
  let description = [{
    `!xplat.ternary<F>`: each weight is -2^-F, 0 or 2^-F, in two bits, those of -1, 0 and 1 in two's complement. Scales
    are written as those of `!xplat.binary`.

    A number is rounded to the nearest of the three, one in the middle between two to 0.

    Constraints:
    - (C1) F is -60 to 60
  }];
}

def Xplat_TensorOrStream : AnyTypeOf<[RankedTensorOf<[AnyType]>, Xplat_StreamType],
                                     "ranked tensor or stream">;

#endif // XPLAT_TYPES_TD

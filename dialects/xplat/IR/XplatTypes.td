//===- XplatTypes.td - Types of xplat ---------------------------*- tablegen -*-===//
#ifndef XPLAT_TYPES_TD
#define XPLAT_TYPES_TD

include "xplat/IR/XplatBase.td"

def Xplat_StreamType : TypeDef<XplatDialect, "Stream"> {
  let mnemonic = "stream";
  let summary = "a tensor that travels `lanes` elements a beat";
  let description = [{
    `!xplat.stream<1x16x8x8x!quant.uniform<i8:f32, 6.250000e-02>, 4>`. The shape
    is in the model's order (N, C, H, W for rank 4). A rank-4 tensor travels as
    N, H, W, C with channels innermost; every other rank row-major.

    Constraints:
    - (C1) the shape is static and not empty, its extents are positive, and it has at most 2^40 elements
    - (C2) `lanes` is positive and divides the innermost extent of the travel order
    - (C3) the element type is a number format with one scale
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::mlir::Type":$elementType,
                        "int64_t":$lanes);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Number of elements in one sample.
    int64_t getNumElements() const;
    /// Number of beats in one sample.
    int64_t getNumBeats() const { return getNumElements() / getLanes(); }
    /// Bits of one beat.
    int64_t getBeatBits() const;
    /// The same stream with another number of lanes.
    StreamType withLanes(int64_t lanes) const;
  }];
}

def Xplat_TensorOrStream : AnyTypeOf<[RankedTensorOf<[AnyType]>, Xplat_StreamType],
                                     "ranked tensor or stream">;

#endif // XPLAT_TYPES_TD

//===- XplatShapeNodes.td - Nodes that move elements ------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_SHAPE_NODES_TD
#define XPLAT_SHAPE_NODES_TD

include "xplat/IR/XplatNodeBase.td"

def Xplat_ReshapeOp : Xplat_NodeOp<"reshape", ["getIndexing", "getConstantNames", "getConstants", "getChannelDim",
    "getPlainConstants"],
    [selectsElements, rearrangesElements, Xplat_ChannelOpInterface]> {
  let summary = "the same elements in another shape (flatten, view)";
  let description = [{
    `row_major` walks operand and result row-major. `channels_last` walks both in the default order
    of streams (N, H, W, C for rank 4, else row-major), so that no hardware is needed where they travel in it.
    `permutes` is 1 when the reshape changes the order of the elements in the stream, else 0.

    Constraints:
    - (C1) operand and result have the same number of elements and one number format
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input,
                            DefaultValuedAttr<Xplat_ReshapeOrderAttr, "::xplat::ReshapeOrder::row_major">:$order),
                       nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$input (`order` `` $order^)? attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_TransposeOp : Xplat_OneOperandOp<"transpose", ["getIndexing", "getConstantNames", "getConstants", "getChannelDim",
    "getPlainConstants"],
    [selectsElements, rearrangesElements]> {
  let summary = "dimension i of the result is dimension permutation[i] of the operand (permute)";
  let description = [{
    `permutes` is 1 when the elements leave in another order than they arrive in, else 0.

    Constraints:
    - (C1) `permutation` permutes the operand's dimensions, and the result's extents are the permuted ones of the operand
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, DenseI64ArrayAttr:$permutation), nodeAttributes, calibration);
  let assemblyFormat = "$input `permutation` $permutation attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_BroadcastOp : Xplat_OneOperandOp<"broadcast", ["getIndexing", "getConstantNames", "getConstants",
    "getPlainConstants"],
    [selectsElements, movesElements]> {
  let summary = "the operand repeated along dimensions of extent one and along new outer dimensions (expand)";
  let description = [{
    For kernels: in the order of the streams, every `run` neighbouring elements of the operand come `repeats` times in a
    row, and every `block` of its elements, with the repetitions of its runs, `replays` times. `permutes` is 1 when the
    result is no such sequence, else 0.

    Constraints:
    - (C1) aligned at the last dimension, each extent of the operand is one or that of the result
  }];
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_SliceOp : Xplat_OneOperandOp<"slice", ["getIndexing", "getConstantNames", "getConstants", "getPlainConstants"],
    [selectsElements, movesElements]> {
  let summary = "the elements at start + i · step along each dimension";
  let description = [{
    Constraints:
    - (C1) there is a start and a step for each dimension; starts are not negative and steps are positive
    - (C2) the result has the operand's rank and reaches no element outside the operand
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, DenseI64ArrayAttr:$starts, DenseI64ArrayAttr:$steps),
                       nodeAttributes, calibration);
  let assemblyFormat = "$input `starts` $starts `steps` $steps attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_ConcatOp : Xplat_NodeOp<"concat", ["getIndexing", "getConstantNames", "getConstants", "getPortNames", "getPortFormats",
    "getPlainConstants"],
    [copiesElements, Xplat_ChannelOpInterface, Xplat_SignOpInterface]> {
  let summary = "the operands one after another along a dimension";
  let description = [{
    Port `x` stands for the first operand. `inputs` is the number of operands, `run_0` to `run_7` are the elements
    that each of the first eight gives in a turn, and `rounds` is 1 when an operand has another number format than the
    result, into which it is rounded.

    Constraints:
    - (C1) there is at least one operand, `dim` is a dimension, and all extents except that of `dim` are the result's
    - (C2) the extents of the operands along `dim` add up to the result's
  }];
  let arguments = !con((ins Variadic<Xplat_TensorOrStream>:$inputs, I64Attr:$dim), nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$inputs `dim` $dim attr-dict `:` functional-type($inputs, $result)";
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_PadOp : Xplat_OneOperandOp<"pad", ["getIndexing", "getConstantNames", "getConstants", "getPlainConstants"],
    [DeclareOpInterfaceMethods<Xplat_CalibratedOpInterface, ["keepsFormat", "copiesElements"]>,
     DeclareOpInterfaceMethods<Xplat_SignOpInterface, ["isNeverNegative"]>]> {
  let summary = "the operand surrounded by a constant";
  let description = [{
    `rounds` is 1 when operand and result have different number formats. `fill` is `value` in the result's format, as
    it is stored.

    Constraints:
    - (C1) there is an amount below and above for each dimension, none negative, and the result's extents are the sums
    - (C2) `value` is a number
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high, F64Attr:$value),
                       nodeAttributes, calibration);
  let assemblyFormat = "$input `low` $low `high` $high `value` $value attr-dict `:` type($input) `->` type($result)";
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_TrilOp : Xplat_OneOperandOp<"tril", ["getConstantNames", "getConstants", "getPlainConstants"],
    [selectsElements, DeclareOpInterfaceMethods<Xplat_SignOpInterface, ["isNeverNegative"]>]> {
  let summary = "the lower triangle of the last two dimensions, a constant above it (torch.tril)";
  let description = [{
    Element (i, j) of a matrix is the operand's if j - i is at most `diagonal`, else `fill`, rounded into the format,
    which is the operand's: the values above the triangle have no part in its range.

    For kernels, matrices have `rows` rows, `c` columns, and `fill` is the constant as it is stored. `permutes` is 1 when
    a stream does not travel row by row, else 0.

    Constraints:
    - (C1) operand and result have the same shape of at least two dimensions
    - (C2) `fill` is a number
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, I64Attr:$diagonal, F64Attr:$fill), nodeAttributes, calibration);
  let assemblyFormat = "$input `diagonal` $diagonal `fill` $fill attr-dict `:` type($input) `->` type($result)";
}

def Xplat_UpsampleOp : Xplat_OneOperandOp<"upsample", ["getIndexing", "getConstantNames", "getConstants",
    "getPlainConstants"],
    [selectsElements, movesElements, Xplat_ChannelOpInterface]> {
  let summary = "every pixel repeated in a rectangle (nearest neighbour, integer factors)";
  let description = [{
    For kernels there are `replays`, `block`, `repeats`, `run` and `permutes`, as for [broadcast](#xplatbroadcast).

    Constraints:
    - (C1) operand and result have rank 4 and the same batch and channels, and the result's height and width are multiples of the operand's
  }];
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Xplat_ReduceOp : Xplat_OneOperandOp<"reduce", ["getIndexing", "getDimensionNames", "getConstantNames",
    "getConstants", "getFurtherOperations",
    "getPlainConstants"], [selectsElements, Xplat_ChannelOpInterface, Xplat_SignOpInterface,
    DeclareOpInterfaceMethods<Xplat_PositionOpInterface>]> {
  let summary = "sum, mean, maximum or minimum over dimensions, or where an extreme is";
  let description = [{
    Sums are exact, and the mean is divided exactly and rounded once. `argmax` and `argmin` give the position of the
    maximum or minimum along one dimension, counted from 0; of equal elements, that of the first. Where formats make
    different numbers equal, the first of these counts.

    The loops, in the order of the operand's stream:
    `t`, the innermost reduced dimensions, if any; `k`, the kept ones around them; `r`, the reduced ones around those;
    `n`, the rest. For kernels, `kind` is 0 for a sum, 1 for a mean, 2 for a maximum, 3 for a minimum, 4 for an argmax
    and 5 for an argmin, and `nested` is 1 when there are reduced dimensions among `n`, too, else 0.

    Constraints:
    - (C1) `dims` are dimensions of the operand, ascending, at least one
    - (C2) the result has the operand's extents without `dims`, or with `dims` of extent one
    - (C3) the result of `argmax` and `argmin`, which have one dimension, holds integers, with a sign and all positions; that of other kinds holds integers where the operand does
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, Xplat_ReduceKindAttr:$kind, DenseI64ArrayAttr:$dims),
                       nodeAttributes, calibration);
  let assemblyFormat = "$input `` $kind `over` $dims attr-dict `:` type($input) `->` type($result)";
  let hasCanonicalizeMethod = 1;
}

def Xplat_TopKOp : Xplat_OneOperandOp<"top_k", ["getIndexing", "getDimensionNames", "getConstantNames", "getConstants",
    "getChannelDim", "getFurtherOperations", "getPlainConstants"], [selectsElements, Xplat_SignOpInterface,
    DeclareOpInterfaceMethods<Xplat_PositionOpInterface>]> {
  let summary = "the largest or smallest elements of each row, the first one first (torch.topk, torch.sort)";
  let description = [{
    Rows are along the last dimension, whose extent in the result says how many elements of each. They come from the
    largest to the smallest; with `smallest`, from the smallest to the largest. Equal elements come in the order in which
    they stand. With `positions`, the result holds where they stand in their row, counted from 0, instead of what they
    are: who needs both has two nodes.

    The loops: `n` rows, `k` elements of the result's rows, `t` of the operand's. For kernels, `smallest` and `positions`
    are 1 or 0, and `permutes` is 1 when a stream does not travel row by row, else 0.

    Constraints:
    - (C1) operand and result have the same extents but for the last one, of which the result has at most the operand's
    - (C2) a result of positions holds integers, with a sign and all positions; another one holds integers where the operand does
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, UnitAttr:$smallest, UnitAttr:$positions), nodeAttributes,
                       calibration);
  let assemblyFormat = [{
    $input (`smallest` $smallest^)? (`positions` $positions^)? attr-dict `:` type($input) `->` type($result)
  }];
}

#endif // XPLAT_SHAPE_NODES_TD

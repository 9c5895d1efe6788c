//===- XplatMatrixNodes.td - Products, attention, normalisation -*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_MATRIX_NODES_TD
#define XPLAT_MATRIX_NODES_TD

include "xplat/IR/XplatNodeBase.td"

//===----------------------------------------------------------------------===//
// Products of activations
//===----------------------------------------------------------------------===//

def Xplat_MatmulOp : Xplat_NodeOp<"matmul", ["getIndexing", "getDimensionNames", "getPortNames", "getChannelDim",
    "getConstantNames", "getConstants", "getPlainConstants"],
    [Xplat_CalibratedOpInterface, Xplat_SignOpInterface,
     DeclareOpInterfaceMethods<Xplat_ContractionOpInterface, ["isRightTransposed"]>,
     DeclareOpInterfaceMethods<Xplat_ProductOpInterface>]> {
  let summary = "a · b over the last two dimensions, for each of the outer ones (torch.matmul)";
  let description = [{
    `transposed` swaps the last two dimensions of the right operand. With an `accumulator`, the products of the blocks
    of both operands are summed on its grid ([products of blocks](Formats.md#products-of-blocks)).

    Kernel symbols beside those of loops and formats: `transposed`; `permutes` is 1 when a stream does not
    travel row-major, matrix after matrix, else 0; `accumulator_bits` and `accumulator_frac`, the width and the
    fractional bits of the accumulator, 0 without one.

    Constraints:
    - (C1) operands and result have the same rank ≥ 2 and the same outer dimensions
    - (C2) left [m, k], right [k, n] (`transposed`: [n, k]), result [m, n] in the last two dimensions
    - (C3) operands hold no integers
    - (C4) an accumulator is signed fixed point of 2 to 48 bits with one scale; the operands then have block formats with blocks of one size along k, and the result is fixed point
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$lhs, Xplat_TensorOrStream:$rhs, UnitAttr:$transposed),
                       accumulation, nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs (`transposed` $transposed^)? (`accumulator` $accumulator^)? attr-dict `:` type($lhs) `,` type($rhs)
    `->` type($result)
  }];
  let hasCanonicalizeMethod = 1;
}

def Xplat_AttentionOp : Xplat_NodeOp<"attention", ["getIndexing", "getDimensionNames", "getPortNames", "getPortFormats",
    "getMultiplyAccumulates", "getFurtherOperations", "getChannelDim",
    "getPlainConstants", "getConstantNames", "getConstants"],
    [AttrSizedOperandSegments, Xplat_CalibratedOpInterface, DeclareOpInterfaceMethods<Xplat_DecomposableOpInterface>]> {
  let summary = "softmax(scale · q · kᵀ + mask) · v for each head (scaled_dot_product_attention)";
  let description = [{
    Query heads share the keys and values of a group of heads when there are fewer of those
    (grouped-query attention). `mask` is added to the scores. A query sees no key where `hidden` is positive;
    `hidden` holds 0 and 1. `causal`: query i sees keys 0 … i. `blind_zero`: a query gives zeros if all its scores are
    minus infinity, otherwise NaN. `xplat-decompose` writes it as products and a softmax.

    Constraints:
    - (C1) query, key, value and result have rank 4: [batch, heads, length, depth], with one batch
    - (C2) query and key have the same depth; key and value have the same length and number of heads, which divides the query's
    - (C3) the result has the query's heads and length and the value's depth
    - (C4) `mask` and `hidden`, if any, hold no integers and have rank 4: [1 or batch, 1 or heads, queries, keys]
    - (C5) `scale` is a number
    - (C6) query, key and value hold no integers
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$query, Xplat_TensorOrStream:$key, Xplat_TensorOrStream:$value,
                            Optional<Xplat_TensorOrStream>:$mask, Optional<Xplat_TensorOrStream>:$hidden,
                            F64Attr:$scale, UnitAttr:$causal, UnitAttr:$blind_zero),
                       nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = [{
    $query `,` $key `,` $value (`mask` $mask^)? (`hidden` $hidden^)? `scale` $scale (`causal` $causal^)?
    (`blind_zero` $blind_zero^)? attr-dict `:` functional-type(operands, $result)
  }];
  let hasCanonicalizeMethod = 1;
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

def Xplat_EmbeddingOp : Xplat_NodeOp<"embedding", ["getIndexing", "getConstantNames", "getConstants", "getPortNames",
    "getPortFormats", "getChannelDim", "getSelectedRows", "getPlainConstants"], [selectsParameter]> {
  let summary = "rows of a table at the indices (torch.nn.functional.embedding)";
  let description = [{
    For kernels, `rows` is the number of rows of the table, and `permutes` is 1 when the result does not travel row after
    row, else 0.

    Constraints:
    - (C1) the indices are integers; the result has one dimension more
    - (C2) the table is a parameter of shape [rows, last extent of the result]
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$indices, FlatSymbolRefAttr:$table), nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$indices `table` $table attr-dict `:` type($indices) `->` type($result)";
}

//===----------------------------------------------------------------------===//
// Normalisation
//===----------------------------------------------------------------------===//

def Xplat_SoftmaxOp : Xplat_OneOperandOp<"softmax", ["getIndexing", "getConstantNames", "getConstants", "getChannelDim",
    "getFurtherOperations", "getPlainConstants"], [DeclareOpInterfaceMethods<Xplat_SoftmaxOpInterface>,
    DeclareOpInterfaceMethods<Xplat_SignOpInterface, ["isNeverNegative"]>,
    DeclareOpInterfaceMethods<Xplat_NormalizingOpInterface>]> {
  let summary = "eˣ divided by the sum of eˣ along a dimension";
  let description = [{
    `causal`: in the last two dimensions, row i ignores all columns after column i,
    where the result is zero. `blind_zero`: if all summed elements are minus
    infinity, because a mask hides them, the result is zero; otherwise it is NaN.
    For kernels, `causal` and `blind_zero` are 1 or 0, and `outer` is 1 when the elements of a sum are not
    neighbours in the stream, else 0.

    Constraints:
    - (C1) operand and result have the same shape, of which `dim` is a dimension
    - (C2) with `causal`, there are at least two dimensions, and the sum is along the last one
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, I64Attr:$dim, UnitAttr:$causal, UnitAttr:$blind_zero),
                       nodeAttributes, calibration);
  let assemblyFormat = [{
    $input `dim` $dim (`causal` $causal^)? (`blind_zero` $blind_zero^)? attr-dict `:` type($input) `->` type($result)
  }];
}

class Xplat_LastDimsNormOp<string mnemonic> : Xplat_OneOperandOp<mnemonic, ["getIndexing", "getPortNames", "getPortFormats",
    "getChannelDim", "getFurtherOperations", "getConstantNames", "getConstants", "getPlainConstants"],
    [DeclareOpInterfaceMethods<Xplat_NormalizingOpInterface>]>;

def Xplat_LayerNormOp : Xplat_LastDimsNormOp<"layer_norm"> {
  let summary = "(x - mean) / sqrt(variance + epsilon) · gamma + beta over the last dimensions";
  let description = [{
    The variance is that of the population (not corrected).

    Constraints:
    - (C1) operand and result have the same shape of at least `axes` dimensions, and `axes` is positive
    - (C2) gamma and beta, if any, are parameters of the last `axes` extents
    - (C3) epsilon is positive
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, OptionalAttr<FlatSymbolRefAttr>:$gamma,
                            OptionalAttr<FlatSymbolRefAttr>:$beta, I64Attr:$axes, F64Attr:$epsilon),
                       nodeAttributes, calibration);
  let assemblyFormat = [{
    $input (`gamma` $gamma^)? (`beta` $beta^)? `axes` $axes `epsilon` $epsilon
    attr-dict `:` type($input) `->` type($result)
  }];
}

def Xplat_GroupNormOp : Xplat_OneOperandOp<"group_norm", ["getIndexing", "getPortNames", "getPortFormats",
    "getChannelDim", "getFurtherOperations",
    "getPlainConstants", "getConstantNames", "getConstants"], [DeclareOpInterfaceMethods<Xplat_NormalizingOpInterface>]> {
  let summary = "layer_norm over a group of channels and their pixels, gamma and beta for each channel";
  let description = [{
    Dimension 1 is that of the channels. With as many groups as channels it is the norm of an instance.

    Constraints:
    - (C1) operand and result have the same shape of at least three dimensions, and `groups` divides the channels
    - (C2) gamma and beta, if any, are parameters with one element for each channel
    - (C3) epsilon is positive
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, OptionalAttr<FlatSymbolRefAttr>:$gamma,
                            OptionalAttr<FlatSymbolRefAttr>:$beta, I64Attr:$groups, F64Attr:$epsilon),
                       nodeAttributes, calibration);
  let assemblyFormat = [{
    $input (`gamma` $gamma^)? (`beta` $beta^)? `groups` $groups `epsilon` $epsilon
    attr-dict `:` type($input) `->` type($result)
  }];
}

def Xplat_RmsNormOp : Xplat_LastDimsNormOp<"rms_norm"> {
  let summary = "x / sqrt(mean of x² + epsilon) · gamma over the last dimensions";
  let description = [{
    Constraints:
    - (C1) operand and result have the same shape of at least `axes` dimensions, and `axes` is positive
    - (C2) gamma, if any, is a parameter of the last `axes` extents
    - (C3) epsilon is positive
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, OptionalAttr<FlatSymbolRefAttr>:$gamma, I64Attr:$axes,
                            F64Attr:$epsilon), nodeAttributes, calibration);
  let assemblyFormat = [{
    $input (`gamma` $gamma^)? `axes` $axes `epsilon` $epsilon attr-dict `:` type($input) `->` type($result)
  }];
}

def Xplat_BatchNormOp : Xplat_NodeOp<"batch_norm", ["getIndexing", "getPortNames", "getPortFormats",
    "getFurtherOperations", "getPlainConstants", "getConstantNames", "getConstants"],
    [Xplat_CalibratedOpInterface, DeclareOpInterfaceMethods<Xplat_ChannelAffineOpInterface>,
     DeclareOpInterfaceMethods<Xplat_ChannelOpInterface, ["getZeroingParameters"]>]> {
  let summary = "(x - mean) · gamma / sqrt(var + epsilon) + beta per channel, in evaluation mode";
  let description = [{
    The channels are dimension 1. No kernel implements it. `xplat-fold-affine` folds it into the
    convolution or linear layer before or after it, or turns it into a
    [channel_affine](#xplatchannel_affine).

    Constraints:
    - (C1) operand and result have the same shape, of rank 2 or 4
    - (C2) gamma, beta, mean and var are parameters of shape [channels]
    - (C3) epsilon is positive
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, FlatSymbolRefAttr:$gamma, FlatSymbolRefAttr:$beta,
                            FlatSymbolRefAttr:$mean, FlatSymbolRefAttr:$var, F64Attr:$epsilon),
                       nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = [{
    $input `gamma` $gamma `beta` $beta `mean` $mean `var` $var `epsilon` $epsilon
    attr-dict `:` type($input) `->` type($result)
  }];
}

def Xplat_ChannelAffineOp : Xplat_OneOperandOp<"channel_affine", ["getIndexing", "getPortNames", "getPortFormats",
    "getFurtherOperations"],
    [DeclareOpInterfaceMethods<Xplat_WeightedOpInterface, ["moveChannels"]>, Xplat_ChannelOpInterface]> {
  let summary = "x · weight + bias, with one weight and one bias for every slice along a dimension";
  let description = [{
    Scales and shifts by constants of the model and by normalisations take this form. No kernel
    implements it. `xplat-fold-affine` folds it into weights before or after it, and
    `xplat-lower-affine` turns the rest into depthwise convolutions of one pixel.

    Constraints:
    - (C1) operand and result have the same shape, of which `dim` is a dimension
    - (C2) the weight is a parameter of as many elements as the operand has along `dim`, in one dimension
    - (C3) so is the bias, if any
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, I64Attr:$dim, FlatSymbolRefAttr:$weight,
                            OptionalAttr<FlatSymbolRefAttr>:$bias), nodeAttributes, calibration);
  let assemblyFormat = [{
    $input `dim` $dim `weight` $weight (`bias` $bias^)? attr-dict `:` type($input) `->` type($result)
  }];
}

#endif // XPLAT_MATRIX_NODES_TD

//===- XplatNodes.td - Boundary, weighted nodes, pooling --------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One op per module-level operation of PyTorch, on tensors in the graph and on
// streams in the dataflow form.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_NODES_TD
#define XPLAT_NODES_TD

include "xplat/IR/XplatNodeBase.td"

//===----------------------------------------------------------------------===//
// Boundary
//===----------------------------------------------------------------------===//

/// How the host moves elements between its tensor and the stream's; absent when it moves none.
defvar hostMovement = (ins OptionalAttr<DenseI64ArrayAttr>:$view, OptionalAttr<DenseI64ArrayAttr>:$permutation);

def Xplat_HostInputOp : Xplat_NodeOp<"host_input", ["getIndexing"],
    [DeclareOpInterfaceMethods<Xplat_HostBoundaryOpInterface>, Xplat_CalibratedOpInterface]> {
  let summary = "a sample enters the system; the host rounds it into the result's format";
  let description = [{
    The host may move elements: it sees the operand, row-major, as a tensor of the extents `view`,
    permutes its dimensions by `permutation`, and fills the result row-major. This costs no
    hardware.

    Constraints:
    - (C1) operand and result have the same shape; with a `view`, they have as many elements as it has, and `permutation` permutes its dimensions
    - (C2) the operand is a tensor of f32 or of integers (indices, masks); where the result holds integers, so does the operand, of at least as many bits
  }];
  let arguments = !con((ins RankedTensorOf<[AnyType]>:$input), hostMovement, nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = [{
    $input (`view` $view^)? (`permutation` $permutation^)? attr-dict `:` type($input) `->` type($result)
  }];
}

def Xplat_HostOutputOp : Xplat_NodeOp<"host_output", ["getIndexing"],
    [DeclareOpInterfaceMethods<Xplat_HostBoundaryOpInterface>]> {
  let summary = "a result leaves the system; the host reads it, exactly";
  let description = [{
    The host may move elements, as for [host_input](#xplathost_input).

    Constraints:
    - (C1) operand and result have the same shape; with a `view`, they have as many elements as it has, and `permutation` permutes its dimensions
    - (C2) the result is a tensor of f32; where the operand holds integers, of integers of at least as many bits
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input), hostMovement, nodeAttributes);
  let results = (outs RankedTensorOf<[AnyType]>:$result);
  let assemblyFormat = [{
    $input (`view` $view^)? (`permutation` $permutation^)? attr-dict `:` type($input) `->` type($result)
  }];
}

//===----------------------------------------------------------------------===//
// Matrix-vector and convolution
//===----------------------------------------------------------------------===//

def Xplat_LinearOp : Xplat_NodeOp<"linear", ["getIndexing", "getDimensionNames", "getPortNames", "getPortFormats",
    "getConstantNames", "getConstants", "getPlainConstants"],
    [Xplat_CalibratedOpInterface, Xplat_WeightedOpInterface, Xplat_ChannelOpInterface,
     DeclareOpInterfaceMethods<Xplat_ProductOpInterface>]> {
  let summary = "y = x · weightᵀ + bias over the last dimension (torch.nn.functional.linear)";
  let description = [{
    With an `accumulator`, the products of the blocks of operand and weight are summed on its grid
    ([products of blocks](Formats.md#products-of-blocks)).

    Constraints:
    - (C1) operand and result have equal rank ≥ 1 and equal outer extents
    - (C2) the weight is a parameter of shape [n, k]
    - (C3) the bias, if any, is a parameter of shape [n]
    - (C4) an accumulator is signed fixed point of 2 to 48 bits with one scale; operand and weight then have block formats with blocks of one size along k, and the result is fixed point
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, FlatSymbolRefAttr:$weight,
                            OptionalAttr<FlatSymbolRefAttr>:$bias), accumulation, nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = [{
    $input `weight` $weight (`bias` $bias^)? (`accumulator` $accumulator^)? attr-dict `:` type($input) `->`
    type($result)
  }];
}

def Xplat_Conv2DOp : Xplat_NodeOp<"conv2d", ["getIndexing", "getDimensionNames", "getPortNames", "getPortFormats",
    "getConstantNames", "getConstants", "getPlainConstants"],
    [Xplat_CalibratedOpInterface, Xplat_WeightedOpInterface, Xplat_ChannelOpInterface,
     DeclareOpInterfaceMethods<Xplat_ProductOpInterface, ["countSummedBlocks"]>]> {
  let summary = "two-dimensional convolution (torch.nn.functional.conv2d)";
  let description = [{
    `ic` counts the input channels of one group. The padding is two numbers, above and left as well as below and right,
    or four: above, left, below, right. Positions of the window are `dilation` rows and columns apart, which is one when
    it is not stated; the window's extent is (kernel - 1)·dilation + 1. With an `accumulator`, the products of the blocks
    of operand and weight, of each position of the window, are summed on its grid
    ([products of blocks](Formats.md#products-of-blocks)).

    Constraints:
    - (C1) operand and result have rank 4 and a batch of one
    - (C2) the groups divide input and output channels
    - (C3) the weight is a parameter of shape [oc, ic, kh, kw]
    - (C4) the bias, if any, is a parameter of shape [oc]
    - (C5) strides and dilations are positive; paddings are not negative and smaller than the extent
    - (C6) the result's height and width are (in + paddings - extent) / stride + 1, rounded down, and positive
    - (C7) an accumulator is signed fixed point of 2 to 48 bits with one scale; operand and weight then have block formats with blocks of one size along ic, none of which reaches over two groups, and the result is fixed point
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, FlatSymbolRefAttr:$weight,
                            OptionalAttr<FlatSymbolRefAttr>:$bias, DenseI64ArrayAttr:$stride,
                            DenseI64ArrayAttr:$padding, OptionalAttr<DenseI64ArrayAttr>:$dilation,
                            I64Attr:$groups), accumulation, nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = [{
    $input `weight` $weight (`bias` $bias^)? `stride` $stride `padding` $padding (`dilation` $dilation^)?
    `groups` $groups (`accumulator` $accumulator^)? attr-dict `:` type($input) `->` type($result)
  }];
}

def Xplat_DepthwiseConv2DOp : Xplat_NodeOp<"depthwise_conv2d", ["getIndexing", "getDimensionNames", "getPortNames",
    "getPortFormats", "getConstantNames", "getConstants", "getPlainConstants"],
    [Xplat_CalibratedOpInterface, Xplat_WeightedOpInterface, Xplat_ChannelOpInterface]> {
  let summary = "convolution of every channel with a filter of its own (conv2d with groups = channels)";
  let description = [{
    Padding and dilation are those of conv2d.

    Constraints:
    - (C1) operand and result have rank 4, a batch of one and the same channels
    - (C2) the weight is a parameter of shape [c, 1, kh, kw]
    - (C3) the bias, if any, is a parameter of shape [c]
    - (C4) strides and dilations are positive; paddings are not negative and smaller than the extent
    - (C5) the result's height and width are (in + paddings - extent) / stride + 1, rounded down, and positive
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, FlatSymbolRefAttr:$weight,
                            OptionalAttr<FlatSymbolRefAttr>:$bias, DenseI64ArrayAttr:$stride,
                            DenseI64ArrayAttr:$padding, OptionalAttr<DenseI64ArrayAttr>:$dilation),
                       nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = [{
    $input `weight` $weight (`bias` $bias^)? `stride` $stride `padding` $padding (`dilation` $dilation^)?
    attr-dict `:` type($input) `->` type($result)
  }];
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

class Xplat_PoolOp<string mnemonic, list<Trait> traits> : Xplat_NodeOp<mnemonic, ["getIndexing", "getDimensionNames",
    "getConstantNames", "getConstants", "getPlainConstants", "getFurtherOperations"], traits> {
  let results = (outs Xplat_TensorOrStream:$result);
}

def Xplat_MaxPool2DOp : Xplat_PoolOp<"max_pool2d",
    [DeclareOpInterfaceMethods<Xplat_CalibratedOpInterface, ["keepsFormat"]>, Xplat_ChannelOpInterface]> {
  let summary = "largest element of each window; padding does not count";
  let description = [{
    Padding and dilation are those of conv2d. Padding below and right of more than half the window is what `ceil_mode`
    of PyTorch adds.

    Constraints:
    - (C1) operand and result have rank 4, a batch of one and the same channels
    - (C2) strides, dilations and window are positive; paddings are 0 or more and smaller than the extent
    - (C3) the result's height and width are (in + paddings - extent) / stride + 1, rounded down, and positive
    - (C4) paddings above and left are at most half the extent
    - (C5) every window holds an element: with padding above or left, the operand is no smaller than the dilation
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, DenseI64ArrayAttr:$kernel_size, DenseI64ArrayAttr:$stride,
                            DenseI64ArrayAttr:$padding, OptionalAttr<DenseI64ArrayAttr>:$dilation),
                       nodeAttributes, calibration);
  let assemblyFormat = [{
    $input `window` $kernel_size `stride` $stride `padding` $padding (`dilation` $dilation^)?
    attr-dict `:` type($input) `->` type($result)
  }];
}

def Xplat_AvgPool2DOp : Xplat_PoolOp<"avg_pool2d",
    [Xplat_CalibratedOpInterface, Xplat_ChannelOpInterface, Xplat_SignOpInterface]> {
  let summary = "mean of each window, padding zeros counted (count_include_pad=True)";
  let description = [{
    The sum is exact, the division by kh · kw is exact, and the quotient is rounded once. The padding is that of conv2d.

    Constraints:
    - (C1) operand and result have rank 4, a batch of one and the same channels
    - (C2) strides and window are positive; paddings are 0 or more and smaller than the window
    - (C3) the result's height and width are (in + paddings - window) / stride + 1, rounded down, and positive
    - (C4) paddings above and left are at most half the window
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, DenseI64ArrayAttr:$kernel_size, DenseI64ArrayAttr:$stride,
                            DenseI64ArrayAttr:$padding), nodeAttributes, calibration);
  let assemblyFormat = [{
    $input `window` $kernel_size `stride` $stride `padding` $padding attr-dict `:` type($input) `->` type($result)
  }];
}

def Xplat_GlobalAvgPool2DOp : Xplat_NodeOp<"global_avg_pool2d", ["getIndexing", "getDimensionNames",
    "getFurtherOperations"], [Xplat_CalibratedOpInterface, Xplat_ChannelOpInterface, Xplat_SignOpInterface]> {
  let summary = "mean over height and width";
  let description = [{
    Constraints:
    - (C1) the operand is [1, C, H, W], the result [1, C, 1, 1] or [1, C]
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input), nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

//===----------------------------------------------------------------------===//
// Transposed convolution
//===----------------------------------------------------------------------===//

def Xplat_ConvTranspose2DOp : Xplat_NodeOp<"conv_transpose2d", ["getIndexing", "getDimensionNames", "getPortNames",
    "getPortFormats", "getConstantNames", "getConstants", "getPlainConstants"],
    [Xplat_CalibratedOpInterface, Xplat_WeightedOpInterface,
     DeclareOpInterfaceMethods<Xplat_DecomposableOpInterface>]> {
  let summary = "gradient of conv2d with respect to its operand (torch.nn.functional.conv_transpose2d, dilation 1)";
  let description = [{
    Every operand position adds a window to the result; `oc` counts the result channels of one
    group. `xplat-decompose` writes it as a convolution and a pixel shuffle.

    Constraints:
    - (C1) operand and result have rank 4 and a batch of one
    - (C2) the groups divide input and output channels
    - (C3) the weight is a parameter of shape [ic, oc / groups, kh, kw]
    - (C4) the bias, if any, is a parameter of shape [oc]
    - (C5) strides are positive; paddings are not negative; both are at most 2^20
    - (C6) the result's height and width exceed (in - 1)·stride - 2·padding + kernel by 0 … stride - 1 and are positive
  }];
  let arguments = !con((ins Xplat_TensorOrStream:$input, FlatSymbolRefAttr:$weight,
                            OptionalAttr<FlatSymbolRefAttr>:$bias, DenseI64ArrayAttr:$stride,
                            DenseI64ArrayAttr:$padding, I64Attr:$groups), nodeAttributes, calibration);
  let results = (outs Xplat_TensorOrStream:$result);
  let assemblyFormat = [{
    $input `weight` $weight (`bias` $bias^)? `stride` $stride `padding` $padding `groups` $groups
    attr-dict `:` type($input) `->` type($result)
  }];
}

#endif // XPLAT_NODES_TD

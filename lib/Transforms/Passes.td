//===- Passes.td - The passes of xplat --------------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One `def` per pass; the code is one file named after it in Software/,
// Hardware/ or Lowering/, the test one file named after its flag in test/lit/.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_PASSES_TD
#define XPLAT_PASSES_TD

include "mlir/Pass/PassBase.td"

//===----------------------------------------------------------------------===//
// Software: the graph before it is hardware
//===----------------------------------------------------------------------===//

def FoldAffine : Pass<"xplat-fold-affine", "::mlir::ModuleOp"> {
  let summary = "fold scales and shifts per channel into the weights beside them";
  let description = [{
    Reads nodes that scale and shift the channels of a value: batch normalisation
    in evaluation mode (`ChannelAffineOpInterface`), `xplat.channel_affine` and,
    with `constants`, element-wise nodes that multiply by and add constants. These
    constants may differ along one dimension at most. A division by one number
    becomes a multiplication.

    - If the preceding node has weights (`WeightedOpInterface`) and no other
      reader, its weight and bias become derived parameters that include the
      scale and shift.
    - Otherwise, if all readers have weights, their weights and biases do. A shift
      cannot be folded into a following convolution that pads with zeros, because
      the padding would be shifted, too.
    - Otherwise the node becomes an `xplat.channel_affine`, with a remark that says
      why. A node with a single number stays: an element-wise node computes it
      exactly.

    The preceding node takes over the calibrated range and the requested format of
    a folded node. The sparsity attribute of a pruned weight is kept. A node is not
    folded when a format is requested for a value that would disappear, when fixed
    scales are requested for the weight, or when one of the nodes is mapped
    already. Preserves the function that the graph computes. Never fails.

    ```mlir
    xplat.param @w : tensor<8x3x3x3xf32>
    xplat.param @gamma : tensor<8xf32>
    xplat.param @beta : tensor<8xf32>
    xplat.param @mean : tensor<8xf32>
    xplat.param @var : tensor<8xf32>
    func.func @forward(%x: tensor<1x3x8x8xf32>) -> tensor<1x8x8x8xf32> {
      %0 = xplat.conv2d %x weight @w stride [1, 1] padding [1, 1] groups 1
          : tensor<1x3x8x8xf32> -> tensor<1x8x8x8xf32>
      %1 = xplat.batch_norm %0 gamma @gamma beta @beta mean @mean var @var epsilon 1.0e-05
          : tensor<1x8x8x8xf32> -> tensor<1x8x8x8xf32>
      return %1 : tensor<1x8x8x8xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let options = [Option<"constants", "constants", "bool", "true", "read element-wise nodes with constants, too">];
  let statistics = [Statistic<"numFolded", "num-folded", "Nodes folded into weights">,
                    Statistic<"numFound", "num-found", "Element-wise nodes that were scales and shifts">];
}

def LowerAffine : Pass<"xplat-lower-affine", "::mlir::ModuleOp"> {
  let summary = "compute scales and shifts per channel by depthwise convolutions of one pixel";
  let description = [{
    Reads nodes on tensors of f32 that scale and shift channels without a sum
    (`WeightedOpInterface`, e.g. `xplat.channel_affine`). If the channels are
    innermost in the stream layout, the node becomes a depthwise convolution with
    a window of one pixel. Tensors of other ranks are reshaped to images, which
    keeps the stream layout. Any other node stays, with a remark. Preserves the
    function that the graph computes. Never fails.

    ```mlir
    xplat.param @scale : tensor<3xf32>
    func.func @forward(%x: tensor<1x3x8x8xf32>) -> tensor<1x3x8x8xf32> {
      %0 = xplat.channel_affine %x dim 1 weight @scale : tensor<1x3x8x8xf32> -> tensor<1x3x8x8xf32>
      return %0 : tensor<1x3x8x8xf32>
    }
    ```
  }];
  let statistics = [Statistic<"numLowered", "num-lowered", "Nodes that became a depthwise convolution">];
}

def FoldMovement : Pass<"xplat-fold-movement", "::mlir::ModuleOp"> {
  let summary = "remove reshapes and transpositions that the stream layout makes unnecessary";
  let description = [{
    Reads connected regions of nodes that move elements without dropping or
    repeating any (`MovementOpInterface`, e.g. `xplat.reshape`, `xplat.transpose`)
    and of the element-wise nodes between them. The pass computes such a region in
    the element order that most of its neighbours use. Where shapes differ, it
    inserts a reshape that keeps the stream layout, which needs no hardware.

    Neighbours that can use any order are adapted:
    - The host moves elements on its side at no cost in hardware.
    - A constant becomes a derived parameter in another order.
    - A linear layer on one vector gets a derived weight with permuted rows or
      columns.

    A region stays as it is when its elements share bits with their neighbours in
    a block format, or when the rewrite would not reduce the number of nodes that
    change the stream layout. A remark says why. Preserves the function that the
    graph computes. Never fails.

    ```mlir
    xplat.param @w : tensor<10x32xf32>
    func.func @forward(%x: tensor<1x8x2x2xf32>) -> tensor<1x10xf32> {
      %0 = xplat.reshape %x : tensor<1x8x2x2xf32> -> tensor<1x32xf32>
      %1 = xplat.linear %0 weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
      return %1 : tensor<1x10xf32>
    }
    ```
  }];
  let statistics = [Statistic<"numFolded", "num-folded", "Removed nodes that changed the stream layout">];
}

def RemoveChannels : Pass<"xplat-remove-channels", "::mlir::ModuleOp"> {
  let summary = "remove channels that pruning has made zero";
  let description = [{
    Reads the `zero_slices` of parameters (`#xplat.sparsity`) and how the channels
    of a node's result correspond to those of its operands (`ChannelOpInterface`,
    e.g. `xplat.conv2d`; element-wise nodes by their arithmetic). A channel whose
    weights and bias are zero is zero for every sample. The pass removes it from
    the result of the node that computes it, from all nodes that it passes
    through, and from the weights that sum over it. Parameters become derived
    parameters with the remaining slices (`select`). Where several channels are
    combined, as in an addition, a channel is removed only if it is zero in all
    operands. Inputs and outputs of the graph keep all channels, as do values of
    more than 2^24 channels. At least one channel always remains. Preserves the
    function that the graph computes. Never fails.

    ```mlir
    xplat.param @w {sparsity = #xplat.sparsity<n = 1, m = 1, nonzeros = 6, zero_slices = [1]>} : tensor<3x3xf32>
    xplat.param @v : tensor<2x3xf32>
    func.func @forward(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {
      %0 = xplat.linear %x weight @w : tensor<1x3xf32> -> tensor<1x3xf32>
      %1 = xplat.relu %0 : tensor<1x3xf32> -> tensor<1x3xf32>
      %2 = xplat.linear %1 weight @v : tensor<1x3xf32> -> tensor<1x2xf32>
      return %2 : tensor<1x2xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let statistics = [Statistic<"numRemoved", "num-removed", "Channels removed from nodes with parameters">];
}

def RemoveUnusedParams : Pass<"xplat-remove-unused-params", "::mlir::ModuleOp"> {
  let summary = "remove unused parameters and private functions";
  let description = [{
    Reads `xplat.param`s, private functions and their uses. Removes every one that
    no node of the graph, no memory and no derivation of a used parameter refers
    to. Removes nothing, with a remark, if the module contains an unregistered op,
    since that may refer to any symbol. Never fails.

    ```mlir
    xplat.param @w : tensor<10x32xf32>
    xplat.param @unused : tensor<3xf32>
    func.func @forward(%x: tensor<1x32xf32>) -> tensor<1x10xf32> {
      %0 = xplat.linear %x weight @w : tensor<1x32xf32> -> tensor<1x10xf32>
      return %0 : tensor<1x10xf32>
    }
    ```
  }];
  let statistics = [Statistic<"numRemoved", "num-removed", "Parameters and functions removed">];
}

def FuseAttention : Pass<"xplat-fuse-attention", "::mlir::ModuleOp"> {
  let summary = "find attention in products and a softmax";
  let description = [{
    Replaces a product, a softmax and another product by one `xplat.attention`
    when all of this holds:
    - The softmax runs along the last dimension (`SoftmaxOpInterface`), and a
      product (`ContractionOpInterface`) is the only reader of its result.
    - The operand of the softmax is a * scores + mask, where the scores come from
      another product. Element-wise nodes in between are interpreted by their
      arithmetic, not by their names. A factor on the queries is found, too, even
      before nodes that only move elements.
    - No other node reads a value in between, and no format is requested for one.
    - Values are f32 and of rank 2 to 4; the mask may have any rank.

    The pass adds reshapes and a transposition if the products have other ranks or
    orders. A softmax before a product that does not match stays, with a remark;
    so does one whose scores are integers in between, or whose product of factors
    f32 cannot represent. Preserves the function that the graph computes with one
    exception: where all operands of a softmax are minus infinity, a softmax
    without `blind_zero` gives NaN, but attention gives zeros. Never fails.

    ```mlir
    func.func @forward(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %v: tensor<1x2x8x4xf32>)
        -> tensor<1x2x8x4xf32> {
      %0 = xplat.matmul %q, %k transposed
          : tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32> -> tensor<1x2x8x8xf32>
      %1 = xplat.splat 2.0 : tensor<1x2x8x8xf32>
      %2 = xplat.div %0, %1 : tensor<1x2x8x8xf32>, tensor<1x2x8x8xf32> -> tensor<1x2x8x8xf32>
      %3 = xplat.softmax %2 dim 3 : tensor<1x2x8x8xf32> -> tensor<1x2x8x8xf32>
      %4 = xplat.matmul %3, %v : tensor<1x2x8x8xf32>, tensor<1x2x8x4xf32> -> tensor<1x2x8x4xf32>
      return %4 : tensor<1x2x8x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let statistics = [Statistic<"numFused", "num-fused", "Attentions found">];
}

def DecomposeAttention : Pass<"xplat-decompose-attention", "::mlir::ModuleOp"> {
  let summary = "compute attention by products and a softmax";
  let description = [{
    Reads nodes on tensors of f32 that can be decomposed into simpler ones
    (`DecomposableOpInterface`, e.g. `xplat.attention`) and replaces them. Attention
    becomes a product, a factor, a mask, a softmax and another product. Heads of
    keys and values are repeated for the queries that share them. Causal attention
    sets `causal` on the softmax; no mask tensor is created. With a mask, which may
    hide all keys from a query, the softmax is `blind_zero`.

    A node that is quantized stays, with a remark, since this pass runs before
    calibration. So does one whose scores would have more than 2^40 elements.
    Preserves the function that the graph computes. Never fails.

    ```mlir
    func.func @forward(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %v: tensor<1x2x8x4xf32>)
        -> tensor<1x2x8x4xf32> {
      %0 = xplat.attention %q, %k, %v scale 0.5 causal
          : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
      return %0 : tensor<1x2x8x4xf32>
    }
    ```
  }];
  let statistics = [Statistic<"numDecomposed", "num-decomposed", "Nodes decomposed">];
}

def FoldConstants : Pass<"xplat-fold-constants", "::mlir::ModuleOp"> {
  let summary = "fold subgraphs that do not depend on the sample into constants";
  let description = [{
    Reads nodes whose operands are all constants (`ConstantOpInterface`, e.g.
    `xplat.constant` and `xplat.splat`, and nodes computed from these). If all
    elements of the result are one number, the node becomes that number. Any other
    constant node that the rest of the graph reads becomes an `xplat.constant`. Its
    parameter is derived by `evaluate`: a private function holds the nodes. Its
    arguments are the parameters of the constants among them; parameters of other
    nodes, such as a table, it reads by symbol. So all of them stay trainable.

    Only tensors of f32 and of integers are folded, since number formats come
    later. A node whose operand has a requested format (`quantization`) stays,
    unless it only moves elements: then the request moves to the constant.

    Two kinds of nodes stay, with a remark:
    - nodes for which a block format is requested along another dimension than a
      constant's blocks would run along
    - nodes whose result is too large to be worth storing: more than four times
      the elements of the parameters that it is computed from, plus `max-growth`.
      Their operands are folded instead.

    Preserves the function that the graph computes. Fails when `max-growth` is
    negative.

    ```mlir
    xplat.param @positions : tensor<1x16x4xf32>
    func.func @forward(%x: tensor<1x8x4xf32>) -> tensor<1x8x4xf32> {
      %0 = xplat.constant @positions : tensor<1x16x4xf32>
      %1 = xplat.slice %0 starts [0, 0, 0] steps [1, 1, 1] : tensor<1x16x4xf32> -> tensor<1x8x4xf32>
      %2 = xplat.add %x, %1 : tensor<1x8x4xf32>, tensor<1x8x4xf32> -> tensor<1x8x4xf32>
      return %2 : tensor<1x8x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let options = [Option<"maxGrowth", "max-growth", "int64_t", "65536",
                        "elements that a folded result may have beyond four times those it is computed from">];
  let statistics = [Statistic<"numFolded", "num-folded", "Subgraphs that became a parameter">,
                    Statistic<"numUniform", "num-uniform", "Nodes that became one number">,
                    Statistic<"numTooLarge", "num-too-large", "Nodes whose result would be too large">];
}

def FuseElementwise : Pass<"xplat-fuse-elementwise", "::mlir::ModuleOp"> {
  let summary = "make one node of a chain of element-wise ones";
  let description = [{
    Reads element-wise nodes (`ElementwiseOpInterface`) on tensors of f32. The last
    node of a chain absorbs every preceding node that has no other reader.
    Constants whose elements are all one number become constants of the body. The
    fused node is rounded once, where the chain would have been rounded after every
    node. Its location combines the locations of all nodes; the last node's comes
    first and gives the name. A single node stays as it is. A node before the last
    one, or a constant, is not absorbed when a format other than f32 is requested
    for it (`quantization`). Preserves the function that the graph computes. Fails
    when `max-inputs` is negative.

    ```mlir
    func.func @forward(%x: tensor<1x4xf32>, %y: tensor<1x4xf32>) -> tensor<1x4xf32> {
      %0 = xplat.add %x, %y : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
      %1 = xplat.splat 0.5 : tensor<1x4xf32>
      %2 = xplat.mul %0, %1 : tensor<1x4xf32>, tensor<1x4xf32> -> tensor<1x4xf32>
      %3 = xplat.relu %2 : tensor<1x4xf32> -> tensor<1x4xf32>
      return %3 : tensor<1x4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let options = [Option<"maxInputs", "max-inputs", "int64_t", "8", "streams that a fused node may read">];
  let statistics = [Statistic<"numFused", "num-fused", "Chains fused">,
                    Statistic<"numNodes", "num-nodes", "Nodes that they had">];
}

def Quantize : Pass<"xplat-quantize", "::mlir::ModuleOp"> {
  let summary = "give every value and parameter a number format";
  let description = [{
    Reads the formats requested for nodes (`quantization`; the options give what
    is absent there) and `absmax` on nodes and parameters, which calibration
    writes. Changes the element type of every value, and the parameters to derived
    ones. Integers stay integers. The host interface stays f32, and so do values
    for which f32 is requested.

    - `iN` is signed fixed point of N bits with the largest F such that
      absmax <= (2^(N-1) - 1) * 2^-F. Weights have one F for the whole or one per
      slice along dimension 0.
    - Every other format is used as it is. The blocks of a block format run along
      the channels of a value, and along the dimension of a weight that products
      sum over.
    - Nodes that only select among their operand's elements keep its format;
      element-wise ones among them get another format if it is requested for them.
    - A bias has 32 bits at the scale of the accumulator when operand and weight
      are fixed point; otherwise it stays f32. The F of a weight is lowered when
      its bias would not fit these 32 bits, and changed when the result would need
      a shift outside [-32, 31].
    - Parameters whose elements are copied into the result (embedding tables,
      constants) use the result's format. All other parameters (gammas, betas) are
      fixed point of 16 bits.

    Fails
    - when a node or parameter needs a scale but has no `absmax`, or one beyond the
      largest scale, 2^60 (constants of 2^100 and more are masks, and saturate)
    - when the requested format of a weight leaves too few bits for its bias
    - when a tensor has no dimension for the blocks of its format
    - when the graph is quantized already
    - at a batch norm that was not folded

    ```mlir
    xplat.param @w {absmax = array<f64: 0.9, 0.2>} : tensor<2x4xf32>
    xplat.param @b {absmax = array<f64: 0.5>} : tensor<2xf32>
    func.func @forward(%x: tensor<1x4xf32>) -> tensor<1x2xf32> {
      %0 = xplat.host_input %x {absmax = 1.0 : f64} : tensor<1x4xf32> -> tensor<1x4xf32>
      %1 = xplat.linear %0 weight @w bias @b {absmax = 3.0 : f64} : tensor<1x4xf32> -> tensor<1x2xf32>
      %2 = xplat.relu %1 {absmax = 1.5 : f64} : tensor<1x2xf32> -> tensor<1x2xf32>
      %3 = xplat.host_output %2 : tensor<1x2xf32> -> tensor<1x2xf32>
      return %3 : tensor<1x2xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect", "::xplat::XplatDialect"];
  let options = [
    Option<"width", "width", "unsigned", "8", "bits of a value, 2 to 16">,
    Option<"weightWidth", "weight-width", "unsigned", "8", "bits of a weight, 2 to 16">,
    Option<"perChannel", "per-channel", "bool", "true", "a scale for each output channel of a weight">,
    Option<"valueFormat", "value", "std::string", "\"\"",
           "format of a value instead of 'width': iN or a type, e.g. !xplat.msfp<4,16>">,
    Option<"weightFormat", "weight", "std::string", "\"\"", "format of a weight instead of 'weight-width'">
  ];
  let statistics = [Statistic<"numValues", "num-values", "Values that got a format of their own">,
                    Statistic<"numParams", "num-params", "Parameters quantized">];
}

//===----------------------------------------------------------------------===//
// Lowering
//===----------------------------------------------------------------------===//

def LowerToCirct : Pass<"xplat-lower-to-circt", "::mlir::ModuleOp"> {
  let summary = "turn the dataflow form into hw, comb, seq and esi for CIRCT";
  let description = [{
    Reads the graph that the module's `xplat.mapping` names: streams between
    bound and placed nodes, with the roms of their parameters. Replaces the
    contents of the module by hardware in CIRCT's generic form:

    - `<device>`: one `hw.module` for each device instance with work, its streams
      to the host `!esi.channel` ports `in0, in1, …` and `out0, out1, …`. With
      streams that cross, it wraps `<device>_core` with the ends of the links,
      which have the ports `<link>_phit_valid`, `<link>_phit_data` and
      `<link>_credit`.
    - `xplat_system`: the devices joined by cables of the links' latency.
    - `xplat_system_direct`, when streams cross: the cores joined by channels.

    The kernel of a node decides: `rtl` becomes an instance of its module with a
    memory behind each memory port, `generated` a module of comb and seq from the
    node's datapath, `wire` nothing, `port` a port of the system. Locations are
    kept, so Verilog names the model's lines.

    ```mlir
    xplat.device @board fpga part "xc7z020clg484-1" clock_mhz 100.0 resources <lut = 53200> source "data sheet" {}
    xplat.system @one { xplat.instance @fpga0 of @board }
    xplat.mapping @forward on @one clock_mhz 100.0 cycles 2 latency_cycles 1 bound_cycles 2 bound_kind node
        bound_reason "relu" bottleneck "relu" usage []
    xplat.kernel @host_input implements "xplat.host_input" port { cycles (n) latency (0) buffer (0) area lut (0) }
    xplat.kernel @host_output implements "xplat.host_output" port { cycles (n) latency (0) buffer (0) area lut (0) }
    xplat.kernel @relu implements "xplat.relu" generated { cycles (n) latency (1) buffer (1) area lut (0) }
    !stream = !xplat.stream<1x8x!quant.uniform<i8:f32, 6.25e-02>, 4>
    #lanes = #xplat.unroll<1, 4>
    #fpga0 = #xplat.place<@one::@fpga0>
    func.func @forward(%x: tensor<1x8xf32>) -> tensor<1x8xf32> {
      %0 = xplat.host_input %x {kernel = @host_input, unroll = #lanes, place = #fpga0} : tensor<1x8xf32> -> !stream
      %1 = xplat.relu %0 {kernel = @relu, unroll = #lanes, place = #fpga0} : !stream -> !stream
      %2 = xplat.host_output %1 {kernel = @host_output, unroll = #lanes, place = #fpga0} : !stream -> tensor<1x8xf32>
      return %2 : tensor<1x8xf32>
    }
    ```

    Fails when there is no single mapping, when a node is unbound, unplaced or
    not on streams, when a stream has not exactly one reader or changes device
    without a link, and when a memory lacks its rom.
  }];
  let dependentDialects = ["circt::HWDialect", "circt::CombDialect", "circt::SeqDialect", "circt::ESIDialect",
                           "circt::SVDialect", "circt::CirctDialect"];
  let statistics = [
    Statistic<"numDevices", "devices", "device modules built">,
    Statistic<"numNodes", "nodes", "nodes turned into hardware">
  ];
}

//===----------------------------------------------------------------------===//
// Hardware: from nodes to kernels on devices
//===----------------------------------------------------------------------===//

def LinkLibrary : Pass<"xplat-link-library", "::mlir::ModuleOp"> {
  let summary = "merge the symbols of other files into the module";
  let description = [{
    Parses each of `files` (kernel contracts, devices, systems) and moves its
    kernels, devices and systems into the module. Ops keep the location of their
    file; the `files` of a kernel are relative to it. A symbol that the module has
    already must be defined identically. Fails when a file is missing or cannot be
    parsed, or when a symbol has two different definitions.
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let options = [ListOption<"files", "files", "std::string", "files to merge, in order; a byte of a path may be written as % and two hexadecimal "
                                   "digits">];
  let statistics = [Statistic<"numSymbols", "num-symbols", "Symbols merged">];
}

def BindKernels : Pass<"xplat-bind-kernels", "::mlir::ModuleOp"> {
  let summary = "give every node a kernel that implements it";
  let description = [{
    Considers, for each node without a kernel, the kernels whose `where` clause
    holds for it, and binds the one with the fewest cycles under the node's unroll
    factors. Of kernels with equal cycles it takes the first in the module. Nodes
    that have a kernel keep it, if it fits.

    Fails when no kernel implements a node. The error lists all such nodes, with
    the reason why each candidate does not fit; with `partial` they stay unbound
    instead. Constants that only such nodes read are not listed.
  }];
  let options = [Option<"partial", "partial", "bool", "false", "leave nodes that no kernel fits unbound">];
  let statistics = [Statistic<"numBound", "num-bound", "Nodes bound">];
}

def AnnotateCost : Pass<"xplat-annotate-cost", "::mlir::ModuleOp"> {
  let summary = "write rate and area of every node, from its kernel's formulas";
  let description = [{
    Reads kernel and unroll factors of each node; writes `rate` and `area`.
    Fails when a node is not bound, or its kernel's formulas have no value.
  }];
}

def ChooseUnroll : Pass<"xplat-choose-unroll", "::mlir::ModuleOp"> {
  let summary = "choose the cheapest unroll factors that reach a number of cycles";
  let description = [{
    Gives every node the unroll factors with the least area among those with at
    most `target-cycles` cycles per sample. Width converters between neighbours
    with different lanes count as area. Each resource is weighted by the inverse
    of its amount in the system; without a system, typical proportions of FPGAs
    are used. Fails when a node is not bound, or needs more cycles at every unroll.
  }];
  let options = [
    Option<"targetCycles", "target-cycles", "int64_t", "0", "clock cycles per sample to reach">,
    Option<"system", "system", "std::string", "\"\"", "system whose resources give the weights; default: the module's only one">
  ];
}

def BalanceRates : Pass<"xplat-balance-rates", "::mlir::ModuleOp"> {
  let summary = "choose unroll factors for the highest throughput that fits the system";
  let description = [{
    Finds the smallest number of cycles per sample for which the cheapest unroll
    factors that reach it can be placed on the system, and writes these factors.
    The slowest node determines the cycles; every other node gets the cheapest
    factors that are fast enough. `target-cycles` fixes the number instead. Reads
    kernels and the system; changes unroll factors only. Fails when nothing fits.
    The error says which resource is exceeded, by how much, and what would make
    the graph fit.
  }];
  let options = [
    Option<"system", "system", "std::string", "\"\"", "system to map to; default: the module's only one">,
    Option<"maxUtilization", "max-utilization", "double", "0.8", "share of each resource that may be used">,
    Option<"targetCycles", "target-cycles", "int64_t", "0", "cycles per sample to reach; 0: as few as fit">
  ];
  let statistics = [Statistic<"numConfigurations", "num-configurations", "Unroll choices considered">,
                    Statistic<"numTargets", "num-targets", "Numbers of cycles tried">];
}

def Partition : Pass<"xplat-partition", "::mlir::ModuleOp"> {
  let summary = "place every node on a device of the system";
  let description = [{
    Reads kernels, unroll factors and the system; writes `place` on every node
    and `xplat.mapping`: predicted cycles and latency, the bound on cycles that
    no mapping of this graph to this system can beat, and the use of each
    device. Every device keeps within its budget. Nodes of the host interface
    keep within their device's memory bandwidth. Streams cross only between
    devices that a cable connects, each in a slice of the cable's bits that
    keeps up. Among the placements that satisfy this, the pass minimises the
    bits that cross, then the utilization of the fullest device. Fails when it
    finds no such placement. The error says which resource is exceeded, by how
    much, and what would make the graph fit.
  }];
  let options = [
    Option<"system", "system", "std::string", "\"\"", "system to map to; default: the module's only one">,
    Option<"maxUtilization", "max-utilization", "double", "0.8", "share of each resource that may be used">,
    Option<"solver", "solver", "::xplat::PartitionSolver", "::xplat::PartitionSolver::automatic",
           "how to search for a placement", [{::llvm::cl::values(
             clEnumValN(::xplat::PartitionSolver::automatic, "automatic", "cuts for few devices, else path"),
             clEnumValN(::xplat::PartitionSolver::cuts, "cuts", "every cut of the graph's order, every order of devices"),
             clEnumValN(::xplat::PartitionSolver::path, "path", "dynamic programming along paths of cables"))}]>
  ];
}

def VerifyMapping : Pass<"xplat-verify-mapping", "::mlir::ModuleOp"> {
  let summary = "check that a mapping is complete and within all budgets (contract 2)";
  let description = [{
    Recomputes the mapping from attributes alone and reports every violation:
    - Every node has a kernel that fits it, legal unroll factors, a placement on
      an instance of the system, and the rate and area that its kernel gives.
    - Every device has the resources that its nodes need, every stream between
      devices a cable with enough bits, every node of the host interface the
      memory bandwidth.
    - `xplat.mapping` states the same figures.
    Changes nothing.
  }];
  let options = [
    Option<"maxUtilization", "max-utilization", "double", "1.0", "share of each resource that may be used">
  ];
}

//===----------------------------------------------------------------------===//
// Dataflow: the mapped graph as streams
//===----------------------------------------------------------------------===//

def ConvertToDataflow : Pass<"xplat-convert-to-dataflow", "::mlir::ModuleOp"> {
  let summary = "make streams of tensors, and forks, width converters and links explicit";
  let description = [{
    Reads the graph of the module's `xplat.mapping`, whose nodes are bound to
    kernels and placed. Every tensor between nodes becomes a stream with the lanes
    that its producer has under its unroll factors. The host interface keeps its
    tensors. The pass inserts

    - an `xplat.fork` for a value with several readers
    - a width converter (`xplat.rewidth`) before readers with other lanes
    - an `xplat.link` to readers on another device, one for all readers there. It
      has the narrowest slice of the cable that meets the mapping's cycles, and
      the credits that sustain full rate. A width converter beside a link is put
      on the side that makes the slice narrower.

    These structure ops are bound, placed and named after the edge. Preserves the
    values on the streams. Nodes that nothing reads are removed.

    Fails at nodes that are not bound or placed, at streams between devices that
    no cable connects, and at cables with too few bits.

    ```mlir
    %0 = xplat.host_input %x {kernel = @host_input, unroll = #xplat.unroll<4, 4>, place = #xplat.place<@rack::@a>}
        : tensor<1x4x2x2xf32> -> tensor<1x4x2x2x!q>
    %1 = xplat.relu %0 {kernel = @relu, unroll = #xplat.unroll<1, 2>, place = #xplat.place<@rack::@a>}
        : tensor<1x4x2x2x!q> -> tensor<1x4x2x2x!q>
    ```
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let statistics = [Statistic<"numStructureOps", "num-structure-ops", "Forks, width converters and links inserted">];
}

def SizeFifos : Pass<"xplat-size-fifos", "::mlir::ModuleOp"> {
  let summary = "insert the FIFOs that let streams flow at full rate, and prove that they do";
  let description = [{
    Reads the dataflow form, every node bound. The period T is the largest
    `cycles` of a node. Finds a periodic schedule in which sources offer one
    sample in T cycles and every node works as early as it can, and verifies it
    against the constraints of `docs/Model.md`. Inserts an `xplat.fifo` on each
    stream where beats wait, deep enough for the schedule. Simulation then
    searches smaller depths that keep T, up to `effort`.

    Simulates the result with sources as fast as they can be: it must not
    deadlock and must reach exactly T cycles per sample. Where the depths are
    those of the verified schedule, which proves both, the simulation stops at
    `simulation-limit`; the statistic `num-not-simulated` counts that. With
    `size=false` nothing is inserted and the simulation always runs to its end.
    Updates the cycles, latency, bottleneck and usage of `xplat.mapping`.
    Preserves the values that travel.

    Fails when a node is not bound, when the buffer of a kernel cannot hold what
    a result needs, on deadlock (naming the nodes that wait for one another),
    and when T is not reached (naming the stream where beats wait longest).

    ```mlir
    %1:2 = xplat.fork %0 {kernel = @fork} : !s -> !s, !s
    %2 = xplat.conv2d %1#0 weight @w … {kernel = @conv2d} : !s -> !s
    %3 = xplat.add %2, %1#1 {kernel = @add} : !s, !s -> !s // %1#1 waits for %2: a FIFO
    ```
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let options = [
    Option<"size", "size", "bool", "true", "insert FIFOs; otherwise check those that there are">,
    Option<"effort", "effort", "int64_t", "5000000", "steps of nodes to simulate in search of smaller FIFOs">,
    Option<"simulationLimit", "simulation-limit", "int64_t", "20000000",
           "steps of nodes to simulate in the check of depths that a schedule proves">
  ];
  let statistics = [Statistic<"numFifos", "num-fifos", "FIFOs inserted">,
                    Statistic<"numBeats", "num-beats", "Beats that they hold">,
                    Statistic<"numNotSimulated", "num-not-simulated", "Designs proven but not simulated to the end">];
}

def PlaceParameters : Pass<"xplat-place-parameters", "::mlir::ModuleOp"> {
  let summary = "give every parameter memory of a kernel its contents";
  let description = [{
    Reads the nodes of the mapping's graph with their kernels, unroll factors
    and parameters. For each memory of a kernel that has words, creates an
    `xplat.rom` called `<node>_<memory>`. It states which dimensions of the
    parameter select the word and which the position in the word; these follow
    from the loops that index the parameter. The memory `shift` holds the values
    F_x + F_weight(c) - F_y per output channel c instead. The node's `roms` refer
    to the memories.

    Fails when a parameter is unknown, when its size differs from that of the
    kernel's memory, and when a shift does not fit its six bits.

    ```mlir
    xplat.param @w : tensor<4x2x!q>
    %1 = xplat.linear %0 weight @w {kernel = @linear, unroll = #xplat.unroll<1, 2, 1>} … loc("fc")
    // makes: xplat.rom @fc_weight of @w permutation [0, 1] tile [2, 1] element_bits 8 word_bits 16 depth 4
    ```
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let statistics = [Statistic<"numMemories", "num-memories", "Memories made">,
                    Statistic<"numBits", "num-bits", "Bits in them">];
}

def VerifyLowerable : Pass<"xplat-verify-lowerable", "::mlir::ModuleOp"> {
  let summary = "check that the dataflow form can become hardware that fits";
  let description = [{
    Reads the mapping and its graph and changes nothing. Fails, naming every
    violation, unless:
    - (L1) the graph has only nodes, and results leave through the host interface
    - (L2) streams lead from node to node
    - (L3) every stream has one reader
    - (L4) every node is bound to a kernel that fits it
    - (L5) every node is placed on an instance of the system
    - (L6) operands are on the node's device
    - (L7) rate and area are those of the kernel
    - (L8) each memory of a kernel that has words has an `xplat.rom` of its size
    - (L9) streams between devices follow a cable that leads there, or two with a switch between them, no faster
      than these are
    - (L10) the resources of devices and the bits of cables suffice; at a switch each port counts what it sends and
      what it receives
  }];
}

#endif // XPLAT_PASSES_TD

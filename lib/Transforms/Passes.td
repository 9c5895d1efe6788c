//===- Passes.td - The passes of xplat --------------------------*- tablegen -*-===//
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
    with `constants`, element-wise nodes whose arithmetic multiplies by and adds
    constants that differ along one dimension at most. A division by one number
    becomes a multiplication.

    - Where the node before has weights (`WeightedOpInterface`) and no other
      consumer, its weight and bias become derived parameters that do both.
    - Else, where all consumers have weights, theirs do. A shift cannot go behind
      a convolution that pads with zeros, because the padding would be shifted too.
    - Else the node becomes an `xplat.channel_affine`, with a remark that says why.
      One number stays what it is: an element-wise node computes it exactly.

    The range of a folded node and the format requested for it go to the node
    before; zeros of a pruned weight stay known. A node is not folded where a
    format is requested for what would disappear, where fixed scales are requested
    for the weight, and where a node is mapped already. Preserves the function that
    the graph computes. Never fails.

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
    Reads nodes that scale and shift channels and sum over nothing
    (`WeightedOpInterface`, e.g. `xplat.channel_affine`), on tensors of f32. Where
    the channels travel innermost, such a node becomes a depthwise convolution with
    a window of one pixel; tensors of other ranks become images without changing
    the order of travel. Elsewhere it stays, with a remark. Preserves the function
    that the graph computes. Never fails.

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
  let summary = "remove reshapes and transpositions that the order of travel makes unnecessary";
  let description = [{
    Reads nodes that move elements without dropping or repeating any
    (`MovementOpInterface`, e.g. `xplat.reshape`, `xplat.transpose`) and the
    element-wise nodes between them. Such a region is computed in the order in
    which most of the nodes around it have their elements; a reshape that keeps
    the order of travel stands where shapes differ, and needs no hardware. Nodes
    around it that can take any order follow: the host moves elements for nothing,
    a constant becomes a derived parameter in another order, and a linear layer on
    one vector gets a derived weight with permuted rows or columns. Where elements
    share bits with their neighbours in a block format, all stays as it is.

    A region is rewritten only when fewer nodes change the order of travel
    afterwards; otherwise a remark says why not. Preserves the function that the
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
  let statistics = [Statistic<"numFolded", "num-folded", "Nodes that changed the order of travel and are gone">];
}

def RemoveChannels : Pass<"xplat-remove-channels", "::mlir::ModuleOp"> {
  let summary = "remove channels that pruning has made zero";
  let description = [{
    Reads the `zero_slices` of parameters (`#xplat.sparsity`) and how channels of
    nodes hang together (`ChannelOpInterface`, e.g. `xplat.conv2d`; element-wise
    nodes by their arithmetic). A channel that is zero for every sample, weights
    and bias, goes from the result of the node that makes it, from all nodes
    that it passes through, and from the weights that sum over it; parameters
    become derived ones with the slices that stay (`select`). Where several
    channels meet, as in an addition, only those go that are zero in all. Inputs
    and outputs of the graph keep theirs, as do values of more than 2^24 channels,
    and at least one channel stays.
    Preserves the function that the graph computes. Never fails.

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
  let summary = "remove parameters and private functions that nothing needs";
  let description = [{
    Reads `xplat.param`s, private functions and their uses. Removes those that
    neither a node of the graph, nor a memory, nor the derivation of a needed
    parameter names. Where an op that no dialect registers may have symbols of its
    own, all stay, with a remark. Never fails.

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
    Reads a softmax along the last dimension (`SoftmaxOpInterface`) whose weights
    only a product reads (`ContractionOpInterface`), and whose operand is
    a * scores + mask, computed from another product by nodes that nothing else
    reads. Element-wise nodes in between are read as arithmetic, whatever they are
    called; a factor on the queries, behind nodes that only move elements, counts
    too. All of it becomes one `xplat.attention`, with reshapes and a transposition
    where the products have other ranks or orders. Ranks 2 to 4 (the mask: any),
    f32. A softmax before a product that is no attention stays, with a remark, and
    so does one where a format is requested between the products, where scores are
    integers in between, or where f32 does not hold a product of factors. A softmax
    of minus infinity alone gives NaN, without `blind_zero`; attention gives zeros.
    Else preserves the function that the graph computes. Never fails.

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
    Reads nodes that know simpler ones (`DecomposableOpInterface`, e.g.
    `xplat.attention`) on tensors of f32, and replaces them: a product, a factor, a
    mask, a softmax, a product, with heads of keys and values repeated for the
    queries that share them. What is causal is said to the softmax and needs no
    mask. Behind a mask, which may hide all keys from a query, the softmax is
    `blind_zero`. A node that is quantized stays, with a remark: this pass goes
    before calibration. So does one whose scores would have more than 2^40 elements.
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
  let summary = "compute once what no sample changes";
  let description = [{
    Reads nodes whose operands are all constants (`ConstantOpInterface`, e.g.
    `xplat.constant` and `xplat.splat`, and what follows from them). A node of
    numbers that are the same everywhere becomes such a number. Any other that
    the rest of the graph reads becomes a constant whose parameter is derived by
    `evaluate`: a private function holds the nodes, its arguments are the
    parameters that constants among them stand for, and those of the others (a
    table) it reads by their symbols, so that all of them stay trainable. Tensors
    of f32 and of integers alone; number formats come later. A node that reads
    what is to be rounded (`quantization`) stays, unless it only moves elements:
    the request then goes to the constant.

    A node whose result shall be in blocks along another dimension than those of a
    constant stays, with a remark. A result of more than four times the elements of
    the model's parameters that it is computed from, plus `max-growth`, is not
    worth storing: its node stays, with a remark, and what it reads is folded
    instead. Preserves the function that the graph computes. Fails
    when `max-growth` is negative.

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
    of a chain takes in every node before it that nothing else reads; constants
    that are one number everywhere become constants of the body. The new node is
    rounded once where the chain would have been rounded after every node; its
    location has those of all, the last one's first, so that it has its name. One
    node alone stays what it is, as does a node before the last, or a constant,
    for which a format other than f32 is requested (`quantization`). Preserves the
    function that the graph computes. Fails when `max-inputs` is negative.

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
    - Every other format is taken as it is. Blocks of shared bits run along the
      channels of a value and along the dimension of a weight that products sum
      over.
    - Nodes that only select among their operand's elements keep its format;
      element-wise ones among them get another format if it is requested for them.
    - A bias has 32 bits at the scale of the accumulator when operand and weight
      are fixed point, and else stays f32. The F of a weight is lowered where its
      bias would not fit these 32 bits, and moved where the result would need a
      shift outside [-32, 31]. A parameter of which the result holds
      elements (a table, a constant) has the result's format. All others (gammas,
      betas) are fixed point of 16 bits.

    Fails when a scale is needed and a node or parameter has no `absmax`, or one
    beyond the largest scale, 2^60 (constants of 2^100 and more are masks, and
    saturate), when a weight whose format is given leaves its bias no room, when
    blocks have no dimension to run along, when the graph is quantized already, and
    at a batch norm that was not folded.

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
  let summary = "turns the dataflow form into hw, comb, seq and esi for CIRCT";
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
    kernels, devices and systems into the module. Ops keep the location of their file, against which
    the `files` of a kernel are resolved. A symbol that the module has already
    must be defined identically. Fails when a file is missing or does not
    parse, or when a symbol has two different definitions.
  }];
  let dependentDialects = ["::xplat::XplatDialect"];
  let options = [ListOption<"files", "files", "std::string", "files to merge, in order; a byte of a path may be written as % and two hexadecimal "
                                   "digits">];
  let statistics = [Statistic<"numSymbols", "num-symbols", "Symbols merged">];
}

def BindKernels : Pass<"xplat-bind-kernels", "::mlir::ModuleOp"> {
  let summary = "give every node a kernel that implements it";
  let description = [{
    Binds each node without a kernel to the kernel with the fewest cycles, under its
    unroll factors, of those whose `where` clause holds for it; of equals the
    first in the order of the module. Nodes that have a kernel keep it, if it
    fits. Fails with all nodes that no kernel implements, and why each candidate
    does not fit; with `partial` those stay unbound. Constants that only such
    nodes read are not listed: they go where their readers go.
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
    most `target-cycles` cycles per sample, where the width converters that
    neighbours with different lanes need count as area. Resources weigh what
    they are scarce in the system, or in proportions usual for FPGAs without
    one. Fails when a node is not bound, or needs more cycles at any unroll.
  }];
  let options = [
    Option<"targetCycles", "target-cycles", "int64_t", "0", "clock cycles per sample to reach">,
    Option<"system", "system", "std::string", "\"\"", "system whose resources weigh; default: the module's only one">
  ];
}

def BalanceRates : Pass<"xplat-balance-rates", "::mlir::ModuleOp"> {
  let summary = "choose unroll factors for the highest throughput that fits the system";
  let description = [{
    Finds the smallest number of cycles per sample for which the cheapest unroll
    factors that reach it can be placed on the system, and writes these factors:
    the slowest node sets the pace, all others get what keeps up with it. With
    `target-cycles` that number is given. Reads kernels and the system; changes
    unroll factors only. Fails when nothing fits: by how much, in which
    resource, and what would make it fit.
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
    Reads the graph of the module's `xplat.mapping`: nodes bound to kernels and
    placed. Every tensor between nodes becomes a stream with the lanes that its
    producer has under its unroll factors; the boundary to the host keeps its
    tensors. A value with several readers gets an `xplat.fork`, readers with
    other lanes an `xplat.rewidth`, readers on another device an `xplat.link`
    (one for all readers there) with the narrowest slice of the cable that
    meets the mapping's cycles and the credits that sustain full rate. A width
    converter beside a link stands where the slice becomes narrower. Structure
    ops are bound and placed, and named after the edge. Preserves the values
    that travel. Nodes that nothing reads disappear.

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
    and parameters. For each memory of the kernel that has words, makes an
    `xplat.rom` called `<node>_<memory>`: which dimensions of the parameter give
    the word and which the place in it, from the loops that index them, or, for
    `shift`, the values F_x + F_weight(c) - F_y per output channel c. The node's
    `roms` name them.

    Fails when a parameter is unknown, when its size is not what the kernel's
    memory holds, and when a shift does not fit its six bits.

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
    - (L1) the graph has nodes alone, and results leave through the boundary
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

//===- Passes.td - Passes on the graph before it is hardware *- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_SOFTWARE_PASSES_TD
#define XPLAT_SOFTWARE_PASSES_TD

include "mlir/Pass/PassBase.td"

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
    change the stream layout. A remark says why. Where nodes that move elements
    follow one another in such a region, one transposition takes their place.
    Preserves the function that the
    graph computes. Never fails.
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
    f32 cannot represent. Scores that are filled with -1000 or less before the
    softmax are hidden: above a diagonal, as `causal` attention does, or where a
    mask says so. Preserves the function that the graph computes with one
    exception: where all scores of a row are filled, a softmax without
    `blind_zero` gives NaN or equal weights, but attention gives zeros. Never fails.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let statistics = [Statistic<"numFused", "num-fused", "Attentions found">];
}

def Decompose : Pass<"xplat-decompose", "::mlir::ModuleOp"> {
  let summary = "compute attention and transposed convolutions by simpler nodes";
  let description = [{
    Reads nodes on tensors of f32 that can be decomposed into simpler ones
    (`DecomposableOpInterface`) and replaces them.

    A transposed convolution of stride s becomes a convolution with s² times the
    channels, one for each position in a square of s × s pixels of the result, and
    a pixel shuffle; then what lies in the padding is cut off. So no product with a
    zero between pixels is computed. The weight is derived from the original one.

    Attention
    becomes a product, a factor, a mask, a softmax and another product. Heads of
    keys and values are repeated for the queries that share them. Causal attention
    sets `causal` on the softmax; no mask tensor is created. Scores that `hidden`
    hides are filled with minus infinity. Heads are matrices one
    after another, [batch · heads, length, depth], since tensors of rank 4 travel
    with channels innermost. The new nodes are named after the original one
    (`attention.scores`); the product that computes the result keeps its name,
    calibrated range and requested format.

    A node that is quantized stays, with a remark, since this pass runs before
    calibration. So does one between whose new nodes a value would have more than
    2^40 elements. Ops
    named in `keep` stay, for kernels that implement them. Preserves the function that the graph computes. Never fails.
  }];
  let options = [ListOption<"keep", "keep", "std::string", "ops that stay, by name">];
  let statistics = [Statistic<"numDecomposed", "num-decomposed", "Nodes decomposed">];
}

def DecomposeNormalizations : Pass<"xplat-decompose-normalizations", "::mlir::ModuleOp"> {
  let summary = "compute softmax and norms by reductions, differences and quotients";
  let description = [{
    Reads nodes on tensors of f32 that relate their elements to a statistic of
    many (`NormalizingOpInterface`, e.g. `xplat.softmax`) and replaces them. A
    softmax becomes maximum, difference, exponential, sum and quotient; a layer
    norm mean, difference, square, mean, square root and quotient, and a node for
    gamma and beta.

    The new nodes are named after the original one (`softmax.exponential`); the
    last one keeps its name, calibrated range and requested format. Values between
    them get requested formats, wide enough that little is lost beside the
    rounding of the result.

    A `causal` softmax hides later columns twice: its maximum is over the lower
    triangle, and so is its sum (`xplat.tril`). So does a softmax of scores that
    are filled with -1000 or less (`xplat.tril`, `xplat.masked_fill`): these get
    exactly zero, and where all are hidden, all get zero.

    A node stays, with a remark, when it is quantized, when operand or result is
    not to be fixed point, or when it cannot be decomposed (a softmax that is
    `blind_zero` without such a mask). `bits` is the fixed point of values for which no
    format is requested. Ops named in `keep` stay, for kernels that implement
    them. Preserves the function that the graph computes. Never fails.
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect"];
  let options = [Option<"bits", "bits", "unsigned", "8",
                        "bits of values for which no format is requested; 0: they are not fixed point">,
                 ListOption<"keep", "keep", "std::string", "ops that stay, by name">];
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
    for it (`quantization`). A fused node of several streams computes sums, products,
    comparisons and divisions by powers of two alone, which are exact on fixed point:
    any other function, in a chain that would read several streams, stays a node or a
    chain of one stream, which can become hardware as a table. Nor is a ReLU at the start of a chain that alone reads
    its operand: as a node it says that the operand's format need not hold what the
    ReLU cuts off. Preserves the function that the graph computes. Fails
    when `max-inputs` is negative.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
  let options = [Option<"maxInputs", "max-inputs", "int64_t", "8", "streams that a fused node may read">];
  let statistics = [Statistic<"numFused", "num-fused", "Chains fused">,
                    Statistic<"numNodes", "num-nodes", "Nodes that they had">];
}

def CastBlocks : Pass<"xplat-cast-blocks", "::mlir::ModuleOp"> {
  let summary = "request block formats for the factors of products, and fixed point for all values between";
  let description = [{
    Reads the requested formats (`quantization`) of nodes whose value has a requested block format, such as msfp4.

    - A node that sums products (`ProductOpInterface`) along the innermost dimension of its operands in the stream
      layout gets an `xplat.cast` in front of each operand, for which that format is requested. Products that read one
      value share its cast. The weight keeps its block format; it needs blocks of the same size.
    - The request for the value of every such node becomes fixed point of `bits` bits, whose scale follows from
      calibration. So does the request for the weight of a node that does not take blocks.

    Preserves the function that the graph computes, but for the requests. Runs before calibration, so that the casts are
    calibrated, too. Fails when `bits` is no width of fixed point.
  }];
  let options = [Option<"bits", "bits", "unsigned", "12", "bits of the values between products">];
  let statistics = [Statistic<"numCasts", "num-casts", "Casts into a block format">,
                    Statistic<"numProducts", "num-products", "Nodes whose factors have a block format">];
}

def Quantize : Pass<"xplat-quantize", "::mlir::ModuleOp"> {
  let summary = "give every value and parameter a number format";
  let description = [{
    Reads the formats requested for nodes (`quantization`; what is absent there is
    i8, with a scale for each slice of a weight) and `absmax` on nodes and
    parameters, which calibration writes. Changes the element type of every value, and the parameters to derived
    ones. Integers stay integers; where an input only selects rows of tables, they
    get as many bits as the rows need, and one for the sign. The host interface stays f32, and so do values
    for which f32 is requested.

    - `siN` is signed fixed point of N bits with the largest F such that
      absmax <= (2^(N-1) - 1) * 2^-F. Weights have one F for the whole or one per
      slice along dimension 0.
    - `uiN` is unsigned fixed point of N bits with the largest F such that
      absmax <= (2^N - 1) * 2^-F.
    - `iN` is `uiN` for a value that is never negative, whatever samples and
      parameters hold, and for one that is read only by nodes that select from it and
      give nothing negative, such as relus; else it is `siN`. A node that has nothing to
      do on values without a sign, such as a relu, is removed.
    - Every other format is used as it is. The blocks of a block format run along
      the channels of a value, and along the dimension of a weight that products
      sum over.
    - Nodes that only select among their operand's elements keep its format;
      element-wise ones among them get another format if it is requested for them.
    - A product of two factors in block formats with blocks of one size, whose result is fixed point, gets an
      accumulator (`ProductOpInterface`) with the result's F, two bits of fraction more and as many as the number of
      blocks has. Two bits above the result's largest magnitude are room for sums on the way.
    - A bias has 32 bits at the scale of the accumulator when operand and weight
      are fixed point, or blocks with an accumulator; otherwise it stays f32. The F of a weight is lowered when
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
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect", "::xplat::XplatDialect"];
  let statistics = [Statistic<"numValues", "num-values", "Values that got a format of their own">,
                    Statistic<"numParams", "num-params", "Parameters quantized">];
}

#endif // XPLAT_SOFTWARE_PASSES_TD

//===- XplatDescription.td - Systems, kernels, parameters, results -*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_DESCRIPTION_TD
#define XPLAT_DESCRIPTION_TD

include "xplat/IR/XplatBase.td"
include "xplat/IR/XplatAttrs.td"
include "xplat/IR/XplatTypes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/RegionKindInterface.td"

class Xplat_SymbolOp<string mnemonic, list<Trait> traits = []>
    : Xplat_Op<mnemonic, !listconcat([Symbol], traits)> {
  let hasVerifier = 1;
}

class Xplat_SymbolTableOp<string mnemonic, list<Trait> traits = []>
    : Xplat_SymbolOp<mnemonic, !listconcat([SymbolTable, NoTerminator, IsolatedFromAbove, SingleBlock,
                                            NoRegionArguments], traits)> {
  let regions = (region SizedRegion<1>:$body);
}

//===----------------------------------------------------------------------===//
// Devices and systems
//===----------------------------------------------------------------------===//

def Xplat_DeviceOp : Xplat_SymbolTableOp<"device"> {
  let summary = "a device with its resources, as its vendor documents it";
  let description = [{
    ```mlir
    xplat.device @z7020 fpga part "xc7z020clg484-1" family @series7
        clock_mhz 100.0 promised "…" estimated 110.0 "…"
        resources <lut = 53200, ff = 106400, dsp = 220, bram36 = 140>
        source "AMD DS190, Zynq-7000 SoC Data Sheet: Overview" {
      xplat.memory @ddr capacity_mib 512 bandwidth_mb_per_s 4264.0 source "…"
      xplat.port @link count 2 rate_gbps 3.2 latency_ns 80.0 source "…"
    }
    ```

    All rates are those of `clock_mhz`. What follows `promised` says why designs may
    be promised this clock, and which ones not; without it, nobody has shown that.
    What follows `estimated` is a clock that designs are expected to reach, in MHz,
    and what that is taken from: it sets no rate.

    The family says what parts of kernels cost here. A device without one costs
    what kernels state in its resources themselves. The names of resources are
    those that device and family use: no list of them exists. Of a resource that
    the device does not name it has none.

    Constraints:
    - (C1) the clock is positive and finite
    - (C2) the body holds only memories and ports
    - (C3) the source is not empty
    - (C4) no resource amount is negative
    - (C5) an estimated clock is positive and finite and has a reason; reasons are not empty
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Xplat_DeviceKindAttr:$kind, StrAttr:$part,
                       OptionalAttr<FlatSymbolRefAttr>:$family, F64Attr:$clock_mhz,
                       OptionalAttr<StrAttr>:$promise, OptionalAttr<F64Attr>:$estimated_mhz,
                       OptionalAttr<StrAttr>:$estimate, Xplat_ResourcesAttr:$resources, StrAttr:$source);
  let assemblyFormat = [{
    $sym_name `` $kind `part` $part (`family` $family^)? `clock_mhz` $clock_mhz (`promised` $promise^)?
    (`estimated` $estimated_mhz^ $estimate)? `resources` $resources `source` $source attr-dict-with-keyword $body
  }];
}

def Xplat_FamilyOp : Xplat_SymbolOp<"family"> {
  let summary = "what the parts of kernels cost on the devices of one technology";
  let description = [{
    ```mlir
    xplat.family @series7 source "Yosys 0.70, synth_xilinx -family xc7" {
      function halves (bits, words) (bits ceildiv 36 * (words ceildiv 512))
      part logic (luts) lut (luts)
      part ram (bits, words) bram18 (halves (bits, words))
      style ram (bits, words) distributed (words <= 32) block (1)
      resource lut (lut)
      resource bram36 (bram18 ceildiv 2)
    }
    ```

    - `function name (arguments…) (formula)`: for the formulas that follow.
    - `part name (arguments…) unit (formula) …`: units that one of the part takes.
      The arguments are those that a contract gives the part.
    - `style memory (arguments…) style (condition) …`: what a memory is made of, for the
      attribute `ram_style` or `rom_style` of RTL: the first style whose condition is not 0, else `auto`. `ram` is a
      memory of a kernel, whose contract gives the arguments; `rom_stream`, `rom_lookup`, `ram_stream` and
      `ultra_ram_stream`, of `bits` and `words`, hold parameters. Of a memory that is not named tools choose.
    - `resource name (formula)`: an amount of a resource, from the sums of units
      over all parts of a kernel. It is rounded here, once for a kernel.

    A kernel may use a unit or a resource as a part, too: it is an amount of it.

    Constraints:
    - (C1) the source is not empty
    - (C2) functions, parts, units of a part, memories, styles of a memory and resources have identifiers as names, each named once; no part has the name of a clause of a contract
    - (C3) a formula uses its own arguments and functions that stand before it, with as many arguments as they have; that of a resource uses units of parts
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$source,
    TypedArrayAttrBase<Xplat_LetAttr, "functions">:$functions,
    TypedArrayAttrBase<Xplat_PartCostAttr, "costs of parts">:$parts,
    DefaultValuedAttr<TypedArrayAttrBase<Xplat_PartCostAttr, "styles of memories">, "{}">:$styles,
    TypedArrayAttrBase<Xplat_LetAttr, "resources">:$resources);
  let hasCustomAssemblyFormat = 1;
}

def Xplat_MemoryOp : Xplat_SymbolOp<"memory", [HasParent<"DeviceOp">]> {
  let summary = "a memory beside the device";
  let description = [{
    In a device. Units are in the names: mebibytes, and 10^6 bytes a second.

    Constraints:
    - (C1) capacity and bandwidth are positive and finite
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$capacity_mib, F64Attr:$bandwidth_mb_per_s, StrAttr:$source);
  let assemblyFormat = [{
    $sym_name `capacity_mib` $capacity_mib `bandwidth_mb_per_s` $bandwidth_mb_per_s `source` $source attr-dict
  }];
}

def Xplat_PortOp : Xplat_SymbolOp<"port", [HasParent<"DeviceOp">]> {
  let summary = "`count` equal link ports, full duplex";
  let description = [{
    In a device. `rate_gbps` is the payload rate of one port in each direction; `latency_ns` the
    time from the sending fabric to the receiving fabric.

    Constraints:
    - (C1) count and rate are positive, the latency is not negative, and all are finite
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$count, F64Attr:$rate_gbps, F64Attr:$latency_ns,
                       StrAttr:$source);
  let assemblyFormat = [{
    $sym_name `count` $count `rate_gbps` $rate_gbps `latency_ns` $latency_ns `source` $source attr-dict
  }];
}

def Xplat_SystemOp : Xplat_SymbolTableOp<"system"> {
  let summary = "device instances, switches and the cables between them";
  let description = [{
    Constraints:
    - (C1) the body holds only instances, switches and cables, and at least one instance
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    /// The place on the instance of that name.
    ::xplat::PlaceAttr getPlace(::mlir::StringAttr instance) {
      auto inner = ::mlir::FlatSymbolRefAttr::get(instance);
      return ::xplat::PlaceAttr::get(getContext(), ::mlir::SymbolRefAttr::get(getSymNameAttr(), {inner}));
    }
  }];
}

def Xplat_InstanceOp : Xplat_SymbolOp<"instance", [HasParent<"SystemOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "one device of a system";
  let description = [{
    Constraints:
    - (C1) the symbol names an `xplat.device`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$device);
  let assemblyFormat = "$sym_name `of` $device attr-dict";
}

def Xplat_SwitchOp : Xplat_SymbolOp<"switch", [HasParent<"SystemOp">]> {
  let summary = "a switch: every instance with a cable to it reaches every other one";
  let description = [{
    In a system. A switch never blocks: only the ports at its two ends limit a stream. `latency_ns`
    is the time from one port of the switch to another. It is added to the latency of the two
    instances' ports, which includes transceivers and cable.

    Constraints:
    - (C1) the latency is finite and not negative
    - (C2) the source is not empty
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, F64Attr:$latency_ns, StrAttr:$source);
  let assemblyFormat = "$sym_name `latency_ns` $latency_ns `source` $source attr-dict";
}

def Xplat_CableOp : Xplat_SymbolOp<"cable", [HasParent<"SystemOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a cable from a port of an instance to a port of another one or to a switch, full duplex";
  let description = [{
    Rate and latency are the worse of the two ports'. A cable that ends at a switch has the rate and
    latency of its one port.

    Constraints:
    - (C1) both ends are different instances of this system, or the target is one of its switches
    - (C2) each end's port exists on its device; a switch names no port
    - (C3) no port has more cables than its count
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$source, FlatSymbolRefAttr:$source_port,
                       FlatSymbolRefAttr:$target, OptionalAttr<FlatSymbolRefAttr>:$target_port);
  let assemblyFormat = [{
    $sym_name $source `port` $source_port `to` $target (`port` $target_port^)? attr-dict
  }];
}

//===----------------------------------------------------------------------===//
// Measured costs
//===----------------------------------------------------------------------===//

def Xplat_CostTableOp : Xplat_SymbolOp<"cost_table", [NoTerminator, SingleBlock, NoRegionArguments,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "costs of kernels on a device that were measured, instead of computed";
  let description = [{
    ```mlir
    xplat.cost_table @bench of @edge source "measured on 2026-11-20, driver 4.1" {
      xplat.measurement @linear where {n = 10, k = 64, p_n = 2, p_k = 1} cycles 320 latency 12 area <lut = 100>
      xplat.measurement @linear where {n = 10, k = 64, p_n = 5, p_k = 1} cycles 128 latency 12 area <lut = 240>
    }
    ```

    A kernel of which the table has a measurement costs on this device what was
    measured, and fits nowhere else there. All other kernels cost what their
    contracts say. A kernel that the module lacks is ignored, so that one table serves
    several libraries.

    Constraints:
    - (C1) the symbol names an `xplat.device`, which has no other table
    - (C2) the body holds only measurements
    - (C3) the source is not empty
    - (C4) a measurement of a kernel of the module names kernel symbols of the op that the kernel implements
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$device, StrAttr:$source);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `of` $device `source` $source attr-dict-with-keyword $body";
}

def Xplat_MeasurementOp : Xplat_Op<"measurement", [HasParent<"CostTableOp">]> {
  let summary = "what one kernel costs on the nodes that have these values of kernel symbols";
  let description = [{
    `where` states values of kernel symbols: extents of loops, constants, unroll
    factors, bits. A symbol that is not named may have any value. Of several
    measurements that match, the first counts.

    Constraints:
    - (C1) the values of kernel symbols are integers
    - (C2) `cycles` is positive; `latency` and the area are not negative
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, DictionaryAttr:$symbols, I64Attr:$cycles, I64Attr:$latency,
                       Xplat_ResourcesAttr:$area);
  let assemblyFormat = "$kernel `where` $symbols `cycles` $cycles `latency` $latency `area` $area attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

class Xplat_ClausesOf<Attr clause, string what>
    : TypedArrayAttrBase<AnyAttrOf<[clause, Xplat_IncludeAttr]>, what # " and places of fragments">;
def Xplat_Formats : Xplat_ClausesOf<Xplat_FormatAttr, "formats">;
def Xplat_Lets : Xplat_ClausesOf<Xplat_LetAttr, "names of formulas">;
def Xplat_Conditions : Xplat_ClausesOf<Xplat_FormulaAttr, "conditions">;
def Xplat_Memories : Xplat_ClausesOf<Xplat_MemoryPortAttr, "memory ports">;
def Xplat_Parameters : Xplat_ClausesOf<Xplat_ParameterAttr, "module parameters">;
def Xplat_Parts : Xplat_ClausesOf<Xplat_PartAttr, "parts">;
def Xplat_Formulas : TypedArrayAttrBase<Xplat_FormulaAttr, "formulas">;

def Xplat_FragmentOp : Xplat_SymbolOp<"fragment"> {
  let summary = "clauses that several contracts share";
  let description = [{
    ```mlir
    xplat.fragment @results {
      let result_bits (lanes * bits_y)
      area ram (result_bits, delay ceildiv folds)
    }
    ```

    `include @results` in a contract stands for these clauses. The names that they
    use are kernel symbols of the op, or the contract defines them before it
    includes the fragment. A fragment may include others. Linking libraries puts
    fragments in their places (`xplat-link-library`).

    Constraints:
    - (C1) memories and parameters have identifiers as names
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Xplat_Formats:$formats, Xplat_Lets:$lets,
    Xplat_Conditions:$conditions, Xplat_Memories:$memories, Xplat_Parameters:$parameters, Xplat_Parts:$area);
  let hasCustomAssemblyFormat = 1;
}

def Xplat_KernelOp : Xplat_SymbolOp<"kernel", [IsolatedFromAbove]> {
  let summary = "a kernel's contract: what it takes, how fast it is, what it is made of";
  let description = [{
    Formulas are over the kernel symbols of the op that it implements and the
    names that `let` clauses give. They have `+ - * floordiv ceildiv mod`, the
    comparisons `== < <= > >=` and `and`, `or` (1 or 0), and functions.

    ```mlir
    xplat.kernel @relu implements "xplat.relu" generated {
      cycles (n * (c floordiv p_c))
      latency (stages)
      buffer (stages + 1)
      area logic (bits_x * p_c) register ((bits_y + stage_bits) * p_c + 1)
    }
    xplat.kernel @linear implements "xplat.linear" rtl "xplat_linear" files ["rtl/xplat_linear.sv"] {
      formats x fixed (2 to 16), weight fixed (2 to 16)
      where (permutes == 0)
      streams in ["in"] out ["out"]
      let words ((n floordiv p_n) * (k floordiv p_k))
      memory weight (p_n * p_k * bits_weight) x (words)
      parameter InWidth (bits_x)
      cycles (m * words, m * (k floordiv p_k))
      latency (8)
      buffer (2 * (k floordiv p_k))
      area logic (…) multiply_add (bits_x, bits_weight, p_k, p_n) ram (p_k * bits_x, 2 * (k floordiv p_k)) x (1)
    }
    ```

    - `implements`: an op, or `"ElementwiseOpInterface"`, which stands for all element-wise
      nodes. Kernel symbols are then those that these nodes have in common: the loops `n` and
      `c`, `inputs` (operands), `input_bits` (bits of one element of each operand, summed up),
      of a node with polynomials `degree`, `guard_bits`, `segments`, `ranges` (words that tell the length of a segment),
      `longest` and `shortest` (binary logarithms of lengths), `bits_0`, `bits_1` and `bits_2` (of a coefficient of each
      power), which are 0 for other nodes, `p_n` and `p_c`, and bits, fractional bits and signs of the ports `x`, the first operand, and
      `y`, the result.
    - `include @fragment`: the clauses of a fragment.
    - `let name (…)`: a name for a formula, for use in the clauses that follow.
    - `formats`: what each port takes: `fixed` is fixed point with a sign, `ufixed` without one. A port of an
      `rtl` kernel that is not named takes `fixed`.
    - `where`: what must hold for the kernel to fit a node under its unroll factors. Of the
      constants, those decide what a node computes: strides, padding, dilation, groups,
      `per_channel`, `permutes`, `transposed`, `kind`, `fill`, `epsilon`, `scale`, …
      An `rtl` kernel none of whose formulas uses one of them fits nodes alone in which it has
      the value that changes nothing: a stride of 1, no padding, one group.
    - `streams in […] out […]`: port prefixes in RTL, in the order of operands and results.
      The kernel fits nodes of as many operands alone.
    - `computes { … }`: what an element of the result is made of, for an op whose name does not say it: a body as that of
      `xplat.fused`. The kernel fits nodes that compute the same by the same operations, in any order.
    - `memory name (bits of a word) x (words)`: a parameter memory whose words the kernel takes
      in order, again and again: its port is a stream. Unused if it has no words. The RTL of a
      kernel with such a memory has the parameter `Late`, for which the contract has no formula:
      how late a word may be (docs/KernelRtl.md, Parameter memories).
    - `lookup name (bits of a word) x (words)`: a parameter memory that is read at addresses which
      depend on data. With `copies (number)` behind it, the memory stands there as often: enable,
      address and data of the port are then those of all copies, side by side, the first in the low bits.
    - `parameter Name (…)`: a parameter of the RTL module. `parameter Name style ram (bits, words)`: one that says
      what a memory is made of, a string for the attribute `ram_style`. The device family of the node chooses it, by
      the same functions by which it counts the area.
    - `cycles`: per sample, the largest counts. The first formula is the work
      spread evenly over the result's beats; the rest are what streams need.
    - `latency`: cycles from the last needed input beat to the first result beat.
    - `buffer`: beats of each stream operand that the kernel can hold, those in work
      among them, or one formula for all.
    - `order (m, k, n)`: the loops of the op, outermost first, as the kernel walks them.
      A loop that adds up and stands outside one that indexes the result means that
      the kernel keeps sums: it adds operand beats to them as they come, and a result
      is complete in the last step that adds to it. Without this clause the kernel
      computes result after result, as these travel, and holds each operand beat until
      the last result that needs it is done.
    - `area`: the parts that the kernel and its parameter memories are made of,
      with the arguments of each and, after `x`, how many there are. A device
      family says what they cost.

    Constraints:
    - (C1) the op is registered and implements `NodeOpInterface`, or the interface is `ElementwiseOpInterface`
    - (C2) every formula is over the kernel symbols of what it implements and names that stand before it, and calls functions with as many arguments as they have
    - (C3) an `rtl` kernel names a module, files, and its streams; no other kernel does
    - (C4) `cycles` and `buffer` have at least one formula
    - (C5) a memory is `shift`, `index`, `exponent`, a port of the op, or `table`, `coefficient` or `range` for an element-wise node; the module, streams, memories and parameters have identifiers as names, and those of memories, of parameters and of formulas are distinct
    - (C6) `formats` are of ports of the op, from at least 0 bits to no fewer
    - (C7) `order` has each loop of the op once
    - (C8) only a memory for look-ups has copies; with a memory that is read in order, `Late` is no parameter of the contract
    - (C9) of `rtl` kernels, those for element-wise nodes whose name does not say what they compute have `computes`, if no memory `table` or `coefficient` says it; no others have it
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$implements, Xplat_BackendAttr:$backend,
    OptionalAttr<StrAttr>:$rtl_module, OptionalAttr<StrArrayAttr>:$files,
    OptionalAttr<StrArrayAttr>:$in_streams, OptionalAttr<StrArrayAttr>:$out_streams,
    Xplat_Formats:$formats, Xplat_Lets:$lets, Xplat_Conditions:$conditions, Xplat_Memories:$memories,
    Xplat_Parameters:$parameters, Xplat_Formulas:$cycles, Xplat_FormulaAttr:$latency, Xplat_Formulas:$buffer,
    OptionalAttr<StrArrayAttr>:$order, Xplat_Parts:$area);
  let regions = (region MaxSizedRegion<1>:$function);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    /// The parameter of RTL whose words come in order: how late the memories behind them may be.
    static constexpr ::llvm::StringLiteral lateParameter = "Late";
    /// Whether its RTL has that parameter.
    bool takesWordsInOrder();
    /// Whether a parameter memory holds the results of an element-wise node, or the coefficients of its polynomials.
    bool computesFromMemory();
    /// Whether a formula has this name.
    bool mentions(::llvm::StringRef name);
    /// The fragments that it includes and that linking has not yet put in their places.
    ::llvm::SmallVector<::mlir::FlatSymbolRefAttr> getIncludes();
    /// Whether it may implement the op called so.
    bool canImplement(::mlir::OperationName op);
    /// The kernel symbols of what it implements.
    ::llvm::SmallVector<::std::string> getSymbolNames();
    /// Their values for a node that it may implement, under `unroll`.
    ::llvm::SmallVector<int64_t> getSymbolValues(::xplat::NodeOpInterface node, ::llvm::ArrayRef<int64_t> unroll);
    /// The position of the first unroll factor among the kernel symbols.
    size_t getFirstFactor();
    /// The ports of a node that it may implement, with their element types; null for a parameter that is absent.
    ::llvm::SmallVector<::std::pair<::llvm::StringRef, ::mlir::Type>> getPorts(::xplat::NodeOpInterface node);
    /// The loops of what it implements in the order in which it walks them, outermost first; none where it states no order.
    ::llvm::SmallVector<int64_t> getLoopOrder();
  }];
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

def Xplat_ParamOp : Xplat_SymbolOp<"param", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a parameter of the model; its values live in a file beside the IR";
  let description = [{
    A parameter without a derivation has the values that the state dict holds under its name. A
    derived parameter states how it is computed (`#xplat.derivation`). `absmax`: the largest
    magnitude of the whole parameter, or of each slice along dimension 0, found by calibration.

    Constraints:
    - (C1) the type is a ranked, static tensor of a number format, whose blocks run along an existing dimension, with positive extents and at most 2^40 elements
    - (C2) `absmax` has one value or one for each slice along dimension 0, finite and not negative
    - (C3) the sources of a derivation are parameters, and no parameter derives from itself, not even through its function
    - (C4) the derivation has the sources and arguments that its kind needs, and their result has the parameter's shape; its function takes the sources, returns the parameter, and has a body
    - (C5) a number format with several scales has one for each slice along dimension 0
    - (C6) `sparsity` has 0 ≤ n ≤ m, m divides the extent of dimension 1 (one for rank 1), `zero_slices` are indices of dimension 0, ascending, and `nonzeros` is at most the number of elements outside of them
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<Xplat_DerivationAttr>:$derivation,
                       OptionalAttr<DenseF64ArrayAttr>:$absmax, OptionalAttr<Xplat_SparsityAttr>:$sparsity,
                       TypeAttrOf<AnyRankedTensor>:$type);
  let assemblyFormat = "$sym_name (`=` $derivation^)? attr-dict `:` $type";
  let extraClassDeclaration = [{
    /// Nobody outside the module refers to a parameter.
    bool canDiscardOnUseEmpty() { return true; }
  }];
}

def Xplat_RomOp : Xplat_SymbolOp<"rom", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a parameter memory of one node: its words, and what holds them";
  let description = [{
    Word `a` holds the elements of tile number `a`. The parameter's dimensions are taken in the
    order `permutation`. The outer (folded) indices, row-major, select the word. The inner
    (unrolled) indices, row-major, select the position in the word; the first element is in the low
    bits. `tile` has the inner extent of each permuted dimension. `values` gives the elements
    directly, without a parameter. `kind`: what holds the words, a ROM if it is absent. A memory that the kernel reads
    by addresses is a ROM.

    Constraints:
    - (C1) `param` names a parameter, or `values` are given, not both
    - (C2) `permutation` permutes the parameter's dimensions and `tile` divides their extents
    - (C3) an element has 1 to 64 bits; `word_bits` and `depth` follow from parameter, tile and format
    - (C4) the symbol is an identifier of at most 200 characters, because it names the memory's file
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<FlatSymbolRefAttr>:$param,
                       DenseI64ArrayAttr:$permutation, DenseI64ArrayAttr:$tile,
                       OptionalAttr<DenseI64ArrayAttr>:$values, I64Attr:$element_bits,
                       I64Attr:$word_bits, I64Attr:$depth,
                       DefaultValuedAttr<Xplat_MemoryKindAttr, "::xplat::MemoryKind::rom">:$kind);
  let assemblyFormat = [{
    $sym_name (`of` $param^)? (`values` $values^)? `permutation` $permutation `tile` $tile
    `element_bits` $element_bits `word_bits` $word_bits `depth` $depth (`kind` `` $kind^)? attr-dict
  }];
}

//===----------------------------------------------------------------------===//
// The answer
//===----------------------------------------------------------------------===//

def Xplat_MappingOp : Xplat_Op<"mapping"> {
  let summary = "what a mapping achieves and what limits it";
  let description = [{
    `cycles`: predicted clock cycles per sample in steady state. `bound_cycles`: no mapping of this
    graph to this system within its budgets needs fewer. `bound_kind` and `bound_reason` state its
    cause. `bottleneck` is the slowest node. All cycles here are of a clock of `clock_mhz`: the one of
    the system's devices, or the lowest common multiple of their clocks where these differ. The budgets
    are the share `max_utilization` of each resource of each device, rounded down.
    `device_bound_cycles` is the bound for the whole devices. If it is lower, the share is what
    limits. Without these two attributes the budgets are the whole devices. `objective` is what was
    optimised, throughput if it is absent. `target_cycles` or `target_per_second` state what was
    asked for: at most so many cycles per sample, at least so many samples per second.

    Constraints:
    - (C1) `bound_cycles` is positive and at most `cycles`
    - (C2) `max_utilization` is above 0 and at most 1
    - (C3) `device_bound_cycles` is positive and at most `bound_cycles`
    - (C4) `max_utilization` and `device_bound_cycles` are both given or both absent
    - (C5) `target_cycles` is at least `cycles`
    - (C6) `target_per_second` is above 0 and at most `clock_mhz` / `cycles`
  }];
  let arguments = (ins FlatSymbolRefAttr:$graph, FlatSymbolRefAttr:$system, F64Attr:$clock_mhz, I64Attr:$cycles,
    I64Attr:$latency_cycles, I64Attr:$bound_cycles, Xplat_BoundKindAttr:$bound_kind, StrAttr:$bound_reason,
    OptionalAttr<F64Attr>:$max_utilization, OptionalAttr<I64Attr>:$device_bound_cycles, StrAttr:$bottleneck,
    OptionalAttr<Xplat_ObjectiveAttr>:$objective, OptionalAttr<I64Attr>:$target_cycles,
    OptionalAttr<F64Attr>:$target_per_second, TypedArrayAttrBase<Xplat_UsageAttr, "usage of each device">:$usage);
  let assemblyFormat = [{
    $graph `on` $system `clock_mhz` $clock_mhz `cycles` $cycles `latency_cycles` $latency_cycles
    `bound_cycles` $bound_cycles `bound_kind` `` $bound_kind `bound_reason` $bound_reason
    (`max_utilization` $max_utilization^)? (`device_bound_cycles` $device_bound_cycles^)?
    `bottleneck` $bottleneck (`objective` `` $objective^)? (`target_cycles` $target_cycles^)?
    (`target_per_second` $target_per_second^)? `usage` $usage attr-dict
  }];
  let hasVerifier = 1;
}

#endif // XPLAT_DESCRIPTION_TD

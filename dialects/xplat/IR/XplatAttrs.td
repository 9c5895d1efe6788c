//===- XplatAttrs.td - Attributes and enums of xplat ------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_ATTRS_TD
#define XPLAT_ATTRS_TD

include "xplat/IR/XplatBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/TensorEncoding.td"

//===----------------------------------------------------------------------===//
// Enums
//===----------------------------------------------------------------------===//

/// A case with its meaning, for the documentation.
class Xplat_Case<string name, int value, string meaning> : I32EnumAttrCase<name, value> {
  let summary = meaning;
}

class Xplat_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::xplat";
  let genSpecializedAttr = 0;
}

def Xplat_IteratorKind : Xplat_Enum<"IteratorKind", "how a loop of a node combines", [
  I32EnumAttrCase<"parallel", 0>, I32EnumAttrCase<"reduction", 1>,
  I32EnumAttrCase<"window", 2>]>;

def Xplat_Backend : Xplat_Enum<"Backend", "how a kernel becomes hardware", [
  Xplat_Case<"rtl", 0, "SystemVerilog beside the contract">,
  Xplat_Case<"generated", 1, "comb and seq, built from the node's own datapath">,
  Xplat_Case<"port", 2, "the host interface">,
  Xplat_Case<"wire", 3, "a pass-through, no hardware">]>;

def Xplat_DeviceKind : Xplat_Enum<"DeviceKind", "a kind of device", [
  I32EnumAttrCase<"fpga", 0>]>;

def Xplat_Target : Xplat_Enum<"Target", "what a function of the dataflow form becomes", [
  Xplat_Case<"rtl", 0, "the hardware of a device instance">,
  Xplat_Case<"host", 1, "the system around the devices: host interface and links">]>;

def Xplat_DerivationKind : Xplat_Enum<"DerivationKind", "how a parameter is computed from others", [
  I32EnumAttrCase<"fold_batch_norm_weight", 0>,
  I32EnumAttrCase<"fold_batch_norm_bias", 1>,
  I32EnumAttrCase<"quantize", 2>,
  I32EnumAttrCase<"transpose", 3>,
  I32EnumAttrCase<"reshape", 4>,
  I32EnumAttrCase<"select", 5>,
  I32EnumAttrCase<"mask", 6>,
  I32EnumAttrCase<"evaluate", 7>,
  I32EnumAttrCase<"compress", 8>,
  I32EnumAttrCase<"compress_index", 9>,
  I32EnumAttrCase<"every_number", 10>,
  I32EnumAttrCase<"exponents", 11>]>;

def Xplat_ReduceKind : Xplat_Enum<"ReduceKind", "how elements combine into one", [
  I32EnumAttrCase<"sum", 0>, I32EnumAttrCase<"mean", 1>, I32EnumAttrCase<"maximum", 2>,
  I32EnumAttrCase<"minimum", 3>, I32EnumAttrCase<"argmax", 4>, I32EnumAttrCase<"argmin", 5>]>;

def Xplat_Movement : Xplat_Enum<"Movement", "how a node moves elements", [
  Xplat_Case<"reshape", 0, "row-major into another shape">,
  Xplat_Case<"permute", 1, "dimensions in another order">,
  Xplat_Case<"repeat", 2, "along dimensions of extent one and new outer ones">,
  Xplat_Case<"select", 3, "a part of them, or another order">,
  Xplat_Case<"magnify", 4, "each several times, side by side">]>;

def Xplat_BoundKind : Xplat_Enum<"BoundKind", "what sets an upper bound on throughput", [
  Xplat_Case<"node", 0, "a node at its largest legal unroll">,
  Xplat_Case<"resource", 1, "the sum of a resource over the system">,
  Xplat_Case<"memory", 2, "bandwidth of the host-side memory">]>;

def Xplat_Objective : Xplat_Enum<"Objective", "what a mapping optimises", [
  Xplat_Case<"throughput", 0, "samples per second">,
  Xplat_Case<"latency", 1, "time from the first input to the last result of a sample">,
  Xplat_Case<"area", 2, "resources, each weighted by the inverse of its amount in the system">]>;

def Xplat_ReshapeOrder : Xplat_Enum<"ReshapeOrder", "the order in which reshape walks its operand", [
  I32EnumAttrCase<"row_major", 0>, I32EnumAttrCase<"channels_last", 1>]>;

def Xplat_MemoryAccess : Xplat_Enum<"MemoryAccess", "how a kernel reads a parameter memory", [
  Xplat_Case<"in_order", 0, "word after word, again and again: a stream">,
  Xplat_Case<"lookup", 1, "at an address that depends on data">]>;

def Xplat_MemoryKind : Xplat_Enum<"MemoryKind", "what holds the words of a parameter memory", [
  Xplat_Case<"rom", 0, "LUTs or block RAM with contents of the bitstream">,
  Xplat_Case<"outside", 1, "a memory outside the device, whose reader sends the words in order">,
  Xplat_Case<"ram", 2, "LUTs or block RAM, filled from outside after reset">,
  Xplat_Case<"ultra_ram", 3, "UltraRAM where a block RAM is too small, filled from outside after reset">]>;

class Xplat_EnumAttr<EnumAttrInfo info, string mnemonic>
    : EnumAttr<XplatDialect, info, mnemonic> {
  let assemblyFormat = "$value";
}
def Xplat_BackendAttr : Xplat_EnumAttr<Xplat_Backend, "backend">;
def Xplat_DeviceKindAttr : Xplat_EnumAttr<Xplat_DeviceKind, "device_kind">;
def Xplat_MemoryKindAttr : Xplat_EnumAttr<Xplat_MemoryKind, "memory_kind">;
def Xplat_DerivationKindAttr : Xplat_EnumAttr<Xplat_DerivationKind, "derivation_kind">;
def Xplat_BoundKindAttr : Xplat_EnumAttr<Xplat_BoundKind, "bound_kind">;
def Xplat_ObjectiveAttr : Xplat_EnumAttr<Xplat_Objective, "objective">;
def Xplat_ReduceKindAttr : Xplat_EnumAttr<Xplat_ReduceKind, "reduce_kind">;
def Xplat_ReshapeOrderAttr : Xplat_EnumAttr<Xplat_ReshapeOrder, "reshape_order">;
def Xplat_TargetAttr : Xplat_EnumAttr<Xplat_Target, "target"> {
  let assemblyFormat = "`<` $value `>`";
}

//===----------------------------------------------------------------------===//
// Mapping attributes of a node
//===----------------------------------------------------------------------===//

def Xplat_PlaceAttr : Xplat_Attr<"Place", "place"> {
  let summary = "the device instance a node or a function runs on";
  let description = [{
    `#xplat.place<@system::@instance>`, its placement. A function of the dataflow form has it as `xplat.place`, beside
    the `xplat.target` that says what becomes of the function.

    Constraints:
    - (C1) `xplat.target` stands on a function, and `xplat.place` on one with an `xplat.target`
  }];
  let parameters = (ins "::mlir::SymbolRefAttr":$device);
  let assemblyFormat = "`<` $device `>`";
}

def Xplat_UnrollAttr : Xplat_Attr<"Unroll", "unroll"> {
  let summary = "spatial unroll factors, one per dimension of the iteration domain";
  let description = [{
    `#xplat.unroll<1, 1, 4, 3, 3, 1>`. A loop runs as many iterations in one cycle as its factor says. `?` is a factor
    that mapping chooses, 0 in `factors`: `#xplat.unroll<?, ?, 4, ?, ?, ?>` fixes one of six.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$factors);
  let hasCustomAssemblyFormat = 1;
}

def Xplat_ConfigAttr : Xplat_Attr<"Config", "config"> {
  let summary = "how a node becomes hardware: kernel, unroll factors, place, parameter memories";
  let description = [{
    `#xplat.config<kernel = @conv2d, unroll = <1, 1, 4, 3, 3, 1>, place = <@rack::@fpga0>>`. Each part may be absent.
    `memories`: what holds the words that the kernel takes in order, a ROM if it is absent. `roms` has a
    `#xplat.rom_use` for each memory of the kernel that has words.
  }];
  let parameters = (ins OptionalParameter<"::mlir::FlatSymbolRefAttr">:$kernel,
                        OptionalParameter<"::xplat::UnrollAttr">:$unroll,
                        OptionalParameter<"::xplat::PlaceAttr">:$place,
                        OptionalParameter<"::xplat::MemoryKindAttr">:$memories,
                        OptionalParameter<"::mlir::ArrayAttr">:$roms);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    // The same, but for one part.
    ConfigAttr with(::mlir::FlatSymbolRefAttr kernel) {
      return get(getContext(), kernel, getUnroll(), getPlace(), getMemories(), getRoms());
    }
    ConfigAttr with(::xplat::UnrollAttr unroll) {
      return get(getContext(), getKernel(), unroll, getPlace(), getMemories(), getRoms());
    }
    ConfigAttr with(::xplat::PlaceAttr place) {
      return get(getContext(), getKernel(), getUnroll(), place, getMemories(), getRoms());
    }
    ConfigAttr with(::mlir::ArrayAttr roms) {
      return get(getContext(), getKernel(), getUnroll(), getPlace(), getMemories(), roms);
    }
  }];
}

def Xplat_RateAttr : Xplat_Attr<"Rate", "rate"> {
  let summary = "how fast a mapped node is";
  let description = [{
    `#xplat.rate<cycles = 2304, latency = 40>`. `cycles`: clock cycles per sample in steady state,
    neither starved nor blocked (exact). `latency`: cycles from the last input beat that the first
    result beat needs to that result beat.
  }];
  let parameters = (ins "int64_t":$cycles, "int64_t":$latency);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Xplat_ResourcesAttr : Xplat_Attr<"Resources", "resources"> {
  let summary = "an amount of each of some resources: a cost or a budget";
  let description = [{
    `#xplat.resources<lut = 1200, ff = 900, dsp = 36, bram36 = 2>`. Names are those that devices and their families use.
    Of a resource that is not named there is none.

    Constraints:
    - (C1) names are identifiers, and each stands once
  }];
  let parameters = (ins OptionalArrayRefParameter<"::xplat::ResourceAmount">:$amounts);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Xplat_UsageAttr : Xplat_Attr<"Usage", "usage"> {
  let summary = "the resources of one device that a mapping uses, and its budget";
  let description = [{
    `#xplat.usage<@rack::@fpga0, used = <lut = 4000>, budget = <lut = 53200>>`.
  }];
  let parameters = (ins "::mlir::SymbolRefAttr":$device,
                        "::xplat::ResourcesAttr":$used, "::xplat::ResourcesAttr":$budget);
  let assemblyFormat = "`<` $device `,` `used` `=` $used `,` `budget` `=` $budget `>`";
}

def Xplat_RomUseAttr : Xplat_Attr<"RomUse", "rom_use"> {
  let summary = "the `xplat.rom` at one memory port of a node's kernel";
  let description = [{
    `#xplat.rom_use<"weight", @conv1_weight>`.
  }];
  let parameters = (ins "::mlir::StringAttr":$memory, "::mlir::FlatSymbolRefAttr":$rom);
  let assemblyFormat = "`<` $memory `,` $rom `>`";
}

//===----------------------------------------------------------------------===//
// Kernel contract
//===----------------------------------------------------------------------===//

def Xplat_FormulaKind : Xplat_Enum<"FormulaKind", "what a formula is made of", [
  I32EnumAttrCase<"constant", 0>, I32EnumAttrCase<"name", 1>, I32EnumAttrCase<"add", 2>,
  I32EnumAttrCase<"subtract", 3>, I32EnumAttrCase<"multiply", 4>, I32EnumAttrCase<"floor_divide", 5>,
  I32EnumAttrCase<"ceil_divide", 6>, I32EnumAttrCase<"modulo", 7>, I32EnumAttrCase<"equal", 8>,
  I32EnumAttrCase<"less", 9>, I32EnumAttrCase<"less_equal", 10>, I32EnumAttrCase<"greater", 11>,
  I32EnumAttrCase<"greater_equal", 12>, I32EnumAttrCase<"both", 13>, I32EnumAttrCase<"either", 14>,
  I32EnumAttrCase<"call", 15>]>;

def Xplat_FormulaAttr : Xplat_Attr<"Formula", "formula"> {
  let summary = "an integer formula over names";
  let description = [{
    `#xplat.formula<(max (k floordiv p_k, 2) + 12)>`: integers, names, `+ - * floordiv ceildiv mod`, the comparisons
    `== < <= > >=` and `and`, `or`, which give 1 or 0, and calls of functions. What a name stands for is said by who
    holds the formula: a contract's kernel symbols and its `let` clauses, the arguments of a family's part. The text
    that was read is what is printed.
  }];
  let parameters = (ins "::xplat::FormulaKind":$kind, "int64_t":$value, "::mlir::StringAttr":$name,
                        ArrayRefParameter<"::mlir::Attribute">:$operands);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    FormulaAttr getOperand(unsigned index) const { return ::llvm::cast<FormulaAttr>(getOperands()[index]); }
    static FormulaAttr getConstant(::mlir::MLIRContext *context, int64_t value);
  }];
}

def Xplat_LetAttr : Xplat_Attr<"Let", "let"> {
  let summary = "a name for a formula; with arguments, a function";
  let description = [{ `#xplat.let<"halves"["bits", "words"], <(bits ceildiv 36 * words)>>` }];
  let parameters = (ins "::mlir::StringAttr":$name, OptionalArrayRefParameter<"::mlir::StringAttr">:$arguments,
                        "::xplat::FormulaAttr":$formula);
  let assemblyFormat = "`<` $name (`[` $arguments^ `]`)? `,` $formula `>`";
}

def Xplat_IncludeAttr : Xplat_Attr<"Include", "include"> {
  let summary = "the place in a contract at which the clauses of a fragment go";
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$fragment);
  let assemblyFormat = "`<` $fragment `>`";
}

def Xplat_FormatAttr : Xplat_Attr<"Format", "format"> {
  let summary = "a number format that a port of a kernel takes";
  let description = [{
    `#xplat.format<"x", "fixed", 2, 16>`: port, how the name of the format begins, and the least and the most bits of
    an element; `any` is every format.
  }];
  let parameters = (ins "::mlir::StringAttr":$port, "::mlir::StringAttr":$format, "int64_t":$least, "int64_t":$most);
  let assemblyFormat = "`<` $port `,` $format `,` $least `,` $most `>`";
}

def Xplat_PartAttr : Xplat_Attr<"Part", "part"> {
  let summary = "how many of a part a kernel has";
  let description = [{
    `#xplat.part<"ram"[<(32)>, <(512)>], <(9)>>`: nine memories of 512 words of 32 bits. A device family maps parts
    to resources; a part with one argument that it does not map is an amount of the resource of that name.
  }];
  let parameters = (ins "::mlir::StringAttr":$name, OptionalArrayRefParameter<"::xplat::FormulaAttr">:$arguments,
                        "::xplat::FormulaAttr":$count);
  let assemblyFormat = "`<` $name (`[` $arguments^ `]`)? `,` $count `>`";
}

def Xplat_ParameterAttr : Xplat_Attr<"Parameter", "parameter"> {
  let summary = "a parameter of an RTL module and its value";
  let description = [{
    `#xplat.parameter<"InWidth", #xplat.formula<(bits_x)>>`: the formula of its value.
    `#xplat.parameter<"RamStyle", #xplat.part<"ram"[<(32)>, <(512)>], <(1)>>>`: a memory; the value is the style of
    it that the device family chooses (`style` of `xplat.family`), or "auto".
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "::mlir::Attribute":$value);
  let assemblyFormat = "`<` $name `,` $value `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The formula of its value, or null.
    ::xplat::FormulaAttr getFormula() const;
    /// The memory of whose style it tells, or null.
    ::xplat::PartAttr getMemory() const;
    /// What its value is computed from.
    ::llvm::SmallVector<::xplat::FormulaAttr> getFormulas() const;
  }];
}

def Xplat_MemoryPortAttr : Xplat_Attr<"MemoryPort", "memory_port"> {
  let summary = "a parameter memory of a kernel";
  let description = [{
    `#xplat.memory_port<"table", lookup, <(bits_y)> x <(256)>, <(p_c)>>`.
    `name` is the port prefix in RTL and the name of the node's parameter, or one of
    `shift` (the requantization shifts), `index` (positions of kept weights), `exponent`
    (shared exponents of a weight in a block format), `table` (results of an element-wise node), `coefficient` and
    `range` (of the segments of a node's polynomials, `#xplat.polynomials`). `bits` of a word and number of `words`;
    no words means that the port is unused. `access`: `in_order`, a stream of all words again and again, or
    `lookup`, an address for each word; then there may be several `copies` of the memory, each read at an
    address of its own; one if absent.
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "::xplat::MemoryAccess":$access,
                        "::xplat::FormulaAttr":$bits, "::xplat::FormulaAttr":$words,
                        OptionalParameter<"::xplat::FormulaAttr">:$copies);
  let assemblyFormat = "`<` $name `,` $access `,` $bits `x` $words (`,` $copies^)? `>`";
}

//===----------------------------------------------------------------------===//
// Device families
//===----------------------------------------------------------------------===//

def Xplat_PartCostAttr : Xplat_Attr<"PartCost", "part_cost"> {
  let summary = "what one of a part takes on devices of a family, by unit; of a memory, when it has each style";
  let parameters = (ins "::mlir::StringAttr":$name, OptionalArrayRefParameter<"::mlir::StringAttr">:$arguments,
                        OptionalArrayRefParameter<"::xplat::LetAttr">:$amounts);
  let assemblyFormat = "`<` $name (`[` $arguments^ `]`)? (`,` $amounts^)? `>`";
}

//===----------------------------------------------------------------------===//
// Functions of one element as polynomials
//===----------------------------------------------------------------------===//

def Xplat_PolynomialsAttr : Xplat_Attr<"Polynomials", "polynomials"> {
  let summary = "an integer algorithm for a function of one element: a polynomial for each segment of the operand's numbers";
  let description = [{
    `#xplat.polynomials<degree = 1, guard_bits = 2, within = 1.0 : f64, segments = [2, 1], length_bits = [1, 2],
    coefficients = [0, 3, 12, 3, 40, -1]>`.

    The bits of a stored integer, taken as a number `u` without a sign, are the operand. Segments of consecutive `u`
    follow one another from 0 on: `segments[i]` of them have `2^length_bits[i]` numbers each. A segment has `degree` + 1
    `coefficients`, the one of the lowest power first. Its numbers are `u = start + k`, with `0 ≤ k < 2^l`. With
    `δ = k / 2^l - 1/2`, where `⌊⌋` rounds towards minus infinity:

    - `t = c_degree`, then for each lower power, down to 0: `t = c_power + ⌊t · δ⌋`
    - the stored integer of the result is `⌊t / 2^guard_bits⌋`, saturated

    This takes the place of rounding the exact result once. Whoever sets the attribute has compared every number of the
    operand: the result is less than `within` last places away from the exact result, which is saturated, too.

    Constraints:
    - (C1) `degree` is 1 or 2, `guard_bits` are 0 to 16, and `within` is above 0 and finite
    - (C2) there is a number of segments for each length, both positive or, for a length, 0
    - (C3) each segment begins at a multiple of its length, and all have 2^2 to 2^20 numbers, a power of two, and none more than half of them
    - (C4) each segment has `degree` + 1 coefficients, which fit a word of 64 bits, each in as many bits as the largest of its power takes
    - (C5) every sum and product has at most 53 bits, so that the reference in float64 is exact
  }];
  let parameters = (ins "int64_t":$degree, "int64_t":$guard_bits, "::mlir::FloatAttr":$within,
                        "::mlir::DenseI64ArrayAttr":$segments, "::mlir::DenseI64ArrayAttr":$length_bits,
                        "::mlir::DenseI64ArrayAttr":$coefficients);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Bits of the operand.
    int64_t getOperandBits() const;
    int64_t getNumSegments() const;
    /// Binary logarithm of the numbers in the longest and in the shortest segment.
    int64_t getLongestBits() const;
    int64_t getShortestBits() const;
    /// Bits of a coefficient of that power, with a sign; 0 above the degree.
    int64_t getCoefficientBits(int64_t power) const;
    /// Leading bits of an operand that tell the length of its segment; 0 where all have one length.
    int64_t getPrefixBits() const;
    /// For each value of these bits a word: in the low bits what is added to `⌊u / length⌋`, modulo the next power of two
    /// above the number of segments, to give the segment; above them by how many bits its length is below the longest.
    /// No words where all segments have one length.
    ::llvm::SmallVector<int64_t> getRangeWords() const;
    /// For each segment a word: its coefficients side by side, that of the lowest power in the low bits.
    ::llvm::SmallVector<int64_t> getCoefficientWords() const;
  }];
}

//===----------------------------------------------------------------------===//
// Parameters of the model
//===----------------------------------------------------------------------===//

def Xplat_DerivationAttr : Xplat_Attr<"Derivation", "derivation"> {
  let summary = "how a parameter is computed from other parameters";
  let description = [{
    - `fold_batch_norm_weight(@w, @gamma, @var)`, `epsilon`: w scaled per output channel by gamma / sqrt(var + epsilon);
      without `@w` (two sources) w is one
    - `fold_batch_norm_bias(@b, @gamma, @beta, @mean, @var)`, `epsilon`: (b - mean) · gamma / sqrt(var + epsilon) + beta;
      without `@b` (four sources) b is zero
    - `quantize(@w)`: rounded half to even and saturated into the parameter's element type
    - `transpose(@w)`, `shape` = permutation: dimension i of the result is dimension `shape[i]` of w
    - `reshape(@w)`: the same elements, row-major, in the parameter's shape
    - `select(@w)`, `axis`, `shape` = indices: the slices of w at these indices along dimension `axis`
    - `mask(@w, @m)`: w where m is not zero, and zero elsewhere
    - `evaluate(@a, @b, …)`, `function`: the result of the function of node ops on the sources
    - `compress(@w)`: [rows, slots, groups]: slot i of a group holds the i-th weight that is not zero among the
      neighbours along dimension 1 that the group covers; unused slots hold zero
    - `compress_index(@w)`: of the same shape: the position in its group of each weight that `compress` keeps, else zero
    - `exponents(@w)`: the shared exponent of each block of w, which has a block format, biased by 127: of the shape of w
      with the number of blocks along their dimension
    - `every_number()`: all numbers of the parameter's fixed-point format, each at the index that its stored integer is as
      an unsigned number: zero and the positive ones in ascending order, then the negative ones
  }];
  let parameters = (ins "::xplat::DerivationKind":$kind,
                        OptionalArrayRefParameter<"::mlir::FlatSymbolRefAttr">:$sources,
                        OptionalParameter<"::mlir::FloatAttr">:$epsilon,
                        OptionalParameter<"::mlir::IntegerAttr">:$axis,
                        OptionalParameter<"::mlir::DenseI64ArrayAttr">:$shape,
                        OptionalParameter<"::mlir::FlatSymbolRefAttr">:$function);
  let assemblyFormat = [{
    `<` $kind `(` (`)`) : ($sources^ `)`)? (`epsilon` `=` $epsilon^)? (`axis` `=` $axis^)? (`shape` `=` $shape^)?
    (`function` `=` $function^)? `>`
  }];
  let extraClassDeclaration = [{
    /// Whether it has the sources and arguments that its kind needs for a parameter of `type`.
    bool fits(::mlir::RankedTensorType type) const;
    /// Whether sources of these shapes give `shape`, where `fits` holds. What a function gives is not looked at.
    bool gives(::llvm::ArrayRef<int64_t> shape, ::llvm::ArrayRef<::llvm::ArrayRef<int64_t>> sources) const;
  }];
}

def Xplat_QuantizationAttr : Xplat_Attr<"Quantization", "quantization"> {
  let summary = "the number formats requested for a node's result and its weight";
  let description = [{
    `#xplat.quantization<value = i8, weight = !xplat.msfp<4, 16>, per_channel = false>`. `iN` is
    fixed point of N bits whose scale follows from calibration; it has no sign where values cannot be
    negative. `siN` has a sign in any case, `uiN`, which a weight cannot have, never. Every other type is used as it is,
    with blocks along the dimension that the node says. `f32` means no rounding. What is
    absent is i8, with a scale for each slice of a weight.
  }];
  let parameters = (ins OptionalParameter<"::mlir::Type">:$value, OptionalParameter<"::mlir::Type">:$weight,
                        OptionalParameter<"::mlir::BoolAttr">:$per_channel);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Xplat_SparsityAttr : Xplat_Attr<"Sparsity", "sparsity"> {
  let summary = "at most `n` of each `m` neighbouring weights are not zero";
  let description = [{
    `#xplat.sparsity<n = 2, m = 4, nonzeros = 512, zero_slices = [3, 7]>`: along dimension 1 of a
    weight, over which a product sums. For unstructured sparsity, m is the group size, up to 64
    neighbours, with which the largest share can be skipped, and n is the largest number of weights
    that any group keeps. `nonzeros` counts all weights that are not zero. `zero_slices` lists, in
    ascending order, the slices along dimension 0 that are zero completely: the channels that
    pruning has removed.
  }];
  let parameters = (ins "int64_t":$n, "int64_t":$m, "int64_t":$nonzeros,
                        OptionalParameter<"::mlir::DenseI64ArrayAttr">:$zero_slices);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Xplat_OrderAttr : Xplat_Attr<"Order", "order", [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let summary = "the order in which the dimensions of a tensor travel, outermost first";
  let description = [{
    `tensor<1x16x8x8xf32, #xplat.order<0, 1, 2, 3>>`: row-major instead of the
    default order. The encoding of a tensor between two nodes; `xplat-choose-layouts`
    reads and writes it. The stream that the tensor becomes has this order.

    Constraints:
    - (C1) it has each dimension of the tensor once
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$dims);
  let assemblyFormat = "`<` $dims `>`";
}

def Xplat_OperandAttr : Xplat_Attr<"Operand", "operand"> {
  let summary = "operand number `index` in the arguments of xplat.aten";
  let description = [{
    `#xplat.operand<0>`.
  }];
  let parameters = (ins "int64_t":$index);
  let assemblyFormat = "`<` $index `>`";
}

#endif // XPLAT_ATTRS_TD

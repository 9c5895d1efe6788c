//===- XplatStructure.td - What connects nodes in hardware ------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of the dataflow form. All but the ends of streams are nodes, too: they have a
// kernel, a placement, a rate and an area like everything that becomes hardware.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_STRUCTURE_TD
#define XPLAT_STRUCTURE_TD

include "xplat/IR/XplatNodeBase.td"

/// Loop: (n: elements of a sample); its unroll factor is the lanes of the (first) result stream.
class Xplat_StructureOp<string mnemonic, list<string> overrides = [], list<Trait> traits = []>
    : Xplat_NodeOp<mnemonic, !listconcat(["getIndexing", "getDimensionNames", "getUnrollFactors", "getLayoutRule"], overrides), traits> {
  let extraClassDeclaration = [{
    /// What connects nodes leaves nothing to choose.
    ::xplat::ConfigAttr getFixedAttr() { return {}; }
    void setFixedAttr(::xplat::ConfigAttr) {}
  }];
}

def Xplat_ForkOp : Xplat_StructureOp<"fork", ["getConstantNames", "getConstants"]> {
  let summary = "copies a stream to several consumers";
  let description = [{
    The operand's beat is taken when every consumer has taken its copy. A consumer may take its copy
    before the others.

    Constraints:
    - (C1) at least two results, each of the operand's type
  }];
  let arguments = !con((ins Xplat_StreamType:$input), mappingAttributes);
  let results = (outs Variadic<Xplat_StreamType>:$results);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($results)";
}

def Xplat_FifoOp : Xplat_StructureOp<"fifo", ["getConstantNames", "getConstants"]> {
  let summary = "a first-in first-out buffer of `depth` beats";
  let description = [{
    Constraints:
    - (C1) the depth is at least 2
    - (C2) operand and result have the same type
  }];
  let arguments = !con((ins Xplat_StreamType:$input, I64Attr:$depth), mappingAttributes);
  let results = (outs Xplat_StreamType:$result);
  let assemblyFormat = "$input `depth` $depth attr-dict `:` type($input) `->` type($result)";
}

def Xplat_ConvertStreamOp : Xplat_StructureOp<"convert_stream", ["getConstantNames", "getConstants"]> {
  let summary = "the same tensor with another beat or in another order";
  let description = [{
    `permutes` is 1 when the elements come out in another sequence, and 0 when only
    other numbers of them make a beat. `shared_bits` are those that a block of the
    format shares. The kernel that ships with xplat, a width converter, regroups
    elements: it needs 0 for both.

    Constraints:
    - (C1) operand and result have one shape and one element type, and another order or beat
  }];
  let arguments = !con((ins Xplat_StreamType:$input), mappingAttributes);
  let results = (outs Xplat_StreamType:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

def Xplat_LinkOp : Xplat_StructureOp<"link", ["getConstantNames", "getConstants", "getReturnCycles",
    "getResultPlacement"], [Xplat_CrossingOpInterface]> {
  let summary = "carries a stream from one device to another over a cable";
  let description = [{
    A beat crosses in phits of `phit_bits` bits, one a cycle, and arrives `latency_cycles` later. At
    most `credits` beats are in flight or waiting at the receiving end. The place of its `config` is the sending end,
    `destination` the receiving end. A cable is full duplex: links may use it in both directions.
    Through a switch, `over @s::@c0 and @s::@c1`, the first cable leads from the sending device to
    the switch, and the second (`arrival`) from the switch to the destination. The phits have a
    slice of their own on both, so the link has a fixed latency, as over one cable.

    Constraints:
    - (C1) operand and result have the same type
    - (C2) `phit_bits` and `credits` are positive, `latency_cycles` is not negative
    - (C3) the cable connects its place and `destination`, or it and `arrival` connect them through one switch
  }];
  let arguments = !con((ins Xplat_StreamType:$input, SymbolRefAttr:$cable, OptionalAttr<SymbolRefAttr>:$arrival,
                            Xplat_PlaceAttr:$destination, I64Attr:$phit_bits, I64Attr:$latency_cycles, I64Attr:$credits), mappingAttributes);
  let results = (outs Xplat_StreamType:$result);
  let assemblyFormat = [{
    $input `over` $cable (`and` $arrival^)? `to` $destination `phit_bits` $phit_bits `latency_cycles` $latency_cycles
    `credits` $credits attr-dict `:` type($input) `->` type($result)
  }];
}

def Xplat_CdcOp : Xplat_StructureOp<"cdc", ["getConstantNames", "getConstants", "getReturnCycles"],
    [DeclareOpInterfaceMethods<Xplat_ClockCrossingOpInterface>]> {
  let summary = "brings a stream from the clock of the device that sent it to that of this one";
  let description = [{
    A clock-domain crossing: a FIFO of `depth` beats with two clocks, at the
    receiving end of a link between devices whose clocks differ. Beats that come
    faster than this device takes them wait here.

    Constraints:
    - (C1) operand and result have the same type
    - (C2) the depth is a power of two of at least 16: with fewer beats the counts that cross would slow the stream
  }];
  let arguments = !con((ins Xplat_StreamType:$input, I64Attr:$depth), mappingAttributes);
  let results = (outs Xplat_StreamType:$result);
  let assemblyFormat = "$input `depth` $depth attr-dict `:` type($input) `->` type($result)";
  let extraClassDeclaration = [{
    static constexpr int64_t leastDepth = 16;
    ::xplat::ConfigAttr getFixedAttr() { return {}; }
    void setFixedAttr(::xplat::ConfigAttr) {}
  }];
}

//===----------------------------------------------------------------------===//
// Between functions
//===----------------------------------------------------------------------===//

/// Not pure: an end without its other end is wrong, so nothing may remove one.
class Xplat_StreamEndOp<string mnemonic>
    : Xplat_Op<mnemonic, [HasParent<"::mlir::func::FuncOp">, Xplat_StreamEndOpInterface,
                          DeclareOpInterfaceMethods<SymbolUserOpInterface>]>;

def Xplat_SendOp : Xplat_StreamEndOp<"send"> {
  let summary = "a stream leaves this function under a name";
  let description = [{
    The `xplat.receive` of that name, in another function of the module, is where it goes on. Streams
    between devices may lead both ways, which calls and their results cannot say.

    Constraints:
    - (C1) exactly one `xplat.receive` of the module has the name
    - (C2) it has the operand's type and stands in another function
  }];
  let arguments = (ins Xplat_StreamType:$input, SymbolNameAttr:$stream_name);
  let assemblyFormat = "$input `to` $stream_name attr-dict `:` type($input)";
}

def Xplat_ReceiveOp : Xplat_StreamEndOp<"receive"> {
  let summary = "a stream that another function sends enters this one";
  let description = [{
    Constraints:
    - (C1) exactly one `xplat.send` of the module has the name
  }];
  let arguments = (ins SymbolNameAttr:$stream_name);
  let results = (outs Xplat_StreamType:$result);
  let assemblyFormat = "$stream_name attr-dict `:` type($result)";
}

#endif // XPLAT_STRUCTURE_TD

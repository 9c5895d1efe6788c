//===- Names.cpp - Users' names in other languages ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/Names.h"

#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace xplat;

/// Keywords of SystemVerilog (IEEE 1800-2017, annex B), between spaces.
static constexpr StringLiteral keywords =
    " accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin bind "
    "bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class clocking cmos config "
    "const constraint context continue cover covergroup coverpoint cross deassign default defparam design disable "
    "dist do edge else end endcase endchecker endclass endclocking endconfig endfunction endgenerate endgroup "
    "endinterface endmodule endpackage endprimitive endprogram endproperty endsequence endspecify endtable endtask "
    "enum event eventually expect export extends extern final first_match for force foreach forever fork forkjoin "
    "function generate genvar global highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies import "
    "incdir include initial inout input inside instance int integer interconnect interface intersect join join_any "
    "join_none large let liblist library local localparam logic longint macromodule matches medium modport module "
    "nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1 null or output package packed "
    "parameter pmos posedge primitive priority program property protected pull0 pull1 pulldown pullup "
    "pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase randsequence rcmos real realtime ref reg "
    "reject_on release repeat restrict return rnmos rpmos rtran rtranif0 rtranif1 s_always s_eventually s_nexttime "
    "s_until s_until_with scalared sequence shortint shortreal showcancelled signed small soft solve specify "
    "specparam static string strong strong0 strong1 struct super supply0 supply1 sync_accept_on sync_reject_on "
    "table tagged task this throughout time timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior "
    "trireg type typedef union unique unique0 unsigned until until_with untyped use uwire var vectored virtual void "
    "wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor ";

/// Names that Windows keeps for devices, whatever the ending, between spaces.
static constexpr StringLiteral devices =
    " aux con nul prn com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 ";

/// First words of comments that are directives to some tool, between spaces.
static constexpr StringLiteral directives =
    " ambit cadence exemplar lint_checking pragma slang spyglass synopsys synthesis translate_off translate_on "
    "verilator verilog_lint vcs xilinx ";

/// Whether a list of words between spaces has `word`.
static bool contains(StringRef list, StringRef word) { return list.contains((" " + word + " ").str()); }

//===----------------------------------------------------------------------===//
// Identifiers and files
//===----------------------------------------------------------------------===//

Names::Names(ArrayRef<StringRef> reserved, For use) : use(use) {
  for (StringRef name : reserved)
    take(name);
}

bool Names::take(StringRef name) { return taken.insert(use == For::files ? name.lower() : name.str()).second; }

std::string Names::identifier(StringRef text, StringRef prefix, size_t maxLength) {
  std::string name;
  for (char c : text)
    name += llvm::isAlnum(c) ? c : '_';
  if (name.empty() || llvm::isDigit(name.front()))
    name.insert(0, prefix);
  // Paths differ at their ends more than in the middle.
  if (name.size() > maxLength)
    name = name.substr(0, maxLength / 2) + "_" + name.substr(name.size() - (maxLength / 2 - 1));
  return name;
}

std::string Names::unique(StringRef text) {
  std::string base = identifier(text), name = base;
  if (contains(keywords, base) || (use == For::files && contains(devices, StringRef(base).lower())))
    name += "_0";
  if (take(name))
    return name;
  // All lower numbers are taken already.
  unsigned &number = nextNumber.try_emplace(base, 1).first->second;
  do
    name = base + "_" + std::to_string(number++);
  while (!take(name));
  return name;
}

//===----------------------------------------------------------------------===//
// Comments
//===----------------------------------------------------------------------===//

std::string xplat::toComment(StringRef text) {
  std::string result;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80)
      continue; // the rest of a character of several bytes
    // Backslashes continue lines, backticks and asterisks begin or end something in some tool.
    bool plain = llvm::isPrint(c) && c != '\\' && c != '`' && c != '*';
    result += plain ? c : '_';
  }
  StringRef first = StringRef(result).take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
  bool isDirective = contains(directives, first.lower());
  for (StringRef tool : {"verilator", "synopsys"}) // with an underscore behind it, too, some tools object
    isDirective |= first.starts_with_insensitive(tool);
  if (isDirective || StringRef(result).starts_with(" "))
    result.insert(0, "_");
  return result;
}

Location xplat::withPlainNames(Location location) {
  MLIRContext *context = location.getContext();
  if (auto named = dyn_cast<NameLoc>(location))
    return NameLoc::get(StringAttr::get(context, toComment(named.getName())), withPlainNames(named.getChildLoc()));
  if (auto file = dyn_cast<FileLineColLoc>(location))
    return FileLineColLoc::get(context, toComment(file.getFilename()), file.getLine(), file.getColumn());
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return CallSiteLoc::get(withPlainNames(call.getCallee()), withPlainNames(call.getCaller()));
  if (auto fused = dyn_cast<FusedLoc>(location))
    return FusedLoc::get(context, llvm::map_to_vector(fused.getLocations(), withPlainNames));
  return UnknownLoc::get(context);
}

//===----------------------------------------------------------------------===//
// Pass options
//===----------------------------------------------------------------------===//

std::string xplat::decodeOption(StringRef text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    uint8_t byte;
    if (text[i] == '%' && i + 2 < text.size() && llvm::tryGetHexFromNibbles(text[i + 1], text[i + 2], byte)) {
      result += static_cast<char>(byte);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

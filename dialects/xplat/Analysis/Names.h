//===- Names.h - Users' names in other languages ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Module paths, file names and symbols may contain any character. These functions
// encode such names for each language that the passes write or read. Those for
// the files that the Python package writes (Tcl, Markdown, …) are in
// python/xplat/support/text.py.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_NAMES_H
#define XPLAT_ANALYSIS_NAMES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/StringSet.h"

namespace xplat {

/// Gives each name once: letters, digits and underscores, no keyword of SystemVerilog, of bounded length, a number
/// appended when taken. In a list of files, names that differ only in case, or that some system keeps for a device,
/// are not told apart either.
class Names {
public:
  enum class For { identifiers, files };
  explicit Names(llvm::ArrayRef<llvm::StringRef> reserved = {}, For use = For::identifiers);
  /// `text` as an identifier that has not been given out yet.
  std::string unique(llvm::StringRef text);
  /// `text` with other characters replaced by underscores, `prefix` in front of a digit, and the middle left out
  /// when it is longer than `maxLength`: tools make file names of names, and file systems allow 255 bytes.
  static std::string identifier(llvm::StringRef text, llvm::StringRef prefix = "n", size_t maxLength = 200);

private:
  bool take(llvm::StringRef name);

  llvm::StringSet<> taken;
  /// The first number behind a name that may be free.
  llvm::StringMap<unsigned> nextNumber;
  For use;
};

/// `text` as the rest of a `//` comment of SystemVerilog: one line of printable ASCII that no tool takes for a
/// directive.
std::string toComment(llvm::StringRef text);

/// The location with every name and file in it as `toComment` gives them.
mlir::Location withPlainNames(mlir::Location location);

/// A pass option in which any byte may be written as `%` and two hexadecimal digits, since option lists of MLIR have
/// no other way to quote. Python's side is `pipeline_text`.
std::string decodeOption(llvm::StringRef text);

} // namespace xplat

#endif // XPLAT_ANALYSIS_NAMES_H

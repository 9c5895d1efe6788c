//===- Contract.h - Clauses of kernels and fragments ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel and a fragment hold the same lists of clauses. Where a fragment goes
// into a contract, each list has an IncludeAttr, which linking replaces by the
// fragment's own list.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_CONTRACT_H
#define XPLAT_IR_CONTRACT_H

#include "xplat/IR/Formula.h"

namespace xplat {

/// The clauses that a kernel alone has.
inline constexpr llvm::StringLiteral kernelClauses[] = {"streams", "computes", "cycles", "latency", "buffer", "order"};

/// The lists, one for each kind of clause.
struct ContractClauses {
  using List = llvm::SmallVector<mlir::Attribute>;
  List formats, lets, conditions, memories, parameters, area;

  /// Of the properties of a kernel or a fragment.
  template <typename PropertiesT> static ContractClauses of(const PropertiesT &properties) {
    ContractClauses clauses;
    forEach(clauses, properties, [](List &list, mlir::ArrayAttr attr) { list.assign(attr.begin(), attr.end()); });
    return clauses;
  }
  template <typename PropertiesT> void store(PropertiesT &properties, mlir::MLIRContext *context) {
    forEach(*this, properties, [&](List &list, mlir::ArrayAttr &attr) { attr = mlir::ArrayAttr::get(context, list); });
  }

  void include(mlir::FlatSymbolRefAttr fragment);
  llvm::SmallVector<mlir::FlatSymbolRefAttr> getIncludes() const;
  /// Puts the clauses of `fragment` where the lists include it.
  void insert(FragmentOp fragment);
  /// The clauses, each on a line; `printOther` prints those of a kernel alone, before its area.
  void print(mlir::OpAsmPrinter &printer, llvm::function_ref<void()> printOther) const;

private:
  template <typename ClausesT, typename PropertiesT, typename FunctionT>
  static void forEach(ClausesT &clauses, PropertiesT &properties, FunctionT function) {
    function(clauses.formats, properties.formats);
    function(clauses.lets, properties.lets);
    function(clauses.conditions, properties.conditions);
    function(clauses.memories, properties.memories);
    function(clauses.parameters, properties.parameters);
    function(clauses.area, properties.area);
  }
};

/// Reads what stands between the braces of a kernel or a fragment.
class ContractParser {
public:
  /// A fragment's names are checked where it is included: `anyName`.
  ContractParser(mlir::OpAsmParser &parser, llvm::ArrayRef<std::string> names, bool anyName);
  /// All clauses up to the closing brace. `parseOther` reads one that a kernel alone has; `others` are their names.
  mlir::ParseResult parse(llvm::ArrayRef<llvm::StringLiteral> others,
                          llvm::function_ref<mlir::ParseResult(llvm::StringRef clause)> parseOther);
  /// `( e )`, for what the error calls `what`.
  mlir::ParseResult parseOne(FormulaAttr &formula, const llvm::Twine &what);
  /// `( e0, e1 … )`
  mlir::ParseResult parseList(llvm::SmallVectorImpl<FormulaAttr> &formulas);

  ContractClauses clauses;

private:
  mlir::ParseResult parseLet();
  mlir::ParseResult parseParameter(mlir::StringAttr name);
  mlir::ParseResult parseFormats();
  mlir::ParseResult parseFormat(mlir::StringAttr port);
  mlir::ParseResult parsePart(llvm::StringRef name);
  mlir::ParseResult parseClause(llvm::StringRef clause);
  mlir::StringAttr getString(llvm::StringRef text) { return parser.getBuilder().getStringAttr(text); }

  mlir::OpAsmParser &parser;
  FormulaScope scope;
};

/// `["a", "b"]`
mlir::ParseResult parseStrings(mlir::OpAsmParser &parser, mlir::ArrayAttr &result);
void printStrings(mlir::OpAsmPrinter &printer, mlir::ArrayAttr strings);
/// ` (e0, e1 …)`
void printFormulas(mlir::OpAsmPrinter &printer, llvm::ArrayRef<FormulaAttr> formulas);

/// Whether a contract has a clause of this name, so that no part may.
bool isContractClause(llvm::StringRef name);

} // namespace xplat

#endif // XPLAT_IR_CONTRACT_H

//===- Formula.cpp - Printing and building formulas -----------------------===//
#include "xplat/IR/Formula.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace xplat;

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

namespace {
/// Prints an expression with symbol names; parentheses wherever precedence needs them.
class FormulaPrinter {
public:
  FormulaPrinter(raw_ostream &printer, ArrayRef<std::string> names) : printer(printer), names(names) {}

  void print(AffineExpr expr, bool inProduct = false) {
    if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
      printer << constant.getValue();
      return;
    }
    if (auto symbol = dyn_cast<AffineSymbolExpr>(expr)) {
      printer << names[symbol.getPosition()];
      return;
    }
    auto binary = cast<AffineBinaryOpExpr>(expr);
    bool isSum = expr.getKind() == AffineExprKind::Add;
    // Operands of a product are parenthesised unless they are leaves or products.
    bool parens = inProduct && expr.getKind() != AffineExprKind::Mul;
    if (parens)
      printer << '(';
    print(binary.getLHS(), !isSum);
    switch (expr.getKind()) {
    case AffineExprKind::Add:
      printSecondTerm(binary.getRHS());
      break;
    case AffineExprKind::Mul:
      printer << " * ";
      printFactor(binary.getRHS());
      break;
    case AffineExprKind::FloorDiv:
      printer << " floordiv ";
      printFactor(binary.getRHS());
      break;
    case AffineExprKind::CeilDiv:
      printer << " ceildiv ";
      printFactor(binary.getRHS());
      break;
    case AffineExprKind::Mod:
      printer << " mod ";
      printFactor(binary.getRHS());
      break;
    default:
      llvm_unreachable("leaves are handled above");
    }
    if (parens)
      printer << ')';
  }

private:
  /// Right operands bind tightest: anything but a leaf is parenthesised.
  void printFactor(AffineExpr expr) {
    if (isa<AffineBinaryOpExpr>(expr)) {
      printer << '(';
      print(expr);
      printer << ')';
    } else {
      print(expr);
    }
  }
  /// `+ x`, or `- x` for x · -1 and negative constants.
  void printSecondTerm(AffineExpr expr) {
    if (auto constant = dyn_cast<AffineConstantExpr>(expr); constant && constant.getValue() < 0) {
      printer << " - " << -constant.getValue();
      return;
    }
    if (auto product = dyn_cast<AffineBinaryOpExpr>(expr); product && expr.getKind() == AffineExprKind::Mul)
      if (auto factor = dyn_cast<AffineConstantExpr>(product.getRHS()); factor && factor.getValue() == -1) {
        printer << " - ";
        printFactor(product.getLHS());
        return;
      }
    printer << " + ";
    print(expr);
  }

  raw_ostream &printer;
  ArrayRef<std::string> names;
};

/// Appends the terms of a sum.
void collectTerms(AffineExpr expr, SmallVectorImpl<AffineExpr> &terms) {
  if (expr.getKind() != AffineExprKind::Add)
    return terms.push_back(expr);
  collectTerms(cast<AffineBinaryOpExpr>(expr).getLHS(), terms);
  collectTerms(cast<AffineBinaryOpExpr>(expr).getRHS(), terms);
}

} // namespace

AffineExpr xplat::associateLeft(AffineExpr expr) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return expr;
  if (expr.getKind() != AffineExprKind::Add)
    return getAffineBinaryOpExpr(expr.getKind(), associateLeft(binary.getLHS()), associateLeft(binary.getRHS()));
  SmallVector<AffineExpr> terms;
  collectTerms(expr, terms);
  AffineExpr sum = associateLeft(terms.front());
  for (AffineExpr term : llvm::drop_begin(terms))
    sum = sum + associateLeft(term);
  return sum;
}

void xplat::printFormula(raw_ostream &os, AffineExpr formula, ArrayRef<std::string> names) {
  FormulaPrinter(os, names).print(formula);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

namespace {
using Arguments = ArrayRef<AffineExpr>;

/// 1 for x > 0, else 0, while |x| < 2^40.
AffineExpr positive(AffineExpr x) { return x.ceilDiv(int64_t(1) << 40); }

AffineExpr larger(AffineExpr a, AffineExpr b) { return a + (b - a) * positive(b - a); }

AffineExpr treeStages(AffineExpr terms) {
  AffineExpr stages = getAffineConstantExpr(0, terms.getContext());
  for (int64_t least : {1, 8, 64, 512, 4096})
    stages = stages + positive(terms - least);
  return stages;
}

AffineExpr windowDepth(Arguments a) {
  AffineExpr h = a[0], w = a[1], oh = a[2], ow = a[3], kh = a[4], kw = a[5], strideH = a[6], strideW = a[7],
             padH = a[8], padW = a[9], beats = a[10];
  AffineExpr row = w * beats, sample = h * row;
  // How far the needed prefix runs ahead of a uniform schedule, and how far the release trails it, by row and
  // by column. The second candidate of a lead counts only when the window fits image and leading padding.
  AffineExpr fitsH = positive(h + padH - kh + 1), fitsW = positive(w + padW - kw + 1);
  AffineExpr leadRow = larger((kh - 1 - padH) * row,
                              ((h - 1) * row - ((h + padH - kh) * sample).floorDiv(strideH * oh)) * fitsH);
  AffineExpr leadColumn = larger((kw - padW) * beats,
                                 (row - ((w + padW - kw) * sample).floorDiv(strideW * oh * ow)) * fitsW);
  AffineExpr lagRow = larger((padH * sample).ceilDiv(strideH * oh),
                             ((oh - 1) * sample).ceilDiv(oh) - ((oh - 1) * strideH - padH) * row);
  AffineExpr lagColumn = larger(((padW + strideW) * sample).ceilDiv(strideW * oh * ow),
                                sample.ceilDiv(oh) - ((ow - 1) * strideW - padW) * beats);
  return leadRow + leadColumn + lagRow + lagColumn + 2;
}

/// Whether a memory of so many words is made of LUTs.
AffineExpr inLuts(AffineExpr words) { return positive(65 - words); }

AffineExpr bram36(AffineExpr bits, AffineExpr words) {
  AffineExpr width = 36 + 36 * positive(513 - words);
  AffineExpr depth = 1024 + 1024 * positive(19 - bits) + 2048 * positive(10 - bits);
  return (1 - inLuts(words)) * bits.ceilDiv(width) * words.ceilDiv(depth);
}

struct Function {
  StringLiteral name;
  unsigned arity; // 0: one argument or more
  AffineExpr (*build)(Arguments);
};

constexpr Function functions[] = {
    {"max", 0,
     [](Arguments a) {
       AffineExpr result = a.front();
       for (AffineExpr argument : a.drop_front())
         result = larger(result, argument);
       return result;
     }},
    {"positive", 1, [](Arguments a) { return positive(a[0]); }},
    {"tree_stages", 1, [](Arguments a) { return treeStages(a[0]); }},
    {"window_depth", 11, windowDepth},
    {"rom_lut", 2, [](Arguments a) { return inLuts(a[1]) * a[0]; }},
    {"ram_lut", 2, [](Arguments a) { return inLuts(a[1]) * (a[0] * 4).ceilDiv(3); }},
    {"bram36", 2, [](Arguments a) { return bram36(a[0], a[1]); }},
};
} // namespace

FailureOr<AffineExpr> xplat::applyFormulaFunction(StringRef name, ArrayRef<AffineExpr> arguments,
                                                  function_ref<InFlightDiagnostic()> emitError) {
  for (const Function &function : functions) {
    if (function.name != name)
      continue;
    if (function.arity ? arguments.size() != function.arity : arguments.empty())
      return emitError() << "expected " << (function.arity ? function.arity : 1) << (function.arity ? "" : " or more")
                         << " argument(s) of '" << name << "' but got " << arguments.size();
    return associateLeft(function.build(arguments));
  }
  auto diagnostic = emitError() << "unknown function '" << name << "'; there are";
  for (const Function &function : functions)
    diagnostic << " " << function.name;
  return diagnostic;
}

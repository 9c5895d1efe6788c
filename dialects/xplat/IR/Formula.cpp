//===- Formula.cpp - Printing and building formulas -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Formula.h"
#include "xplat/IR/Support.h"

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

/// One stage for each power of the radix, from the zeroth, that is below the number of terms (at most 2^16).
AffineExpr treeStages(AffineExpr terms, AffineExpr radix) {
  AffineExpr stages = getAffineConstantExpr(0, terms.getContext());
  AffineExpr power = getAffineConstantExpr(1, terms.getContext());
  for (unsigned stage = 0; stage < 16; ++stage) {
    auto constant = dyn_cast<AffineConstantExpr>(power);
    if (constant && constant.getValue() >= 65536)
      break;
    stages = stages + positive(terms - power);
    power = power * radix;
  }
  return stages;
}

AffineExpr windowDepth(Arguments a) {
  AffineExpr h = a[0], w = a[1], oh = a[2], ow = a[3], kh = a[4], kw = a[5], strideH = a[6], strideW = a[7],
             padH = a[8], padW = a[9], beats = a[10];
  AffineExpr row = w * beats, sample = h * row;
  // How far the needed prefix runs ahead of a uniform schedule, and how far the release trails it, by row and
  // by column. The second candidate of a lead counts only when the window fits image and leading padding.
  AffineExpr fitsH = positive(h + padH - kh + 1), fitsW = positive(w + padW - kw + 1);
  AffineExpr leadRow =
      larger((kh - 1 - padH) * row, ((h - 1) * row - ((h + padH - kh) * sample).floorDiv(strideH * oh)) * fitsH);
  AffineExpr leadColumn =
      larger((kw - padW) * beats, (row - ((w + padW - kw) * sample).floorDiv(strideW * oh * ow)) * fitsW);
  AffineExpr lagRow = larger((padH * sample).ceilDiv(strideH * oh),
                             ((oh - 1) * sample).ceilDiv(oh) - ((oh - 1) * strideH - padH) * row);
  AffineExpr lagColumn = larger(((padW + strideW) * sample).ceilDiv(strideW * oh * ow),
                                sample.ceilDiv(oh) - ((ow - 1) * strideW - padW) * beats);
  return leadRow + leadColumn + lagRow + lagColumn + 2;
}

/// ceil(log2(x)) for x up to 2^24.
AffineExpr clog2(AffineExpr x) {
  AffineExpr result = getAffineConstantExpr(0, x.getContext());
  for (int bit = 0; bit < 24; ++bit)
    result = result + positive(x - (int64_t(1) << bit));
  return result;
}

/// 1 when x (up to 2^24) is a power of two.
AffineExpr isPowerOfTwo(AffineExpr x) {
  AffineExpr result = getAffineConstantExpr(0, x.getContext());
  for (int bit = 0; bit <= 24; ++bit)
    result = result + positive(x - (int64_t(1) << bit) + 1) * positive((int64_t(1) << bit) + 1 - x);
  return result;
}

/// 18-kbit halves of a block RAM for a memory: 36 bits wide up to 512 words, 18 up to 1024, else 9.
AffineExpr blockHalves(AffineExpr bits, AffineExpr words) {
  return bits.ceilDiv(9 + 9 * positive(1025 - words) + 18 * positive(513 - words)) * words.ceilDiv(2048);
}

/// A memory goes into LUTs where a block would be mostly empty: up to 64 LUTs in place of a half.
/// A RAM with two ports takes four LUTs for three bits of 64 words, a ROM one a bit.
AffineExpr ramInLuts(AffineExpr bits, AffineExpr words) {
  return positive(64 * blockHalves(bits, words) + 1 - bits.ceilDiv(3) * words.ceilDiv(64) * 4);
}
AffineExpr romInLuts(AffineExpr bits, AffineExpr words) {
  return positive(64 * blockHalves(bits, words) + 1 - bits * words.ceilDiv(64));
}

/// Banks of 64 words, the last of 32 where that does.
AffineExpr ramLuts(AffineExpr bits, AffineExpr words) {
  AffineExpr whole = (words + 31).floorDiv(64);
  return bits.ceilDiv(3) * whole * 4 + bits.ceilDiv(6) * (words.ceilDiv(64) - whole) * 4;
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
    {"tree_stages", 2, [](Arguments a) { return treeStages(a[0], a[1]); }},
    {"window_depth", 11, windowDepth},
    {"clog2", 1, [](Arguments a) { return clog2(a[0]); }},
    {"is_power_of_two", 1, [](Arguments a) { return isPowerOfTwo(a[0]); }},
    {"ram_in_luts", 2, [](Arguments a) { return ramInLuts(a[0], a[1]); }},
    {"ram_lut", 2, [](Arguments a) { return ramInLuts(a[0], a[1]) * ramLuts(a[0], a[1]); }},
    {"ram_bram18", 2, [](Arguments a) { return (1 - ramInLuts(a[0], a[1])) * blockHalves(a[0], a[1]); }},
    {"rom_in_luts", 2, [](Arguments a) { return romInLuts(a[0], a[1]); }},
    {"rom_lut", 2, [](Arguments a) { return romInLuts(a[0], a[1]) * a[0] * a[1].ceilDiv(64); }},
    {"rom_bram18", 2, [](Arguments a) { return (1 - romInLuts(a[0], a[1])) * blockHalves(a[0], a[1]); }},
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

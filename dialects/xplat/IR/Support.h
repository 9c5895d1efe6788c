//===- Support.h - Plain types that the interfaces exchange ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Included before the generated declarations.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_IR_SUPPORT_H
#define XPLAT_IR_SUPPORT_H

#include "xplat/IR/Layout.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/Types.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <array>
#include <optional>

namespace xplat {

class ConfigAttr;
class NodeOpInterface;
class ParamOp;
class PolynomialsAttr;

/// An exact fixed-point number in a datapath: a signed integer of `width` bits
/// that means integer · 2^-fractionalBits. `value` belongs to the builder.
struct FixedPoint {
  void *value = nullptr;
  int64_t width = 0;
  int64_t fractionalBits = 0;
};

/// Builds a datapath on exact numbers: every operation grows its result so that
/// nothing is lost. Targets implement it (comb in hardware).
class DatapathBuilder {
public:
  virtual ~DatapathBuilder() = default;
  /// value · 2^-fractionalBits
  virtual FixedPoint constant(int64_t value, int64_t fractionalBits) = 0;
  virtual FixedPoint add(FixedPoint a, FixedPoint b) = 0;
  virtual FixedPoint subtract(FixedPoint a, FixedPoint b) = 0;
  virtual FixedPoint multiply(FixedPoint a, FixedPoint b) = 0;
  /// `then` where a > b, else `other`.
  virtual FixedPoint chooseGreater(FixedPoint a, FixedPoint b, FixedPoint then, FixedPoint other) = 0;
  /// Two numbers whose sum is `a`: its upper bits, with the sign, and its `low` lowest bits, which are not negative.
  virtual std::pair<FixedPoint, FixedPoint> split(FixedPoint a, int64_t low) = 0;
  /// `a` with other fractional bits; where these are fewer, rounded half to even.
  virtual FixedPoint round(FixedPoint a, int64_t fractionalBits) = 0;
  /// The stored bits of `a` in a format of `width` bits and as many fractional bits: the nearest number in its range.
  virtual FixedPoint saturate(FixedPoint a, int64_t width, bool isUnsigned) = 0;
};

/// One that has registers, too.
class StageBuilder : public DatapathBuilder {
public:
  /// `a` a cycle later.
  virtual FixedPoint hold(FixedPoint a) = 0;
};

namespace detail {
/// Whether `name` is a letter or an underscore, then letters, digits and underscores: a name in every language.
bool isIdentifier(llvm::StringRef name);
/// Product of `values`; 1 for none.
int64_t product(llvm::ArrayRef<int64_t> values);
/// The unroll factors that `config` has for each loop of `node`, `unknown` where it has none.
llvm::SmallVector<int64_t> getUnrollFactors(mlir::Operation *node, ConfigAttr config, int64_t unknown);
/// Whether the type says what an element is worth: a float format, or a
/// quantized type of full range whose scales are powers of two.
bool isNumberFormat(mlir::Type type);
/// How many numbers a fixed-point format with one scale has; none for another type.
std::optional<int64_t> countNumbers(mlir::Type element);
/// How the host moves elements between the operand and the result of a boundary node.
Rearrangement getHostRearrangement(mlir::Operation *node, std::optional<llvm::ArrayRef<int64_t>> view,
                                   std::optional<llvm::ArrayRef<int64_t>> permutation);
/// Bits of integers that hold `count` positions, counted from 0: one is the sign's, and there are at least two.
unsigned getPositionBits(int64_t count);
/// Rows of the smallest and of the largest table.
struct TableRows {
  int64_t least, most;
};
/// Rows among which all readers of `value` select, behind nodes that only move its elements; none when there is no
/// reader, or one does something else with it.
std::optional<TableRows> countSelectedRows(mlir::Value value);
/// Element types of the operands and the first result.
llvm::SmallVector<mlir::Type> getDefaultPortFormats(mlir::Operation *node);
/// One for each result element of an element-wise node; none of another.
int64_t getElementwiseOperations(mlir::Operation *node);
/// The dimension of a factor of that rank along which products are summed.
struct SummedDim {
  int64_t dim, rank;
};
/// The constraint of a node that sums products: if it has an accumulator, that and the formats of its two factors and
/// of its result fit together.
mlir::LogicalResult verifyAccumulator(mlir::Operation *node, llvm::ArrayRef<SummedDim> summed,
                                      llvm::StringRef constraint);
/// Width and fractional bits of the accumulator of a node that sums products; 0 without one.
int64_t getAccumulatorBits(mlir::Operation *node);
int64_t getAccumulatorFraction(mlir::Operation *node);
/// Constraints that hold for every node (N1 … N6 of docs/Spec.md).
mlir::LogicalResult verifyNode(mlir::Operation *node);
/// Constraints of every element-wise node (E1 of docs/Spec.md).
mlir::LogicalResult verifyElementwise(mlir::Operation *node);
/// Constraints of nodes that may have polynomials (A1 of docs/Spec.md).
mlir::LogicalResult verifyApproximable(mlir::Operation *node);
} // namespace detail

/// Constants of this magnitude or more hide from softmax what they are added to or stand for; they may saturate.
constexpr double hidingMagnitude = 0x1p100;
/// A softmax gives zero to an element that is filled with so little: e to that power is no number of f32.
constexpr double leastHidden = -1000;

/// Whether the result of a node has no negative elements, whatever samples and parameters hold. `operands`: of which
/// operands that is known.
bool isNeverNegative(mlir::Operation *node, llvm::ArrayRef<bool> operands);

/// The polynomials that take the place of the node's exact result; null for none.
PolynomialsAttr getPolynomials(mlir::Operation *node);

/// Divisors of `n`, ascending.
llvm::SmallVector<int64_t> getDivisors(int64_t n);

/// Shape and element type of a tensor or a stream.
llvm::ArrayRef<int64_t> getDataShape(mlir::Type tensorOrStream);
mlir::Type getDataElement(mlir::Type tensorOrStream);
/// The scores that a softmax reads, and which of them have no weight.
struct SeenScores {
  mlir::OpOperand *use = nullptr;
  /// In the last two dimensions, nothing above this diagonal has.
  std::optional<int64_t> diagonal;
  /// Nothing where it is positive has; null where no mask hides anything.
  mlir::Value hidden;
};
/// The dimension of a value of `rank` along which the blocks of its format run.
int64_t getBlockDim(mlir::Type format, int64_t rank);
/// Whether the elements have a block format whose blocks run along the innermost dimension of the stream layout.
bool hasInnermostBlocks(mlir::Type tensorOrStream);
/// `type` (tensor or stream) with another element type.
mlir::Type withElement(mlir::Type type, mlir::Type element);

/// The parameter that `symbol` names, seen from `user`; null when there is none. Without a SymbolScope around the
/// call it walks all symbols of the module.
ParamOp lookupParam(mlir::Operation *user, mlir::FlatSymbolRefAttr symbol);

/// While a scope exists, `lookupParam` on its thread is a hash lookup. Code that asks nodes about their parameters in a
/// loop puts a scope around the loop. Meanwhile symbols may be erased or renamed only through `getTable`; new ones may
/// be added in any way. Of nested scopes, the inner one is used.
class SymbolScope {
public:
  explicit SymbolScope(mlir::Operation *symbolTableOp);
  /// Uses existing tables, for example those of a verifier.
  explicit SymbolScope(mlir::SymbolTableCollection &tables);
  ~SymbolScope();
  SymbolScope(const SymbolScope &) = delete;
  SymbolScope &operator=(const SymbolScope &) = delete;

  /// The symbols of the op that the scope was made for.
  mlir::SymbolTable &getTable();
  template <typename OpT> OpT lookup(mlir::FlatSymbolRefAttr symbol) {
    return symbol ? getTable().lookup<OpT>(symbol.getAttr()) : OpT();
  }

private:
  mlir::SymbolTableCollection own;
  mlir::SymbolTableCollection &tables;
  mlir::Operation *symbolTableOp = nullptr;
  mlir::SymbolTableCollection *outer;
};

/// What users call a node: the name in its location (the module path in the
/// model), else the op's name.
std::string getNodeName(mlir::Operation *node);

} // namespace xplat

#endif // XPLAT_IR_SUPPORT_H

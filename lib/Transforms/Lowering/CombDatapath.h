//===- CombDatapath.h - Exact arithmetic in comb ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef XPLAT_TRANSFORMS_LOWERING_COMBDATAPATH_H
#define XPLAT_TRANSFORMS_LOWERING_COMBDATAPATH_H

#include "Transforms/Lowering/CirctBuilder.h"
#include "xplat/IR/Support.h"

namespace xplat::circt {

/// Exact fixed-point arithmetic in comb, with registers of seq: results grow so that nothing is lost.
class CombDatapath : public StageBuilder {
public:
  CombDatapath(CirctBuilder &builder, mlir::Location loc, mlir::Value clock)
      : builder(builder), loc(loc), clock(clock) {}

  /// The number of a stored integer; a zero comes before one that has no sign.
  FixedPoint read(mlir::Value stored, int64_t fractionalBits, bool isUnsigned);
  static mlir::Value valueOf(FixedPoint x) { return mlir::Value::getFromOpaquePointer(x.value); }

  FixedPoint constant(int64_t value, int64_t fractionalBits) override;
  FixedPoint add(FixedPoint a, FixedPoint b) override { return combine("comb.add", a, b); }
  FixedPoint subtract(FixedPoint a, FixedPoint b) override { return combine("comb.sub", a, b); }
  FixedPoint multiply(FixedPoint a, FixedPoint b) override;
  FixedPoint chooseGreater(FixedPoint a, FixedPoint b, FixedPoint then, FixedPoint other) override;
  std::pair<FixedPoint, FixedPoint> split(FixedPoint a, int64_t low) override;
  FixedPoint round(FixedPoint a, int64_t fractionalBits) override;
  FixedPoint saturate(FixedPoint a, int64_t width, bool isUnsigned) override;
  FixedPoint hold(FixedPoint a) override;

private:
  static FixedPoint make(mlir::Value value, int64_t fractionalBits);
  mlir::Value extended(FixedPoint x, int64_t width) { return builder.signExtend(loc, valueOf(x), width); }
  /// value != constant
  mlir::Value isNot(mlir::Value value, int64_t constant);
  mlir::Value shiftLeft(mlir::Value value, int64_t by);
  /// A sum or a difference, one bit wider than the wider operand.
  FixedPoint combine(llvm::StringRef op, FixedPoint a, FixedPoint b);
  /// Gives both numbers the same binary point; returns the wider width.
  int64_t align(FixedPoint &a, FixedPoint &b);

  CirctBuilder &builder;
  mlir::Location loc;
  mlir::Value clock;
};

} // namespace xplat::circt

#endif // XPLAT_TRANSFORMS_LOWERING_COMBDATAPATH_H

//===- ParameterOrder.cpp - Parameters in another order -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A permutation of places becomes a reshape, a transposition and a reshape of
// the parameter, so that its size in the IR does not depend on the parameter's.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Software/ParameterOrder.h"
#include "xplat/IR/NodeOps.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace xplat;

FlatSymbolRefAttr ParameterOrder::step(Operation *user, FlatSymbolRefAttr symbol, StringRef suffix, DerivationKind kind,
                                       DenseI64ArrayAttr argument, ArrayRef<int64_t> shape) {
  ParamOp origin = lookupParam(user, symbol);
  auto type = RankedTensorType::get(shape, getDataElement(origin.getType()));
  if (type == origin.getType() && kind == DerivationKind::reshape)
    return symbol;
  auto derivation = DerivationAttr::get(user->getContext(), kind, {symbol}, {}, {}, argument, {});
  FlatSymbolRefAttr &known = derived[{derivation, type}];
  if (!known)
    known = addDerivedParam(user, origin.getLoc(), symbol.getValue() + ":" + suffix, type, derivation, symbols);
  return known;
}

FlatSymbolRefAttr ParameterOrder::derive(Operation *user, FlatSymbolRefAttr symbol, ArrayRef<int64_t> outer,
                                         const Rearrangement &moves, ArrayRef<int64_t> inner, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> factors, permutation;
  moves.getFactors(factors, permutation);
  SmallVector<int64_t> view(outer), order = llvm::to_vector(llvm::seq<int64_t>(0, outer.size()));
  llvm::append_range(view, factors);
  llvm::append_range(view, inner);
  for (int64_t dim : permutation)
    order.push_back(outer.size() + dim);
  for (size_t dim = order.size(); dim < view.size(); ++dim)
    order.push_back(dim);
  if (!moves.isIdentity()) {
    symbol = step(user, symbol, "view", DerivationKind::reshape, {}, view);
    symbol = step(user, symbol, "permuted", DerivationKind::transpose,
                  DenseI64ArrayAttr::get(user->getContext(), order), applyPermutation(view, order));
  }
  return step(user, symbol, "reordered", DerivationKind::reshape, {}, shape);
}

void ParameterOrder::permute(WeightedOpInterface node, int64_t dim, const Rearrangement &moves) {
  ArrayRef<int64_t> shape = getDataShape(lookupParam(node, node.getWeightRef()).getType());
  node.setWeightRef(derive(node, node.getWeightRef(), shape.take_front(dim), moves, shape.drop_front(dim + 1), shape));
  if (FlatSymbolRefAttr bias = node.getBiasRef(); bias && dim == 0)
    node.setBiasRef(derive(node, bias, {}, moves, {}, shape.take_front()));
}

Value ParameterOrder::moveConstant(OpBuilder &builder, Value constant, const Rearrangement &moves,
                                   RankedTensorType type) {
  Operation *before = constant.getDefiningOp();
  Value after;
  if (std::optional<double> number = getUniformValue(constant)) {
    SplatOp::Properties properties;
    properties.value = builder.getF64FloatAttr(*number);
    after = xplat::detail::createNode<SplatOp>(builder, constant.getLoc(), type, {}, properties);
  } else {
    ConstantOp::Properties properties;
    properties.param =
        derive(before, cast<NodeOpInterface>(before).getParameters()[0].symbol, {}, moves, {}, type.getShape());
    after = xplat::detail::createNode<ConstantOp>(builder, constant.getLoc(), type, {}, properties);
  }
  copyCalibration(before, after.getDefiningOp());
  return after;
}

//===- Graph.h - What passes read and write of a module ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A module holds the graph, a public function, and private functions from which
// parameters are computed before the design runs: no pass looks into those.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_GRAPH_H
#define XPLAT_TRANSFORMS_GRAPH_H

#include "xplat/IR/Nodes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace xplat {

using detail::copyCalibration;
using detail::getFormatSource;
using detail::hasOwnFormat;

/// Calls `visit` for every op of interface or class OpT in public functions, in order; it may erase the op.
template <typename OpT> void walkGraph(mlir::ModuleOp module, llvm::function_ref<void(OpT)> visit) {
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (!function.isPrivate())
      function.walk(visit);
}

/// A node of the graph before quantization and mapping: tensors of f32 or of integers.
inline bool isUnquantized(NodeOpInterface node) {
  auto isPlain = [](mlir::Type type) {
    auto tensor = llvm::dyn_cast<mlir::RankedTensorType>(type);
    return tensor && (tensor.getElementType().isF32() || llvm::isa<mlir::IntegerType>(tensor.getElementType()));
  };
  return !node.isMapped() && llvm::all_of(node->getOperandTypes(), isPlain) &&
         llvm::all_of(node->getResultTypes(), isPlain);
}

/// Whether the node scales and shifts the channels of its operand, and sums over nothing.
inline bool isChannelwise(mlir::Operation *op) {
  auto node = llvm::dyn_cast<WeightedOpInterface>(op);
  std::optional<OperandView> view = node ? node.getOperandView() : std::nullopt;
  return view && view->summed.empty();
}

/// The number that all elements of `value` are; none when they differ or depend on the sample.
inline std::optional<double> getUniformValue(mlir::Value value) {
  auto constant = value.getDefiningOp<ConstantOpInterface>();
  return constant ? constant.getUniformValue() : std::nullopt;
}

/// As above, but only if no format was requested for the value, so that removing the node loses no rounding step.
inline std::optional<double> getExactUniformValue(mlir::Value value) {
  return hasOwnFormat(value.getDefiningOp()) ? std::nullopt : getUniformValue(value);
}

/// The result of a node whose every operand is one number everywhere; none when its arithmetic has no folder.
inline std::optional<double> evaluateScalar(ElementwiseOpInterface node, llvm::ArrayRef<double> operands) {
  mlir::Block block;
  mlir::OpBuilder builder(node.getContext());
  builder.setInsertionPointToStart(&block);
  llvm::SmallVector<mlir::Value> values;
  for (double operand : operands)
    values.push_back(mlir::arith::ConstantOp::create(builder, node.getLoc(), builder.getF32FloatAttr(operand)));
  mlir::Value result = node.buildScalar(builder, node.getLoc(), values);
  llvm::DenseMap<mlir::Value, mlir::Attribute> known;
  for (mlir::Operation &op : block) {
    llvm::SmallVector<mlir::Attribute> inputs;
    for (mlir::Value operand : op.getOperands())
      inputs.push_back(known.lookup(operand));
    llvm::SmallVector<mlir::OpFoldResult> folded;
    if (failed(op.fold(inputs, folded)) || folded.size() != 1)
      return std::nullopt;
    auto attribute = llvm::dyn_cast<mlir::Attribute>(folded[0]);
    known[op.getResult(0)] = attribute ? attribute : known.lookup(llvm::cast<mlir::Value>(folded[0]));
  }
  auto value = llvm::dyn_cast_or_null<mlir::FloatAttr>(known.lookup(result));
  return value ? std::optional(value.getValueAsDouble()) : std::nullopt;
}

/// Inserts a symbol beside the function that holds `user`, before it; its name may get a suffix.
inline mlir::FlatSymbolRefAttr insertBeside(mlir::Operation *user, mlir::Operation *symbol,
                                            mlir::SymbolTable &symbols) {
  mlir::Operation *graph = user;
  while (graph->getParentOp() != symbols.getOp())
    graph = graph->getParentOp();
  return mlir::FlatSymbolRefAttr::get(symbols.insert(symbol, graph->getIterator()));
}

/// Declares a derived parameter beside the function that holds `user`.
inline mlir::FlatSymbolRefAttr addDerivedParam(mlir::Operation *user, mlir::Location loc, const llvm::Twine &name,
                                               mlir::Type type, DerivationAttr derivation, mlir::SymbolTable &symbols,
                                               SparsityAttr sparsity = {}) {
  mlir::OpBuilder builder(user->getContext());
  auto param = ParamOp::create(builder, loc, builder.getStringAttr(name), derivation, mlir::DenseF64ArrayAttr(),
                               sparsity, mlir::TypeAttr::get(type));
  return insertBeside(user, param, symbols);
}

/// The dimension of the value before `moves`, of shape `before`, that is dimension `dim` of the value behind it; none
/// when no single one is.
inline std::optional<int64_t> getDimBefore(const Rearrangement &moves, llvm::ArrayRef<int64_t> behind, int64_t dim,
                                           llvm::ArrayRef<int64_t> before) {
  auto strideOf = [](llvm::ArrayRef<int64_t> shape, int64_t dim) { return detail::product(shape.drop_front(dim + 1)); };
  auto digits = moves.getPart(strideOf(behind, dim), behind[dim]);
  if (!digits || digits->size() > 1)
    return std::nullopt;
  // A dimension of one element has no digit: any such one will do.
  int64_t stride = digits->empty() ? 0 : digits->front().stride;
  for (auto [index, extent] : llvm::enumerate(before))
    if (extent == behind[dim] && (digits->empty() || strideOf(before, index) == stride))
      return index;
  return std::nullopt;
}

} // namespace xplat

#endif // XPLAT_TRANSFORMS_GRAPH_H

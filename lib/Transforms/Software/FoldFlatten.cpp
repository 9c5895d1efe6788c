//===- FoldFlatten.cpp - Flatten in the order of travel -------------------===//
//
// A flatten of [N, C, H, W] would have to turn the order in which its elements
// travel (channels innermost) into row-major order. When everything that it
// reaches is a weight with a column per element, the flatten keeps the order of
// travel and the columns are permuted instead, once, before the design runs.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Passes.h"

#include "mlir/IR/Builders.h"

namespace xplat {
#define GEN_PASS_DEF_FOLDFLATTEN
#include "Transforms/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct FoldFlatten : xplat::impl::FoldFlattenBase<FoldFlatten> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    params.clear();
    SmallVector<ReorderingOpInterface> candidates;
    walkGraph<ReorderingOpInterface>(getOperation(), [&](ReorderingOpInterface op) {
      if (op.permutesTravelOrder())
        candidates.push_back(op);
    });
    for (ReorderingOpInterface op : candidates)
      fold(op, symbols);
  }

private:
  /// Whether elements share bits with their neighbours in a format, so that another order changes values.
  static bool isBlocked(Type type) {
    auto format = dyn_cast_or_null<NumberFormatTypeInterface>(type);
    return format && format.getBlockSize() > 1;
  }

  /// Whether such a format is wished for the result of `node`.
  static bool wishesBlocks(CalibratedOpInterface node) {
    QuantizationAttr wish = node ? node.getWishedFormats() : QuantizationAttr();
    return wish && isBlocked(wish.getValue());
  }
  static bool hasBlocks(Operation *op) {
    return isBlocked(getDataElement(op->getResult(0).getType())) || wishesBlocks(dyn_cast<CalibratedOpInterface>(op));
  }

  static constexpr StringRef noColumns = "a consumer has no columns that could be permuted instead";
  static constexpr StringRef inBlocks = "elements share bits with their neighbours, in a block format";

  /// What stops the fold, and why; null for nothing.
  struct Obstacle {
    Operation *op = nullptr;
    StringRef reason;
  };

  /// Collects the nodes with weights that `value` reaches through element-wise nodes, unless one cares about the order.
  static Obstacle collectReaders(Value value, int64_t columns, SmallVectorImpl<WeightedOpInterface> &readers) {
    SmallVector<Value> reached = {value};
    while (!reached.empty())
      for (Operation *user : reached.pop_back_val().getUsers()) {
        if (auto weighted = dyn_cast<WeightedOpInterface>(user)) {
          int64_t dim = weighted.getColumnDim();
          ParamOp weight = lookupParam(user, weighted.getWeightRef());
          auto type = weight ? cast<RankedTensorType>(weight.getType()) : RankedTensorType();
          if (!type || dim != 1 || type.getRank() != 2 || type.getDimSize(dim) != columns ||
              !type.getElementType().isF32())
            return {user, noColumns};
          if (auto calibrated = dyn_cast<CalibratedOpInterface>(user))
            if (QuantizationAttr wish = calibrated.getWishedFormats(); wish && isBlocked(wish.getWeight()))
              return {user, inBlocks};
          readers.push_back(weighted);
          continue;
        }
        if (!isa<ElementwiseOpInterface>(user) || user->getNumOperands() != 1)
          return {user, noColumns};
        if (hasBlocks(user))
          return {user, inBlocks};
        reached.push_back(user->getResult(0));
      }
    return {};
  }

  void fold(ReorderingOpInterface op, SymbolTable &symbols) {
    ArrayRef<int64_t> shape = getDataShape(op->getOperand(0).getType());
    ArrayRef<int64_t> result = getDataShape(op->getResult(0).getType());
    if (shape.size() != 4 || result.back() != shape[1] * shape[2] * shape[3]) {
      op->emitRemark("not folded: expected a rank-4 operand flattened to one dimension but got ")
          << op->getOperand(0).getType() << " and " << op->getResult(0).getType();
      return;
    }
    SmallVector<WeightedOpInterface> readers;
    Obstacle obstacle = collectReaders(op->getResult(0), result.back(), readers);
    // A node that keeps its operand's format has the one wished there.
    if (!obstacle.op && (hasBlocks(op) || wishesBlocks(getFormatSource(op))))
      obstacle = {op, inBlocks};
    if (obstacle.op) {
      auto remark = op->emitRemark("not folded: ") << obstacle.reason;
      if (obstacle.op != op.getOperation())
        remark.attachNote(obstacle.op->getLoc()) << "consumer here";
      return;
    }
    if (!op.keepTravelOrder()) {
      op->emitRemark("not folded: it cannot keep the order of travel");
      return;
    }
    OpBuilder builder(&getContext());
    for (WeightedOpInterface reader : readers) {
      FlatSymbolRefAttr weight = reader.getWeightRef();
      auto derivation = DerivationAttr::get(&getContext(), DerivationKind::channels_last_columns, {weight}, {}, {},
                                            builder.getDenseI64ArrayAttr(shape.drop_front()), {});
      FlatSymbolRefAttr &permuted = params[derivation];
      if (!permuted)
        permuted = addDerivedParam(op, op->getLoc(), weight.getValue() + ":channels_last",
                                   lookupParam(reader, weight).getType(), derivation, symbols);
      reader.setWeightRef(permuted);
    }
    ++numFolded;
  }

  /// Readers that agree share the permuted weight.
  llvm::DenseMap<Attribute, FlatSymbolRefAttr> params;
};
} // namespace

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
    SmallVector<ReorderingOpInterface> candidates;
    walkGraph<ReorderingOpInterface>(getOperation(), [&](ReorderingOpInterface op) {
      if (op.permutesTravelOrder())
        candidates.push_back(op);
    });
    for (ReorderingOpInterface op : candidates)
      fold(op, symbols);
  }

private:
  /// Collects the nodes with weights that `value` reaches through element-wise
  /// nodes; the first reader that cares about the order otherwise, or null.
  Operation *collectReaders(Value value, int64_t columns, SmallVectorImpl<WeightedOpInterface> &readers) {
    for (Operation *user : value.getUsers()) {
      if (auto weighted = dyn_cast<WeightedOpInterface>(user)) {
        int64_t dim = weighted.getColumnDim();
        ParamOp weight = lookupParam(user, weighted.getWeightRef());
        auto type = weight ? cast<RankedTensorType>(weight.getType()) : RankedTensorType();
        if (!type || dim != 1 || type.getRank() != 2 || type.getDimSize(dim) != columns ||
            !type.getElementType().isF32())
          return user;
        readers.push_back(weighted);
        continue;
      }
      if (!isa<ElementwiseOpInterface>(user) || user->getNumOperands() != 1)
        return user;
      if (Operation *reader = collectReaders(user->getResult(0), columns, readers))
        return reader;
    }
    return nullptr;
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
    if (Operation *reader = collectReaders(op->getResult(0), result.back(), readers)) {
      auto remark = op->emitRemark("not folded: a consumer has no columns that could be permuted instead");
      remark.attachNote(reader->getLoc()) << "consumer here";
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
      reader.setWeightRef(addDerivedParam(op, op->getLoc(), weight.getValue() + ":channels_last",
                                          lookupParam(reader, weight).getType(), derivation, symbols));
    }
    ++numFolded;
  }
};
} // namespace

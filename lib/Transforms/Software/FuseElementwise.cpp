//===- FuseElementwise.cpp - Chains of element-wise nodes as one ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The last node of a chain absorbs every preceding node whose result has no
// reader outside of the chain. The scalar arithmetic of all of them becomes the
// body of one node, which computes on exact numbers and rounds once. A node of
// several operands computes sums, products and comparisons alone; other functions
// stay nodes of one operand. A ReLU that alone reads what was computed before stays a node: the number format of that
// value then has to hold only what the ReLU lets through.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Software/Passes.h"
#include "xplat/IR/Datapath.h"
#include "xplat/IR/NodeOps.h"

#include "llvm/ADT/SetVector.h"

namespace xplat {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
struct FuseElementwise : xplat::impl::FuseElementwiseBase<FuseElementwise> {
  using FuseElementwiseBase::FuseElementwiseBase;

  void runOnOperation() override {
    if (maxInputs < 0) {
      getOperation().emitError("expected 'max-inputs' of 0 or more but got ") << maxInputs.getValue();
      return signalPassFailure();
    }
    SmallVector<ElementwiseOpInterface> nodes;
    walkGraph<ElementwiseOpInterface>(getOperation(), [&](ElementwiseOpInterface node) { nodes.push_back(node); });
    llvm::DenseSet<Operation *> taken;
    for (ElementwiseOpInterface node : llvm::reverse(nodes)) {
      if (taken.contains(node) || !isFusable(node))
        continue;
      SmallVector<Operation *> chain = collectChain(node);
      if (fuse(chain))
        taken.insert(chain.begin(), chain.end());
    }
  }

private:
  static bool isFusable(Operation *op) {
    auto node = dyn_cast_or_null<NodeOpInterface>(op);
    return node && isa<ElementwiseOpInterface>(op) && isUnquantized(node) &&
           llvm::all_of(op->getOperandTypes(), [](Type type) { return getDataElement(type).isF32(); }) &&
           getDataElement(op->getResult(0).getType()).isF32();
  }

  /// `last` and the nodes before it that it alone needs, in order. A chain of several operands has exact arithmetic:
  /// other functions become hardware as tables of one operand.
  SmallVector<Operation *> collectChain(Operation *last) {
    SetVector<Operation *> chain = collect(last, /*exact=*/false);
    if (countInputs(chain) > 1 && !isExact(chain.getArrayRef()))
      chain = collect(last, /*exact=*/true);
    SmallVector<Operation *> order = chain.takeVector();
    llvm::sort(order, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
    leaveSelecting(order);
    return order;
  }

  static bool isExact(ArrayRef<Operation *> nodes) {
    return llvm::all_of(nodes, [](Operation *op) {
      auto constants = llvm::map_to_vector(op->getOperands(), getExactUniformValue);
      return hasExactArithmetic(cast<ElementwiseOpInterface>(op), constants);
    });
  }

  /// Streams that the nodes of a chain read and that none of them gives.
  static int64_t countInputs(const SetVector<Operation *> &chain) {
    llvm::SmallSetVector<Value, 8> inputs;
    for (Operation *op : chain)
      for (Value operand : op->getOperands())
        if (!chain.contains(operand.getDefiningOp()))
          inputs.insert(operand);
    return countStreams(inputs.getArrayRef());
  }

  /// The nodes of a chain; with `exact`, one of several streams has exact arithmetic alone.
  SetVector<Operation *> collect(Operation *last, bool exact) {
    SetVector<Operation *> chain;
    llvm::SmallSetVector<Value, 8> inputs;
    chain.insert(last);
    for (Value operand : last->getOperands())
      inputs.insert(operand);
    // A node may join when the last of its readers has.
    for (bool changed = true; changed;) {
      changed = false;
      for (Value input : inputs.getArrayRef().vec()) {
        Operation *before = input.getDefiningOp();
        if (!isFusable(before) || before->getBlock() != last->getBlock() || hasOwnFormat(before) ||
            !llvm::all_of(before->getUsers(), [&](Operation *user) { return chain.contains(user); }))
          continue;
        auto joined = inputs;
        joined.remove(input);
        joined.insert(before->operand_begin(), before->operand_end());
        int64_t streams = countStreams(joined.getArrayRef());
        if (streams > maxInputs && joined.size() > inputs.size())
          continue;
        if (exact && streams > 1 && !(isExact(before) && isExact(chain.getArrayRef())))
          continue;
        inputs = joined;
        chain.insert(before);
        changed = true;
      }
    }
    return chain;
  }

  /// Takes out of `chain` the nodes at its start that tell the node before what its format has to hold: behind a ReLU,
  /// negative values need no range. Inside the fused node nothing would say so, and the value before would be as coarse
  /// as its largest negative number demands.
  static void leaveSelecting(SmallVectorImpl<Operation *> &chain) {
    // In order, a node comes after those that it reads: one that stays out makes the next the start.
    for (auto *it = chain.begin(); it != chain.end() && *it != chain.back();) {
      if (keepsFormat(*it) && !llvm::is_contained(chain, (*it)->getOperand(0).getDefiningOp()) &&
          llvm::all_of((*it)->getOperand(0).getUsers(), keepsFormat))
        it = chain.erase(it);
      else
        ++it;
    }
  }

  static bool keepsFormat(Operation *op) {
    auto calibrated = dyn_cast<CalibratedOpInterface>(op);
    return calibrated && calibrated.keepsFormat();
  }

  static int64_t countStreams(ArrayRef<Value> values) {
    return llvm::count_if(values, [](Value value) { return !getExactUniformValue(value); });
  }

  /// One node instead of `chain`; false when that saves nothing.
  bool fuse(ArrayRef<Operation *> chain) {
    Operation *last = chain.back();
    llvm::SmallSetVector<Value, 4> inputs;
    llvm::SmallMapVector<Value, double, 4> numbers;
    for (Operation *node : chain)
      for (Value operand : node->getOperands()) {
        if (llvm::is_contained(chain, operand.getDefiningOp()))
          continue;
        if (std::optional<double> number = getExactUniformValue(operand))
          numbers[operand] = *number;
        else
          inputs.insert(operand);
      }
    if (inputs.empty() || chain.size() + numbers.size() < 2)
      return false;

    SmallVector<Location> locations;
    for (Operation *node : llvm::reverse(chain)) // the name of the last comes first
      locations.push_back(node->getLoc());
    Location loc = FusedLoc::get(&getContext(), locations);
    OpBuilder builder(last);
    auto fused = FusedOp::create(builder, loc, last->getResultTypes(), inputs.getArrayRef());
    copyCalibration(last, fused);
    Block &body = fused.getBody().emplaceBlock();
    builder.setInsertionPointToStart(&body);
    llvm::DenseMap<Value, Value> scalars;
    for (Value input : inputs)
      scalars[input] = body.addArgument(builder.getF32Type(), loc);
    for (auto [operand, number] : numbers)
      scalars[operand] = arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(number));
    for (Operation *node : chain) {
      SmallVector<Value> operands;
      for (Value operand : node->getOperands())
        operands.push_back(scalars.lookup(operand));
      scalars[node->getResult(0)] = cast<ElementwiseOpInterface>(node).buildScalar(builder, node->getLoc(), operands);
    }
    YieldOp::create(builder, loc, scalars.lookup(last->getResult(0)));
    last->replaceAllUsesWith(fused);
    for (Operation *node : llvm::reverse(chain))
      node->erase();
    for (auto [operand, number] : numbers)
      if (operand.use_empty())
        operand.getDefiningOp()->erase();
    ++numFused;
    numNodes += chain.size();
    return true;
  }
};
} // namespace

//===- RemoveChannels.cpp - Channels that pruning has taken out -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which channels are zero follows from `zero_slices` of parameters, forwards
// through the graph. A channel goes when it is zero wherever it shows: nodes say
// which channels of operands and result go together (ChannelOpInterface;
// element-wise nodes by their arithmetic), everything else keeps all channels.
//
// Invariant: only channels that are zero for every sample go, so that sums lose
// nothing but zeros.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Graph.h"
#include "Transforms/Software/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/BitVector.h"

namespace xplat {
#define GEN_PASS_DEF_REMOVECHANNELS
#include "Transforms/Software/Passes.h.inc"
} // namespace xplat

using namespace mlir;
using namespace xplat;

namespace {
/// Beyond so many channels a value keeps all: there is a bit for each.
constexpr int64_t maxChannels = int64_t(1) << 24;

int64_t countChannels(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? getChannelsExtent(tensor.getShape()) : 1;
}

/// Whether an element-wise node gives zero for zeros; not when its arithmetic has no folder.
bool keepsZero(ElementwiseOpInterface node) {
  return evaluateScalar(node, SmallVector<double>(node->getNumOperands(), 0)) == 0;
}

/// A node whose channels may go.
struct Member {
  NodeOpInterface node;
  ChannelOpInterface channels; // null for an element-wise node
  /// For each operand the channel that goes with each one of the result, or -1.
  SmallVector<SmallVector<int64_t>> sources = {};

  int64_t operandChannel(unsigned index, int64_t channel) const { return channels ? sources[index][channel] : channel; }
};

struct RemoveChannels : xplat::impl::RemoveChannelsBase<RemoveChannels> {
  void runOnOperation() override {
    auto hasZeroSlices = [](ParamOp param) {
      SparsityAttr sparsity = param.getSparsityAttr();
      return sparsity && sparsity.getZeroSlices();
    };
    if (llvm::none_of(getOperation().getOps<ParamOp>(), hasZeroSlices))
      return;
    SymbolScope scope(getOperation());
    SymbolTable &table = scope.getTable();
    symbols = &table;
    selected.clear();
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isPrivate() && !function.isExternal())
        run(function);
  }

private:
  void run(func::FuncOp function) {
    removed.clear();
    members.clear();
    collectZeros(function);
    if (llvm::none_of(removed, [](auto &entry) { return entry.second.any(); }))
      return;
    do
      agree();
    while (keepOne());
    for (Member &member : members)
      rewrite(member);
  }

  /// The members of the function, and which channels of their results are zero, forwards.
  void collectZeros(func::FuncOp function) {
    auto resize = [&](Value value) {
      int64_t channels = countChannels(value.getType());
      removed[value].resize(channels <= maxChannels ? channels : 0);
    };
    for (BlockArgument argument : function.getArguments())
      resize(argument);
    SmallVector<Value> kept;
    function.walk([&](Operation *op) {
      if (op->getBlock() != &function.front()) {
        kept.append(op->operand_begin(), op->operand_end());
        return;
      }
      for (Value result : op->getResults())
        resize(result);
      std::optional<Member> member = asMember(op);
      if (!member) {
        kept.append(op->operand_begin(), op->operand_end());
        return;
      }
      members.push_back(*member);
      markZeros(*member);
    });
    for (Value value : kept)
      removed[value].reset();
  }

  static std::optional<Member> asMember(Operation *op) {
    auto node = dyn_cast<NodeOpInterface>(op);
    if (!node || op->getNumResults() != 1 || !isUnquantized(node))
      return std::nullopt;
    auto isLarge = [](Type type) { return countChannels(type) > maxChannels; };
    if (llvm::any_of(op->getOperandTypes(), isLarge) || llvm::any_of(op->getResultTypes(), isLarge))
      return std::nullopt;
    if (auto channels = dyn_cast<ChannelOpInterface>(op)) {
      if (!channels.hasChannels())
        return std::nullopt;
      Member member{node, channels};
      for (unsigned index = 0; index < op->getNumOperands(); ++index)
        member.sources.push_back(channels.getOperandChannels(index));
      return member;
    }
    return isa<ElementwiseOpInterface>(op) ? std::optional(Member{node, {}}) : std::nullopt;
  }

  /// Slices along dimension 0 of a parameter that are zero.
  BitVector zeroSlices(FlatSymbolRefAttr symbol, unsigned count) {
    BitVector zeros(count);
    auto param = symbols->lookup<ParamOp>(symbol.getValue());
    SparsityAttr sparsity = param ? param.getSparsityAttr() : SparsityAttr();
    if (sparsity && sparsity.getZeroSlices())
      for (int64_t slice : sparsity.getZeroSlices().asArrayRef())
        if (slice < count)
          zeros.set(slice);
    return zeros;
  }

  void markZeros(Member &member) {
    SmallVector<FlatSymbolRefAttr> zeroing;
    if (member.channels)
      zeroing = member.channels.getZeroingParameters();
    else if (!keepsZero(cast<ElementwiseOpInterface>(member.node.getOperation())))
      return;
    BitVector &result = removed[member.node->getResult(0)];
    result.set();
    for (FlatSymbolRefAttr symbol : zeroing)
      result &= zeroSlices(symbol, result.size());
    if (!zeroing.empty())
      return;
    for (auto [index, operand] : llvm::enumerate(member.node->getOperands()))
      for (unsigned channel = 0; channel < result.size(); ++channel)
        if (int64_t source = member.operandChannel(index, channel); source >= 0 && !removed[operand].test(source))
          result.reset(channel);
  }

  /// Channels that go together and do not all go stay.
  void agree() {
    bool changed = true;
    auto keep = [&](Value value, unsigned channel) {
      changed |= removed[value].test(channel);
      removed[value].reset(channel);
    };
    while (changed) {
      changed = false;
      for (Member &member : members) {
        Value result = member.node->getResult(0);
        for (auto [index, operand] : llvm::enumerate(member.node->getOperands()))
          for (unsigned channel = 0; channel < removed[result].size(); ++channel) {
            int64_t source = member.operandChannel(index, channel);
            if (source < 0 || removed[result].test(channel) == removed[operand].test(source))
              continue;
            keep(result, channel);
            keep(operand, source);
          }
      }
    }
  }

  /// Keeps a channel of each value that would lose all; whether there was one.
  bool keepOne() {
    bool any = false;
    for (Member &member : members)
      if (BitVector &channels = removed[member.node->getResult(0)]; channels.all()) {
        channels.reset(0);
        any = true;
      }
    return any;
  }

  static SmallVector<int64_t> keptOf(const BitVector &removed) {
    SmallVector<int64_t> kept;
    for (unsigned channel = 0; channel < removed.size(); ++channel)
      if (!removed.test(channel))
        kept.push_back(channel);
    return kept;
  }

  void rewrite(Member &member) {
    Operation *op = member.node;
    const BitVector out = removed[op->getResult(0)];
    const BitVector in = op->getNumOperands() ? removed[op->getOperand(0)] : BitVector();
    if (member.channels) {
      int64_t resultLoop = member.channels.getResultChannelLoop(),
              operandLoop = member.channels.getOperandChannelLoop();
      for (const ParameterUse &use : member.node.getParameters()) {
        FlatSymbolRefAttr symbol = use.symbol;
        for (auto [dim, loop] : llvm::enumerate(use.loops)) {
          if (loop >= 0 && loop == resultLoop && out.any())
            symbol = select(op, symbol, dim, keptOf(out));
          else if (loop >= 0 && loop == operandLoop && in.any())
            symbol = select(op, symbol, dim, keptOf(in));
        }
        if (symbol == use.symbol)
          continue;
        assert(op->getAttr(use.name) == use.symbol && "the attribute of a parameter has its name");
        op->setAttr(use.name, symbol);
      }
    }
    if (out.none())
      return;
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[getChannelsDim(shape)] -= out.count();
    op->getResult(0).setType(type.clone(shape));
    if (member.channels && !member.channels.getZeroingParameters().empty())
      numRemoved += out.count();
  }

  /// The parameter with the slices `kept` of `symbol` along `axis`; nodes that agree share it.
  FlatSymbolRefAttr select(Operation *user, FlatSymbolRefAttr symbol, int64_t axis, ArrayRef<int64_t> kept) {
    Builder builder(&getContext());
    auto derivation = DerivationAttr::get(&getContext(), DerivationKind::select, {symbol}, {},
                                          builder.getI64IntegerAttr(axis), builder.getDenseI64ArrayAttr(kept), {});
    FlatSymbolRefAttr &known = selected[derivation];
    if (known)
      return known;
    ParamOp origin = lookupParam(user, symbol);
    auto type = cast<RankedTensorType>(origin.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[axis] = kept.size();
    SparsityAttr sparsity = axis == 0 ? withSlices(origin.getSparsityAttr(), kept, type.clone(shape)) : SparsityAttr();
    return known = addDerivedParam(user, origin.getLoc(), symbol.getValue() + ":kept", type.clone(shape), derivation,
                                   *symbols, sparsity);
  }

  /// The sparsity of the slices `kept`, which are a tensor of `type`.
  SparsityAttr withSlices(SparsityAttr sparsity, ArrayRef<int64_t> kept, RankedTensorType type) {
    if (!sparsity)
      return {};
    SmallVector<int64_t> slices;
    for (auto [index, slice] : llvm::enumerate(kept))
      if (sparsity.getZeroSlices() && llvm::is_contained(sparsity.getZeroSlices().asArrayRef(), slice))
        slices.push_back(index);
    auto attribute = slices.empty() ? DenseI64ArrayAttr() : DenseI64ArrayAttr::get(&getContext(), slices);
    int64_t rest = type.getNumElements() / kept.size() * (kept.size() - slices.size());
    return SparsityAttr::get(&getContext(), sparsity.getN(), sparsity.getM(), std::min(sparsity.getNonzeros(), rest),
                             attribute);
  }

  SymbolTable *symbols = nullptr;
  SmallVector<Member> members;
  /// Channels of each value that go.
  llvm::DenseMap<Value, BitVector> removed;
  llvm::DenseMap<Attribute, FlatSymbolRefAttr> selected;
};
} // namespace

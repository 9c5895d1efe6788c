#include "xplat/IR/Xplat.h"
#include "mlir/Parser/Parser.h"
#include <set>
#include "llvm/Support/raw_ostream.h"
using namespace mlir;
using namespace xplat;
template <typename T> static std::string str(const T &values) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "[";
  llvm::interleaveComma(values, os);
  os << "]";
  return text;
}
static std::string str(int64_t v) { return std::to_string(v); }
static std::string str(int v) { return std::to_string(v); }
static std::string str(bool v) { return std::to_string(v); }
static std::string str(const std::optional<OperandView> &v) {
  return v ? str(v->dim) + str(v->weight) + str(v->channels) + str(v->summed) + str(v->padded) : "none";
}
int testHand(ModuleOp module) {
  int64_t count = 0, differ = 0, wrong = 0;
  module.walk([&](NodeOpInterface node) {
    Geometry g(node);
    llvm::StringMap<int> told;
    auto same = [&](auto hand, auto derived, StringRef what) {
      ++count;
      if (str(hand) == str(derived)) return;
      // Finer than by hand: nodes for which there is no kernel, and what no kernel reads.
      static const std::set<StringRef> strict = {"linear", "conv2d", "depthwise_conv2d", "max_pool2d", "avg_pool2d", "global_avg_pool2d", "relu", "add", "host_input", "host_output", "batch_norm", "constant", "splat", "reshape", "fork", "fifo", "rewidth", "link"};
      bool permutes = isa<MovementOpInterface>(node.getOperation()) && !node.getConstants().empty() && node.getConstants()[0];
      bool columnsApart = isa<ContractionOpInterface>(node.getOperation()) || (isa<WeightedOpInterface>(node.getOperation()) && getDataShape(node->getResult(0).getType()).size() == 4 && (what == "required" || what == "released") && node->getName().stripDialect() == "linear");
      bool unread = what == "view" || what == "zeroing" || what == "hasChannels" || (what == "loops" && node->getNumOperands() == 0);
      if (strict.count(node->getName().stripDialect()) && !permutes && !columnsApart && !unread) ++wrong;
      ++differ;
      if (told[what]++ == 0)
      llvm::outs() << node->getName() << " " << node->getOperandTypes() << " -> " << node->getResultTypes() << ": " << what << " by hand " << str(hand) << " derived " << str(derived) << "\n";
    };
    auto domain = node.getIterationDomain();
    same(domain, g.getIterationDomain(), "domain");
    SmallVector<SmallVector<int64_t>> legal;
    for (unsigned l = 0; l < domain.size(); ++l) {
      legal.push_back(g.getLegalUnroll(l));
      same(node.getLegalUnroll(l), legal.back(), (l == 0 ? "legal0" : l == 1 ? "legal1" : l == 2 ? "legal2" : l == 3 ? "legal3": l == 4 ? "legal4" : "legal5"));
    }
    for (int round = 0; round < 40; ++round) {
      SmallVector<int64_t> unroll;
      for (auto &l : legal) unroll.push_back(l[rand() % l.size()]);
      for (unsigned i = 0; i < node->getNumOperands(); ++i) same(node.getOperandLanes(i, unroll), g.getOperandLanes(i, unroll), "operand lanes");
      for (unsigned i = 0; i < node->getNumResults(); ++i) same(node.getResultLanes(i, unroll), g.getResultLanes(i, unroll), "result lanes");
    }
    same(node.getMultiplyAccumulates(), g.getMultiplyAccumulates(), "macs");
    SmallVector<int> hk, dk;
    for (auto k : node.getIteratorKinds()) hk.push_back((int)k);
    for (auto k : g.getIteratorKinds()) dk.push_back((int)k);
    same(hk, dk, "kinds");
    auto hp = node.getParameters(), dp = g.getParameters();
    same((int64_t)hp.size(), (int64_t)dp.size(), "parameters");
    for (auto [h, d] : llvm::zip(hp, dp)) {
      same((int64_t)(h.name == d.name && h.symbol == d.symbol), 1, "parameter");
      same(h.loops, d.loops, "loops");
      SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, h.loops.size()));
      if (h.travels) order = getTravelDims(h.loops.size());
      else llvm::stable_sort(order, [&](int64_t a, int64_t b) { return h.loops[a] < h.loops[b]; });
      same(order, d.order, "order");
    }
    int64_t n = xplat::detail::product(getDataShape(node->getResult(0).getType()));
    for (unsigned i = 0; i < node->getNumOperands(); ++i) {
      Prefixes p = g.getPrefixes(i);
      for (int64_t e = 0; e < n; ++e) {
        same(node.getRequiredElements(i, e), p.getRequired(e), "required");
        same(node.getReleasedElements(i, e), p.getReleased(e), "released");
      }
    }
    if (auto c = dyn_cast<ChannelOpInterface>(node.getOperation())) {
      same(c.hasChannels(), g.hasChannels(), "hasChannels");
      if (c.hasChannels() && g.hasChannels()) {
        if (dp.size()) {
        same(c.getResultChannelLoop(), g.getResultChannelLoop(), "resultLoop");
        same(c.getOperandChannelLoop(), g.getOperandChannelLoop(), "operandLoop");}
        for (unsigned i = 0; i < node->getNumOperands(); ++i) {
          auto s = g.getOperandChannels(i);
          for (unsigned ch = 0; ch < s.size(); ++ch) same(c.getOperandChannel(i, ch), s[ch], "operandChannel");
        }
        SmallVector<std::string> a, b;
        for (auto s : c.getZeroingParameters()) a.push_back(s.getValue().str());
        for (auto s : g.getChannelParameters()) b.push_back(s.getValue().str());
        same(a, b, "zeroing");
      }
    }
    if (auto w = dyn_cast<WeightedOpInterface>(node.getOperation())) {
      same(w.getResultChannelDim(), g.getResultChannelDim(), "resultChannelDim");
      same(w.getWeightChannelDim(), g.getWeightChannelDim(), "weightChannelDim");
      same(w.getColumnDim(), g.getColumnDim(), "columnDim");
      same(w.getOperandView(), g.getOperandView(), "view");
    }
  });
  llvm::outs() << count << " values, " << differ << " finer or apart, " << wrong << " wrong\n";
  return wrong != 0;
}

//===- PartitionSolvers.cpp - Searches for a placement --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Both solvers cut the graph's order into segments, one per instance. `cuts`
// tries every cut and every order of instances, short of those that a prefix
// already rules out; `path` finds the best cuts for each of a number of paths of
// cables by dynamic programming, where streams cross to the next instance
// only, or, where a switch or cables join all instances of a path, to any
// later one. Where nodes are fixed to instances, segments respect them, and an
// instance may have several. Neither is trusted: PartitionProblem::evaluate judges the results.
//
//===----------------------------------------------------------------------===//
#include "Transforms/Hardware/PartitionProblem.h"

using namespace mlir;
using namespace xplat;

namespace {
/// Sums of areas over segments of the order, on each instance.
class PrefixAreas {
public:
  explicit PrefixAreas(const PartitionProblem &problem) : problem(problem) {
    for (unsigned instance = 0; instance < problem.getNumInstances(); ++instance) {
      unsigned first = 0;
      while (!problem.haveEqualAreas(first, instance))
        ++first;
      firstEqual.push_back(first);
      sumsOf.emplace_back();
      if (first != instance)
        continue;
      std::vector<Area> &sums = sumsOf.back();
      sums.emplace_back();
      for (unsigned node = 0; node < problem.getNumNodes(); ++node) {
        sums.push_back(sums.back());
        if (const Area *area = problem.getArea(node, instance))
          sums.back() += *area;
      }
    }
  }
  /// Whether the nodes of [begin, end) alone are within the budget of the instance.
  bool fit(unsigned begin, unsigned end, unsigned instance) const {
    const std::vector<Area> &sums = sumsOf[firstEqual[instance]];
    const Area &budget = problem.budgets[instance];
    for (unsigned kind = 0; kind < sums[end].size(); ++kind)
      if (sums[end][kind] - sums[begin][kind] > budget[kind])
        return false;
    return true;
  }
  /// Largest share of the instance's budget that the nodes of [begin, end) use.
  double load(unsigned begin, unsigned end, unsigned instance) const {
    const std::vector<Area> &sums = sumsOf[firstEqual[instance]];
    const Area &budget = problem.budgets[instance];
    double load = 0;
    for (unsigned kind = 0; kind < sums[end].size(); ++kind)
      if (int64_t used = sums[end][kind] - sums[begin][kind])
        load = std::max(load, used / std::max<double>(budget[kind], 0.5));
    return load;
  }

private:
  const PartitionProblem &problem;
  /// Of each instance the first one with the same areas; that one has the sums.
  SmallVector<unsigned> firstEqual;
  std::vector<std::vector<Area>> sumsOf;
};

/// The last reader of each node's result (the node itself when there is none) and its bits per sample.
struct Streams {
  explicit Streams(const PartitionProblem &problem) {
    for (unsigned producer = 0; producer < problem.getNumNodes(); ++producer) {
      unsigned last = producer;
      for (const MappingGraph::Use &use : problem.graph.uses[producer])
        last = std::max(last, use.node);
      StreamType stream = problem.graph.getStream(producer, 1);
      lastReader.push_back(last);
      bits.push_back(last > producer ? stream.getNumElements() * stream.getBeatBits() : 0);
    }
  }
  /// Bits per sample that leave the segment [begin, end), each stream counted once.
  int64_t leave(unsigned begin, unsigned end) const {
    int64_t sum = 0;
    for (unsigned producer = begin; producer < end; ++producer)
      sum += lastReader[producer] >= end ? bits[producer] : 0;
    return sum;
  }
  /// Bits of ports that leave it at least, each stream counted once.
  int64_t leavingPhits(const PartitionProblem &problem, unsigned begin, unsigned end) const {
    int64_t sum = 0;
    for (unsigned producer = begin; producer < end; ++producer)
      sum += lastReader[producer] >= end ? problem.getLeastPortBits(bits[producer]) : 0;
    return sum;
  }
  SmallVector<unsigned> lastReader;
  SmallVector<int64_t> bits;
};

/// What enters a segment that begins at `begin`, each stream counted once, while nodes are added to it.
struct Entering {
  Entering(const PartitionProblem &problem, const Streams &streams, unsigned begin)
      : problem(problem), streams(streams), begin(begin) {}
  void add(unsigned node) {
    for (int producer : problem.graph.producers[node])
      if (producer >= 0 && static_cast<unsigned>(producer) < begin && seen.insert(producer).second) {
        bits += streams.bits[producer];
        phits += problem.getLeastPortBits(streams.bits[producer]);
      }
  }
  int64_t bits = 0, phits = 0;

private:
  const PartitionProblem &problem;
  const Streams &streams;
  unsigned begin;
  llvm::SmallDenseSet<unsigned> seen;
};

/// The instances to which nodes are fixed, in the order of the nodes, neighbours that are equal once.
SmallVector<unsigned> getFixedOrder(const PartitionProblem &problem) {
  SmallVector<unsigned> order;
  for (unsigned node = 0; node < problem.getNumNodes(); ++node)
    if (std::optional<unsigned> fixed = problem.getFixed(node); fixed && (order.empty() || order.back() != *fixed))
      order.push_back(*fixed);
  return order;
}

/// Every fixed node where it belongs, every other one on the device of the fixed node before it, or of the first one.
Placement followFixed(const PartitionProblem &problem) {
  SmallVector<unsigned> order = getFixedOrder(problem);
  Placement placement;
  unsigned instance = order.empty() ? 0 : order.front();
  for (unsigned node = 0; node < problem.getNumNodes(); ++node) {
    instance = problem.getFixed(node).value_or(instance);
    placement.push_back(instance);
  }
  return placement;
}

/// Keeps the best placement seen.
class Best {
public:
  explicit Best(const PartitionProblem &problem, bool anyLegal) : problem(problem), anyLegal(anyLegal) {}
  void offer(const Placement &placement) {
    ++tried;
    PartitionProblem::Evaluation evaluation = problem.evaluate(placement);
    if (best.placement.empty() || evaluation.isBetterThan(best.evaluation))
      best = {placement, std::move(evaluation)};
  }
  /// Whether a placement with at least so many crossing bits cannot be better.
  bool isHopeless(int64_t crossingBits) const { return isLegal() && crossingBits > best.evaluation.crossingBits; }
  bool isLegal() const { return !best.placement.empty() && !best.evaluation.violation; }
  /// Whether the search may end.
  bool isDone() const { return (anyLegal && isLegal()) || tried >= maxTried; }
  PartitionSolution best;

private:
  /// Bounds the time for large graphs on many devices.
  static constexpr unsigned maxTried = 50000;
  const PartitionProblem &problem;
  bool anyLegal;
  unsigned tried = 0;
};

class CutSearch {
public:
  CutSearch(const PartitionProblem &problem, bool anyLegal)
      : problem(problem), areas(problem), streams(problem), best(problem, anyLegal),
        placement(problem.getNumNodes(), 0), used(problem.getNumInstances(), false) {}

  PartitionSolution run() {
    // Something to report when nothing is legal: as even as a greedy cut gets.
    if (problem.hasFixed())
      best.offer(followFixed(problem));
    else
      offerEvenCut();
    extend(0, 0, std::nullopt);
    return std::move(best.best);
  }

private:
  void offerEvenCut() {
    unsigned numNodes = problem.getNumNodes(), instance = 0, begin = 0;
    for (unsigned end = 1; end <= numNodes; ++end) {
      if (!areas.fit(begin, end, instance) && instance + 1 < problem.getNumInstances()) {
        ++instance;
        begin = end - 1;
      }
      placement[end - 1] = instance;
    }
    best.offer(placement);
  }

  /// Whether nodes from `begin` on are fixed to an instance that has a segment already.
  bool isNeededAgain(unsigned instance, unsigned begin) const {
    return problem.getLastFixed(instance) >= static_cast<int>(begin);
  }

  /// Places the nodes from `begin` on; `crossing` bits at least leave the segments before it, the last of which is on
  /// `previous`.
  void extend(unsigned begin, int64_t crossing, std::optional<unsigned> previous) {
    unsigned numNodes = problem.getNumNodes();
    if (problem.hasFixed() && ++numExtended > maxExtended)
      return;
    for (unsigned instance = 0; instance < problem.getNumInstances() && !best.isDone(); ++instance) {
      bool again = used[instance];
      if (again ? instance == previous || !isNeededAgain(instance, begin) : hasEarlierTwin(instance))
        continue;
      used[instance] = true;
      // Long segments first: fewer devices, fewer crossings.
      unsigned longest = begin;
      while (longest < numNodes && problem.allows(longest, instance) && areas.fit(begin, longest + 1, instance))
        placement[longest++] = instance;
      if (longest == numNodes)
        best.offer(placement);
      bool last = true;
      for (unsigned other = 0; other < problem.getNumInstances(); ++other)
        last &= used[other] && !isNeededAgain(other, begin);
      for (unsigned end = std::min(longest, numNodes - 1); end > begin && !last && !best.isDone(); --end) {
        int64_t here = crossing + streams.leave(begin, end);
        if (best.isHopeless(here))
          continue;
        std::fill(placement.begin() + begin, placement.begin() + end, instance);
        extend(end, here, instance);
      }
      used[instance] = again;
    }
  }

  bool hasEarlierTwin(unsigned instance) const {
    for (unsigned other = 0; other < instance; ++other)
      if (!used[other] && problem.areInterchangeable(other, instance))
        return true;
    return false;
  }

  const PartitionProblem &problem;
  PrefixAreas areas;
  Streams streams;
  Best best;
  Placement placement;
  SmallVector<bool> used;
  /// Bounds the time where an instance may have several segments.
  static constexpr unsigned maxExtended = 200000;
  unsigned numExtended = 0;
};

class PathSearch {
public:
  PathSearch(const PartitionProblem &problem, bool anyLegal)
      : problem(problem), areas(problem), streams(problem), best(problem, anyLegal),
        used(problem.getNumInstances(), false), fixedOrder(getFixedOrder(problem)) {
    // For each cut: the last reader of a stream that crosses it, and the bits that do.
    unsigned numNodes = problem.getNumNodes();
    lastReader.assign(numNodes + 1, 0);
    crossing.assign(numNodes + 1, 0);
    for (unsigned producer = 0; producer < numNodes; ++producer)
      for (unsigned cut = producer + 1; cut <= streams.lastReader[producer]; ++cut) {
        lastReader[cut] = std::max(lastReader[cut], streams.lastReader[producer]);
        crossing[cut] += streams.bits[producer];
      }
  }

  PartitionSolution run() {
    best.offer(followFixed(problem));
    SmallVector<unsigned> path;
    extend(path);
    return std::move(best.best);
  }

private:
  /// Tries the path, or the longer ones when it can be extended.
  void extend(SmallVectorImpl<unsigned> &path) {
    bool maximal = true;
    for (unsigned next = 0; next < problem.getNumInstances() && numPaths < maxPaths && !best.isDone(); ++next) {
      // Instances with fixed nodes come in the order of these, as often as they do.
      bool isFixed = problem.getLastFixed(next) >= 0;
      if (isFixed ? numFixed == fixedOrder.size() || fixedOrder[numFixed] != next : used[next])
        continue;
      if ((!path.empty() && !problem.areConnected(path.back(), next)) || hasEarlierTwin(next, path))
        continue;
      maximal = false;
      bool again = std::exchange(used[next], true);
      numFixed += isFixed;
      path.push_back(next);
      extend(path);
      path.pop_back();
      numFixed -= isFixed;
      used[next] = again;
    }
    if (maximal && !path.empty() && numPaths < maxPaths) {
      ++numPaths;
      cutAlong(path);
    }
  }

  bool hasEarlierTwin(unsigned instance, ArrayRef<unsigned> path) const {
    for (unsigned other = 0; other < instance; ++other)
      if (!used[other] && problem.areInterchangeable(other, instance) &&
          (path.empty() || problem.areConnected(path.back(), other)))
        return true;
    return false;
  }

  /// The best cuts when segment i runs on path[i]: fewest crossing bits, then lowest load.
  void cutAlong(ArrayRef<unsigned> path) {
    unsigned numNodes = problem.getNumNodes();
    using Score = std::pair<int64_t, double>;
    const Score none = {std::numeric_limits<int64_t>::max(), 0};
    std::vector<std::vector<Score>> score(path.size() + 1, std::vector<Score>(numNodes + 1, none));
    std::vector<std::vector<unsigned>> from(path.size() + 1, std::vector<unsigned>(numNodes + 1, 0));
    score[0][0] = {0, 0};
    bool complete = llvm::all_of(path, [&](unsigned a) {
      return llvm::all_of(path, [&](unsigned b) { return a == b || problem.areConnected(a, b); });
    });
    for (auto [step, instance] : llvm::enumerate(path))
      for (unsigned begin = 0; begin < numNodes; ++begin) {
        if (score[step][begin] == none)
          continue;
        Entering entering(problem, streams, begin);
        for (unsigned end = begin + 1;
             end <= numNodes && problem.allows(end - 1, instance) && areas.fit(begin, end, instance); ++end) {
          entering.add(end - 1);
          if (!complete && end < numNodes && end <= lastReader[begin])
            continue; // a stream would cross two cuts
          if (complete &&
              std::max(entering.phits, streams.leavingPhits(problem, begin, end)) > problem.getPortBits(instance))
            continue; // more than the instance's ports carry
          // Each stream counts once for each instance to which it crosses.
          int64_t bits = complete ? entering.bits : crossing[end];
          Score here = {score[step][begin].first + bits,
                        std::max(score[step][begin].second, areas.load(begin, end, instance))};
          if (here < score[step + 1][end]) {
            score[step + 1][end] = here;
            from[step + 1][end] = begin;
          }
        }
      }
    // Every number of segments: the model of what crosses is coarser than the problem's.
    for (unsigned steps = 1; steps <= path.size() && !best.isDone(); ++steps) {
      if (score[steps][numNodes] == none)
        continue;
      Placement placement(numNodes, 0);
      for (unsigned step = steps, end = numNodes; step > 0; --step) {
        unsigned begin = from[step][end];
        std::fill(placement.begin() + begin, placement.begin() + end, path[step - 1]);
        end = begin;
      }
      best.offer(placement);
    }
  }

  static constexpr unsigned maxPaths = 64;
  const PartitionProblem &problem;
  PrefixAreas areas;
  Streams streams;
  Best best;
  SmallVector<bool> used;
  SmallVector<unsigned> fixedOrder;
  /// Instances of `fixedOrder` on the path.
  size_t numFixed = 0;
  std::vector<unsigned> lastReader;
  std::vector<int64_t> crossing;
  unsigned numPaths = 0;
};
} // namespace

PartitionSolution xplat::solve(const PartitionProblem &problem, PartitionSolver solver, bool anyLegal) {
  if (solver == PartitionSolver::automatic)
    solver = problem.getNumInstances() <= 4 ? PartitionSolver::cuts : PartitionSolver::path;
  return solver == PartitionSolver::cuts ? CutSearch(problem, anyLegal).run() : PathSearch(problem, anyLegal).run();
}

//===- CopiesTest.cpp - Samples dealt to copies of an actor ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Actors may repeat after several samples: what deals samples to copies of an
// actor, and what collects their results, have tables over one sample for each
// copy. Drawn graphs of this kind get the schedule that the slowest part allows;
// the verifier of schedules and the simulation agree with it.
//
// Prints a line of counts, and fails at the first difference. Run by test/lit.
//
//===----------------------------------------------------------------------===//
#include "xplat/Analysis/PeriodicSchedule.h"
#include "xplat/Analysis/TokenSimulation.h"

#include "llvm/Support/raw_ostream.h"

#include <random>

using namespace xplat;

namespace {
struct Sizes {
  int64_t copies, beats, beatCycles, latency;
};

ActorInput makeInput(int64_t beats, int64_t buffer) {
  ActorInput input;
  input.beats = beats;
  input.buffer = buffer;
  return input;
}

/// A source, what deals its samples, the copies, what collects their results in the order of the samples, and a sink.
DataflowGraph makeGraph(const Sizes &sizes) {
  int64_t all = sizes.copies * sizes.beats;
  unsigned deal = 1, collect = 2 + sizes.copies, sink = collect + 1;
  std::vector<Actor> actors(sink + 1);
  std::vector<Edge> edges;
  auto connect = [&](unsigned from, unsigned to, int64_t beats, int64_t first) {
    Edge edge;
    edge.producer = from;
    edge.consumer = to;
    edge.input = actors[to].inputs.size() - 1;
    edge.beats = beats;
    edge.bits = 8;
    edge.name = std::to_string(from) + " -> " + std::to_string(to);
    edge.first = first;
    actors[to].inputs.back().edge = edges.size();
    actors[from].outputs.push_back(edges.size());
    edges.push_back(edge);
  };
  for (auto [index, actor] : llvm::enumerate(actors)) {
    actor.name = std::to_string(index);
    actor.beats = all;
  }
  actors[0].flow = Flow::source;
  actors[deal].flow = Flow::elastic; // a register: it holds two beats
  actors[deal].cycles = all;
  ActorInput dealt = makeInput(all, 2);
  for (int64_t beat = 0; beat < all; ++beat) {
    dealt.required.push_back(beat + 1);
    dealt.released.push_back(beat);
  }
  actors[deal].inputs.push_back(dealt);
  connect(0, deal, all, 0);
  actors[collect].flow = Flow::credit;
  actors[collect].cycles = all;
  actors[collect].latency = 2;
  for (int64_t copy = 0; copy < sizes.copies; ++copy) {
    Actor &actor = actors[2 + copy];
    actor.flow = Flow::credit;
    actor.beats = sizes.beats;
    actor.beatCycles = sizes.beatCycles;
    actor.cycles = sizes.beats * sizes.beatCycles;
    actor.latency = sizes.latency + sizes.beatCycles;
    ActorInput input = makeInput(sizes.beats, 3);
    for (int64_t beat = 0; beat < sizes.beats; ++beat) {
      input.required.push_back(beat + 1);
      input.released.push_back(beat);
    }
    actor.inputs.push_back(input);
    connect(deal, 2 + copy, sizes.beats, copy * sizes.beats);
  }
  for (int64_t copy = 0; copy < sizes.copies; ++copy) {
    ActorInput input = makeInput(sizes.beats, 3);
    for (int64_t beat = 0; beat < all; ++beat) {
      int64_t before = std::clamp<int64_t>(beat - copy * sizes.beats, 0, sizes.beats);
      input.required.push_back(std::clamp<int64_t>(beat + 1 - copy * sizes.beats, 0, sizes.beats));
      input.released.push_back(before);
    }
    actors[collect].inputs.push_back(input);
    connect(2 + copy, collect, sizes.beats, 0);
  }
  actors[sink].flow = Flow::sink;
  actors[sink].inputs.push_back(makeInput(all, 0));
  connect(collect, sink, all, 0);
  return DataflowGraph(std::move(actors), std::move(edges));
}

std::string check(const Sizes &sizes, int64_t &numRejected) {
  DataflowGraph graph = makeGraph(sizes);
  // Each copy has the time of all samples for one.
  int64_t period = sizes.beats * std::max(sizes.copies, sizes.beatCycles);
  if (graph.getPeriod() != period)
    return "the slowest actor does not determine the period";
  unsigned slow = 0;
  mlir::FailureOr<PeriodicSchedule> schedule = findPeriodicSchedule(graph, period, slow);
  if (mlir::failed(schedule))
    return "no schedule: actor " + std::to_string(slow) + " is too slow";
  if (llvm::Error error = verifyPeriodicSchedule(graph, *schedule))
    return "the schedule is rejected: " + llvm::toString(std::move(error));
  if (mlir::succeeded(findPeriodicSchedule(graph, period - 1, slow)))
    return "a schedule is found for a period that the slowest actor does not reach";
  for (int64_t sourcePeriod : {period, int64_t(0)}) {
    SimulationOptions options;
    options.depths = schedule->depths;
    options.sourcePeriod = sourcePeriod;
    SimulationResult result = simulate(graph, options);
    if (!result.deadlock.empty() || !result.seemsToHavePeriod(period))
      return "the simulation does not reach the period of the schedule";
  }
  // A beat that goes to a copy may be offered no earlier.
  for (int64_t &time : schedule->offered[2]) {
    --time;
    llvm::Error error = verifyPeriodicSchedule(graph, *schedule);
    if (!error)
      return "the verifier accepts that a copy offers a beat a cycle earlier";
    llvm::consumeError(std::move(error));
    ++time;
    ++numRejected;
  }
  return {};
}
} // namespace

int main() {
  std::mt19937 random(1);
  int64_t numRejected = 0;
  constexpr int rounds = 200;
  for (int round = 0; round < rounds; ++round) {
    auto draw = [&](int64_t least, int64_t most) { return least + int64_t(random() % (most - least + 1)); };
    Sizes sizes{draw(2, 5), draw(1, 9), draw(1, 7), draw(1, 12)};
    if (std::string fault = check(sizes, numRejected); !fault.empty()) {
      llvm::errs() << "error: " << sizes.copies << " copies, " << sizes.beats << " beats of " << sizes.beatCycles
                   << " cycles, latency " << sizes.latency << ": " << fault << "\n";
      return 1;
    }
  }
  llvm::outs() << rounds << " graphs with copies scheduled, " << numRejected << " changes rejected\n";
  return 0;
}

//===- FirstSampleTest.cpp - The first sample, solved and simulated -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In drawn graphs each beat of the first sample is taken at the same time by
// `findFirstSample`, which solves equations, and by `simulate`, which steps
// through cycles. Both find that a graph deadlocks, or neither does.
//
// Prints a line of counts, and fails at the first difference. Run by test/lit.
//
//===----------------------------------------------------------------------===//
#include "xplat/Analysis/FirstSample.h"
#include "xplat/Analysis/TokenSimulation.h"

#include "llvm/Support/raw_ostream.h"

#include <random>

using namespace xplat;

namespace {
/// Draws actors one after the other; each takes streams that nothing has taken yet.
class GraphDrawer {
public:
  explicit GraphDrawer(std::mt19937 &random) : random(random) {}

  DataflowGraph run() {
    for (int64_t sources = draw(1, 2); sources > 0; --sources)
      add(Flow::source, draw(1, 12));
    for (int64_t count = draw(1, 14); count > 0; --count)
      addNode();
    while (!open.empty()) {
      takeStream(add(Flow::sink, open.front().second), 0);
      open.erase(open.begin());
    }
    return DataflowGraph(std::move(actors), std::move(edges));
  }

private:
  int64_t draw(int64_t least, int64_t most) { return least + int64_t(random() % (most - least + 1)); }

  /// A new actor, whose result is a stream that nothing has taken.
  unsigned add(Flow flow, int64_t beats) {
    Actor actor;
    actor.flow = flow;
    actor.beats = beats;
    actor.name = std::to_string(actors.size());
    actors.push_back(std::move(actor));
    if (flow != Flow::sink)
      open.push_back({actors.size() - 1, beats});
    return actors.size() - 1;
  }
  ActorInput &takeStream(unsigned consumer, unsigned stream) {
    auto [producer, beats] = open[stream];
    Edge edge;
    edge.producer = producer;
    edge.consumer = consumer;
    edge.input = actors[consumer].inputs.size();
    edge.beats = beats;
    edge.bits = 8;
    edge.name = std::to_string(producer) + " -> " + std::to_string(consumer);
    actors[producer].outputs.push_back(edges.size());
    ActorInput input;
    input.beats = beats;
    input.edge = edges.size();
    edges.push_back(std::move(edge));
    return actors[consumer].inputs.emplace_back(std::move(input));
  }

  void addNode() {
    unsigned stream = draw(0, open.size() - 1);
    int64_t beats = open[stream].second;
    switch (draw(0, 6)) {
    case 0:
      return addCredit(stream);
    case 1: { // a FIFO, or a width converter
      int64_t results = draw(0, 1) ? beats : draw(1, 24);
      unsigned index = add(Flow::elastic, results);
      addRatio(takeStream(index, stream), results, draw(3, 8));
      break;
    }
    case 2: { // a link
      unsigned index = add(Flow::elastic, beats);
      actors[index].beatCycles = draw(1, 4);
      actors[index].latency = actors[index].beatCycles + draw(1, 5);
      actors[index].returnCycles = draw(1, 6);
      addRatio(takeStream(index, stream), beats, draw(2, 6));
      break;
    }
    case 3: { // a fork
      unsigned index = add(Flow::elastic, beats);
      addRatio(takeStream(index, stream), beats, 2);
      for (int64_t copies = draw(1, 2); copies > 0; --copies)
        open.push_back({index, beats});
      break;
    }
    case 4:
      return addJoin(stream);
    case 5: { // a register of a user's own
      unsigned index = add(Flow::direct, beats);
      addRatio(takeStream(index, stream), beats, 1);
      break;
    }
    default: { // one that hands beats to two actors in turn
      if (beats < 2)
        return;
      unsigned index = add(Flow::elastic, beats);
      addRatio(takeStream(index, stream), beats, 2);
      open.back().second = draw(1, beats - 1);
      rests.push_back({index, beats - open.back().second});
      open.erase(open.begin() + stream);
      return addRest();
    }
    }
    open.erase(open.begin() + stream);
  }

  /// The beats of the last actor that its first output does not carry go to a FIFO.
  void addRest() {
    auto [producer, beats] = rests.back();
    int64_t first = actors[producer].beats - beats;
    unsigned head = add(Flow::elastic, first);
    takeStream(head, open.size() - 2);
    addTable(actors.back().inputs.back(), first, 1, 1, draw(2, 9));
    open.erase(open.end() - 2);
    open.push_back({producer, beats});
    unsigned tail = add(Flow::elastic, beats);
    takeStream(tail, open.size() - 2);
    edges.back().first = first;
    addTable(actors.back().inputs.back(), beats, 1, 1, draw(2, 9));
    open.erase(open.end() - 2);
  }

  /// A window kernel, or one that reads its operands in turn.
  void addCredit(unsigned stream) {
    int64_t results = draw(1, 24);
    unsigned index = add(Flow::credit, results);
    actors[index].beatCycles = draw(1, 5);
    actors[index].latency = draw(1, 14);
    addWindow(takeStream(index, stream), results);
    open.erase(open.begin() + stream);
    if (open.size() > 1 && draw(0, 2) == 0) {
      unsigned other = draw(0, open.size() - 2);
      addWindow(takeStream(index, other), results);
      open.erase(open.begin() + other);
    }
    if (actors[index].isStore()) // those are elastic or direct
      actors[index].latency = 2;
  }

  /// Takes two streams of as many beats together, if there are any.
  void addJoin(unsigned stream) {
    int64_t beats = open[stream].second;
    for (unsigned other = 0; other < open.size(); ++other) {
      if (other == stream || open[other].second != beats || open[other].first == open[stream].first)
        continue;
      unsigned index = add(Flow::elastic, beats);
      addRatio(takeStream(index, stream), beats, 2);
      addRatio(takeStream(index, other), beats, 2);
      open.erase(open.begin() + std::max(stream, other));
      open.erase(open.begin() + std::min(stream, other));
      return;
    }
    unsigned index = add(Flow::elastic, beats);
    addRatio(takeStream(index, stream), beats, draw(2, 40));
    open.erase(open.begin() + stream);
  }

  void addRatio(ActorInput &input, int64_t results, int64_t buffer) {
    addTable(input, results, input.beats, results, buffer);
  }
  /// Result beat `k` needs the operand up to `(k + 1) * beats / results`.
  void addTable(ActorInput &input, int64_t results, int64_t beats, int64_t per, int64_t buffer) {
    input.buffer = buffer;
    for (int64_t beat = 0; beat < results; ++beat) {
      input.required.push_back(((beat + 1) * beats + per - 1) / per);
      input.released.push_back(beat * beats / per);
    }
  }
  /// Prefixes that never fall. The last beats may be needed by no result.
  void addWindow(ActorInput &input, int64_t results) {
    BeatTable needed, freed;
    for (int64_t beat = 0; beat < results; ++beat) {
      needed.push_back(draw(beat == 0 ? 1 : 0, input.beats));
      freed.push_back(draw(0, input.beats));
    }
    needed.back() = std::max<int64_t>(needed.back(), input.beats - draw(0, 2));
    llvm::sort(needed);
    llvm::sort(freed);
    int64_t most = 1;
    for (int64_t beat = 0; beat < results; ++beat) {
      freed[beat] = std::min(freed[beat], needed[beat]);
      most = std::max<int64_t>(most, needed[beat] - freed[beat]);
    }
    input.required = std::move(needed);
    input.released = std::move(freed);
    input.buffer = most + draw(0, 3);
  }

  std::mt19937 &random;
  std::vector<Actor> actors;
  std::vector<Edge> edges;
  /// Results that nothing takes yet, with the beats of a sample.
  std::vector<std::pair<unsigned, int64_t>> open, rests;
};

/// Compares both; what is different.
std::string check(const DataflowGraph &graph, bool &deadlocks) {
  SimulationOptions options;
  std::vector<std::vector<int64_t>> taken(graph.getEdges().size());
  options.sourceSamples = options.maxSamples = 1;
  options.taken = &taken;
  SimulationResult simulated = simulate(graph, options);
  std::optional<FirstSample> solved = findFirstSample(graph);
  deadlocks = !simulated.deadlock.empty();
  if (deadlocks != !solved)
    return deadlocks ? "the simulation alone finds a deadlock" : "there is no solution, but the simulation ends";
  if (deadlocks)
    return {};
  if (simulated.firstLatency != solved->latency)
    return "the latency is " + std::to_string(solved->latency) + ", but the simulation takes " +
           std::to_string(simulated.firstLatency);
  std::optional<int64_t> least = findLeastLatency(graph);
  if (!least || *least > solved->latency)
    return "the least latency is above the latency";
  for (auto [index, edge] : llvm::enumerate(graph.getEdges())) {
    size_t count = std::min(taken[index].size(), solved->taken[index].size()); // the simulation ends with the last sink
    for (size_t beat = 0; beat < count; ++beat)
      if (taken[index][beat] != solved->taken[index][beat])
        return "beat " + std::to_string(beat) + " of '" + edge.name + "' is taken at " +
               std::to_string(solved->taken[index][beat]) + ", but the simulation takes it at " +
               std::to_string(taken[index][beat]);
  }
  return {};
}
} // namespace

int main() {
  std::mt19937 random(1);
  constexpr int rounds = 3000;
  int numDeadlocks = 0;
  for (int round = 0; round < rounds; ++round) {
    DataflowGraph graph = GraphDrawer(random).run();
    bool deadlocks = false;
    if (std::string fault = check(graph, deadlocks); !fault.empty()) {
      llvm::errs() << "error: graph " << round << " of " << graph.getActors().size() << " actors: " << fault << "\n";
      return 1;
    }
    numDeadlocks += deadlocks;
  }
  llvm::outs() << rounds << " graphs compared, " << numDeadlocks << " of them deadlock\n";
  return 0;
}

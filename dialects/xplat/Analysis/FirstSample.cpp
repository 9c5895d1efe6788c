//===- FirstSample.cpp - When the beats of the first sample pass ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/FirstSample.h"

using namespace mlir;
using namespace xplat;

namespace {
using Times = std::vector<int64_t>;

/// Before everything else.
constexpr int64_t never = std::numeric_limits<int64_t>::min() / 4;
/// How often every beat may be computed on average. A few times suffice where there is no deadlock.
constexpr int64_t mostRounds = 64;

/// An operand of the actor whose times are computed.
struct Operand {
  const ActorInput *input = nullptr;
  int64_t beats = 0, buffer = 0;
  /// When the producer may offer each beat, and, where it has several outputs, when each has left the beat before.
  const int64_t *offered = nullptr, *left = nullptr;
  /// When each beat is taken.
  Times times;
  /// Beats taken, and the result beat whose turn made room for the last of them.
  int64_t next = 0, room = 0;

  int64_t getArrival(int64_t beat, int64_t cycle) const {
    return left ? std::max(offered[beat], left[beat] + cycle) : offered[beat];
  }
  int64_t getReleased(int64_t beat) const {
    int64_t results = input->released.size();
    return beat < results ? input->released[beat] : beats + input->released[beat - results];
  }
};

class FirstSampleSolver {
public:
  explicit FirstSampleSolver(const DataflowGraph &graph)
      : graph(graph), actors(graph.getActors()), edges(graph.getEdges()) {}
  std::optional<FirstSample> solve();
  std::optional<int64_t> getLeastLatency();

private:
  bool isDescribed() const;
  bool carriesAll(const Actor &actor) const;
  bool start();
  bool compute(unsigned index);
  bool computeSink();
  template <typename TakeT> bool computeResults(TakeT take);
  bool takeSeparately(Operand &operand, int64_t end, int64_t beat);
  bool takeTogether(int64_t end, int64_t beat);
  void noteTaken(unsigned edge, Times &times);
  void noteOffered();
  void noteLatency();
  bool isLate(const Edge &edge, int64_t beat, int64_t time) const;

  const DataflowGraph &graph;
  ArrayRef<Actor> actors;
  ArrayRef<Edge> edges;
  int64_t cycle = 1;
  /// No beat waits for the consumers of another output.
  bool isUnbounded = false;
  FirstSample result;
  /// When each actor may offer each result beat, if those before it have left. Of actors with several outputs, when it
  /// has left on all of them, as far as is known; these begin with a time for the beat before the first one. From one
  /// output a beat has left when it is taken.
  std::vector<Times> offered, left;
  /// Actors whose times may be too early.
  std::vector<char> open;

  // Of the actor that is computed.
  const Actor *actor = nullptr;
  SmallVector<Operand, 2> operands;
  int64_t *offers = nullptr;
  const int64_t *leaves = nullptr;
  bool isStore = false, offersLater = false;
  int64_t delay = 0, work = 0;

  /// When a result beat has left, as far as is known.
  int64_t getLeft(int64_t beat) const { return std::max(leaves[beat], offers[beat]); }
};
} // namespace

/// Whether each result beat leaves on an edge.
bool FirstSampleSolver::carriesAll(const Actor &actor) const {
  SmallVector<std::pair<int64_t, int64_t>> ranges;
  for (unsigned edge : actor.outputs)
    ranges.push_back({edges[edge].first, edges[edge].first + edges[edge].beats});
  llvm::sort(ranges);
  int64_t end = 0;
  for (auto [first, last] : ranges)
    if (first <= end)
      end = std::max(end, last);
  return end == actor.beats;
}

bool FirstSampleSolver::isDescribed() const {
  for (const Actor &actor : actors) {
    bool isSink = actor.flow == Flow::sink;
    if (actor.ticks != cycle || actor.resultTicks != cycle || actor.uncertainCycles || actor.beats == 0)
      return false;
    if (isSink ? actor.inputs.size() != 1 : !carriesAll(actor))
      return false;
    if (actor.flow == Flow::direct && !actor.isStore())
      return false;
    if (actor.flow != Flow::source && actor.inputs.empty())
      return false;
    for (const ActorInput &input : actor.inputs) {
      bool together = actor.flow == Flow::direct || actor.flow == Flow::elastic;
      if (input.beats == 0 || (together && input.beats != actor.inputs.front().beats))
        return false;
      // A serializer takes an operand beat for each result.
      if (actor.flow == Flow::elastic && !actor.isStore())
        for (auto [beat, needed] : llvm::enumerate(input.required))
          if (needed != static_cast<int64_t>(beat) + 1)
            return false;
    }
  }
  return llvm::any_of(actors, [](const Actor &actor) { return actor.flow == Flow::sink; });
}

/// Nothing is known yet; false where the equations do not describe the graph.
bool FirstSampleSolver::start() {
  if (actors.empty())
    return false;
  cycle = actors.front().ticks;
  if (!isDescribed())
    return false;
  for (const Actor &actor : actors) {
    bool isSource = actor.flow == Flow::source;
    offered.emplace_back(actor.flow == Flow::sink ? 0 : actor.beats, isSource ? 0 : never);
    left.emplace_back(actor.outputs.size() > 1 ? actor.beats + 1 : 0, never);
    open.push_back(!isSource);
  }
  for (const Edge &edge : edges)
    result.taken.emplace_back(edge.beats, never);
  return true;
}

/// Whether a beat that the producer offers or that leaves it at `time` makes the consumer take `beat` later than known.
bool FirstSampleSolver::isLate(const Edge &edge, int64_t beat, int64_t time) const {
  return edge.carries(beat) && result.taken[&edge - edges.begin()][beat - edge.first] < time;
}

/// The consumer has computed when it takes the beats of an edge.
void FirstSampleSolver::noteTaken(unsigned index, Times &times) {
  const Edge &edge = edges[index];
  Times &known = result.taken[index];
  const Actor &producer = actors[edge.producer];
  const int64_t *offers = offered[edge.producer].data() + edge.first;
  bool isShared = producer.outputs.size() > 1, stalls = false;
  int64_t *leaves = isShared ? left[edge.producer].data() + edge.first + 1 : nullptr;
  int64_t firstLater = -1;
  for (int64_t beat = 0; beat < edge.beats; ++beat) {
    if (!isShared) {
      stalls |= known[beat] < times[beat] && offers[beat] < times[beat];
    } else if (leaves[beat] < times[beat]) {
      stalls |= offers[beat] < times[beat];
      leaves[beat] = times[beat];
      if (firstLater < 0)
        firstLater = beat;
    }
  }
  std::swap(known, times);
  if (stalls && producer.flow != Flow::source)
    open[edge.producer] = true;
  if (firstLater < 0)
    return;
  for (unsigned output : producer.outputs) {
    const Edge &other = edges[output];
    if (output == index || open[other.consumer])
      continue;
    for (int64_t beat = firstLater; beat < edge.beats; ++beat)
      if (isLate(other, edge.first + beat + 1, leaves[beat] + cycle)) {
        open[other.consumer] = true;
        break;
      }
  }
}

/// The actor has computed when it offers its results.
void FirstSampleSolver::noteOffered() {
  for (unsigned output : actor->outputs) {
    const Edge &edge = edges[output];
    if (open[edge.consumer])
      continue;
    const int64_t *times = offers + edge.first, *known = result.taken[output].data();
    for (int64_t beat = 0; beat < edge.beats; ++beat)
      if (known[beat] < times[beat]) {
        open[edge.consumer] = true;
        break;
      }
  }
}

bool FirstSampleSolver::computeSink() {
  Operand &operand = operands.front();
  int64_t time = never;
  for (int64_t beat = 0; beat < operand.beats; ++beat)
    operand.times[beat] = time = std::max(time + cycle, operand.getArrival(beat, cycle));
  return true;
}

/// Takes the beats of a credit-based actor's operand up to `end`, with the work on results before `beat` begun.
bool FirstSampleSolver::takeSeparately(Operand &operand, int64_t end, int64_t beat) {
  int64_t *times = operand.times.data();
  for (int64_t &next = operand.next; next < end; ++next) {
    int64_t time = operand.getArrival(next, cycle);
    if (next > 0)
      time = std::max(time, times[next - 1] + cycle);
    if (next >= operand.buffer) {
      time = std::max(time, times[next - operand.buffer] + 2 * cycle);
      while (operand.getReleased(operand.room) + operand.buffer <= next)
        ++operand.room;
      if (operand.room > beat)
        return false; // the buffer cannot hold what the result needs
      if (operand.room > 0)
        time = std::max(time, offers[operand.room - 1] - delay + work + cycle);
    }
    times[next] = time;
  }
  return true;
}

/// Takes the beats of all operands together.
bool FirstSampleSolver::takeTogether(int64_t end, int64_t beat) {
  for (int64_t next = operands.front().next; next < end; ++next) {
    int64_t time = next > 0 ? operands.front().times[next - 1] + cycle : never;
    for (Operand &operand : operands) {
      time = std::max(time, operand.getArrival(next, cycle));
      if (actor->flow == Flow::direct)
        continue;
      while (operand.getReleased(operand.room + 1) + operand.buffer - 1 <= next)
        ++operand.room;
      if (operand.room > beat)
        return false;
      if (operand.room > 0)
        time = std::max(time, getLeft(operand.room - 1) + actor->getReturnTicks());
    }
    if (actor->flow == Flow::direct && beat > 0)
      time = std::max(time, getLeft(beat - 1)); // no complete result remains
    if (actor->flow == Flow::elastic && !isStore && next > 0)
      time = std::max(time, offers[next - 1] - delay + work - cycle);
    for (Operand &operand : operands)
      operand.times[next] = time;
  }
  for (Operand &operand : operands)
    operand.next = std::max(operand.next, end);
  return true;
}

template <typename TakeT> bool FirstSampleSolver::computeResults(TakeT take) {
  bool needsPlace = actor->flow == Flow::credit;
  int64_t places = actor->getResultPlaces(), start = -work;
  for (int64_t beat = 0; beat < actor->beats; ++beat) {
    start += work;
    if (!take(beat))
      return false;
    for (const Operand &operand : operands)
      if (int64_t needed = operand.input->required[beat])
        start = std::max(start, operand.times[needed - 1] + cycle);
    if (needsPlace && beat >= places)
      start = std::max(start, getLeft(beat - places) + cycle);
    offersLater |= offers[beat] < start + delay;
    offers[beat] = start + delay;
  }
  return take(actor->beats);
}

/// Computes all times of an actor; false where it cannot go on.
bool FirstSampleSolver::compute(unsigned index) {
  actor = &actors[index];
  offers = offered[index].data();
  if (actor->outputs.size() == 1)
    leaves = result.taken[actor->outputs.front()].data();
  else if (actor->outputs.size() > 1)
    leaves = left[index].data() + 1;
  isStore = actor->isStore();
  delay = actor->getOfferTicks();
  work = actor->beatCycles * cycle;
  offersLater = false;
  operands.resize(actor->inputs.size());
  for (auto [operand, input] : llvm::zip(operands, actor->inputs)) {
    const Edge &edge = edges[input.edge];
    operand.input = &input;
    operand.beats = input.beats;
    operand.buffer = input.buffer;
    operand.offered = offered[edge.producer].data() + edge.first;
    bool waits = actors[edge.producer].outputs.size() > 1 && !isUnbounded;
    operand.left = waits ? left[edge.producer].data() + edge.first : nullptr;
    if (operand.times.size() != static_cast<size_t>(input.beats))
      operand.times = Times(input.beats);
    operand.next = operand.room = 0;
  }
  auto getNeeded = [&](const Operand &operand, int64_t beat) {
    return beat == actor->beats ? operand.beats : operand.input->required[beat];
  };
  bool goesOn;
  if (actor->flow == Flow::sink)
    goesOn = computeSink();
  else if (actor->flow == Flow::credit)
    goesOn = computeResults([&](int64_t beat) {
      for (Operand &operand : operands)
        if (!takeSeparately(operand, getNeeded(operand, beat), beat))
          return false;
      return true;
    });
  else
    goesOn = computeResults([&](int64_t beat) {
      int64_t end = 0;
      for (const Operand &operand : operands)
        end = std::max(end, getNeeded(operand, beat));
      return takeTogether(end, beat);
    });
  if (!goesOn)
    return false;
  for (auto [operand, input] : llvm::zip(operands, actor->inputs))
    noteTaken(input.edge, operand.times);
  if (offersLater)
    noteOffered();
  return true;
}

void FirstSampleSolver::noteLatency() {
  for (const Actor &actor : actors)
    if (actor.flow == Flow::sink)
      result.latency = std::max(result.latency, result.taken[actor.inputs.front().edge].back());
}

std::optional<FirstSample> FirstSampleSolver::solve() {
  if (!start())
    return std::nullopt;
  int64_t beats = 0;
  for (const Actor &actor : actors)
    beats += actor.beats;
  // Results come later towards the sinks, stalls towards the sources.
  for (bool forward = true; llvm::is_contained(open, true); forward = !forward)
    for (unsigned step = 0; step < actors.size(); ++step) {
      unsigned index = forward ? step : actors.size() - 1 - step;
      if (!open[index])
        continue;
      open[index] = false;
      if (result.work > mostRounds * beats || !compute(index))
        return std::nullopt;
      result.work += actors[index].beats;
    }
  noteLatency();
  return std::move(result);
}

std::optional<int64_t> FirstSampleSolver::getLeastLatency() {
  isUnbounded = true;
  if (!start())
    return std::nullopt;
  for (auto [index, actor] : llvm::enumerate(actors))
    if (actor.flow != Flow::source && !compute(index))
      return std::nullopt;
  noteLatency();
  return result.latency;
}

std::optional<FirstSample> xplat::findFirstSample(const DataflowGraph &graph) {
  return FirstSampleSolver(graph).solve();
}

std::optional<int64_t> xplat::findLeastLatency(const DataflowGraph &graph) {
  return FirstSampleSolver(graph).getLeastLatency();
}

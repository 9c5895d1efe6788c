//===- TokenSimulation.cpp - Runs a dataflow graph beat by beat -----------===//
//
// One cycle: what is offered (`valid`) follows from registers alone; what is
// taken (`ready`) is found from the sinks backwards; then all registers step.
//
// Only actors to which something may happen are looked at. An actor sleeps when
// a cycle changed nothing but its counters of cycles; it wakes at its own next
// event, when a neighbour's registers changed, and when its reader takes a beat.
//
//===----------------------------------------------------------------------===//
#include "xplat/Analysis/TokenSimulation.h"

#include "llvm/ADT/bit.h"

#include <deque>
#include <map>
#include <queue>

using namespace mlir;
using namespace xplat;

namespace {
struct InputState {
  /// Beats taken, and how many of them the current result beat needs.
  int64_t received = 0, required = 0;
  /// Beats whose place is free again, and how many may be taken altogether.
  int64_t freed = 0, limit = 0;
};

struct ActorState {
  /// Result beats begun: in all, in the present sample, samples.
  int64_t beat = 0, beatInSample = 0, sample = 0;
  /// Cycles spent on the current result beat, and cycles in which the pipeline
  /// moved, both as of the beginning of cycle `updated`.
  int64_t work = 0, moved = 0, updated = 0;
  /// When beats in the pipeline leave it, counted in `moved`.
  std::deque<int64_t> pipeline;
  /// Result beats that have left the pipeline of an elastic actor.
  int64_t arrived = 0;
  /// A result beat lies in the output register.
  bool offered = false;
  /// Outputs that have taken the beat which others have not; outputs that refuse it.
  SmallVector<bool, 2> taken, refused;
  /// When the room of beats that have left becomes known (elastic).
  std::deque<int64_t> returns;
  SmallVector<InputState, 2> inputs;

  // Of the last cycle that was looked at; what moves and works goes on while asleep.
  bool offering = false;   // a result beat is offered
  bool done = false;       // it leaves on its last output
  bool moves = false;      // the pipeline moves
  bool working = false;    // a cycle of work is done
  bool completing = false; // the last one
};

/// Actors to look at, highest index first.
class WakeSet {
public:
  explicit WakeSet(size_t size) : words((size + 63) / 64, 0) {}
  void insert(unsigned index) { words[index / 64] |= uint64_t(1) << (index % 64); }
  bool isEmpty() const {
    return llvm::all_of(words, [](uint64_t word) { return word == 0; });
  }
  /// Calls `visit` in descending order; it may insert lower indices.
  template <typename VisitT> void drain(VisitT visit) {
    for (size_t index = words.size(); index-- > 0;)
      while (words[index]) {
        unsigned bit = 63 - llvm::countl_zero(words[index]);
        words[index] &= ~(uint64_t(1) << bit);
        visit(static_cast<unsigned>(index * 64 + bit));
      }
  }

private:
  SmallVector<uint64_t> words;
};

class Simulator {
public:
  Simulator(const DataflowGraph &graph, const SimulationOptions &options);
  SimulationResult run();

private:
  static bool isStore(const Actor &actor) {
    return actor.beatCycles == 1 && actor.latency <= 1 && actor.flow != Flow::sink;
  }
  static int64_t depthOf(const Actor &actor) { return std::max<int64_t>(actor.latency - actor.beatCycles, 1); }
  static void loadRequirements(const Actor &actor, ActorState &state);
  static void advance(const Actor &actor, ActorState &state);
  static bool hasRequired(const ActorState &state) {
    return llvm::all_of(state.inputs, [](const InputState &in) { return in.received >= in.required; });
  }
  static bool hasRequiredNext(const Actor &actor, const ActorState &state);

  /// When a source offers its next beat.
  int64_t sourceTime(const Actor &actor, const ActorState &state) const {
    return state.sample * options.sourcePeriod + state.beatInSample * options.sourcePeriod / actor.beats;
  }
  bool isOffering(const Actor &actor, const ActorState &state, int64_t cycle) const;
  /// Whether the edge offers its consumer a beat.
  bool isValid(unsigned edge) const {
    if (onEdge[edge] > 0)
      return true;
    const ActorState &producer = states[graph.getEdges()[edge].producer];
    return depths[edge] == 0 && producer.offering && !producer.taken[outputOf[edge]];
  }

  void catchUp(ActorState &state, const Actor &actor, int64_t cycle);
  void resolve(unsigned index);
  bool step(const Actor &actor, ActorState &state);
  void moveEdges(ArrayRef<unsigned> visited);
  void sleepOrWake(unsigned index, bool active);
  int64_t nextEvent(const Actor &actor, const ActorState &state) const;
  std::vector<int64_t> snapshot(int64_t sample) const;
  bool recordSample(SimulationResult &result);
  SmallVector<unsigned> findBlockedCycle() const;

  const DataflowGraph &graph;
  const SimulationOptions &options;
  std::vector<ActorState> states;
  /// Beats on the edge, in its FIFO or waiting; the FIFO's depth; cycles in which the producer's beat was refused.
  std::vector<int64_t> onEdge, depths, refusals;
  /// Which of its producer's outputs an edge is.
  std::vector<unsigned> outputOf;
  /// Of the present cycle: the consumer takes a beat; the producer's beat enters the edge.
  std::vector<char> accepted, entered;
  SmallVector<int64_t> peaks;
  WakeSet awake, awakeNext;
  using Timer = std::pair<int64_t, unsigned>;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<Timer>> timers;
  int64_t now = 0;
  /// State after a sample has left everywhere: when, and which.
  std::map<std::vector<int64_t>, std::pair<int64_t, int64_t>> seen;
  int64_t samplesDone = 0, lastSample = 0;
};
} // namespace

Simulator::Simulator(const DataflowGraph &graph, const SimulationOptions &options)
    : graph(graph), options(options), states(graph.getActors().size()), onEdge(graph.getEdges().size(), 0),
      depths(onEdge.size(), 0), refusals(onEdge.size(), 0), outputOf(onEdge.size()), accepted(onEdge.size(), false),
      entered(onEdge.size(), false), peaks(onEdge.size(), 0), awake(states.size()), awakeNext(states.size()) {
  llvm::copy(options.depths, depths.begin());
  for (auto [index, actor] : llvm::enumerate(graph.getActors())) {
    ActorState &state = states[index];
    state.taken.assign(actor.outputs.size(), false);
    state.refused.assign(actor.outputs.size(), false);
    state.inputs.resize(actor.inputs.size());
    for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
      in.limit = input.buffer;
    for (auto [output, edge] : llvm::enumerate(actor.outputs))
      outputOf[edge] = output;
    loadRequirements(actor, state);
    state.offering = isOffering(actor, state, 0);
    awake.insert(index);
  }
}

void Simulator::loadRequirements(const Actor &actor, ActorState &state) {
  if (actor.flow == Flow::source || actor.flow == Flow::sink)
    return;
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
    in.required = state.sample * input.beats + input.required[state.beatInSample];
}

void Simulator::advance(const Actor &actor, ActorState &state) {
  ++state.beat;
  if (++state.beatInSample == actor.beats) {
    state.beatInSample = 0;
    ++state.sample;
  }
  loadRequirements(actor, state);
}

/// Whether what the result beat after the current one needs is there.
bool Simulator::hasRequiredNext(const Actor &actor, const ActorState &state) {
  bool wraps = state.beatInSample + 1 == actor.beats;
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
    if (in.received < (state.sample + wraps) * input.beats + input.required[wraps ? 0 : state.beatInSample + 1])
      return false;
  return true;
}

bool Simulator::isOffering(const Actor &actor, const ActorState &state, int64_t cycle) const {
  switch (actor.flow) {
  case Flow::source:
    return options.sourcePeriod == 0 || sourceTime(actor, state) <= cycle;
  case Flow::sink:
    return false;
  default:
    if (isStore(actor))
      return hasRequired(state);
    return actor.flow == Flow::elastic ? state.arrived > 0 : state.offered;
  }
}

/// Counts the cycles before `cycle` that the actor slept through.
void Simulator::catchUp(ActorState &state, const Actor &actor, int64_t cycle) {
  int64_t slept = cycle - state.updated;
  if (slept == 0)
    return;
  state.updated = cycle;
  if (state.moves)
    state.moved += slept;
  if (state.working)
    state.work += slept;
  for (auto [output, edge] : llvm::enumerate(actor.outputs))
    refusals[edge] += state.refused[output] * slept;
}

/// What passes in this cycle; everything behind the actor has been resolved.
void Simulator::resolve(unsigned index) {
  const Actor &actor = graph.getActors()[index];
  ActorState &state = states[index];
  catchUp(state, actor, now);
  state.done = state.offering;
  for (auto [output, edge] : llvm::enumerate(actor.outputs)) {
    bool offered = state.offering && !state.taken[output];
    entered[edge] =
        offered && (depths[edge] ? onEdge[edge] < depths[edge] : options.countWaiting || accepted[edge]);
    state.refused[output] = offered && !entered[edge] && actor.flow != Flow::source;
    state.done &= !offered || entered[edge];
  }
  bool store = isStore(actor);
  state.moves = actor.flow == Flow::elastic || !state.offering || state.done;
  state.working = !store && actor.flow != Flow::source && actor.flow != Flow::sink && state.moves && hasRequired(state);
  state.completing = state.working && state.work + 1 == actor.beatCycles;

  auto isReady = [&](const InputState &in) {
    switch (actor.flow) {
    case Flow::direct: {
      bool leaves = store ? state.done : state.completing;
      return (store || state.moves) && !(leaves ? hasRequiredNext(actor, state) : hasRequired(state));
    }
    case Flow::stalling:
      return in.received < in.limit;
    case Flow::elastic:
      // A serializer takes the next beat when the last cycle of the present one has come.
      return in.received < in.limit && (store || in.received == state.beat + (state.completing ? 1 : 0));
    default:
      return true;
    }
  };
  if (actor.flow == Flow::direct &&
      !llvm::all_of(actor.inputs, [&](const ActorInput &input) { return isValid(input.edge); }))
    return;
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
    if (!isReady(in) || !isValid(input.edge))
      continue;
    accepted[input.edge] = true;
    awake.insert(graph.getEdges()[input.edge].producer);
  }
}

/// Steps the registers of an actor; whether anything but a counter of cycles changed.
bool Simulator::step(const Actor &actor, ActorState &state) {
  bool active = false;
  // Room: follows the beat that is in work now.
  if (actor.flow == Flow::stalling && state.moves)
    for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
      int64_t released = state.sample * input.beats + input.released[state.beatInSample];
      in.freed = std::max(in.freed, std::min(released, in.received));
      active |= in.limit != in.freed + input.buffer;
      in.limit = in.freed + input.buffer;
    }
  for (auto [output, edge] : llvm::enumerate(actor.outputs)) {
    state.taken[output] = !state.done && (state.taken[output] || entered[edge]);
    active |= static_cast<bool>(entered[edge]);
  }
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
    in.received += accepted[input.edge];
    active |= static_cast<bool>(accepted[input.edge]);
  }
  if (actor.flow == Flow::elastic) {
    if (state.done)
      state.returns.push_back(now + actor.returnCycles);
    while (!state.returns.empty() && state.returns.front() <= now + 1) {
      state.returns.pop_front();
      ++state.inputs.front().limit;
      active = true;
    }
  }
  // Work, pipeline, output register.
  if (actor.flow == Flow::sink) {
    if (active)
      advance(actor, state);
  } else if (actor.flow == Flow::source || isStore(actor)) {
    if (state.done)
      advance(actor, state);
  } else {
    if (state.working)
      ++state.work;
    if (state.completing) {
      state.pipeline.push_back(state.moved + depthOf(actor));
      state.work = 0;
      advance(actor, state);
      active = true;
    }
    if (state.moves) {
      bool arrives = !state.pipeline.empty() && state.pipeline.front() == state.moved + 1;
      if (arrives)
        state.pipeline.pop_front();
      active |= arrives || state.done;
      if (actor.flow == Flow::elastic)
        state.arrived += static_cast<int64_t>(arrives) - static_cast<int64_t>(state.done);
      else
        state.offered = arrives;
      ++state.moved;
    }
  }
  for (auto [output, edge] : llvm::enumerate(actor.outputs))
    refusals[edge] += state.refused[output];
  state.updated = now + 1;
  state.offering = isOffering(actor, state, now + 1);
  return active;
}

/// Beats enter and leave the edges of the actors that were looked at.
void Simulator::moveEdges(ArrayRef<unsigned> visited) {
  for (unsigned index : visited)
    for (unsigned edge : graph.getActors()[index].outputs) {
      if (!entered[edge] || (!depths[edge] && !options.countWaiting))
        continue;
      ++onEdge[edge];
      if (depths[edge])
        peaks[edge] = std::max(peaks[edge], onEdge[edge]);
    }
  for (unsigned index : visited)
    for (const ActorInput &input : graph.getActors()[index].inputs)
      if (accepted[input.edge] && (depths[input.edge] || options.countWaiting)) {
        --onEdge[input.edge];
        awakeNext.insert(graph.getEdges()[input.edge].producer); // its FIFO has room
      }
  for (unsigned index : visited)
    for (unsigned edge : graph.getActors()[index].outputs)
      if (!depths[edge])
        peaks[edge] = std::max(peaks[edge], onEdge[edge]);
}

/// The first cycle in which something but a counter changes by itself; negative when there is none.
int64_t Simulator::nextEvent(const Actor &actor, const ActorState &state) const {
  int64_t first = -1;
  auto consider = [&](int64_t cycle) { first = first < 0 ? cycle : std::min(first, cycle); };
  if (actor.flow == Flow::source && options.sourcePeriod && !state.offering)
    consider(sourceTime(actor, state));
  if (!state.returns.empty())
    consider(state.returns.front() - 1);
  if (state.moves && state.working)
    consider(state.updated + actor.beatCycles - 1 - state.work);
  if (state.moves && !state.pipeline.empty())
    consider(state.updated + state.pipeline.front() - 1 - state.moved);
  return first;
}

void Simulator::sleepOrWake(unsigned index, bool active) {
  const Actor &actor = graph.getActors()[index];
  if (active) {
    awakeNext.insert(index);
    for (unsigned edge : actor.outputs)
      awakeNext.insert(graph.getEdges()[edge].consumer);
    return;
  }
  int64_t event = nextEvent(actor, states[index]);
  if (event > now)
    timers.push({event, index});
}

/// Everything that decides the future, relative to `sample` samples and the present cycle.
std::vector<int64_t> Simulator::snapshot(int64_t sample) const {
  std::vector<int64_t> key;
  for (auto [actor, state] : llvm::zip(graph.getActors(), states)) {
    key.push_back(state.beat - sample * actor.beats);
    key.push_back(state.work);
    key.push_back(state.offered);
    key.push_back(state.arrived);
    for (bool taken : state.taken)
      key.push_back(taken);
    for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
      key.push_back(in.received - sample * input.beats);
      if (actor.flow == Flow::stalling)
        key.push_back(in.freed - sample * input.beats);
      if (actor.flow == Flow::stalling || actor.flow == Flow::elastic)
        key.push_back(in.limit - sample * input.beats);
    }
    key.push_back(state.pipeline.size());
    for (int64_t time : state.pipeline)
      key.push_back(time - state.moved);
    key.push_back(state.returns.size());
    for (int64_t time : state.returns)
      key.push_back(time - now);
    if (actor.flow == Flow::source && options.sourcePeriod)
      key.push_back(now - sample * options.sourcePeriod);
  }
  key.insert(key.end(), onEdge.begin(), onEdge.end());
  return key;
}

/// After a cycle: whether the simulation may stop because a state has come back.
bool Simulator::recordSample(SimulationResult &result) {
  int64_t done = std::numeric_limits<int64_t>::max();
  for (auto [actor, state] : llvm::zip(graph.getActors(), states))
    if (actor.flow == Flow::sink)
      done = std::min(done, state.sample);
  if (done == samplesDone)
    return false;
  samplesDone = result.samples = done;
  if (done == 1)
    result.firstLatency = now - 1;
  bool even = now - lastSample == result.evenCycles;
  result.evenSamples = even ? result.evenSamples + 1 : 1;
  result.evenCycles = now - lastSample;
  lastSample = now;
  auto [known, isNew] = seen.try_emplace(snapshot(done), now, done);
  if (isNew)
    return false;
  result.periodCycles = now - known->second.first;
  result.periodSamples = done - known->second.second;
  return true;
}

/// Who waits for whom, from a sink on, until an actor comes up again.
SmallVector<unsigned> Simulator::findBlockedCycle() const {
  SmallVector<unsigned> path;
  unsigned at = llvm::find_if(graph.getActors(), [](const Actor &a) { return a.flow == Flow::sink; }) -
                graph.getActors().begin();
  while (!llvm::is_contained(path, at)) {
    path.push_back(at);
    const Actor &actor = graph.getActors()[at];
    const ActorState &state = states[at];
    std::optional<unsigned> next;
    for (auto [output, edge] : llvm::enumerate(actor.outputs))
      if (state.offering && !state.taken[output])
        next = graph.getEdges()[edge].consumer;
    if (!next)
      for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
        if (actor.flow == Flow::sink || (in.received < in.required && !isValid(input.edge)))
          next = graph.getEdges()[input.edge].producer;
    if (!next)
      for (const ActorInput &input : actor.inputs)
        if (!isValid(input.edge))
          next = graph.getEdges()[input.edge].producer;
    if (!next)
      return path;
    at = *next;
  }
  path.erase(path.begin(), llvm::find(path, at));
  return path;
}

SimulationResult Simulator::run() {
  SimulationResult result;
  bool hasSink = llvm::any_of(graph.getActors(), [](const Actor &actor) { return actor.flow == Flow::sink; });
  SmallVector<unsigned> visited;
  while (hasSink && samplesDone < options.maxSamples && now < options.maxCycles) {
    if (awake.isEmpty()) {
      if (timers.empty()) {
        result.deadlock = findBlockedCycle();
        break;
      }
      now = std::max(now, timers.top().first);
    }
    for (; !timers.empty() && timers.top().first <= now; timers.pop()) {
      unsigned index = timers.top().second;
      awake.insert(index);
      const Actor &actor = graph.getActors()[index];
      if (actor.flow != Flow::source)
        continue;
      states[index].offering = isOffering(actor, states[index], now);
      for (unsigned edge : actor.outputs)
        awake.insert(graph.getEdges()[edge].consumer);
    }
    visited.clear();
    awake.drain([&](unsigned index) {
      visited.push_back(index);
      resolve(index);
    });
    moveEdges(visited);
    bool sampleLeft = false;
    for (unsigned index : visited) {
      const Actor &actor = graph.getActors()[index];
      bool active = step(actor, states[index]);
      sampleLeft |= active && actor.flow == Flow::sink && states[index].beatInSample == 0;
      sleepOrWake(index, active);
    }
    for (unsigned index : visited)
      for (const ActorInput &input : graph.getActors()[index].inputs)
        accepted[input.edge] = false;
    std::swap(awake, awakeNext);
    ++now;
    if (sampleLeft) {
      for (auto [actor, state] : llvm::zip(graph.getActors(), states))
        catchUp(state, actor, now);
      if (recordSample(result))
        break;
    }
  }
  result.peaks = peaks;
  result.cycles = now;
  auto most = llvm::max_element(refusals);
  if (most != refusals.end() && *most > 0)
    result.mostBlocked = most - refusals.begin();
  return result;
}

SimulationResult xplat::simulate(const DataflowGraph &graph, const SimulationOptions &options) {
  return Simulator(graph, options).run();
}

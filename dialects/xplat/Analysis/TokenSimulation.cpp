//===- TokenSimulation.cpp - Runs a dataflow graph beat by beat -----------===//
//
// One cycle: what is offered (`valid`) follows from registers alone; what is
// taken (`ready`) is found from the sinks backwards; then all registers step.
//
//===----------------------------------------------------------------------===//
#include "xplat/Analysis/TokenSimulation.h"

#include <deque>
#include <map>

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
  /// Cycles spent on the current result beat.
  int64_t work = 0;
  /// Cycles in which the pipeline moved.
  int64_t moved = 0;
  /// When beats in the pipeline leave it, counted in `moved`.
  std::deque<int64_t> pipeline;
  /// Result beats that have left the pipeline of an elastic actor.
  int64_t arrived = 0;
  /// A result beat lies in the output register.
  bool offered = false;
  /// Outputs that have taken the beat which others have not.
  SmallVector<bool, 2> taken;
  /// When the room of beats that have left becomes known (elastic).
  std::deque<int64_t> returns;
  SmallVector<InputState, 2> inputs;

  // Of the present cycle.
  bool done = false;      // the offered beat leaves on its last output
  bool moves = false;     // the pipeline moves
  bool working = false;   // a cycle of work is done
  bool completing = false; // the last one
};

class Simulator {
public:
  Simulator(const DataflowGraph &graph, const SimulationOptions &options)
      : graph(graph), options(options), states(graph.getActors().size()), onEdge(graph.getEdges().size()),
        refusals(onEdge.size()), valid(onEdge.size()), accepted(onEdge.size()), entered(onEdge.size()),
        refused(onEdge.size()), peaks(onEdge.size()) {
    depths.assign(onEdge.size(), 0);
    for (auto [index, depth] : llvm::enumerate(options.depths))
      depths[index] = depth;
    for (auto [actor, state] : llvm::zip(graph.getActors(), states)) {
      state.taken.assign(actor.outputs.size(), false);
      state.inputs.resize(actor.inputs.size());
      for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
        in.limit = input.buffer;
      loadRequirements(actor, state);
      numSinks += actor.flow == Flow::sink;
    }
  }

  SimulationResult run();

private:
  bool isStore(const Actor &actor) const {
    return actor.beatCycles == 1 && actor.latency <= 1 && actor.flow != Flow::sink;
  }
  static int64_t depthOf(const Actor &actor) { return std::max<int64_t>(actor.latency - actor.beatCycles, 1); }

  static void loadRequirements(const Actor &actor, ActorState &state) {
    if (actor.flow == Flow::source || actor.flow == Flow::sink)
      return;
    for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
      in.required = state.sample * input.beats + input.required[state.beatInSample];
  }
  static void advance(const Actor &actor, ActorState &state) {
    ++state.beat;
    if (++state.beatInSample == actor.beats) {
      state.beatInSample = 0;
      ++state.sample;
    }
    loadRequirements(actor, state);
  }
  static bool hasRequired(const ActorState &state) {
    return llvm::all_of(state.inputs, [](const InputState &in) { return in.received >= in.required; });
  }
  /// The same for the result beat after the current one.
  static bool hasRequiredNext(const Actor &actor, const ActorState &state) {
    bool wraps = state.beatInSample + 1 == actor.beats;
    for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
      if (in.received < (state.sample + wraps) * input.beats + input.required[wraps ? 0 : state.beatInSample + 1])
        return false;
    return true;
  }
  /// When a source offers its next beat.
  int64_t sourceTime(const Actor &actor, const ActorState &state) const {
    return state.sample * options.sourcePeriod + state.beatInSample * options.sourcePeriod / actor.beats;
  }

  bool isOffering(const Actor &actor, const ActorState &state) const;
  void computeValid();
  void computeReady();
  void resolve(const Actor &actor, ActorState &state);
  bool step(const Actor &actor, ActorState &state);
  bool stepEdges();
  int64_t cyclesToNextEvent() const;
  void skip(int64_t cycles);
  std::vector<int64_t> snapshot(int64_t sample) const;
  bool recordSample(SimulationResult &result);
  SmallVector<unsigned> findBlockedCycle() const;

  const DataflowGraph &graph;
  const SimulationOptions &options;
  std::vector<ActorState> states;
  /// Beats on the edge, in its FIFO or waiting.
  std::vector<int64_t> onEdge, depths;
  /// Cycles in which the producer's beat was refused.
  std::vector<int64_t> refusals;
  /// Of the present cycle: the consumer is offered a beat; it takes it; the producer's beat
  /// enters the edge; it is refused.
  std::vector<char> valid, accepted, entered, refused;
  SmallVector<int64_t> peaks;
  int64_t now = 0;
  unsigned numSinks = 0;
  /// State after a sample has left everywhere: when, and which.
  std::map<std::vector<int64_t>, std::pair<int64_t, int64_t>> seen;
  int64_t samplesDone = 0, lastSample = 0;
};
} // namespace

bool Simulator::isOffering(const Actor &actor, const ActorState &state) const {
  switch (actor.flow) {
  case Flow::source:
    return options.sourcePeriod == 0 || sourceTime(actor, state) <= now;
  case Flow::sink:
    return false;
  default:
    if (isStore(actor))
      return hasRequired(state);
    return actor.flow == Flow::elastic ? state.arrived > 0 : state.offered;
  }
}

void Simulator::computeValid() {
  for (auto [actor, state] : llvm::zip(graph.getActors(), states)) {
    bool offering = isOffering(actor, state);
    for (auto [output, edge] : llvm::enumerate(actor.outputs)) {
      bool offered = offering && !state.taken[output];
      valid[edge] = depths[edge] ? onEdge[edge] > 0 : offered || onEdge[edge] > 0;
      accepted[edge] = entered[edge] = refused[edge] = false;
    }
  }
}

void Simulator::resolve(const Actor &actor, ActorState &state) {
  bool offering = isOffering(actor, state);
  state.done = offering;
  for (auto [output, edge] : llvm::enumerate(actor.outputs)) {
    if (!offering || state.taken[output])
      continue;
    entered[edge] = depths[edge] ? onEdge[edge] < depths[edge] : options.countWaiting || accepted[edge];
    refused[edge] = !entered[edge] && actor.flow != Flow::source;
    state.done &= static_cast<bool>(entered[edge]);
  }
  bool store = isStore(actor);
  state.moves = actor.flow == Flow::elastic || !offering || state.done;
  state.working = !store && actor.flow != Flow::source && actor.flow != Flow::sink && state.moves && hasRequired(state);
  state.completing = state.working && state.work + 1 == actor.beatCycles;

  auto readyOf = [&](const InputState &in) {
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
  bool together = actor.flow != Flow::direct ||
                  llvm::all_of(actor.inputs, [&](const ActorInput &input) { return valid[input.edge]; });
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
    accepted[input.edge] = valid[input.edge] && together && readyOf(in);
}

void Simulator::computeReady() {
  for (size_t index = states.size(); index-- > 0;)
    resolve(graph.getActors()[index], states[index]);
}

/// Steps the registers of an actor; whether anything but a counter of cycles changed.
bool Simulator::step(const Actor &actor, ActorState &state) {
  bool active = false;
  // Room: follows the beat that is in work now.
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
    if (actor.flow != Flow::stalling)
      break;
    if (!state.moves)
      continue;
    int64_t released = state.sample * input.beats + input.released[state.beatInSample];
    in.freed = std::max(in.freed, std::min(released, in.received));
    active |= in.limit != in.freed + input.buffer;
    in.limit = in.freed + input.buffer;
  }
  // Outputs.
  for (auto [output, edge] : llvm::enumerate(actor.outputs)) {
    state.taken[output] = !state.done && (state.taken[output] || entered[edge]);
    active |= static_cast<bool>(entered[edge]);
    refusals[edge] += refused[edge];
  }
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
    in.received += accepted[input.edge];
    active |= accepted[input.edge];
  }
  switch (actor.flow) {
  case Flow::source:
    if (state.done)
      advance(actor, state);
    return active;
  case Flow::sink:
    if (accepted[actor.inputs.front().edge])
      advance(actor, state);
    return active;
  default:
    break;
  }
  if (actor.flow == Flow::elastic) {
    if (state.done)
      state.returns.push_back(now + actor.returnCycles);
    for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
      while (!state.returns.empty() && state.returns.front() <= now + 1) {
        state.returns.pop_front();
        ++in.limit;
        active = true;
      }
    }
  }
  // Work, pipeline, output register.
  if (isStore(actor)) {
    if (state.done)
      advance(actor, state);
    return active;
  }
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
    active |= arrives;
    if (actor.flow == Flow::elastic)
      state.arrived += static_cast<int64_t>(arrives) - static_cast<int64_t>(state.done);
    else
      state.offered = arrives;
    ++state.moved;
  }
  return active;
}

bool Simulator::stepEdges() {
  bool active = false;
  for (size_t index = 0; index < onEdge.size(); ++index) {
    if (!depths[index] && !options.countWaiting)
      continue;
    int64_t before = onEdge[index];
    onEdge[index] += static_cast<int64_t>(entered[index]) - static_cast<int64_t>(accepted[index]);
    peaks[index] = std::max(peaks[index], depths[index] ? before + entered[index] : onEdge[index]);
    active |= onEdge[index] != before;
  }
  return active;
}

/// Cycles, from the next one on, in which nothing but counters changes; negative when that is for ever.
int64_t Simulator::cyclesToNextEvent() const {
  int64_t least = -1;
  auto consider = [&](int64_t cycles) { least = least < 0 ? cycles : std::min(least, cycles); };
  for (auto [actor, state] : llvm::zip(graph.getActors(), states)) {
    if (actor.flow == Flow::source && options.sourcePeriod && sourceTime(actor, state) > now)
      consider(sourceTime(actor, state) - now);
    if (!state.returns.empty())
      consider(state.returns.front() - 1 - now);
    if (!state.moves)
      continue;
    if (state.working)
      consider(actor.beatCycles - 1 - state.work);
    if (!state.pipeline.empty())
      consider(state.pipeline.front() - 1 - state.moved);
  }
  return least;
}

void Simulator::skip(int64_t cycles) {
  now += cycles;
  for (size_t edge = 0; edge < refusals.size(); ++edge)
    refusals[edge] += refused[edge] * cycles;
  for (ActorState &state : states) {
    if (!state.moves)
      continue;
    state.moved += cycles;
    if (state.working)
      state.work += cycles;
  }
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
    bool offering = isOffering(actor, state);
    for (auto [output, edge] : llvm::enumerate(actor.outputs))
      if (offering && !state.taken[output])
        next = graph.getEdges()[edge].consumer;
    if (!next)
      for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
        if (actor.flow == Flow::sink || (in.received < in.required && !valid[input.edge]))
          next = graph.getEdges()[input.edge].producer;
    if (!next)
      for (const ActorInput &input : actor.inputs)
        if (!valid[input.edge])
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
  if (numSinks)
    while (samplesDone < options.maxSamples && now < options.maxCycles) {
      computeValid();
      computeReady();
      bool active = stepEdges();
      for (auto [actor, state] : llvm::zip(graph.getActors(), states))
        active |= step(actor, state);
      ++now;
      if (active) {
        if (recordSample(result))
          break;
        continue;
      }
      int64_t idle = cyclesToNextEvent();
      if (idle < 0) {
        result.deadlock = findBlockedCycle();
        break;
      }
      skip(idle);
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

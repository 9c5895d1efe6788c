//===- SteadyActors.cpp - Leaves out what repeats already ------------------===//
//
// The deeper a graph, the more cycles its first sample takes through it, and all
// that time whatever the sample has passed repeats itself. So, until it leaves,
// at the end of every span (the period that the caller expects) actors whose
// state is that of a span ago, but for whole samples, and whose producers repeat
// as well, become steady: they are not simulated any more. Where a steady actor
// has a reader that is simulated, what it offered in the last span is replayed.
//
// This is exact. A steady actor repeats as long as its producers do, which are
// steady too, and as long as its beats leave it in the same cycles. The replay
// checks the latter; when a beat leaves earlier or later, the span begins anew
// from a copy, with that actor and those near it simulated again.
//
//===----------------------------------------------------------------------===//
#include "xplat/Analysis/TokenSimulator.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::detail;

namespace {
/// Most beats in a span whose passing is noted down.
constexpr int64_t maxNoted = 200000;
/// Spans begun anew after which everything is simulated.
constexpr unsigned maxRestarts = 64;
} // namespace

void Simulator::initializeSpans() {
  if (options.expectedPeriod <= 0)
    return;
  int64_t beats = 0;
  for (const Actor &actor : graph.getActors())
    beats += actor.beats;
  if (beats > maxNoted)
    return;
  span = spanEnd = options.expectedPeriod;
  steady.resize(states.size());
  visits.resize(states.size());
  before.resize(states.size());
}

/// What decides the future of the actor and its operands' edges, relative to its own samples and the present cycle.
std::vector<int64_t> Simulator::describe(unsigned index) const {
  const Actor &actor = graph.getActors()[index];
  const ActorState &state = states[index];
  std::vector<int64_t> key = {state.beatInSample, state.work, state.offered, state.arrived, state.offering};
  llvm::append_range(key, state.taken);
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
    int64_t beats = state.sample * input.beats;
    key.insert(key.end(), {in.received - beats, in.freed - beats, in.limit - beats, onEdge[input.edge]});
  }
  key.push_back(state.pipeline.size());
  for (int64_t time : state.pipeline)
    key.push_back(time - state.moved);
  for (int64_t time : state.returns)
    key.push_back(time - now);
  if (actor.flow == Flow::source && options.sourcePeriod)
    key.push_back(now - state.sample * options.sourcePeriod);
  return key;
}

bool Simulator::hasSimulatedReader(unsigned index) const {
  return llvm::any_of(graph.getActors()[index].outputs,
                      [&](unsigned edge) { return !steady[graph.getEdges()[edge].consumer]; });
}

/// Between two cycles, at the end of a span.
void Simulator::endSpan(const SimulationResult &result) {
  now = spanEnd;
  reach = 1;
  ArrayRef<Actor> actors = graph.getActors();
  SmallVector<bool> repeats(states.size(), false);
  SmallVector<int64_t> advance(states.size(), 0);
  for (unsigned index = 0; index < states.size(); ++index) {
    if (steady[index]) {
      ++steady[index]->spans;
      continue;
    }
    catchUp(states[index], actors[index], now);
    std::vector<int64_t> key = describe(index);
    advance[index] = states[index].sample - before[index].sample;
    repeats[index] = advance[index] > 0 && key == before[index].key;
    before[index] = {std::move(key), states[index].sample};
  }
  for (unsigned index = 0; index < states.size(); ++index) {
    const Actor &actor = actors[index];
    // Once a sample has left, whole states are compared, which takes actors that stay what they are.
    bool joins = samplesDone == 0 && repeats[index] && actor.flow != Flow::sink &&
                 llvm::all_of(actor.inputs, [&](const ActorInput &input) {
                   return steady[graph.getEdges()[input.edge].producer].has_value();
                 }) &&
                 llvm::all_of(actor.outputs, [&](unsigned edge) { return repeats[graph.getEdges()[edge].consumer]; });
    if (joins) {
      SteadyActor joining;
      joining.samples = advance[index];
      joining.visits = std::move(visits[index]);
      for (unsigned edge : actor.outputs)
        joining.refusals.push_back(refusals[edge] - refusalsBefore[edge]);
      steady[index] = std::move(joining);
      awake.erase(index);
      ++numSteady;
    }
    visits[index].clear();
  }
  beginSpan(result);
}

/// Notes down what a new beginning of the span needs, and lets the steady actors' replay begin.
void Simulator::beginSpan(const SimulationResult &result) {
  spanEnd = now + span;
  refusalsBefore = refusals;
  if (numSteady == 0)
    return;
  checkpoint.states.clear();
  for (unsigned index = 0; index < states.size(); ++index) {
    if (!steady[index]) {
      checkpoint.states.push_back({index, states[index]});
      continue;
    }
    steady[index]->next = 0;
    if (hasSimulatedReader(index) && !steady[index]->visits.empty())
      timers.push({now + steady[index]->visits.front().phase, index});
  }
  checkpoint.onEdge = onEdge;
  checkpoint.peaks = peaks;
  checkpoint.result = result;
  checkpoint.samplesDone = samplesDone;
  checkpoint.lastSample = lastSample;
  seenInSpan.clear();
}

/// The state of a steady actor at the beginning of the span, as if it had been simulated until then.
void Simulator::wake(unsigned index) {
  const Actor &actor = graph.getActors()[index];
  ActorState &state = states[index];
  const SteadyActor &was = *steady[index];
  int64_t samples = was.spans * was.samples, cycles = was.spans * span;
  state.sample += samples;
  state.beat += samples * actor.beats;
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
    in.received += samples * input.beats;
    in.freed += samples * input.beats;
    in.limit += samples * input.beats;
  }
  loadRequirements(actor, state);
  for (int64_t &time : state.returns)
    time += cycles;
  state.updated += cycles;
  addSkippedRefusals(index);
  before[index] = {};
  steady[index].reset();
  --numSteady;
}

/// Counts the refusals in the spans in which a steady actor was not simulated.
void Simulator::addSkippedRefusals(unsigned index) {
  for (auto [edge, count] : llvm::zip(graph.getActors()[index].outputs, steady[index]->refusals))
    refusals[edge] += steady[index]->spans * count;
}

/// Goes back to the beginning of the span, with `deviating` and the actors near it simulated again.
void Simulator::restartSpan(unsigned deviating, SimulationResult &result) {
  now = spanEnd - span;
  for (auto &[index, state] : checkpoint.states)
    states[index] = state;
  onEdge = checkpoint.onEdge;
  peaks = checkpoint.peaks;
  result = checkpoint.result;
  samplesDone = checkpoint.samplesDone;
  lastSample = checkpoint.lastSample;
  refusals = refusalsBefore;
  for (const std::vector<int64_t> &key : seenInSpan)
    seen.erase(key);

  // Those that are at most `reach` edges before it, and what they lead to; all of them when this happens too often.
  bool all = ++numRestarts > maxRestarts;
  std::vector<unsigned> distance(states.size(), reach + 1);
  distance[deviating] = 0;
  for (unsigned index = deviating + 1; index-- > 0;)
    for (const ActorInput &input : graph.getActors()[index].inputs) {
      unsigned &producer = distance[graph.getEdges()[input.edge].producer];
      producer = std::min(producer, distance[index] + 1);
    }
  reach = std::min<unsigned>(2 * reach, states.size());
  // Replaying changed these.
  for (unsigned index = 0; index < states.size(); ++index) {
    if (!steady[index])
      continue;
    if (!steady[index]->visits.empty()) {
      states[index].offering = steady[index]->visits.back().offeringAfter;
      states[index].taken = steady[index]->visits.back().takenAfter;
    }
    bool leads = llvm::any_of(graph.getActors()[index].inputs, [&](const ActorInput &input) {
      return !steady[graph.getEdges()[input.edge].producer];
    });
    if (all || leads || distance[index] <= reach / 2)
      wake(index);
  }
  if (all)
    span = 0;

  timers = {};
  awake.clear();
  awakeNext.clear();
  llvm::fill(accepted, false);
  llvm::fill(entered, false);
  for (unsigned index = 0; index < states.size(); ++index) {
    visits[index].clear();
    if (steady[index])
      continue;
    if (graph.getActors()[index].flow == Flow::source)
      states[index].offering = isOffering(graph.getActors()[index], states[index], now);
    awake.insert(index);
  }
  if (span)
    beginSpan(result);
}

//===----------------------------------------------------------------------===//
// Replay
//===----------------------------------------------------------------------===//

/// The visit of a steady actor in the present cycle, if there is one.
const Visit *Simulator::presentVisit(unsigned index) const {
  const SteadyActor &actor = *steady[index];
  if (actor.next < actor.visits.size() && actor.visits[actor.next].phase == now - (spanEnd - span))
    return &actor.visits[actor.next];
  return nullptr;
}

/// Lets the edges show what the steady actor offers in this cycle.
void Simulator::showReplay(unsigned index) {
  const Visit *visit = presentVisit(index);
  if (!visit || !hasSimulatedReader(index))
    return;
  awake.insert(index);
  if (states[index].offering == visit->offering && states[index].taken == visit->taken)
    return;
  // A source whose time has come.
  states[index].offering = visit->offering;
  states[index].taken = visit->taken;
  wakeReaders(index, awake);
}

void Simulator::wakeReaders(unsigned index, WakeSet &set) {
  for (unsigned edge : graph.getActors()[index].outputs)
    if (unsigned consumer = graph.getEdges()[edge].consumer; !steady[consumer])
      set.insert(consumer);
}

/// Whether the beats of the steady actor leave it in this cycle as they did in the span before.
bool Simulator::resolveReplay(unsigned index) {
  const Visit *visit = presentVisit(index);
  const ActorState &state = states[index];
  bool same = true;
  for (auto [output, edge] : llvm::enumerate(graph.getActors()[index].outputs)) {
    entered[edge] = false;
    if (steady[graph.getEdges()[edge].consumer])
      continue; // both repeat what they did
    entered[edge] = canEnter(state, output, edge);
    same &= static_cast<bool>(entered[edge]) == (visit && visit->entered[output]);
  }
  return same;
}

void Simulator::stepReplay(unsigned index) {
  const Visit *visit = presentVisit(index);
  if (!visit)
    return;
  states[index].offering = visit->offeringAfter;
  states[index].taken = visit->takenAfter;
  if (visit->active)
    wakeReaders(index, awakeNext);
  SteadyActor &actor = *steady[index];
  if (++actor.next < actor.visits.size())
    timers.push({spanEnd - span + actor.visits[actor.next].phase, index});
}

/// Notes down what a simulated actor offers and what leaves it.
void Simulator::noteVisit(unsigned index) {
  Visit visit;
  visit.phase = now - (spanEnd - span);
  visit.offering = states[index].offering;
  visit.taken = states[index].taken;
  for (unsigned edge : graph.getActors()[index].outputs)
    visit.entered.push_back(entered[edge]);
  visits[index].push_back(std::move(visit));
}

void Simulator::noteStep(unsigned index, bool active) {
  Visit &visit = visits[index].back();
  visit.offeringAfter = states[index].offering;
  visit.takenAfter = states[index].taken;
  visit.active = active;
}

//===- TokenSimulator.cpp - One cycle of a token simulation ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/TokenSimulator.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::detail;

Simulator::Simulator(const DataflowGraph &graph, const SimulationOptions &options)
    : graph(graph), options(options), states(graph.getActors().size()), onEdge(graph.getEdges().size(), 0),
      depths(onEdge.size(), 0), refusals(onEdge.size(), 0), outputOf(onEdge.size()), accepted(onEdge.size(), false),
      entered(onEdge.size(), false) {
  llvm::copy(options.depths, depths.begin());
  llvm::SmallVector<int64_t> clocks;
  for (const Actor &actor : graph.getActors())
    clocks.append({actor.ticks, actor.resultTicks});
  llvm::sort(clocks);
  clocks.erase(std::unique(clocks.begin(), clocks.end()), clocks.end());
  for (int64_t ticks : clocks)
    domains.push_back({ticks, WakeSet(states.size()), WakeSet(states.size())});
  for (const Actor &actor : graph.getActors()) {
    operandDomain.push_back(llvm::find(clocks, actor.ticks) - clocks.begin());
    resultDomain.push_back(llvm::find(clocks, actor.resultTicks) - clocks.begin());
  }
  for (auto [index, actor] : llvm::enumerate(graph.getActors())) {
    ActorState &state = states[index];
    state.taken.assign(actor.outputs.size(), false);
    expectNext(actor, state);
    state.refused.assign(actor.outputs.size(), false);
    state.inputs.resize(actor.inputs.size());
    for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
      in.limit = actor.flow == Flow::elastic ? input.getLimit(0) : input.buffer;
    for (auto [output, edge] : llvm::enumerate(actor.outputs))
      outputOf[edge] = output;
    loadRequirements(actor, state);
    state.offering = isOffering(actor, state, 0);
    for (unsigned domain : {operandDomain[index], resultDomain[index]})
      domains[domain].awake.insert(index);
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
    return state.sample < options.sourceSamples && (options.sourcePeriod == 0 || sourceTime(actor, state) <= cycle);
  case Flow::sink:
    return false;
  default:
    if (actor.isStore())
      return hasRequired(state);
    return runsFree(actor) ? state.arrived > 0 : state.offered;
  }
}

/// Counts the cycles of its clock before tick `cycle` that the actor slept through.
void Simulator::catchUp(ActorState &state, const Actor &actor, int64_t cycle) {
  int64_t slept = llvm::divideCeilSigned(cycle - state.updated, actor.ticks);
  if (slept <= 0 || actor.uncertainCycles)
    return;
  state.updated += slept * actor.ticks;
  if (state.moves)
    state.moved += slept;
  if (state.working)
    state.work += slept;
  for (auto [output, edge] : llvm::enumerate(actor.outputs))
    refusals[edge] += state.refused[output] * slept;
}

/// The outputs that do not carry the beat which leaves next need not take it.
void Simulator::expectNext(const Actor &actor, ActorState &state) {
  for (auto [output, edge] : llvm::enumerate(actor.outputs))
    state.taken[output] = !graph.getEdges()[edge].carries(state.leaving);
}

/// Which outputs take the beat that is offered.
void Simulator::resolveOutputs(unsigned index) {
  const Actor &actor = graph.getActors()[index];
  ActorState &state = states[index];
  state.done = state.offering;
  for (auto [output, edge] : llvm::enumerate(actor.outputs)) {
    bool offered = state.offering && !state.taken[output];
    entered[edge] = offered && (depths[edge] ? onEdge[edge] < depths[edge] : static_cast<bool>(accepted[edge]));
    state.refused[output] = offered && !entered[edge] && actor.flow != Flow::source;
    state.done &= !offered || entered[edge];
  }
}

/// What passes in this cycle; everything behind the actor has been resolved.
void Simulator::resolve(unsigned index) {
  const Actor &actor = graph.getActors()[index];
  ActorState &state = states[index];
  catchUp(state, actor, now);
  if (isResultSide(index))
    resolveOutputs(index);
  if (!isOperandSide(index))
    return;
  bool store = actor.isStore();
  state.moves = runsFree(actor) || !state.offering || state.done;
  state.working = !store && actor.flow != Flow::source && actor.flow != Flow::sink && state.moves &&
                  hasRequired(state) && mayBegin(actor, state);
  state.completing = state.working && state.work + 1 == actor.beatCycles;

  auto isReady = [&](const InputState &in) {
    switch (actor.flow) {
    case Flow::direct: {
      bool leaves = store ? state.done : state.completing;
      return (store || state.moves) && !(leaves ? hasRequiredNext(actor, state) : hasRequired(state));
    }
    case Flow::credit:
      return in.received < in.limit;
    case Flow::elastic:
      if (actor.uncertainCycles)
        return in.received < in.limit;
      // A serializer takes the next beat when the last cycle of the present one has come.
      return in.received < in.limit && (store || in.received == state.beat + (state.completing ? 1 : 0));
    default:
      return true;
    }
  };
  auto isTaken = [&](const ActorInput &input, const InputState &in) { return isReady(in) && isValid(input.edge); };
  bool together = actor.flow == Flow::direct || actor.flow == Flow::elastic;
  if (together && !llvm::all_of(llvm::zip(actor.inputs, state.inputs), [&](const auto &operand) {
        return isTaken(std::get<0>(operand), std::get<1>(operand));
      }))
    return;
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
    if (!together && !isTaken(input, in))
      continue;
    accepted[input.edge] = true;
    wake(graph.getEdges()[input.edge].producer);
  }
}

/// Which outputs have taken the beat that is offered; whether one took it in this cycle.
bool Simulator::stepOutputs(const Actor &actor, ActorState &state) {
  bool active = false;
  for (auto [output, edge] : llvm::enumerate(actor.outputs)) {
    state.taken[output] = state.taken[output] || entered[edge];
    active |= static_cast<bool>(entered[edge]);
  }
  if (state.done) {
    state.leaving = state.leaving + 1 == actor.beats ? 0 : state.leaving + 1;
    expectNext(actor, state);
  }
  return active;
}

/// Steps the registers of an actor; whether anything but a counter of cycles changed.
bool Simulator::step(const Actor &actor, ActorState &state) {
  bool active = false;
  // Room: follows the beat that is in work now.
  if (actor.flow == Flow::credit)
    for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
      int64_t released = input.getReleased(state.beat);
      in.freed = std::max(in.freed, std::min(released, in.received));
      active |= in.limit != in.freed + input.buffer;
      in.limit = in.freed + input.buffer;
    }
  active |= stepOutputs(actor, state);
  for (auto [input, in] : llvm::zip(actor.inputs, state.inputs)) {
    in.received += accepted[input.edge];
    active |= static_cast<bool>(accepted[input.edge]);
  }
  if (actor.flow == Flow::elastic) {
    if (state.done)
      state.returns.push_back(now + actor.getReturnTicks());
    while (!state.returns.empty() && state.returns.front() <= now + actor.ticks) {
      state.returns.pop_front();
      ++state.returned;
      active = true;
    }
    for (auto [input, in] : llvm::zip(actor.inputs, state.inputs))
      in.limit = input.getLimit(state.returned);
  }
  // Work, pipeline, output register.
  if (actor.flow == Flow::sink) {
    if (active)
      advance(actor, state);
  } else if (actor.flow == Flow::source || actor.isStore()) {
    if (state.done)
      advance(actor, state);
  } else {
    if (state.working)
      ++state.work;
    if (state.completing) {
      state.pipeline.push_back(state.moved + actor.getPipelineCycles());
      state.work = 0;
      advance(actor, state);
      active = true;
    }
    if (state.moves) {
      bool arrives = !state.pipeline.empty() && state.pipeline.front() == state.moved + 1;
      if (arrives)
        state.pipeline.pop_front();
      active |= arrives || state.done;
      if (runsFree(actor))
        state.arrived += static_cast<int64_t>(arrives) - static_cast<int64_t>(state.done);
      else
        state.offered = arrives;
      ++state.moved;
    }
  }
  for (auto [output, edge] : llvm::enumerate(actor.outputs))
    refusals[edge] += state.refused[output];
  state.updated = now + actor.ticks;
  bool offering = isOffering(actor, state, now + actor.ticks);
  active |= offering != state.offering; // a source whose time has come
  state.offering = offering;
  return active;
}

/// Steps the side of a clock crossing that belongs to this cycle.
bool Simulator::stepCrossing(unsigned index) {
  const Actor &actor = graph.getActors()[index];
  ActorState &state = states[index];
  bool active = false;
  if (isResultSide(index)) {
    active |= stepOutputs(actor, state);
    if (state.done) {
      // Seen after the next edge of the other clock.
      int64_t seen = (now / actor.ticks + actor.returnCycles) * actor.ticks;
      state.returns.push_back(seen);
      timers.push({seen - actor.ticks, operandDomain[index], index});
      --state.arrived;
      advance(actor, state);
    }
    for (; !state.crossing.empty() && state.crossing.front() <= now + actor.resultTicks; state.crossing.pop_front())
      ++state.arrived;
    active |= state.offering != (state.arrived > 0);
    state.offering = state.arrived > 0;
  }
  if (isOperandSide(index)) {
    InputState &in = state.inputs.front();
    if (accepted[actor.inputs.front().edge]) {
      ++in.received;
      int64_t seen = (now / actor.resultTicks + actor.latency) * actor.resultTicks;
      state.crossing.push_back(seen);
      timers.push({seen - actor.resultTicks, resultDomain[index], index});
      active = true;
    }
    for (; !state.returns.empty() && state.returns.front() <= now + actor.ticks; state.returns.pop_front()) {
      ++in.limit;
      active = true;
    }
  }
  return active;
}

/// Beats enter and leave the edges of the actors that were looked at.
void Simulator::moveEdges(ArrayRef<unsigned> visited) {
  for (unsigned index : visited)
    for (unsigned edge : graph.getActors()[index].outputs) {
      if (isResultSide(index) && entered[edge] && depths[edge])
        ++onEdge[edge];
    }
  for (unsigned index : visited)
    for (const ActorInput &input : graph.getActors()[index].inputs)
      if (isOperandSide(index) && accepted[input.edge] && depths[input.edge]) {
        --onEdge[input.edge];
        wakeNext(graph.getEdges()[input.edge].producer); // its FIFO has room
      }
}

/// The first tick at which something but a counter changes by itself; negative when there is none.
int64_t Simulator::nextEvent(const Actor &actor, const ActorState &state) const {
  int64_t first = -1;
  auto consider = [&](int64_t cycle) { first = first < 0 ? cycle : std::min(first, cycle); };
  if (actor.flow == Flow::source && options.sourcePeriod && !state.offering && state.sample < options.sourceSamples)
    consider(llvm::alignTo(sourceTime(actor, state), actor.ticks));
  if (!state.returns.empty())
    consider(state.returns.front() - actor.ticks);
  if (state.moves && state.working)
    consider(state.updated + (actor.beatCycles - 1 - state.work) * actor.ticks);
  if (state.moves && !state.pipeline.empty())
    consider(state.updated + (state.pipeline.front() - 1 - state.moved) * actor.ticks);
  return first;
}

void Simulator::sleepOrWake(unsigned index, bool active) {
  const Actor &actor = graph.getActors()[index];
  if (active) {
    wakeNext(index);
    if (isResultSide(index))
      for (unsigned edge : actor.outputs)
        wakeNext(graph.getEdges()[edge].consumer);
    return;
  }
  if (actor.uncertainCycles)
    return; // what crosses has set timers
  int64_t event = nextEvent(actor, states[index]);
  if (event > now)
    timers.push({event, current, index});
}

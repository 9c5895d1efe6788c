//===- TokenSimulation.cpp - Runs a dataflow graph beat by beat -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/TokenSimulation.h"

#include "xplat/Analysis/TokenSimulator.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::detail;

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
      if (actor.flow == Flow::credit)
        key.push_back(in.freed - sample * input.beats);
      if (actor.flow == Flow::credit || actor.flow == Flow::elastic)
        key.push_back(in.limit - sample * input.beats);
    }
    key.push_back(state.pipeline.size());
    for (int64_t time : state.pipeline)
      key.push_back(time - state.moved);
    key.push_back(state.crossing.size());
    for (int64_t time : state.crossing)
      key.push_back(time - now);
    key.push_back(state.returns.size());
    for (int64_t time : state.returns)
      key.push_back(time - now);
    // A source that is late offers at once, however late it is. Where it gets later and later, the period that this
    // finds is above `sourcePeriod`.
    if (actor.flow == Flow::source && options.sourcePeriod)
      key.push_back(std::max<int64_t>(sourceTime(actor, state) - now, -1));
  }
  key.insert(key.end(), onEdge.begin(), onEdge.end());
  for (const Domain &domain : domains)
    key.push_back(now % domain.ticks);
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
  result.slack = domains.size() > 1 ? domains.back().ticks : 0;
  bool even = std::abs(now - lastSample - result.evenCycles) <= result.slack;
  result.evenSamples = even ? result.evenSamples + 1 : 1;
  result.evenCycles = now - lastSample;
  result.evenSum = even ? result.evenSum + result.evenCycles : result.evenCycles;
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
  unsigned at =
      llvm::find_if(graph.getActors(), [](const Actor &a) { return a.flow == Flow::sink; }) - graph.getActors().begin();
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

/// One cycle of a clock; whether a sample has left. `visited`: room for the actors that are looked at.
bool Simulator::runCycle(unsigned index, SmallVectorImpl<unsigned> &visited) {
  Domain &domain = domains[index];
  current = index;
  visited.clear();
  domain.awake.drain([&](unsigned actor) {
    visited.push_back(actor);
    resolve(actor);
  });
  moveEdges(visited);
  work += visited.size();
  bool sampleLeft = false;
  for (unsigned number : visited) {
    const Actor &actor = graph.getActors()[number];
    bool active = actor.uncertainCycles ? stepCrossing(number) : step(actor, states[number]);
    sampleLeft |= active && actor.flow == Flow::sink && states[number].beatInSample == 0;
    sleepOrWake(number, active);
  }
  for (unsigned number : visited)
    for (const ActorInput &input : graph.getActors()[number].inputs)
      if (isOperandSide(number)) {
        if (accepted[input.edge] && options.taken)
          (*options.taken)[input.edge].push_back(now);
        accepted[input.edge] = false;
      }
  std::swap(domain.awake, domain.awakeNext);
  domain.next = now + domain.ticks;
  return sampleLeft;
}

SimulationResult Simulator::run() {
  SimulationResult result;
  bool hasSink = llvm::any_of(graph.getActors(), [](const Actor &actor) { return actor.flow == Flow::sink; });
  SmallVector<unsigned> visited;
  while (hasSink && samplesDone < options.maxSamples && now < options.maxCycles) {
    if (work >= options.maxWork) {
      result.gaveUp = true;
      break;
    }
    int64_t next = timers.empty() ? std::numeric_limits<int64_t>::max() : std::max(now, timers.top().time);
    for (const Domain &domain : domains)
      if (!domain.awake.isEmpty())
        next = std::min(next, domain.next);
    if (next == std::numeric_limits<int64_t>::max()) {
      result.deadlock = findBlockedCycle();
      break;
    }
    now = next;
    for (; !timers.empty() && timers.top().time <= now; timers.pop()) {
      const Timer &timer = timers.top();
      const Actor &actor = graph.getActors()[timer.actor];
      domains[timer.domain].awake.insert(timer.actor);
      if (actor.flow != Flow::source)
        continue;
      states[timer.actor].offering = isOffering(actor, states[timer.actor], now);
      for (unsigned edge : actor.outputs)
        domains[timer.domain].awake.insert(graph.getEdges()[edge].consumer);
    }
    bool sampleLeft = false;
    for (unsigned domain = 0; domain < domains.size(); ++domain)
      if (now % domains[domain].ticks == 0)
        sampleLeft |= runCycle(domain, visited);
    ++now;
    if (sampleLeft) {
      for (auto [actor, state] : llvm::zip(graph.getActors(), states))
        catchUp(state, actor, now);
      if (recordSample(result))
        break;
    }
  }
  result.work = work;
  result.cycles = now;
  auto most = llvm::max_element(refusals);
  if (most != refusals.end() && *most > 0)
    result.mostBlocked = most - refusals.begin();
  return result;
}

SimulationResult xplat::simulate(const DataflowGraph &graph, const SimulationOptions &options) {
  return Simulator(graph, options).run();
}

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
    key.push_back(state.returns.size());
    for (int64_t time : state.returns)
      key.push_back(time - now);
    // A source that is late offers at once, however late it is. Where it gets later and later, the period that this
    // finds is above `sourcePeriod`.
    if (actor.flow == Flow::source && options.sourcePeriod)
      key.push_back(std::max<int64_t>(sourceTime(actor, state) - now, -1));
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

SimulationResult Simulator::run() {
  SimulationResult result;
  bool hasSink = llvm::any_of(graph.getActors(), [](const Actor &actor) { return actor.flow == Flow::sink; });
  SmallVector<unsigned> visited;
  while (hasSink && samplesDone < options.maxSamples && now < options.maxCycles) {
    if (work >= options.maxWork) {
      result.gaveUp = true;
      break;
    }
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
    work += visited.size();
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

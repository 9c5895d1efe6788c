//===- TokenSimulator.h - The state of a token simulation -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Internal to TokenSimulation.h. One cycle: what is offered (`valid`) follows
// from registers alone; what is taken (`ready`) is found from the sinks
// backwards; then all registers step.
//
// Only actors to which something may happen are looked at. An actor sleeps when
// a cycle changed nothing but its counters of cycles; it wakes at its own next
// event, when a neighbour's registers changed, and when its reader takes a beat.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_TOKENSIMULATOR_H
#define XPLAT_ANALYSIS_TOKENSIMULATOR_H

#include "xplat/Analysis/TokenSimulation.h"

#include "llvm/ADT/bit.h"

#include <deque>
#include <map>
#include <queue>

namespace xplat::detail {
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
  /// Result beats that have left the pipeline and wait to be taken (elastic, credit-based).
  int64_t arrived = 0;
  /// A result beat lies in the output register.
  bool offered = false;
  /// Number in its sample of the result beat that is offered now or next.
  int64_t leaving = 0;
  /// Outputs that have taken the beat which others have not, or do not carry it; outputs that refuse it.
  llvm::SmallVector<bool, 2> taken, refused;
  /// Result beats whose room is known to be free, and when that of others becomes known (elastic).
  int64_t returned = 0;
  std::deque<int64_t> returns;
  /// When beats on their way to another clock may be taken.
  std::deque<int64_t> crossing;
  llvm::SmallVector<InputState, 2> inputs;

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
  llvm::SmallVector<uint64_t> words;
};

/// The actors of one clock. A clock crossing is in two: with its operand in one, with its result in the other.
struct Domain {
  int64_t ticks;
  WakeSet awake, awakeNext;
  /// Its next cycle.
  int64_t next = 0;
};

class Simulator {
public:
  Simulator(const DataflowGraph &graph, const SimulationOptions &options);
  SimulationResult run();

private:
  /// Whether the pipeline moves whatever happens to the results.
  static bool runsFree(const Actor &actor) { return actor.flow == Flow::elastic || actor.flow == Flow::credit; }
  /// Whether the work on the present result may begin: it will find a place when it is done.
  static bool mayBegin(const Actor &actor, const ActorState &state) {
    return actor.flow != Flow::credit || state.work > 0 ||
           static_cast<int64_t>(state.pipeline.size()) + state.arrived < actor.getResultPlaces();
  }
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

  /// Whether the cycle that is simulated is one of the actor's operands, or of its results.
  bool isOperandSide(unsigned actor) const { return operandDomain[actor] == current; }
  bool isResultSide(unsigned actor) const { return resultDomain[actor] == current; }
  void wake(unsigned actor) { domains[current].awake.insert(actor); }
  void wakeNext(unsigned actor) { domains[current].awakeNext.insert(actor); }

  bool runCycle(unsigned domain, llvm::SmallVectorImpl<unsigned> &visited);
  void catchUp(ActorState &state, const Actor &actor, int64_t cycle);
  void resolve(unsigned index);
  void resolveOutputs(unsigned index);
  bool step(const Actor &actor, ActorState &state);
  bool stepOutputs(const Actor &actor, ActorState &state);
  void expectNext(const Actor &actor, ActorState &state);
  bool stepCrossing(unsigned index);
  void moveEdges(llvm::ArrayRef<unsigned> visited);
  void sleepOrWake(unsigned index, bool active);
  int64_t nextEvent(const Actor &actor, const ActorState &state) const;
  std::vector<int64_t> snapshot(int64_t sample) const;
  bool recordSample(SimulationResult &result);
  llvm::SmallVector<unsigned> findBlockedCycle() const;

  const DataflowGraph &graph;
  const SimulationOptions &options;
  std::vector<ActorState> states;
  /// Beats on the edge, in its FIFO or waiting; the FIFO's depth; cycles in which the producer's beat was refused.
  std::vector<int64_t> onEdge, depths, refusals;
  /// Which of its producer's outputs an edge is.
  std::vector<unsigned> outputOf;
  /// Of the present cycle: the consumer takes a beat; the producer's beat enters the edge.
  std::vector<char> accepted, entered;
  std::vector<Domain> domains;
  /// Of each actor, those of its operands and of its results; the one whose cycle is simulated.
  std::vector<unsigned> operandDomain, resultDomain;
  unsigned current = 0;
  struct Timer {
    int64_t time;
    unsigned domain, actor;
    bool operator>(const Timer &other) const {
      return std::tie(time, domain, actor) > std::tie(other.time, other.domain, other.actor);
    }
  };
  std::priority_queue<Timer, std::vector<Timer>, std::greater<Timer>> timers;
  int64_t now = 0, work = 0;
  /// State after a sample has left everywhere: when, and which.
  std::map<std::vector<int64_t>, std::pair<int64_t, int64_t>> seen;
  int64_t samplesDone = 0, lastSample = 0;
};

} // namespace xplat::detail

#endif // XPLAT_ANALYSIS_TOKENSIMULATOR_H

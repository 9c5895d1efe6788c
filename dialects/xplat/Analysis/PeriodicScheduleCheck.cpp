//===- PeriodicScheduleCheck.cpp - Whether a schedule can be kept ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// States the constraints of docs/Model.md beat by beat. Shares no code with the
// search of the schedule.
//
//===----------------------------------------------------------------------===//
#include "xplat/Analysis/PeriodicSchedule.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace xplat;

namespace {
class ScheduleChecker {
public:
  ScheduleChecker(const DataflowGraph &graph, const PeriodicSchedule &schedule) : graph(graph), schedule(schedule) {}

  llvm::Error check() {
    for (auto [index, edge] : llvm::enumerate(graph.getEdges()))
      checkEdge(edge, getCarried(edge), schedule.taken[index], schedule.depths[index]);
    for (auto [index, actor] : llvm::enumerate(graph.getActors())) {
      if (actor.flow == Flow::source)
        checkSource(actor, schedule.offered[index]);
      else if (actor.flow != Flow::sink)
        checkActor(actor, schedule.offered[index]);
    }
    if (fault.empty())
      return llvm::Error::success();
    return llvm::createStringError(fault);
  }

private:
  using Times = std::vector<int64_t>;

  /// When the beats are offered that an edge carries.
  Times getCarried(const Edge &edge) const {
    Times times;
    for (auto [beat, time] : llvm::enumerate(schedule.offered[edge.producer]))
      if (edge.carries(beat))
        times.push_back(time);
    return times;
  }

  /// The time of a beat of any sample.
  int64_t at(const Times &times, int64_t beat) const {
    int64_t count = static_cast<int64_t>(times.size());
    int64_t inSample = (beat % count + count) % count;
    return times[inSample] + (beat - inSample) / count * schedule.period;
  }

  void require(bool holds, StringRef constraint, StringRef name, int64_t beat) {
    if (!holds && fault.empty())
      fault = llvm::formatv("{0}: '{1}', beat {2}", constraint, name, beat).str();
  }

  void checkEdge(const Edge &edge, const Times &offered, const Times &taken, int64_t depth) {
    bool fromSource = graph.getActors()[edge.producer].flow == Flow::source;
    int64_t cycle = graph.getActors()[edge.producer].resultTicks;
    require(cycle == graph.getActors()[edge.consumer].ticks, "changes clock", edge.name, 0);
    require(depth > 0 || !graph.needsCut(edge), "joins two paths of 'ready'", edge.name, 0);
    for (int64_t beat = 0; beat < edge.beats; ++beat) {
      int64_t time = at(taken, beat);
      require(time >= at(taken, beat - 1) + cycle, "takes two beats in a cycle", edge.name, beat);
      if (depth == 0) {
        require(fromSource ? time >= at(offered, beat) : time == at(offered, beat),
                "does not take a beat when it is offered", edge.name, beat);
        continue;
      }
      require(time >= at(offered, beat) + cycle, "takes a beat that is not in the FIFO yet", edge.name, beat);
      // A place is free in the cycle after its beat has been taken.
      require(at(taken, beat - depth) + cycle <= at(offered, beat), "offers a beat to a full FIFO", edge.name, beat);
    }
  }

  void checkSource(const Actor &actor, const Times &offered) {
    for (int64_t beat = 0; beat < actor.beats; ++beat)
      require(at(offered, beat) >= at(offered, beat - 1), "offers beats out of order", actor.name, beat);
    require(at(offered, actor.beats) == offered.front() + schedule.period, "does not repeat", actor.name, 0);
  }

  void checkActor(const Actor &actor, const Times &offered) {
    bool isStore = actor.beatCycles == 1 && actor.latency <= 1;
    // From the first cycle of work to the cycle in which the result is offered.
    int64_t cycle = actor.ticks, work = actor.beatCycles * cycle;
    int64_t delay = isStore ? 0 : (std::max(actor.latency, actor.beatCycles + 1) - 1) * cycle;
    if (actor.uncertainCycles) { // results wait until their clock has a cycle for them
      work = actor.resultTicks;
      delay = (actor.latency + *actor.uncertainCycles) * actor.resultTicks;
    }
    auto start = [&](int64_t beat) { return at(offered, beat) - delay; };
    for (int64_t beat = 0; beat < actor.beats; ++beat) {
      require(start(beat) >= start(beat - 1) + work, "begins a result before the one before it is done", actor.name,
              beat);
      if (actor.flow == Flow::credit)
        require(start(beat) >= at(offered, beat - actor.getResultPlaces()) + cycle,
                "begins a result without a place for it", actor.name, beat);
      for (const ActorInput &input : actor.inputs)
        require(start(beat) >= at(schedule.taken[input.edge], input.required[beat] - 1) + cycle,
                "begins a result before its operands are there", actor.name, beat);
    }
    for (const ActorInput &input : actor.inputs)
      checkInput(actor, input, schedule.taken[input.edge], start, delay);
  }

  void checkTogether(const Actor &actor, int64_t beat, int64_t time) {
    for (const ActorInput &other : actor.inputs)
      require(at(schedule.taken[other.edge], beat) == time, "does not take its operands together", actor.name, beat);
  }

  template <typename StartT>
  void checkInput(const Actor &actor, const ActorInput &input, const Times &taken, StartT start, int64_t delay) {
    int64_t cycle = actor.ticks;
    // The result beat in work when an operand beat may be taken: beats go up, and so does it.
    int64_t turn = -actor.beats * (input.buffer / input.beats + 2);
    auto released = [&](int64_t beat) {
      int64_t inSample = (beat % actor.beats + actor.beats) % actor.beats;
      return (beat - inSample) / actor.beats * input.beats + input.released[inSample];
    };
    auto isComplete = [&](int64_t beat, int64_t received) {
      int64_t inSample = (beat % actor.beats + actor.beats) % actor.beats;
      return (beat - inSample) / actor.beats * input.beats + input.required[inSample] <= received;
    };
    for (int64_t beat = 0; beat < input.beats; ++beat) {
      int64_t time = at(taken, beat);
      switch (actor.flow) {
      case Flow::direct:
        // No complete result may be left behind.
        while (isComplete(turn + 1, beat))
          ++turn;
        require(time >= start(turn), "takes a beat while a complete result remains", actor.name, beat);
        checkTogether(actor, beat, time);
        break;
      case Flow::elastic:
        require(delay == 0 || actor.uncertainCycles || time >= start(beat - 1) + (actor.beatCycles - 1) * cycle,
                "takes a beat before the one before it is done", actor.name, beat);
        checkTogether(actor, beat, time);
        // Room for the result beat that leaves next, and for `buffer - 1` operand beats beyond it.
        while (released(turn + 1) + input.buffer - 1 <= beat)
          ++turn;
        require(time >= start(turn - 1) + delay +
                            (actor.uncertainCycles
                                 ? actor.resultTicks + (actor.returnCycles + *actor.uncertainCycles) * cycle
                                 : actor.returnCycles * cycle),
                "takes a beat without a credit", actor.name, beat);
        break;
      default:
        while (released(turn) + input.buffer <= beat)
          ++turn;
        // A release is seen two cycles after the last cycle of work on the result before.
        require(time >= start(turn - 1) + (actor.beatCycles + 1) * cycle,
                "takes a beat for which the buffer has no room", actor.name, beat);
        break;
      }
    }
  }

  const DataflowGraph &graph;
  const PeriodicSchedule &schedule;
  std::string fault;
};
} // namespace

llvm::Error xplat::verifyPeriodicSchedule(const DataflowGraph &graph, const PeriodicSchedule &schedule) {
  return ScheduleChecker(graph, schedule).check();
}

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
      checkEdge(edge, getCarried(edge), getTimes(schedule.taken[index]), schedule.depths[index]);
    for (auto [index, actor] : llvm::enumerate(graph.getActors())) {
      if (actor.flow == Flow::source)
        checkSource(actor, getTimes(schedule.offered[index]));
      else if (actor.flow != Flow::sink)
        checkActor(actor, getTimes(schedule.offered[index]));
    }
    if (fault.empty())
      return llvm::Error::success();
    return llvm::createStringError(fault);
  }

private:
  /// A table over one sample, whose values rise by `perSample` from one sample to the next.
  template <typename ValueT> struct Table {
    const ValueT *values;
    int64_t count, perSample;

    int64_t operator[](int64_t beat) const {
      if (LLVM_LIKELY(0 <= beat && beat < count))
        return values[beat];
      int64_t inSample = (beat % count + count) % count;
      return values[inSample] + (beat - inSample) / count * perSample;
    }
  };
  using Times = Table<int64_t>;
  Table<int32_t> getTable(const BeatTable &values, int64_t perSample) const {
    return {values.data(), static_cast<int64_t>(values.size()), perSample};
  }
  Times getTimes(ArrayRef<int64_t> values) const {
    return {values.data(), static_cast<int64_t>(values.size()), schedule.period};
  }
  /// When the beats are offered that an edge carries.
  Times getCarried(const Edge &edge) const {
    return getTimes(ArrayRef<int64_t>(schedule.offered[edge.producer]).slice(edge.first, edge.beats));
  }
  Times getTaken(const ActorInput &input) const { return getTimes(schedule.taken[input.edge]); }

  void require(bool holds, StringRef constraint, StringRef name, int64_t beat) {
    if (LLVM_UNLIKELY(!holds))
      report(constraint, name, beat);
  }
  LLVM_ATTRIBUTE_NOINLINE void report(StringRef constraint, StringRef name, int64_t beat) {
    if (fault.empty())
      fault = llvm::formatv("{0}: '{1}', beat {2}", constraint, name, beat).str();
  }

  void checkEdge(const Edge &edge, Times offered, Times taken, int64_t depth) {
    bool fromSource = graph.getActors()[edge.producer].flow == Flow::source;
    int64_t cycle = graph.getActors()[edge.producer].resultTicks;
    require(cycle == graph.getActors()[edge.consumer].ticks, "changes clock", edge.name, 0);
    require(depth > 0 || !graph.needsCut(edge), "joins two paths of 'ready'", edge.name, 0);
    for (int64_t beat = 0; beat < edge.beats; ++beat) {
      int64_t time = taken[beat];
      require(time >= taken[beat - 1] + cycle, "takes two beats in a cycle", edge.name, beat);
      if (depth == 0) {
        require(fromSource ? time >= offered[beat] : time == offered[beat], "does not take a beat when it is offered",
                edge.name, beat);
        continue;
      }
      require(time >= offered[beat] + cycle, "takes a beat that is not in the FIFO yet", edge.name, beat);
      // A place is free in the cycle after its beat has been taken.
      require(taken[beat - depth] + cycle <= offered[beat], "offers a beat to a full FIFO", edge.name, beat);
    }
  }

  void checkSource(const Actor &actor, Times offered) {
    for (int64_t beat = 0; beat < actor.beats; ++beat)
      require(offered[beat] >= offered[beat - 1], "offers beats out of order", actor.name, beat);
    require(offered[actor.beats] == offered[0] + schedule.period, "does not repeat", actor.name, 0);
  }

  void checkActor(const Actor &actor, Times offered) {
    bool isStore = actor.beatCycles == 1 && actor.latency <= 1;
    // From the first cycle of work to the cycle in which the result is offered.
    int64_t cycle = actor.ticks, work = actor.beatCycles * cycle;
    int64_t delay = isStore ? 0 : (std::max(actor.latency, actor.beatCycles + 1) - 1) * cycle;
    if (actor.uncertainCycles) { // results wait until their clock has a cycle for them
      work = actor.resultTicks;
      delay = (actor.latency + *actor.uncertainCycles) * actor.resultTicks;
    }
    auto start = [&](int64_t beat) { return offered[beat] - delay; };
    SmallVector<Times> taken;
    for (const ActorInput &input : actor.inputs)
      taken.push_back(getTaken(input));
    for (int64_t beat = 0; beat < actor.beats; ++beat) {
      require(start(beat) >= start(beat - 1) + work, "begins a result before the one before it is done", actor.name,
              beat);
      if (actor.flow == Flow::credit)
        require(start(beat) >= offered[beat - actor.getResultPlaces()] + cycle,
                "begins a result without a place for it", actor.name, beat);
      for (auto [times, input] : llvm::zip(taken, actor.inputs))
        require(start(beat) >= times[input.required[beat] - 1] + cycle, "begins a result before its operands are there",
                actor.name, beat);
    }
    for (auto [times, input] : llvm::zip(taken, actor.inputs))
      checkInput(actor, input, times, taken, start, delay);
  }

  void checkTogether(const Actor &actor, ArrayRef<Times> taken, int64_t beat, int64_t time) {
    for (const Times &other : taken)
      require(other[beat] == time, "does not take its operands together", actor.name, beat);
  }

  template <typename StartT>
  void checkInput(const Actor &actor, const ActorInput &input, Times taken, ArrayRef<Times> all, StartT start,
                  int64_t delay) {
    int64_t cycle = actor.ticks;
    Table<int32_t> released = getTable(input.released, input.beats), required = getTable(input.required, input.beats);
    // The result beat in work when an operand beat may be taken: beats go up, and so does it.
    auto isOver = [&](int64_t turn, int64_t beat) {
      switch (actor.flow) {
      case Flow::direct: // the next one is complete
        return required[turn + 1] <= beat;
      case Flow::elastic: // room for the result beat that leaves next, and for `buffer - 1` operand beats beyond it
        return released[turn + 1] + input.buffer - 1 <= beat;
      default:
        return released[turn] + input.buffer <= beat;
      }
    };
    int64_t turn = 0;
    while (!isOver(turn - 1, 0))
      --turn;
    for (int64_t beat = 0; beat < input.beats; ++beat) {
      int64_t time = taken[beat];
      while (isOver(turn, beat))
        ++turn;
      switch (actor.flow) {
      case Flow::direct:
        // No complete result may be left behind.
        require(time >= start(turn), "takes a beat while a complete result remains", actor.name, beat);
        checkTogether(actor, all, beat, time);
        break;
      case Flow::elastic:
        require(delay == 0 || actor.uncertainCycles || time >= start(beat - 1) + (actor.beatCycles - 1) * cycle,
                "takes a beat before the one before it is done", actor.name, beat);
        checkTogether(actor, all, beat, time);
        require(time >= start(turn - 1) + delay +
                            (actor.uncertainCycles
                                 ? actor.resultTicks + (actor.returnCycles + *actor.uncertainCycles) * cycle
                                 : actor.returnCycles * cycle),
                "takes a beat without a credit", actor.name, beat);
        break;
      default:
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

//===- PeriodicSchedule.cpp - FIFO depths from a schedule -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/PeriodicSchedule.h"

using namespace mlir;
using namespace xplat;

namespace {
/// Samples after which an actor that is not periodic yet cannot keep the period.
constexpr int maxSamples = 64;
/// Before everything else.
constexpr int64_t never = std::numeric_limits<int64_t>::min() / 4;

/// Times of the beats of the present sample, and of those before it.
class SampleTimes {
public:
  SampleTimes(int64_t beats, int64_t period) : period(period), current(beats), previous(beats), now(current.data()) {}
  SampleTimes(SampleTimes &&) = default; // a copy would write to the times of the other

  /// The time of a beat, counted from the present sample on; negative for earlier samples.
  int64_t at(int64_t beat) const {
    if (LLVM_LIKELY(beat >= 0))
      return now[beat];
    if (isFirst)
      return never;
    int64_t count = static_cast<int64_t>(current.size());
    int64_t samples = (-beat - 1) / count;
    return previous[beat + (samples + 1) * count] - (samples + 1) * period;
  }
  void set(int64_t beat, int64_t time) {
    now[beat] = time;
    if (isFirst || time != previous[beat])
      numDifferent = beat + 1;
  }
  /// The present sample becomes the previous one. Whether both were the same, so that all that follow are.
  bool nextSample() {
    std::swap(current, previous);
    now = current.data();
    isFirst = false;
    return std::exchange(numDifferent, 0) == 0;
  }
  /// Whether beats from `beat` on have been the same as in the previous sample, up to the last one that was set.
  bool isSameFrom(int64_t beat) const { return beat >= numDifferent; }
  /// Ends a sample whose other beats are as in the previous one. Whether beat `beat` of the next sample, a negative
  /// one, and those after it were the same in both.
  bool endSample(int64_t beat) {
    bool isSame = numDifferent == 0 || isSameFrom(static_cast<int64_t>(current.size()) + beat);
    std::copy_n(current.begin(), numDifferent, previous.begin());
    numDifferent = 0;
    return isSame;
  }
  /// Times of the sample that ended last.
  BeatTimes take() { return std::move(previous); }

private:
  int64_t period;
  BeatTimes current, previous;
  /// The present sample's.
  int64_t *now;
  /// There is no previous sample.
  bool isFirst = true;
  /// Beats up to the last one of the present sample that differs from the previous sample.
  int64_t numDifferent = 0;
};

/// When the beats of an operand come.
struct Arrivals {
  ArrayRef<int64_t> times;
  /// What the FIFO adds to each, if there is one.
  int64_t delay = 0;
  /// Whether there is one, or the producer can wait itself.
  bool mayWait = false;

  int64_t operator[](int64_t beat) const { return times[beat] + delay; }
};

/// Times of one actor whose operand beats arrive periodically.
class ActorScheduler {
public:
  ActorScheduler(const Actor &actor, int64_t period, ArrayRef<Arrivals> arrivals)
      : actor(actor), arrivals(arrivals), cycle(actor.ticks), returnTicks(actor.getReturnTicks()),
        isSerializer(actor.flow == Flow::elastic && !actor.isStore()), starts(actor.beats, period),
        offers(actor.beats, period), waits(actor.inputs.size(), false),
        numUndecided(llvm::count_if(arrivals, [](const Arrivals &operand) { return !operand.mayWait; })) {
    for (const ActorInput &input : actor.inputs)
      takes.emplace_back(input.beats, period);
  }

  /// Simulates sample after sample until they repeat; fails when they do not, or when the kernel's buffer is too
  /// small for a result. Ends before when every operand that may not wait does.
  LogicalResult run() {
    if ((actor.flow == Flow::direct || actor.flow == Flow::elastic) &&
        !llvm::all_equal(llvm::map_range(actor.inputs, [](const ActorInput &input) { return input.beats; })))
      return failure(); // they are never taken together
    for (int sample = 0; sample < maxSamples; ++sample) {
      if (failed(runSample()))
        return failure();
      if (isRepeating || allWait)
        return success();
      if (hasEnded)
        continue;
      bool repeats = starts.nextSample();
      repeats &= offers.nextSample();
      for (SampleTimes &times : takes)
        repeats &= times.nextSample();
      if (repeats)
        return success();
    }
    return failure();
  }

  /// Whether beats wait of an operand that may not wait.
  bool isWaiting(unsigned input) const { return waits[input]; }
  BeatTimes getTaken(unsigned input) { return takes[input].take(); }
  BeatTimes getOffered() { return offers.take(); }

private:
  LogicalResult runSample() {
    next.assign(actor.inputs.size(), 0);
    room.clear();
    for (const ActorInput &input : actor.inputs)
      room.push_back(actor.flow == Flow::direct ? 0 : firstRoom(input));
    firstRooms = room;
    hasEnded = false;
    for (int64_t beat = 0; beat < actor.beats; ++beat) {
      int64_t start = starts.at(beat - 1) + actor.beatCycles * cycle;
      for (auto [index, input] : llvm::enumerate(actor.inputs)) {
        if (next[index] < input.required[beat] && failed(takeUntil(index, input.required[beat], beat)))
          return failure();
        start = std::max(start, takes[index].at(input.required[beat] - 1) + cycle);
      }
      if (allWait)
        return success();
      if (actor.flow == Flow::credit)
        start = std::max(start, offers.at(beat - actor.getResultPlaces()) + cycle);
      starts.set(beat, start);
      offers.set(beat, std::max(start + actor.getOfferTicks(), offers.at(beat - 1) + actor.resultTicks));
      if (starts.isSameFrom(beat) && endsAsBefore(beat))
        return success();
    }
    for (auto [index, input] : llvm::enumerate(actor.inputs))
      if (failed(takeUntil(index, input.beats, actor.beats)))
        return failure();
    return success();
  }

  /// After a result beat: whether all beats that follow depend on beats alone that were the same in the sample before,
  /// so that they are the same, too. The sample has ended then. If the next one depends on such beats alone, it
  /// repeats.
  bool endsAsBefore(int64_t beat) {
    int64_t start = beat, offer = std::min(beat, beat + 1 - actor.getResultPlaces());
    int64_t firstStart = -1, firstOffer = std::min<int64_t>(-1, -actor.getResultPlaces());
    for (auto [index, input] : llvm::enumerate(actor.inputs)) {
      start = std::min({start, room[index] - 1, next[index] - 1});
      offer = std::min(offer, room[index] - 1);
      firstStart = std::min(firstStart, firstRooms[index] - 1);
      firstOffer = std::min(firstOffer, firstRooms[index] - 1);
      int64_t take = std::min<int64_t>(next[index] - getReach(input), input.required[beat] - 1);
      if (take < 0 || !takes[index].isSameFrom(take))
        return false;
    }
    if (start < 0 || offer < 0 || !starts.isSameFrom(start) || !offers.isSameFrom(offer))
      return false;
    isRepeating = starts.endSample(firstStart);
    isRepeating &= offers.endSample(firstOffer);
    for (auto [times, input] : llvm::zip(takes, actor.inputs))
      isRepeating &= times.endSample(-getReach(input));
    hasEnded = true;
    return true;
  }

  /// Takes operand beats up to `end`, with the work on results up to `beat` (exclusive) begun.
  LogicalResult takeUntil(unsigned index, int64_t end, int64_t beat) {
    const ActorInput &input = actor.inputs[index];
    const Arrivals &arrived = arrivals[index];
    SampleTimes &times = takes[index];
    int64_t time = times.at(next[index] - 1), turn = room[index];
    for (; next[index] < end; ++next[index]) {
      int64_t j = next[index];
      time += cycle;
      if (actor.flow != Flow::direct) {
        while (getLimit(input, turn) <= j)
          ++turn;
        room[index] = turn;
        if (turn > beat)
          return failure(); // the buffer cannot hold what the result needs
      }
      if (actor.flow == Flow::credit) {
        time = std::max(time, arrived[j]);
        time = std::max(time, times.at(j - input.buffer) + 2 * cycle);
        time = std::max(time, starts.at(turn - 1) + (actor.beatCycles + 1) * cycle);
      } else {
        // All operands are taken together.
        for (const Arrivals &operand : arrivals)
          time = std::max(time, operand[j]);
        if (actor.flow == Flow::direct)
          time = std::max(time, starts.at(beat - 1));
        else
          time = std::max(time, offers.at(turn - 1) + returnTicks);
        if (isSerializer)
          time = std::max(time, starts.at(j - 1) + (actor.beatCycles - 1) * cycle);
      }
      times.set(j, time);
      if (arrived.mayWait || waits[index] || time == arrived[j])
        continue;
      waits[index] = true;
      if (--numUndecided == 0) {
        allWait = true;
        return success();
      }
    }
    return success();
  }

  /// Operand beats, counted from the present sample on, that may have been taken when it is the turn of a result beat:
  /// when the work on it may begin, or when those before it have left (elastic).
  int64_t getLimit(const ActorInput &input, int64_t beat) const {
    return actor.flow == Flow::elastic ? input.getLimit(beat) : input.getReleased(beat) + input.buffer;
  }
  /// The first result beat whose turn makes room for operand beat 0.
  int64_t firstRoom(const ActorInput &input) const {
    int64_t samples = llvm::divideCeil(input.buffer, input.beats);
    int64_t low = -samples * actor.beats - 1, high = 0; // not enough at `low`, enough at `high`
    while (high - low > 1) {
      int64_t middle = low + (high - low) / 2;
      (getLimit(input, middle) > 0 ? high : low) = middle;
    }
    return high;
  }

  /// How many beats back, at most, an operand beat depends on others of its operand.
  static int64_t getReach(const ActorInput &input) { return std::max<int64_t>(input.buffer, 1); }

  const Actor &actor;
  ArrayRef<Arrivals> arrivals;
  /// Ticks of a cycle at the operands.
  int64_t cycle, returnTicks;
  bool isSerializer;
  SampleTimes starts, offers;
  std::vector<SampleTimes> takes;
  /// Of each operand: beats taken of the present sample, and the result beat whose turn made room for the last of them.
  SmallVector<int64_t> next, room, firstRooms;
  SmallVector<bool> waits;
  /// Operands that may not wait, and of which no beat has waited yet.
  int64_t numUndecided;
  /// Every operand waits that may not; the sample has ended, as all that follows repeats; the next one will be the
  /// same.
  bool allWait = false, hasEnded = false, isRepeating = false;
};

/// The most beats between being offered and being taken, both inclusive; `cycle`: ticks of a cycle.
int64_t countWaiting(ArrayRef<int64_t> offered, ArrayRef<int64_t> taken, int64_t period, int64_t cycle) {
  int64_t beats = offered.size(), most = 0, first = 0;
  auto takenAt = [&](int64_t beat) {
    int64_t sample = llvm::divideFloorSigned(beat, beats);
    return taken[beat - sample * beats] + sample * period;
  };
  // Start where nothing that is still waiting is left out.
  while (takenAt(first - 1) + cycle > offered[0])
    --first;
  for (int64_t beat = 0; beat < beats; ++beat) {
    while (takenAt(first) + cycle <= offered[beat])
      ++first;
    most = std::max(most, beat - first + 1);
  }
  return most;
}
} // namespace

/// When the beats of an edge are offered.
static ArrayRef<int64_t> getOffered(const PeriodicSchedule &schedule, const Edge &edge) {
  return ArrayRef<int64_t>(schedule.offered[edge.producer]).slice(edge.first, edge.beats);
}

FailureOr<PeriodicSchedule> xplat::findPeriodicSchedule(const DataflowGraph &graph, int64_t period, unsigned &slow) {
  PeriodicSchedule schedule;
  schedule.period = period;
  schedule.offered.resize(graph.getActors().size());
  schedule.taken.resize(graph.getEdges().size());
  schedule.depths.assign(graph.getEdges().size(), 0);
  for (auto [index, actor] : llvm::enumerate(graph.getActors())) {
    slow = index;
    if (actor.flow == Flow::source) {
      for (int64_t beat = 0; beat < actor.beats; ++beat)
        schedule.offered[index].push_back(beat * period / actor.beats);
      continue;
    }
    SmallVector<Arrivals> arrivals;
    auto insertFifo = [&](unsigned operand) {
      schedule.depths[actor.inputs[operand].edge] = 2;
      arrivals[operand].delay = actor.ticks;
      arrivals[operand].mayWait = true;
    };
    for (auto [operand, input] : llvm::enumerate(actor.inputs)) {
      const Edge &edge = graph.getEdges()[input.edge];
      bool fromSource = graph.getActors()[edge.producer].flow == Flow::source;
      arrivals.push_back({getOffered(schedule, edge), 0, fromSource});
      if (graph.needsCut(edge))
        insertFifo(operand);
    }
    if (actor.flow == Flow::sink) {
      const Arrivals &operand = arrivals.front();
      for (int64_t beat = 0; beat < actor.inputs.front().beats; ++beat)
        schedule.taken[actor.inputs.front().edge].push_back(operand[beat]);
      continue;
    }
    // A FIFO delays its beats by a cycle, so that other operands may have to wait: until no FIFO is new.
    for (bool isNew = true; isNew;) {
      ActorScheduler scheduler(actor, period, arrivals);
      if (failed(scheduler.run()))
        return failure();
      isNew = false;
      for (unsigned operand = 0; operand < actor.inputs.size(); ++operand)
        if (scheduler.isWaiting(operand)) {
          isNew = true;
          insertFifo(operand);
        }
      if (isNew)
        continue;
      for (auto [operand, input] : llvm::enumerate(actor.inputs))
        schedule.taken[input.edge] = scheduler.getTaken(operand);
      schedule.offered[index] = scheduler.getOffered();
    }
    for (const ActorInput &input : actor.inputs)
      if (schedule.depths[input.edge])
        schedule.depths[input.edge] =
            std::max<int64_t>(2, countWaiting(getOffered(schedule, graph.getEdges()[input.edge]),
                                              schedule.taken[input.edge], period, actor.ticks));
  }
  return FailureOr<PeriodicSchedule>(std::move(schedule));
}

//===- DataflowGraph.h - A bound function as dataflow actors ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A function of bound nodes as a graph of cyclo-static actors: which prefix of
// each operand stream a result beat needs, how long it takes, what the kernel
// can hold. `docs/Model.md` defines the model; `TokenSimulation.h` runs it.
//
// Invariants: actors stand in topological order (an edge leads from a lower
// index to a higher one); every edge has one producer and one consumer.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_ANALYSIS_DATAFLOWGRAPH_H
#define XPLAT_ANALYSIS_DATAFLOWGRAPH_H

#include "xplat/Analysis/Clocks.h"
#include "xplat/Analysis/CostSources.h"
#include "xplat/IR/Xplat.h"

#include "llvm/Support/MathExtras.h"

#include <optional>
#include <string>
#include <vector>

namespace xplat {

/// How beats pass an actor.
enum class Flow {
  /// Offers samples from outside the system.
  source,
  /// Takes every beat at once.
  sink,
  /// Combinational ready: no input memory, all operands are taken together when the
  /// pipeline moves and no complete result waits in it. Kernels of users alone.
  direct,
  /// Credit-based: input memory of `buffer` beats, then a pipeline that never stops.
  /// Work on a result begins only when the result will find a place in the result FIFO.
  credit,
  /// Beats move on by themselves, those of all operands together, and go into the result
  /// beat that leaves next; `buffer - 1` operand beats beyond that one have a place
  /// (FIFO, link, fork, width converter, element-wise).
  elastic
};

/// A number of operand beats for each result beat of a sample. There are fewer than 2^31 of them, and the tables of a
/// large network are what its analysis reads most.
using BeatTable = std::vector<int32_t>;
constexpr int64_t mostTabulatedBeats = std::numeric_limits<int32_t>::max();

/// An operand stream of an actor.
struct ActorInput {
  unsigned edge = 0;
  /// Beats per sample.
  int64_t beats = 0;
  /// Beats that the kernel holds.
  int64_t buffer = 0;
  /// For each result beat of a sample: beats of the sample that it needs, and
  /// beats that neither it nor a later one needs.
  BeatTable required, released;

  /// Beats of all samples that neither a result beat nor a later one needs; result beats count over samples.
  int64_t getReleased(int64_t beat) const {
    int64_t results = released.size();
    if (0 <= beat && beat < results)
      return released[beat];
    int64_t sample = llvm::divideFloorSigned(beat, results);
    return sample * beats + released[beat - sample * results];
  }
  /// Elastic: beats of all samples that may have been taken when `left` result beats are known to have left.
  int64_t getLimit(int64_t left) const { return getReleased(left + 1) + buffer - 1; }
};

/// Counts of cycles are those of the actor's clock; times are in ticks (`Clocks.h`).
struct Actor {
  /// Null for a width converter that the tensor form implies.
  mlir::Operation *op = nullptr;
  std::string name;
  Flow flow = Flow::direct;
  /// Cycles per sample when neither starved nor blocked.
  int64_t cycles = 0;
  /// Cycles from one result beat to the next.
  int64_t beatCycles = 1;
  /// Cycles from the last input beat that the first result beat needs to that result beat.
  int64_t latency = 1;
  /// Cycles after a result beat has left until the operand stream sees the room (elastic).
  int64_t returnCycles = 1;
  /// Result beats per sample (operand beats for a sink).
  int64_t beats = 0;
  llvm::SmallVector<ActorInput, 2> inputs;
  llvm::SmallVector<unsigned, 2> outputs;
  /// Ticks of a cycle of the clock of its operands, and of its results.
  int64_t ticks = 1, resultTicks = 1;
  /// Of a clock crossing: cycles by which either side may see the other late.
  std::optional<int64_t> uncertainCycles;

  /// A register: what comes in is offered in the next cycle.
  bool isStore() const { return beatCycles == 1 && latency <= 1 && flow != Flow::sink; }
  /// Cycles from the last cycle of work on a result beat to its offer, for all but stores.
  int64_t getPipelineCycles() const { return std::max<int64_t>(latency - beatCycles, 1); }
  /// Cycles from the first cycle of work on a result beat to its offer.
  int64_t getOfferDelay() const { return isStore() ? 0 : beatCycles - 1 + getPipelineCycles(); }
  /// Ticks per sample when neither starved nor blocked.
  int64_t getPeriodTicks() const { return cycles * resultTicks; }
  /// Most ticks from the first cycle of work on a result beat to its offer.
  int64_t getOfferTicks() const {
    return uncertainCycles ? (latency + *uncertainCycles) * resultTicks : getOfferDelay() * ticks;
  }
  /// Most ticks after a result beat has left until the operand stream sees the room (elastic).
  int64_t getReturnTicks() const {
    return uncertainCycles ? resultTicks + (returnCycles + *uncertainCycles) * ticks : returnCycles * ticks;
  }
  /// Places of the result FIFO (credit-based): as many as are begun before the first one can have left.
  int64_t getResultPlaces() const { return std::max<int64_t>(2, llvm::divideCeil(latency, beatCycles)); }
  /// Beats that it takes of an operand while no result is taken, if those of the others have come.
  int64_t getBeatsWhileBlocked(unsigned input) const {
    const ActorInput &operand = inputs[input];
    if (flow == Flow::credit)
      return operand.getReleased(getResultPlaces()) + operand.buffer;
    return flow == Flow::elastic ? operand.getLimit(0) : 0;
  }
};

struct Edge {
  unsigned producer = 0, consumer = 0;
  /// Operand of the consumer.
  unsigned input = 0;
  /// Beats per sample, bits of a beat.
  int64_t beats = 0, bits = 0;
  /// The use of the stream; null where the tensor form implies a width converter.
  mlir::OpOperand *use = nullptr;
  std::string name;
  /// The first of the producer's result beats that it carries; it carries as many from there on as it has beats. All
  /// of them in most graphs. Where actors repeat after several samples, what deals samples to copies of an actor gives
  /// each copy those of its own sample.
  int64_t first = 0;

  bool carries(int64_t beat) const { return beat >= first && beat < first + beats; }
};

class DataflowGraph {
public:
  DataflowGraph() = default;
  /// A graph made by hand: it has to keep the invariants.
  DataflowGraph(std::vector<Actor> actors, std::vector<Edge> edges)
      : actors(std::move(actors)), edges(std::move(edges)) {}
  /// The graph of a function whose nodes are bound, in tensor or stream form.
  /// Reports an error at a node that is not bound or whose cost is undefined.
  /// Nodes have the clocks of their places. Gives up `former`, a graph of the function as it was, whose nodes were
  /// bound alike: the tables of nodes that are still there are taken from it.
  static mlir::FailureOr<DataflowGraph> build(mlir::func::FuncOp function, CostModel &costs, const SystemClocks &clocks,
                                              DataflowGraph former = {});

  llvm::ArrayRef<Actor> getActors() const { return actors; }
  llvm::ArrayRef<Edge> getEdges() const { return edges; }
  /// Ticks per sample of the slowest actor: no schedule needs fewer.
  int64_t getPeriod() const;
  /// An actor with that many ticks.
  const Actor &getBottleneck() const;
  /// Whether both ends of an edge have combinational ready: a FIFO between them keeps the path of `ready` short.
  bool needsCut(const Edge &edge) const {
    return actors[edge.producer].flow == Flow::direct && actors[edge.consumer].flow == Flow::direct;
  }
  /// Whether a clock crossing is among the actors.
  bool crossesClocks() const {
    return llvm::any_of(actors, [](const Actor &actor) { return actor.uncertainCycles.has_value(); });
  }

private:
  friend class DataflowGraphBuilder;
  std::vector<Actor> actors;
  std::vector<Edge> edges;
};

} // namespace xplat

#endif // XPLAT_ANALYSIS_DATAFLOWGRAPH_H

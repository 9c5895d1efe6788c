//===- DataflowGraph.cpp - A bound function as dataflow actors ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/DataflowGraph.h"

using namespace mlir;
using namespace xplat;

namespace {
/// Where a value's beats come from.
struct Origin {
  unsigned actor = 0;
  int64_t lanes = 1;
};

/// `count` values of a function that never falls, each equal run found by bisection.
template <typename FunctionT> BeatTable tabulateMonotone(int64_t count, FunctionT function) {
  BeatTable table(count);
  SmallVector<std::pair<int64_t, int64_t>> open;
  if (count == 0)
    return table;
  table[0] = function(0);
  table[count - 1] = function(count - 1);
  open.push_back({0, count - 1});
  while (!open.empty()) {
    auto [low, high] = open.pop_back_val();
    if (high - low < 2)
      continue;
    if (table[low] == table[high]) {
      std::fill(table.begin() + low, table.begin() + high, table[low]);
      continue;
    }
    int64_t middle = low + (high - low) / 2;
    table[middle] = function(middle);
    open.push_back({low, middle});
    open.push_back({middle, high});
  }
  return table;
}

/// The tables of an operand each of whose elements the result element at its position needs, and no other.
void tabulateIdentity(int64_t count, int64_t resultLanes, int64_t lanes, ActorInput &input) {
  input.required.resize(count);
  input.released.resize(count);
  // Elements of the results before a beat, as whole operand beats and elements beyond them.
  int64_t whole = 0, rest = 0;
  for (int64_t beat = 0; beat < count; ++beat) {
    input.released[beat] = whole;
    whole += resultLanes / lanes;
    rest += resultLanes % lanes;
    if (rest >= lanes) {
      rest -= lanes;
      ++whole;
    }
    input.required[beat] = whole + (rest > 0);
  }
}

int64_t numElements(Type type) {
  int64_t product = 1;
  for (int64_t extent : getDataShape(type))
    product *= extent;
  return product;
}
} // namespace

namespace xplat {
class DataflowGraphBuilder {
public:
  DataflowGraphBuilder(func::FuncOp function, CostModel &costs, const SystemClocks &clocks, DataflowGraph former)
      : costs(costs), clocks(clocks), former(std::move(former)) {
    // A node is an actor, and each of its operands may need a width converter. A larger vector would be a copy: moving
    // an actor might throw.
    size_t most = 0;
    for (Operation &op : function.getBody().front())
      most += 1 + op.getNumOperands();
    graph.actors.reserve(most);
    for (const Actor &actor : this->former.actors)
      if (actor.op)
        formerActors[actor.op] = &actor - this->former.actors.data();
  }

  LogicalResult addNode(NodeOpInterface node) {
    KernelOp kernel = costs.getLibrary().getKernel(node);
    if (!kernel)
      return node->emitOpError("is not bound to a kernel; run 'xplat-bind-kernels' first");
    SmallVector<int64_t> unroll = node.getUnrollFactors();
    std::optional<Cost> found = costs.evaluate(node);
    if (!found)
      return node->emitOpError("has no defined cost with kernel '@")
             << kernel.getSymName() << "': " << costs.explainNone(node, kernel, unroll, costs.getDevice(node));
    if (kernel.getBackend() == Backend::wire) {
      aliases[node->getResult(0)] = node->getOperand(0);
      return success();
    }

    const Cost &cost = *found;
    Actor actor;
    actor.op = node;
    actor.name = getNodeName(node);
    actor.cycles = cost.cycles;
    actor.beatCycles = std::max<int64_t>(cost.beatCycles, 1);
    actor.latency = cost.latency;
    actor.returnCycles = node.getReturnCycles();
    actor.ticks = actor.resultTicks = clocks.getTicks(node.getPlacement());
    auto boundary = dyn_cast<HostBoundaryOpInterface>(node.getOperation());
    int64_t resultLanes = node.getResultLanes(0, unroll);
    int64_t lanes = boundary && !boundary.isInput() ? node.getOperandLanes(0, unroll) : resultLanes;
    actor.beats = numElements(node->getResult(0).getType()) / lanes;
    if (boundary)
      actor.flow = boundary.isInput() ? Flow::source : Flow::sink;
    else if (node->getNumOperands() == 0)
      actor.flow = Flow::source; // a table of constants waits for nothing
    else if (cost.hasCombinationalReady())
      actor.flow = Flow::direct;
    // What is generated keeps beats where their results will be, however many stages it has.
    else if (kernel.getBackend() == Backend::generated || actor.returnCycles > 1 ||
             (actor.latency <= 1 && actor.beatCycles == 1))
      actor.flow = Flow::elastic;
    else
      actor.flow = Flow::credit;

    if (!boundary || !boundary.isInput())
      for (OpOperand &operand : node->getOpOperands())
        if (failed(addInput(actor, node, operand, unroll, resultLanes, cost, kernel.getLoopOrder())))
          return failure();
    if (auto crossing = dyn_cast<ClockCrossingOpInterface>(node.getOperation())) {
      actor.uncertainCycles = crossing.getUncertainCycles();
      actor.ticks = graph.actors[graph.edges[actor.inputs.front().edge].producer].resultTicks;
    }
    unsigned index = addActor(std::move(actor));
    for (Value result : node->getResults())
      origins[result] = {index, resultLanes};
    return success();
  }

  DataflowGraph take() { return std::move(graph); }

private:
  LogicalResult addInput(Actor &actor, NodeOpInterface node, OpOperand &operand, ArrayRef<int64_t> unroll,
                         int64_t resultLanes, const Cost &cost, ArrayRef<int64_t> order) {
    unsigned index = operand.getOperandNumber();
    Value value = operand.get();
    while (Value through = aliases.lookup(value))
      value = through;
    auto origin = origins.find(value);
    if (origin == origins.end())
      return node->emitOpError("operand ") << index << " does not come from a node";
    int64_t lanes = node.getOperandLanes(index, unroll);
    unsigned producer = origin->second.actor;
    if (origin->second.lanes != lanes)
      producer = addImpliedRewidth(origin->second, lanes, value.getType());

    ActorInput input;
    input.beats = numElements(operand.get().getType()) / lanes;
    input.buffer = index < cost.buffer.size() ? cost.buffer[index] : cost.buffer.back();
    if (actor.flow != Flow::sink) {
      constexpr int64_t mostBeats = int64_t(1) << 27;
      if (actor.beats > mostBeats - numTabulated || input.beats > mostTabulatedBeats)
        return node->emitOpError("has ") << std::max(actor.beats, input.beats)
                                         << " beats in a sample, and with the nodes before it that is "
                                         << "more than the " << mostBeats
                                         << " that FIFO depths are computed for; give more lanes or smaller samples";
      numTabulated += actor.beats;
      if (!takeTables(actor, input, index)) {
        Prefixes prefixes = Geometry(node).getPrefixes(index, order);
        if (prefixes.isIdentity()) {
          tabulateIdentity(actor.beats, resultLanes, lanes, input);
        } else {
          input.required = tabulateMonotone(actor.beats, [&](int64_t beat) {
            return llvm::divideCeil(prefixes.getRequired((beat + 1) * resultLanes - 1), lanes);
          });
          input.released = tabulateMonotone(
              actor.beats, [&](int64_t beat) { return prefixes.getReleased(beat * resultLanes) / lanes; });
        }
      }
      if (actor.flow == Flow::credit)
        for (auto [needed, released] : llvm::zip(input.required, input.released))
          if (needed - released > input.buffer)
            return node->emitOpError("needs ")
                   << needed - released << " beats of operand " << index << " at once, but kernel '@"
                   << costs.getLibrary().getKernel(node).getSymName() << "' holds " << input.buffer;
    }
    input.edge = addEdge(producer, /*consumer=*/graph.actors.size(), actor.inputs.size(), input.beats,
                         operand.get().getType(), lanes, &operand, actor.name);
    actor.inputs.push_back(std::move(input));
    return success();
  }

  /// Takes the tables of an operand from the former graph, if it has them.
  bool takeTables(const Actor &actor, ActorInput &input, unsigned index) {
    auto found = formerActors.find(actor.op);
    if (found == formerActors.end())
      return false;
    Actor &earlier = former.actors[found->second];
    if (earlier.beats != actor.beats || index >= earlier.inputs.size() || earlier.inputs[index].beats != input.beats)
      return false;
    input.required = std::move(earlier.inputs[index].required);
    input.released = std::move(earlier.inputs[index].released);
    return true;
  }

  /// In the tensor form a producer and a consumer may disagree in lanes: the
  /// converter that the stream form will have.
  unsigned addImpliedRewidth(Origin from, int64_t lanes, Type type) {
    Actor actor;
    actor.name = graph.actors[from.actor].name + ":rewidth";
    actor.flow = Flow::elastic;
    actor.ticks = actor.resultTicks = graph.actors[from.actor].resultTicks;
    int64_t elements = numElements(type);
    actor.beats = elements / lanes;
    actor.cycles = std::max(elements / lanes, elements / from.lanes);
    ActorInput input;
    input.beats = elements / from.lanes;
    bool divides = lanes % from.lanes == 0 || from.lanes % lanes == 0;
    input.buffer = divides ? 2 : 3;
    tabulateIdentity(actor.beats, lanes, from.lanes, input);
    input.edge = addEdge(from.actor, graph.actors.size(), 0, input.beats, type, from.lanes, nullptr, actor.name);
    actor.inputs.push_back(std::move(input));
    return addActor(std::move(actor));
  }

  unsigned addActor(Actor actor) {
    graph.actors.push_back(std::move(actor));
    return graph.actors.size() - 1;
  }

  unsigned addEdge(unsigned producer, unsigned consumer, unsigned input, int64_t beats, Type type, int64_t lanes,
                   OpOperand *use, StringRef consumerName) {
    auto stream = dyn_cast<StreamType>(type);
    int64_t bits = (stream && stream.getLanes() == lanes ? stream : getStream(type, lanes)).getBeatBits();
    std::string name = (graph.actors[producer].name + " -> " + consumerName).str();
    unsigned index = graph.edges.size();
    graph.edges.push_back({producer, consumer, input, beats, bits, use, std::move(name)});
    graph.actors[producer].outputs.push_back(index);
    return index;
  }

  CostModel &costs;
  const SystemClocks &clocks;
  DataflowGraph graph, former;
  /// Of each node of the former graph, its actor.
  DenseMap<Operation *, size_t> formerActors;
  /// Beats with an entry in the tables of all inputs, which are kept in memory.
  int64_t numTabulated = 0;
  DenseMap<Value, Origin> origins;
  /// Results of kernels that are wires, and what they pass on.
  DenseMap<Value, Value> aliases;
};
} // namespace xplat

FailureOr<DataflowGraph> DataflowGraph::build(func::FuncOp function, CostModel &costs, const SystemClocks &clocks,
                                              DataflowGraph former) {
  DataflowGraphBuilder builder(function, costs, clocks, std::move(former));
  for (Operation &op : function.getBody().front())
    if (auto node = dyn_cast<NodeOpInterface>(op))
      if (failed(builder.addNode(node)))
        return failure();
  return builder.take();
}

const Actor &DataflowGraph::getBottleneck() const {
  return *llvm::max_element(actors,
                            [](const Actor &a, const Actor &b) { return a.getPeriodTicks() < b.getPeriodTicks(); });
}

int64_t DataflowGraph::getPeriod() const { return actors.empty() ? 0 : getBottleneck().getPeriodTicks(); }

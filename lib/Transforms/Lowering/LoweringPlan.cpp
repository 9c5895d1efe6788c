//===- LoweringPlan.cpp - What becomes which hardware module --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/LoweringPlan.h"

#include "xplat/Analysis/Clocks.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

namespace {
class Planner {
public:
  Planner(ModuleOp module, const KernelLibrary &library)
      : module(module), library(library), links({"clk_i", "rst_ni"}) {}

  FailureOr<LoweringPlan> run() {
    if (failed(findGraph()))
      return failure();
    FailureOr<SystemClocks> found = SystemClocks::get(system);
    if (failed(found))
      return failure();
    clocks = std::move(*found);
    addInstances();
    for (auto rom : module.getOps<RomOp>())
      if (rom.getKind() != MemoryKind::rom)
        filled[rom.getSymNameAttr()] = rom;
    if (failed(addFunctions()))
      return failure();
    for (DevicePlan &device : plan.devices)
      if (device.function && failed(addDevice(device)))
        return failure();
    for (Operation &op : graph.getBody().front().without_terminator())
      if (failed(addToSystem(&op)))
        return failure();
    llvm::erase_if(plan.devices, [&](const DevicePlan &device) { return !device.function; });
    nameClocks();
    return std::move(plan);
  }

private:
  LogicalResult findGraph() {
    auto mappings = module.getOps<MappingOp>();
    if (mappings.empty() || std::next(mappings.begin()) != mappings.end())
      return module.emitError("expected one 'xplat.mapping' in the module, written by the hardware passes, but got ")
             << std::distance(mappings.begin(), mappings.end());
    MappingOp mapping = *mappings.begin();
    system = module.lookupSymbol<SystemOp>(mapping.getSystem());
    graph = module.lookupSymbol<func::FuncOp>(mapping.getGraph());
    if (!system || !graph || !graph.getBody().hasOneBlock())
      return mapping.emitOpError("expected ") << mapping.getGraphAttr() << " to name a function with one block and "
                                              << mapping.getSystemAttr() << " an 'xplat.system'";
    if (!XplatDialect::TargetAttrHelper(module.getContext()).isAttrPresent(graph))
      return graph.emitOpError(
          "expected a function for each device beside the graph; run 'xplat-outline-devices' first");
    return success();
  }

  void addInstances() {
    Names names({"xplat_system", "xplat_system_direct"}, Names::For::files);
    for (auto instance : system.getBody().getOps<InstanceOp>()) {
      PlaceAttr place = system.getPlace(instance.getSymNameAttr());
      index[place] = plan.devices.size();
      // `xplat_` begins the names of the modules that come with xplat.
      StringRef instanceName = instance.getSymName();
      std::string name = names.unique((instanceName.starts_with_insensitive("xplat_") ? "n" : "") + instanceName.str());
      auto device = module.lookupSymbol<DeviceOp>(instance.getDevice());
      auto family = device.getFamily() ? module.lookupSymbol<FamilyOp>(*device.getFamily()) : FamilyOp();
      plan.devices.push_back(
          {place, name, instance.getLoc(), {}, {}, family, clocks.getMhz(place), clocks.getTicks(place)});
    }
  }

  /// The function of each device, and the ends of all streams between functions.
  LogicalResult addFunctions() {
    XplatDialect::TargetAttrHelper targets(module.getContext());
    XplatDialect::PlaceAttrHelper places(module.getContext());
    for (auto function : module.getOps<func::FuncOp>()) {
      for (auto end : function.getOps<StreamEndOpInterface>())
        ends[end.getStreamName()].push_back(end);
      TargetAttr target = targets.getAttr(function);
      if (!target || function == graph)
        continue;
      PlaceAttr place = places.getAttr(function);
      if (!place || !index.contains(place) || !function.getBody().hasOneBlock())
        return function.emitOpError("expected a function of one block for an instance of @") << system.getSymName();
      if (target.getValue() != Target::rtl)
        return function.emitOpError(
                   "expected the target 'rtl', which is all that 'xplat-lower-to-circt' makes, but got '")
               << stringifyTarget(target.getValue()) << "'";
      DevicePlan &device = plan.devices[index[place]];
      if (device.function)
        return function.emitOpError("expected one function for ")
               << place.getDevice() << " but @" << device.function.getSymName() << " is another";
      device.function = function;
    }
    return success();
  }

  /// Where the clocks of the devices in use differ, each has its own.
  void nameClocks() {
    if (llvm::all_equal(llvm::map_range(plan.devices, [](const DevicePlan &device) { return device.ticks; })))
      return;
    for (DevicePlan &device : plan.devices) {
      device.clock = links.unique(device.name + "_clk_i");
      device.reset = links.unique(device.name + "_rst_ni");
    }
  }

  LogicalResult addDevice(DevicePlan &device) {
    Names names;
    for (Operation &op : device.function.getBody().front().without_terminator()) {
      if (failed(checkStreams(&op, op.getOperands(), op.getResults())))
        return failure();
      for (Value operand : op.getOperands())
        if (failed(checkClock(&op, operand, device.place)))
          return failure();
      if (isa<StreamEndOpInterface>(op))
        continue;
      if (!getKernel(&op))
        return failure();
      auto node = cast<NodeOpInterface>(op);
      if (node.getPlacement() != device.place || node.getResultPlacement() != device.place)
        return op.emitOpError("expected a node on ") << device.place.getDevice() << ", the device of the function";
      device.nodes.push_back(node);
      plan.instanceNames[&op] = names.unique(getNodeName(&op));
      if (failed(addWords(node, device.place)))
        return failure();
    }
    return success();
  }

  /// A port for each of the node's memories whose words come from outside.
  LogicalResult addWords(NodeOpInterface node, PlaceAttr place) {
    ArrayAttr roms = node.getNodeRoms();
    if (!roms || filled.empty())
      return success();
    for (auto use : roms.getAsRange<RomUseAttr>()) {
      RomOp rom = filled.lookup(use.getRom().getAttr());
      if (!rom)
        continue;
      if (failed(checkWidth(node, "a word", rom.getWordBits())))
        return failure();
      std::string name = links.unique(plan.instanceNames.at(node) + "_" + use.getMemory().str());
      plan.boundaries.push_back({Value(), name, static_cast<int64_t>(rom.getWordBits()), place, /*isInput=*/true});
      plan.wordPorts[{node, use.getMemory()}] = {name, rom.getSymNameAttr(), place};
    }
    return success();
  }

  /// Adds an op of the graph's function: one of the host interface, a link, or an end of a stream.
  LogicalResult addToSystem(Operation *op) {
    if (isa<StreamEndOpInterface>(op))
      return checkStreams(op, op->getOperands(), op->getResults());
    KernelOp kernel = getKernel(op);
    if (!kernel)
      return failure();
    auto node = cast<NodeOpInterface>(op);
    for (PlaceAttr where : {node.getPlacement(), node.getResultPlacement()})
      if (!where || !index.contains(where) || !plan.devices[index[where]].function)
        return op->emitOpError("expected a node placed on an instance of @")
               << system.getSymName() << " that has a function";
    if (auto boundary = dyn_cast<HostBoundaryOpInterface>(op))
      return addBoundary(node, boundary.isInput(), kernel);
    return addCrossing(node, kernel);
  }

  LogicalResult addBoundary(NodeOpInterface node, bool isInput, KernelOp kernel) {
    if (kernel.getBackend() != Backend::port || node->getNumOperands() != 1 || node->getNumResults() != 1)
      return node->emitOpError("expected a node of the host interface that takes and gives one value, with a 'port' "
                               "kernel");
    if (failed(checkStreams(node, isInput ? ValueRange() : node->getOperands(),
                            isInput ? node->getResults() : ValueRange())))
      return failure();
    PlaceAttr place = node.getPlacement();
    FailureOr<Value> stream = isInput ? getReceived(node, place) : getSent(node, place);
    if (failed(stream))
      return failure();
    std::string name = isInput ? "in" + std::to_string(numInputs++) : "out" + std::to_string(numOutputs++);
    links.unique(name);
    plan.boundaries.push_back({*stream, name, cast<StreamType>(stream->getType()).getBeatBits(), place, isInput});
    plan.instanceNames[node] = name;
    return success();
  }

  LogicalResult addCrossing(NodeOpInterface node, KernelOp kernel) {
    auto cable = dyn_cast<CrossingOpInterface>(node.getOperation());
    if (!cable || kernel.getBackend() != Backend::rtl || node->getNumOperands() != 1 || node->getNumResults() != 1)
      return node->emitOpError("expected a node with an 'rtl' kernel that carries one stream to carry it to another "
                               "device");
    for (auto [streams, what] : {std::pair(kernel.getInStreams(), "in"), std::pair(kernel.getOutStreams(), "out")})
      if (unsigned named = streams ? streams->size() : 0; named != 1)
        return node->emitOpError("expected kernel @")
               << kernel.getSymName() << " to name one stream '" << what << "' but it names " << named;
    if (failed(checkStreams(node, node->getOperands(), node->getResults())) ||
        failed(checkWidth(node, "a phit", cable.getCableBits())))
      return failure();
    PlaceAttr from = node.getPlacement(), to = node.getResultPlacement();
    FailureOr<Value> sent = getSent(node, from), received = getReceived(node, to);
    if (failed(sent) || failed(received))
      return failure();
    std::string name = links.unique(getNodeName(node));
    plan.crossings.push_back({node, name, cast<StreamType>(received->getType()).getBeatBits(), cable.getCableBits(),
                              cable.getCableCycles(), from, to, *sent, *received});
    plan.instanceNames[node] = name;
    return success();
  }

  /// The kernel of a node; null, after a diagnostic, of what has none.
  KernelOp getKernel(Operation *op) {
    auto node = dyn_cast<NodeOpInterface>(op);
    KernelOp kernel = node ? library.getKernel(node) : KernelOp();
    if (!node)
      op->emitOpError("is not a node, so it cannot become hardware");
    else if (!kernel)
      op->emitOpError("expected a node that is bound to a kernel of this module");
    return kernel;
  }

  /// The other end of a stream between functions. The verifiers of the ends have seen that there is one.
  StreamEndOpInterface getOtherEnd(StreamEndOpInterface end) {
    return *llvm::find_if(ends[end.getStreamName()], [&](StreamEndOpInterface other) { return other != end; });
  }

  /// What the graph's function sends as the result of `node`, or receives as its operand, in the function of `place`.
  FailureOr<Value> getReceived(NodeOpInterface node, PlaceAttr place) {
    return getInDevice(node, dyn_cast<StreamEndOpInterface>(*node->getResult(0).user_begin()), place);
  }
  FailureOr<Value> getSent(NodeOpInterface node, PlaceAttr place) {
    return getInDevice(node, node->getOperand(0).getDefiningOp<StreamEndOpInterface>(), place);
  }
  FailureOr<Value> getInDevice(NodeOpInterface node, StreamEndOpInterface end, PlaceAttr place) {
    func::FuncOp function = plan.devices[index[place]].function;
    StreamEndOpInterface other = end ? getOtherEnd(end) : end;
    if (!other || other->getParentOp() != function)
      return node->emitOpError("expected its stream to lead through @")
             << function.getSymName() << ", the function of " << place.getDevice();
    return other.getStream();
  }

  /// Whether an integer of the IR can be as wide as the ports that carry `bits` for each of the node's operands, or
  /// results.
  static LogicalResult checkWidth(Operation *op, StringRef what, int64_t bits) {
    int64_t limit = IntegerType::kMaxWidth / std::max({op->getNumOperands(), op->getNumResults(), 1u});
    if (bits <= limit)
      return success();
    return op->emitOpError("expected ") << what << " of at most " << limit << " bits but got " << bits;
  }

  LogicalResult checkStreams(Operation *op, ValueRange operands, ValueRange results) {
    auto check = [&](Type type) -> LogicalResult {
      if (auto stream = dyn_cast<StreamType>(type))
        return checkWidth(op, "a beat", stream.getBeatBits());
      return op->emitOpError("expected streams, which 'xplat-convert-to-dataflow' makes, but got ") << type;
    };
    for (Value operand : operands) {
      if (failed(check(operand.getType())))
        return failure();
      if (!operand.getDefiningOp())
        return op->emitOpError("expected the result of a node as operand");
    }
    for (Value result : results) {
      if (failed(check(result.getType())))
        return failure();
      if (!result.hasOneUse())
        return op->emitOpError("expected one reader of each stream but got ")
               << std::distance(result.use_begin(), result.use_end()) << "; a fork copies a stream";
    }
    return success();
  }

  /// What comes over a link comes with the clock of the device that sends.
  LogicalResult checkClock(Operation *op, Value operand, PlaceAttr place) {
    PlaceAttr from = place;
    if (auto end = operand.getDefiningOp<StreamEndOpInterface>()) {
      Value given = getOtherEnd(end).getStream();
      auto producer = given.getDefiningOp<NodeOpInterface>();
      if (!producer || producer->getParentOp() != graph)
        return end->emitOpError("expected what enters ")
               << place.getDevice() << " to come from the host interface or over a link in @" << graph.getSymName();
      from = producer.getPlacement();
    }
    bool foreign = clocks.getTicks(from) != clocks.getTicks(place);
    if (foreign == isa<ClockCrossingOpInterface>(op) || (!foreign && clocks.areEqual()))
      return success();
    return op->emitOpError("expected ")
           << (foreign ? "a clock crossing to read" : "another clock than its own at") << " what comes from "
           << from.getDevice() << "; 'xplat-convert-to-dataflow' puts an 'xplat.cdc' behind a link where clocks differ";
  }

  ModuleOp module;
  const KernelLibrary &library;
  SystemOp system;
  func::FuncOp graph;
  SystemClocks clocks;
  LoweringPlan plan;
  llvm::DenseMap<PlaceAttr, unsigned> index;
  llvm::StringMap<SmallVector<StreamEndOpInterface, 2>> ends;
  Names links;
  llvm::DenseMap<StringAttr, RomOp> filled; // memories whose words come in at a port
  unsigned numInputs = 0, numOutputs = 0;
};
} // namespace

const DevicePlan &LoweringPlan::getDevice(PlaceAttr place) const {
  return *llvm::find_if(devices, [&](const DevicePlan &device) { return device.place == place; });
}

SmallVector<const DevicePlan *> LoweringPlan::getForeignSenders(PlaceAttr place) const {
  SmallVector<const DevicePlan *> senders;
  for (const Crossing &crossing : crossings)
    if (const DevicePlan *from = &getDevice(crossing.from);
        crossing.to == place && !keepsClock(crossing) && !llvm::is_contained(senders, from))
      senders.push_back(from);
  return senders;
}

FailureOr<LoweringPlan> xplat::circt::planLowering(ModuleOp module, const KernelLibrary &library) {
  return Planner(module, library).run();
}

//===- LoweringPlan.cpp - What becomes which hardware module --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Transforms/Lowering/LoweringPlan.h"

#include "xplat/Analysis/Clocks.h"

#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace xplat;
using namespace xplat::circt;

namespace {
class Planner {
public:
  Planner(ModuleOp module, const KernelLibrary &library)
      : module(module), library(library), links({"clk_i", "rst_ni"}) {}

  FailureOr<LoweringPlan> run() {
    func::FuncOp graph = findGraph();
    if (!graph)
      return failure();
    FailureOr<SystemClocks> found = SystemClocks::get(system);
    if (failed(found))
      return failure();
    clocks = std::move(*found);
    addDevices();
    for (Operation &op : graph.getBody().front().without_terminator())
      if (failed(addNode(&op)))
        return failure();
    llvm::erase_if(plan.devices, [&](const DevicePlan &device) { return !used.contains(device.place); });
    nameClocks();
    return std::move(plan);
  }

private:
  func::FuncOp findGraph() {
    auto mappings = module.getOps<MappingOp>();
    if (mappings.empty() || std::next(mappings.begin()) != mappings.end()) {
      module.emitError("expected one 'xplat.mapping' in the module, written by the hardware passes, but got ")
          << std::distance(mappings.begin(), mappings.end());
      return {};
    }
    MappingOp mapping = *mappings.begin();
    system = module.lookupSymbol<SystemOp>(mapping.getSystem());
    auto graph = module.lookupSymbol<func::FuncOp>(mapping.getGraph());
    if (system && graph && graph.getBody().hasOneBlock())
      return graph;
    mapping.emitOpError("expected ") << mapping.getGraphAttr() << " to name a function with one block and "
                                     << mapping.getSystemAttr() << " an 'xplat.system'";
    return {};
  }

  void addDevices() {
    Names names({"xplat_system", "xplat_system_direct"}, Names::For::files);
    for (auto instance : system.getBody().getOps<InstanceOp>()) {
      auto symbol = SymbolRefAttr::get(system.getSymNameAttr(), {FlatSymbolRefAttr::get(instance.getSymNameAttr())});
      PlaceAttr place = PlaceAttr::get(module.getContext(), symbol);
      index[place] = plan.devices.size();
      // `xplat_` begins the names of the modules that come with xplat.
      StringRef instanceName = instance.getSymName();
      std::string name = names.unique((instanceName.starts_with_insensitive("xplat_") ? "n" : "") + instanceName.str());
      plan.devices.push_back({place, name, instance.getLoc(), {}, clocks.getMhz(place), clocks.getTicks(place)});
      instanceNames.emplace_back();
    }
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

  LogicalResult addNode(Operation *op) {
    auto node = dyn_cast<NodeOpInterface>(op);
    if (!node)
      return op->emitOpError("is not a node, so it cannot become hardware");
    KernelOp kernel = library.getKernel(node);
    if (!kernel)
      return op->emitOpError("expected a node that is bound to a kernel of this module");
    PlaceAttr place = node.getPlacement(), resultPlace = node.getResultPlacement();
    for (PlaceAttr where : {place, resultPlace})
      if (!where || !index.contains(where))
        return op->emitOpError("expected a node placed on an instance of @") << system.getSymName();
    used.insert(place);
    used.insert(resultPlace);

    auto boundary = dyn_cast<HostBoundaryOpInterface>(op);
    if (failed(checkStreams(node, boundary)))
      return failure();
    if (boundary && kernel.getBackend() == Backend::port) {
      bool isInput = boundary.isInput();
      auto stream = cast<StreamType>(isInput ? op->getResult(0).getType() : op->getOperand(0).getType());
      std::string name = isInput ? "in" + std::to_string(numInputs++) : "out" + std::to_string(numOutputs++);
      links.unique(name);
      plan.boundaries.push_back({op, name, stream.getBeatBits(), place, isInput});
      plan.instanceNames[op] = name;
      return success();
    }
    if (place != resultPlace) {
      auto cable = dyn_cast<CrossingOpInterface>(op);
      if (!cable || kernel.getBackend() != Backend::rtl || op->getNumOperands() != 1 || op->getNumResults() != 1)
        return op->emitOpError("expected a node with an 'rtl' kernel that carries one stream to carry it to another "
                               "device");
      for (auto [streams, what] : {std::pair(kernel.getInStreams(), "in"), std::pair(kernel.getOutStreams(), "out")})
        if (unsigned named = streams ? streams->size() : 0; named != 1)
          return op->emitOpError("expected kernel @")
                 << kernel.getSymName() << " to name one stream '" << what << "' but it names " << named;
      if (failed(checkWidth(op, "a phit", cable.getCableBits())))
        return failure();
      std::string name = links.unique(getNodeName(op));
      plan.crossings.push_back({op, name, cast<StreamType>(op->getResult(0).getType()).getBeatBits(),
                                cable.getCableBits(), cable.getCableCycles(), place, resultPlace});
      plan.instanceNames[op] = name;
      return success();
    }
    unsigned device = index[place];
    plan.devices[device].nodes.push_back(node);
    plan.instanceNames[op] = instanceNames[device].unique(getNodeName(op));
    return success();
  }

  /// Whether an integer of the IR can be as wide as the ports that carry `bits` for each of the node's results.
  static LogicalResult checkWidth(Operation *op, StringRef what, int64_t bits) {
    int64_t limit = IntegerType::kMaxWidth / std::max(op->getNumResults(), 1u);
    if (bits <= limit)
      return success();
    return op->emitOpError("expected ") << what << " of at most " << limit << " bits but got " << bits;
  }

  LogicalResult checkStreams(NodeOpInterface node, HostBoundaryOpInterface boundary) {
    Operation *op = node.getOperation();
    auto check = [&](Type type) -> LogicalResult {
      if (auto stream = dyn_cast<StreamType>(type))
        return checkWidth(op, "a beat", stream.getBeatBits());
      return op->emitOpError("expected streams, which 'xplat-convert-to-dataflow' makes, but got ") << type;
    };
    if (!boundary || !boundary.isInput())
      for (Value operand : op->getOperands()) {
        if (failed(check(operand.getType())))
          return failure();
        auto producer = operand.getDefiningOp<NodeOpInterface>();
        PlaceAttr from = producer ? producer.getResultPlacement() : PlaceAttr();
        if (!from)
          return op->emitOpError("expected the result of a node as operand");
        if (from != node.getPlacement())
          return op->emitOpError("expected its operand on ") << node.getPlacement().getDevice() << " but it is on "
                                                             << from.getDevice() << "; a link must carry it over";
        bool foreign = clocks.getTicks(producer.getPlacement()) != clocks.getTicks(from);
        if (foreign != isa<ClockCrossingOpInterface>(op) && (foreign || !clocks.areEqual()))
          return op->emitOpError("expected ")
                 << (foreign ? "a clock crossing to read" : "another clock than its own at") << " what comes from "
                 << producer.getPlacement().getDevice()
                 << "; 'xplat-convert-to-dataflow' puts an 'xplat.cdc' behind a link where clocks differ";
      }
    if (!boundary || boundary.isInput())
      for (Value result : op->getResults()) {
        if (failed(check(result.getType())))
          return failure();
        if (!result.hasOneUse())
          return op->emitOpError("expected one reader of each stream but got ")
                 << std::distance(result.use_begin(), result.use_end()) << "; a fork copies a stream";
      }
    return success();
  }

  ModuleOp module;
  const KernelLibrary &library;
  SystemOp system;
  SystemClocks clocks;
  LoweringPlan plan;
  llvm::DenseMap<PlaceAttr, unsigned> index;
  llvm::SmallPtrSet<Attribute, 8> used;
  Names links;
  SmallVector<Names> instanceNames;
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

//===- CostSources.cpp - Where the costs of nodes come from ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/Analysis/CostSources.h"

using namespace mlir;
using namespace xplat;

CostQuery::CostQuery(KernelOp kernel, NodeOpInterface node, ArrayRef<int64_t> unroll, DeviceOp device)
    : kernel(kernel), device(device), memories(kernel.takesWordsInOrder() ? node.getMemoryKind() : MemoryKind::rom),
      symbols(kernel.getSymbolValues(node, unroll)), numOperands(node->getNumOperands()),
      resultElements(xplat::detail::product(getDataShape(node->getResult(0).getType()))),
      firstFactor(kernel.getFirstFactor()) {
  resultBeats = resultElements / node.getResultLanes(0, unroll);
}

void CostQuery::setUnroll(ArrayRef<int64_t> unroll, int64_t resultLanes) {
  llvm::copy(unroll, symbols.begin() + firstFactor);
  resultBeats = resultElements / resultLanes;
}

ContractCosts::ContractCosts(ModuleOp module, const ResourceNames &resources) : resources(resources) {
  SymbolTable symbols(module);
  SmallVector<FamilyOp, 1> all;
  for (auto device : module.getOps<DeviceOp>()) {
    FlatSymbolRefAttr name = device.getFamilyAttr();
    FamilyOp family = name ? symbols.lookup<FamilyOp>(name.getAttr()) : FamilyOp();
    families[device] = {family};
    if (!llvm::is_contained(all, family))
      all.push_back(family);
  }
  if (all.empty())
    all.push_back({});
  families[nullptr] = all;
}

std::optional<Cost> ContractCosts::get(const CostQuery &query) {
  EvaluatorKey key(KernelOp(query.kernel), DeviceOp(query.device), query.memories);
  auto [entry, isNew] = evaluators.try_emplace(key, query.kernel, query.memories, getFamilies(query.device), resources);
  return entry->second.evaluate(query.symbols, query.numOperands, query.resultBeats);
}

std::optional<Cost> ContractCosts::evaluate(const CostQuery &query) {
  std::optional<Cost> cost = get(query);
  return cost && cost->isDefined() ? cost : std::nullopt;
}

std::optional<Cost> ContractCosts::evaluateWithoutArea(const CostQuery &query) {
  std::optional<Cost> cost = get(query);
  if (cost)
    llvm::fill(cost->area, 0);
  return cost && cost->isDefined() ? cost : std::nullopt;
}

std::string ContractCosts::explain(const CostQuery &query) const {
  for (FamilyOp family : getFamilies(query.device))
    if (std::optional<std::string> reason = explainParts(query.kernel, query.memories, family, resources))
      return *reason;
  return "its area has no value here";
}

MeasuredCosts::MeasuredCosts(ModuleOp module, const KernelLibrary &library, ContractCosts &contracts,
                             ResourceNames &resources)
    : contracts(contracts) {
  for (auto table : module.getOps<CostTableOp>()) {
    tables[table.getDeviceAttr().getAttr()] = table;
    for (auto op : table.getBody().getOps<MeasurementOp>()) {
      KernelOp kernel = library.getKernel(op.getKernelAttr());
      if (!kernel)
        continue;
      SmallVector<std::string> names = kernel.getSymbolNames();
      Measurement measurement{{}, op, resources.getArea(op.getArea())};
      for (NamedAttribute symbol : op.getSymbols())
        measurement.values.push_back({llvm::find(names, symbol.getName().getValue()) - names.begin(),
                                      cast<IntegerAttr>(symbol.getValue()).getInt()});
      measurements[{table.getDeviceAttr().getAttr(), kernel.getSymNameAttr()}].push_back(std::move(measurement));
    }
  }
}

bool MeasuredCosts::covers(KernelOp kernel, DeviceOp device) const {
  return device && measurements.contains({device.getSymNameAttr(), kernel.getSymNameAttr()});
}

bool MeasuredCosts::haveEqualCosts(DeviceOp a, DeviceOp b) const {
  return tables.lookup(a.getSymNameAttr()) == tables.lookup(b.getSymNameAttr());
}

std::optional<Cost> MeasuredCosts::evaluate(const CostQuery &query) {
  std::optional<Cost> cost = contracts.evaluateWithoutArea(query);
  if (!cost)
    return std::nullopt;
  // Tables are of kernels with ROMs.
  if (query.memories != MemoryKind::rom)
    return std::nullopt;
  KernelOp kernel = query.kernel;
  DeviceOp device = query.device;
  for (Measurement &measurement : measurements.find({device.getSymNameAttr(), kernel.getSymNameAttr()})->second) {
    if (!llvm::all_of(measurement.values, [&](auto value) { return query.symbols[value.first] == value.second; }))
      continue;
    // Result beats leave at an even pace: so many whole cycles each.
    int64_t beats = std::max<int64_t>(query.resultBeats, 1);
    cost->beatCycles = llvm::divideCeil(measurement.op.getCycles(), beats);
    cost->cycles = cost->beatCycles * beats;
    cost->latency = measurement.op.getLatency();
    cost->area = measurement.area;
    return cost;
  }
  return std::nullopt;
}

std::string MeasuredCosts::explain(const CostQuery &query) const {
  KernelOp kernel = query.kernel;
  DeviceOp device = query.device;
  CostTableOp table = tables.lookup(device.getSymNameAttr());
  std::string text = "cost table @" + table.getSymName().str() + " of @" + device.getSymName().str() +
                     " has no measurement of it with ";
  if (query.memories != MemoryKind::rom)
    return text + "memories = " + stringifyMemoryKind(query.memories).str();
  for (auto [index, name, value] : llvm::enumerate(kernel.getSymbolNames(), query.symbols))
    text += (index ? ", " : "") + name + " = " + std::to_string(value);
  return text;
}

CostModel::CostModel(ModuleOp module)
    : module(module), library(module), resources(module),
      contracts(*static_cast<ContractCosts *>(
          sources.emplace_back(std::make_unique<ContractCosts>(module, resources)).get())) {
  sources.insert(sources.begin(), std::make_unique<MeasuredCosts>(module, library, contracts, resources));
}

CostSource &CostModel::getSource(KernelOp kernel, DeviceOp device) {
  for (const std::unique_ptr<CostSource> &source : sources)
    if (source->covers(kernel, device))
      return *source;
  llvm_unreachable("contracts cover every kernel");
}

/// Whether the kernel suits the node in all that no formula says.
static bool suits(KernelOp kernel, NodeOpInterface node, ArrayRef<int64_t> unroll) {
  return !explainUnsuited(kernel, node) && !explainUnroll(kernel, node, unroll) && !explainOrder(kernel, node, unroll);
}

std::optional<Cost> CostModel::evaluate(const CostQuery &query) {
  return getSource(query.kernel, query.device).evaluate(query);
}

std::optional<Cost> CostModel::evaluate(NodeOpInterface node, KernelOp kernel, ArrayRef<int64_t> unroll,
                                        DeviceOp device) {
  if (!suits(kernel, node, unroll))
    return std::nullopt;
  CostQuery query(kernel, node, unroll, device);
  auto [entry, isNew] = known.try_emplace(
      Key(kernel, device, query.memories, query.numOperands, query.resultBeats, query.symbols), std::nullopt);
  if (isNew)
    entry->second = evaluate(query);
  return entry->second;
}

std::optional<Cost> CostModel::evaluateContract(NodeOpInterface node, KernelOp kernel, ArrayRef<int64_t> unroll) {
  return suits(kernel, node, unroll) ? contracts.evaluateWithoutArea(CostQuery(kernel, node, unroll, DeviceOp()))
                                     : std::nullopt;
}

std::optional<Cost> CostModel::evaluate(NodeOpInterface node) {
  KernelOp kernel = library.getKernel(node);
  return kernel ? evaluate(node, kernel, node.getUnrollFactors(), getDevice(node)) : std::nullopt;
}

std::optional<std::string> CostModel::explainMisfit(NodeOpInterface node, KernelOp kernel, ArrayRef<int64_t> unroll,
                                                    DeviceOp device) {
  if (device ? evaluate(node, kernel, unroll, device) : evaluateContract(node, kernel, unroll))
    return std::nullopt;
  return explainNone(node, kernel, unroll, device);
}

std::string CostModel::explainNone(NodeOpInterface node, KernelOp kernel, ArrayRef<int64_t> unroll, DeviceOp device) {
  if (std::optional<std::string> reason = xplat::explainMisfit(kernel, node, unroll))
    return *reason;
  return getSource(kernel, device).explain(CostQuery(kernel, node, unroll, device));
}

FailureOr<KernelOp> CostModel::findKernel(NodeOpInterface node, DeviceOp device,
                                          SmallVectorImpl<Rejection> &rejections) {
  KernelOp best;
  int64_t bestCycles = 0;
  SmallVector<int64_t> unroll = node.getUnrollFactors();
  for (KernelOp kernel : library.getKernels(node->getName())) {
    std::optional<Cost> cost = device ? evaluate(node, kernel, unroll, device) : evaluateContract(node, kernel, unroll);
    if (!cost) {
      rejections.push_back({kernel, explainNone(node, kernel, unroll, device)});
    } else if (!best || cost->cycles < bestCycles) {
      best = kernel;
      bestCycles = cost->cycles;
    }
  }
  if (!best)
    return failure();
  return best;
}

bool CostModel::haveEqualCosts(DeviceOp a, DeviceOp b) const {
  return a == b || llvm::all_of(sources, [&](auto &source) { return source->haveEqualCosts(a, b); });
}

DeviceOp CostModel::getDevice(PlaceAttr place) const {
  if (!place)
    return {};
  auto [entry, isNew] = devices.try_emplace(place);
  if (isNew)
    if (auto instance = dyn_cast_or_null<InstanceOp>(SymbolTable::lookupSymbolIn(module, place.getDevice())))
      entry->second = dyn_cast_or_null<DeviceOp>(SymbolTable::lookupSymbolIn(module, instance.getDevice()));
  return entry->second;
}

//===- Nodes.cpp - C interface of nodes -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "CAPI/Xplat.h"

#include "Transforms/Hardware/CablePlan.h"
#include "xplat/Analysis/CostSources.h"
#include "xplat/Analysis/DataflowGraph.h"
#include "xplat/IR/Xplat.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"

using namespace xplat;

static NodeOpInterface asNode(MlirOperation op) { return mlir::cast<NodeOpInterface>(unwrap(op)); }

/// The given factors, or those in force when none are given.
static llvm::SmallVector<int64_t> unrollOf(NodeOpInterface node, intptr_t count, const int64_t *unroll) {
  if (count == 0)
    return node.getUnrollFactors();
  return llvm::SmallVector<int64_t>(unroll, unroll + count);
}

bool xplatOperationIsANode(MlirOperation op) { return mlir::isa<NodeOpInterface>(unwrap(op)); }

void xplatNodeGetName(MlirOperation op, MlirStringCallback callback, void *userData) {
  std::string name = getNodeName(unwrap(op));
  callback(wrap(llvm::StringRef(name)), userData);
}

void xplatNodeGetDimensions(MlirOperation op, XplatDimensionCallback callback, void *userData) {
  NodeOpInterface node = asNode(op);
  auto names = node.getDimensionNames();
  auto extents = node.getIterationDomain();
  auto kinds = node.getIteratorKinds();
  auto unroll = node.getUnrollFactors();
  for (size_t i = 0; i < extents.size(); ++i)
    callback(wrap(names[i]), extents[i], wrap(stringifyIteratorKind(kinds[i])), unroll[i], userData);
}

void xplatNodeGetLegalUnroll(MlirOperation op, unsigned dim, XplatIntegerCallback callback, void *userData) {
  for (int64_t factor : asNode(op).getLegalUnroll(dim))
    callback(factor, userData);
}

bool xplatNodeExplainUnroll(MlirOperation op, intptr_t count, const int64_t *unroll, MlirStringCallback callback,
                            void *userData) {
  std::optional<std::string> reason = Geometry(unwrap(op)).explainUnroll({unroll, static_cast<size_t>(count)});
  if (reason)
    callback(wrap(llvm::StringRef(*reason)), userData);
  return reason.has_value();
}

void xplatNodeGetKernelSymbols(MlirOperation op, intptr_t count, const int64_t *unroll,
                               XplatNamedIntegerCallback callback, void *userData) {
  NodeOpInterface node = asNode(op);
  auto names = node.getKernelSymbolNames();
  auto values = node.getKernelSymbolValues(unrollOf(node, count, unroll));
  for (size_t i = 0; i < names.size(); ++i)
    callback(wrap(llvm::StringRef(names[i])), values[i], userData);
}

void xplatNodeGetPorts(MlirOperation op, XplatPortCallback callback, void *userData) {
  NodeOpInterface node = asNode(op);
  auto names = node.getPortNames();
  auto formats = node.getPortFormats();
  for (size_t i = 0; i < names.size(); ++i)
    callback(wrap(names[i]), wrap(formats[i]), userData);
}

void xplatNodeGetParameters(MlirOperation op, XplatParameterCallback callback, void *userData) {
  for (const ParameterUse &use : asNode(op).getParameters())
    if (use.symbol)
      callback(wrap(use.name), wrap(mlir::Attribute(use.symbol)), userData);
}

int64_t xplatNodeGetOperandLanes(MlirOperation op, unsigned index, intptr_t count, const int64_t *unroll) {
  NodeOpInterface node = asNode(op);
  return node.getOperandLanes(index, unrollOf(node, count, unroll));
}

int64_t xplatNodeGetResultLanes(MlirOperation op, unsigned index, intptr_t count, const int64_t *unroll) {
  NodeOpInterface node = asNode(op);
  return node.getResultLanes(index, unrollOf(node, count, unroll));
}

int64_t xplatNodeGetRequiredElements(MlirOperation op, unsigned index, int64_t element) {
  return Geometry(unwrap(op)).getPrefixes(index).getRequired(element);
}

bool xplatNodeHasCombinationalReady(MlirOperation op) {
  CostModel costs(unwrap(op)->getParentOfType<mlir::ModuleOp>());
  std::optional<Cost> cost = costs.evaluate(asNode(op));
  return cost && cost->hasCombinationalReady();
}

bool xplatFunctionGetBeatsWhileBlocked(MlirOperation op, XplatBlockedCallback callback, void *userData) {
  auto function = mlir::dyn_cast<mlir::func::FuncOp>(unwrap(op));
  auto module = function ? function->getParentOfType<mlir::ModuleOp>() : mlir::ModuleOp();
  if (!module || module.getOps<SystemOp>().empty())
    return false;
  CostModel costs(module);
  mlir::FailureOr<SystemClocks> clocks = SystemClocks::get(*module.getOps<SystemOp>().begin());
  if (failed(clocks))
    return false;
  mlir::FailureOr<DataflowGraph> graph = DataflowGraph::build(function, costs, *clocks);
  if (failed(graph))
    return false;
  for (const Actor &actor : graph->getActors()) {
    llvm::SmallVector<int64_t> beats;
    for (unsigned input = 0; input < actor.inputs.size(); ++input)
      beats.push_back(actor.getBeatsWhileBlocked(input));
    callback(wrap(llvm::StringRef(actor.name)), beats.size(), beats.data(), userData);
  }
  return true;
}

int64_t xplatNodeGetMultiplyAccumulates(MlirOperation op) { return asNode(op).getMultiplyAccumulates(); }

bool xplatOperationIsACable(MlirOperation op) { return mlir::isa<CableOp>(unwrap(op)); }

int64_t xplatCableGetBits(MlirOperation op, double clockMhz) {
  return getBitsPerCycle(mlir::cast<CableOp>(unwrap(op)), clockMhz);
}

int64_t xplatNodeGetFurtherOperations(MlirOperation op) { return asNode(op).getFurtherOperations(); }

int64_t xplatNodeGetChannelDim(MlirOperation op) { return asNode(op).getChannelDim(); }

bool xplatOperationIsElementwise(MlirOperation op) { return mlir::isa<ElementwiseOpInterface>(unwrap(op)); }

bool xplatOperationIsApproximable(MlirOperation op) { return mlir::isa<ApproximableOpInterface>(unwrap(op)); }

MlirAttribute xplatOperationGetPolynomials(MlirOperation op) {
  auto node = mlir::dyn_cast<ApproximableOpInterface>(unwrap(op));
  return wrap(node ? mlir::Attribute(node.getNodePolynomials()) : mlir::Attribute());
}

double xplatHidingMagnitude(void) { return hidingMagnitude; }

double xplatLeastHidden(void) { return leastHidden; }

bool xplatKernelTakesWordsInOrder(MlirOperation kernel) {
  return mlir::cast<KernelOp>(unwrap(kernel)).takesWordsInOrder();
}

MlirStringRef xplatFamilyChooseMemoryStyle(MlirOperation family, MlirStringRef memory, intptr_t count,
                                           const int64_t *size) {
  auto op = mlir::dyn_cast<FamilyOp>(unwrap(family));
  if (!op)
    return wrap(llvm::StringRef());
  llvm::ArrayRef<int64_t> arguments(size, static_cast<size_t>(count));
  mlir::FailureOr<llvm::StringRef> style = chooseMemoryStyle(op, unwrap(memory), arguments);
  return wrap(mlir::succeeded(style) ? *style : llvm::StringRef());
}

MlirStringRef xplatKernelLateParameter(void) { return wrap(llvm::StringRef(KernelOp::lateParameter)); }

bool xplatKernelCanImplement(MlirOperation kernel, MlirOperation op) {
  return mlir::cast<KernelOp>(unwrap(kernel)).canImplement(unwrap(op)->getName());
}

bool xplatOperationIsWeighted(MlirOperation op) { return mlir::isa<WeightedOpInterface>(unwrap(op)); }

MlirAttribute xplatWeightedGetWeight(MlirOperation op) {
  return wrap(mlir::cast<WeightedOpInterface>(unwrap(op)).getWeightRef());
}

int64_t xplatWeightedGetChannelDim(MlirOperation op) {
  return mlir::cast<WeightedOpInterface>(unwrap(op)).getWeightChannelDim();
}

bool xplatOperationHasChannels(MlirOperation op) {
  auto channels = mlir::dyn_cast<ChannelOpInterface>(unwrap(op));
  return channels ? channels.hasChannels() : mlir::isa<ElementwiseOpInterface>(unwrap(op));
}

void xplatChannelsForEachOperandChannel(MlirOperation op, intptr_t index, XplatIntegerCallback callback,
                                        void *userData) {
  if (auto channels = mlir::dyn_cast<ChannelOpInterface>(unwrap(op))) {
    for (int64_t channel : channels.getOperandChannels(index))
      callback(channel, userData);
    return;
  }
  for (int64_t channel : llvm::seq(xplatTypeGetChannelExtent(wrap(unwrap(op)->getResult(0).getType()))))
    callback(channel, userData);
}

void xplatChannelsForEachZeroingParameter(MlirOperation op, void (*callback)(MlirAttribute, void *), void *userData) {
  if (auto channels = mlir::dyn_cast<ChannelOpInterface>(unwrap(op)))
    for (mlir::FlatSymbolRefAttr symbol : channels.getZeroingParameters())
      callback(wrap(symbol), userData);
}

bool xplatOperationIsCalibrated(MlirOperation op) { return mlir::isa<CalibratedOpInterface>(unwrap(op)); }

bool xplatOperationKeepsFormat(MlirOperation op) {
  auto calibrated = mlir::dyn_cast<CalibratedOpInterface>(unwrap(op));
  return calibrated && calibrated.keepsFormat();
}

int64_t xplatOperationCountSelectedRows(MlirOperation op) {
  std::optional<xplat::detail::TableRows> rows = xplat::detail::countSelectedRows(unwrap(op)->getResult(0));
  return rows ? rows->least : 0;
}

void xplatCalibratedSetRequestedFormats(MlirOperation op, MlirAttribute quantization) {
  mlir::cast<CalibratedOpInterface>(unwrap(op))
      .setRequestedFormats(mlir::cast_or_null<QuantizationAttr>(unwrap(quantization)));
}

bool xplatOperationIsAHostBoundary(MlirOperation op) { return mlir::isa<HostBoundaryOpInterface>(unwrap(op)); }

bool xplatHostBoundaryIsInput(MlirOperation op) { return mlir::cast<HostBoundaryOpInterface>(unwrap(op)).isInput(); }

int64_t xplatHostBoundaryGetBitsPerSample(MlirOperation op) {
  return mlir::cast<HostBoundaryOpInterface>(unwrap(op)).getBitsPerSample();
}

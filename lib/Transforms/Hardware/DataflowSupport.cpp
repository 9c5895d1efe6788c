//===- DataflowSupport.cpp - What the dataflow passes share ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/DataflowSupport.h"

using namespace mlir;
using namespace xplat;

FailureOr<MappedGraph> xplat::getMappedGraph(ModuleOp module) {
  auto mappings = llvm::to_vector(module.getOps<MappingOp>());
  if (mappings.size() != 1)
    return module.emitError("expected one 'xplat.mapping', which 'xplat-hardware' writes, but got ") << mappings.size();
  MappedGraph mapped{mappings.front(), module.lookupSymbol<func::FuncOp>(mappings.front().getGraph()),
                     module.lookupSymbol<SystemOp>(mappings.front().getSystem())};
  if (!mapped.graph || !llvm::hasSingleElement(mapped.graph.getBody()))
    return mapped.mapping.emitOpError("expected ")
           << mapped.mapping.getGraphAttr() << " to name a function of one block";
  if (!mapped.system)
    return mapped.mapping.emitOpError("expected ") << mapped.mapping.getSystemAttr() << " to name an 'xplat.system'";
  return mapped;
}

SmallVector<NodeOpInterface> xplat::getNodes(func::FuncOp graph) {
  SmallVector<NodeOpInterface> nodes;
  for (Operation &op : graph.getBody().front())
    if (auto node = dyn_cast<NodeOpInterface>(op))
      nodes.push_back(node);
  return nodes;
}

bool xplat::leavesSystem(Operation *op) {
  auto boundary = dyn_cast<HostBoundaryOpInterface>(op);
  return boundary && !boundary.isInput();
}

LogicalResult xplat::bindStructure(NodeOpInterface node, CostModel &costs) {
  SmallVector<Rejection> rejections;
  FailureOr<KernelOp> kernel = costs.findKernel(node, costs.getDevice(node), rejections);
  if (failed(kernel)) {
    auto diagnostic = node->emitOpError("no kernel implements it; add one with 'xplat-link-library'");
    for (Rejection &rejection : rejections)
      diagnostic.attachNote(rejection.kernel.getLoc())
          << "kernel @" << rejection.kernel.getSymName() << " does not fit: " << rejection.reason;
    return diagnostic;
  }
  node.setKernelRef(FlatSymbolRefAttr::get(kernel->getSymNameAttr()));
  Cost cost = *costs.evaluate(node);
  node.setNodeRate(RateAttr::get(node->getContext(), cost.cycles, cost.latency));
  node.setNodeArea(costs.getResources().getAttr(cost.area));
  return success();
}

llvm::MapVector<PlaceAttr, Area> xplat::sumAreas(func::FuncOp graph, ResourceNames &resources) {
  llvm::MapVector<PlaceAttr, Area> areas;
  for (NodeOpInterface node : getNodes(graph)) {
    PlaceAttr place = node.getPlacement(), resultPlace = node.getResultPlacement();
    if (!node.getNodeArea() || !place)
      continue;
    Area area = resources.getArea(node.getNodeArea());
    areas[place] += area;
    if (resultPlace != place)
      areas[resultPlace] += area;
  }
  return areas;
}

Location xplat::getNamedLocation(Operation *origin, const Twine &name) {
  Location child = origin->getLoc();
  if (auto named = child->findInstanceOf<NameLoc>())
    child = named.getChildLoc();
  return NameLoc::get(StringAttr::get(origin->getContext(), name), child);
}

//===- ConstantFunctions.cpp - Constants as functions of parameters -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Software/ConstantFunctions.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace xplat;

SmallVector<Operation *> ConstantFunctions::collect(Operation *root) {
  SetVector<Operation *> found;
  found.insert(root);
  for (size_t i = 0; i < found.size(); ++i)
    for (Value operand : found[i]->getOperands())
      found.insert(operand.getDefiningOp());
  SmallVector<Operation *> order = found.takeVector();
  llvm::sort(order, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  return order;
}

ParamOp ConstantFunctions::getParam(Operation *node) {
  if (!isa<ConstantOpInterface>(node))
    return {};
  auto uses = cast<NodeOpInterface>(node).getParameters();
  ParamOp param = uses.empty() ? ParamOp() : lookupParam(node, uses[0].symbol);
  return param && param.getType() == node->getResult(0).getType() ? param : ParamOp();
}

FlatSymbolRefAttr ConstantFunctions::outline(Operation *root, StringRef name, StringRef suffix, SparsityAttr sparsity) {
  SmallVector<Operation *> nodes = collect(root);
  llvm::SmallMapVector<Operation *, ParamOp, 4> starts;
  SetVector<ParamOp> sources;
  SmallVector<Type> types;
  SmallVector<FlatSymbolRefAttr> names;
  for (Operation *node : nodes)
    if (ParamOp param = getParam(node)) {
      starts[node] = param;
      if (sources.insert(param)) {
        types.push_back(param.getType());
        names.push_back(FlatSymbolRefAttr::get(param.getSymNameAttr()));
      }
    }
  OpBuilder builder(root->getContext());
  Type type = root->getResult(0).getType();
  Location loc = root->getLoc();
  auto function = func::FuncOp::create(builder, loc, (name + ":function").str(), builder.getFunctionType(types, type));
  function.setPrivate();
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  IRMapping mapping;
  for (Operation *node : nodes) {
    auto start = starts.find(node);
    if (start != starts.end())
      mapping.map(node->getResult(0), body->getArgument(llvm::find(sources, start->second) - sources.begin()));
    else
      builder.clone(*node, mapping);
  }
  func::ReturnOp::create(builder, loc, mapping.lookup(root->getResult(0)));
  FlatSymbolRefAttr symbol = insertBeside(root, function, symbols);
  auto derivation = DerivationAttr::get(root->getContext(), DerivationKind::evaluate, names, {}, {}, {}, symbol);
  return addDerivedParam(root, loc, name + suffix, type, derivation, symbols, sparsity);
}

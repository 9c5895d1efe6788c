//===- KernelSubject.cpp - What a kernel implements -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/KernelSubject.h"

#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;

static constexpr StringLiteral elementwiseName = "ElementwiseOpInterface";
static constexpr StringRef elementwiseLoops[] = {"n", "c"};
static constexpr StringRef elementwiseConstants[] = {"inputs",   "input_bits", "degree",  "guard_bits",
                                                     "segments", "ranges",     "longest", "shortest",
                                                     "bits_0",   "bits_1",     "bits_2"};
static constexpr StringRef elementwisePorts[] = {"x", "y"};

static NodeOpInterface::Concept *getConcept(OperationName op) { return op.getInterface<NodeOpInterface>(); }

std::optional<KernelSubject> KernelSubject::get(StringRef name, MLIRContext *context) {
  if (name == elementwiseName)
    return KernelSubject(std::nullopt);
  auto info = RegisteredOperationName::lookup(name, context);
  if (!info || !info->hasInterface<NodeOpInterface>())
    return std::nullopt;
  return KernelSubject(*info);
}

bool KernelSubject::includes(OperationName name) const {
  return op ? name == *op : name.hasInterface<ElementwiseOpInterface>() && name.hasInterface<NodeOpInterface>();
}

bool KernelSubject::isElementwise() const { return !op || op->hasInterface<ElementwiseOpInterface>(); }

bool KernelSubject::isNamedFunction() const {
  return op && isElementwise() && op->getInterface<ElementwiseOpInterface>()->isNamedFunction();
}

SmallVector<StringRef> KernelSubject::getLoops() const {
  return op ? getConcept(*op)->getDimensionNames() : SmallVector<StringRef>(ArrayRef(elementwiseLoops));
}

SmallVector<StringRef> KernelSubject::getPorts() const {
  return op ? getConcept(*op)->getPortNames() : SmallVector<StringRef>(ArrayRef(elementwisePorts));
}

SmallVector<std::string> KernelSubject::getSymbols() const {
  if (op)
    return NodeOpInterface::getKernelSymbolNames(*op);
  return NodeOpInterface::getKernelSymbolNames(elementwiseLoops, elementwiseConstants, elementwisePorts);
}

size_t KernelSubject::getFirstFactor() const {
  size_t constants = op ? getConcept(*op)->getConstantNames().size() : std::size(elementwiseConstants);
  return getLoops().size() + constants;
}

SmallVector<Type> KernelSubject::getPortFormats(NodeOpInterface node) const {
  return op ? node.getPortFormats() : xplat::detail::getFirstPortFormats(node);
}

SmallVector<int64_t> KernelSubject::getSymbolValues(NodeOpInterface node, ArrayRef<int64_t> unroll) const {
  if (op)
    return node.getKernelSymbolValues(unroll);
  int64_t inputBits = 0;
  for (Type type : node->getOperandTypes())
    inputBits += cast<NumberFormatTypeInterface>(getDataElement(type)).getBitsPerElement();
  SmallVector<int64_t> constants(std::size(elementwiseConstants));
  constants[0] = node->getNumOperands();
  constants[1] = inputBits;
  if (PolynomialsAttr polynomials = getPolynomials(node))
    llvm::copy(ArrayRef<int64_t>{polynomials.getDegree(), polynomials.getGuardBits(), polynomials.getNumSegments(),
                                 static_cast<int64_t>(polynomials.getRangeWords().size()), polynomials.getLongestBits(),
                                 polynomials.getShortestBits(), polynomials.getCoefficientBits(0),
                                 polynomials.getCoefficientBits(1), polynomials.getCoefficientBits(2)},
               constants.begin() + 2);
  return node.getKernelSymbolValues(constants, unroll, getPortFormats(node));
}

//===- Interfaces.cpp - Kernel symbols of a node --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;

#include "xplat/IR/XplatOpInterfaces.cpp.inc"
#include "xplat/IR/XplatSoftwareInterfaces.cpp.inc"

int64_t xplat::detail::getSingleBits(const APFloat &value) {
  APFloat single = value;
  bool inexact;
  single.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &inexact);
  return static_cast<int64_t>(single.bitcastToAPInt().getZExtValue());
}

SmallVector<std::string> NodeOpInterface::getKernelSymbolNames(OperationName name) {
  auto *concept_ = name.getInterface<NodeOpInterface>();
  return getKernelSymbolNames(concept_->getDimensionNames(), concept_->getConstantNames(), concept_->getPortNames());
}

SmallVector<std::string> NodeOpInterface::getKernelSymbolNames(ArrayRef<StringRef> loops, ArrayRef<StringRef> constants,
                                                               ArrayRef<StringRef> ports) {
  SmallVector<std::string> names;
  for (StringRef loop : loops)
    names.push_back(loop.str());
  for (StringRef constant : constants)
    names.push_back(constant.str());
  for (StringRef loop : loops)
    names.push_back(("p_" + loop).str());
  for (StringRef port : ports)
    names.push_back(("bits_" + port).str());
  for (StringRef port : ports)
    names.push_back(("frac_" + port).str());
  for (StringRef port : ports)
    names.push_back(("unsigned_" + port).str());
  for (StringRef port : ports)
    names.push_back(("block_" + port).str());
  for (StringRef port : ports)
    names.push_back(("exponent_" + port).str());
  for (StringRef port : ports)
    names.push_back(("complement_" + port).str());
  return names;
}

SmallVector<int64_t> NodeOpInterface::getKernelSymbolValues(ArrayRef<int64_t> unroll) {
  return getKernelSymbolValues(getConstants(), unroll, getPortFormats());
}

SmallVector<int64_t> NodeOpInterface::getKernelSymbolValues(ArrayRef<int64_t> constants, ArrayRef<int64_t> unroll,
                                                            ArrayRef<Type> formats) {
  SmallVector<int64_t> values = getIterationDomain();
  llvm::append_range(values, constants);
  llvm::append_range(values, unroll);
  for (Type type : formats)
    values.push_back(type ? cast<NumberFormatTypeInterface>(type).getBitsPerElement() : 0);
  for (Type type : formats)
    values.push_back(type ? cast<NumberFormatTypeInterface>(type).getFractionalBits(0) : 0);
  for (Type type : formats)
    values.push_back(type && cast<NumberFormatTypeInterface>(type).isUnsigned());
  for (Type type : formats)
    values.push_back(type ? cast<NumberFormatTypeInterface>(type).getBlockSize() : 1);
  for (Type type : formats)
    values.push_back(type ? cast<NumberFormatTypeInterface>(type).getElementExponentBits() : 0);
  for (Type type : formats)
    values.push_back(type && cast<NumberFormatTypeInterface>(type).isTwosComplement());
  return values;
}

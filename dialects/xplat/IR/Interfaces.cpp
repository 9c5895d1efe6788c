//===- Interfaces.cpp - Kernel symbols of a node --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "xplat/IR/Xplat.h"

using namespace mlir;
using namespace xplat;

#include "xplat/IR/XplatOpInterfaces.cpp.inc"

SmallVector<std::string> NodeOpInterface::getKernelSymbolNames(OperationName name) {
  auto *concept_ = name.getInterface<NodeOpInterface>();
  SmallVector<StringRef> dimensions = concept_->getDimensionNames();
  SmallVector<StringRef> ports = concept_->getPortNames();
  SmallVector<std::string> names;
  for (StringRef dimension : dimensions)
    names.push_back(dimension.str());
  for (StringRef constant : concept_->getConstantNames())
    names.push_back(constant.str());
  for (StringRef dimension : dimensions)
    names.push_back(("p_" + dimension).str());
  for (StringRef port : ports)
    names.push_back(("bits_" + port).str());
  for (StringRef port : ports)
    names.push_back(("frac_" + port).str());
  return names;
}

SmallVector<int64_t> NodeOpInterface::getKernelSymbolValues(ArrayRef<int64_t> unroll) {
  SmallVector<int64_t> values = getIterationDomain();
  llvm::append_range(values, getConstants());
  llvm::append_range(values, unroll);
  SmallVector<Type> formats = getPortFormats();
  for (Type type : formats)
    values.push_back(type ? cast<NumberFormatTypeInterface>(type).getBitsPerElement() : 0);
  for (Type type : formats)
    values.push_back(type ? cast<NumberFormatTypeInterface>(type).getFractionalBits(0) : 0);
  return values;
}

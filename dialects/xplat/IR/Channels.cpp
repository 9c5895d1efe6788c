//===- Channels.cpp - How the channels of nodes hang together -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which channels of operands and result go together follows from the maps of the
// dimensions along which channels lie (`getChannelsDim`), whatever the layout.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/Xplat.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace xplat;

bool Geometry::followsChannel(const Access &operand) const {
  const Index *to = results.front().getChannels(), *from = operand.getChannels();
  return to && from && !operand.isPosition && !results.front().isPosition &&
         allIterators(*from, [&](unsigned iterator) { return to->uses(iterator); });
}

bool Geometry::mixesChannels(const Access &operand) const {
  const Index *from = operand.getChannels();
  return from && !operand.isPosition && allIterators(*from, [&](unsigned iterator) {
           auto isIndexed = [&](const Access &parameter) { return parameter.uses(iterator); };
           return !isInResults(iterator) && llvm::any_of(parameters, isIndexed);
         });
}

bool Geometry::hasChannels() const {
  auto isRelated = [&](const Access &operand) { return followsChannel(operand) || mixesChannels(operand); };
  return results.size() == 1 && !operands.empty() && llvm::all_of(operands, isRelated) &&
         (parameters.empty() || !getChannelParameters().empty());
}

SmallVector<int64_t> Geometry::getOperandChannels(unsigned index) const {
  const Access &operand = operands[index], &result = results.front();
  int64_t channels = getChannelsExtent(result.extents);
  SmallVector<int64_t> sources(channels, -1);
  if (!followsChannel(operand))
    return sources;
  const Index &to = *result.getChannels(), &from = *operand.getChannels();
  int64_t extent = getChannelsExtent(operand.extents);
  for (int64_t channel = 0; channel < channels; ++channel) {
    int64_t source = from.constant;
    for (auto [iterator, range] : llvm::enumerate(indexing.ranges))
      if (from.uses(iterator))
        source += from.coefficients[iterator] * ((channel - to.constant) / to.coefficients[iterator] % range);
    if (source >= 0 && source < extent)
      sources[channel] = source;
  }
  return sources;
}

int64_t Geometry::getResultChannelLoop() const {
  const Index *channel = results.front().getChannels();
  return channel ? getLoop(*channel) : -1;
}

int64_t Geometry::getOperandChannelLoop() const {
  const Index *channel = operands.front().getChannels();
  return channel ? getLoop(*channel) : -1;
}

SmallVector<FlatSymbolRefAttr> Geometry::getChannelParameters() const {
  SmallVector<FlatSymbolRefAttr> symbols;
  const Index *channel = results.front().getChannels();
  for (auto [parameter, access] : llvm::zip(indexing.parameters, parameters))
    if (channel && !access.indices.empty() &&
        allIterators(access.indices.front(), [&](unsigned iterator) { return channel->uses(iterator); }))
      symbols.push_back(parameter.symbol);
  return symbols;
}

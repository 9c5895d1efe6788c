//===- Channels.cpp - How the channels of nodes hang together -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ChannelOpInterface of every node that implements it: which loops index the
// channels of operand and result, and which channels go together. Channels are
// dimension 1 of a tensor of rank 4, else the last.
//
//===----------------------------------------------------------------------===//
#include "xplat/IR/NodeOps.h"
#include "xplat/IR/Nodes.h"

using namespace mlir;
using namespace xplat;

static int64_t channelDim(Type type) { return getInnermostDim(getDataShape(type)); }

static SmallVector<FlatSymbolRefAttr> present(std::initializer_list<FlatSymbolRefAttr> symbols) {
  SmallVector<FlatSymbolRefAttr> result;
  llvm::copy_if(symbols, std::back_inserter(result), [](FlatSymbolRefAttr symbol) { return symbol != nullptr; });
  return result;
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

bool LinearOp::hasChannels() { return channelDim(getType()) == getResultChannelDim(); }
int64_t LinearOp::getResultChannelLoop() { return 1; }
int64_t LinearOp::getOperandChannelLoop() { return 2; }
int64_t LinearOp::getOperandChannel(unsigned, int64_t) { return -1; }
SmallVector<FlatSymbolRefAttr> LinearOp::getZeroingParameters() { return present({getWeightAttr(), getBiasAttr()}); }

bool Conv2DOp::hasChannels() { return getGroups() == 1; }
int64_t Conv2DOp::getResultChannelLoop() { return 2; }
int64_t Conv2DOp::getOperandChannelLoop() { return 5; }
int64_t Conv2DOp::getOperandChannel(unsigned, int64_t) { return -1; }
SmallVector<FlatSymbolRefAttr> Conv2DOp::getZeroingParameters() { return present({getWeightAttr(), getBiasAttr()}); }

int64_t DepthwiseConv2DOp::getResultChannelLoop() { return 2; }
int64_t DepthwiseConv2DOp::getOperandChannelLoop() { return 2; }
SmallVector<FlatSymbolRefAttr> DepthwiseConv2DOp::getZeroingParameters() {
  return present({getWeightAttr(), getBiasAttr()});
}

int64_t BatchNormOp::getResultChannelLoop() { return 1; }
int64_t BatchNormOp::getOperandChannelLoop() { return 1; }
SmallVector<FlatSymbolRefAttr> BatchNormOp::getZeroingParameters() { return present({getGammaAttr(), getBetaAttr()}); }

bool ChannelAffineOp::hasChannels() { return static_cast<int64_t>(getDim()) == channelDim(getType()); }
int64_t ChannelAffineOp::getResultChannelLoop() { return 1; }
int64_t ChannelAffineOp::getOperandChannelLoop() { return 1; }
SmallVector<FlatSymbolRefAttr> ChannelAffineOp::getZeroingParameters() {
  return present({getWeightAttr(), getBiasAttr()});
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

/// A flatten of one sample, or the same extents.
bool ReshapeOp::hasChannels() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  return in == out || (in.size() == 4 && in[0] == 1 && out.size() == 2 && out[0] == 1);
}

int64_t ReshapeOp::getOperandChannel(unsigned, int64_t channel) {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  if (in == out)
    return channel;
  return getOrder() == ReshapeOrder::channels_last ? channel % in[1] : channel / (in[2] * in[3]);
}

bool ConcatOp::hasChannels() { return static_cast<int64_t>(getDim()) == channelDim(getType()); }

int64_t ConcatOp::getOperandChannel(unsigned index, int64_t channel) {
  for (unsigned i = 0; i < index; ++i)
    channel -= getDataShape(getInputs()[i].getType())[getDim()];
  return channel >= 0 && channel < getDataShape(getInputs()[index].getType())[getDim()] ? channel : -1;
}

/// Over height and width of one sample.
bool ReduceOp::hasChannels() {
  ArrayRef<int64_t> in = getDataShape(getInput().getType()), out = getDataShape(getType());
  return in.size() == 4 && getDims() == ArrayRef<int64_t>{2, 3} && (out.size() == 4 || (out.size() == 2));
}

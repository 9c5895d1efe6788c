//===- StructurePlan.cpp - What stands between a node and its readers -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Transforms/Hardware/StructurePlan.h"

#include "xplat/IR/StructureOps.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace xplat;

//===----------------------------------------------------------------------===//
// Plan
//===----------------------------------------------------------------------===//

namespace {
using Source = StructurePlan::Source;
using Part = StructurePlan::Part;

/// Someone who reads the stream on the instance where it is distributed: an operand, or the readers on another
/// instance.
struct Branch {
  int64_t lanes;
  /// Index of the only reader; -1 when there are several.
  int reader;
  std::optional<unsigned> remote;
};

class Planner {
public:
  Planner(const SystemModel &system, CablePlan &cables, int64_t ticks) : system(system), cables(cables), ticks(ticks) {}

  StructurePlan run(StreamType stream, unsigned home, ArrayRef<StreamReader> readers) {
    plan.sources.resize(readers.size());
    SmallVector<Branch> branches;
    for (auto [index, reader] : llvm::enumerate(readers)) {
      Branch branch{reader.lanes, static_cast<int>(index), std::nullopt};
      (reader.instance == home ? branches : remotes[reader.instance]).push_back(branch);
    }
    for (auto &[remote, beyond] : remotes)
      branches.push_back(
          {chooseLinkLanes(stream, home, beyond), beyond.size() == 1 ? beyond.front().reader : -1, remote});
    if (!branches.empty())
      distribute(stream, Source(), home, branches);
    return std::move(plan);
  }

private:
  Source add(Part part) {
    plan.parts.push_back(std::move(part));
    return {static_cast<int>(plan.parts.size()) - 1, 0};
  }

  /// `source`, of type `stream`, with other lanes.
  Source convert(StreamType &stream, Source source, int64_t lanes, unsigned at, const Branch *branch) {
    if (stream.getLanes() == lanes)
      return source;
    StreamType operand = std::exchange(stream, getStream(stream, lanes));
    Part part{StructurePlan::Kind::converter, at, source, operand, stream};
    part.origin = at;
    if (branch) {
      part.reader = branch->reader;
      part.remote = branch->remote;
    }
    return add(std::move(part));
  }

  void distribute(StreamType stream, Source source, unsigned at, ArrayRef<Branch> branches) {
    int forked = -1;
    if (branches.size() > 1) {
      // One converter does when all readers want the same lanes.
      int64_t lanes = branches.front().lanes;
      if (llvm::all_of(branches, [&](const Branch &branch) { return branch.lanes == lanes; }))
        source = convert(stream, source, lanes, at, nullptr);
      Part fork{StructurePlan::Kind::fork, at, source, stream, stream, static_cast<unsigned>(branches.size())};
      fork.origin = at;
      forked = add(std::move(fork)).part;
    }
    for (auto [index, branch] : llvm::enumerate(branches)) {
      StreamType type = stream;
      Source copy = forked < 0 ? source : Source{forked, static_cast<unsigned>(index)};
      copy = convert(type, copy, branch.lanes, at, &branch);
      if (!branch.remote) {
        plan.sources[branch.reader] = copy;
        continue;
      }
      copy = cross(type, copy, at, branch);
      distribute(type, copy, *branch.remote, remotes[*branch.remote]);
    }
  }

  Source cross(StreamType stream, Source source, unsigned at, const Branch &branch) {
    SmallVector<Hop> route = cables.route(system.instances[at].place, system.instances[*branch.remote].place);
    if (route.empty())
      plan.unreachable.push_back(*branch.remote);
    for (auto [step, hop] : llvm::enumerate(route)) {
      unsigned from = *system.find(hop.from()), to = *system.find(hop.to());
      int64_t phit = getSmallestPhit(stream.getNumBeats(), stream.getBeatBits(), getCycles(from));
      hop.take(phit);
      Part part{StructurePlan::Kind::link, from, source, stream, stream};
      part.origin = at;
      part.reader = branch.reader;
      part.remote = branch.remote;
      part.hop = hop;
      part.step = step;
      part.steps = route.size();
      part.phitBits = phit;
      part.freeBits = hop.free();
      part.tightest = &hop.tightest();
      source = add(part);
      if (system.instances[from].clock == system.instances[to].clock)
        continue;
      part.kind = StructurePlan::Kind::cdc;
      part.instance = to;
      part.source = source;
      source = add(std::move(part));
    }
    return source;
  }

  /// Cycles per sample on an instance.
  int64_t getCycles(unsigned instance) const { return ticks / system.instances[instance].ticks; }

  /// Lanes with which a stream crosses from `home` to its readers in the narrowest slice.
  int64_t chooseLinkLanes(StreamType stream, unsigned home, ArrayRef<Branch> readers) const {
    SmallVector<int64_t> candidates = {stream.getLanes()};
    for (const Branch &reader : readers)
      candidates.push_back(reader.lanes);
    // Narrow beats before wide ones: the far end holds fewer bits for the same credits.
    llvm::sort(candidates);
    auto phit = [&](int64_t lanes) {
      StreamType type = getStream(stream, lanes);
      return getSmallestPhit(type.getNumBeats(), type.getBeatBits(), getCycles(home));
    };
    return *llvm::min_element(candidates, [&](int64_t a, int64_t b) { return phit(a) < phit(b); });
  }

  const SystemModel &system;
  CablePlan &cables;
  int64_t ticks;
  llvm::MapVector<unsigned, SmallVector<Branch>> remotes;
  StructurePlan plan;
};
} // namespace

StructurePlan xplat::planStructure(StreamType stream, unsigned home, ArrayRef<StreamReader> readers,
                                   const SystemModel &system, CablePlan &cables, int64_t ticks) {
  return Planner(system, cables, ticks).run(stream, home, readers);
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

StructureCosts::StructureCosts(CostModel &costs, MLIRContext *context) : costs(costs), builder(context) {
  builder.setInsertionPointToEnd(&scratch);
}

StructureCosts::~StructureCosts() { scratch.clear(); }

const StructureCosts::Known &StructureCosts::get(const StructurePlan::Part &part, DeviceOp device) {
  switch (part.kind) {
  case StructurePlan::Kind::converter:
    return converter(part.operand, part.result.getLanes(), device);
  case StructurePlan::Kind::fork:
    return fork(part.operand, part.copies, device);
  case StructurePlan::Kind::link:
    return link(part.operand, part.phitBits, part.hop->latency, device);
  case StructurePlan::Kind::cdc:
    return cdc(part.operand, device);
  }
  llvm_unreachable("all kinds are handled");
}

const StructureCosts::Known &StructureCosts::fork(StreamType stream, unsigned results, DeviceOp device) {
  auto [entry, isNew] = known.try_emplace({StructurePlan::Kind::fork, stream.getAsOpaquePointer(), results, 0, device});
  if (!isNew)
    return entry->second;
  Value input = scratch.addArgument(stream, UnknownLoc::get(stream.getContext()));
  SmallVector<Type> types(results, stream);
  auto fork = ForkOp::create(builder, input.getLoc(), types, input, ConfigAttr(), RateAttr(), ResourcesAttr());
  return entry->second = evaluate(fork, device);
}

const StructureCosts::Known &StructureCosts::converter(StreamType stream, int64_t lanes, DeviceOp device) {
  auto [entry, isNew] =
      known.try_emplace({StructurePlan::Kind::converter, stream.getAsOpaquePointer(), lanes, 0, device});
  if (!isNew)
    return entry->second;
  Value input = scratch.addArgument(stream, UnknownLoc::get(stream.getContext()));
  auto converter = ConvertStreamOp::create(builder, input.getLoc(), getStream(stream, lanes), input, ConfigAttr(),
                                           RateAttr(), ResourcesAttr());
  return entry->second = evaluate(converter, device);
}

const StructureCosts::Known &StructureCosts::cdc(StreamType stream, DeviceOp device) {
  auto [entry, isNew] = known.try_emplace({StructurePlan::Kind::cdc, stream.getAsOpaquePointer(), 0, 0, device});
  if (!isNew)
    return entry->second;
  Value input = scratch.addArgument(stream, UnknownLoc::get(stream.getContext()));
  auto cdc = CdcOp::create(builder, input.getLoc(), stream, input, CdcOp::leastDepth, ConfigAttr(), RateAttr(),
                           ResourcesAttr());
  return entry->second = evaluate(cdc, device);
}

const StructureCosts::Known &StructureCosts::link(StreamType stream, int64_t phitBits, int64_t latency,
                                                  DeviceOp device) {
  auto [entry, isNew] =
      known.try_emplace({StructurePlan::Kind::link, stream.getAsOpaquePointer(), phitBits, latency, device});
  if (!isNew)
    return entry->second;
  MLIRContext *context = stream.getContext();
  Value input = scratch.addArgument(stream, UnknownLoc::get(context));
  int64_t credits = getFullRateCredits(llvm::divideCeil(stream.getBeatBits(), phitBits), latency);
  auto nowhere = FlatSymbolRefAttr::get(context, "");
  auto link =
      LinkOp::create(builder, input.getLoc(), stream, input, nowhere, SymbolRefAttr(), PlaceAttr::get(context, nowhere),
                     phitBits, latency, credits, ConfigAttr(), RateAttr(), ResourcesAttr());
  return entry->second = evaluate(link, device);
}

StructureCosts::Known StructureCosts::evaluate(Operation *op, DeviceOp device) {
  auto node = cast<NodeOpInterface>(op);
  SmallVector<Rejection> rejections;
  FailureOr<KernelOp> kernel = costs.findKernel(node, device, rejections);
  if (failed(kernel))
    return std::nullopt;
  return costs.evaluate(node, *kernel, node.getUnrollFactors(), device)->area;
}

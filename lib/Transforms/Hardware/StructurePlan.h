//===- StructurePlan.h - What stands between a node and its readers -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Forks, width converters, links and clock crossings follow from the lanes and the
// places of a stream's producer and readers. One function decides which of them there are and
// where; partitioning adds up what they cost, and the conversion to dataflow
// builds them.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_STRUCTUREPLAN_H
#define XPLAT_TRANSFORMS_HARDWARE_STRUCTUREPLAN_H

#include "Transforms/Hardware/MappingGraph.h"

#include <map>

namespace xplat {

/// An operand that reads a stream: the instance that it is on, and the lanes that it takes.
struct StreamReader {
  unsigned instance;
  int64_t lanes;
};

struct StructurePlan {
  enum class Kind { converter, fork, link, cdc };
  /// A result of a part, or the stream itself when `part` is -1.
  struct Source {
    int part = -1;
    unsigned result = 0;
  };
  struct Part {
    Kind kind;
    /// Where it is; of a link, the sending end.
    unsigned instance;
    Source source;
    /// Type of the operand and of each result.
    StreamType operand, result;
    /// Results of a fork.
    unsigned copies = 1;

    /// The instance on which the stream is distributed to readers: the producer's, or one that it has crossed to.
    unsigned origin;
    /// The only reader behind the part; -1 when there are several.
    int reader = -1;
    /// The instance to which the stream is on its way.
    std::optional<unsigned> remote;

    /// Of a link, and of a clock crossing behind it: the hop, its number in the route and the length of the route.
    std::optional<Hop> hop;
    unsigned step = 0, steps = 1;
    /// Bits that cross in a cycle of the sender's clock, and the bits that the tightest cable of the hop then has left;
    /// negative: too few.
    int64_t phitBits = 0, freeBits = 0;
    const Cable *tightest = nullptr;

    /// Of a link: cycles per sample, of the sender's clock.
    int64_t getLinkCycles() const { return result.getNumBeats() * llvm::divideCeil(result.getBeatBits(), phitBits); }
  };

  /// In the order in which they are built.
  llvm::SmallVector<Part, 4> parts;
  /// What each reader reads, in the order of the readers.
  llvm::SmallVector<Source, 4> sources;
  /// Instances with readers to which no cables lead.
  llvm::SmallVector<unsigned, 1> unreachable;
};

/// The parts between `stream`, produced on instance `home`, and its readers, so that links have at most `ticks` ticks
/// per sample. Takes bits of `cables`.
StructurePlan planStructure(StreamType stream, unsigned home, llvm::ArrayRef<StreamReader> readers,
                            const SystemModel &system, CablePlan &cables, int64_t ticks);

/// The area of forks, width converters, links and clock crossings, by their kernels.
class StructureCosts {
public:
  StructureCosts(CostModel &costs, mlir::MLIRContext *context);
  ~StructureCosts();
  /// None where no kernel implements the op; binding it reports the error.
  using Known = std::optional<Area>;

  /// Of a part; of a link, of each end. `device`: what it is on.
  const Known &get(const StructurePlan::Part &part, DeviceOp device);
  /// Of a width converter from `stream` to `lanes`, which differ.
  const Known &converter(StreamType stream, int64_t lanes, DeviceOp device);

private:
  const Known &fork(StreamType stream, unsigned results, DeviceOp device);
  const Known &cdc(StreamType stream, DeviceOp device);
  const Known &link(StreamType stream, int64_t phitBits, int64_t latency, DeviceOp device);
  Known evaluate(mlir::Operation *op, DeviceOp device);

  CostModel &costs;
  mlir::Block scratch;
  mlir::OpBuilder builder;
  std::map<std::tuple<StructurePlan::Kind, const void *, int64_t, int64_t, mlir::Operation *>, Known> known;
};

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_STRUCTUREPLAN_H

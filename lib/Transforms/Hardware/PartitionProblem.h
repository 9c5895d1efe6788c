//===- PartitionProblem.h - Which node runs on which device -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One instance per node, so that resources, cables and memories suffice. A node
// that has a place keeps it. The structure ops that a placement needs (forks,
// width converters, links) are those of its StructurePlan.
//
//===----------------------------------------------------------------------===//
#ifndef XPLAT_TRANSFORMS_HARDWARE_PARTITIONPROBLEM_H
#define XPLAT_TRANSFORMS_HARDWARE_PARTITIONPROBLEM_H

#include "Transforms/Hardware/Configurations.h"
#include "Transforms/Hardware/StructurePlan.h"
#include "xplat/Analysis/PartitionSolver.h"

namespace xplat {

/// The instance of each node.
using Placement = llvm::SmallVector<unsigned>;

struct PartitionProblem {
  /// A budget that a placement exceeds.
  struct Violation {
    /// How many times the budget is needed; more than 1.
    double load = 0;
    /// The resource by its position, or none for cables and memories.
    std::optional<unsigned> resource;
    std::string reason;
  };
  struct Evaluation {
    std::vector<Area> usage;
    /// Bits per sample over all cables.
    int64_t crossingBits = 0;
    /// Ticks per sample of the slowest link, 0 without one; the node whose result crosses there.
    int64_t linkCycles = 0;
    unsigned linkNode = 0;
    /// Ticks per sample that the busiest memory needs.
    int64_t memoryCycles = 0;
    /// Largest share of a budget that is used.
    double utilization = 0;
    /// The worst one; none when the placement is legal.
    std::optional<Violation> violation;

    /// Whether this is the better one of two: legal, then fewer crossing bits,
    /// then lower utilization; of two that are not legal, the smaller excess.
    bool isBetterThan(const Evaluation &other) const;
  };

  PartitionProblem(MappingGraph &graph, const SystemModel &system, const DeviceKinds &kinds, StructureCosts &structure,
                   double maxUtilization);

  /// Sets the choice of each node, and the ticks per sample that nodes and links must reach.
  void configure(llvm::ArrayRef<const Configuration *> choices, int64_t ticks);
  /// The same with other choices for each of the system's clocks; null where a node is too slow with that clock.
  void configure(std::vector<llvm::SmallVector<const Configuration *>> choices, int64_t ticks);

  /// Reports an error when the problem itself makes no sense.
  mlir::LogicalResult check() const;
  Evaluation evaluate(llvm::ArrayRef<unsigned> placement) const;
  /// Whether `placement` is legal; reports violations.
  mlir::LogicalResult verify(llvm::ArrayRef<unsigned> placement) const;

  /// Whether the node may be on the instance: it is not fixed to another one, and has a choice with the clock there.
  bool allows(unsigned node, unsigned instance) const {
    return (!fixed[node] || *fixed[node] == instance) && getArea(node, instance);
  }
  /// The choice of a node on an instance; null where it would be too slow.
  const Configuration *getChoice(unsigned node, unsigned instance) const {
    return choices[system.instances[instance].clock][node];
  }
  /// The area of a node on an instance; null where it would be too slow, or where its choice does not exist.
  const Area *getArea(unsigned node, unsigned instance) const {
    const Configuration *choice = getChoice(node, instance);
    if (!choice || !choice->areas[kinds.ofInstance[instance]])
      return nullptr;
    return &*choice->areas[kinds.ofInstance[instance]];
  }
  /// The area with the fastest clock with which the node may be placed, on the first kind where it exists.
  Area getArea(unsigned node) const;
  /// Whether nodes have the same choices with the same areas on both instances.
  bool haveEqualAreas(unsigned a, unsigned b) const {
    return kinds.ofInstance[a] == kinds.ofInstance[b] && system.instances[a].clock == system.instances[b].clock;
  }
  /// The least bits of a port that a stream of so many bits per sample takes, in the unit of `getPortBits`.
  int64_t getLeastPortBits(int64_t bits) const {
    return window == 1 ? llvm::divideCeil(bits, ticks) : bits / llvm::divideCeil(ticks, window);
  }
  /// The instance to which the node is fixed, none where placement may choose.
  std::optional<unsigned> getFixed(unsigned node) const { return fixed[node]; }
  /// The last node that is fixed to the instance; -1 for none.
  int getLastFixed(unsigned instance) const { return lastFixed[instance]; }
  bool hasFixed() const {
    return llvm::any_of(lastFixed, [](int node) { return node >= 0; });
  }
  /// Whether two instances may change places without any difference.
  bool areInterchangeable(unsigned a, unsigned b) const { return interchangeable[a][b]; }
  /// Whether a cable leads from `a` to `b`, or two with a switch between them do.
  bool areConnected(unsigned a, unsigned b) const { return connected[a][b]; }
  /// Bits that all ports of an instance together send, and receive: in a cycle, or where clocks differ in the time
  /// after which all have run a whole number of cycles.
  int64_t getPortBits(unsigned instance) const { return totalPortBits[instance]; }
  unsigned getNumNodes() const { return graph.nodes.size(); }
  unsigned getNumInstances() const { return budgets.size(); }

  MappingGraph &graph;
  const SystemModel &system;
  const DeviceKinds &kinds;
  int64_t ticks = 0;
  /// Budget of each instance.
  llvm::SmallVector<Area> budgets;
  double maxUtilization;

private:
  void placeStream(unsigned producer, llvm::ArrayRef<unsigned> placement, CablePlan &cables, Evaluation &result) const;

  StructureCosts &structure;
  CablePlan cables;
  llvm::SmallVector<std::optional<unsigned>> fixed;
  llvm::SmallVector<int> lastFixed;
  std::vector<llvm::SmallVector<bool>> interchangeable, connected;
  llvm::SmallVector<int64_t> totalPortBits;
  int64_t window = 1;
  /// Of each clock, those of the nodes.
  std::vector<llvm::SmallVector<const Configuration *>> choices;
  /// Bits per sample between each node and memory.
  llvm::SmallVector<int64_t> memoryBits;
};

struct PartitionSolution {
  Placement placement;
  PartitionProblem::Evaluation evaluation;
};

/// The best placement that the solver finds; illegal when it finds no legal
/// one. With `anyLegal` the first legal one does.
PartitionSolution solve(const PartitionProblem &problem, PartitionSolver solver, bool anyLegal);

} // namespace xplat

#endif // XPLAT_TRANSFORMS_HARDWARE_PARTITIONPROBLEM_H
